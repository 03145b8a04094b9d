//! The facts that checks judge, read once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::Timestamp;
use plugin::PluginId;
use registry::Source;
use serde::Serialize;

use crate::HostState;
use crate::listing::Told;
use crate::verify::Deviation;

/// A host as it was found.
#[derive(Clone, Debug)]
pub struct Examination {
    /// What planners look at too. Without entries where the registry cannot be read.
    pub host: HostState,
    /// How it is with the registry.
    pub registry: RegistryFacts,
    /// What a crash left in the journal.
    pub journal: Option<Unfinished>,
    /// Whether a trigger's stamp lies there.
    pub stamp: bool,
    /// When the newest recorded event was.
    pub newest: Option<Timestamp>,
    /// What is wrong with files, by the plugin's folder.
    pub deviations: BTreeMap<String, Vec<Deviation>>,
    /// What others than root may write to.
    pub loose: Vec<Loose>,
    /// Folders that the symlink layer has saved, by the name that they had; `None` where only root may
    /// look.
    pub saved: Option<BTreeSet<String>>,
    /// Kept packages that are of no use.
    pub kept: Vec<KeptFault>,
    /// How much room there is, per place.
    pub room: Vec<Room>,
    /// What is remembered of repositories.
    pub sources: Vec<Source>,
    /// Why their notices could not be read, where they could not.
    pub bad_copy: Option<String>,
    /// Installed versions that notices speak of, each with what is said.
    pub vulnerable: Vec<(PluginId, Told)>,
}

/// How it is with the registry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegistryFacts {
    /// Whether there is one yet.
    pub exists: bool,
    /// What is wrong with the database; empty where its own check is content.
    pub damage: Vec<String>,
    /// Whether a change of it was cut off, which only a writer may undo.
    pub interrupted: bool,
    /// Why it cannot be used at all, where that is not its content's fault.
    pub unusable: Option<String>,
    /// Where the chain of history breaks, if it does.
    pub chain: Option<String>,
}

impl RegistryFacts {
    /// Whether its entries could be read.
    pub fn is_readable(&self) -> bool {
        self.damage.is_empty() && !self.interrupted && self.unusable.is_none()
    }
}

/// A plan that a crash cut off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unfinished {
    /// The command that was cut off; `None` where the journal itself cannot be read.
    pub command: Option<String>,
}

/// Something that others than root may change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loose {
    /// Its path.
    pub path: PathBuf,
    /// Who owns it, where that is not root.
    pub owner: Option<u32>,
    /// Whether its group or all may write to it.
    pub writable: bool,
}

/// A kept package that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeptFault {
    /// SHA-256 that it should have, hexadecimal.
    pub sha256: String,
    /// The plugin that should be in it.
    pub plugin: PluginId,
    /// What is wrong with it: a lower-case clause.
    pub reason: String,
}

/// How much room a file system has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Room {
    /// The place on it that plugins need.
    pub path: PathBuf,
    /// Bytes that may still be written.
    pub bytes: u64,
    /// Files that may still be made; `None` where the file system does not count them.
    pub inodes: Option<u64>,
}
