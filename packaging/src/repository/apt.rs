//! Flat apt repositories: the indexes beside a folder of debs (`fuel-formats 7.1`).
//!
//! A `Packages` paragraph has its fields in the order of `dpkg-scanpackages`. `Release` lists plain
//! and compressed index, for apt skips an index of which it knows only the compressed form, and has no
//! `Origin`: products pin on label and version, and an origin broke that.

use std::io::{self, Write};

use debversion::Version;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use plugin::PluginId;

use super::{Folder, Found, IndexError};
use crate::contents::Kind;
use crate::deb::{self, Paragraph};
use crate::digest::{Digests, Hashed, Sums};
use crate::{Contents, Limits};

/// What unpacking the highest preset of xz takes, which others' packages may be packed with.
const XZ_BEST: u64 = 80 << 20;

/// The names of the indexes.
const INDEXES: [&str; 3] = ["Packages", "Packages.gz", "Release"];

/// The order of fields in an index; others follow, sorted by name.
const ORDER: [&str; 40] = [
    "package",
    "package-type",
    "source",
    "version",
    "kernel-version",
    "built-for-profiles",
    "auto-built-package",
    "architecture",
    "subarchitecture",
    "installer-menu-item",
    "build-essential",
    "essential",
    "protected",
    "origin",
    "bugs",
    "maintainer",
    "installed-size",
    "pre-depends",
    "depends",
    "recommends",
    "suggests",
    "enhances",
    "conflicts",
    "breaks",
    "replaces",
    "provides",
    "built-using",
    "static-built-using",
    "filename",
    "size",
    "md5sum",
    "sha1",
    "sha256",
    "section",
    "priority",
    "multi-arch",
    "homepage",
    "description",
    "tag",
    "task",
];

/// What an index says of one package.
struct Record {
    package: String,
    version: Version,
    path: String,
    paragraph: Vec<u8>,
}

/// Puts the indexes of the debs below `folder` into it: `Packages`, `Packages.gz`, `Release`.
pub fn index(
    contents: &mut Contents,
    folder: &str,
    plugin: &PluginId,
    time: u32,
) -> Result<(), IndexError> {
    let folder = Folder::of(contents, folder)?;
    for name in INDEXES {
        let path = folder.at(name);
        if contents.get(&path).is_some_and(|entry| matches!(entry.kind, Kind::Folder)) {
            return Err(IndexError::Occupied { path, wanted: "an index of Debian packages" });
        }
    }
    let found = folder.packages(contents, ".deb")?;
    let records = found.iter().map(record).collect::<Result<_, _>>()?;
    let plain = packages(records);
    let packed = compressed(&plain)?;
    let release = release(plugin, time, &[(INDEXES[0], &plain), (INDEXES[1], &packed)]);
    for (name, bytes) in INDEXES.into_iter().zip([plain, packed, release.into_bytes()]) {
        contents.insert_text(&folder.at(name), bytes);
    }
    Ok(())
}

/// Reads one package, once.
fn record(found: &Found<'_>) -> Result<Record, IndexError> {
    let mut deb = io::BufReader::with_capacity(1 << 16, found.open::<Digests>()?);
    let limits = Limits { memory: XZ_BEST, ..Limits::default() };
    let control = deb::read_paragraph(&mut deb, &limits).map_err(|error| found.unread(error))?;
    let Hashed { length, digest, .. } = deb.into_inner().finish();
    found.check_size(length)?;
    let required = |name| control.required(name).map_err(|error| found.unread(error));
    let (package, version) = (required("Package")?.to_owned(), required("Version")?);
    required("Architecture")?;
    let version =
        version.parse().map_err(|_| found.bad(format!("`{version}` is not a version")))?;
    let own = [
        ("Filename", format!("./{}", found.inside)),
        ("Size", length.to_string()),
        ("MD5sum", hex::encode(digest.md5)),
        ("SHA1", hex::encode(digest.sha1)),
        ("SHA256", hex::encode(digest.sha256)),
    ];
    let paragraph = paragraph(&control, &own);
    Ok(Record { package, version, path: found.path.to_owned(), paragraph })
}

/// Writes the fields of `control`, and `own` in place of any of the same name.
fn paragraph(control: &Paragraph, own: &[(&str, String)]) -> Vec<u8> {
    let is_own = |name: &str| own.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
    let theirs = control.fields.iter().filter(|(name, value)| !is_own(name) && !value.is_empty());
    let mut fields: Vec<_> = theirs
        .map(|(name, value)| (name.as_str(), value.as_slice()))
        .chain(own.iter().map(|(name, value)| (*name, value.as_bytes())))
        .collect();
    fields.sort_by_cached_key(|(name, _)| {
        let known = ORDER.iter().position(|known| known.eq_ignore_ascii_case(name));
        (known.unwrap_or(ORDER.len()), name.to_owned())
    });
    let mut text = Vec::new();
    for (name, value) in fields {
        text.extend_from_slice(name.as_bytes());
        text.extend_from_slice(if value.starts_with(b"\n") { b":" } else { b": " });
        text.extend_from_slice(value);
        text.push(b'\n');
    }
    text
}

/// Writes the index: by name, then version as dpkg orders it, then path.
fn packages(mut records: Vec<Record>) -> Vec<u8> {
    records
        .sort_by(|a, b| (&a.package, &a.version, &a.path).cmp(&(&b.package, &b.version, &b.path)));
    let mut text = Vec::new();
    for record in &records {
        text.extend_from_slice(&record.paragraph);
        text.push(b'\n');
    }
    text
}

fn compressed(plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain)?;
    encoder.finish()
}

/// Writes `Release`: label and version to pin on, date, and the digests of `indexes`.
fn release(plugin: &PluginId, time: u32, indexes: &[(&str, &[u8])]) -> String {
    let date = Timestamp::from_second(time.into()).expect("32 bits of seconds are in range");
    let mut text = format!(
        "Label: {}\nVersion: {}\nDate: {}\n",
        plugin.name,
        plugin.line(),
        date.strftime("%a, %d %b %Y %H:%M:%S UTC")
    );
    let digests: Vec<_> = indexes.iter().map(|(_, bytes)| Digests::of(bytes)).collect();
    let mut list = |title: &str, digest: fn(&Sums) -> String| {
        text.push_str(&format!("{title}:\n"));
        for ((name, bytes), sums) in indexes.iter().zip(&digests) {
            text.push_str(&format!(" {} {} {name}\n", digest(sums), bytes.len()));
        }
    };
    list("MD5Sum", |sums| hex::encode(sums.md5));
    list("SHA1", |sums| hex::encode(sums.sha1));
    list("SHA256", |sums| hex::encode(sums.sha256));
    text
}
