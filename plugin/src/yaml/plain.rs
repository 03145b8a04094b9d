//! Texts without quotes, over one or more lines.

use super::cursor::{Cursor, ends_word, fold};
use super::{Error, Span};

/// A text without quotes.
#[derive(Debug)]
pub(super) struct Plain {
    /// The content, lines joined.
    pub(super) text: String,
    /// From the first to behind the last visible character.
    pub(super) span: Span,
    /// Whether the scan stopped on a later line, so that a key may stand there.
    pub(super) at_new_line: bool,
}

/// Reads the text at `cursor`.
///
/// Outside brackets it goes on as long as its lines are indented by `indentation` at least.
pub(super) fn scan(
    cursor: &mut Cursor<'_>,
    in_brackets: bool,
    indentation: isize,
) -> Result<Plain, Error> {
    let start = cursor.place();
    let mut plain =
        Plain { text: String::new(), span: Span { start, end: start }, at_new_line: false };
    let mut gap = String::new();
    while !cursor.is_at('#') {
        let word = word(cursor, in_brackets)?;
        if word.is_empty() {
            break;
        }
        plain.text.push_str(&gap);
        plain.text.push_str(word);
        plain.span.end = cursor.place();
        let line = cursor.place().line;
        gap = pass_gap(cursor);
        plain.at_new_line = cursor.place().line > line;
        if gap.is_empty() || !in_brackets && cursor.indentation() < indentation {
            break;
        }
    }
    Ok(plain)
}

/// Passes what stands up to a blank or an indicator.
///
/// Between brackets `:` and `?` are indicators wherever they stand.
fn word<'t>(cursor: &mut Cursor<'t>, in_brackets: bool) -> Result<&'t str, Error> {
    let rest = cursor.rest();
    let start = cursor.place().offset;
    while let Some(c) = cursor.peek() {
        let over = match c {
            ':' if !in_brackets => ends_word(cursor.second()),
            ',' | ':' | '?' | '[' | ']' | '{' | '}' => in_brackets,
            _ => ends_word(Some(c)),
        };
        if over {
            break;
        }
        cursor.advance();
    }
    let separates =
        |c: Option<char>| ends_word(c) || matches!(c, Some(',' | '[' | ']' | '{' | '}'));
    if in_brackets && cursor.is_at(':') && !separates(cursor.second()) {
        return Err(Error::at(cursor.place(), "found `:` inside a plain text between brackets")
            .help("put the text in quotes, or a space behind the colon of a key"));
    }
    Ok(&rest[..cursor.place().offset - start])
}

/// Passes spaces or line breaks between two words and returns what they are in the text.
///
/// Nothing where the text is over: nothing was passed, or a document's marker follows.
fn pass_gap(cursor: &mut Cursor<'_>) -> String {
    let spaces = cursor.take_while(|c| c == ' ');
    let Some(first) = cursor.take_break() else { return spaces.to_owned() };
    let mut empty_lines = String::new();
    while !cursor.is_at_marker() {
        cursor.take_while(|c| c == ' ');
        match cursor.take_break() {
            Some(c) => empty_lines.push(c),
            None => return fold(first, empty_lines),
        }
    }
    String::new()
}
