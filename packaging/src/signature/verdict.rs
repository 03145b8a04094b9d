//! What is found about a signature.

use std::fmt;

use jiff::Timestamp;

use super::Fingerprint;

/// Who signed, or why that does not count.
pub type Verdict = Result<Signed, Refusal>;

/// A signature that holds, by a key that is trusted. Only the trust store makes these.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "who signed is to be reported or compared"]
pub struct Signed {
    /// The certificate: its primary key.
    pub fingerprint: Fingerprint,
    /// The key that signed: the primary key or one below it.
    pub key: Fingerprint,
    /// Whom the certificate names first.
    pub user_id: Option<String>,
    /// When the signature says that it was made.
    pub time: Timestamp,
    /// What to know of the key nevertheless.
    pub warnings: Vec<Warning>,
}

/// What is accepted for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The key is shorter than keys should be today; its kind.
    Short(String),
    /// The key has expired since.
    Expired(Timestamp),
    /// The key has been given up since, for a reason that leaves older signatures good.
    Retired(Timestamp),
}

impl Warning {
    /// Returns its name in answers for machines.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Short(_) => "short_key",
            Self::Expired(_) => "expired_since",
            Self::Retired(_) => "retired_since",
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short(kind) => write!(f, "{kind} key is short; use RSA 3072 or Ed25519"),
            Self::Expired(time) => write!(f, "the key has expired since, on {time}"),
            Self::Retired(time) => write!(f, "the key was given up since, on {time}"),
        }
    }
}

/// Why a file is not taken for what somebody trusted made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are named after what they are")]
pub enum Refusal {
    /// There is no signature.
    #[error("it is not signed")]
    Unsigned,
    /// The key is not among the trusted ones.
    #[error("it is signed with key {key}, which is not trusted")]
    UnknownKey { key: Fingerprint },
    /// The signature does not say which key made it.
    #[error("its signature names no key")]
    Anonymous,
    /// Key or signature do not keep out an attacker.
    #[error("{what} is too weak (signed with key {})", key.short())]
    Weak { key: Fingerprint, what: String },
    /// The key had expired when it signed.
    #[error("key {} had expired when it signed on {signed}", key.short())]
    Expired { key: Fingerprint, signed: Timestamp },
    /// The signature itself had an end, which is over.
    #[error("the signature by key {} was valid until {ended}", key.short())]
    Lapsed { key: Fingerprint, ended: Timestamp },
    /// The signature is dated before the key was made.
    #[error("it is said to be signed on {signed}, when key {} did not exist yet", key.short())]
    Premature { key: Fingerprint, signed: Timestamp },
    /// The signature is dated after the present.
    #[error("it is said to be signed on {signed}, which is yet to come")]
    Future { key: Fingerprint, signed: Timestamp },
    /// The key's owner has taken it back.
    #[error("key {} is revoked", key.short())]
    Revoked { key: Fingerprint },
    /// The key may not sign, or does not belong to its certificate.
    #[error("key {} cannot be used for signatures", key.short())]
    Unfit { key: Fingerprint },
    /// The signature, or the key's own, says that it only counts for those who know some rule.
    #[error("the signature by key {} demands what is not known here", key.short())]
    Demanding { key: Fingerprint },
    /// The content is not what was signed.
    #[error("its content is not what key {} signed", key.short())]
    Altered { key: Fingerprint },
    /// There is something in place of a signature.
    #[error("its signature cannot be read")]
    Malformed,
    /// The signature is good and says nothing of the payload.
    #[error("its signature does not cover its payload")]
    Uncovered,
    /// The package breaks its format's rules, or a digest that it carries does not hold.
    #[error("it is damaged: {problem}")]
    Damaged { problem: String },
}

impl Refusal {
    /// Returns its name in answers for machines.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::UnknownKey { .. } => "unknown_key",
            Self::Anonymous => "anonymous",
            Self::Weak { .. } => "weak",
            Self::Expired { .. } => "expired",
            Self::Lapsed { .. } => "lapsed",
            Self::Premature { .. } => "premature",
            Self::Future { .. } => "future",
            Self::Revoked { .. } => "revoked",
            Self::Unfit { .. } => "unfit",
            Self::Demanding { .. } => "demanding",
            Self::Altered { .. } => "altered",
            Self::Malformed => "malformed",
            Self::Uncovered => "uncovered",
            Self::Damaged { .. } => "damaged",
        }
    }

    /// Returns the key that is said to have signed, as far as there is one.
    pub fn key(&self) -> Option<&Fingerprint> {
        match self {
            Self::UnknownKey { key }
            | Self::Weak { key, .. }
            | Self::Expired { key, .. }
            | Self::Lapsed { key, .. }
            | Self::Premature { key, .. }
            | Self::Future { key, .. }
            | Self::Revoked { key }
            | Self::Unfit { key }
            | Self::Demanding { key }
            | Self::Altered { key } => Some(key),
            Self::Unsigned
            | Self::Anonymous
            | Self::Malformed
            | Self::Uncovered
            | Self::Damaged { .. } => None,
        }
    }
}
