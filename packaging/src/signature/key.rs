//! Secret keys from files.

use std::fmt;
use std::time::SystemTime;

use jiff::Timestamp;
use sequoia_openpgp as openpgp;

use openpgp::cert::Cert;
use openpgp::crypto::{KeyPair, Password};
use openpgp::packet::Key;
use openpgp::packet::key::{SecretParts, UnspecifiedRole};
use openpgp::types::RevocationStatus;

use super::agent::AgentError;
use super::policy::{Policy, Strength, strength};
use super::{Fingerprint, Signer, trust};

/// What unlocks a secret key. Wiped from memory when dropped, and never printed.
#[derive(Clone)]
pub struct Passphrase(pub(super) Password);

/// A key that can sign once it is unlocked.
#[derive(Clone)]
pub struct SecretKey {
    certificate: Cert,
    key: Key<SecretParts, UnspecifiedRole>,
}

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The bytes are no keys.
    #[error("it holds no OpenPGP key")]
    NoKey,
    /// There are public keys only.
    #[error("it holds no secret key")]
    NoSecretKey,
    /// Which of them is meant is not known.
    #[error("it holds {0} secret keys, of which only one can be meant")]
    Several(usize),
    /// The policy would refuse what it signs.
    #[error("key {key} cannot sign: {problem}")]
    Unusable {
        /// The certificate.
        key: Fingerprint,
        /// Why not.
        problem: String,
    },
    /// The key is locked, and there is no passphrase.
    #[error("key {0} is locked with a passphrase")]
    Locked(Fingerprint),
    /// The passphrase does not unlock the key.
    #[error("the passphrase does not unlock key {0}")]
    WrongPassphrase(Fingerprint),
    /// gpg does not have it.
    #[error(transparent)]
    Agent(#[from] AgentError),
}

impl SecretKey {
    /// Finds the key in `bytes`, armored or binary, that can sign at the time `at`: of several in one
    /// certificate the newest.
    pub fn read(bytes: &[u8], at: Timestamp) -> Result<Self, KeyError> {
        let certificates = trust::parse(bytes).map_err(|_| KeyError::NoKey)?;
        if certificates.is_empty() {
            return Err(KeyError::NoKey);
        }
        let mut secret: Vec<_> = certificates.into_iter().filter(Cert::is_tsk).collect();
        let (Some(certificate), others) = (secret.pop(), secret.len()) else {
            return Err(KeyError::NoSecretKey);
        };
        if others > 0 {
            return Err(KeyError::Several(others + 1));
        }
        let key = newest(&certificate, at).ok_or_else(|| unusable(&certificate, at))?;
        Ok(Self { certificate, key })
    }

    /// Returns the certificate's fingerprint.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.certificate.fingerprint())
    }

    /// Whether a passphrase is needed.
    pub fn is_locked(&self) -> bool {
        self.key.secret().is_encrypted()
    }

    /// Returns the signer, of a key that is not locked.
    pub fn signer(self) -> Result<Signer, KeyError> {
        if self.is_locked() {
            return Err(KeyError::Locked(self.fingerprint()));
        }
        self.held(self.key.clone())
    }

    /// Unlocks the key; it may be tried again.
    pub fn unlock(&self, passphrase: &Passphrase) -> Result<Signer, KeyError> {
        // What the library says of a failure is about packets, and a trace.
        let wrong = |_| KeyError::WrongPassphrase(self.fingerprint());
        self.held(self.key.clone().decrypt_secret(&passphrase.0).map_err(wrong)?)
    }

    fn held(&self, key: Key<SecretParts, UnspecifiedRole>) -> Result<Signer, KeyError> {
        let pair: KeyPair = key.into_keypair().map_err(|_| KeyError::Locked(self.fingerprint()))?;
        Ok(Signer::held(self.certificate.clone().strip_secret_key_material(), pair))
    }
}

fn newest(certificate: &Cert, at: Timestamp) -> Option<Key<SecretParts, UnspecifiedRole>> {
    let policy = Policy::new();
    let keys = certificate
        .keys()
        .secret()
        .with_policy(&policy, SystemTime::from(at))
        .supported()
        .alive()
        .revoked(false)
        .for_signing();
    keys.max_by_key(|key| key.key().creation_time()).map(|key| key.key().clone())
}

/// Fails with what keeps all keys of `certificate` from signing at the time `at`.
pub(super) fn unusable(certificate: &Cert, at: Timestamp) -> KeyError {
    let policy = Policy::new();
    let primary = certificate.primary_key();
    let created = trust::timestamp(primary.key().creation_time());
    let problem = match certificate.with_policy(&policy, SystemTime::from(at)) {
        _ if created > at => format!("it was made on {created}, which is yet to come"),
        Ok(valid) if matches!(valid.revocation_status(), RevocationStatus::Revoked(_)) => {
            "it is revoked".to_owned()
        }
        Ok(valid) if valid.alive().is_err() => "it has expired".to_owned(),
        _ => match strength(primary.key()) {
            Strength::Weak(kind) => format!("{kind} key is too weak"),
            _ => "none of its keys may sign now, or the file lacks them".to_owned(),
        },
    };
    KeyError::Unusable { key: Fingerprint::of(certificate.fingerprint()), problem }
}

impl Passphrase {
    /// Whether it locks nothing.
    pub fn is_empty(&self) -> bool {
        self.0.map(|bytes| bytes.is_empty())
    }
}

impl From<String> for Passphrase {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<Vec<u8>> for Passphrase {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({})", self.fingerprint())
    }
}
