//! `repo.yaml`: what a repository is called, whom it serves, and how it is signed.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};

use super::Error;

/// The file in a repository's folder.
pub const SETTINGS: &str = "repo.yaml";

/// What is written above the settings.
const HEAD: &str = "# A repository of plugin packages; `fpb repo publish` reads this.\n";

/// What a repository is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What hosts call it.
    pub name: Word,
    /// Who it is from; apt can pin by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Line>,
    /// What it is, in a few words; apt can pin by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Line>,
    /// Where it is served, for the instructions on its page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Line>,
    /// The suite of the apt face.
    #[serde(default = "stable")]
    pub suite: Word,
    /// Its code name [default: the suite].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codename: Option<Word>,
    /// Its components; packages that name none are in the first.
    #[serde(default = "main", deserialize_with = "some")]
    pub components: Vec<Word>,
    /// Its architectures; packages for `all` are in each.
    #[serde(default = "usual", deserialize_with = "some")]
    pub architectures: Vec<Word>,
    /// How many days hosts may trust what was published.
    #[serde(default = "month")]
    pub valid_for_days: Days,
    /// The one key that may sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Fingerprint>,
    /// How the metadata for yum is packed.
    #[serde(default)]
    pub compression: Packing,
}

/// A name without blanks: letters, digits and `._+-`, a letter or digit first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Word(String);

/// A line of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Line(String);

/// A key: 40 or 64 hexadecimal digits, upper case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Fingerprint(String);

/// From one day to ten years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16")]
pub struct Days(u16);

/// How metadata is packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Packing {
    /// Read by every yum and dnf.
    #[default]
    Gzip,
    /// Smaller; read from EL 8 on.
    Zstd,
}

/// A text that breaks the rules of what it stands for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not {wanted}", text.escape_debug())]
pub struct BadText {
    text: String,
    wanted: &'static str,
}

impl Settings {
    /// Returns the settings of a repository called `name`, all else as it usually is.
    pub fn named(name: Word) -> Self {
        Self {
            name,
            origin: None,
            label: None,
            url: None,
            suite: stable(),
            codename: None,
            components: main(),
            architectures: usual(),
            valid_for_days: month(),
            key: None,
            compression: Packing::default(),
        }
    }

    /// Reads `text`, which is what `file` has.
    pub(super) fn parse(file: &Path, text: &str) -> Result<Self, Error> {
        parse(file, text)
    }

    /// Returns the file's text.
    pub(super) fn text(&self) -> String {
        HEAD.to_owned() + &yaml(self)
    }
}

/// Writes YAML.
pub(super) fn yaml(value: &impl Serialize) -> String {
    serde_saphyr::to_string(value).expect("its keys are texts and its numbers finite")
}

/// Reads the YAML `text` of `file`.
pub(super) fn parse<T: DeserializeOwned>(file: &Path, text: &str) -> Result<T, Error> {
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let place = error.location();
        // What the reader says ends with the place, which stands before it already.
        let problem = error.render_with_formatter(&serde_saphyr::UserMessageFormatter);
        let problem = problem.split(" at line ").next().unwrap_or_default();
        Error::BadFile {
            file: file.to_owned(),
            line: place.map_or(1, |place| place.line()),
            column: place.map_or(1, |place| place.column()),
            problem: problem.trim_start_matches("error: ").trim().to_owned(),
        }
    })
}

/// Reads a list that is not empty.
fn some<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<Word>, D::Error> {
    let words = Vec::deserialize(input)?;
    if words.is_empty() { Err(D::Error::custom("the list is empty")) } else { Ok(words) }
}

fn stable() -> Word {
    Word("stable".to_owned())
}

fn main() -> Vec<Word> {
    vec![Word("main".to_owned())]
}

fn usual() -> Vec<Word> {
    ["amd64", "arm64"].map(|name| Word(name.to_owned())).to_vec()
}

fn month() -> Days {
    Days(30)
}

impl Days {
    /// Returns the days in seconds.
    pub(super) fn seconds(self) -> u32 {
        u32::from(self.0) * 24 * 60 * 60
    }
}

impl FromStr for Word {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
        if text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(allowed) {
            return Ok(Self(text.to_owned()));
        }
        let wanted = "a name of letters, digits and `._+-`, a letter or digit first";
        Err(BadText { text: text.to_owned(), wanted })
    }
}

impl FromStr for Line {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        if !text.trim().is_empty() && text.trim() == text && !text.contains(char::is_control) {
            return Ok(Self(text.to_owned()));
        }
        Err(BadText { text: text.to_owned(), wanted: "one line of text" })
    }
}

impl FromStr for Fingerprint {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        let digits: String = text.split_whitespace().collect::<String>().to_ascii_uppercase();
        if matches!(digits.len(), 40 | 64) && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(Self(digits));
        }
        let wanted = "a key's fingerprint of 40 or 64 hexadecimal digits";
        Err(BadText { text: text.to_owned(), wanted })
    }
}

impl FromStr for Days {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        let days = text.strip_suffix('d').unwrap_or(text).parse::<u16>();
        days.ok()
            .and_then(|days| days.try_into().ok())
            .ok_or_else(|| BadText { text: text.to_owned(), wanted: DAYS })
    }
}

const DAYS: &str = "a number of days from 1 to 3650";

impl TryFrom<u16> for Days {
    type Error = BadText;

    fn try_from(days: u16) -> Result<Self, BadText> {
        match days {
            1..=3650 => Ok(Self(days)),
            _ => Err(BadText { text: days.to_string(), wanted: DAYS }),
        }
    }
}

macro_rules! text {
    ($($name:ident),+) => {$(
        impl $name {
            /// Returns it as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadText;

            fn try_from(text: String) -> Result<Self, BadText> {
                text.parse()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

text!(Word, Line, Fingerprint);

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        Settings::parse(Path::new("repo.yaml"), text).unwrap_err().to_string()
    }

    #[test]
    fn what_is_written_is_read_again_and_little_is_required() {
        let mut settings = Settings::named("demo".parse().unwrap());
        assert_eq!(Settings::parse(Path::new("x"), "name: demo\n").unwrap(), settings);
        settings.key = Some("ab".repeat(20).parse().unwrap());
        settings.label = Some("yes: 1.0".parse().unwrap());
        assert_eq!(Settings::parse(Path::new("x"), &settings.text()).unwrap(), settings);
    }

    #[test]
    fn a_problem_is_told_with_its_place() {
        let table = [
            ("name: demo\nsuit: x\n", "2:1: unknown field `suit`, expected one of name, "),
            ("name: a b\n", "1:7: `a b` is not a name of letters, digits and "),
            ("name: a\nvalid_for_days: 0\n", "2:17: `0` is not a number of days from 1 to 3650"),
            ("name: a\nname: b\n", "2:1: duplicate mapping key `name`"),
            ("name: a\ncomponents: []\n", "2:13: the list is empty"),
            ("suite: x\n", "1:1: missing field `name`"),
            ("name: [\n", "1:7: expected string scalar"),
        ];
        for (text, beginning) in table {
            let problem = problem(text);
            assert!(problem.starts_with(&format!("repo.yaml:{beginning}")), "{problem}");
        }
    }
}
