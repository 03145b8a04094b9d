//! The chain of digests: what keeps the history from being rewritten unnoticed.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::{Entry, Transaction};

/// An entry as it is kept: its own text, so that no later program's way of writing JSON changes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Chained {
    /// Covers the two others.
    pub(crate) digest: String,
    /// The digest of the entry before; empty for the first.
    pub(crate) previous: String,
    /// The entry.
    pub(crate) entry: Box<RawValue>,
}

/// A place where the history is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Break {
    /// The entry was altered.
    Altered(Transaction),
    /// What was before this entry is gone, or was rewritten with its digest.
    DroppedBefore(Transaction),
    /// The entry is not where it was.
    Moved(Transaction),
    /// The audit copy has another entry with this number.
    CopyDiffers(Transaction),
    /// Only the audit copy has the entry.
    OnlyInCopy(Transaction),
    /// The audit copy lacks the entry.
    NotInCopy(Transaction),
    /// A line of the audit copy is none, counted from 1.
    BadLine(usize),
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Altered(number) => write!(f, "transaction {number} was altered"),
            Self::DroppedBefore(number) => {
                write!(f, "what was before transaction {number} is gone or was rewritten")
            }
            Self::Moved(number) => write!(f, "transaction {number} is not where it was"),
            Self::CopyDiffers(number) => {
                write!(f, "transaction {number} is another one in the audit copy")
            }
            Self::OnlyInCopy(number) => {
                write!(f, "transaction {number} is in the audit copy alone")
            }
            Self::NotInCopy(number) => {
                write!(f, "transaction {number} is missing in the audit copy")
            }
            Self::BadLine(line) => write!(f, "line {line} of the audit copy cannot be read"),
        }
    }
}

impl Chained {
    /// Chains `entry` to the one whose digest is `previous`.
    pub(crate) fn new(entry: &Entry, previous: String) -> Self {
        let entry = serde_json::value::to_raw_value(entry).expect("an entry has texts for keys");
        Self { digest: digest(&previous, entry.get()), previous, entry }
    }

    /// Whether the digest is that of the content.
    pub(crate) fn is_sound(&self) -> bool {
        digest(&self.previous, self.entry.get()) == self.digest
    }

    /// Returns the entry, where it is one.
    pub(crate) fn parse(&self) -> Result<Entry, serde_json::Error> {
        serde_json::from_str(self.entry.get())
    }

    /// Returns the entry's number; 0, which none has, where it is no entry.
    pub(crate) fn number(&self) -> i64 {
        #[derive(Deserialize)]
        struct Numbered {
            transaction: i64,
        }
        serde_json::from_str(self.entry.get()).map_or(0, |Numbered { transaction }| transaction)
    }
}

fn digest(previous: &str, entry: &str) -> String {
    let mut hasher = Sha256::new();
    for part in [previous, "\n", entry] {
        hasher.update(part);
    }
    hex::encode(hasher.finalize())
}

/// Returns the breaks of a chain, and where the audit copy is not the same.
pub(crate) fn verify(rows: &[(i64, Chained)], lines: &[Option<Chained>]) -> Vec<Break> {
    let mut breaks = breaks(rows);
    breaks.extend(differences(rows, lines));
    breaks
}

fn breaks(rows: &[(i64, Chained)]) -> Vec<Break> {
    let places: BTreeMap<&str, usize> =
        rows.iter().enumerate().map(|(place, (_, row))| (row.digest.as_str(), place)).collect();
    let mut breaks = Vec::new();
    let mut before = "";
    for (number, row) in rows {
        let transaction = Transaction(*number);
        if !row.is_sound() {
            breaks.push(Break::Altered(transaction));
        } else if row.number() != *number {
            breaks.push(Break::Moved(transaction));
        } else if row.previous != before {
            breaks.push(match places.contains_key(row.previous.as_str()) {
                true => Break::Moved(transaction),
                false => Break::DroppedBefore(transaction),
            });
        }
        before = &row.digest;
    }
    breaks
}

fn differences(rows: &[(i64, Chained)], lines: &[Option<Chained>]) -> Vec<Break> {
    let mut rows: BTreeMap<i64, &str> =
        rows.iter().map(|(number, row)| (*number, row.digest.as_str())).collect();
    let mut found = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let Some(line) = line.as_ref().filter(|line| line.is_sound()) else {
            found.push(Break::BadLine(place + 1));
            continue;
        };
        let number = line.number();
        match rows.remove(&number) {
            Some(digest) if digest == line.digest => {}
            Some(_) => found.push(Break::CopyDiffers(Transaction(number))),
            None => found.push(Break::OnlyInCopy(Transaction(number))),
        }
    }
    found.extend(rows.into_keys().map(|number| Break::NotInCopy(Transaction(number))));
    found
}
