//! A file, its digests and its signature, judged together.

use std::fs::File;
use std::io::{self, Seek};

use jiff::Timestamp;
use plugin::Format;
use sequoia_openpgp::packet::Packet;
use sequoia_openpgp::parse::{PacketParser, PacketParserResult, Parse};
use sha2::Sha256;

use super::trust::better;
use super::{Fingerprint, Refusal, TrustStore, Verdict};
use crate::digest::Hashing;
use crate::format::format_of;
use crate::rpm::Front;
use crate::{Limits, Package, ReadError, inspect, rpm};

/// A file that was read through.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What it says of itself; `None` where it is no package, or one that cannot be read.
    pub package: Option<Package>,
    /// Who signed it, or why that does not count.
    pub verdict: Verdict,
}

/// Judges `file` at the time `at`: an RPM by the signature within, any other file by the detached
/// signature `beside` it. A package whose digests fail is refused whoever signed it.
///
/// # Errors
///
/// Where the disk fails; whatever is wrong with the file itself is a [`Refusal`].
pub fn verify(
    file: &mut File,
    beside: Option<&[u8]>,
    trust: &TrustStore,
    at: Timestamp,
    limits: &Limits,
) -> io::Result<Judged> {
    match read(file, limits) {
        Ok((package, front)) => {
            let verdict = match &front {
                _ if !package.is_intact() => Err(Refusal::Damaged { problem: broken(&package) }),
                Some(front) => within(front, &package, trust, at),
                None => detached(file, Some(&package), beside, trust, at)?,
            };
            Ok(Judged { package: Some(package), verdict })
        }
        Err(ReadError::Unrecognised) => {
            Ok(Judged { package: None, verdict: detached(file, None, beside, trust, at)? })
        }
        Err(ReadError::Io(error)) => Err(error),
        Err(ReadError::Damaged { problem, .. }) => Ok(damaged(problem)),
        Err(error @ (ReadError::Limit(_) | ReadError::Unsafe(_))) => Ok(damaged(error.to_string())),
    }
}

/// Judges `file` at the time `at` by its signature alone, before anything of it but an RPM's header is
/// read. What a package then says of itself still has to hold, and an RPM's payload has to be
/// [covered](covers_payload).
///
/// # Errors
///
/// Where the disk fails.
pub fn judge(
    file: &mut File,
    beside: Option<&[u8]>,
    trust: &TrustStore,
    at: Timestamp,
    limits: &Limits,
) -> io::Result<Verdict> {
    if !matches!(format_of(file), Ok(Format::Rpm)) {
        return detached(file, None, beside, trust, at);
    }
    file.rewind()?;
    match Front::read(file, limits) {
        Ok(front) => Ok(header(&front, trust, at)),
        Err(ReadError::Io(error)) => Err(error),
        Err(error) => Ok(Err(Refusal::Damaged { problem: error.to_string() })),
    }
}

/// Reads a package; of an RPM also what a signature covers, from the same bytes as all else.
pub(super) fn read(
    file: &mut File,
    limits: &Limits,
) -> Result<(Package, Option<Front>), ReadError> {
    match format_of(file)? {
        Format::Rpm => rpm::inspect_with_front(file, limits).map(|(it, front)| (it, Some(front))),
        Format::Deb | Format::Fp => inspect(file, limits).map(|it| (it, None)),
    }
}

/// Names the digests that do not hold.
pub(super) fn broken(package: &Package) -> String {
    let broken = package.integrity.iter().filter(|part| part.holds == Some(false));
    let names: Vec<_> = broken.map(|part| part.name.as_str()).collect();
    format!("its {} does not hold", names.join(", "))
}

/// Whether the header of an RPM, and with it a signature, covers the payload.
pub fn covers_payload(package: &Package) -> bool {
    package
        .integrity
        .iter()
        .any(|part| part.name == rpm::PAYLOAD_DIGEST && part.holds == Some(true))
}

fn damaged(problem: String) -> Judged {
    Judged { package: None, verdict: Err(Refusal::Damaged { problem }) }
}

/// Judges the signatures within an RPM.
fn within(front: &Front, package: &Package, trust: &TrustStore, at: Timestamp) -> Verdict {
    let signed = header(front, trust, at)?;
    if covers_payload(package) { Ok(signed) } else { Err(Refusal::Uncovered) }
}

/// Judges the signatures over an RPM's header.
fn header(front: &Front, trust: &TrustStore, at: Timestamp) -> Verdict {
    let Ok(signatures) = front.metadata.raw_signatures() else { return Err(Refusal::Malformed) };
    let mut verdict = None;
    for signature in signatures {
        let next = trust.judge(&signature, &mut front.header(), at);
        verdict = Some(better(verdict, next));
    }
    verdict.unwrap_or(Err(Refusal::Unsigned))
}

/// Judges a detached signature; over the bytes that `package` was read from.
fn detached(
    file: &mut File,
    package: Option<&Package>,
    beside: Option<&[u8]>,
    trust: &TrustStore,
    at: Timestamp,
) -> io::Result<Verdict> {
    let Some(signature) = beside else { return Ok(Err(Refusal::Unsigned)) };
    file.rewind()?;
    let mut content = Hashing::<_, Sha256>::new(file);
    let verdict = trust.judge(signature, &mut content, at);
    let read = content.finish().digest;
    match (verdict, package) {
        (Ok(signed), Some(package)) if package.sha256 != read => {
            Ok(Err(Refusal::Altered { key: signed.key }))
        }
        (verdict, _) => Ok(verdict),
    }
}

/// Returns the keys that detached signatures, armored or binary, say they were made with, one for each
/// signature that names any; `None` where the bytes are something else.
pub fn issuers(signatures: &[u8]) -> Option<Vec<Fingerprint>> {
    let mut issuers = Vec::new();
    let mut rest = PacketParser::from_bytes(signatures).ok()?;
    while let PacketParserResult::Some(parser) = rest {
        let (packet, next) = parser.next().ok()?;
        let Packet::Signature(signature) = packet else { return None };
        issuers.extend(signature.get_issuers().into_iter().next().map(Fingerprint::of));
        rest = next;
    }
    Some(issuers)
}
