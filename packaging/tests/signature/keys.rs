//! Keys and signatures of all sorts, good and bad, with times of our choice.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use packaging::signature::{SecretKey, Signer, TrustStore};
use sequoia_openpgp as openpgp;

use openpgp::Cert;
use openpgp::cert::{CertBuilder, CipherSuite};
use openpgp::crypto::KeyPair;
use openpgp::packet::key::{Key4, PrimaryRole, SecretParts};
use openpgp::packet::signature::SignatureBuilder;
use openpgp::packet::signature::subpacket::NotationDataFlags;
use openpgp::packet::{Key, Packet, UserID};
use openpgp::policy::StandardPolicy;
use openpgp::serialize::MarshalInto;
use openpgp::types::{Curve, HashAlgorithm, KeyFlags, ReasonForRevocation, SignatureType};

use crate::tools;

/// What is signed.
pub(crate) const CONTENT: &[u8] = b"what is signed";

pub(crate) const DAY: Duration = Duration::from_secs(86_400);

/// When keys are made; they sign 30 days later and are judged after 100.
pub(crate) fn day(number: u32) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600) + DAY * number
}

pub(crate) fn at(number: u32) -> Timestamp {
    Timestamp::try_from(day(number)).unwrap()
}

pub(crate) fn builder() -> CertBuilder<'static> {
    CertBuilder::new()
        .add_userid("Release <release@example.org>")
        .set_creation_time(day(0))
        .set_primary_key_flags(KeyFlags::empty().set_certification().set_signing())
}

pub(crate) fn key() -> Cert {
    builder().generate().unwrap().0
}

/// A key that is made on a later day.
pub(crate) fn key_of(number: u32) -> Cert {
    builder().set_creation_time(day(number)).generate().unwrap().0
}

pub(crate) fn on_curve(suite: CipherSuite) -> Cert {
    builder().set_cipher_suite(suite).generate().unwrap().0
}

pub(crate) fn with_subkey() -> Cert {
    let flags = KeyFlags::empty().set_certification();
    builder().set_primary_key_flags(flags).add_signing_subkey().generate().unwrap().0
}

pub(crate) fn valid_for(days: u32) -> Cert {
    builder().set_validity_period(DAY * days).generate().unwrap().0
}

/// A key whose name is bound to it with a weaker digest.
pub(crate) fn bound_by(algorithm: HashAlgorithm) -> Cert {
    let key: Key<SecretParts, PrimaryRole> =
        Key4::generate_ecc(true, Curve::Ed25519).map(Into::into).unwrap();
    let mut key = key;
    key.set_creation_time(day(0)).unwrap();
    let mut pair = key.clone().into_keypair().unwrap();
    let bare = Cert::try_from(Packet::from(key)).unwrap();
    let binding = SignatureBuilder::new(SignatureType::PositiveCertification)
        .set_hash_algo(algorithm)
        .set_signature_creation_time(day(0))
        .unwrap()
        .set_key_flags(KeyFlags::empty().set_certification().set_signing())
        .unwrap();
    let user = UserID::from("Release <release@example.org>");
    let binding = user.bind(&mut pair, &bare, binding).unwrap();
    bare.insert_packets([Packet::from(user), binding.into()]).unwrap().0
}

/// Takes a key back for a reason on a day.
pub(crate) fn revoked(cert: Cert, reason: ReasonForRevocation, on: u32) -> Cert {
    let mut primary = pair(&cert);
    let revocation = openpgp::cert::CertRevocationBuilder::new()
        .set_signature_creation_time(day(on))
        .unwrap()
        .set_reason_for_revocation(reason, b"")
        .unwrap()
        .build(&mut primary, &cert, None)
        .unwrap();
    cert.insert_packets(revocation).unwrap().0
}

fn pair(cert: &Cert) -> KeyPair {
    cert.primary_key().key().clone().parts_into_secret().unwrap().into_keypair().unwrap()
}

/// A signature like those of [`Made::on`], with something odd about it.
pub(crate) struct Made(SignatureBuilder);

impl Made {
    pub(crate) fn on(number: u32) -> Self {
        let builder = SignatureBuilder::new(SignatureType::Binary);
        Self(builder.set_signature_creation_time(day(number)).unwrap())
    }

    pub(crate) fn hash(self, algorithm: HashAlgorithm) -> Self {
        Self(self.0.set_hash_algo(algorithm))
    }

    pub(crate) fn valid_for(self, days: u32) -> Self {
        Self(self.0.set_signature_validity_period(DAY * days).unwrap())
    }

    pub(crate) fn demanding(self) -> Self {
        let flags = NotationDataFlags::empty().set_human_readable();
        Self(self.0.add_notation("rule@example.org", b"obey", flags, true).unwrap())
    }

    /// Signs with the key that may, whatever a policy says about it.
    pub(crate) fn by(self, cert: &Cert) -> Vec<u8> {
        let policy = StandardPolicy::new();
        let subkey = cert.keys().subkeys().secret().with_policy(&policy, day(1)).for_signing();
        let mut pair = match subkey.map(|key| key.key().clone()).next() {
            Some(key) => key.into_keypair().unwrap(),
            None => pair(cert),
        };
        let signature = self.0.sign_message(&mut pair, CONTENT).unwrap();
        Packet::from(signature).to_vec().unwrap()
    }
}

pub(crate) fn public(cert: &Cert) -> Vec<u8> {
    cert.armored().to_vec().unwrap()
}

pub(crate) fn secret(cert: &Cert) -> Vec<u8> {
    cert.as_tsk().armored().to_vec().unwrap()
}

pub(crate) fn trust(cert: &Cert) -> TrustStore {
    let mut trust = TrustStore::default();
    trust.add(&public(cert)).unwrap();
    trust
}

pub(crate) fn signer(cert: &Cert) -> Signer {
    SecretKey::read(&secret(cert), at(30)).unwrap().signer().unwrap()
}

/// A key as gpg makes it: certificate and secret, not locked. The test has to look for gpg before.
pub(crate) fn of_gpg(kind: &str) -> (Vec<u8>, Vec<u8>) {
    let home = tempfile::tempdir().unwrap();
    let gpg = |words: &[&str]| {
        let mut gpg = tools::command("gpg");
        gpg.args(["--batch", "--quiet", "--passphrase", "", "--pinentry-mode", "loopback"]);
        // Made on the first of our days, so that all else has a time after it.
        gpg.args(["--faked-system-time", "20260101T000000!"]);
        gpg.env("GNUPGHOME", home.path()).args(words);
        tools::run(&mut gpg).stdout
    };
    gpg(&["--quick-gen-key", "Release <release@example.org>", kind, "sign", "never"]);
    let keys = (gpg(&["--export"]), gpg(&["--export-secret-keys"]));
    tools::run(
        tools::command("gpgconf").args(["--kill", "gpg-agent"]).env("GNUPGHOME", home.path()),
    );
    keys
}
