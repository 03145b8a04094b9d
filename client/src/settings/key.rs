//! Which settings there are, and what each may hold.

use plugin::yaml::{self, Node};
use serde::Serialize;

/// A setting.
#[derive(Debug)]
pub(crate) struct Key {
    /// Its name in files; in the environment `PLUGINS_`, upper case, `_` for `-`.
    pub(crate) name: &'static str,
    /// What it may hold.
    pub(crate) kind: Kind,
    /// What it is for.
    pub(crate) about: &'static str,
}

/// What a setting may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A text.
    Text,
    /// An absolute path.
    Path,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A whole number.
    Number,
    /// A number of bytes: `500MiB`.
    Size,
    /// Several texts.
    Texts,
}

/// What a setting holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Value {
    /// A text, a path or a word.
    Text(String),
    /// A number, also of bytes.
    Number(u64),
    /// Several texts.
    Texts(Vec<String>),
}

/// All settings, by name.
pub(crate) const KEYS: &[Key] = &[
    Key {
        name: "keep-size",
        kind: Kind::Size,
        about: "How much room packages kept for downgrade and undo may take",
    },
    Key {
        name: "keep-versions",
        kind: Kind::Number,
        about: "How many packages of each release line are kept for downgrade and undo",
    },
    Key {
        name: "lock-timeout",
        kind: Kind::Number,
        about: "Seconds to wait for another change to end",
    },
    Key {
        name: "network-timeout",
        kind: Kind::Number,
        about: "Seconds after which a repository's server is given up that is silent, or sends less than 1 KiB a second",
    },
    Key {
        name: "package-manager",
        kind: Kind::Choice(&["auto", "dnf", "dnf5", "yum", "rpm", "apt", "dpkg"]),
        about: "The package manager to use; auto takes the one that is there",
    },
    Key {
        name: "package-manager-options",
        kind: Kind::Texts,
        about: "Options that every call of the package manager gets",
    },
    Key {
        name: "package-manager-timeout",
        kind: Kind::Number,
        about: "Seconds after which a call of the package manager is ended with all that it started",
    },
    Key {
        name: "plugins-root",
        kind: Kind::Path,
        about: "The folder that holds one folder per plugin",
    },
    Key {
        name: "product-version",
        kind: Kind::Text,
        about: "The version of the product that the plugins are for",
    },
    Key {
        name: "require-package",
        kind: Kind::Text,
        about: "A package without which the host is not one for plugins; none if empty",
    },
    Key {
        name: "tools",
        kind: Kind::Path,
        about: "A folder whose programs come before the system's; none if empty",
    },
    Key {
        name: "trust-policy",
        kind: Kind::Choice(&["strict", "warn", "legacy"]),
        about: "How strict to be about who made packages, and about what they run",
    },
];

/// Returns the setting named `name`.
pub(crate) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// Returns the name that `name` was probably meant to be.
pub(crate) fn nearest(name: &str) -> Option<&'static str> {
    const SLIPS: usize = 2;
    const LONGEST: usize = 64;
    if name.len() > LONGEST {
        return None;
    }
    let near = KEYS.iter().map(|key| (strsim::osa_distance(name, key.name), key.name));
    near.filter(|(distance, _)| *distance <= SLIPS).min().map(|(_, name)| name)
}

impl Key {
    /// Returns the environment variable that stands for the setting.
    pub(crate) fn variable(&self) -> String {
        format!("PLUGINS_{}", self.name.to_ascii_uppercase().replace('-', "_"))
    }

    /// Takes a value from a file; otherwise says what was expected.
    pub(crate) fn read(&self, node: &Node) -> Result<Value, String> {
        let expected = || format!("expected {}, found {}", self.kind.name(), node.kind());
        match (&node.value, self.kind) {
            (yaml::Value::Integer(Some(number)), Kind::Number | Kind::Size) => {
                u64::try_from(*number).map(Value::Number).map_err(|_| "must not be negative".into())
            }
            (yaml::Value::Float(_) | yaml::Value::Integer(_), Kind::Text) => {
                Err("expected a text: write it in quotes".into())
            }
            (yaml::Value::String(text), _) => self.parse(text),
            (yaml::Value::List(items), Kind::Texts) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned).ok_or_else(expected))
                .collect::<Result<_, _>>()
                .map(Value::Texts),
            _ => Err(expected()),
        }
    }

    /// Takes a value written as one text: in the environment, on the command line, in a file.
    pub(crate) fn parse(&self, text: &str) -> Result<Value, String> {
        match self.kind {
            Kind::Text => Ok(Value::Text(text.to_owned())),
            Kind::Path => path(text).map(Value::Text),
            Kind::Choice(words) if words.contains(&text) => Ok(Value::Text(text.to_owned())),
            Kind::Choice(words) => Err(format!("expected one of {}", words.join(", "))),
            Kind::Number => text.parse().map(Value::Number).map_err(|_| expected(self.kind)),
            Kind::Size => size(text).map(Value::Number).ok_or_else(|| expected(self.kind)),
            Kind::Texts => Ok(Value::Texts(text.split_whitespace().map(str::to_owned).collect())),
        }
    }
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Path => "an absolute path",
            Self::Choice(_) => "a word",
            Self::Number => "a whole number",
            Self::Size => "a size such as 500MiB",
            Self::Texts => "a list of texts",
        }
    }
}

/// Shows the value as it could be written in a variable.
impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::Texts(texts) => f.write_str(&texts.join(" ")),
        }
    }
}

fn expected(kind: Kind) -> String {
    format!("expected {}", kind.name())
}

fn path(text: &str) -> Result<String, String> {
    let safe = text.is_empty() || text.starts_with('/') && text.split('/').all(|part| part != "..");
    if safe { Ok(text.to_owned()) } else { Err(format!("`{text}` is not an absolute path")) }
}

fn size(text: &str) -> Option<u64> {
    let at = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(at);
    let shift = match unit.trim_start() {
        "" | "B" => 0,
        "KiB" => 10,
        "MiB" => 20,
        "GiB" => 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(1 << shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_in_order_and_have_variables() {
        assert!(KEYS.is_sorted_by(|a, b| a.name < b.name));
        assert_eq!(find("lock-timeout").unwrap().variable(), "PLUGINS_LOCK_TIMEOUT");
    }

    #[test]
    fn a_value_is_taken_as_its_kind_or_refused() {
        let parse = |name, text| find(name).unwrap().parse(text).map(|value| value.to_string());
        let good = [
            ("keep-size", "2GiB", "2147483648"),
            ("keep-size", "10", "10"),
            ("lock-timeout", "0", "0"),
            ("package-manager", "dnf", "dnf"),
            ("package-manager-options", " -a  --b=c ", "-a --b=c"),
            ("plugins-root", "/srv/plugins", "/srv/plugins"),
            ("tools", "/opt/tools", "/opt/tools"),
        ];
        for (name, text, shown) in good {
            assert_eq!(parse(name, text).as_deref(), Ok(shown));
        }
        let bad = [
            ("keep-size", "2GB"),
            ("keep-size", "99999999999GiB"),
            ("lock-timeout", "-1"),
            ("package-manager", "pacman"),
            ("plugins-root", "srv"),
            ("plugins-root", "/srv/../etc"),
            ("tools", "bin"),
        ];
        for (name, text) in bad {
            assert!(parse(name, text).is_err(), "{name}: {text}");
        }
    }

    #[test]
    fn slips_are_recognised() {
        assert_eq!(nearest("lock-timeuot"), Some("lock-timeout"));
        assert_eq!(nearest("lock_timeout"), Some("lock-timeout"));
        assert_eq!(nearest("colour"), None);
    }
}
