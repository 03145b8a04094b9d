//! Keys that are made here, for those who do not know gpg.

use std::fmt;
use std::io;
use std::time::SystemTime;

use jiff::Timestamp;
use sequoia_openpgp as openpgp;

use openpgp::cert::{Cert, CertRevocationBuilder};
use openpgp::packet::key::{Key4, PrimaryRole, SecretParts};
use openpgp::packet::signature::SignatureBuilder;
use openpgp::packet::{Key, Packet, UserID};
use openpgp::serialize::MarshalInto;
use openpgp::types::{Curve, HashAlgorithm, KeyFlags, ReasonForRevocation, SignatureType};

use super::{Fingerprint, Passphrase};

/// An Ed25519 key that signs: one key, no subkeys, no end, in the form that rpm, gpg and apt of all
/// ages read.
pub struct NewKey {
    certificate: Cert,
    revoked: Cert,
}

/// Why no key was made.
#[derive(Debug, thiserror::Error)]
pub enum NotCreated {
    /// Nobody can be called that.
    #[error("`{}` is no name: it is empty, or has characters that cannot be shown", .0.escape_debug())]
    Name(String),
    /// The library failed.
    #[error("the key could not be made: {0}")]
    Key(String),
}

impl NewKey {
    /// Makes the key of `owner` at the time `at`, locked with `passphrase` where there is one.
    pub fn create(
        owner: &str,
        passphrase: Option<Passphrase>,
        at: Timestamp,
    ) -> Result<Self, NotCreated> {
        if owner.trim().is_empty() || owner.chars().any(char::is_control) {
            return Err(NotCreated::Name(owner.to_owned()));
        }
        Self::make(owner, passphrase, SystemTime::from(at))
            .map_err(|error| NotCreated::Key(error.to_string()))
    }

    /// Bound by one signature over key and name alone: older rpm reads no certificate with another.
    fn make(owner: &str, passphrase: Option<Passphrase>, at: SystemTime) -> openpgp::Result<Self> {
        let mut key: Key<SecretParts, PrimaryRole> =
            Key4::generate_ecc(true, Curve::Ed25519)?.into();
        key.set_creation_time(at)?;
        let mut pair = key.clone().into_keypair()?;
        let bare = Cert::try_from(Packet::from(key.clone()))?;
        let owner = UserID::from(owner);
        let binding = SignatureBuilder::new(SignatureType::PositiveCertification)
            .set_hash_algo(HashAlgorithm::SHA256)
            .set_signature_creation_time(at)?
            .set_key_flags(KeyFlags::empty().set_certification().set_signing())?;
        let binding = owner.bind(&mut pair, &bare, binding)?;
        let (mut certificate, _) = bare.insert_packets([Packet::from(owner), binding.into()])?;
        if let Some(Passphrase(password)) = passphrase {
            (certificate, _) = certificate.insert_packets(key.encrypt_secret(&password)?)?;
        }
        let revocation = CertRevocationBuilder::new()
            .set_signature_creation_time(at)?
            .set_reason_for_revocation(ReasonForRevocation::Unspecified, b"")?
            .build(&mut pair, &certificate, HashAlgorithm::SHA256)?;
        let public = certificate.clone().strip_secret_key_material();
        let (revoked, _) = public.insert_packets(revocation)?;
        Ok(Self { certificate, revoked })
    }

    /// Returns the fingerprint.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.certificate.fingerprint())
    }

    /// Returns what must be kept secret, armored.
    pub fn secret(&self) -> io::Result<Vec<u8>> {
        armored(&self.certificate.as_tsk().armored())
    }

    /// Returns what hosts are given, armored.
    pub fn certificate(&self) -> io::Result<Vec<u8>> {
        armored(&self.certificate.armored())
    }

    /// Returns what hosts are given once the secret key is lost or stolen: the certificate, taken
    /// back, armored.
    pub fn revoked(&self) -> io::Result<Vec<u8>> {
        armored(&self.revoked.armored())
    }
}

fn armored(key: &impl MarshalInto) -> io::Result<Vec<u8>> {
    key.to_vec().map_err(io::Error::other)
}

impl fmt::Debug for NewKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewKey({})", self.fingerprint())
    }
}
