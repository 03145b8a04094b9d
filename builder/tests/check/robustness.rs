//! The complete plugin with every value taken out or replaced: whatever is in a file, the check
//! ends, says the same twice, and points into the file.

use builder::source::SIDE_FILES;
use builder::{Finding, Source, check};
use plugin::yaml::{Node, Value, parse};

use crate::sample::{COMPLETE, Sample};

/// What each value is replaced with; the empty text takes it out.
const REPLACEMENTS: [&str; 12] =
    ["", "null", "1", "-1", "1.5", "true", "2016-01-01", "'é/['", "''", "[]", "[[]]", "{1: {}}"];

#[test]
fn no_value_at_any_place_confuses_the_check() {
    let sample = Sample::complete();
    let mut found = 0;
    for (name, text) in COMPLETE {
        let root = parse(text).unwrap().root.unwrap();
        let values = Writer::new(usize::MAX, "").write(&root).1;
        for target in 0..values {
            for replacement in REPLACEMENTS {
                let text = Writer::new(target, replacement).write(&root).0;
                sample.write(name, &text);
                found += judge(&sample, name, &text);
            }
        }
        sample.write(name, text);
    }
    assert!(found > 1000, "only {found} findings");
}

/// Returns how many findings there are, all of which must be sound.
fn judge(sample: &Sample, name: &str, text: &str) -> usize {
    let source = Source::read(sample.path()).unwrap();
    let findings = check::check(&source);
    assert_eq!(findings, check::check(&source), "another order the second time");
    let rank = |finding: &Finding| SIDE_FILES.iter().position(|&name| name == finding.file);
    assert!(findings.is_sorted_by_key(rank), "{text}");
    let offset = |finding: &Finding| finding.span.map_or(0, |span| span.start.offset);
    let in_file: Vec<_> = findings.iter().filter(|finding| finding.file == name).collect();
    assert!(in_file.is_sorted_by_key(|finding| offset(finding)), "{text}");
    for span in in_file.iter().filter_map(|finding| finding.span) {
        assert!(text.get(span.start.offset..span.end.offset).is_some(), "{span:?} in {text}");
    }
    findings.len()
}

/// Writes a tree in brackets, with one value replaced.
struct Writer<'a> {
    target: usize,
    replacement: &'a str,
    seen: usize,
}

impl<'a> Writer<'a> {
    fn new(target: usize, replacement: &'a str) -> Self {
        Self { target, replacement, seen: 0 }
    }

    /// Returns the text and how many values there are.
    fn write(mut self, root: &Node) -> (String, usize) {
        (self.value(root), self.seen)
    }

    fn value(&mut self, node: &Node) -> String {
        self.seen += 1;
        if self.seen - 1 == self.target {
            return self.replacement.to_owned();
        }
        match &node.value {
            Value::List(items) => {
                let items = items.iter().map(|item| self.value(item));
                format!(
                    "[{}]",
                    items.filter(|item| !item.is_empty()).collect::<Vec<_>>().join(", ")
                )
            }
            Value::Map(map) => {
                let mut entries = Vec::new();
                for entry in map.entries() {
                    let value = self.value(&entry.value);
                    if !value.is_empty() {
                        entries.push(format!("{}: {value}", scalar(&entry.key)));
                    }
                }
                format!("{{{}}}", entries.join(", "))
            }
            _ => scalar(node),
        }
    }
}

fn scalar(node: &Node) -> String {
    match &node.value {
        Value::String(text) => format!("'{}'", text.replace('\'', "''")),
        Value::Boolean(value) => value.to_string(),
        Value::Integer(Some(value)) => value.to_string(),
        other => panic!("the complete plugin has no {other:?}"),
    }
}
