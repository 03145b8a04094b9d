//! What the environment says of the terminal.
//!
//! `NO_COLOR`, `CLICOLOR_FORCE` and, for color, `TERM` are heeded by the writer of colored text.

use std::ffi::OsString;

use crate::Charset;

/// What the reader's terminal can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// What it can show.
    pub charset: Charset,
    /// Whether it can do no more than print lines.
    pub plain: bool,
}

impl Terminal {
    /// Returns the terminal of the environment in which `variable` gives each variable's value.
    pub fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(|name| variable(name).filter(|value| !value.is_empty()))
            .unwrap_or_default();
        let locale = locale.to_string_lossy().to_ascii_lowercase();
        let unicode = locale.contains("utf-8") || locale.contains("utf8");
        Self {
            charset: if unicode { Charset::Unicode } else { Charset::Ascii },
            plain: variable("TERM").is_none_or(|term| term == "dumb"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terminal(variables: &[(&str, &str)]) -> Terminal {
        Terminal::of(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into())
        })
    }

    #[test]
    fn the_first_locale_variable_that_is_set_decides_the_character_set() {
        let table: [(&[(&str, &str)], Charset); 6] = [
            (&[], Charset::Ascii),
            (&[("LANG", "C")], Charset::Ascii),
            (&[("LANG", "en_US.UTF-8")], Charset::Unicode),
            (&[("LANG", "C.utf8")], Charset::Unicode),
            (&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")], Charset::Ascii),
            (&[("LC_ALL", ""), ("LC_CTYPE", "de_DE.UTF-8"), ("LANG", "C")], Charset::Unicode),
        ];
        for (variables, charset) in table {
            assert_eq!(terminal(variables).charset, charset, "{variables:?}");
        }
    }

    #[test]
    fn a_terminal_that_is_dumb_or_unknown_is_plain() {
        assert!(terminal(&[]).plain);
        assert!(terminal(&[("TERM", "dumb")]).plain);
        assert!(!terminal(&[("TERM", "xterm")]).plain);
    }
}
