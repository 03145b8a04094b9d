//! Edits as tables: text, what is asked for, text.

use super::*;

#[test]
fn a_string_is_replaced_in_its_own_style() {
    let cases = [
        ("a: 1.0.0", "2.0.0", "a: 2.0.0"),
        ("a: 1.0.0  # why\r\nb: '1'\r\n", "2.0.0", "a: 2.0.0  # why\r\nb: '1'\r\n"),
        ("# top\n\na: '1.0'\n\n...\n", "2.0", "# top\n\na: '2.0'\n\n...\n"),
        ("a: \"x\"\n", "q\"\\", "a: \"q\\\"\\\\\"\n"),
        ("a: 'x'\n", "it's", "a: 'it''s'\n"),
        ("a: v1\n", "yes", "a: 'yes'\n"),
        ("a: v1\n", "x: y", "a: 'x: y'\n"),
        ("{b: 1, a: x, c: 2}", "y", "{b: 1, a: y, c: 2}"),
        ("? a\n: x\n", "y", "? a\n: y\n"),
        ("é: 'ü' # ß\na: x\n", "y", "é: 'ü' # ß\na: y\n"),
        ("a: &unused x\n", "y", "a: &unused y\n"),
        ("b: {<<: {a: 1}}\na: x", "y", "b: {<<: {a: 1}}\na: y"),
    ];
    for (text, value, expected) in cases {
        assert_eq!(set(text, "a", value).as_deref(), Ok(expected), "{text:?}");
    }
}

#[test]
fn an_edit_that_would_touch_other_values_is_refused() {
    let cases = [
        ("a: 1.0\n", "line 1: `a` is a number with a fraction, expected a string"),
        ("b: x\n", "`a` is missing"),
        ("- a\n", "the top is not a mapping"),
        ("# nothing\n", "the top is not a mapping"),
        ("a: x\na: y\n", "`a` is given twice, in lines 1 and 2: remove one"),
        ("b: &s x\na: *s\n", "line 2: `a` cannot be changed"),
        ("a: &s x\nb: *s\n", "line 1: `a` cannot be changed"),
        ("base: &b {a: x}\n<<: *b\n", "`a` cannot be changed"),
    ];
    for (text, expected) in cases {
        let error = set(text, "a", "z").unwrap_err().to_string();
        assert!(error.contains(expected), "{text:?}: {error}");
    }
}

#[test]
fn a_key_is_inserted_behind_another_and_before_the_comments_of_the_next() {
    let cases = [
        ("a: 1", "a: 1\nk: []\n"),
        ("a: 1\nb: 2\n", "a: 1\nk: []\nb: 2\n"),
        ("a: 1 # one\r\n\r\n# of b\r\nb: 2\r\n", "a: 1 # one\r\nk: []\r\n\r\n# of b\r\nb: 2\r\n"),
        ("a:\n  - 1\n  # still a\n# of b\nb: 2\n", "a:\n  - 1\n  # still a\nk: []\n# of b\nb: 2\n"),
        ("a:\n- 1\n\nb: 2\n", "a:\n- 1\nk: []\n\nb: 2\n"),
        ("a: |\n  text\n  # text\n\nb: 2\n", "a: |\n  text\n  # text\nk: []\n\nb: 2\n"),
        ("a: |+\n  text\n\nb: 2\n", "a: |+\n  text\n\nk: []\nb: 2\n"),
        ("a: [1,\n  2]\nb: 2\n", "a: [1,\n  2]\nk: []\nb: 2\n"),
        ("---\na: 1\n...\n", "---\na: 1\nk: []\n...\n"),
        ("  a: 1\n  # of b\n  b: 2\n", "  a: 1\n  k: []\n  # of b\n  b: 2\n"),
        ("{a: 1, b: 2}\n", "{a: 1, k: [], b: 2}\n"),
        ("--- # top\n{a: [1, 2]}\n", "--- # top\n{a: [1, 2], k: []}\n"),
        ("&all {a: 1, b: 2}\n", "&all {a: 1, k: [], b: 2}\n"),
        ("!!map {b: 2}\n", "!!map {b: 2, k: []}\n"),
        ("x: &x 1\na: *x\nb: 2\n", "x: &x 1\na: *x\nk: []\nb: 2\n"),
        ("b: 2\n", "b: 2\nk: []\n"),
    ];
    for (text, expected) in cases {
        assert_eq!(insert(text, &["a"], "k", "[]").as_deref(), Ok(expected), "{text:?}");
    }
}

#[test]
fn items_are_taken_out_of_a_list_in_either_style() {
    let cases = [
        ("a: ['6.0', '7.0']\n", "a: ['7.0']\n"),
        ("a: ['7.0', '6.0', '6.1'] # x\n", "a: ['7.0'] # x\n"),
        ("a: [ 6.0.1 , '7.0' , 6.1.1, 8.0.0 ]\n", "a: [ '7.0' , 8.0.0 ]\n"),
        ("a: ['6.0']\n", "a: ['9.0']\n"),
        ("a: [\"6.0\", 6.1.0]\n", "a: [\"9.0\"]\n"),
        ("a: [6.0.0]\n", "a: ['9.0']\n"),
        ("a:\n  - '6.0' # old\n  - '7.0' # new\nb: 1\n", "a:\n  - '7.0' # new\nb: 1\n"),
        ("a:\r\n- '7.0'\r\n- '6.0'\r\n", "a:\r\n- '7.0'\r\n"),
        ("a:\n  # both\n  - '6.0'\n  - '6.1'", "a:\n  # both\n  - '9.0'\n"),
        ("a: []\n", "a: []\n"),
        ("a: ['7.0']", "a: ['7.0']"),
    ];
    for (text, expected) in cases {
        let edited = narrow(text, "a", |item| !item.starts_with('6'), "9.0");
        assert_eq!(edited.as_deref(), Ok(expected), "{text:?}");
    }
    let shared = "b: &o '6.0'\na: [*o, '7.0']\n";
    assert!(narrow(shared, "a", |item| item != "6.0", "9.0").is_err());
}

#[test]
fn a_file_of_comments_gets_content_below_them() {
    let cases = [
        ("", "[]", "[]\n"),
        ("# a\r\n# b", "x: 1\ny: 2", "# a\r\n# b\r\nx: 1\r\ny: 2\r\n"),
        ("---\n# a\n", "{}", "---\n# a\n{}\n"),
    ];
    for (text, content, expected) in cases {
        assert_eq!(fill(text, content).as_deref(), Ok(expected), "{text:?}");
    }
    assert!(fill("a: 1\n", "b: 2").is_err());
}

#[test]
fn lines_are_those_of_keys() {
    let text = "# top\na: 1\nb:\n  c:\n    d: 1\n";
    for (path, line) in [
        (&["b", "c", "d"][..], Some(5)),
        (&["b", "x"], Some(3)),
        (&["a", "x"], Some(2)),
        (&["x"], None),
        (&[], None),
    ] {
        assert_eq!(line_of(text, path), line, "{path:?}");
    }
}
