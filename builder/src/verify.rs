//! `fpb verify`: who vouches for a file.

use std::fmt::{self, Display, Formatter};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use console::printable::line;
use jiff::Timestamp;
use packaging::Limits;
use packaging::signature::{self, Fingerprint, Judged, Refusal, Signed, TrustStore};
use serde::Serialize;

/// More of a detached signature is not read.
const LARGEST: u64 = 1 << 20;

/// What was found about one file, for people and machines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// The file as named by the user.
    pub path: String,
    /// Whether somebody trusted vouches for it.
    pub ok: bool,
    /// `signed`, or the sort of refusal: `unsigned`, `unknown_key`, `altered` …
    pub verdict: &'static str,
    /// Why it is refused.
    pub reason: Option<String>,
    /// The key that signed, or is said to have.
    pub key: Option<String>,
    /// The certificate that this key belongs to.
    pub certificate: Option<String>,
    /// Whom the certificate names.
    pub user_id: Option<String>,
    /// When it was signed, RFC 3339.
    pub signed_at: Option<String>,
    /// SHA-256 of a package.
    pub sha256: Option<String>,
    /// What is accepted for now.
    pub warnings: Vec<Warning>,
}

/// What to know of a key that is accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// `short_key`, `expired_since`, `retired_since`.
    pub name: &'static str,
    /// The same for people.
    pub message: String,
}

/// Judges the file at `path`, with the signature beside it where it has none within.
pub fn verify(path: &Path, trust: &TrustStore, at: Timestamp) -> io::Result<Verification> {
    let beside = beside(path)?;
    let mut file = open(path)?;
    let judged = signature::verify(&mut file, beside.as_deref(), trust, at, &Limits::default())?;
    Ok(Verification::new(path, judged))
}

/// Returns the detached signature beside a file, if there is one.
pub(crate) fn beside(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let beside = signature::beside(path);
    if !beside.is_file() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    fs_err::File::open(beside)?.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

fn open(path: &Path) -> io::Result<File> {
    // Looked at before it is opened: opening a pipe would wait for its other end.
    if fs_err::metadata(path)?.is_file() {
        return Ok(fs_err::File::open(path)?.into_file());
    }
    let message = format!("`{}` is not a regular file", path.display());
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}

impl Verification {
    fn new(path: &Path, judged: Judged) -> Self {
        let path = path.to_string_lossy().into_owned();
        let sha256 = judged.package.map(|package| package.sha256);
        match judged.verdict {
            Ok(signed) => Self::signed(path, sha256, &signed),
            Err(refusal) => Self::refused(path, sha256, &refusal),
        }
    }

    fn signed(path: String, sha256: Option<String>, signed: &Signed) -> Self {
        let warnings = signed.warnings.iter();
        let warnings = warnings.map(|it| Warning { name: it.name(), message: it.to_string() });
        Self {
            path,
            ok: true,
            verdict: "signed",
            reason: None,
            key: Some(signed.key.to_string()),
            certificate: Some(signed.fingerprint.to_string()),
            user_id: signed.user_id.clone(),
            signed_at: Some(signed.time.to_string()),
            sha256,
            warnings: warnings.collect(),
        }
    }

    fn refused(path: String, sha256: Option<String>, refusal: &Refusal) -> Self {
        Self {
            path,
            ok: false,
            verdict: refusal.name(),
            reason: Some(refusal.to_string()),
            key: refusal.key().map(ToString::to_string),
            certificate: None,
            user_id: None,
            signed_at: None,
            sha256,
            warnings: Vec::new(),
        }
    }
}

/// ` signed   FILE  by NAME (9F3A...71C2) on TIME`, ` REFUSED  FILE  it is not signed`
impl Display for Verification {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let path = line(&self.path);
        if let Some(reason) = &self.reason {
            return write!(f, " REFUSED  {path}  {}", line(reason));
        }
        let short = |text: &String| text.parse::<Fingerprint>().map(|it| it.short()).ok();
        let key = self.certificate.as_ref().and_then(short).unwrap_or_default();
        let name = self.user_id.as_deref().unwrap_or("a key without a name");
        let time = self.signed_at.as_deref().unwrap_or_default();
        write!(f, " signed   {path}  by {} ({key}) on {time}", line(name))
    }
}
