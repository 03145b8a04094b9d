//! Text as the reader's terminal can show it.

use std::borrow::Cow;

use crate::printable;

/// How much a reader's terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// Any character.
    Unicode,
    /// ASCII only.
    Ascii,
}

impl Charset {
    /// Returns `text` harmless for the terminal; line breaks and tabs stay.
    pub fn lines(self, text: &str) -> Cow<'_, str> {
        self.within(printable::lines(text))
    }

    /// Returns `text` on one line, harmless.
    pub fn line(self, text: &str) -> Cow<'_, str> {
        self.within(printable::line(text))
    }

    fn within(self, text: Cow<'_, str>) -> Cow<'_, str> {
        match self {
            Self::Unicode => text,
            Self::Ascii if text.is_ascii() => text,
            Self::Ascii => printable::ascii(&text).into_owned().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_depends_on_the_place_and_the_character_set() {
        assert_eq!(Charset::Unicode.lines("é\x1b\n"), "é\\u{1b}\n");
        assert_eq!(Charset::Ascii.lines("é\x1b\n"), "\\u{e9}\\u{1b}\n");
        assert_eq!(Charset::Ascii.line("é\n"), r"\u{e9}\n");
    }
}
