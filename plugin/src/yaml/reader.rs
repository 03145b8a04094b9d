//! Reads a text into a tree.
//!
//! The verdict is that of the original's reader, PyYAML 3.10 with the standard tags, except that
//! - characters beyond the basic plane are taken (it refuses them, later releases do not),
//! - a value that contains itself is refused, and so are escapes for half a surrogate pair,
//! - tags that make anything but data are refused, and so are `!!binary` with misplaced padding and
//!   `!!int` and `!!float` with blanks around the number,
//! - a `!!set` is a mapping to null,
//! - in `!!pairs` and `!!omap` a list or mapping is no key, and a key given twice counts once,
//! - of keys that are one key there (`1` and `true`) the last is kept, not the first,
//! - the bounds of [`parse`] hold.
//!
//! Why no library cuts the text: the rules of the original are neither those of YAML 1.2 nor those
//! of other readers of 1.1. On 490 snippets and 3,000 damaged pieces of real files `saphyr-parser`
//! 0.3 judged otherwise than the original in 163 cases: it wants the further lines of quotes and
//! brackets indented, and takes tabs and `[a:b]`. What it refuses cannot be mended behind its
//! events. `libyaml-safer` 0.3 judged otherwise in 66, and in 24 of them it panicked, as where a
//! block text ends the file without a line break. What is here differed in none.
//!
//! Order: text → tokens ([`super::scanner`]) → nodes ([`super::composer`]) → values
//! ([`super::construct`]).

use super::composer::Composer;
use super::{Node, Position, Span};

/// How many lists and mappings may contain each other.
pub(super) const MAX_DEPTH: usize = 64;

/// How many nodes a document may have, an alias counted as all that it stands for.
pub(super) const MAX_NODES: usize = 100_000;

/// How many bytes a text may have.
const MAX_SIZE: usize = 1 << 20;

/// A file's content.
#[derive(Clone, Debug)]
pub struct Document {
    /// The one document; `None` where the text is blank or holds comments only.
    pub root: Option<Node>,
    /// Keys given twice, of which the last one won.
    pub duplicates: Vec<Duplicate>,
}

/// A key that its mapping has more than once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The key as text.
    pub key: String,
    /// The one that is ignored.
    pub first: Span,
    /// The one that wins.
    pub last: Span,
}

/// Why a text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}:{}: {message}", position.line, position.column)]
pub struct Error {
    /// Where reading stopped.
    pub position: Position,
    /// What is wrong, lower case, one clause.
    pub message: String,
    /// What to do about it, where that can be said.
    pub help: Option<String>,
}

impl Error {
    /// Says what is wrong at `position`.
    pub(super) fn at(position: Position, message: impl Into<String>) -> Self {
        Self { position, message: message.into(), help: None }
    }

    /// Adds what to do about it.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Says that a bound is passed at `position`.
    pub(super) fn too_deep(position: Position) -> Self {
        Self::at(position, format!("more than {MAX_DEPTH} lists and mappings contain each other"))
    }
}

/// Reads the one document in `text`.
///
/// # Errors
///
/// Where PyYAML's safe loader would not take the text, and where a bound is passed: 1 MiB of text,
/// 64 levels, 100,000 nodes with aliases counted as what they stand for.
pub fn parse(text: &str) -> Result<Document, Error> {
    if text.len() > MAX_SIZE {
        let start = Position { line: 1, column: 1, offset: 0 };
        return Err(Error::at(start, "the file is larger than 1 MiB"));
    }
    check_characters(text)?;
    Composer::new(text).document()
}

/// Refuses control characters, wherever they stand.
fn check_characters(text: &str) -> Result<(), Error> {
    let Some((offset, found)) = text.char_indices().find(|&(_, c)| !is_printable(c)) else {
        return Ok(());
    };
    let lines = text[..offset].replace("\r\n", "\n");
    let mut lines = lines.split(super::cursor::is_break).rev();
    let column = 1 + lines.next().map_or(0, |last| last.chars().count());
    let position = Position { line: 1 + lines.count(), column, offset };
    let message = format!("found the control character U+{:04X}", u32::from(found));
    Err(Error::at(position, message).help("remove it, or write it as an escape in double quotes"))
}

/// Returns the beginning of a text that may be too long for a message.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

fn is_printable(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..)
}
