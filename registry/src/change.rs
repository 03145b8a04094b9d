//! What a command changes in the registry: data, so that a journal can carry it across a crash.

use plugin::{PluginName, ReleaseLine, Version};
use serde::{Deserialize, Serialize};

use crate::{Fingerprint, Kept, Origin, Plugin, Presence, Publisher, RecordId, Source, Voucher};

/// One change of the registry. Each may be made twice with the same end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Puts an entry where none is with its number, or replaces all of the one that has it.
    Put {
        /// The entry's number: an existing one, or one reserved for it with [`crate::store`].
        id: RecordId,
        /// What is registered.
        plugin: Box<Plugin>,
        /// What is kept beside it.
        kept: Kept,
        /// What the folder looked like.
        fingerprint: Option<Fingerprint>,
        /// Where the version came from.
        origin: Origin,
        /// Who vouches for it.
        #[serde(default)]
        voucher: Voucher,
    },
    /// Says whether an entry's files are there.
    Mark {
        /// The entry.
        id: RecordId,
        /// Whether they are.
        presence: Presence,
    },
    /// Takes an entry away.
    Remove {
        /// The entry.
        id: RecordId,
    },
    /// Puts or replaces an entry of the symlink layer.
    Link(Link),
    /// Takes an entry of the symlink layer away.
    Unlink {
        /// The plugin.
        name: PluginName,
        /// The version whose folder was a link.
        old: Version,
    },
    /// Keeps a plugin from updates.
    Hold(Hold),
    /// Lets it have them again.
    Unhold(Hold),
    /// Binds a plugin's name to who publishes it.
    Bind(Publisher),
    /// Frees a name.
    Unbind {
        /// The plugin.
        name: PluginName,
    },
    /// Remembers what a repository shows.
    Remember(Source),
    /// Remembers nothing of a repository any more.
    Forget {
        /// Its identifier.
        name: String,
    },
}

/// An entry of the symlink layer: the folder of an old legacy version is a link to a newer one
/// (`fuel 4.5`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Link {
    /// The plugin.
    pub name: PluginName,
    /// The legacy version whose folder is a link.
    pub old: Version,
    /// The version that it leads to.
    pub target: Version,
    /// The folder, below the plugins root, that has the target's content: `demo-2.0.2` for a legacy
    /// target, `demo-2.0` for another.
    pub folder: String,
}

/// A plugin that is kept from updates, on one release line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Hold {
    /// The plugin.
    pub name: PluginName,
    /// Its release line.
    pub line: ReleaseLine,
}
