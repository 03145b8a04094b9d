//! The deb format: an `ar` of a version, an archive of control files and one of the files.
//!
//! The names are those of the RPM as far as Debian allows (`fuel-formats 1.4, 10`). The files are
//! packed into a scratch file first, because the outer archive says their length before it has them.

mod control;
mod documentation;
mod members;
mod paragraph;
mod reader;
mod scripts;

use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

use md5::{Digest, Md5};

use crate::archive::Writer;
use crate::background::{Background, PIECE};
use crate::codec::{Encoder, Method};
use crate::contents::Entry;
use crate::{Blueprint, Compression, Content, Contents, Kind, Settings, WriteError};

pub(crate) use paragraph::Paragraph;
pub(crate) use reader::{inspect, inspect_for_index, read_paragraph, visit};
pub use scripts::has_debian_package;

/// One more than what the ten digits of a member's length can say.
const MEMBER_LIMIT: u64 = 10_000_000_000;

/// A package's name and version in Debian's words.
struct Identity {
    name: String,
    version: String,
}

/// Writes the package.
pub(crate) fn write(
    blueprint: &Blueprint,
    settings: &Settings<'_>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let identity = Identity::of(blueprint)?;
    let files = lay_out(blueprint, &identity)?;
    let compression = settings.compression.unwrap_or(Compression::Gzip);
    let method = Method::new(compression, settings.level)?;
    let (mut data, md5sums) = pack(&files, blueprint.time, method, settings)?;
    let size = data.stream_position()?;
    if size >= MEMBER_LIMIT {
        let problem = "a Debian package has no room for 10 GB of compressed files";
        return Err(WriteError::Unrepresentable(problem.to_owned()));
    }
    data.rewind()?;
    let control = control_archive(blueprint, &identity, &files, md5sums)?;

    let mut ar = Outer { ar: ar::Builder::new(out), time: blueprint.time };
    ar.member("debian-binary", 4, &b"2.0\n"[..])?;
    ar.member("control.tar.gz", control.len() as u64, &control[..])?;
    ar.member(
        &format!("data.tar{}", suffix(compression)),
        size,
        BufReader::with_capacity(PIECE, data),
    )
}

/// Returns `<name>_<version>-<release>_all.deb`.
pub(crate) fn file_name(blueprint: &Blueprint) -> Result<String, WriteError> {
    let Identity { name, version } = Identity::of(blueprint)?;
    Ok(format!("{name}_{version}_all.deb"))
}

impl Identity {
    fn of(blueprint: &Blueprint) -> Result<Self, WriteError> {
        let name = blueprint.id.package_name();
        let name = name.for_debian().ok_or_else(|| {
            WriteError::Unrepresentable(format!(
                "`{name}` cannot be the name of a Debian package, which begins with a letter or digit: \
                 rename the plugin or build another format"
            ))
        })?;
        let release = &blueprint.release;
        let allowed = |c: char| c.is_ascii_alphanumeric() || "+.~".contains(c);
        if release.is_empty() || !release.chars().all(allowed) {
            return Err(WriteError::Unrepresentable(format!(
                "`build_version` `{}` cannot be the revision of a Debian package, which has letters, \
                 digits, `+`, `.` and `~` only",
                release.escape_debug()
            )));
        }
        let version = format!("{}-{release}", blueprint.id.version.for_package_managers());
        Ok(Self { name, version })
    }
}

/// Returns what comes behind `data.tar`.
fn suffix(compression: Compression) -> &'static str {
    match compression {
        Compression::Gzip => ".gz",
        Compression::Xz => ".xz",
        Compression::Zstd => ".zst",
        Compression::Uncompressed => "",
    }
}

/// Returns all files of the package by their paths below `/`.
fn lay_out(blueprint: &Blueprint, identity: &Identity) -> Result<Contents, WriteError> {
    let mut files = Contents::default();
    let folder = blueprint.id.folder();
    let folder = folder.trim_start_matches('/');
    files.insert(folder, Entry { mode: 0o755, kind: Kind::Folder });
    for (path, entry) in blueprint.contents.iter() {
        // The list of digests has one file a line.
        if path.contains('\n') {
            let problem = format!("the file name `{}` has a line break", path.escape_debug());
            return Err(WriteError::Unrepresentable(problem));
        }
        files.insert(&format!("{folder}/{path}"), entry.clone());
    }
    documentation::add(&mut files, blueprint, identity)?;
    Ok(files)
}

/// Packs the files into an unlinked scratch file; returns it, at its end, and their list of digests.
fn pack(
    files: &Contents,
    time: u32,
    method: Method,
    settings: &Settings<'_>,
) -> Result<(std::fs::File, String), WriteError> {
    let scratch = BufWriter::new(tempfile::tempfile_in(settings.scratch)?);
    let packed = Background::new(Encoder::new(scratch, method)?);
    let mut tar = Writer::new(packed, "./", reader::floor, time);
    tar.folder("", 0o755)?;
    let mut md5sums = String::new();
    for (path, entry) in files.iter() {
        let mut md5 = Md5::new();
        tar.append(path, entry, &mut |bytes| {
            md5.update(bytes);
            (settings.progress)(bytes.len() as u64);
        })?;
        if matches!(entry.kind, Kind::File { .. }) {
            md5sums.push_str(&format!("{}  {path}\n", hex::encode(md5.finalize())));
        }
    }
    let scratch = tar.finish()?.finish()?.finish()?;
    Ok((scratch.into_inner().map_err(io::IntoInnerError::into_error)?, md5sums))
}

/// Returns `control.tar.gz`.
fn control_archive(
    blueprint: &Blueprint,
    identity: &Identity,
    files: &Contents,
    md5sums: String,
) -> Result<Vec<u8>, WriteError> {
    let mut members = Contents::default();
    members.insert_text("control", control::paragraph(blueprint, identity, files)?.into_bytes());
    members.insert_text("md5sums", md5sums.into_bytes());
    for (name, script) in scripts::maintainer_scripts(&blueprint.hooks) {
        let (size, body) = (script.body.len() as u64, script.body.into_bytes().into());
        let kind = Kind::File { size, content: Content::InMemory(body) };
        members.insert(name, Entry { mode: 0o755, kind });
    }
    // Gzip, which every dpkg reads, whatever the files are packed with.
    let mut tar =
        Writer::new(Encoder::new(Vec::new(), Method::GZIP)?, "./", reader::floor, blueprint.time);
    tar.folder("", 0o755)?;
    for (path, entry) in members.iter() {
        tar.append(path, entry, &mut |_| {})?;
    }
    Ok(tar.finish()?.finish()?)
}

/// The outer archive.
struct Outer<W: Write> {
    ar: ar::Builder<W>,
    time: u32,
}

impl<W: Write> Outer<W> {
    fn member(&mut self, name: &str, size: u64, content: impl Read) -> Result<(), WriteError> {
        let mut header = ar::Header::new(name.into(), size);
        header.set_mode(0o100_644);
        header.set_mtime(self.time.into());
        Ok(self.ar.append(&header, content)?)
    }
}
