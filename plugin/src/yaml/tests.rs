//! What is read, what is refused and where, and what it may cost.

use super::{Document, Entry, Node, Value, parse};

/// Texts and what PyYAML 3.10 makes of them.
const TAKEN: &[(&str, &str)] = &[
    ("yes: no", "{true: false}"),
    (
        "[yes, Yes, YES, yES, y, n, on, OFF, True, fALSE]",
        "[true, true, true, 'yES', 'y', 'n', true, false, true, 'fALSE']",
    ),
    (
        "- 0\n- 0755\n- 08\n- 0b101\n- 0x1F\n- 0o17\n- 1_000\n- +1\n- -0x1f\n- 12:30:45\n- 1:60",
        "[0, 493, '08', 5, 31, '0o17', 1000, 1, -31, 45045, '1:60']",
    ),
    ("[9223372036854775807, 9223372036854775808]", "[9223372036854775807, huge]"),
    (
        "- 1.0\n- 1.\n- .5\n- -.5\n- 1e3\n- 1.5e3\n- 1.5e+3\n- 1_0.5\n- 1.2.3\n- .inf\n- -.INF\n- .NaN\n- 1:30.5",
        "[1.0, 1.0, 0.5, '-.5', '1e3', '1.5e3', 1500.0, 10.5, '1.2.3', inf, -inf, NaN, 90.5]",
    ),
    ("[~, null, Null, NULL, nULL, '']", "[null, null, null, null, 'nULL', '']"),
    (
        "- 2001-02-03\n- 2001-2-3\n- 2001-2-3 4:05:06\n- 2001-12-14t21:59:43.10-05:00\n- 2001-12-14 21:59",
        "[date, '2001-2-3', date, date, '2001-12-14 21:59']",
    ),
    ("[2.0.0, 2014.2-6.0, mitaka-9.0]", "['2.0.0', '2014.2-6.0', 'mitaka-9.0']"),
    ("a: ! \"12\"", "{'a': 12}"),
    (
        "[!!str 1, !!int \"1\", !!float 1, !!bool \"ON\", !!null x, !!str , !!int '0x_f', '!!str']",
        "['1', 1, 1.0, true, null, '', 15, '!!str']",
    ),
    ("a: !!binary \"aGVs bG8=\"", "{'a': bytes [104, 101, 108, 108, 111]}"),
    ("!!set {a, b}", "{'a': null, 'b': null}"),
    ("!!pairs [a: 1, a: 2]", "[['a', 1], ['a', 2]]"),
    ("- !!omap\n  - a: 1\n  - b: 2", "[[['a', 1], ['b', 2]]]"),
    ("%TAG !e! tag:yaml.org,2002:\n---\n!e!str 12", "'12'"),
    ("%YAML 1.2\n---\n- a\n...\n", "['a']"),
    ("%OTHER x\n---\na", "'a'"),
    ("---", "null"),
    ("\u{feff}# only a comment\n", "null"),
    ("=: a", "{'=': 'a'}"),
    ("a: &x {b: 1, c: 2}\nd: {c: 3, <<: *x}", "{'a': {'b': 1, 'c': 2}, 'd': {'b': 1, 'c': 3}}"),
    (
        "a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne: {<<: [*x, *y]}\nf: {<<: *x, <<: *y}",
        "{'a': {'b': 1}, 'c': {'b': 2, 'd': 3}, 'e': {'b': 1, 'd': 3}, 'f': {'b': 2, 'd': 3}}",
    ),
    ("\"<<\": a", "{'<<': 'a'}"),
    ("- &x [1]\n- *x", "[[1], [1]]"),
    ("{\"a\":1, b: 2, c, ? d : 3, e:}", "{'a': 1, 'b': 2, 'c': null, 'd': 3, 'e': null}"),
    ("[\"a\":b, c: d, -, -1]", "[{'a': 'b'}, {'c': 'd'}, '-', -1]"),
    ("a: [\nb,\n# c\nc\n]", "{'a': ['b', 'c']}"),
    ("a: \"b\nc\"", "{'a': 'b c'}"),
    ("a: \"b\\\n   c\\x41\\u00e9\\t\"", "{'a': 'bcA\u{e9}\\t'}"),
    ("a: 'it''s\n\n  so'", "{'a': 'it's\\nso'}"),
    ("a b: c d\n  e\n\n  f # g", "{'a b': 'c d e\\nf'}"),
    ("a: b#c", "{'a': 'b#c'}"),
    ("\"a\"#b", "'a'"),
    ("a: {b}", "{'a': {'b': null}}"),
    ("a:\n- b\n- - c\n  - d\n-\n", "{'a': ['b', ['c', 'd'], null]}"),
    ("? a\n: - b\n? c", "{'a': ['b'], 'c': null}"),
    ("- a: 1\n  b: 2", "[{'a': 1, 'b': 2}]"),
    (
        "a: |\n  b\n   c\n\nd: |-\n  e\n\nf: |+\n  g\n\n",
        "{'a': 'b\\n c\\n', 'd': 'e', 'f': 'g\\n\\n'}",
    ),
    ("a: >\n  b\n  c\n\n  d\n   e\n  f\n", "{'a': 'b c\\nd\\n e\\nf\\n'}"),
    ("a: |2-\n   b", "{'a': ' b'}"),
    ("a: |\n  b", "{'a': 'b'}"),
    ("a: b\r\nc: |\r\n  d\r\n  e\r\n", "{'a': 'b', 'c': 'd\\ne\\n'}"),
    ("a: b\rc: d", "{'a': 'b', 'c': 'd'}"),
    ("a: b\u{85}c: \"d\u{2028}e\"", "{'a': 'b', 'c': 'd\u{2028}e'}"),
    ("a: \u{1f600}", "{'a': '\u{1f600}'}"),
    ("-a: ?b\n:c: -d", "{'-a': '?b', ':c': '-d'}"),
    ("http://a: b::c", "{'http://a': 'b::c'}"),
    ("null: 1\n1.5: 2\n2001-01-01: 3", "{null: 1, 1.5: 2, date: 3}"),
    ("!!map\na: &x !!seq\n- b", "{'a': ['b']}"),
];

/// Texts that PyYAML 3.10 refuses too, and what is said of them.
const REFUSED: &[(&str, &str)] = &[
    ("a:\tb", "1:3: found a tab where only spaces may stand (replace the tab by spaces)"),
    ("a: b\t# c", "1:5: found a tab where only spaces may stand (replace the tab by spaces)"),
    (
        "a: [http://x]",
        "1:9: found `:` inside a plain text between brackets (put the text in quotes, or a space behind the colon of a key)",
    ),
    (
        "{a:b}",
        "1:3: found `:` inside a plain text between brackets (put the text in quotes, or a space behind the colon of a key)",
    ),
    (
        "[a?b]",
        "1:3: expected `,` or `]`, found a key (put a comma before it, or the whole text in quotes)",
    ),
    ("@a", "1:1: a text without quotes cannot begin with `@` (put the text in quotes)"),
    ("a: `b`", "1:4: a text without quotes cannot begin with a backtick (put the text in quotes)"),
    ("a: %b", "1:4: a text without quotes cannot begin with `%` (put the text in quotes)"),
    (
        "%a: b",
        "1:1: a line that begins with `%` is taken for a directive, and this is none (put a text that begins with `%` in quotes)",
    ),
    ("a: {{ b }}", "1:5: a mapping cannot be a key (put a text that begins with `{{` in quotes)"),
    (
        "a: *b",
        "1:4: no anchor `&b` stands before this alias (put a text that begins with `*` in quotes)",
    ),
    (
        "some_name: &some_name c\nd: *some-name",
        "2:4: no anchor `&some-name` stands before this alias (did you mean `*some_name`?)",
    ),
    (
        "a: &x 1\nb: &x 2",
        "2:7: the anchor `x` is already used in line 1 (give one of the two another name)",
    ),
    ("a: &x [*x]", "1:8: the value of `&x` contains itself"),
    (
        "a: *.txt",
        "1:4: the name of an anchor or alias has only letters, digits, `-` and `_` (put a text that begins with `*` or `&` in quotes)",
    ),
    (
        "a: !foo b",
        "1:4: the tag `!foo` is not known (use only the tags of YAML itself, or put a text that begins with `!` in quotes)",
    ),
    (
        "!!python/object:os.system {}",
        "1:1: the tag `!!python/object:os.system` is not known (tags that construct objects are refused)",
    ),
    ("a: !e!x b", "1:4: no `%TAG` says what `!e!` stands for"),
    ("a: !!int x", "1:10: `x` is no integer (remove the tag)"),
    ("a: 2001-02-30", "1:4: `2001-02-30` is no date (put the text in quotes)"),
    ("a: 0x_", "1:4: `0x_` is no integer (put the text in quotes)"),
    ("a: !!seq b", "1:10: `b` is no list (remove the tag)"),
    ("a: !!pairs [b]", "1:13: a pair is a mapping with one key"),
    ("a: !!map [b]", "1:10: the tag does not fit a list (remove the tag)"),
    ("a: <<", "1:4: `<<` and `=` mean something only as keys (put them in quotes)"),
    ("<<: a", "1:5: only mappings can be merged, found a string"),
    ("<<: [a]", "1:6: only mappings can be merged, found a string"),
    ("[a]: b", "1:1: a list cannot be a key (put a text that begins with `[` in quotes)"),
    (
        "a: b\n---\nc",
        "2:1: a second document begins here (a file has one document: remove this line)",
    ),
    (
        "a: b\n... c",
        "2:5: expected the end of the file, found a text (put the whole text in quotes)",
    ),
    ("%YAML 2.0\n---\na", "1:1: the version of YAML must be 1.1"),
    (
        "a: b: c",
        "1:5: a colon is not allowed here (put a text that contains `: ` in quotes, or indent the line like its neighbours)",
    ),
    (
        "a: b\n   c: d",
        "2:5: a colon is not allowed here (put a text that contains `: ` in quotes, or indent the line like its neighbours)",
    ),
    ("a: - b", "1:4: a list item is not allowed here (begin the list on a line of its own)"),
    (
        "a:\n  b: c\n d: e",
        "3:2: expected the mapping's next key or its end, found a mapping (check how this line and those before are indented)",
    ),
    (
        "a: b\nc:d\ne: f",
        "2:1: expected a key with a colon and a space behind it (indent the line further if it belongs to the text before)",
    ),
    (
        "a: b\nc\n",
        "2:1: expected a key with a colon and a space behind it (indent the line further if it belongs to the text before)",
    ),
    (
        "a: 'b' c",
        "1:8: expected the mapping's next key or its end, found a text (put the whole text in quotes)",
    ),
    ("a: [b, c", "1:9: expected `,` or `]`, found the end of the file (a bracket is never closed)"),
    (
        "a: [b}",
        "1:6: expected `,` or `]`, found `}` (put a comma before it, or the whole text in quotes)",
    ),
    ("a: ]", "1:4: `]` closes nothing"),
    ("a: \"b", "1:4: this quote is never closed"),
    (
        "a: \"\\q\"",
        "1:5: unknown escape `\\q` in double quotes (write a backslash as `\\\\`, or use single quotes)",
    ),
    ("a: \"\\ud800\"", "1:5: this escape stands for no character"),
    (
        "a: \"b\n---\nc\"",
        "2:1: found a document's marker inside quotes (close the quotes before it, or indent the line)",
    ),
    (
        "a: | b",
        "1:6: nothing but a comment may follow `|` or `>` on its line (put a text that begins with `|` or `>` in quotes)",
    ),
    ("a: |0\n b", "1:5: a block cannot be indented by 0"),
    (
        "\u{e9}: \u{7}",
        "1:4: found the control character U+0007 (remove it, or write it as an escape in double quotes)",
    ),
    (
        "a\r\nb: \u{1b}",
        "2:4: found the control character U+001B (remove it, or write it as an escape in double quotes)",
    ),
];

fn shown(node: &Node) -> String {
    let list = |parts: Vec<String>| parts.join(", ");
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::Integer(Some(value)) => value.to_string(),
        Value::Integer(None) => "huge".to_owned(),
        Value::Float(value) => format!("{value:?}"),
        Value::Timestamp(_) => "date".to_owned(),
        Value::Binary(bytes) => format!("bytes {bytes:?}"),
        Value::String(text) => format!("'{}'", text.replace('\n', "\\n").replace('\t', "\\t")),
        Value::List(items) => format!("[{}]", list(items.iter().map(|item| shown(item)).collect())),
        Value::Map(map) => {
            let entry = |e: &Entry| format!("{}: {}", shown(&e.key), shown(&e.value));
            format!("{{{}}}", list(map.entries().iter().map(entry).collect()))
        }
    }
}

fn root(text: &str) -> Node {
    parse(text).unwrap().root.unwrap()
}

#[test]
fn texts_mean_what_they_mean_to_the_original() {
    for (text, expected) in TAKEN {
        let document = parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        let found = document.root.as_ref().map_or_else(|| "null".to_owned(), shown);
        assert_eq!(found, *expected, "{text:?}");
    }
}

#[test]
fn texts_are_refused_at_the_place_that_is_wrong() {
    for (text, expected) in REFUSED {
        let error = parse(text).expect_err(text);
        let found = match &error.help {
            Some(help) => format!("{error} ({help})"),
            None => error.to_string(),
        };
        assert_eq!(found, *expected, "{text:?}");
    }
}

#[test]
fn a_blank_text_has_no_root_and_an_empty_document_has() {
    for blank in ["", " \n\n", "# a comment", "\u{feff}"] {
        assert_eq!(parse(blank).unwrap().root, None);
    }
    assert_eq!(root("---\n").value, Value::Null);
}

#[test]
fn repeated_keys_are_listed_and_overridden_merges_are_not() {
    let text = "a: &a {k: 1}\nb: {<<: *a, k: 2}\na: 3\n1: x\n1.0: y\n";
    let Document { duplicates, .. } = parse(text).unwrap();
    let found: Vec<_> = duplicates
        .iter()
        .map(|d| (d.key.as_str(), d.first.start.line, d.last.start.line, d.last.end.column))
        .collect();
    assert_eq!(found, [("a", 1, 3, 2), ("a number with a fraction", 4, 5, 4)]);
}

#[test]
fn nodes_know_where_they_stand() {
    let text =
        "é: &x  'ü'\r\nlist:\r\n- a: |\r\n   b\r\n   c\r\n\r\n# end\r\n- [d,\r\n e]\r\nempty:\r\n";
    let root = root(text);
    let place = |node: &Node| {
        let (start, end) = (node.span.start, node.span.end);
        (start.line, start.column, end.line, end.column, &text[start.offset..end.offset])
    };
    assert_eq!(place(root.get("é").unwrap()), (1, 8, 1, 11, "'ü'"));
    let items = root.get("list").unwrap().as_list().unwrap();
    assert_eq!(place(&items[0]), (3, 3, 5, 5, "a: |\r\n   b\r\n   c"));
    assert_eq!(place(&items[1]), (8, 3, 9, 4, "[d,\r\n e]"));
    assert_eq!(place(root.get("empty").unwrap()), (10, 7, 10, 7, ""));
    assert_eq!(place(&root.as_map().unwrap().entries()[1].key), (2, 1, 2, 5, "list"));
    assert_eq!((root.span.end.line, root.span.end.column), (10, 7));
}

#[test]
fn aliases_share_their_node() {
    let root = root("a: &a [x]\nb: *a\n");
    assert!(std::ptr::eq(root.get("a").unwrap(), root.get("b").unwrap()));
}

#[test]
fn bombs_are_refused() {
    let aliases: String = (1..12)
        .map(|n| format!("a{n}: &a{n} [{}]\n", format!("*a{} ,", n - 1).repeat(9)))
        .collect();
    let deep_aliases: String = (1..9)
        .map(|n| format!("- &a{n} {}*a{} {}\n", "[".repeat(20), n - 1, "]".repeat(20)))
        .collect();
    let keys: String = (0..1000).map(|n| format!("k{n}: 1,")).collect();
    let merges = "b: {<<: *a}\n".repeat(1000);
    let too_deep = "more than 64 lists and mappings contain each other";
    let too_many = "the file stands for more than 100000 values";
    let bombs = [
        (format!("a0: &a0 x\n{aliases}"), too_many),
        (format!("a: &a {{{keys}}}\n{merges}"), too_many),
        (format!("[{}]", "a,".repeat(110_000)), too_many),
        (format!("- &a0 x\n{deep_aliases}"), too_deep),
        ("[".repeat(200_000), too_deep),
        ("{a: ".repeat(200_000), too_deep),
        ("- ".repeat(200_000), too_deep),
        ("? ".repeat(200_000), too_deep),
        ((0..1000).map(|n| format!("{}a:\n", " ".repeat(n))).collect(), too_deep),
        ("a".repeat((1 << 20) + 1), "the file is larger than 1 MiB"),
    ];
    for (text, expected) in bombs {
        assert_eq!(parse(&text).expect_err(expected).message, expected);
    }
}

#[test]
fn depth_and_aliases_up_to_the_bounds_are_taken() {
    parse(&format!("{}{}", "[".repeat(64), "]".repeat(64))).unwrap();
    parse(&format!("a: &a '{}'\nb: [{}]\n", "x".repeat(100_000), "*a ,".repeat(10_000))).unwrap();
}

#[test]
fn a_key_is_found_within_1024_characters() {
    assert!(parse(&format!("{}: b", "a".repeat(1024))).is_ok());
    assert!(parse(&format!("{}: b", "a".repeat(1025))).is_err());
}
