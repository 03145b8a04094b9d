//! The keys that are trusted, and what they say of a signature.
//!
//! The library decides whether a signature is accepted; what is done here with one that is not is to
//! find the words for it.

use std::io::{self, Read};
use std::time::SystemTime;

use jiff::Timestamp;
use sequoia_openpgp as openpgp;

use openpgp::cert::amalgamation::key::ValidErasedKeyAmalgamation;
use openpgp::cert::amalgamation::{ValidAmalgamation, ValidateAmalgamation};
use openpgp::cert::{Cert, CertParser};
use openpgp::packet::key::PublicParts;
use openpgp::packet::{Packet, Signature};
use openpgp::parse::stream::{
    DetachedVerifierBuilder, GoodChecksum, MessageLayer, MessageStructure, VerificationError,
    VerificationHelper,
};
use openpgp::parse::{PacketParser, PacketParserResult, Parse};
use openpgp::serialize::Serialize;
use openpgp::types::{RevocationStatus, SignatureType};
use openpgp::{Error, KeyHandle};

use super::policy::{Policy, Strength, strength};
use super::{Fingerprint, Refusal, Signed, Verdict, Warning};

/// What armored blocks begin with.
const BEGIN: &[u8] = b"-----BEGIN PGP ";

/// Certificates whose keys are trusted.
#[derive(Clone, Debug, Default)]
pub struct TrustStore {
    pub(super) certificates: Vec<Cert>,
}

/// A trusted certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Certificate {
    /// Its primary key.
    pub fingerprint: Fingerprint,
    /// Whom it names.
    pub user_ids: Vec<String>,
    /// When it was made.
    pub created: Timestamp,
}

/// Bytes that are no certificates.
#[derive(Debug, thiserror::Error)]
pub enum BadCertificates {
    /// There is none.
    #[error("it holds no OpenPGP certificate")]
    None,
    /// There is only the revocation of one, as gpg keeps it for later.
    #[error(
        "it holds a revocation without its certificate; have gpg import both and export them as one"
    )]
    Revocation,
    /// One of them cannot be read.
    #[error("it holds something that is no OpenPGP certificate: {0}")]
    Unreadable(String),
}

impl TrustStore {
    /// Adds all certificates in `bytes`, armored or binary. What is told twice of one certificate,
    /// such as a revocation that came later, is put together. Secret keys are not kept.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), BadCertificates> {
        let parsed = parse(bytes);
        if parsed.as_ref().map_or(true, Vec::is_empty) && is_revocation(bytes) {
            return Err(BadCertificates::Revocation);
        }
        let certificates = parsed?;
        if certificates.is_empty() {
            return Err(BadCertificates::None);
        }
        for certificate in certificates {
            self.insert(certificate.strip_secret_key_material())?;
        }
        Ok(())
    }

    /// Returns the certificates, in the order in which they were added.
    pub fn certificates(&self) -> impl Iterator<Item = Certificate> {
        self.certificates.iter().map(|certificate| Certificate {
            fingerprint: Fingerprint::of(certificate.fingerprint()),
            user_ids: certificate.userids().map(|id| text(id.userid().value())).collect(),
            created: timestamp(certificate.primary_key().key().creation_time()),
        })
    }

    /// Returns the certificates, armored, as one text.
    pub fn armored(&self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        for certificate in &self.certificates {
            certificate.armored().serialize(&mut text).map_err(io::Error::other)?;
        }
        Ok(text)
    }

    pub(super) fn of(certificate: Cert) -> Self {
        Self { certificates: vec![certificate.strip_secret_key_material()] }
    }

    pub(super) fn insert(&mut self, certificate: Cert) -> Result<(), BadCertificates> {
        let fingerprint = certificate.fingerprint();
        let known = self.certificates.iter_mut().find(|known| known.fingerprint() == fingerprint);
        match known {
            Some(known) => {
                *known = known.clone().merge_public(certificate).map_err(unreadable)?;
            }
            None => self.certificates.push(certificate),
        }
        Ok(())
    }

    /// Says at time `at` what the detached `signatures` are worth as signatures over `data`: of
    /// several a good one counts, and else the one that tells most.
    pub(super) fn judge(
        &self,
        signatures: &[u8],
        data: &mut (dyn Read + Send + Sync),
        at: Timestamp,
    ) -> Verdict {
        let policy = Policy::new();
        let judge = Judge::new(self, at);
        let verifier = DetachedVerifierBuilder::from_bytes(signatures)
            .and_then(|builder| builder.with_policy(&policy, SystemTime::from(at), judge));
        let Ok(mut verifier) = verifier else { return Err(Refusal::Malformed) };
        match verifier.verify_reader(data) {
            Ok(()) => verifier.into_helper().verdict().unwrap_or(Err(Refusal::Malformed)),
            Err(_) => Err(Refusal::Malformed),
        }
    }
}

/// Reads certificates. Files that were put together have several armored blocks, of which the library
/// reads the first.
pub(super) fn parse(bytes: &[u8]) -> Result<Vec<Cert>, BadCertificates> {
    let starts: Vec<_> = bytes
        .windows(BEGIN.len())
        .enumerate()
        .filter(|(at, window)| *window == BEGIN && (*at == 0 || bytes[at - 1] == b'\n'))
        .map(|(at, _)| at)
        .collect();
    if starts.is_empty() {
        return parse_block(bytes);
    }
    let ends = starts.iter().copied().skip(1).chain([bytes.len()]);
    let mut certificates = Vec::new();
    for (&start, end) in starts.iter().zip(ends) {
        certificates.extend(parse_block(&bytes[start..end])?);
    }
    Ok(certificates)
}

/// Whether `bytes` hold a key's revocation and nothing else. gpg guards the file against accidents with a
/// colon before its first dash.
fn is_revocation(bytes: &[u8]) -> bool {
    let start = bytes.windows(BEGIN.len()).position(|window| window == BEGIN).unwrap_or_default();
    let first = PacketParser::from_bytes(&bytes[start..]);
    let Ok(PacketParserResult::Some(first)) = first else { return false };
    matches!(&first.packet, Packet::Signature(it) if it.typ() == SignatureType::KeyRevocation)
}

fn parse_block(bytes: &[u8]) -> Result<Vec<Cert>, BadCertificates> {
    CertParser::from_bytes(bytes)
        .and_then(Iterator::collect::<openpgp::Result<Vec<_>>>)
        .map_err(unreadable)
}

fn unreadable(error: openpgp::anyhow::Error) -> BadCertificates {
    BadCertificates::Unreadable(error.to_string().to_lowercase())
}

/// What the library asks and tells while it verifies.
pub(super) struct Judge<'a> {
    certificates: &'a [Cert],
    at: Timestamp,
    verdict: Option<Verdict>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(trust: &'a TrustStore, at: Timestamp) -> Self {
        Self { certificates: &trust.certificates, at, verdict: None }
    }

    pub(super) fn verdict(self) -> Option<Verdict> {
        self.verdict
    }
}

impl VerificationHelper for Judge<'_> {
    fn get_certs(&mut self, ids: &[KeyHandle]) -> openpgp::Result<Vec<Cert>> {
        let is_named = |certificate: &&Cert| {
            certificate.keys().any(|key| ids.iter().any(|id| id.aliases(key.key().key_handle())))
        };
        Ok(self.certificates.iter().filter(is_named).cloned().collect())
    }

    fn check(&mut self, structure: MessageStructure<'_>) -> openpgp::Result<()> {
        for layer in structure {
            let MessageLayer::SignatureGroup { results } = layer else { continue };
            for result in results {
                let verdict = match result {
                    Ok(good) => Ok(accepted(&good, self.at)),
                    Err(error) => Err(refusal(&error, self.at)),
                };
                self.verdict = Some(better(self.verdict.take(), verdict));
            }
        }
        Ok(())
    }
}

/// Returns the verdict that counts of two about one file.
pub(super) fn better(before: Option<Verdict>, next: Verdict) -> Verdict {
    match before {
        Some(Ok(signed)) => Ok(signed),
        // A key that we know says more than one that we do not.
        Some(Err(known)) if next.is_err() && !matches!(known, Refusal::UnknownKey { .. }) => {
            Err(known)
        }
        _ => next,
    }
}

fn accepted(good: &GoodChecksum<'_>, at: Timestamp) -> Signed {
    let certificate = good.ka.cert();
    let user_id = good.ka.valid_cert().primary_userid().ok();
    Signed {
        fingerprint: Fingerprint::of(certificate.fingerprint()),
        key: Fingerprint::of(good.ka.key().fingerprint()),
        user_id: user_id.map(|id| text(id.userid().value())),
        time: time_of(good.sig),
        warnings: warnings(certificate, good.ka.key().key_handle(), at),
    }
}

/// Returns what is to be known of a key that signs or has signed.
pub(super) fn warnings(certificate: &Cert, key: KeyHandle, at: Timestamp) -> Vec<Warning> {
    let policy = Policy::new();
    let mut warnings = Vec::new();
    for key in certificate.keys().key_handle(key) {
        if let Strength::Scant(kind) = strength(key.key()) {
            warnings.push(Warning::Short(kind));
        }
        if let Ok(key) = key.with_policy(&policy, SystemTime::from(at)) {
            warnings.extend(retired(&key));
            let alive = key.valid_cert().alive().and_then(|()| key.alive());
            if let Some(&Error::Expired(time)) = alive.err().as_ref().and_then(cause) {
                warnings.push(Warning::Expired(timestamp(time)));
            }
        }
    }
    warnings
}

/// Says when a key, or all of its certificate, was given up for a reason that leaves it some worth.
fn retired(key: &ValidErasedKeyAmalgamation<'_, PublicParts>) -> Option<Warning> {
    let all = [key.valid_cert().revocation_status(), key.revocation_status()];
    let revocations = all.into_iter().find_map(|status| match status {
        RevocationStatus::Revoked(revocations) => Some(revocations),
        _ => None,
    });
    Some(Warning::Retired(time_of(revocations?.first()?)))
}

fn refusal(error: &VerificationError<'_>, at: Timestamp) -> Refusal {
    match error {
        VerificationError::MissingKey { sig } => match sig.get_issuers().into_iter().next() {
            Some(key) => Refusal::UnknownKey { key: Fingerprint::of(key) },
            None => Refusal::Anonymous,
        },
        VerificationError::UnboundKey { sig, cert, error } => unbound(sig, cert, error),
        VerificationError::BadKey { sig, ka, error } => {
            let key = Fingerprint::of(ka.key().fingerprint());
            let is_revoked = |status| matches!(status, RevocationStatus::Revoked(_));
            let signed = time_of(sig);
            match cause(error) {
                Some(Error::Expired(_)) => Refusal::Expired { key, signed },
                Some(Error::NotYetLive(_)) => Refusal::Premature { key, signed },
                _ if is_revoked(ka.valid_cert().revocation_status())
                    || is_revoked(ka.revocation_status()) =>
                {
                    Refusal::Revoked { key }
                }
                _ => Refusal::Unfit { key },
            }
        }
        VerificationError::BadSignature { sig, ka, error } => {
            let key = Fingerprint::of(ka.key().fingerprint());
            match cause(error) {
                Some(Error::PolicyViolation(what, _)) => Refusal::Weak { key, what: what.clone() },
                Some(Error::InvalidOperation(_)) => Refusal::Demanding { key },
                Some(&Error::Expired(ended)) => Refusal::Lapsed { key, ended: timestamp(ended) },
                _ if time_of(sig) > at => Refusal::Future { key, signed: time_of(sig) },
                _ => Refusal::Altered { key },
            }
        }
        VerificationError::MalformedSignature { .. }
        | VerificationError::UnknownSignature { .. }
        | _ => Refusal::Malformed,
    }
}

/// Says why a key has no place in its certificate at the time of a signature.
fn unbound(signature: &Signature, certificate: &Cert, error: &openpgp::anyhow::Error) -> Refusal {
    let keys = certificate.keys().key_handles(signature.get_issuers());
    let Some(key) = keys.map(|key| key.key().clone()).next() else { return Refusal::Malformed };
    let signed = time_of(signature);
    let name = Fingerprint::of(key.fingerprint());
    if let Strength::Weak(kind) = strength(&key) {
        return Refusal::Weak { key: name, what: format!("{kind} key") };
    }
    match cause(error) {
        Some(Error::PolicyViolation(what, _)) => Refusal::Weak { key: name, what: what.clone() },
        Some(Error::InvalidOperation(_)) => Refusal::Demanding { key: name },
        _ if signed < timestamp(key.creation_time()) => Refusal::Premature { key: name, signed },
        _ => Refusal::Unfit { key: name },
    }
}

/// Returns the library's own error among the causes of `error`.
fn cause(error: &openpgp::anyhow::Error) -> Option<&Error> {
    error.chain().find_map(|cause| cause.downcast_ref())
}

pub(super) fn time_of(signature: &Signature) -> Timestamp {
    signature.signature_creation_time().map_or(Timestamp::UNIX_EPOCH, timestamp)
}

/// OpenPGP counts seconds since 1970 in 32 bits: none is beyond what can be told.
pub(super) fn timestamp(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or(Timestamp::MAX)
}

pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
