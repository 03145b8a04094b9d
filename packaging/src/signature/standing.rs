//! How a trusted certificate stands, whatever it has signed, and stores of some certificates of others.

use std::time::SystemTime;

use jiff::Timestamp;
use sequoia_openpgp as openpgp;

use openpgp::cert::Cert;
use openpgp::cert::amalgamation::ValidateAmalgamation;
use openpgp::types::RevocationStatus;

use super::policy::{Policy, Strength, strength};
use super::trust::{BadCertificates, timestamp};
use super::{Fingerprint, TrustStore};

/// How a certificate stands at some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What kind of key its primary key is: `Ed25519`, `RSA 3072`.
    pub kind: String,
    /// Whether a key of it can sign then, for us to accept.
    pub can_sign: bool,
    /// Whether its owner has taken it back.
    pub is_revoked: bool,
    /// When it expires; `None` where it does not say.
    pub expires: Option<Timestamp>,
    /// The key that is shorter than keys should be today, or too weak to count; its kind.
    pub weakness: Option<String>,
}

impl TrustStore {
    /// Returns how the certificate stands at the time `at`; `None` where it is not here.
    pub fn standing(&self, certificate: &Fingerprint, at: Timestamp) -> Option<Standing> {
        let certificate = self.certificate(certificate)?;
        let policy = Policy::new();
        let time = SystemTime::from(at);
        let keys = certificate.keys().with_policy(&policy, time);
        let can_sign = keys.alive().revoked(false).for_signing().next().is_some();
        let primary = certificate.primary_key();
        let valid = primary.with_policy(&policy, time).ok();
        let expires = valid.as_ref().and_then(|key| key.key_expiration_time()).map(timestamp);
        let weakness = match strength(primary.key()) {
            Strength::Good => None,
            Strength::Scant(kind) | Strength::Weak(kind) => Some(kind),
        };
        Some(Standing {
            kind: kind(certificate),
            can_sign,
            is_revoked: is_revoked(certificate, at),
            expires,
            weakness,
        })
    }

    /// Adds what `other` has.
    pub fn extend(&mut self, other: &Self) -> Result<(), BadCertificates> {
        other.certificates.iter().try_for_each(|certificate| self.insert(certificate.clone()))
    }

    /// Returns the store that trusts those certificates of this one that are `wanted`.
    pub fn only(&self, wanted: impl Fn(&Fingerprint) -> bool) -> Self {
        let is_wanted = |it: &&Cert| wanted(&Fingerprint::of(it.fingerprint()));
        Self { certificates: self.certificates.iter().filter(is_wanted).cloned().collect() }
    }

    /// Whether a key of a certificate here is called `key`, by its fingerprint or the end of it.
    pub fn signs_as(&self, key: &Fingerprint) -> bool {
        let mut keys = self.certificates.iter().flat_map(Cert::keys);
        keys.any(|one| Fingerprint::of(one.key().fingerprint()).as_str().ends_with(key.as_str()))
    }

    /// Whether no certificate is here.
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    fn certificate(&self, named: &Fingerprint) -> Option<&Cert> {
        self.certificates.iter().find(|it| Fingerprint::of(it.fingerprint()) == *named)
    }
}

/// Whether signatures of the time `at` no longer count, as their certificate is revoked.
fn is_revoked(certificate: &Cert, at: Timestamp) -> bool {
    let status = certificate.revocation_status(&Policy::new(), SystemTime::from(at));
    matches!(status, RevocationStatus::Revoked(_))
}

fn kind(certificate: &Cert) -> String {
    let key = certificate.primary_key();
    let key = key.key();
    let bits = key.mpis().bits().unwrap_or_default();
    match key.pk_algo() {
        algorithm if super::policy::is_rsa(algorithm) => format!("RSA {bits}"),
        openpgp::types::PublicKeyAlgorithm::EdDSA => "Ed25519".to_owned(),
        other => other.to_string(),
    }
}
