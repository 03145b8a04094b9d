//! Who vouches for a package that is being taken in.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use jiff::Timestamp;
use packaging::digest::Hashing;
use packaging::signature::{self, Refusal};
use packaging::{Package, ReadError};
use plugin::{Format, PluginName};
use registry::Certificate;
use sha2::Sha256;
use tempfile::NamedTempFile;

use super::OfferError;
use crate::Trust;
use crate::trust::{Backing, Signatory};

/// A detached signature, or a few of them, fit into this.
const LARGEST: u64 = 64 << 10;

/// Who made a signature that holds, whatever plugin it is on, or why none counts.
pub(super) type Verdict = Result<Signatory, Refusal>;

/// A private copy whose signature was judged.
pub(super) struct Judged {
    pub(super) copy: NamedTempFile,
    pub(super) verdict: Verdict,
    /// The signatures that stood beside the file.
    pub(super) beside: Option<Vec<u8>>,
}

/// Returns the signatures beside the file at `path`, if there are any.
pub(super) fn signature_of(path: &Path) -> Result<Option<Vec<u8>>, OfferError> {
    read(&signature::beside(path))
}

/// Returns the signatures in a file that need not be there.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, OfferError> {
    let file = match super::intake::open(path) {
        Ok(file) => file,
        Err(OfferError::Missing(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    let size = bytes.len() as u64;
    if size > LARGEST {
        return Err(OfferError::Overlong { path: path.to_owned(), size, limit: LARGEST });
    }
    Ok(Some(bytes))
}

/// Judges a copy by its own signature.
pub(super) fn signed(trust: &Trust, copy: &mut File, beside: Option<&[u8]>) -> io::Result<Verdict> {
    let verdict = trust.judge(copy, beside, Timestamp::now())?;
    Ok(verdict.map(|signed| trust.signatory(&signed)))
}

/// Says what a certificate that vouched for a package once is worth now.
pub(super) fn still(trust: &Trust, certificate: &Certificate) -> Verdict {
    let text = certificate.as_str();
    let fingerprint = text.parse().expect("both are whole fingerprints");
    trust.still(&fingerprint, Timestamp::now())
}

/// Refuses what is not even to be read.
pub(super) fn admit(path: &Path, trust: &Trust, verdict: &Verdict) -> Result<(), OfferError> {
    match verdict {
        Err(refusal) if !trust.tolerates(refusal) => Err(untrusted(path, trust, refusal.clone())),
        _ => Ok(()),
    }
}

/// Refuses what is not whole although a signature on it holds: that is one over an RPM's header, which
/// has digests of the rest.
pub(super) fn whole(
    path: &Path,
    inspected: Result<Package, OfferError>,
    verdict: &Verdict,
    trust: &Trust,
) -> Result<Package, OfferError> {
    match (inspected, verdict) {
        (
            Err(
                OfferError::Damaged { .. }
                | OfferError::Unreadable {
                    source: ReadError::Damaged { format: Format::Rpm, .. },
                    ..
                },
            ),
            Ok(signatory),
        ) => Err(untrusted(path, trust, Refusal::Altered { key: signatory.key.clone() })),
        (inspected, _) => inspected,
    }
}

/// Refuses an RPM whose signature says nothing of its payload.
pub(super) fn covered(
    path: &Path,
    package: &Package,
    verdict: &Verdict,
    trust: &Trust,
) -> Result<(), OfferError> {
    let is_signed_within = package.format == Format::Rpm && verdict.is_ok();
    if is_signed_within && !signature::covers_payload(package) {
        return Err(untrusted(path, trust, Refusal::Uncovered));
    }
    Ok(())
}

/// Returns who vouches for a package of `name`; of several signatures beside it one may count for it
/// that was not the first.
pub(super) fn backing(
    trust: &Trust,
    name: &PluginName,
    judged: &mut Judged,
) -> io::Result<Backing> {
    let backing = match &judged.verdict {
        Ok(signatory) => trust.backing(name, signatory.clone()),
        Err(refusal) => Backing::Nobody(refusal.clone()),
    };
    if let (Backing::Beyond(_), Some(beside)) = (&backing, &judged.beside) {
        let copy = judged.copy.as_file_mut();
        if let Ok(signatory) = trust.judge_for(name, copy, beside, Timestamp::now())? {
            return Ok(trust.backing(name, signatory));
        }
    }
    Ok(backing)
}

/// Returns the SHA-256 of a copy, hexadecimal.
pub(super) fn digest_of(copy: &mut File) -> io::Result<String> {
    copy.rewind()?;
    let mut content = Hashing::<_, Sha256>::new(&mut *copy);
    io::copy(&mut content, &mut io::sink())?;
    let digest = content.finish().digest;
    copy.rewind()?;
    Ok(digest)
}

fn untrusted(path: &Path, trust: &Trust, refusal: Refusal) -> OfferError {
    OfferError::Untrusted { path: path.to_owned(), refusal, policy: trust.policy }
}
