//! The environment variables that `fpb` heeds and the clock, read once.
//!
//! Two kinds are read by the libraries that own their meaning: `FPB_*`, which stand for flags, by the
//! command line's parser; `NO_COLOR`, `CLICOLOR_FORCE` and `TERM` by the writer of colored text.

use std::ffi::OsString;

use console::Terminal;
use jiff::Timestamp;

/// What the environment says.
#[derive(Debug)]
pub(crate) struct Environment {
    /// What the reader's terminal can do.
    pub(crate) terminal: Terminal,
    /// The present time.
    pub(crate) now: Timestamp,
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
        Self {
            terminal: Terminal::of(&variable),
            now: Timestamp::now(),
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
