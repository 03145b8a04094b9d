//! One entry of the registry.

use std::collections::BTreeMap;
use std::fmt;

use plugin::PluginId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Voucher;

/// The number that environments and clients refer to a plugin by. It stays when the version changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub i64);

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a plugin's metadata says (`nailgun-api 3.1`, all fields but the number).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plugin {
    /// `name`, `version` and `package_version`.
    pub id: PluginId,
    /// One line for people.
    pub title: String,
    /// What the plugin is for.
    pub description: Option<String>,
    /// Where it can be deployed, as written, but for entries that define a release (`nailgun-api 6.4`).
    pub releases: Vec<Map<String, Value>>,
    /// Groups that it belongs to.
    pub groups: Vec<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Under which licenses.
    pub licenses: Vec<String>,
    /// Where it lives on the web.
    pub homepage: Option<String>,
    /// `fuel_version`: product releases that it fits, as written.
    pub products: Vec<String>,
    /// Whether it may be enabled on environments that are deployed already.
    pub is_hotpluggable: bool,
}

/// What is kept of a plugin's side files but not shown with it, by field: `attributes_metadata`, `tasks`
/// … (`nailgun-api 6.1`).
pub type Kept = BTreeMap<String, Value>;

/// Tells whether any file that a plugin's registration was read from has changed since: a digest of
/// their names, lengths, times and inodes, not of their content.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

/// Whether a registered plugin's files are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// They were when last looked at.
    Present,
    /// They were not; only `sync --prune` or `unregister` takes the entry away.
    Missing,
}

/// Where a plugin's present version came from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// A package file that the administrator named.
    File,
    /// A repository, by its identifier.
    Repository(String),
    /// Found on disk: something else had put it there.
    Disk,
}

/// One entry of the registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its number.
    pub id: RecordId,
    /// What is registered.
    pub plugin: Plugin,
    /// Whether its files are there.
    pub presence: Presence,
    /// Where its present version came from.
    pub origin: Origin,
    /// Who vouches for it.
    pub voucher: Voucher,
    /// What its folder looked like when it was read; `None` where it never was.
    pub fingerprint: Option<Fingerprint>,
}
