//! Yum repositories: `repodata` beside a folder of RPMs (`fuel-formats 7.2`).
//!
//! `rpmrepo_metadata` turns headers into XML; its own repository writer is left aside, because that
//! needs a folder on disk, stamps the clock, has fixed file names and asserts. Its three streams are
//! written here side by side into memory, compressed, one package at a time. Metadata is gzip, which
//! also the oldest yum reads, and is named by its digest, as `createrepo_c` does.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use rpmrepo_metadata::{
    Checksum, FilelistsXml, MetadataError, OtherXml, Package, PackageOptions, PackageSource,
    PrimaryXml, RepomdData, RepomdRecord, RepomdXml, utils::create_xml_writer,
};
use sha2::{Digest, Sha256};

use super::{Folder, Found, IndexError};
use crate::contents::{Entry, Kind};
use crate::digest::{Hashed, Hashing};
use crate::rpm::Front;
use crate::{Contents, Limits};

/// Where packages are, and where what is said of them is.
const PACKAGES: &str = "Packages";
const REPODATA: &str = "repodata";

/// Moves the RPMs that lie in `folder` itself to `Packages/` there, and puts `repodata/` beside it.
pub fn index(contents: &mut Contents, folder: &str, time: u32) -> Result<(), IndexError> {
    let folder = Folder::of(contents, folder)?;
    gather(contents, &folder)?;
    remove(contents, &folder.at(REPODATA));
    let found = folder.packages(contents, ".rpm")?;
    for (path, bytes) in describe(&found, time)? {
        contents.insert_text(&folder.at(&path), bytes);
    }
    Ok(())
}

/// Moves the packages that lie in `folder` itself to `Packages`, which is made in any case.
fn gather(contents: &mut Contents, folder: &Folder) -> Result<(), IndexError> {
    let packages = folder.at(PACKAGES);
    match contents.get(&packages).map(|entry| &entry.kind) {
        None => contents.insert(&packages, Entry { mode: 0o755, kind: Kind::Folder }),
        Some(Kind::Folder) => {}
        Some(_) => {
            return Err(IndexError::Occupied { path: packages, wanted: "the folder of RPMs" });
        }
    }
    let is_loose = |path: &str| path.ends_with(".rpm") && !folder.inside(path).contains('/');
    let loose: Vec<_> = contents
        .below(&folder.0)
        .filter(|(path, entry)| is_loose(path) && !matches!(entry.kind, Kind::Folder))
        .map(|(path, _)| path.to_owned())
        .collect();
    for old in loose {
        let new = format!("{packages}/{}", folder.inside(&old));
        if contents.get(&new).is_some() {
            return Err(IndexError::Occupied { path: new, wanted: "an RPM of the same name" });
        }
        let mut entry = contents.remove(&old).expect("its path was just listed");
        if let Kind::Link { target } = &mut entry.kind {
            target.insert_str(0, "../");
        }
        contents.insert(&new, entry);
    }
    Ok(())
}

/// Takes `path` out, with what is in it.
fn remove(contents: &mut Contents, path: &str) {
    let inside: Vec<_> = contents.below(path).map(|(path, _)| path.to_owned()).collect();
    for path in inside.iter().map(String::as_str).chain([path]) {
        contents.remove(path);
    }
}

/// Writes the metadata of the packages: paths, relative to the repository, and bytes.
fn describe(found: &[Found<'_>], time: u32) -> Result<Vec<(String, Vec<u8>)>, IndexError> {
    let mut primary = PrimaryXml::new_writer(create_xml_writer(Packed::new()));
    let mut filelists = FilelistsXml::new_writer(create_xml_writer(Packed::new()));
    let mut other = OtherXml::new_writer(create_xml_writer(Packed::new()));
    primary.write_header(found.len()).map_err(unwritten)?;
    filelists.write_header(found.len()).map_err(unwritten)?;
    other.write_header(found.len()).map_err(unwritten)?;
    for found in found {
        let package = record(found, time)?;
        primary.write_package(&package).map_err(|problem| found.bad(problem))?;
        filelists.write_package(&package).map_err(|problem| found.bad(problem))?;
        other.write_package(&package).map_err(|problem| found.bad(problem))?;
    }
    primary.finish().map_err(unwritten)?;
    filelists.finish().map_err(unwritten)?;
    other.finish().map_err(unwritten)?;
    let streams = [
        ("primary", primary.into_inner()),
        ("filelists", filelists.into_inner()),
        ("other", other.into_inner()),
    ];
    Ok(with_repomd(streams, time)?)
}

/// Returns the finished streams and the file that lists them.
fn with_repomd(streams: [(&str, Packed); 3], time: u32) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut repomd = RepomdData::default();
    repomd.set_revision(&time.to_string());
    let mut files = Vec::new();
    for (kind, packed) in streams {
        let (record, path, bytes) = packed.finish(kind, time)?;
        repomd.add_record(record);
        files.push((path, bytes));
    }
    let mut bytes = Vec::new();
    RepomdXml::write_data(&repomd, &mut create_xml_writer(&mut bytes)).map_err(unwritten)?;
    files.push((format!("{REPODATA}/repomd.xml"), bytes));
    Ok(files)
}

fn unwritten(failure: MetadataError) -> io::Error {
    io::Error::other(failure)
}

/// Reads one package, once.
fn record(found: &Found<'_>, time: u32) -> Result<Package, IndexError> {
    let mut rpm = found.open::<Sha256>()?;
    let front = Front::read(&mut rpm, &Limits::default()).map_err(|error| found.unread(error))?;
    io::copy(&mut io::BufReader::with_capacity(1 << 16, &mut rpm), &mut io::sink())?;
    let Hashed { length, digest, .. } = rpm.finish();
    found.check_size(length)?;
    if front.length().is_some_and(|said| said > length) {
        return Err(found.bad("it is cut short"));
    }
    let source = PackageSource {
        checksum: Some(Checksum::Sha256(digest)),
        size_package: Some(length),
        time_file: time.into(),
        location_href: found.inside.to_owned(),
        location_base: None,
    };
    Package::from_package_metadata(&front.metadata, source, PackageOptions::default())
        .map_err(|problem| found.bad(problem))
}

/// XML on its way into memory: hashed, then compressed.
struct Packed(Hashing<GzEncoder<Vec<u8>>, Sha256>);

impl Packed {
    fn new() -> Self {
        Self(Hashing::new(GzEncoder::new(Vec::new(), Compression::best())))
    }

    /// Returns what `repomd.xml` says of it, its path and its bytes.
    fn finish(self, kind: &str, time: u32) -> io::Result<(RepomdRecord, String, Vec<u8>)> {
        let open = self.0.finish();
        let bytes = open.inner.finish()?;
        let digest = hex::encode(Sha256::digest(&bytes));
        let path = format!("{REPODATA}/{digest}-{kind}.xml.gz");
        let mut record = RepomdRecord::default();
        record.metadata_name = kind.to_owned();
        record.location_href = path.clone().into();
        record.timestamp = time.into();
        record.size = Some(bytes.len() as u64);
        record.checksum = Checksum::Sha256(digest);
        record.open_size = Some(open.length);
        record.open_checksum = Some(Checksum::Sha256(open.digest));
        Ok((record, path, bytes))
    }
}

impl Write for Packed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        // A flush of the encoder would only cost compression: nobody reads before the end.
        Ok(())
    }
}
