//! Flat apt repositories: the indexes beside a folder of debs (`fuel-formats 7.1`).
//!
//! A `Packages` paragraph has its fields in the order of `dpkg-scanpackages`. `Release` lists plain
//! and compressed index, for apt skips an index of which it knows only the compressed form, and has no
//! `Origin`: products pin on label and version, and an origin broke that.

mod reading;
mod record;
mod release;

use std::io::{self, Write};

use plugin::PluginId;

use super::{Folder, Found, IndexError};
use crate::Contents;
use crate::codec::{Encoder, Method};
use crate::contents::Kind;

pub use reading::{Contents as Release, Listed, Section, contents, packages as listed};
pub use record::Record;
pub use release::{date, release};

/// The names of the indexes.
const INDEXES: [&str; 3] = ["Packages", "Packages.gz", "Release"];

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
    let fields = [
        ("Label", plugin.name.to_string()),
        ("Version", plugin.line().to_string()),
        ("Date", date(time)),
    ];
    let release = release(&fields, &[(INDEXES[0], &plain), (INDEXES[1], &packed)]);
    for (name, bytes) in INDEXES.into_iter().zip([plain, packed, release.into_bytes()]) {
        contents.insert_text(&folder.at(name), bytes);
    }
    Ok(())
}

/// Reads one package, once.
fn record(found: &Found<'_>) -> Result<Record, IndexError> {
    let filename = format!("./{}", found.inside);
    let (record, length) =
        Record::read(found.content.open()?, &filename).map_err(|error| found.unread(error))?;
    found.check_size(length)?;
    Ok(record)
}

/// Writes an index: by name, then version as dpkg orders it, then path.
pub fn packages(mut records: Vec<Record>) -> Vec<u8> {
    records.sort_by(|a, b| {
        (&a.package, &a.version, &a.filename).cmp(&(&b.package, &b.version, &b.filename))
    });
    let mut text = Vec::new();
    for record in &records {
        text.extend_from_slice(&record.paragraph);
        text.push(b'\n');
    }
    text
}

/// Compresses an index, as every apt reads it.
pub fn compressed(plain: &[u8]) -> io::Result<Vec<u8>> {
    let method = Method::new(crate::Compression::Gzip, Some(9)).expect("gzip has a level 9");
    let mut encoder = Encoder::new(Vec::new(), method)?;
    encoder.write_all(plain)?;
    encoder.finish()
}
