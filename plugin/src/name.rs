//! Plugin names (`fuel-formats 1.1`).

use std::fmt;
use std::str::FromStr;

/// A plugin's name: lower-case letters, digits, `_` and `-`, at least one of them.
///
/// Holding one proves that it is safe as part of a file name; a leading `-` is legal, so it is not
/// by itself safe as a command argument.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PluginName(String);

/// A text that is no plugin name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a plugin name: only a-z, 0-9, `_` and `-` are allowed", .0.escape_debug())]
pub struct BadName(pub String);

impl PluginName {
    /// Returns the name as it is written in `metadata.yaml`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PluginName {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c);
        if text.is_empty() || !text.chars().all(allowed) {
            return Err(BadName(text.to_owned()));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for PluginName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_documented_characters_make_a_name() {
        for good in ["demo", "a", "7", "-", "_", "my_plugin-2", "0-0"] {
            assert_eq!(good.parse::<PluginName>().unwrap().as_str(), good);
        }
        for bad in ["", "Demo", "de mo", "demo\n", "démo", "a.b", "a/b", "$(id)", "a\0"] {
            assert!(bad.parse::<PluginName>().is_err(), "{bad:?} passed");
        }
    }
}
