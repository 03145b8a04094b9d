//! Text made fit for people and their terminals (`cli 1`, rules 14 and 15).
//!
//! What a package says may be shown, but must not drive the terminal: control characters and those
//! that turn the direction of writing are shown as escapes. Sizes are in KiB and MiB.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

/// Returns `text` with all that a terminal acts on escaped, but for tabs and line ends.
pub fn lines(text: &str) -> Cow<'_, str> {
    escaped(text, |c| drives(c) && c != '\n' && c != '\t')
}

/// Returns `text` as part of one line: line ends and tabs are escaped too.
pub fn line(text: &str) -> Cow<'_, str> {
    escaped(text, drives)
}

/// Returns `text` with all that is not ASCII escaped.
pub fn ascii(text: &str) -> Cow<'_, str> {
    escaped(text, |c| !c.is_ascii())
}

/// Whether a terminal acts on `c`: C0, C1, and the marks that turn the direction of text.
pub fn drives(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// Returns `path` on one line.
pub fn path(path: &Path) -> String {
    line(&path.to_string_lossy()).into_owned()
}

/// Returns `number` of something: `1 error`, `2 errors`.
pub fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

fn escaped(text: &str, must: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&must) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if must(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// A number of bytes in the unit that suits it: `1.2 MiB`.
///
/// Rounded up as `ls -h` does, so that nothing shows as zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
        if self.0 < 1024 {
            return f.pad(&format!("{} B", self.0));
        }
        let mut tenths = (u128::from(self.0) * 10).div_ceil(1024);
        let mut unit = 0;
        while tenths >= 10_240 && unit + 1 < UNITS.len() {
            tenths = tenths.div_ceil(1024);
            unit += 1;
        }
        f.pad(&format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_can_drive_the_terminal() {
        let table = [
            ("plain é", "plain é", "plain é"),
            ("a\x1b[31mb", r"a\u{1b}[31mb", r"a\u{1b}[31mb"),
            ("bell\x07 del\x7f", r"bell\u{7} del\u{7f}", r"bell\u{7} del\u{7f}"),
            ("c1\u{9b}2J", r"c1\u{9b}2J", r"c1\u{9b}2J"),
            ("over\rwritten", r"over\rwritten", r"over\rwritten"),
            ("turned\u{202e}\u{61c}", r"turned\u{202e}\u{61c}", r"turned\u{202e}\u{61c}"),
            ("two\nlines\t.", "two\nlines\t.", r"two\nlines\t."),
        ];
        for (text, in_lines, in_line) in table {
            assert_eq!(lines(text), in_lines);
            assert_eq!(line(text), in_line);
        }
        assert_eq!(ascii("é\n"), "\\u{e9}\n");
    }

    #[test]
    fn sizes_have_one_decimal_and_are_rounded_up() {
        let table = [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (1025, "1.1 KiB"),
            (1_258_292, "1.3 MiB"),
            (1 << 30, "1.0 GiB"),
            (u64::MAX, "16777216.0 TiB"),
        ];
        for (bytes, text) in table {
            assert_eq!(Size(bytes).to_string(), text);
        }
    }
}
