//! Walks through a text and knows the place; also what counts as a line break and as a blank.

use super::Position;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// A place in a text from which one can look ahead and go on.
#[derive(Debug)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    place: Position,
    characters: usize,
}

impl<'t> Cursor<'t> {
    /// Stands at the beginning of `text`, behind its byte order mark.
    pub(super) fn new(text: &'t str) -> Self {
        let mut cursor =
            Self { text, place: Position { line: 1, column: 1, offset: 0 }, characters: 0 };
        if cursor.peek() == Some(BYTE_ORDER_MARK) {
            cursor.advance();
        }
        cursor
    }

    /// Returns the place of the next character.
    pub(super) fn place(&self) -> Position {
        self.place
    }

    /// Returns how many characters stand before the next one on its line.
    pub(super) fn indentation(&self) -> isize {
        isize::try_from(self.place.column - 1).expect("a text is shorter than half the memory")
    }

    /// Returns how many characters have been passed.
    pub(super) fn characters(&self) -> usize {
        self.characters
    }

    /// Returns what has not been passed.
    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.place.offset..]
    }

    /// Returns the next character.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Returns the character behind the next one.
    pub(super) fn second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    /// Whether the next character is `wanted`.
    pub(super) fn is_at(&self, wanted: char) -> bool {
        self.peek() == Some(wanted)
    }

    /// Whether `---` or `...` is next, alone or followed by a blank; asked at the start of a line.
    pub(super) fn is_at_marker(&self) -> bool {
        let rest = self.rest();
        ["---", "..."]
            .iter()
            .filter_map(|marker| rest.strip_prefix(marker))
            .any(|behind| ends_word(behind.chars().next()))
    }

    /// Passes one character.
    pub(super) fn advance(&mut self) {
        let Some(passed) = self.peek() else { return };
        self.place.offset += passed.len_utf8();
        self.characters += 1;
        if is_break(passed) && !(passed == '\r' && self.is_at('\n')) {
            self.place.line += 1;
            self.place.column = 1;
        } else if passed != BYTE_ORDER_MARK {
            self.place.column += 1;
        }
    }

    /// Passes and returns the characters that `wanted` holds for.
    pub(super) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let start = self.place.offset;
        while self.peek().is_some_and(&wanted) {
            self.advance();
        }
        &rest[..self.place.offset - start]
    }

    /// Passes a line break if one is next, and returns what it stands for in a scalar.
    pub(super) fn take_break(&mut self) -> Option<char> {
        let first = self.peek().filter(|&c| is_break(c))?;
        self.advance();
        if first == '\r' && self.is_at('\n') {
            self.advance();
        }
        Some(if matches!(first, '\u{2028}' | '\u{2029}') { first } else { '\n' })
    }

    /// Passes spaces, then a comment up to the line's end.
    pub(super) fn skip_spaces_and_comment(&mut self) {
        self.take_while(|c| c == ' ');
        if self.is_at('#') {
            self.take_while(|c| !is_break(c));
        }
    }
}

/// Whether `c` ends a line.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a word is over before `c`: at a blank, a line break or the text's end.
pub(super) fn ends_word(c: Option<char>) -> bool {
    c.is_none_or(|c| c == ' ' || c == '\t' || is_break(c))
}

/// Like [`ends_word`], where a tab does not count as a blank.
pub(super) fn ends_field(c: Option<char>) -> bool {
    c.is_none_or(|c| c == ' ' || is_break(c))
}

/// Returns what a line break and the empty lines behind it are in a scalar whose lines are joined.
pub(super) fn fold(first: char, empty_lines: String) -> String {
    match (first, empty_lines.is_empty()) {
        ('\n', true) => " ".to_owned(),
        ('\n', false) => empty_lines,
        _ => format!("{first}{empty_lines}"),
    }
}
