//! Who vouches for plugins and repositories, as far as a host remembers it.
//!
//! What is trusted is decided elsewhere, from keys; here is what came of it. A certificate is called by
//! its whole fingerprint, because shorter names can be made to order.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use plugin::PluginName;
use serde::{Deserialize, Serialize};

/// An OpenPGP certificate, by its fingerprint: 40 or 64 hexadecimal digits, upper case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Certificate(String);

/// A text that names no certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a whole fingerprint", .0.escape_debug())]
pub struct BadCertificate(String);

impl Certificate {
    /// Returns the fingerprint.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Certificate {
    type Error = BadCertificate;

    fn try_from(text: String) -> Result<Self, BadCertificate> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'A'..=b'F');
        if matches!(text.len(), 40 | 64) && text.bytes().all(is_digit) {
            Ok(Self(text))
        } else {
            Err(BadCertificate(text))
        }
    }
}

impl FromStr for Certificate {
    type Err = BadCertificate;

    fn from_str(text: &str) -> Result<Self, BadCertificate> {
        text.to_owned().try_into()
    }
}

impl From<Certificate> for String {
    fn from(certificate: Certificate) -> Self {
        certificate.0
    }
}

impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who vouches for a plugin's present version: as text `unknown`, `unsigned` or a fingerprint.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Voucher {
    /// It came behind our back, or before vouchers were remembered.
    #[default]
    Unknown,
    /// Nobody: an administrator allowed it all the same.
    Unsigned,
    /// The owner of a certificate.
    Key(Certificate),
}

impl TryFrom<String> for Voucher {
    type Error = BadCertificate;

    fn try_from(text: String) -> Result<Self, BadCertificate> {
        match text.as_str() {
            "unknown" => Ok(Self::Unknown),
            "unsigned" => Ok(Self::Unsigned),
            _ => text.try_into().map(Self::Key),
        }
    }
}

impl FromStr for Voucher {
    type Err = BadCertificate;

    fn from_str(text: &str) -> Result<Self, BadCertificate> {
        text.to_owned().try_into()
    }
}

impl From<Voucher> for String {
    fn from(voucher: Voucher) -> Self {
        voucher.to_string()
    }
}

impl fmt::Display for Voucher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("unknown"),
            Self::Unsigned => f.write_str("unsigned"),
            Self::Key(certificate) => certificate.fmt(f),
        }
    }
}

/// Who published a plugin when it first came, and is expected to go on doing so. There is one for a
/// plugin's name at most, and it outlives the plugin's removal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Publisher {
    /// The plugin.
    pub name: PluginName,
    /// Whose signatures it has.
    pub certificate: Certificate,
}

/// What is remembered of a repository, so that nobody can show an older state of it unnoticed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Source {
    /// Its identifier in the package manager's configuration.
    pub name: String,
    /// Where it was read.
    pub url: String,
    /// Who signed its metadata; `None` where nobody did.
    pub certificate: Option<Certificate>,
    /// The date of the newest metadata that was seen.
    pub date: Timestamp,
    /// Until when that is valid, where it says so.
    pub valid_until: Option<Timestamp>,
    /// When it was last looked at.
    pub checked: Timestamp,
    /// Its revision, where it has one.
    pub revision: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voucher_reads_as_it_is_written_and_only_whole_fingerprints_are_certificates() {
        let certificate: Certificate = "0123456789ABCDEF0123456789ABCDEF01234567".parse().unwrap();
        for voucher in [Voucher::Unknown, Voucher::Unsigned, Voucher::Key(certificate.clone())] {
            assert_eq!(voucher.to_string().parse(), Ok(voucher.clone()));
            let json = serde_json::to_string(&voucher).unwrap();
            assert_eq!(serde_json::from_str::<Voucher>(&json).unwrap(), voucher);
        }
        let plain = certificate.as_str();
        for bad in ["", "unsigned ", &plain[1..], &plain.to_lowercase(), &format!("0x{plain}")] {
            assert!(bad.parse::<Voucher>().is_err(), "{bad}");
        }
    }
}
