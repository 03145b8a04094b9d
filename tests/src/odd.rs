//! Signatures that a host should not take, and some that it should with a warning.

use std::time::{Duration, SystemTime};

use sequoia_openpgp as openpgp;

use openpgp::Cert;
use openpgp::cert::CertRevocationBuilder;
use openpgp::packet::Packet;
use openpgp::packet::signature::SignatureBuilder;
use openpgp::parse::Parse;
use openpgp::serialize::MarshalInto;
use openpgp::types::{HashAlgorithm, ReasonForRevocation, SignatureType};

use crate::Key;
use crate::run::{command, finish};

const DAY: Duration = Duration::from_secs(86_400);

/// One signature, and what a host has to make of it.
#[derive(Debug)]
pub struct Odd {
    /// What is special about it.
    pub case: &'static str,
    /// The key that made it.
    pub key: Key,
    /// The signature, to stand beside what was signed.
    pub signature: Vec<u8>,
    /// How an installation ends.
    pub status: i32,
    /// What is said then.
    pub told: &'static str,
}

impl Key {
    /// Returns the key after its owner has taken it back as stolen.
    pub fn revoked(&self) -> Self {
        let reason = ReasonForRevocation::KeyCompromised;
        let revocation = CertRevocationBuilder::new()
            .set_reason_for_revocation(reason, b"stolen")
            .and_then(|builder| builder.build(&mut self.pair(), &self.0, None))
            .expect("a key can take itself back");
        Self(self.0.clone().insert_packets(revocation).expect("it is its own").0)
    }
}

/// Returns signatures over `content` of all sorts.
pub fn signatures(content: &[u8]) -> Vec<Odd> {
    let aged = |days: u32, valid: u32| {
        let builder = Key::builder("Odd <odd@example.org>").set_creation_time(ago(days));
        Key::made(builder.set_validity_period(DAY * valid))
    };
    let plain = || Key::made(Key::builder("Odd <odd@example.org>").set_creation_time(ago(30)));
    let sha256 = HashAlgorithm::SHA256;
    let future = SystemTime::now() + DAY;
    vec![
        odd("RSA 1024", of_gpg("rsa1024"), (ago(1), sha256), content, (4, "too weak")),
        odd("RSA 2048", of_gpg("rsa2048"), (ago(1), sha256), content, (0, "is short")),
        odd("expired before", aged(10, 5), (ago(1), sha256), content, (4, "had expired")),
        odd("expired since", aged(10, 5), (ago(8), sha256), content, (0, "has expired since")),
        odd("revoked", plain().revoked(), (ago(1), sha256), content, (4, "is revoked")),
        odd("SHA-1", plain(), (ago(1), HashAlgorithm::SHA1), content, (4, "too weak")),
        odd("future", plain(), (future, sha256), content, (4, "yet to come")),
        odd("premature", plain(), (ago(40), sha256), content, (4, "did not exist yet")),
        odd("good", plain(), (ago(1), sha256), content, (0, "Odd <odd@example.org>")),
    ]
}

fn odd(
    case: &'static str,
    key: Key,
    (at, hash): (SystemTime, HashAlgorithm),
    content: &[u8],
    (status, told): (i32, &'static str),
) -> Odd {
    let signature = SignatureBuilder::new(SignatureType::Binary)
        .set_hash_algo(hash)
        .set_signature_creation_time(at)
        .and_then(|builder| builder.sign_message(&mut key.pair(), content))
        .expect("the key is there");
    let signature = Packet::from(signature).to_vec().expect("memory takes it");
    Odd { case, key, signature, status, told }
}

fn ago(days: u32) -> SystemTime {
    SystemTime::now() - DAY * days
}

/// Makes a key of a kind that the library makes none of.
fn of_gpg(kind: &str) -> Key {
    let home = tempfile::tempdir().expect("the temporary folder is writable");
    let file = home.path().join("secret");
    let gpg = |words: &[&str]| {
        let mut gpg = command("gpg", ["--batch", "--quiet", "--pinentry-mode", "loopback"]);
        gpg.args(["--passphrase", "", "--faked-system-time", "20260101T000000!"]);
        finish(gpg.env("GNUPGHOME", home.path()).args(words)).success()
    };
    gpg(&["--quick-gen-key", "Odd <odd@example.org>", kind, "sign", "never"]);
    gpg(&["--output", file.to_str().expect("a UTF-8 path"), "--export-secret-keys"]);
    let key = Cert::from_file(&file).expect("gpg has written it");
    let mut end = command("gpgconf", ["--kill", "gpg-agent"]);
    finish(end.env("GNUPGHOME", home.path()));
    Key(key)
}
