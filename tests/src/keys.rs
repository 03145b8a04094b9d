//! Keys that sign what tests build: made when a test first needs one, and never on a disk of the machine
//! but in the folders of tests.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::SystemTime;

use sequoia_openpgp as openpgp;

use openpgp::Cert;
use openpgp::armor::Kind;
use openpgp::cert::{CertBuilder, CipherSuite};
use openpgp::crypto::KeyPair;
use openpgp::parse::Parse;
use openpgp::serialize::stream::{Armorer, Message, Signer};
use openpgp::serialize::{MarshalInto, SerializeInto};
use openpgp::types::KeyFlags;

use crate::run::command;

/// A key that can sign.
#[derive(Clone, Debug)]
pub struct Key(pub Cert);

impl Key {
    /// Returns the key that [`crate::Plugin::release`] signs with and every [`crate::Host`] trusts.
    pub fn release() -> &'static Self {
        static KEY: OnceLock<Key> = OnceLock::new();
        KEY.get_or_init(|| Self::new("Release <release@example.org>"))
    }

    /// Makes an Ed25519 key that names `user`.
    pub fn new(user: &str) -> Self {
        Self::made(Self::builder(user))
    }

    /// Has gpg make an Ed25519 key that names `user`. Up to 4.18 rpm takes no certificate that demands what
    /// it does not know, as those of the library do.
    #[track_caller]
    pub fn of_gpg(user: &str) -> Self {
        let home = tempfile::tempdir().expect("the temporary folder is writable");
        let gpg = |words: &[&str]| {
            let own = ["--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""];
            let mut gpg = command("gpg", own.iter().chain(words));
            let output = gpg.env("GNUPGHOME", home.path()).output().expect("gpg is there");
            assert!(output.status.success(), "{output:?}");
            output.stdout
        };
        gpg(&["--quick-generate-key", user, "ed25519", "sign", "0"]);
        let secret = gpg(&["--export-secret-keys"]);
        let ended = command("gpgconf", ["--kill", "all"]).env("GNUPGHOME", home.path()).status();
        ended.expect("gpgconf is there");
        Self(Cert::from_bytes(&secret).expect("gpg exports keys"))
    }

    /// Returns what [`Key::new`] makes a key with, for one that is to be special.
    pub fn builder(user: &str) -> CertBuilder<'_> {
        CertBuilder::new()
            .add_userid(user)
            .set_cipher_suite(CipherSuite::Cv25519)
            // A second that is not over yet would be the future to others.
            .set_creation_time(SystemTime::now() - std::time::Duration::from_secs(3600))
            .set_primary_key_flags(KeyFlags::empty().set_certification().set_signing())
    }

    /// Makes a key.
    pub fn made(builder: CertBuilder<'_>) -> Self {
        Self(builder.generate().expect("the library makes keys").0)
    }

    /// Returns an armored signature to stand beside `content`.
    pub fn sign_beside(&self, content: &[u8]) -> Vec<u8> {
        let mut signature = Vec::new();
        let message = Armorer::new(Message::new(&mut signature)).kind(Kind::Signature).build();
        let signer = Signer::new(message.expect("memory takes it"), self.pair());
        let signer = signer.expect("the key can sign").detached().build();
        finish(signer.expect("the key can sign"), content);
        signature
    }

    /// Returns `text` with a signature around it.
    pub fn sign_within(&self, text: &str) -> Vec<u8> {
        let mut signed = Vec::new();
        let signer = Signer::new(Message::new(&mut signed), self.pair());
        let signer = signer.expect("the key can sign").cleartext().build();
        finish(signer.expect("the key can sign"), text.as_bytes());
        signed
    }

    pub(crate) fn pair(&self) -> KeyPair {
        let key = self.0.primary_key().key().clone().parts_into_secret();
        key.and_then(|key| key.into_keypair()).expect("the key is whole and not locked")
    }

    /// Returns its fingerprint.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint().to_hex()
    }

    /// Returns its certificate, armored.
    pub fn certificate(&self) -> Vec<u8> {
        let public = self.0.clone().strip_secret_key_material();
        SerializeInto::to_vec(&public.armored()).expect("memory takes it")
    }

    /// Writes its certificate into `folder` and returns where it is.
    pub fn write_certificate(&self, folder: &Path) -> PathBuf {
        let path = folder.join(format!("{}.asc", self.fingerprint()));
        fs_err::write(&path, self.certificate()).expect("the folder is ours");
        path
    }

    /// Writes the secret key into `folder`, for `fpb`, and returns where it is.
    pub fn write_secret(&self, folder: &Path) -> PathBuf {
        let path = folder.join(format!("{}.key", self.fingerprint()));
        let secret = MarshalInto::to_vec(&self.0.as_tsk().armored()).expect("memory takes it");
        fs_err::write(&path, secret).expect("the folder is ours");
        path
    }
}

fn finish(mut message: Message<'_>, content: &[u8]) {
    message
        .write_all(content)
        .and_then(|()| message.finalize().map_err(std::io::Error::other))
        .expect("memory takes it");
}
