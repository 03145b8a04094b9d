//! The environment variables that `fpb` heeds, read once.
//!
//! Two kinds are read by the libraries that own their meaning: `FPB_*`, which stand for flags, by the
//! command line's parser; `NO_COLOR`, `CLICOLOR_FORCE` and `TERM` by the writer of colored text.

use std::ffi::OsString;

/// What the environment says.
#[derive(Debug)]
pub(crate) struct Environment {
    /// Whether the locale's character set is UTF-8.
    pub(crate) unicode: bool,
    /// Whether the terminal can do no more than print lines.
    pub(crate) plain_terminal: bool,
    epoch: Option<OsString>,
}

/// A `SOURCE_DATE_EPOCH` that is no time.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("SOURCE_DATE_EPOCH is `{}`, which is not a number of seconds from 0 to {}", .0.escape_debug(), u32::MAX)]
pub(crate) struct BadEpoch(String);

impl Environment {
    /// Reads the process's environment.
    #[expect(clippy::disallowed_methods, reason = "this is the door that the lint names")]
    pub(crate) fn read() -> Self {
        Self::of(|name| std::env::var_os(name))
    }

    /// Returns the environment in which `variable` gives each variable's value.
    fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(|name| variable(name).filter(|value| !value.is_empty()))
            .unwrap_or_default();
        let locale = locale.to_string_lossy().to_ascii_lowercase();
        Self {
            unicode: locale.contains("utf-8") || locale.contains("utf8"),
            plain_terminal: variable("TERM").is_none_or(|term| term == "dumb"),
            epoch: variable("SOURCE_DATE_EPOCH").filter(|value| !value.is_empty()),
        }
    }

    /// Returns the time that packages are to carry, in seconds since 1970, where one is asked for.
    pub(crate) fn epoch(&self) -> Result<Option<u32>, BadEpoch> {
        let Some(value) = &self.epoch else { return Ok(None) };
        let digits = value.to_str().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        match digits.and_then(|text| text.parse().ok()) {
            Some(seconds) => Ok(Some(seconds)),
            None => Err(BadEpoch(value.to_string_lossy().into_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment::of(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into())
        })
    }

    #[test]
    fn the_first_locale_variable_that_is_set_decides_the_character_set() {
        let table: [(&[(&str, &str)], bool); 6] = [
            (&[], false),
            (&[("LANG", "C")], false),
            (&[("LANG", "en_US.UTF-8")], true),
            (&[("LANG", "C.utf8")], true),
            (&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")], false),
            (&[("LC_ALL", ""), ("LC_CTYPE", "de_DE.UTF-8"), ("LANG", "C")], true),
        ];
        for (variables, unicode) in table {
            assert_eq!(environment(variables).unicode, unicode, "{variables:?}");
        }
    }

    #[test]
    fn an_epoch_is_a_count_of_seconds_or_refused() {
        let epoch = |value| environment(&[("SOURCE_DATE_EPOCH", value)]).epoch();
        assert_eq!(environment(&[]).epoch(), Ok(None));
        assert_eq!(epoch(""), Ok(None));
        assert_eq!(epoch("0"), Ok(Some(0)));
        assert_eq!(epoch("1700000000"), Ok(Some(1_700_000_000)));
        for bad in ["-1", "+1", "1.5", "now", " 1", "4294967296"] {
            assert_eq!(epoch(bad), Err(BadEpoch(bad.to_owned())));
        }
    }
}
