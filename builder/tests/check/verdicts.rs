//! Verdicts on the odd corners of `fuel-schemas`: a line of `verdicts.txt` has the generations that
//! accept a file's text, those that refuse it, and the text.

use builder::Severity;

use crate::sample::{Sample, metadata};

const TABLE: &str = include_str!("verdicts.txt");

#[test]
fn corners_of_the_schemas_are_judged_as_the_specification_says() {
    let mut file = "";
    let mut wrong = Vec::new();
    for line in TABLE.lines() {
        if let Some(name) = line.strip_prefix("== ") {
            file = name;
            continue;
        }
        let mut parts = line.splitn(3, ' ').fuse();
        let [accept, refuse, text] = std::array::from_fn(|_| parts.next().unwrap_or_default());
        for (generations, expected) in [(accept, true), (refuse, false)] {
            for generation in generations.chars().filter_map(|c| c.to_digit(10)) {
                let sample = Sample::small(generation.try_into().unwrap());
                sample.write(file, text);
                if is_accepted(&sample) != expected {
                    wrong.push(format!("{generation}: {text}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn texts_are_read_whatever_system_they_come_from() {
    let plain = metadata(5, "");
    let cases: [(Vec<u8>, bool); 7] = [
        (plain.replace('\n', "\r\n").into(), true),
        (plain.replace('\n', "\r").into(), true),
        (format!("\u{feff}{plain}").into(), true),
        (format!("---\n{plain}...\n").into(), true),
        (format!("{plain}---\na: 1\n").into(), false),
        (plain.encode_utf16().flat_map(u16::to_le_bytes).collect(), false),
        ([plain.as_bytes(), b"x: caf\xe9\n"].concat(), false),
    ];
    for (bytes, expected) in cases {
        let sample = Sample::small(5);
        sample.write("metadata.yaml", &bytes);
        assert_eq!(is_accepted(&sample), expected, "{}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn a_release_path_is_any_spelling_of_what_is_there() {
    let cases = [
        ("repositories/ubuntu/", true),
        ("./repositories//ubuntu/.", true),
        ("repositories/../repositories/ubuntu", true),
        (".", true),
        ("''", true),
        ("metadata.yaml", true),
        ("metadata.yaml/", false),
        ("repositories/Ubuntu", false),
        ("../plugin", false),
        ("/etc", false),
    ];
    for (path, expected) in cases {
        let sample = Sample::small(5);
        let text = metadata(5, "").replace("repositories/ubuntu", path);
        sample.write("metadata.yaml", text);
        assert_eq!(is_accepted(&sample), expected, "{path}");
    }
}

fn is_accepted(sample: &Sample) -> bool {
    sample.check().iter().all(|finding| finding.severity() == Severity::Warning)
}
