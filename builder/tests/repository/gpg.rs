//! A key of gpg's, in a home of its own, and gpg's own judgement.

use std::path::Path;

use builder::repo::{Judge, Signable};
use tempfile::TempDir;
use tests::{command, finish};

/// Makes a key, and judges what was signed with it.
pub(crate) struct Gpg {
    home: TempDir,
    fingerprint: String,
}

impl Gpg {
    pub(crate) fn new() -> Self {
        let home = tempfile::Builder::new().prefix("gpg").tempdir().unwrap();
        let mut gpg = Self { home, fingerprint: String::new() };
        gpg.run("--passphrase= --quick-gen-key release@example.org rsa3072 sign never");
        let listed = gpg.run("--with-colons --list-keys");
        let line = listed.lines().find(|line| line.starts_with("fpr:")).unwrap();
        gpg.fingerprint = line.split(':').nth(9).unwrap().to_owned();
        gpg
    }

    pub(crate) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Writes the secret key to `file`.
    pub(crate) fn export(&self, file: &Path) {
        fs_err::write(file, self.run("--armor --export-secret-keys")).unwrap();
    }

    fn run(&self, line: &str) -> String {
        let mut gpg = command("gpg", ["--batch", "--yes", "--pinentry-mode=loopback", "--homedir"]);
        gpg.arg(self.home.path()).args(line.split(' '));
        finish(&mut gpg).success()
    }

    fn verify(&self, arguments: &[&Path]) -> Result<Vec<u8>, String> {
        let mut gpg = command("gpg", ["--batch", "--homedir"]);
        gpg.arg(self.home.path()).args(arguments);
        let output = gpg.output().unwrap();
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

impl Drop for Gpg {
    fn drop(&mut self) {
        let mut kill = command("gpgconf", ["--kill", "all"]);
        finish(kill.env("GNUPGHOME", self.home.path()));
    }
}

impl Judge for Gpg {
    fn detached(&self, content: &mut dyn Signable, signature: &[u8]) -> Result<(), String> {
        let folder = tempfile::tempdir().unwrap();
        let (file, beside) = (folder.path().join("file"), folder.path().join("file.asc"));
        let mut bytes = Vec::new();
        content.read_to_end(&mut bytes).unwrap();
        fs_err::write(&file, bytes).unwrap();
        fs_err::write(&beside, signature).unwrap();
        self.verify(&[Path::new("--verify"), &beside, &file]).map(drop)
    }

    fn clear(&self, signed: &[u8]) -> Result<String, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs_err::write(file.path(), signed).unwrap();
        let text = self.verify(&[Path::new("--decrypt"), file.path()])?;
        String::from_utf8(text).map_err(|error| error.to_string())
    }
}
