//! Texts in quotes, over one or more lines.

use super::cursor::{Cursor, ends_word, fold};
use super::{Error, Position, Span};

/// Reads the text whose opening quote is at `cursor`. How far its lines are indented is all one.
pub(super) fn scan(cursor: &mut Cursor<'_>) -> Result<(String, Span), Error> {
    let start = cursor.place();
    let quote = if cursor.is_at('"') { '"' } else { '\'' };
    cursor.advance();
    let mut text = String::new();
    scan_word(cursor, quote, &mut text)?;
    while !cursor.is_at(quote) {
        scan_gap(cursor, start, &mut text)?;
        scan_word(cursor, quote, &mut text)?;
    }
    cursor.advance();
    Ok((text, Span { start, end: cursor.place() }))
}

/// Passes what stands up to a blank or the closing quote.
fn scan_word(cursor: &mut Cursor<'_>, quote: char, text: &mut String) -> Result<(), Error> {
    while let Some(c) = cursor.peek().filter(|&c| !ends_word(Some(c))) {
        match c {
            '\'' if quote == '\'' && cursor.second() == Some('\'') => cursor.advance(),
            '\\' if quote == '"' => {
                scan_escape(cursor, text)?;
                continue;
            }
            _ if c == quote => break,
            _ => {}
        }
        text.push(c);
        cursor.advance();
    }
    Ok(())
}

/// Passes blanks or line breaks between two words.
fn scan_gap(cursor: &mut Cursor<'_>, start: Position, text: &mut String) -> Result<(), Error> {
    let blanks = cursor.take_while(|c| c == ' ' || c == '\t');
    if cursor.peek().is_none() {
        return Err(Error::at(start, "this quote is never closed"));
    }
    match cursor.take_break() {
        Some(first) => text.push_str(&fold(first, scan_empty_lines(cursor)?)),
        None => text.push_str(blanks),
    }
    Ok(())
}

/// Passes empty lines and the blanks before the next word.
fn scan_empty_lines(cursor: &mut Cursor<'_>) -> Result<String, Error> {
    let mut breaks = String::new();
    loop {
        if cursor.is_at_marker() {
            return Err(Error::at(cursor.place(), "found a document's marker inside quotes")
                .help("close the quotes before it, or indent the line"));
        }
        cursor.take_while(|c| c == ' ' || c == '\t');
        match cursor.take_break() {
            Some(c) => breaks.push(c),
            None => return Ok(breaks),
        }
    }
}

/// Passes a backslash and what belongs to it.
fn scan_escape(cursor: &mut Cursor<'_>, text: &mut String) -> Result<(), Error> {
    let place = cursor.place();
    cursor.advance();
    if cursor.take_break().is_some() {
        text.push_str(&scan_empty_lines(cursor)?);
        return Ok(());
    }
    let Some(letter) = cursor.peek() else {
        return Err(Error::at(place, "the file ends inside quotes"));
    };
    cursor.advance();
    text.push(match letter {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        ' ' | '"' | '\\' => letter,
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        'x' => scan_code(cursor, place, 2)?,
        'u' => scan_code(cursor, place, 4)?,
        'U' => scan_code(cursor, place, 8)?,
        _ => {
            let message = format!("unknown escape `\\{letter}` in double quotes");
            return Err(
                Error::at(place, message).help("write a backslash as `\\\\`, or use single quotes")
            );
        }
    });
    Ok(())
}

/// Passes the hexadecimal digits of an escape.
fn scan_code(cursor: &mut Cursor<'_>, place: Position, digits: usize) -> Result<char, Error> {
    let code =
        cursor.rest().get(..digits).filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
    let Some(code) = code else {
        return Err(Error::at(place, format!("this escape needs {digits} hexadecimal digits")));
    };
    for _ in 0..digits {
        cursor.advance();
    }
    u32::from_str_radix(code, 16)
        .ok()
        .and_then(char::from_u32)
        .ok_or_else(|| Error::at(place, "this escape stands for no character"))
}
