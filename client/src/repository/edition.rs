//! One edition of a repository: what it says at one time, all of it signed by its key.

use jiff::Timestamp;
use packaging::digest::Hashing;
use packaging::repository::apt;
use packaging::signature::TrustStore;
use registry::{Certificate, Source};
use sha2::Sha256;

use super::documents::{Advisory, Statement, YumStatement, document};
use super::{Address, Transport, Unread};
use crate::host::date;

/// What is said of the whole repository, for either family.
const ADVISORIES: &str = "apt/advisories.json";
const EXPIRY: &str = "yum/repodata/expiry.json";
const REPOMD: &str = "yum/repodata/repomd.xml";

/// The face of a repository that a host's package manager reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// dnf's and yum's.
    Yum,
    /// apt's.
    Apt,
}

/// What a repository says at one time. The key that the host has for it has signed all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "what a repository says is to be held against what was seen of it before"]
pub struct Edition {
    /// What the repository calls itself.
    pub name: String,
    /// The certificate whose key signed.
    pub certificate: Certificate,
    /// When it was published.
    pub date: Timestamp,
    /// Until when it counts.
    pub valid_until: Timestamp,
    /// The suite of its face for apt.
    pub suite: String,
    /// The components of that.
    pub components: Vec<String>,
    /// Its notices.
    pub advisories: Vec<Advisory>,
    /// The document that has them, as it was signed.
    pub document: String,
}

impl Edition {
    /// Returns what is to be remembered of it, for the repository that the host knows under `name`.
    pub fn source(&self, name: &str, address: &Address, checked: Timestamp) -> Source {
        Source {
            name: name.to_owned(),
            url: address.to_string(),
            certificate: Some(self.certificate.clone()),
            date: self.date,
            valid_until: Some(self.valid_until),
            checked,
            revision: Some(self.date.as_second().to_string()),
        }
    }
}

/// Reads what the repository at `address` says now, and has `trust` judge it at time `at`.
///
/// # Errors
///
/// Nothing is taken of a repository of which anything is not signed, or is of another edition than the
/// rest. Where it is being published at this moment it is read once more.
pub fn read(
    transport: &Transport,
    address: &Address,
    side: Side,
    trust: &TrustStore,
    at: Timestamp,
) -> Result<Edition, Unread> {
    let shelf = Shelf { transport, address, trust, at };
    match shelf.edition(side) {
        Err(Unread::Mixed(_)) => shelf.edition(side),
        read => read,
    }
}

/// Files of a repository, and who judges them.
struct Shelf<'a> {
    transport: &'a Transport,
    address: &'a Address,
    trust: &'a TrustStore,
    at: Timestamp,
}

impl Shelf<'_> {
    fn edition(&self, side: Side) -> Result<Edition, Unread> {
        let (bytes, certificate) = self.signed(ADVISORIES)?;
        let statement: Statement = document(ADVISORIES, &bytes)?;
        let components = match side {
            Side::Yum => self.same_as_yum(&statement).map(|()| Vec::new())?,
            Side::Apt => self.same_as_apt(&statement)?,
        };
        Ok(Edition {
            name: statement.repository,
            certificate,
            date: statement.date,
            valid_until: statement.valid_until,
            suite: statement.suite,
            components,
            advisories: statement.advisories,
            document: String::from_utf8(bytes)
                .map_err(|error| malformed(ADVISORIES, error.to_string()))?,
        })
    }

    /// Makes sure that what dnf reads is of the same edition.
    fn same_as_yum(&self, statement: &Statement) -> Result<(), Unread> {
        let (bytes, _) = self.signed(EXPIRY)?;
        let yum: YumStatement = document(EXPIRY, &bytes)?;
        let here = (&yum.repository, yum.date, yum.valid_until);
        if here != (&statement.repository, statement.date, statement.valid_until) {
            return Err(mixed(EXPIRY, yum.date, statement.date));
        }
        let repomd = self.transport.get(self.address, REPOMD)?;
        if !yum.repomd_sha256.eq_ignore_ascii_case(&sha256(&repomd)) {
            let what = format!("`{REPOMD}` is not the one that `{EXPIRY}` is about");
            return Err(Unread::Mixed(what));
        }
        Ok(())
    }

    /// Makes sure that what apt reads is of the same edition; returns its components.
    fn same_as_apt(&self, statement: &Statement) -> Result<Vec<String>, Unread> {
        let suite = &statement.suite;
        if !is_word(suite) {
            return Err(malformed(ADVISORIES, "the suite is no name".to_owned()));
        }
        let file = format!("apt/dists/{suite}/InRelease");
        let signed = self.transport.get(self.address, &file)?;
        let judged = self.trust.judge_within(&signed, self.at);
        let (_, text) =
            judged.map_err(|refusal| Unread::Untrusted { file: file.clone(), refusal })?;
        let release = apt::contents(&text).map_err(|error| malformed(&file, error.to_string()))?;
        let field = |name: &str| {
            release.field(name).ok_or_else(|| malformed(&file, format!("it has no `{name}`")))
        };
        let date = date(field("Date")?)
            .ok_or_else(|| malformed(&file, "its `Date` is none".to_owned()))?;
        // It has no parts of seconds.
        if date.as_second() != statement.date.as_second() || field("Suite")? != suite {
            return Err(mixed(&file, date, statement.date));
        }
        let components: Vec<_> =
            field("Components")?.split_whitespace().map(str::to_owned).collect();
        match components.iter().find(|word| !is_word(word)) {
            None if !components.is_empty() => Ok(components),
            _ => Err(malformed(&file, "its components are no names".to_owned())),
        }
    }

    /// Returns a file whose signature beside it counts, and the certificate whose key signed.
    fn signed(&self, file: &str) -> Result<(Vec<u8>, Certificate), Unread> {
        let bytes = self.transport.get(self.address, file)?;
        let signature = self.transport.find(self.address, &format!("{file}.asc"))?;
        let verdict = match signature {
            Some(signature) => self.trust.judge_beside(&mut &bytes[..], &signature, self.at),
            None => Err(packaging::signature::Refusal::Unsigned),
        };
        match verdict {
            Ok(signed) => {
                let certificate = signed.fingerprint.as_str().parse();
                Ok((bytes, certificate.expect("a certificate is called by its fingerprint")))
            }
            Err(refusal) => Err(Unread::Untrusted { file: file.to_owned(), refusal }),
        }
    }
}

/// Whether a text is safe in settings: a letter or digit, then such, or `._+-`.
pub(super) fn is_word(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(plain)
}

pub(super) fn sha256(mut bytes: &[u8]) -> String {
    let mut hashing = Hashing::<_, Sha256>::new(&mut bytes);
    std::io::copy(&mut hashing, &mut std::io::sink()).expect("memory can be read");
    hashing.finish().digest
}

fn mixed(file: &str, date: Timestamp, other: Timestamp) -> Unread {
    Unread::Mixed(format!("`{file}` is of {date}, and `{ADVISORIES}` of {other}"))
}

fn malformed(file: &str, why: String) -> Unread {
    Unread::Malformed { file: file.to_owned(), why }
}
