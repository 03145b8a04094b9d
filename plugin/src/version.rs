//! Plugin versions and release lines (`fuel-formats 1.2`).

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A plugin's version: `major.minor[.patch][(a|b)number]`.
///
/// Keeps the text as written, because files and package headers carry that, but compares by number:
/// `1.0` and `1.0.0` are equal, `1.0.0b2` comes before `1.0.0`.
#[derive(Clone, Debug)]
pub struct Version {
    text: String,
    numbers: [u64; 3],
    pre_release: Option<PreRelease>,
}

/// What marks a version as coming before the release of the same number; alphas before betas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PreRelease {
    /// `a1`
    Alpha(u64),
    /// `b1`
    Beta(u64),
}

/// The first two numbers of a version: `1.0` of `1.0.2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReleaseLine {
    major: u64,
    minor: u64,
}

/// Why a text is no version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadVersion {
    /// Not of the grammar.
    #[error(
        "`{}` is not a version: expected two or three numbers such as `1.0.2`, with `a1` or `b1` for pre-releases",
        .0.escape_debug()
    )]
    Shape(String),
    /// A number longer than any real one; comparing such versions is left to attackers.
    #[error("`{}` has a number of more than 10 digits", .0.escape_debug())]
    TooLong(String),
}

/// Most digits a number of a version may have.
const DIGITS: usize = 10;

impl Version {
    /// Returns the version as written in `metadata.yaml`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the release line that this version is on.
    pub fn line(&self) -> ReleaseLine {
        ReleaseLine { major: self.numbers[0], minor: self.numbers[1] }
    }

    /// Returns its three numbers, 0 where there is none.
    pub fn numbers(&self) -> [u64; 3] {
        self.numbers
    }

    /// Returns the third number, 0 where there is none.
    pub fn patch(&self) -> u64 {
        self.numbers[2]
    }

    /// Returns the pre-release mark, if there is one.
    pub fn pre_release(&self) -> Option<PreRelease> {
        self.pre_release
    }

    /// Returns the version as RPM and dpkg order it: `1.0.0~b2`, older than `1.0.0`.
    pub fn for_package_managers(&self) -> String {
        match self.text.find(['a', 'b']) {
            Some(at) => format!("{}~{}", &self.text[..at], &self.text[at..]),
            None => self.text.clone(),
        }
    }

    /// Returns the version with its last number raised: a security fix on the same line.
    ///
    /// The pre-release of a version is followed by that version. `None` where the number would have
    /// too many digits.
    pub fn next_patch(&self) -> Option<Self> {
        let [major, minor, patch] = self.numbers;
        let patch = if self.pre_release.is_some() { patch } else { patch + 1 };
        format!("{major}.{minor}.{patch}").parse().ok()
    }
}

impl FromStr for Version {
    type Err = BadVersion;

    fn from_str(text: &str) -> Result<Self, BadVersion> {
        let shape = || BadVersion::Shape(text.to_owned());
        let (release, pre_release) = match text.find(['a', 'b']) {
            Some(at) => {
                let value = number(text, &text[at + 1..])?;
                let mark = if text[at..].starts_with('a') {
                    PreRelease::Alpha(value)
                } else {
                    PreRelease::Beta(value)
                };
                (&text[..at], Some(mark))
            }
            None => (text, None),
        };
        let mut numbers = [0; 3];
        let mut count = 0;
        for part in release.split('.') {
            *numbers.get_mut(count).ok_or_else(shape)? = number(text, part)?;
            count += 1;
        }
        if count < 2 {
            return Err(shape());
        }
        Ok(Self { text: text.to_owned(), numbers, pre_release })
    }
}

fn number(text: &str, digits: &str) -> Result<u64, BadVersion> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(BadVersion::Shape(text.to_owned()));
    }
    if digits.len() > DIGITS {
        return Err(BadVersion::TooLong(text.to_owned()));
    }
    Ok(digits.parse().expect("ten digits fit"))
}

impl Version {
    /// What versions are compared by; a release comes after its own pre-releases.
    fn rank(&self) -> ([u64; 3], bool, Option<PreRelease>) {
        (self.numbers, self.pre_release.is_none(), self.pre_release)
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl std::hash::Hash for Version {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.rank().hash(state);
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Reads exactly two numbers: `1.0`.
impl FromStr for ReleaseLine {
    type Err = BadVersion;

    fn from_str(text: &str) -> Result<Self, BadVersion> {
        let (major, minor) =
            text.split_once('.').ok_or_else(|| BadVersion::Shape(text.to_owned()))?;
        Ok(Self { major: number(text, major)?, minor: number(text, minor)? })
    }
}

impl fmt::Display for ReleaseLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn the_grammar_is_the_one_of_the_formats_page() {
        let good = [
            ("1.0", "1.0"),
            ("1.0.2", "1.0"),
            ("1.2.3a1", "1.2"),
            ("1.2b3", "1.2"),
            ("01.02.03", "1.2"),
            ("10.20.9999999999", "10.20"),
        ];
        for (text, line) in good {
            assert_eq!(version(text).line().to_string(), line, "{text}");
            assert_eq!(version(text).as_str(), text);
        }
        let bad = [
            "",
            "1",
            "1.0.0.0",
            "1.0rc1",
            "1.0-1",
            " 1.0",
            "1.0 ",
            "1.0\n",
            "a1",
            "1.a1",
            "1.0a",
            "1.0a1b2",
            "+1.0",
            "1..0",
            ".1.0",
            "1.0.",
            "١.٠",
            "12345678901.0",
        ];
        for text in bad {
            assert!(text.parse::<Version>().is_err(), "{text:?} passed");
        }
    }

    #[test]
    fn order_is_by_number_and_pre_releases_come_first() {
        let ascending =
            ["0.9", "1.0a1", "1.0a2", "1.0b1", "1.0", "1.0.2", "1.0.10", "1.1a9", "2.0"];
        for pair in ascending.windows(2) {
            assert!(version(pair[0]) < version(pair[1]), "{pair:?}");
        }
        assert_eq!(version("1.0"), version("1.0.0"));
        assert_eq!(version("01.02"), version("1.2.0"));
    }

    #[test]
    fn package_managers_see_pre_releases_as_older() {
        assert_eq!(version("1.0.0b2").for_package_managers(), "1.0.0~b2");
        assert_eq!(version("1.0.0").for_package_managers(), "1.0.0");
    }

    #[test]
    fn the_next_patch_stays_on_the_line() {
        let table = [
            ("1.0", Some("1.0.1")),
            ("1.0.9", Some("1.0.10")),
            ("1.1.0b2", Some("1.1.0")),
            ("1.0.9999999999", None),
        ];
        for (text, next) in table {
            assert_eq!(version(text).next_patch().as_ref().map(Version::as_str), next, "{text}");
        }
    }
}
