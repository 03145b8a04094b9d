//! Reads a package: once through, trusting nothing.
//!
//! Where payload and header contradict each other the package is refused. A digest over all of the
//! header or payload that does not hold is told to those who inspect, and refused to those who want
//! the files.

use std::fs::File;
use std::io::Seek;

use plugin::Format;

use super::front::Front;
use super::listing::{self, Listed};
use super::unpack::{self, Unpacked};
use super::{damaged, describe, integrity};
use crate::archive::{is_metadata, read_metadata};
use crate::package::Visitor;
use crate::{Limits, Package, ReadError, package};

/// Reads everything but the payload's bytes, which are only hashed.
pub(crate) fn inspect(file: &mut File, limits: &Limits) -> Result<Package, ReadError> {
    inspect_with_front(file, limits).map(|(package, _)| package)
}

/// Reads the same, and returns with it what stands before the payload, as it was read then: what its
/// signatures cover.
pub(crate) fn inspect_with_front(
    file: &mut File,
    limits: &Limits,
) -> Result<(Package, Front), ReadError> {
    let mut metadata = None;
    let read = read(file, limits, &mut |path, file, content| {
        if file.is_regular() && is_metadata(path) {
            metadata = Some(read_metadata(Format::Rpm, content)?);
        }
        Ok(())
    })?;
    let Whole { front, listed, unpacked } = read;
    let integrity = integrity::judge(&front, &listed, &unpacked);
    let header = &front.metadata;
    let files = listed
        .into_iter()
        .zip(unpacked.archive.digests)
        .map(|(item, sha256)| (item.path, package::File { sha256, ..item.file }));
    let package = Package {
        format: Format::Rpm,
        name: header.get_name().map_err(damaged)?.to_owned(),
        version: header.get_version().map_err(damaged)?.to_owned(),
        release: Some(header.get_release().map_err(damaged)?.to_owned()),
        fields: describe::fields(header)?,
        relations: describe::relations(header)?,
        scripts: describe::scripts(header)?,
        files: files.collect(),
        metadata,
        compression: unpacked.compression,
        size: unpacked.size,
        sha256: unpacked.whole,
        integrity,
    };
    Ok((package, front))
}

/// Calls `visitor` with each entry of the payload, in its order, and the bytes of that entry.
///
/// Of a file with several names all but one come without bytes. Whatever `visitor` made of them is
/// to be thrown away when this fails.
pub(crate) fn visit(
    file: &mut File,
    limits: &Limits,
    visitor: &mut Visitor<'_>,
) -> Result<(), ReadError> {
    let Whole { front, listed, unpacked } = read(file, limits, visitor)?;
    let integrity = integrity::judge(&front, &listed, &unpacked);
    match integrity.iter().find(|item| item.holds == Some(false)) {
        Some(broken) => Err(damaged(format!("its {} does not match", broken.name))),
        None => Ok(()),
    }
}

/// A package that has been read through.
struct Whole {
    front: Front,
    listed: Vec<Listed>,
    unpacked: Unpacked,
}

fn read(file: &mut File, limits: &Limits, visitor: &mut Visitor<'_>) -> Result<Whole, ReadError> {
    file.rewind()?;
    let front = Front::read(file, limits)?;
    let listed = listing::read(&front.metadata, limits)?;
    let unpacked = unpack::unpack(file, &front, &listed, limits, visitor)?;
    Ok(Whole { front, listed, unpacked })
}
