//! Keys that sign what tests build: made when a test first needs one, and never on a disk of the machine
//! but in the folders of tests.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::SystemTime;

use sequoia_openpgp as openpgp;

use openpgp::Cert;
use openpgp::cert::{CertBuilder, CipherSuite};
use openpgp::parse::Parse;
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
