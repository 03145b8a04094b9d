//! The face for yum and dnf.

use std::io;

use packaging::Compression;
use packaging::repository::yum::{Fixed, Metadata, Notice};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::tree::{Edition, Tree, timestamp};
use super::{Advisory, Error, Index, Item, Packing};

/// The folder of the face.
const FACE: &str = "yum";

/// Adds the packages, the metadata, and how long it counts, which yum itself has no place for.
pub(super) fn add(tree: &mut Tree, edition: &Edition<'_>) -> Result<(), Error> {
    for item in edition.items.iter().filter(|item| matches!(item.index, Index::Rpm(_))) {
        tree.link(format!("{FACE}/{}", item.place()), item);
    }
    let files = metadata(edition)?;
    for (path, bytes) in files {
        if path.ends_with("/repomd.xml") {
            let expiry = expiry(edition, &bytes);
            tree.seal(edition, &format!("{FACE}/repodata/expiry.json"), expiry)?;
            tree.seal(edition, &format!("{FACE}/{path}"), bytes)?;
        } else {
            tree.put(format!("{FACE}/{path}"), bytes);
        }
    }
    if let Some(seal) = edition.seal {
        let key = seal.certificate().map_err(Error::NotSigned)?;
        tree.put(format!("{FACE}/repodata/repomd.xml.key"), key);
    }
    Ok(())
}

fn metadata(edition: &Edition<'_>) -> io::Result<Vec<(String, Vec<u8>)>> {
    let compression = match edition.settings.compression {
        Packing::Gzip => Compression::Gzip,
        Packing::Zstd => Compression::Zstd,
    };
    let records = || edition.items.iter().filter_map(record);
    let mut metadata = Metadata::new(records().count(), compression)?;
    for Fixed { record, .. } in records() {
        metadata.add(record)?;
    }
    let notices: Vec<_> = edition.notices.0.iter().map(|it| notice(edition, it)).collect();
    metadata.finish(&notices, edition.time)
}

fn record(item: &Item) -> Option<Fixed<'_>> {
    match &item.index {
        Index::Rpm(record) => Some(Fixed { record, file: &item.file }),
        Index::Deb(_) | Index::Fp => None,
    }
}

fn notice<'a>(edition: &Edition<'a>, advisory: &'a Advisory) -> Notice<'a> {
    let settings = edition.settings;
    let is_fixed = |item: &&Item| advisory.fixes.iter().any(|spec| spec.names(item));
    Notice {
        id: advisory.id.as_str(),
        from: settings.origin.as_ref().map_or(settings.name.as_str(), |it| it.as_str()),
        repository: settings.name.as_str(),
        severity: advisory.severity.title(),
        title: advisory.title.as_str(),
        description: &advisory.description,
        issued: advisory.issued.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        cves: advisory.cves.iter().map(|it| it.as_str()).collect(),
        references: advisory.references.iter().map(|it| it.as_str()).collect(),
        reboot: advisory.reboot,
        restart: advisory.restart,
        fixed: edition.items.iter().filter(is_fixed).filter_map(record).collect(),
    }
}

/// Says until when `repomd.xml` may be trusted.
fn expiry(edition: &Edition<'_>, repomd: &[u8]) -> String {
    let statement = json!({
        "schema": 1,
        "repository": edition.settings.name,
        "date": timestamp(edition.time),
        "valid_until": timestamp(edition.end),
        "repomd_sha256": hex::encode(Sha256::digest(repomd)),
    });
    format!("{statement:#}\n")
}
