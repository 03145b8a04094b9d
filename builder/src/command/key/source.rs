//! The key to sign with: named on the command line, unlocked without its passphrase ever standing there.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use console::{Failure, Report};
use jiff::Timestamp;
use packaging::signature::{Fingerprint, KeyError, Passphrase, SecretKey, Signer};

use crate::failure::Kind;

/// A passphrase is shorter than this, and so is a key file.
const LONGEST: u64 = 4 << 10;
const LARGEST: u64 = 4 << 20;

/// Where the passphrase of a key file comes from.
#[derive(Debug, Args)]
pub(crate) struct Source {
    /// Read the key's passphrase from an open file descriptor
    #[arg(long, value_name = "N", conflicts_with = "passphrase_file", hide_short_help = true)]
    passphrase_fd: Option<u32>,
    /// Read the key's passphrase from a file's first line
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, hide_short_help = true)]
    passphrase_file: Option<PathBuf>,
}

impl Source {
    /// Whether a passphrase was offered.
    pub(crate) fn is_given(&self) -> bool {
        self.passphrase_fd.is_some() || self.passphrase_file.is_some()
    }

    /// Opens the key that `named` names: a file, or else a fingerprint that gpg knows.
    pub(crate) fn open(
        &self,
        named: &Path,
        at: Timestamp,
        report: &mut Report,
    ) -> Result<Signer, Failure> {
        let failed = |error| unusable(named, &error);
        let fingerprint = named.to_str().and_then(|text| text.parse::<Fingerprint>().ok());
        let signer = match fingerprint {
            Some(fingerprint) if !named.exists() => {
                Signer::agent(&fingerprint, at).map_err(failed)?
            }
            _ => {
                let key = SecretKey::read(&read(named)?, at).map_err(failed)?;
                if key.is_locked() {
                    self.unlock(&key, named, report)?
                } else {
                    key.signer().map_err(failed)?
                }
            }
        };
        for warning in signer.warnings(at) {
            report.warning(&Failure::new(Kind::Key, warning.to_string()));
        }
        Ok(signer)
    }

    /// Reads the passphrase that was offered.
    pub(crate) fn read(&self) -> Result<Option<Passphrase>, Failure> {
        match (self.passphrase_fd, &self.passphrase_file) {
            (Some(number), _) => first_line(Path::new(&format!("/dev/fd/{number}"))).map(Some),
            (_, Some(file)) => first_line(file).map(Some),
            _ => Ok(None),
        }
    }

    fn unlock(
        &self,
        key: &SecretKey,
        named: &Path,
        report: &mut Report,
    ) -> Result<Signer, Failure> {
        let question = format!("Passphrase of key {}", key.fingerprint().short());
        let passphrase = match self.read()? {
            None => report.ask_secret(&question)?.map(Passphrase::from),
            given => given,
        };
        let signer = match passphrase {
            Some(passphrase) => key.unlock(&passphrase),
            None => Err(KeyError::Locked(key.fingerprint())),
        };
        signer.map_err(|error| unusable(named, &error))
    }
}

fn unusable(named: &Path, error: &KeyError) -> Failure {
    let message = format!("`{}` is no key to sign with", named.display());
    let failure = Failure::new(Kind::Key, message).cause(error);
    let help = match error {
        KeyError::Locked(_) => "give the passphrase with `--passphrase-file` or `--passphrase-fd`",
        KeyError::WrongPassphrase(_) => "mind capitals and the end of the line, and try again",
        KeyError::NoKey | KeyError::NoSecretKey | KeyError::Several(_) => {
            "export one secret key: `gpg --export-secret-keys FINGERPRINT`"
        }
        KeyError::Unusable { .. } => "sign with RSA 3072 or more, Ed25519 or NIST P-256 or more",
        KeyError::Agent(_) => "`gpg --list-secret-keys` shows the keys that it holds",
    };
    failure.help(help)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    crate::failure::require(path)?;
    let mut bytes = Vec::new();
    let file = fs_err::File::open(path);
    file.and_then(|file| file.take(LARGEST).read_to_end(&mut bytes))
        .map_err(|error| Failure::from_error(Kind::Failed, &error))?;
    Ok(bytes)
}

/// Returns the first line of a file, or of what is written into a pipe.
fn first_line(path: &Path) -> Result<Passphrase, Failure> {
    let mut line = Vec::new();
    let file = fs_err::File::open(path);
    file.and_then(|file| BufReader::new(file.take(LONGEST)).read_until(b'\n', &mut line))
        .map_err(|error| Failure::new(Kind::Key, "the passphrase cannot be read").cause(error))?;
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    Ok(Passphrase::from(line))
}
