//! Where the registry, the package manager's database and the disk do not agree.
//!
//! The folders of the symlink layer are left out: what is seen through a link says nothing of the
//! version that is registered (`fuel 4.5` rule 8).

use std::collections::{BTreeMap, BTreeSet};

use plugin::{PluginId, Version};
use registry::scan::{Content, Folder, Found};
use registry::{Presence, Record, RecordId};
use serde::Serialize;

use crate::{Condition, HostState, Installed};

/// One disagreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Drift {
    /// The registry says that a plugin is there, and its folder is not.
    Absent {
        /// The entry.
        record: RecordId,
        /// The plugin.
        plugin: PluginId,
    },
    /// The registry says that a plugin is missing, and its folder is there.
    Back {
        /// The entry.
        record: RecordId,
        /// The plugin.
        plugin: PluginId,
    },
    /// A plugin is there, and not registered.
    Unregistered {
        /// What its metadata says.
        plugin: PluginId,
    },
    /// A folder ought to be a plugin and cannot be read as one.
    Unreadable {
        /// The folder's name.
        folder: String,
        /// The entry that is registered for it, if one is.
        record: Option<RecordId>,
        /// Why, with file and place.
        reason: String,
    },
    /// Registry, package database and metadata name different versions.
    Differs {
        /// The entry.
        record: RecordId,
        /// The plugin as it is registered.
        plugin: PluginId,
        /// The version in the package database, where the folder has a package.
        package: Option<Version>,
        /// The version in the metadata on disk.
        metadata: Version,
    },
}

impl Drift {
    /// Returns the entry that it is about.
    pub fn record(&self) -> Option<RecordId> {
        match self {
            Self::Absent { record, .. }
            | Self::Back { record, .. }
            | Self::Differs { record, .. } => Some(*record),
            Self::Unreadable { record, .. } => *record,
            Self::Unregistered { .. } => None,
        }
    }
}

/// Compares what is registered with what is there: entries by number, then folders by name.
pub fn drift(state: &HostState) -> Vec<Drift> {
    let view = View::new(state);
    let mut found: Vec<Drift> =
        state.records.iter().filter_map(|record| view.of_record(record)).collect();
    found.extend(state.folders.iter().filter_map(|folder| view.of_folder(folder)));
    found
}

/// The host by folder name.
struct View<'a> {
    folders: BTreeMap<&'a str, &'a Content>,
    packages: BTreeMap<&'a str, &'a Installed>,
    linked: BTreeSet<String>,
    registered: BTreeMap<String, RecordId>,
}

impl<'a> View<'a> {
    fn new(state: &'a HostState) -> Self {
        let name = |at: &Record| (at.plugin.id.package_name().to_string(), at.id);
        Self {
            folders: state.folders.iter().map(|at| (&*at.name, &at.content)).collect(),
            // Of several versions that are recorded nobody knows which one is meant.
            packages: state
                .packages
                .iter()
                .filter(|at| at.condition != Condition::Duplicate)
                .map(|at| (&*at.folder, at))
                .collect(),
            linked: state.links.iter().map(|at| format!("{}-{}", at.name, at.old)).collect(),
            registered: state.records.iter().map(name).collect(),
        }
    }

    fn of_record(&self, record: &Record) -> Option<Drift> {
        let plugin = record.plugin.id.clone();
        let folder = plugin.package_name();
        if self.linked.contains(folder.as_str()) {
            return None;
        }
        let record_id = record.id;
        match (self.folders.get(folder.as_str()), record.presence) {
            (Some(Content::Plugin(_) | Content::Unchanged), Presence::Missing) => {
                Some(Drift::Back { record: record_id, plugin })
            }
            (Some(Content::Plugin(found)), Presence::Present) => {
                self.versions(record_id, plugin, Some(found))
            }
            (Some(Content::Unchanged), Presence::Present) => self.versions(record_id, plugin, None),
            // A folder that cannot be read is told of with the folders.
            (Some(Content::Broken(_)), _) | (_, Presence::Missing) => None,
            (Some(Content::Link { .. } | Content::Stray) | None, Presence::Present) => {
                Some(Drift::Absent { record: record_id, plugin })
            }
        }
    }

    /// Compares the three versions of a plugin; `found` is `None` where its metadata is as registered.
    fn versions(&self, record: RecordId, plugin: PluginId, found: Option<&Found>) -> Option<Drift> {
        let metadata = found.map_or(&plugin.version, |found| &found.plugin.id.version).clone();
        let package = self
            .packages
            .get(plugin.package_name().as_str())
            .map(|package| package.plugin_version.clone());
        let package_agrees = package.as_ref().is_none_or(|version| *version == plugin.version);
        let agree = package_agrees && metadata == plugin.version;
        (!agree).then_some(Drift::Differs { record, plugin, package, metadata })
    }

    fn of_folder(&self, folder: &Folder) -> Option<Drift> {
        let record = self.registered.get(&folder.name).copied();
        match &folder.content {
            Content::Broken(reason) => Some(Drift::Unreadable {
                folder: folder.name.clone(),
                record,
                reason: reason.clone(),
            }),
            Content::Plugin(found) if record.is_none() => {
                Some(Drift::Unregistered { plugin: found.plugin.id.clone() })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
