//! Which keys and signatures are good enough (`threats-and-faults` A14).
//!
//! The rules are ours and do not change with time: the library's own policy lets an old package get
//! by with what was good enough when it was made, and forgives SHA-1 where only a second pre-image
//! would help an attacker. Of the library's rules those on critical subpackets are kept.

use std::time::{Duration, UNIX_EPOCH};

use sequoia_openpgp as openpgp;

use openpgp::Error::{InvalidOperation, PolicyViolation};
use openpgp::Packet;
use openpgp::cert::amalgamation::key::ValidErasedKeyAmalgamation;
use openpgp::packet::key::{KeyParts, KeyRole, PublicParts};
use openpgp::packet::{Key, Signature};
use openpgp::policy::{HashAlgoSecurity, Policy as Rules, StandardPolicy};
use openpgp::types::{Curve, HashAlgorithm, PublicKeyAlgorithm, SignatureType};

/// The day of the library's rules that are kept, in seconds since 1970: 2026-01-01.
const RULES_OF: Duration = Duration::from_secs(1_767_225_600);

/// RSA below this many bits is refused.
const RSA_REFUSED: usize = 2048;

/// RSA below this many bits is warned of.
const RSA_WARNED: usize = 3072;

/// What is accepted, for the library to ask whenever it looks at a key or a signature.
#[derive(Debug)]
pub(super) struct Policy(StandardPolicy<'static>);

/// How hard a key is to break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Strength {
    Good,
    /// Accepted for now; which kind of key.
    Scant(String),
    /// Refused; which kind of key.
    Weak(String),
}

impl Policy {
    pub(super) fn new() -> Self {
        Self(StandardPolicy::at(UNIX_EPOCH + RULES_OF))
    }
}

impl Rules for Policy {
    fn signature(&self, signature: &Signature, need: HashAlgoSecurity) -> openpgp::Result<()> {
        // Whatever is wrong with a revocation, to heed it is the safe side.
        if is_revocation(signature.typ()) {
            return Ok(());
        }
        if signature.version() < 4 {
            return refuse(format!("a signature of version {}", signature.version()));
        }
        match signature.hash_algo() {
            HashAlgorithm::SHA256
            | HashAlgorithm::SHA384
            | HashAlgorithm::SHA512
            | HashAlgorithm::SHA3_256
            | HashAlgorithm::SHA3_512 => self.0.signature(signature, need).map_err(|error| {
                // Not weak: it demands what is unknown here.
                InvalidOperation(error.to_string()).into()
            }),
            weak => refuse(format!("a {weak} digest")),
        }
    }

    fn key(&self, key: &ValidErasedKeyAmalgamation<'_, PublicParts>) -> openpgp::Result<()> {
        match strength(key.key()) {
            Strength::Good | Strength::Scant(_) => Ok(()),
            Strength::Weak(kind) => refuse(format!("{kind} key")),
        }
    }

    fn packet(&self, _: &Packet) -> openpgp::Result<()> {
        // Detached signatures consist of nothing but signatures, which are judged above.
        Ok(())
    }
}

/// Tells how hard `key` is to break.
pub(super) fn strength<P: KeyParts, R: KeyRole>(key: &Key<P, R>) -> Strength {
    let algorithm = key.pk_algo();
    let bits = key.mpis().bits().unwrap_or_default();
    if is_rsa(algorithm) {
        let kind = format!("an RSA {bits}");
        return match bits {
            ..RSA_REFUSED => Strength::Weak(kind),
            RSA_REFUSED..RSA_WARNED => Strength::Scant(kind),
            RSA_WARNED.. => Strength::Good,
        };
    }
    match (algorithm, curve(key)) {
        (PublicKeyAlgorithm::Ed25519 | PublicKeyAlgorithm::Ed448, _)
        | (PublicKeyAlgorithm::EdDSA, Some(Curve::Ed25519))
        | (PublicKeyAlgorithm::ECDSA, Some(Curve::NistP256 | Curve::NistP384 | Curve::NistP521)) => {
            Strength::Good
        }
        (other, Some(curve)) => Strength::Weak(format!("a {other} {curve}")),
        (other, None) => Strength::Weak(format!("a {other} {bits}")),
    }
}

/// Whether signatures by `algorithm` are made with RSA.
#[expect(deprecated, reason = "keys that only sign are still about")]
pub(super) fn is_rsa(algorithm: PublicKeyAlgorithm) -> bool {
    matches!(algorithm, PublicKeyAlgorithm::RSAEncryptSign | PublicKeyAlgorithm::RSASign)
}

fn curve<P: KeyParts, R: KeyRole>(key: &Key<P, R>) -> Option<&Curve> {
    use openpgp::crypto::mpi::PublicKey;
    match key.mpis() {
        PublicKey::EdDSA { curve, .. } | PublicKey::ECDSA { curve, .. } => Some(curve),
        _ => None,
    }
}

fn is_revocation(kind: SignatureType) -> bool {
    matches!(
        kind,
        SignatureType::KeyRevocation
            | SignatureType::SubkeyRevocation
            | SignatureType::CertificationRevocation
    )
}

fn refuse(what: String) -> openpgp::Result<()> {
    Err(PolicyViolation(what, None).into())
}
