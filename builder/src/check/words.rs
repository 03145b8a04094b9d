//! Wording: how values are named in messages, and which word was probably meant.

use plugin::yaml::{Node, Value};

use super::place::Place;

/// Most characters of a value that a message or a path repeats.
const MOST_SHOWN: usize = 200;

/// Most characters of a word that is compared with known ones.
const MOST_COMPARED: usize = 64;

/// Shortens `text` to what a message can hold.
pub(super) fn clip(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Shortens `text` and escapes what would be unseen, or would steer the reader's terminal.
pub(super) fn show(text: &str) -> String {
    let mut shown = String::new();
    for c in clip(text).chars() {
        if is_unseen(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Controls, and the marks that have no width or turn the direction of writing.
fn is_unseen(c: char) -> bool {
    let mark = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}');
    c.is_control() || mark
}

/// Puts `text` in backticks, as [`show`] has it.
pub(super) fn quote(text: &str) -> String {
    format!("`{}`", show(text))
}

/// Joins words in backticks: "`a`, `b`".
pub(super) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(quote).collect::<Vec<_>>().join(", ")
}

/// Names a value: a short one by its text, any other by its kind.
pub(super) fn describe(place: &Place<'_>) -> String {
    match &place.node.value {
        Value::String(text) => format!("the string {}", quote(text)),
        Value::Boolean(_) | Value::Integer(_) | Value::Float(_) | Value::Timestamp(_) => {
            format!("{} ({})", place.node.kind(), quote(place.sheet.source(place.node.span)))
        }
        _ => place.node.kind().to_string(),
    }
}

/// Returns the one of `known` that `word` was probably meant to be.
///
/// Two slips are forgiven in words of five letters and more, one in words of three and four.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.chars().nth(MOST_COMPARED).is_some() {
        return None;
    }
    let word = word.to_lowercase();
    known
        .into_iter()
        .filter_map(|candidate| {
            let allowed = match candidate.len() {
                0..=2 => 0,
                3 | 4 => 1,
                _ => 2,
            };
            let distance = strsim::osa_distance(&word, candidate);
            (distance <= allowed).then_some((distance, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// Returns the question for a word that has a near neighbor in `known`.
pub(super) fn did_you_mean<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(word, known).map(|meant| format!("did you mean `{meant}`?"))
}

/// Returns what to write where a string was expected.
pub(super) fn in_quotes(place: &Place<'_>) -> Option<String> {
    match place.node.value {
        Value::Boolean(_) | Value::Integer(_) | Value::Float(_) | Value::Timestamp(_) => {
            Some(format!("write '{}' in quotes", show(place.sheet.source(place.node.span))))
        }
        Value::Null => Some("write '' for an empty text".to_owned()),
        _ => None,
    }
}

/// Returns the remedy for a quoted number or boolean, where `node` is one.
pub(super) fn without_quotes(node: &Node) -> Option<String> {
    let text = node.as_str()?;
    let number = text.strip_prefix('-').unwrap_or(text);
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let is_boolean = ["true", "false", "yes", "no", "on", "off"].contains(&text);
    (is_number || is_boolean).then(|| format!("write {} without quotes", show(text)))
}
