//! What a comparison has to say of one plugin.

use plugin::{PluginId, Version};
use serde::Serialize;

use crate::{Link, RecordId};

/// What became of one plugin, or what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// It was on disk and is new in the registry.
    Registered {
        /// Its new number.
        id: RecordId,
        /// The plugin.
        plugin: PluginId,
    },
    /// A newer version than the registered one is on disk.
    Updated {
        /// Its number.
        id: RecordId,
        /// The plugin as it is now.
        plugin: PluginId,
        /// The version that was registered.
        from: Version,
    },
    /// An older version than the registered one is on disk.
    Downgraded {
        /// Its number.
        id: RecordId,
        /// The plugin as it is now.
        plugin: PluginId,
        /// The version that was registered.
        from: Version,
    },
    /// The same version, but its files changed: they were read again.
    Refreshed {
        /// Its number.
        id: RecordId,
        /// The plugin.
        plugin: PluginId,
    },
    /// Its files were missing and are there again.
    Found {
        /// Its number.
        id: RecordId,
        /// The plugin.
        plugin: PluginId,
    },
    /// Its files are not there.
    Missing {
        /// Its number.
        id: RecordId,
        /// The plugin.
        plugin: PluginId,
    },
    /// Its files were not there, and so its entry was taken away.
    Pruned {
        /// The number that it had.
        id: RecordId,
        /// The plugin.
        plugin: PluginId,
    },
    /// Its folder cannot be read; its entry, if it has one, is as it was.
    Broken {
        /// The folder's name.
        folder: String,
        /// Its number, where it is registered.
        id: Option<RecordId>,
        /// Why, with file and place.
        why: String,
    },
    /// Two plugins want to be one: the same folder, or the same name and version. The one that has the
    /// entry keeps it, the other is left as it was.
    Clash {
        /// The folder's name.
        folder: String,
        /// The plugin that was left as it was.
        plugin: PluginId,
        /// The entry in its way.
        with: RecordId,
    },
    /// The symlink layer is not on disk as it is recorded; the old version's entry is as it was.
    Link {
        /// The link as recorded.
        link: Link,
        /// What is wrong with it.
        #[serde(flatten)]
        fault: LinkFault,
    },
    /// A link that is not of the layer. It was not followed; an entry with this folder is as it was.
    ForeignLink {
        /// The folder's name.
        folder: String,
        /// What it says.
        target: String,
        /// The number of the entry with this folder, if there is one.
        id: Option<RecordId>,
    },
}

/// What is wrong with a link of the symlink layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "fault", rename_all = "kebab-case")]
pub enum LinkFault {
    /// It leads to a folder that is not there.
    Dangling,
    /// It is not there.
    Absent,
    /// Something else has its name: a folder, a file.
    Replaced,
    /// It leads elsewhere.
    Elsewhere {
        /// What it says.
        target: String,
    },
}
