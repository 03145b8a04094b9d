//! Text as the reader's terminal can show it.

use builder::printable;

/// How much a reader's terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    /// Any character.
    Unicode,
    /// ASCII only.
    Ascii,
}

/// Returns `text` harmless for the terminal; line breaks and tabs stay.
pub(crate) fn harmless(text: &str, charset: Charset) -> String {
    within(&printable::lines(text), charset)
}

/// Returns `text` on one line, harmless.
pub(crate) fn one_line(text: &str, charset: Charset) -> String {
    within(&printable::line(text), charset)
}

fn within(text: &str, charset: Charset) -> String {
    match charset {
        Charset::Unicode => text.to_owned(),
        Charset::Ascii => printable::ascii(text).into_owned(),
    }
}

/// Returns `number` of something: `1 error`, `2 errors`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_depends_on_the_place_and_the_character_set() {
        assert_eq!(harmless("é\x1b\n", Charset::Unicode), "é\\u{1b}\n");
        assert_eq!(harmless("é\x1b\n", Charset::Ascii), "\\u{e9}\\u{1b}\n");
        assert_eq!(one_line("é\n", Charset::Ascii), r"\u{e9}\n");
    }
}
