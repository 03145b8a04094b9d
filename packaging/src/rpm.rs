//! The RPM format (`fuel-formats 6`): version 4 packages as `rpmbuild` writes them.
//!
//! A package is a lead, a signature header, a header and a compressed cpio archive. The header has
//! digests of the archive and so is made after it: the archive waits in a scratch file. Memory grows
//! with the number of files, not with their size.
//!
//! Writing: `manifest` → `payload` (`cpio`) → `header` (`scriptlets`, `requirements`) →
//! `signature`. Reading: `front` → `listing` → `unpack` (`archive`) → `integrity`, `describe`.

mod archive;
mod cpio;
mod describe;
mod front;
mod header;
mod integrity;
mod listing;
mod manifest;
mod payload;
mod read;
mod requirements;
mod scriptlets;
mod signature;
mod unpack;

use std::fmt::Display;
use std::io::{self, BufReader, Seek, Write};

use ::rpm::{Header, IndexTag, Lead, PackageMetadata};
use plugin::Format;

pub(crate) use self::front::Front;
pub(crate) use self::integrity::PAYLOAD_DIGEST;
use self::manifest::Manifest;
pub(crate) use self::read::{inspect, inspect_with_front, visit};
use crate::background::PIECE;
use crate::codec::Method;
use crate::{Blueprint, Compression, ReadError, Settings, WriteError, stream};

/// Writes `blueprint` as an RPM.
pub(crate) fn write(
    blueprint: &Blueprint,
    settings: &Settings<'_>,
    mut out: &mut dyn Write,
) -> Result<(), WriteError> {
    check_release(&blueprint.release)?;
    let compression = settings.compression.unwrap_or(Compression::Zstd);
    let method = Method::new(compression, settings.level)?;
    let manifest = Manifest::new(blueprint)?;
    let mut payload = payload::pack(&manifest, blueprint.time, method, settings)?;
    let entries = header::entries(blueprint, &manifest, &payload, method)?;
    let mut metadata = PackageMetadata {
        lead: Lead::new(&full_name(blueprint)),
        signature: Header::new_empty(),
        header: Header::from_entries(entries, IndexTag::RPMTAG_HEADERIMMUTABLE),
    };
    metadata.signature = signature::build(&metadata.header_bytes()?, &mut payload, method)?;
    metadata.write(&mut out)?;
    payload.scratch.rewind()?;
    io::copy(&mut BufReader::with_capacity(PIECE, payload.scratch), out)?;
    Ok(())
}

/// Returns the name of the file that `blueprint` is written to.
pub(crate) fn file_name(blueprint: &Blueprint) -> String {
    format!("{}.noarch.rpm", full_name(blueprint))
}

/// Name, version and release, as rpm joins them.
fn full_name(blueprint: &Blueprint) -> String {
    let Blueprint { id, release, .. } = blueprint;
    format!("{}-{}-{release}", id.package_name(), id.version.for_package_managers())
}

/// Refuses a release that rpm would read as something else, such as one with a dash.
fn check_release(release: &str) -> Result<(), WriteError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._+~^".contains(c);
    if !release.is_empty() && release.chars().all(allowed) {
        return Ok(());
    }
    Err(WriteError::Unrepresentable(format!(
        "`{}` cannot be an RPM release: only letters, digits and `._+~^` are allowed",
        release.escape_debug()
    )))
}

fn damaged(problem: impl Display) -> ReadError {
    stream::damaged(Format::Rpm, problem)
}
