//! The three formats behind one door.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use plugin::Format;
use sha2::Sha256;

use crate::background::Background;
use crate::digest::Hashing;
use crate::package::Visitor;
use crate::{Blueprint, Limits, Package, ReadError, deb, fp, rpm};

/// How a payload is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Read by every host that exists.
    Gzip,
    /// Small, slow; read by every host that exists.
    Xz,
    /// Fast; RPM from EL 8, dpkg from Debian 12 and Ubuntu 18.04 on.
    Zstd,
    /// None.
    Uncompressed,
}

impl Compression {
    const ALL: [Self; 4] = [Self::Gzip, Self::Xz, Self::Zstd, Self::Uncompressed];

    /// Returns what packages call it: `gzip`, `xz`, `zstd`, `none`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Xz => "xz",
            Self::Zstd => "zstd",
            Self::Uncompressed => "none",
        }
    }

    /// Returns what packages call `name`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|compression| compression.name() == name)
    }
}

/// What a writer needs beside the blueprint; none of it but the compression is in the bytes.
#[expect(missing_debug_implementations, reason = "holds a callback")]
#[derive(Clone, Copy)]
pub struct Settings<'a> {
    /// How to compress; `None` for the format's default: zstd for RPM, gzip for fp and deb.
    pub compression: Option<Compression>,
    /// The compressor's level; `None` for its default here: zstd 3, gzip 6, xz 6.
    pub level: Option<i32>,
    /// A folder for scratch files, on a disk with room for the package.
    pub scratch: &'a Path,
    /// Called with the number of payload bytes just read.
    pub progress: &'a dyn Fn(u64),
}

/// Why a package was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A file could not be read, or the package not written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A file of the plugin was altered while the package was written.
    #[error("`{}` changed while it was being packaged", .0.display())]
    Changed(PathBuf),
    /// The format has no place for this.
    #[error("{0}")]
    Unrepresentable(String),
    /// The RPM header could not be made.
    #[error(transparent)]
    Rpm(#[from] ::rpm::Error),
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Length of the file in bytes.
    pub size: u64,
    /// SHA-256 of the whole file, hexadecimal.
    pub sha256: String,
}

/// Writes `blueprint` as one package file, from the beginning of `out` on. The same blueprint and
/// compression give the same bytes.
pub fn write(
    format: Format,
    blueprint: &Blueprint,
    settings: &Settings<'_>,
    out: &File,
) -> Result<Written, WriteError> {
    let mut out = Hashing::<_, Sha256>::new(Background::new(out.try_clone()?));
    match format {
        Format::Fp => fp::write(blueprint, settings, &mut out),
        Format::Rpm => rpm::write(blueprint, settings, &mut out),
        Format::Deb => deb::write(blueprint, settings, &mut out),
    }?;
    let written = out.finish();
    written.inner.finish()?;
    Ok(Written { size: written.length, sha256: written.digest })
}

/// Returns the name of the file that `blueprint` is written to (`fuel-formats 1.4`).
///
/// # Errors
///
/// Where the format has no name for it: a Debian package's begins with a letter or digit.
pub fn file_name(format: Format, blueprint: &Blueprint) -> Result<String, WriteError> {
    match format {
        Format::Fp => Ok(fp::file_name(blueprint)),
        Format::Rpm => Ok(rpm::file_name(blueprint)),
        Format::Deb => deb::file_name(blueprint),
    }
}

/// Tells a package's format by its first bytes (at least 8 of them); its name does not count.
pub fn recognise(start: &[u8]) -> Option<Format> {
    match start {
        [0xed, 0xab, 0xee, 0xdb, ..] => Some(Format::Rpm),
        [b'!', b'<', b'a', b'r', b'c', b'h', b'>', b'\n', ..] => Some(Format::Deb),
        [0x1f, 0x8b, ..] => Some(Format::Fp),
        _ => None,
    }
}

/// Reads a package of any format: everything but the payload's bytes, which are only hashed.
pub fn inspect(file: &mut File, limits: &Limits) -> Result<Package, ReadError> {
    match format_of(file)? {
        Format::Fp => fp::inspect(file, limits),
        Format::Rpm => rpm::inspect(file, limits),
        Format::Deb => deb::inspect(file, limits),
    }
}

/// Shows every file, folder and link of a package to `visitor`, in the order of the package: its
/// absolute path on a host, what it is, and a file's bytes.
///
/// Paths are checked before: none leaves the package's folder, comes twice or lies below a link. What
/// the whole package's digests say is known only at the end, so that a visitor's work is undone where
/// this fails.
pub fn visit(file: &mut File, limits: &Limits, visitor: &mut Visitor<'_>) -> Result<(), ReadError> {
    match format_of(file)? {
        Format::Fp => fp::visit(file, limits, visitor),
        Format::Rpm => rpm::visit(file, limits, visitor),
        Format::Deb => deb::visit(file, limits, visitor),
    }
}

/// Tells the format of a package, and goes back to its beginning.
pub(crate) fn format_of(file: &mut File) -> Result<Format, ReadError> {
    file.rewind()?;
    let mut start = Vec::new();
    file.take(8).read_to_end(&mut start)?;
    file.rewind()?;
    recognise(&start).ok_or(ReadError::Unrecognised)
}
