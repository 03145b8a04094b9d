//! Files that get a signature.
//!
//! A file is read through first, and signed only if its digests hold and it is still the same then.
//! It is replaced whole or not at all, and left alone where the key's signature is on it already.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sha2::Sha256;

use super::verify::{broken, covers_payload, read};
use super::{NotSigned, Refusal, Signer, issuers, verify};
use crate::digest::Hashing;
use crate::rpm::Front;
use crate::{Limits, Package, ReadError, Written, durable};

/// A signature is smaller than this.
const LARGEST: u64 = 1 << 20;

/// A file that was read through and may be signed.
#[derive(Clone, Debug)]
pub struct Candidate {
    path: PathBuf,
    is_rpm: bool,
    sha256: String,
    state: State,
}

/// What is to be done with a [`Candidate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has no signature by this key that would be accepted.
    Unsigned,
    /// It has one.
    Signed,
    /// It is a detached signature itself, and gets none.
    Signature,
}

/// Why a file was not signed. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// It could not be read, or not be replaced.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is a package that cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It is a folder, pipe or device.
    #[error("it is not a regular file")]
    NoFile,
    /// Its digests do not hold: a signature would vouch for damage.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// A signature over its header would not cover the payload.
    #[error("its header has no SHA-256 of its payload, so that a signature would not cover it")]
    Uncovered,
    /// It changed between the look at it and the signature.
    #[error("it changed while it was being signed")]
    Changed,
    /// What has the signature's name is something else.
    #[error("`{}` is not a signature and would be replaced", .0.display())]
    Taken(PathBuf),
    /// The signature is too long for the room that the package has.
    #[error("its signature header has no room for the signature")]
    NoRoom,
    /// There is no signature.
    #[error(transparent)]
    NotSigned(#[from] NotSigned),
}

/// Returns where the detached signature of `file` is: `FILE.asc`.
pub fn beside(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".asc");
    name.into()
}

impl Candidate {
    /// Reads the file at `path` through.
    pub fn check(
        path: &Path,
        signer: &Signer,
        at: Timestamp,
        limits: &Limits,
    ) -> Result<Self, SignError> {
        // Looked at before it is opened: opening a pipe would wait for its other end.
        if !fs_err::metadata(path)?.is_file() {
            return Err(SignError::NoFile);
        }
        let mut file = fs_err::File::open(path)?.into_file();
        let (is_rpm, sha256) = match read(&mut file, limits) {
            Ok((package, front)) => {
                fit(&package, front.is_some())?;
                (front.is_some(), package.sha256)
            }
            Err(ReadError::Unrecognised) => (false, whole(&mut file)?),
            Err(error) => return Err(error.into()),
        };
        let signature = if is_rpm { None } else { signature_of(path)? };
        let state = match verify(&mut file, signature.as_deref(), &signer.trust(), at, limits)? {
            _ if !is_rpm && is_signature(path)? => State::Signature,
            judged => match judged.verdict {
                Ok(_) => State::Signed,
                Err(Refusal::Damaged { .. }) => return Err(SignError::Changed),
                Err(_) => State::Unsigned,
            },
        };
        Ok(Self { path: path.to_owned(), is_rpm, sha256, state })
    }

    /// Returns the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns what is to be done with it.
    pub fn state(&self) -> State {
        self.state
    }

    /// Returns which file gets the signature: the package itself, or the one beside it.
    pub fn holder(&self) -> PathBuf {
        if self.is_rpm { self.path.clone() } else { beside(&self.path) }
    }

    /// Signs the file, whatever its state.
    pub fn sign(&self, signer: &Signer, at: Timestamp) -> Result<(), SignError> {
        if self.is_rpm {
            return durable::rewrite(&self.path, |out| self.rewrite(out, signer, at));
        }
        let mut file = fs_err::File::open(&self.path)?.into_file();
        let signature = signer.sign(&mut file, at)?;
        if whole(&mut file)? != self.sha256 {
            return Err(SignError::Changed);
        }
        durable::replace(&beside(&self.path), |out| Ok(out.write_all(&signature.armored()?)?))
    }

    /// Copies the RPM to `out` with a signature on it.
    fn rewrite(&self, out: &mut File, signer: &Signer, at: Timestamp) -> Result<(), SignError> {
        let file = fs_err::File::open(&self.path)?.into_file();
        let mut content = Hashing::<_, Sha256>::new(file);
        let front = Front::read(&mut content, &Limits::default())?;
        out.write_all(&signed_front(&front, signer, at)?)?;
        io::copy(&mut content, out)?;
        if content.finish().digest == self.sha256 { Ok(()) } else { Err(SignError::Changed) }
    }
}

/// Signs a package that was just written to `file` and has no name yet. Returns what is in it now, and
/// for formats that are not signed within the text of the signature beside it.
pub fn seal(
    file: &mut File,
    signer: &Signer,
    at: Timestamp,
) -> Result<(Written, Option<Vec<u8>>), SignError> {
    file.rewind()?;
    let beside = match crate::format::format_of(file)? {
        plugin::Format::Rpm => {
            let front = Front::read(file, &Limits::default())?;
            let signed = signed_front(&front, signer, at)?;
            // The payload stays where it is: our packages have room for signatures.
            if signed.len() != front.length_in_file() {
                return Err(SignError::NoRoom);
            }
            file.rewind()?;
            file.write_all(&signed)?;
            None
        }
        plugin::Format::Deb | plugin::Format::Fp => Some(signer.sign(file, at)?.armored()?),
    };
    let sha256 = whole(file)?;
    Ok((Written { size: file.metadata()?.len(), sha256 }, beside))
}

/// Returns all that stands before an RPM's payload, signed.
fn signed_front(front: &Front, signer: &Signer, at: Timestamp) -> Result<Vec<u8>, SignError> {
    let signature = signer.sign(&mut Cursor::new(front.header()), at)?;
    Ok(front.signed(signature.bytes, signature.is_rsa)?)
}

/// Refuses what no signature should vouch for.
fn fit(package: &Package, is_rpm: bool) -> Result<(), SignError> {
    if !package.is_intact() {
        return Err(SignError::Damaged(broken(package)));
    }
    if is_rpm && !covers_payload(package) {
        return Err(SignError::Uncovered);
    }
    Ok(())
}

/// Returns the signature beside `path`, if there is one.
fn signature_of(path: &Path) -> Result<Option<Vec<u8>>, SignError> {
    let path = beside(path);
    let bytes = match fs_err::File::open(&path) {
        Ok(file) => start(&mut file.into_file())?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    match issuers(&bytes) {
        Some(_) => Ok(Some(bytes)),
        None => Err(SignError::Taken(path)),
    }
}

/// Whether the file at `path` is a detached signature by its name and content.
fn is_signature(path: &Path) -> io::Result<bool> {
    if path.extension().is_none_or(|extension| extension != "asc") {
        return Ok(false);
    }
    let bytes = start(&mut fs_err::File::open(path)?.into_file())?;
    Ok(issuers(&bytes).is_some())
}

fn start(file: &mut File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns the SHA-256 of the whole file.
fn whole(file: &mut File) -> io::Result<String> {
    file.seek(SeekFrom::Start(0))?;
    let mut content = Hashing::<_, Sha256>::new(file);
    io::copy(&mut content, &mut io::sink())?;
    Ok(content.finish().digest)
}
