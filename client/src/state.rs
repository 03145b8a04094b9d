//! All that planners may look at: the machine, read once.

use std::collections::BTreeSet;

use jiff::Timestamp;
use plugin::{PluginId, PluginName, ReleaseLine, Version};
use registry::history::Transaction;
use registry::{Hold, Link, Origin, Publisher, Record, RecordId, Source, Voucher};

use crate::Trust;

/// A host at one moment, under its lock.
#[derive(Clone, Debug)]
pub struct HostState {
    /// What the host is.
    pub profile: Profile,
    /// Plugin packages in the package manager's database, sorted by package name.
    pub packages: Vec<Installed>,
    /// What is in the plugins root, sorted by name.
    pub folders: Vec<registry::scan::Folder>,
    /// The registry's entries, by number.
    pub records: Vec<Record>,
    /// The symlink layer.
    pub links: BTreeSet<Link>,
    /// Plugins that are kept from updates.
    pub holds: BTreeSet<Hold>,
    /// Who publishes plugins.
    pub publishers: BTreeSet<Publisher>,
    /// What is remembered of repositories.
    pub sources: BTreeSet<Source>,
    /// Packages kept from earlier installations, newest first.
    pub kept: Vec<KeptPackage>,
    /// Whose packages the host takes.
    pub trust: Trust,
    /// The number that the next new entry gets.
    pub next_record: RecordId,
    /// The number that this command's transaction gets.
    pub next_transaction: Transaction,
    /// Who asked, when, for what.
    pub call: Call,
}

/// What a host is, as far as plugins care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The product's version; `None` where the host does not say.
    pub product: Option<String>,
    /// The format that the host's package manager takes; `None` where there is none, only legacy
    /// plugins.
    pub format: Option<plugin::Format>,
    /// The plugins root as an administrator names it, for instructions that are read and pasted.
    pub plugins: std::path::PathBuf,
}

/// A command as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// When.
    pub time: Timestamp,
    /// By whom.
    pub actor: String,
    /// In which words.
    pub command: String,
}

/// A plugin package that the package manager has recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// The package's name in the database: `demo-1.0`; Debian's has no underscores.
    pub package: String,
    /// The name of the plugin's folder: `my_plugin-1.0`.
    pub folder: String,
    /// The package's version there: `1.0.2-1`.
    pub version: String,
    /// The plugin's version, read from the package's.
    pub plugin_version: Version,
    /// Whether the package manager finished with it.
    pub condition: Condition,
}

/// How far the package manager came with a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It is installed.
    Whole,
    /// Several versions of it are recorded: an update was cut off.
    Duplicate,
    /// In the database's own words: `half-configured`, `triggers-pending` …
    Unfinished(String),
}

impl Condition {
    /// Whether dpkg has put all of its files in place, and only its scripts have not succeeded.
    pub(crate) fn is_unconfigured(&self) -> bool {
        matches!(self, Self::Unfinished(state) if state == "unpacked" || state == "half-configured")
    }
}

/// A package file kept for downgrade and undo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptPackage {
    /// The plugin in it.
    pub plugin: PluginId,
    /// RPM, deb or fp.
    pub format: plugin::Format,
    /// SHA-256 of the file, hexadecimal; also its name.
    pub sha256: String,
    /// Length in bytes.
    pub size: u64,
    /// Where it came from when it was installed.
    pub origin: Origin,
    /// Who vouched for it then.
    pub voucher: Voucher,
}

impl HostState {
    /// Returns the registered plugins named `name`.
    pub fn registered(&self, name: &PluginName) -> Vec<&Record> {
        self.records.iter().filter(|record| record.plugin.id.name == *name).collect()
    }

    /// Returns the new-format entry of a release line, of which there is one at most.
    pub fn on_line(&self, name: &PluginName, line: ReleaseLine) -> Option<&Record> {
        self.registered(name).into_iter().find(|record| {
            let id = &record.plugin.id;
            !id.generation.is_legacy() && id.line() == line
        })
    }

    /// Returns the entry of exactly this version.
    pub fn exactly(&self, name: &PluginName, version: &Version) -> Option<&Record> {
        self.registered(name).into_iter().find(|record| record.plugin.id.version == *version)
    }

    /// Returns the package that owns a plugin's folder.
    pub fn package_of(&self, folder: &str) -> Option<&Installed> {
        self.packages.iter().find(|package| package.folder == folder)
    }

    /// Returns what is at a name in the plugins root.
    pub fn folder(&self, name: &str) -> Option<&registry::scan::Folder> {
        self.folders.iter().find(|folder| folder.name == name)
    }

    /// Returns who a plugin's name is bound to.
    pub fn publisher(&self, name: &PluginName) -> Option<&Publisher> {
        self.publishers.iter().find(|publisher| publisher.name == *name)
    }

    /// Whether a release line is kept from updates.
    pub fn is_held(&self, name: &PluginName, line: ReleaseLine) -> bool {
        self.holds.contains(&Hold { name: name.clone(), line })
    }
}
