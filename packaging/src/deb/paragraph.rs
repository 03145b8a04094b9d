//! Control paragraphs, read: fields of one logical line each, continued by indentation.
//!
//! Read here because indexes repeat them to the byte: of the parsers tried one drops indentation, the
//! other builds a syntax tree of twenty times its size. Text is kept as bytes, as dpkg does, because
//! old packages are not all UTF-8.

use std::collections::HashSet;

use super::members::damaged;
use crate::ReadError;

/// A control paragraph: fields in the order of the file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Paragraph {
    /// Name and value; a value's further lines begin with a space, none ends in one.
    pub(crate) fields: Vec<(String, Vec<u8>)>,
}

impl Paragraph {
    /// Reads the one paragraph that `text` is.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, ReadError> {
        let mut fields: Vec<(String, Vec<u8>)> = Vec::new();
        let mut names = HashSet::new();
        let mut ended = false;
        let no_field = |index| damaged(format!("line {} of `control` is no field", index + 1));
        for (index, line) in text.split(|&byte| byte == b'\n').enumerate() {
            let line = line.trim_ascii_end();
            if line.is_empty() {
                ended = !fields.is_empty();
                continue;
            }
            if ended {
                return Err(damaged("`control` has more than one paragraph"));
            }
            if let Some(more) = line.strip_prefix(b" ").or_else(|| line.strip_prefix(b"\t")) {
                let (_, value) = fields.last_mut().ok_or_else(|| no_field(index))?;
                value.extend_from_slice(b"\n ");
                value.extend_from_slice(more);
                continue;
            }
            let (name, value) = field(line).ok_or_else(|| no_field(index))?;
            if !names.insert(name.to_ascii_lowercase()) {
                return Err(damaged(format!("`control` has `{name}` twice")));
            }
            fields.push((name, value));
        }
        Ok(Self { fields })
    }

    /// Returns the value of the field `name`, whatever its case.
    pub(super) fn get(&self, name: &str) -> Option<&[u8]> {
        let (_, value) = self.fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    /// Returns the one-line value of a field that has to be there.
    pub(crate) fn required(&self, name: &str) -> Result<&str, ReadError> {
        let value = self.get(name).filter(|value| !value.is_empty());
        let value = value.ok_or_else(|| damaged(format!("`control` has no `{name}`")))?;
        let text = str::from_utf8(value).ok().filter(|text| !text.contains(char::is_control));
        text.ok_or_else(|| damaged(format!("`{name}` in `control` is not plain text")))
    }
}

/// Splits a field's first line.
fn field(line: &[u8]) -> Option<(String, Vec<u8>)> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    let name = line[..colon].trim_ascii_end();
    if name.is_empty() || matches!(name[0], b'#' | b'-') || !name.iter().all(u8::is_ascii_graphic) {
        return None;
    }
    let name = str::from_utf8(name).expect("ASCII is UTF-8").to_owned();
    Some((name, line[colon + 1..].trim_ascii().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_lines_and_indentation() {
        let text =
            b"Package:  demo \nDescription: first\n   verbatim\n .\n\tlast \nX-Old: caf\xe9\n\n";
        let paragraph = Paragraph::parse(text).unwrap();
        assert_eq!(paragraph.required("package").unwrap(), "demo");
        assert_eq!(paragraph.fields[1].1, b"first\n   verbatim\n .\n last");
        assert_eq!(paragraph.fields[2].1, b"caf\xe9");
        let missing = paragraph.required("Version").unwrap_err().to_string();
        assert!(missing.ends_with("`control` has no `Version`"), "{missing}");
        assert!(paragraph.required("X-Old").is_err());
    }

    #[test]
    fn what_is_not_one_paragraph_is_refused() {
        let bad: [(&[u8], &str); 7] = [
            (b"Package: a\n\nPackage: b\n", "more than one paragraph"),
            (b"Package: a\nno field\n", "line 2"),
            (b" lead: a\n", "line 1"),
            (b"Package: a\n# remark: b\n", "line 2"),
            (b"Package: a\npackage: b\n", "`package` twice"),
            (b": a\n", "line 1"),
            (b"A b: c\n", "line 1"),
        ];
        for (text, problem) in bad {
            let message = Paragraph::parse(text).unwrap_err().to_string();
            assert!(message.contains(problem), "{message}");
        }
    }
}
