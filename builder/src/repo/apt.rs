//! The face for apt: a pool, one suite, and by-hash names for readers in flight.

use std::sync::Arc;

use packaging::repository::apt;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::item::{Paragraph, rank};
use super::tree::{Edition, Tree, timestamp};
use super::{Advisory, Error, Index, Item, Settings, Spec};

/// The folder of the face.
const FACE: &str = "apt";

/// Adds the packages, the indexes, `Release` and what is wrong with packages, which apt itself has no
/// place for.
pub(super) fn add(tree: &mut Tree, edition: &Edition<'_>) -> Result<(), Error> {
    for (item, _) in debs(edition) {
        tree.link(format!("{FACE}/{}", item.place()), item);
    }
    let suite = format!("{FACE}/dists/{}", edition.settings.suite);
    let indexes = indexes(edition)?;
    for (path, bytes) in &indexes {
        tree.share(format!("{suite}/{path}"), bytes);
        let (folder, _) = path.rsplit_once('/').expect("an index is in a folder");
        let digest = hex::encode(Sha256::digest(&**bytes));
        tree.share(format!("{suite}/{folder}/by-hash/SHA256/{digest}"), bytes);
    }
    let listed: Vec<_> = indexes.iter().map(|(path, bytes)| (&**path, &***bytes)).collect();
    let release = apt::release(&fields(edition), &listed);
    if let Some(seal) = edition.seal {
        let clear = seal.clear(&release).map_err(Error::NotSigned)?;
        tree.put(format!("{suite}/InRelease"), clear);
        let mut content = std::io::Cursor::new(release.as_bytes());
        let signature = seal.detached(&mut content).map_err(Error::NotSigned)?;
        tree.put(format!("{suite}/Release.gpg"), signature);
    }
    tree.put(format!("{suite}/Release"), release);
    tree.seal(edition, &format!("{FACE}/advisories.json"), advisories(edition))
}

fn debs<'a>(edition: &Edition<'a>) -> impl Iterator<Item = (&'a Item, &'a Paragraph)> {
    edition.items.iter().filter_map(|item| match &item.index {
        Index::Deb(paragraph) => Some((item, paragraph)),
        Index::Rpm(_) | Index::Fp => None,
    })
}

/// Returns the indexes: paths, relative to the suite, and bytes.
fn indexes(edition: &Edition<'_>) -> Result<Vec<(String, Arc<Vec<u8>>)>, Error> {
    let mut indexes: Vec<(String, Arc<Vec<u8>>)> = Vec::new();
    for component in &edition.settings.components {
        let mut packages: Vec<_> = debs(edition)
            .map(|(_, paragraph)| paragraph)
            .filter(|it| component.as_str() == component_of(edition.settings, it))
            .collect();
        packages.sort_by_cached_key(|it| (it.package.clone(), rank(&it.version)));
        for architecture in &edition.settings.architectures {
            let fits = |it: &&&Paragraph| {
                it.architecture == "all" || it.architecture == architecture.as_str()
            };
            let mut plain = String::new();
            for paragraph in packages.iter().filter(fits) {
                plain.extend([&paragraph.text, "\n"]);
            }
            let path = format!("{component}/binary-{architecture}/Packages");
            // Most packages are for all architectures, so that their indexes are the same.
            let known = indexes.chunks_exact(2).find(|pair| **pair[1].1 == *plain.as_bytes());
            let (packed, plain) = match known {
                Some([(_, packed), (_, plain)]) => (Arc::clone(packed), Arc::clone(plain)),
                _ => (Arc::new(apt::compressed(plain.as_bytes())?), Arc::new(plain.into_bytes())),
            };
            indexes.extend([(format!("{path}.gz"), packed), (path, plain)]);
        }
    }
    Ok(indexes)
}

/// Returns the component that a package is in: its own where the repository has that, else the first.
fn component_of<'a>(settings: &'a Settings, paragraph: &Paragraph) -> &'a str {
    let own =
        settings.components.iter().find(|it| paragraph.component.as_deref() == Some(it.as_str()));
    own.unwrap_or(&settings.components[0]).as_str()
}

fn fields(edition: &Edition<'_>) -> Vec<(&'static str, String)> {
    let settings = edition.settings;
    let words = |words: &[super::Word]| {
        words.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" ")
    };
    let text = |line: &Option<super::Line>| {
        line.as_ref().map_or_else(|| settings.name.to_string(), ToString::to_string)
    };
    vec![
        ("Origin", text(&settings.origin)),
        ("Label", text(&settings.label)),
        ("Suite", settings.suite.to_string()),
        ("Codename", settings.codename.as_ref().unwrap_or(&settings.suite).to_string()),
        ("Date", apt::date(edition.time)),
        ("Valid-Until", apt::date(edition.end)),
        ("Acquire-By-Hash", "yes".to_owned()),
        ("Architectures", words(&settings.architectures)),
        ("Components", words(&settings.components)),
    ]
}

/// Returns all notices, for hosts with apt.
fn advisories(edition: &Edition<'_>) -> String {
    let notices: Vec<_> = edition.notices.0.iter().map(|it| advisory(edition, it)).collect();
    let document = json!({
        "schema": 1,
        "repository": edition.settings.name,
        "suite": edition.settings.suite,
        "date": timestamp(edition.time),
        "valid_until": timestamp(edition.end),
        "advisories": notices,
    });
    format!("{document:#}\n")
}

fn advisory(edition: &Edition<'_>, advisory: &Advisory) -> Value {
    let versions =
        |specs: &[Spec]| -> Vec<_> { specs.iter().map(|it| version(edition, it)).collect() };
    json!({
        "id": advisory.id,
        "severity": advisory.severity,
        "title": advisory.title,
        "description": advisory.description,
        "issued": advisory.issued,
        "cves": advisory.cves,
        "references": advisory.references,
        "reboot": advisory.reboot,
        "restart": advisory.restart,
        "fixes": versions(&advisory.fixes),
        "withdraws": versions(&advisory.withdraws),
    })
}

/// Returns a version, and the packages that carry it.
fn version(edition: &Edition<'_>, spec: &Spec) -> Value {
    let packages: Vec<_> = debs(edition)
        .filter(|(item, _)| spec.names(item))
        .map(|(item, it)| {
            json!({
                "name": it.package,
                "version": it.version,
                "architecture": it.architecture,
                "sha256": item.sha256,
            })
        })
        .collect();
    json!({ "plugin": spec.name, "version": spec.version, "packages": packages })
}
