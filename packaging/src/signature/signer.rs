//! Who signs.

use std::fmt;
use std::io::{self, Read, Seek};
use std::time::SystemTime;

use jiff::Timestamp;
use sequoia_openpgp as openpgp;

use openpgp::armor;
use openpgp::cert::Cert;
use openpgp::crypto::KeyPair;
use openpgp::packet::Packet;
use openpgp::packet::signature::SignatureBuilder;
use openpgp::parse::Parse;
use openpgp::serialize::stream::{Message, Signer as Writer};
use openpgp::types::{HashAlgorithm, SignatureType};

use super::agent::{self, AgentError};
use super::key::{KeyError, unusable};
use super::policy::{Policy, is_rsa};
use super::{Fingerprint, Refusal, TrustStore, Warning, trust};

/// A key that can sign.
#[derive(Clone)]
pub struct Signer {
    certificate: Cert,
    pub(super) key: Key,
}

#[derive(Clone)]
pub(super) enum Key {
    /// In our memory.
    Held(Box<KeyPair>),
    /// With gpg.
    Agent,
}

/// What has no bytes: a signature that is not worth keeping.
#[derive(Debug, thiserror::Error)]
pub enum NotSigned {
    /// The content could not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// gpg did not sign.
    #[error(transparent)]
    Agent(#[from] AgentError),
    /// The key did not sign.
    #[error("the key could not be used: {0}")]
    Key(String),
    /// Our own policy would refuse what was signed.
    #[error("the new signature is not good")]
    Refused(#[source] Refusal),
}

/// A detached signature, binary.
pub(super) struct Signature {
    pub(super) bytes: Vec<u8>,
    pub(super) is_rsa: bool,
}

impl Signer {
    /// Returns the signer whose key gpg holds.
    pub fn agent(key: &Fingerprint, at: Timestamp) -> Result<Self, KeyError> {
        let bytes = agent::export(key)?;
        let certificates = trust::parse(&bytes).map_err(|_| KeyError::NoKey)?;
        let named =
            |it: &Cert| it.keys().any(|one| Fingerprint::of(one.key().fingerprint()) == *key);
        let certificate = certificates.into_iter().find(named).ok_or(KeyError::NoKey)?;
        let policy = Policy::new();
        let usable = certificate
            .keys()
            .with_policy(&policy, SystemTime::from(at))
            .alive()
            .revoked(false)
            .for_signing()
            .next()
            .is_some();
        if usable {
            Ok(Self { certificate, key: Key::Agent })
        } else {
            Err(unusable(&certificate, at))
        }
    }

    pub(super) fn held(certificate: Cert, key: KeyPair) -> Self {
        Self { certificate, key: Key::Held(Box::new(key)) }
    }

    /// Returns the certificate's fingerprint.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.certificate.fingerprint())
    }

    /// Returns the store that trusts this key and no other.
    pub fn trust(&self) -> TrustStore {
        TrustStore::of(self.certificate.clone())
    }

    /// Signs `data`, from its present position on, at the time `at`; gpg takes its own present time.
    ///
    /// What comes out has been judged as anybody would judge it. That reads `data` again.
    pub(super) fn sign<R: Read + Seek + Send + Sync>(
        &self,
        data: &mut R,
        at: Timestamp,
    ) -> Result<Signature, NotSigned> {
        let start = data.stream_position()?;
        let bytes = match &self.key {
            Key::Held(key) => held(&self.certificate, key, data, at)?,
            Key::Agent => agent::sign(&self.fingerprint(), data)?,
        };
        let (is_rsa, made) = parse(&bytes)?;
        data.seek(io::SeekFrom::Start(start))?;
        match self.trust().judge(&bytes, data, at.max(made)) {
            Ok(_) => Ok(Signature { bytes, is_rsa }),
            Err(refusal) => Err(NotSigned::Refused(refusal)),
        }
    }

    /// Returns what those who verify will be warned of.
    pub fn warnings(&self, at: Timestamp) -> Vec<Warning> {
        match &self.key {
            Key::Held(key) => trust::warnings(&self.certificate, key.public().key_handle(), at),
            Key::Agent => trust::warnings(&self.certificate, self.certificate.key_handle(), at),
        }
    }
}

fn held(
    certificate: &Cert,
    key: &KeyPair,
    data: &mut dyn Read,
    at: Timestamp,
) -> Result<Vec<u8>, NotSigned> {
    let failed = |error: openpgp::anyhow::Error| NotSigned::Key(error.to_string());
    let mut template = SignatureBuilder::new(SignatureType::Binary);
    let policy = Policy::new();
    let valid = certificate.with_policy(&policy, SystemTime::from(at)).map_err(failed)?;
    if let Ok(user_id) = valid.primary_userid() {
        template = template.set_signers_user_id(user_id.userid().value()).map_err(failed)?;
    }
    let mut bytes = Vec::new();
    let mut writer = Writer::with_template(Message::new(&mut bytes), key.clone(), template)
        .and_then(|writer| writer.detached().hash_algo(HashAlgorithm::SHA256))
        .and_then(|writer| writer.creation_time(SystemTime::from(at)).build())
        .map_err(failed)?;
    io::copy(data, &mut writer)?;
    writer.finalize().map_err(failed)?;
    Ok(bytes)
}

/// Returns whether RSA made a signature, and when.
fn parse(bytes: &[u8]) -> Result<(bool, Timestamp), NotSigned> {
    let Ok(Packet::Signature(signature)) = Packet::from_bytes(bytes) else {
        return Err(NotSigned::Refused(Refusal::Malformed));
    };
    let is_rsa = is_rsa(signature.pk_algo());
    Ok((is_rsa, trust::time_of(&signature)))
}

impl Signature {
    /// Returns it as text.
    pub(super) fn armored(&self) -> io::Result<Vec<u8>> {
        let mut writer = armor::Writer::new(Vec::new(), armor::Kind::Signature)?;
        io::Write::write_all(&mut writer, &self.bytes)?;
        writer.finalize()
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.fingerprint())
    }
}
