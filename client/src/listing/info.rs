//! All that is known of one plugin.

use std::path::{Path, PathBuf};

use plugin::{Format, Generation, PluginId, PluginName, Version};
use registry::history::Entry;
use registry::{Kept, Link, Record, RecordId, Voucher};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Book, Filter, Row, Source, rows};
use crate::KeptPackage;
use crate::repository::{Advisory, Notices, Severity};

/// What belongs to one plugin and is not in its entry.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// The plugins root.
    pub plugins: &'a Path,
    /// What is kept of the plugin's side files.
    pub kept: &'a Kept,
    /// All kept packages of the host, newest first.
    pub packages: &'a [KeptPackage],
    /// Its history, newest first, as long as it is to be shown.
    pub history: &'a [Entry],
    /// The notices about security that the host believes.
    pub notices: &'a Notices,
}

/// All that is known of one plugin.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Info {
    /// The fields that the registry shows.
    pub fields: Fields,
    /// How the list shows it.
    pub row: Row,
    /// Its folder.
    pub folder: PathBuf,
    /// The fields that its side files filled.
    pub kept_fields: Vec<String>,
    /// The layer's entries that make its folder a link: one, or none.
    pub links_from: Vec<Link>,
    /// The layer's entries that lead to its folder.
    pub links_to: Vec<Link>,
    /// Packages of it that are kept for downgrade and undo, newest first.
    pub kept_packages: Vec<Package>,
    /// Notices about security that speak of its version, the worst first.
    pub advisories: Vec<Told>,
    /// What happened to it, newest first.
    pub history: Vec<Entry>,
}

/// A notice about security that speaks of an installed version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Its name.
    pub id: String,
    /// How bad it is.
    pub severity: Severity,
    /// One line.
    pub title: String,
    /// Whether it withdraws the version.
    pub withdraws: bool,
    /// The highest version that it names as a fix, on the same line.
    pub fix: Option<Version>,
}

/// A plugin as the registry shows it: 13 fields (`nailgun-api 3.1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are those of the interface, which says what they mean")]
pub struct Fields {
    pub id: RecordId,
    pub name: PluginName,
    pub title: String,
    pub version: Version,
    pub description: Option<String>,
    pub releases: Vec<Map<String, Value>>,
    pub package_version: Generation,
    pub groups: Vec<String>,
    pub authors: Vec<String>,
    pub licenses: Vec<String>,
    pub homepage: Option<String>,
    pub fuel_version: Vec<String>,
    pub is_hotpluggable: bool,
}

/// A kept package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Package {
    /// The plugin's version in it.
    pub version: Version,
    /// RPM, deb or fp.
    pub format: Format,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// Its length in bytes.
    pub size: u64,
    /// Where it came from.
    pub source: Source,
    /// Who vouched for it.
    pub signed: Voucher,
}

impl From<&Record> for Fields {
    fn from(record: &Record) -> Self {
        let plugin = record.plugin.clone();
        Self {
            id: record.id,
            name: plugin.id.name,
            title: plugin.title,
            version: plugin.id.version,
            description: plugin.description,
            releases: plugin.releases,
            package_version: plugin.id.generation,
            groups: plugin.groups,
            authors: plugin.authors,
            licenses: plugin.licenses,
            homepage: plugin.homepage,
            fuel_version: plugin.products,
            is_hotpluggable: plugin.is_hotpluggable,
        }
    }
}

/// Returns all that is known of the plugin with number `id`; `None` where none has it.
pub fn info(book: &Book<'_>, id: RecordId, beside: &Beside<'_>) -> Option<Info> {
    let record = book.records.iter().find(|record| record.id == id)?;
    let only = Filter { ids: [id].into(), ..Filter::default() };
    let row = rows(book, &[], &only).pop()?;
    let own = &record.plugin.id;
    let folder = own.package_name();
    let links = |wanted: &dyn Fn(&Link) -> bool| {
        book.links.iter().filter(|link| link.name == own.name && wanted(link)).cloned().collect()
    };
    Some(Info {
        fields: record.into(),
        row,
        folder: beside.plugins.join(folder.as_str()),
        kept_fields: filled(beside.kept),
        links_from: links(&|link| own.generation.is_legacy() && link.old == own.version),
        links_to: links(&|link| link.folder == folder.as_str()),
        kept_packages: packages(record, beside.packages),
        advisories: told(own, beside.notices),
        history: beside.history.to_vec(),
    })
}

/// Returns the notices that speak of a version: that it is withdrawn, or that a higher one is better.
pub fn told(own: &PluginId, notices: &Notices) -> Vec<Told> {
    let withdrawing = notices.withdrawing(&own.name, &own.version);
    let mut found = notices.open(&own.name, &own.version);
    if let Some(one) = withdrawing.filter(|one| !found.iter().any(|other| other.id == one.id)) {
        found.insert(0, one);
    }
    let told = |advisory: &Advisory| {
        let fixes = advisory.fixes.iter().filter(|one| {
            one.plugin == own.name && one.version.line() == own.line() && one.version > own.version
        });
        Told {
            id: advisory.id.clone(),
            severity: advisory.severity,
            title: advisory.title.clone(),
            withdraws: withdrawing.is_some_and(|one| one.id == advisory.id),
            fix: fixes.map(|one| one.version.clone()).max(),
        }
    };
    found.into_iter().map(told).collect()
}

/// Returns the fields that hold anything.
fn filled(kept: &Kept) -> Vec<String> {
    let is_empty = |value: &Value| match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        other => other.is_null(),
    };
    kept.iter().filter(|(_, value)| !is_empty(value)).map(|(field, _)| field.clone()).collect()
}

/// Returns the kept packages on a plugin's release line.
fn packages(record: &Record, kept: &[KeptPackage]) -> Vec<Package> {
    let own = &record.plugin.id;
    let same_line =
        |kept: &&KeptPackage| kept.plugin.name == own.name && kept.plugin.line() == own.line();
    let shown = |kept: &KeptPackage| Package {
        version: kept.plugin.version.clone(),
        format: kept.format,
        sha256: kept.sha256.clone(),
        size: kept.size,
        source: Source(kept.origin.clone()),
        signed: kept.voucher.clone(),
    };
    kept.iter().filter(same_line).map(shown).collect()
}
