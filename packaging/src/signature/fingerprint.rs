//! What keys are called by.

use std::fmt;
use std::str::FromStr;

use sequoia_openpgp::KeyHandle;
use serde::{Deserialize, Serialize};

/// A key's fingerprint: 40 or 64 hexadecimal digits, upper case.
///
/// Where a signature names its key by the last 16 digits alone, it is these.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Fingerprint(String);

/// A text that is no fingerprint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a fingerprint of 40 or 64 hexadecimal digits", .0.escape_debug())]
pub struct BadFingerprint(String);

impl Fingerprint {
    /// Returns it in full.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns its ends, for people who know the key: `9F3A...71C2`.
    pub fn short(&self) -> String {
        match (self.0.get(..4), self.0.len().checked_sub(8)) {
            (Some(start), Some(rest)) => format!("{start}...{}", &self.0[4 + rest..]),
            // A signature may name its key by anything.
            _ => self.0.clone(),
        }
    }

    pub(super) fn of(key: impl Into<KeyHandle>) -> Self {
        Self(format!("{:X}", key.into()))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Takes what programs print: with `0x` before it, or with blanks in it.
impl FromStr for Fingerprint {
    type Err = BadFingerprint;

    fn from_str(text: &str) -> Result<Self, BadFingerprint> {
        let digits: String = text.split(' ').collect::<String>().to_ascii_uppercase();
        let digits = digits.strip_prefix("0X").unwrap_or(&digits);
        let whole = matches!(digits.len(), 40 | 64);
        if !whole || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(BadFingerprint(text.to_owned()));
        }
        Ok(Self(digits.to_owned()))
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = BadFingerprint;

    fn try_from(text: String) -> Result<Self, BadFingerprint> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_fingerprints_name_a_key() {
        let plain = "0123456789ABCDEF0123456789ABCDEF01234567";
        let parsed = |text: &str| text.parse::<Fingerprint>().map(|it| it.0).ok();
        for text in [plain, &format!("0x{plain}"), &plain.to_lowercase()] {
            assert_eq!(parsed(text).as_deref(), Some(plain));
        }
        let spaced = "0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567";
        assert_eq!(parsed(spaced).as_deref(), Some(plain));
        assert_eq!(parsed(plain).map(|it| Fingerprint(it).short()).unwrap(), "0123...4567");
        for bad in ["", "0x", &plain[1..], "--help", "release@example.org", &"é".repeat(20)] {
            assert!(bad.parse::<Fingerprint>().is_err(), "{bad}");
        }
    }
}
