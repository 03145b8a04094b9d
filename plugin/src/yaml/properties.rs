//! Anchors, aliases and tags before a value, and the directives before a document.

use super::cursor::{Cursor, ends_field, ends_word, is_break};
use super::token::{Directive, Kind};
use super::{Error, Position};

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

fn is_tag(c: char) -> bool {
    is_name(c) || ";/?:@&=+$,.!~*'()[]%".contains(c)
}

/// Reads `&name` or `*name`.
pub(super) fn scan_anchor(cursor: &mut Cursor<'_>) -> Result<Kind, Error> {
    let start = cursor.place();
    let kind = if cursor.is_at('*') { Kind::Alias } else { Kind::Anchor };
    cursor.advance();
    let name = cursor.take_while(is_name);
    let ends = ends_word(cursor.peek()) || cursor.peek().is_some_and(|c| "?:,]}%@`".contains(c));
    if name.is_empty() || !ends {
        let message = "the name of an anchor or alias has only letters, digits, `-` and `_`";
        let help = "put a text that begins with `*` or `&` in quotes";
        return Err(Error::at(start, message).help(help));
    }
    Ok(kind(name.to_owned()))
}

/// Reads `!`, `!suffix`, `!handle!suffix` or `!<tag>`.
pub(super) fn scan_tag(cursor: &mut Cursor<'_>) -> Result<Kind, Error> {
    let start = cursor.place();
    let (handle, suffix) = if ends_word(cursor.second()) {
        cursor.advance();
        (None, "!".to_owned())
    } else if cursor.second() == Some('<') {
        cursor.advance();
        cursor.advance();
        let suffix = scan_suffix(cursor, start)?;
        if !cursor.is_at('>') {
            return Err(Error::at(cursor.place(), "expected `>` at the end of the tag"));
        }
        cursor.advance();
        (None, suffix)
    } else if has_handle(cursor) {
        (Some(scan_handle(cursor)?), scan_suffix(cursor, start)?)
    } else {
        cursor.advance();
        (Some("!".to_owned()), scan_suffix(cursor, start)?)
    };
    if !ends_field(cursor.peek()) {
        return Err(Error::at(cursor.place(), "expected a space behind the tag")
            .help("put a text that begins with `!` in quotes"));
    }
    Ok(Kind::Tag { handle, suffix })
}

/// Whether a second `!` belongs to the word at `cursor`.
fn has_handle(cursor: &Cursor<'_>) -> bool {
    cursor.rest().chars().skip(1).take_while(|&c| !ends_field(Some(c))).any(|c| c == '!')
}

/// Passes `!`, `!!` or `!name!`.
fn scan_handle(cursor: &mut Cursor<'_>) -> Result<String, Error> {
    let rest = cursor.rest();
    let start = cursor.place();
    let malformed = || Error::at(start, "a tag's handle is `!`, `!!` or a name between `!`");
    if !cursor.is_at('!') {
        return Err(malformed());
    }
    cursor.advance();
    if !cursor.is_at(' ') {
        cursor.take_while(is_name);
        if !cursor.is_at('!') {
            return Err(malformed());
        }
        cursor.advance();
    }
    Ok(rest[..cursor.place().offset - start.offset].to_owned())
}

/// Passes a tag's own part and resolves its `%` escapes.
fn scan_suffix(cursor: &mut Cursor<'_>, start: Position) -> Result<String, Error> {
    let written = cursor.take_while(is_tag);
    let malformed = || Error::at(start, "this is no tag");
    let mut bytes = Vec::with_capacity(written.len());
    let mut parts = written.split('%');
    bytes.extend(parts.next().unwrap_or_default().bytes());
    for part in parts {
        let code = part.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(code.ok_or_else(malformed)?);
        bytes.extend(part[2..].bytes());
    }
    String::from_utf8(bytes).ok().filter(|suffix| !suffix.is_empty()).ok_or_else(malformed)
}

/// Reads a line that begins with `%`.
pub(super) fn scan_directive(cursor: &mut Cursor<'_>) -> Result<Kind, Error> {
    let start = cursor.place();
    let malformed = || {
        Error::at(start, "a line that begins with `%` is taken for a directive, and this is none")
            .help("put a text that begins with `%` in quotes")
    };
    cursor.advance();
    let name = cursor.take_while(is_name);
    if name.is_empty() || !ends_field(cursor.peek()) {
        return Err(malformed());
    }
    cursor.take_while(|c| c == ' ');
    let directive = match name {
        "YAML" => {
            let major = cursor.take_while(|c| c.is_ascii_digit());
            let point = cursor.take_while(|c| c == '.');
            let minor = cursor.take_while(|c| c.is_ascii_digit());
            if major.is_empty() || point != "." || minor.is_empty() {
                return Err(malformed());
            }
            Directive::Version(major.to_owned())
        }
        "TAG" => {
            let handle = scan_handle(cursor)?;
            if !cursor.is_at(' ') {
                return Err(malformed());
            }
            cursor.take_while(|c| c == ' ');
            Directive::Handle(handle, scan_suffix(cursor, start)?)
        }
        _ => {
            cursor.take_while(|c| !is_break(c));
            Directive::Unknown
        }
    };
    if !ends_field(cursor.peek()) {
        return Err(malformed());
    }
    cursor.skip_spaces_and_comment();
    if cursor.peek().is_some() && cursor.take_break().is_none() {
        return Err(malformed());
    }
    Ok(Kind::Directive(directive))
}
