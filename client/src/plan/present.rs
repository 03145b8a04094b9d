//! What a host has of each plugin, with its package, its folder and its entry side by side.

use std::collections::BTreeMap;

use plugin::{Generation, PluginId, PluginName, ReleaseLine};
use registry::history::State;
use registry::scan::Content;
use registry::{Link, Record, Voucher};

use super::Refusal;
use crate::spec::{Target, nearest};
use crate::{HostState, Installed, KeptPackage};

/// A plugin that is installed, registered, or both.
#[derive(Clone, Debug)]
pub(super) struct Present<'a> {
    /// Which; with the version of the package where there is one.
    pub(super) id: PluginId,
    /// The name of its folder.
    pub(super) folder: String,
    /// Its package.
    pub(super) package: Option<&'a Installed>,
    /// What is at its folder's name.
    pub(super) content: Option<&'a Content>,
    /// Its entry.
    pub(super) record: Option<&'a Record>,
    /// The layer's entry that makes its folder a link.
    pub(super) link: Option<&'a Link>,
}

impl Present<'_> {
    /// Whether its files are there, be they saved behind a link of the layer.
    pub(super) fn is_installed(&self) -> bool {
        self.package.is_some()
            || self.link.is_some()
            || matches!(
                self.content,
                Some(Content::Plugin(_) | Content::Unchanged | Content::Broken(_))
            )
    }

    /// Whether each of its versions has a folder of its own.
    pub(super) fn is_legacy(&self) -> bool {
        self.id.generation.is_legacy()
    }

    /// Whether the registry says what is installed.
    pub(super) fn is_registered_as_installed(&self) -> bool {
        self.record.is_some_and(|record| {
            same(&record.plugin.id, &self.id) && record.presence == registry::Presence::Present
        })
    }

    /// Returns what history says of it.
    pub(super) fn state(&self, kept: &[KeptPackage]) -> State {
        State {
            plugin: self.id.clone(),
            record: self.record.map(|record| record.id),
            installed: self.is_installed(),
            package: kept
                .iter()
                .find(|package| same(&package.plugin, &self.id))
                .map(|package| package.sha256.clone()),
            voucher: self
                .record
                .filter(|record| same(&record.plugin.id, &self.id))
                .map_or(Voucher::Unknown, |record| record.voucher.clone()),
        }
    }
}

/// All plugins of a host, by folder.
#[derive(Clone, Debug)]
pub(super) struct Inventory<'a> {
    by_folder: BTreeMap<String, Present<'a>>,
}

impl<'a> Inventory<'a> {
    /// Brings together what was observed.
    pub(super) fn new(host: &'a HostState) -> Self {
        let mut inventory = Self { by_folder: BTreeMap::new() };
        for record in &host.records {
            let id = &record.plugin.id;
            let present = inventory.entry(id.package_name().as_str(), || id.clone());
            // A registry that another program filled may have two on one line: the highest counts.
            if present.record.is_none_or(|other| other.plugin.id.version < id.version) {
                present.id = id.clone();
                present.record = Some(record);
            }
        }
        for found in &host.folders {
            inventory.add_folder(&found.name, &found.content);
        }
        for package in &host.packages {
            inventory.add_package(package);
        }
        for link in &host.links {
            let folder = format!("{}-{}", link.name, link.old);
            let id = || legacy_id(link);
            inventory.entry(&folder, id).link = Some(link);
        }
        inventory
    }

    fn entry(&mut self, folder: &str, id: impl FnOnce() -> PluginId) -> &mut Present<'a> {
        self.by_folder.entry(folder.to_owned()).or_insert_with(|| Present {
            id: id(),
            folder: folder.to_owned(),
            package: None,
            content: None,
            record: None,
            link: None,
        })
    }

    /// A folder whose metadata does not fit its name is no plugin; nor is one that cannot be read, if
    /// nothing else knows of it.
    fn add_folder(&mut self, name: &str, content: &'a Content) {
        match content {
            Content::Plugin(found) if found.plugin.id.package_name().as_str() == name => {
                let id = &found.plugin.id;
                let present = self.entry(name, || id.clone());
                present.id = id.clone();
                present.content = Some(content);
            }
            _ => {
                if let Some(present) = self.by_folder.get_mut(name) {
                    present.content = Some(content);
                }
            }
        }
    }

    fn add_package(&mut self, package: &'a Installed) {
        let Some((name, _)) = package.folder.rsplit_once('-') else { return };
        let Ok(name) = name.parse::<PluginName>() else { return };
        // Where neither metadata nor registry say more: only new formats come as packages.
        let unread = || PluginId {
            name,
            version: package.plugin_version.clone(),
            generation: Generation::V2,
        };
        let present = self.entry(&package.folder, unread);
        present.id.version = package.plugin_version.clone();
        present.package = Some(package);
    }

    /// Returns what has a folder's name.
    pub(super) fn at(&self, folder: &str) -> Option<&Present<'a>> {
        self.by_folder.get(folder)
    }

    /// Returns all plugins of a name, sorted by version.
    pub(super) fn named(&self, name: &PluginName) -> Vec<&Present<'a>> {
        let mut all: Vec<_> = self.all().filter(|present| present.id.name == *name).collect();
        all.sort_by(|a, b| a.id.version.cmp(&b.id.version));
        all
    }

    /// Returns the legacy versions on a line that are installed, sorted.
    pub(super) fn legacy_on(&self, name: &PluginName, line: ReleaseLine) -> Vec<&Present<'a>> {
        let mut found = self.named(name);
        found.retain(|present| {
            present.is_legacy() && present.is_installed() && present.id.line() == line
        });
        found
    }

    /// Returns all plugins, by folder.
    pub(super) fn all(&self) -> impl Iterator<Item = &Present<'a>> {
        self.by_folder.values()
    }

    /// Returns the one plugin that a target means. A line means its new-format plugin first.
    pub(super) fn find(&self, target: &Target) -> Result<&Present<'a>, Refusal> {
        let mut fitting = self.named(target.name());
        fitting.retain(|present| {
            target.fits(&present.id)
                || present.record.is_some_and(|record| target.fits(&record.plugin.id))
        });
        if matches!(target, Target::Line(..)) && fitting.iter().any(|present| !present.is_legacy())
        {
            fitting.retain(|present| !present.is_legacy());
        }
        match fitting[..] {
            [one] => Ok(one),
            [] => Err(self.unknown(target)),
            _ => Err(Refusal::Ambiguous {
                target: target.clone(),
                candidates: fitting.iter().map(|present| present.id.clone()).collect(),
            }),
        }
    }

    /// Returns the refusal of a target that is not here.
    pub(super) fn unknown(&self, target: &Target) -> Refusal {
        let present: Vec<_> =
            self.named(target.name()).into_iter().map(|present| present.id.clone()).collect();
        let names = self.all().map(|present| present.id.name.as_str());
        let near = if present.is_empty() { nearest(target.name().as_str(), names) } else { None };
        Refusal::Unknown {
            target: target.clone(),
            near: near.map(|name| name.parse().expect("a known name is a name")),
            present,
        }
    }
}

/// Whether two are the same plugin to the letter: `1.0` and `1.0.0` are equal as versions, but not the
/// same.
pub(super) fn same(a: &PluginId, b: &PluginId) -> bool {
    a == b && a.version.as_str() == b.version.as_str()
}

fn legacy_id(link: &Link) -> PluginId {
    PluginId { name: link.name.clone(), version: link.old.clone(), generation: Generation::V1 }
}
