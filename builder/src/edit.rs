//! Edits of YAML texts: what is asked for changes, every other byte stays.
//!
//! An edit is made as text and read again. It counts only when the tree that comes out is the one
//! that was meant, so that a value shared through an anchor or a merge key is never changed by
//! accident: such an edit is refused, and a person has to make it. All edits are on the keys of a
//! file's top mapping.

mod place;

use std::sync::Arc;

use plugin::yaml::{self, Document, Entry, Map, Node, Value};

use place::{insertions, line_end, place, removals, splice};

/// Whether files are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// They are.
    Write,
    /// Everything is computed and verified, nothing written.
    DryRun,
}

/// Why a text was not edited.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The text is no YAML.
    #[error(transparent)]
    Yaml(#[from] yaml::Error),
    /// Its top is no mapping.
    #[error("the top is not a mapping")]
    NotAMapping,
    /// The key is not there.
    #[error("`{0}` is missing")]
    Missing(String),
    /// The key is there more than once.
    #[error("`{key}` is given twice, in lines {first} and {last}: remove one")]
    Duplicate {
        /// The key.
        key: String,
        /// The line of the one that is ignored.
        first: usize,
        /// The line of the one that wins.
        last: usize,
    },
    /// The value is not of the kind that the edit is for.
    #[error("line {line}: `{key}` is {found}, expected {expected}")]
    Kind {
        /// The key.
        key: String,
        /// Its line.
        line: usize,
        /// What the value is.
        found: yaml::Kind,
        /// What it has to be.
        expected: &'static str,
    },
    /// Changing the text at the value would change something else, or not what was meant.
    #[error(
        "line {line}: `{key}` cannot be changed without touching other values (an anchor, an alias or a merge key): edit it by hand"
    )]
    Entangled {
        /// The key.
        key: String,
        /// The line of the key.
        line: usize,
    },
}

/// Returns `text` with the string under `key` replaced by `value`, in the same style of quotes
/// where that can be.
pub fn set(text: &str, key: &str, value: &str) -> Result<String, EditError> {
    let document = yaml::parse(text)?;
    let map = top(&document)?;
    let entry = single(&document, map, key)?;
    if entry.value.as_str().is_none() {
        return Err(wrong_kind(entry, key, "a string"));
    }
    let meant = Value::String(value.to_owned());
    let place = place(text, &entry.value);
    let style = text.get(place.clone()).and_then(Style::of);
    [style.unwrap_or(Style::Single), Style::Single]
        .into_iter()
        .filter_map(|style| splice(text, vec![(place.clone(), style.write(value))]))
        .find(|edited| differs_only_in(map, edited, key, &meant))
        .ok_or_else(|| entangled(entry, key))
}

/// Returns `text` with `key: value` inserted behind the first of the keys `after` that is there, or
/// else at the end; `value` is YAML that fits on one line.
pub fn insert(text: &str, after: &[&str], key: &str, value: &str) -> Result<String, EditError> {
    let document = yaml::parse(text)?;
    let map = top(&document)?;
    let anchor = after
        .iter()
        .find_map(|name| entry(map, name))
        .or_else(|| map.entries().last())
        .ok_or(EditError::NotAMapping)?;
    let meant = yaml::parse(value)?.root.map_or(Value::Null, |node| node.value);
    insertions(text, &document, anchor, &format!("{key}: {value}"))
        .into_iter()
        .filter_map(|(at, line)| splice(text, vec![(at..at, line)]))
        .find(|edited| differs_only_in(map, edited, key, &meant))
        .ok_or_else(|| entangled(anchor, key))
}

/// Returns `text` with those strings of the list `key` taken out that `keep` refuses; where none
/// would be left, `otherwise` takes their place. An empty list stays.
pub fn narrow(
    text: &str,
    key: &str,
    keep: impl Fn(&str) -> bool,
    otherwise: &str,
) -> Result<String, EditError> {
    let document = yaml::parse(text)?;
    let map = top(&document)?;
    let entry = single(&document, map, key)?;
    let items = entry.value.as_list().ok_or_else(|| wrong_kind(entry, key, "a list"))?;
    let mut kept: Vec<bool> = items.iter().map(|i| i.as_str().is_none_or(&keep)).collect();
    if kept.iter().all(|keep| *keep) {
        return Ok(text.to_owned());
    }
    let mut edits = Vec::new();
    let mut meant = items.to_vec();
    if kept.iter().all(|keep| !keep) {
        let place = place(text, &items[0]);
        let style = text.get(place.clone()).and_then(Style::of).unwrap_or(Style::Single);
        // Plain numbers would be no strings any more: in a new list quotes are always right.
        let style = if style == Style::Plain { Style::Single } else { style };
        edits.push((place, style.write(otherwise)));
        meant[0] =
            Arc::new(Node { value: Value::String(otherwise.to_owned()), span: items[0].span });
        kept[0] = true;
    }
    let mut keeps = kept.iter();
    meant.retain(|_| keeps.next() == Some(&true));
    edits.extend(removals(text, items, &kept));
    splice(text, edits)
        .filter(|edited| differs_only_in(map, edited, key, &Value::List(meant)))
        .ok_or_else(|| entangled(entry, key))
}

/// Returns `text`, which holds comments at most, with the YAML `content` added at its end.
pub fn fill(text: &str, content: &str) -> Result<String, EditError> {
    let newline = line_end(text);
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { newline };
    let filled = format!("{text}{gap}{}{newline}", content.replace('\n', newline));
    let (found, meant) = (yaml::parse(&filled)?.root, yaml::parse(content)?.root);
    match (found, meant) {
        (Some(found), Some(meant)) if same(&found, &meant) => Ok(filled),
        _ => Err(EditError::NotAMapping),
    }
}

/// Returns the line of the key at the end of `path`, or of the last key on the way that is there.
pub fn line_of(text: &str, path: &[&str]) -> Option<usize> {
    let document = yaml::parse(text).ok()?;
    let mut node = document.root.as_ref()?;
    let mut line = None;
    for key in path {
        let Some(found) = node.as_map().and_then(|map| entry(map, key)) else { break };
        line = Some(found.key.span.start.line);
        node = &found.value;
    }
    line
}

/// How a string is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
}

impl Style {
    fn of(written: &str) -> Option<Self> {
        Some(match written.chars().next()? {
            '\'' => Self::Single,
            '"' => Self::Double,
            _ => Self::Plain,
        })
    }

    fn write(self, value: &str) -> String {
        match self {
            Self::Plain => value.to_owned(),
            Self::Single => format!("'{}'", value.replace('\'', "''")),
            Self::Double => format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")),
        }
    }
}

fn top(document: &Document) -> Result<&Map, EditError> {
    document.root.as_ref().and_then(Node::as_map).ok_or(EditError::NotAMapping)
}

fn entry<'a>(map: &'a Map, key: &str) -> Option<&'a Entry> {
    map.entries().iter().find(|entry| entry.key.as_str() == Some(key))
}

/// Returns the entry of `key`, which must be there once.
fn single<'a>(document: &Document, map: &'a Map, key: &str) -> Result<&'a Entry, EditError> {
    let found = entry(map, key).ok_or_else(|| EditError::Missing(key.to_owned()))?;
    let at = found.key.span.start;
    let twice = |d: &&yaml::Duplicate| d.key == key && (d.first.start == at || d.last.start == at);
    match document.duplicates.iter().find(twice) {
        Some(duplicate) => Err(EditError::Duplicate {
            key: key.to_owned(),
            first: duplicate.first.start.line,
            last: duplicate.last.start.line,
        }),
        None => Ok(found),
    }
}

/// Whether `edited` reads as `old` but for `key`, whose value is `meant`.
fn differs_only_in(old: &Map, edited: &str, key: &str, meant: &Value) -> bool {
    let Ok(document) = yaml::parse(edited) else { return false };
    let Ok(new) = top(&document) else { return false };
    let others = |map: &'_ Map| -> Vec<Entry> {
        let other = |entry: &&Entry| entry.key.as_str() != Some(key);
        map.entries().iter().filter(other).cloned().collect()
    };
    same_entries(&others(old), &others(new))
        && new.get(key).is_some_and(|node| same_value(&node.value, meant))
}

fn same(a: &Node, b: &Node) -> bool {
    same_value(&a.value, &b.value)
}

/// Whether two values are equal wherever they stand.
fn same_value(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Map(a), Value::Map(b)) => same_entries(a.entries(), b.entries()),
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        (a, b) => a == b,
    }
}

fn same_entries(a: &[Entry], b: &[Entry]) -> bool {
    let equal = |(a, b): (&Entry, &Entry)| same(&a.key, &b.key) && same(&a.value, &b.value);
    a.len() == b.len() && a.iter().zip(b).all(equal)
}

fn wrong_kind(entry: &Entry, key: &str, expected: &'static str) -> EditError {
    EditError::Kind {
        key: key.to_owned(),
        line: entry.key.span.start.line,
        found: entry.value.kind(),
        expected,
    }
}

fn entangled(entry: &Entry, key: &str) -> EditError {
    EditError::Entangled { key: key.to_owned(), line: entry.key.span.start.line }
}

#[cfg(test)]
mod tests;
