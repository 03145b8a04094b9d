//! Texts as indented blocks: `|` keeps the lines, `>` joins them.

use super::cursor::{Cursor, ends_field, is_break};
use super::{Error, Span};

/// What happens to the line breaks at a block's end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

/// Reads the block whose indicator is at `cursor`; `parent` is the indentation around it.
pub(super) fn scan(cursor: &mut Cursor<'_>, parent: isize) -> Result<(String, Span), Error> {
    let start = cursor.place();
    let folded = cursor.is_at('>');
    cursor.advance();
    let (chomping, increment) = scan_indicators(cursor)?;
    let mut end = cursor.place();
    skip_header_end(cursor)?;
    let minimum = (parent + 1).max(1);
    let (indentation, mut breaks) = match increment {
        Some(increment) => {
            let indentation = minimum + increment - 1;
            (indentation, scan_breaks(cursor, indentation))
        }
        None => find_indentation(cursor, minimum),
    };

    let mut text = String::new();
    let mut last_break = None;
    let in_block =
        |cursor: &Cursor<'_>| cursor.indentation() == indentation && cursor.peek().is_some();
    while in_block(cursor) {
        text.push_str(&breaks);
        let spaced = is_blank(cursor.peek());
        text.push_str(cursor.take_while(|c| !is_break(c)));
        end = cursor.place();
        last_break = cursor.take_break();
        breaks = scan_breaks(cursor, indentation);
        if !in_block(cursor) {
            break;
        }
        let joined = folded && last_break == Some('\n') && !spaced && !is_blank(cursor.peek());
        if !joined {
            text.extend(last_break);
        } else if breaks.is_empty() {
            text.push(' ');
        }
    }
    if chomping != Chomping::Strip {
        text.extend(last_break);
    }
    if chomping == Chomping::Keep {
        text.push_str(&breaks);
    }
    Ok((text, Span { start, end }))
}

fn is_blank(c: Option<char>) -> bool {
    matches!(c, Some(' ' | '\t'))
}

/// Passes `+`, `-` and a digit, in either order.
fn scan_indicators(cursor: &mut Cursor<'_>) -> Result<(Chomping, Option<isize>), Error> {
    let mut chomping = scan_chomping(cursor);
    let increment = match cursor.peek().and_then(|c| c.to_digit(10)) {
        Some(0) => return Err(Error::at(cursor.place(), "a block cannot be indented by 0")),
        Some(digit) => {
            cursor.advance();
            isize::try_from(digit).ok()
        }
        None => None,
    };
    if chomping.is_none() {
        chomping = scan_chomping(cursor);
    }
    if !ends_field(cursor.peek()) {
        return Err(unexpected(cursor));
    }
    Ok((chomping.unwrap_or(Chomping::Clip), increment))
}

fn scan_chomping(cursor: &mut Cursor<'_>) -> Option<Chomping> {
    let chomping = match cursor.peek()? {
        '+' => Chomping::Keep,
        '-' => Chomping::Strip,
        _ => return None,
    };
    cursor.advance();
    Some(chomping)
}

/// Passes the rest of the indicator's line.
fn skip_header_end(cursor: &mut Cursor<'_>) -> Result<(), Error> {
    cursor.skip_spaces_and_comment();
    if cursor.peek().is_some() && cursor.take_break().is_none() {
        return Err(unexpected(cursor));
    }
    Ok(())
}

fn unexpected(cursor: &Cursor<'_>) -> Error {
    Error::at(cursor.place(), "nothing but a comment may follow `|` or `>` on its line")
        .help("put a text that begins with `|` or `>` in quotes")
}

/// Passes empty lines and returns the indentation of the first other line.
fn find_indentation(cursor: &mut Cursor<'_>, minimum: isize) -> (isize, String) {
    let mut breaks = String::new();
    let mut deepest = minimum;
    loop {
        cursor.take_while(|c| c == ' ');
        deepest = deepest.max(cursor.indentation());
        match cursor.take_break() {
            Some(c) => breaks.push(c),
            None => return (deepest, breaks),
        }
    }
}

/// Passes empty lines and the next line's indentation, as far as it is the block's.
fn scan_breaks(cursor: &mut Cursor<'_>, indentation: isize) -> String {
    let mut breaks = String::new();
    loop {
        while cursor.indentation() < indentation && cursor.is_at(' ') {
            cursor.advance();
        }
        match cursor.take_break() {
            Some(c) => breaks.push(c),
            None => return breaks,
        }
    }
}
