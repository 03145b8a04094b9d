//! The steps that plans are made of: data, so that a journal can carry them across a crash.
//!
//! Each step can tell from the machine itself whether it is done, and may run twice.

use plugin::{Format, Version};
use registry::{Change, Hold, Link, Origin, Plugin, RecordId, Voucher};
use serde::{Deserialize, Serialize};

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Has the package manager do something. One per plan, and the first; a plan that needs several
    /// verbs, such as the reversal of a command that installed one plugin and updated another, has one
    /// for each, all before any other step.
    Transact(Transact),
    /// Unpacks a legacy package into the folder of its version, all at once; replaces what is there.
    Unpack {
        /// SHA-256 of the package, which lies among the incoming or the kept ones.
        sha256: String,
        /// The folder's name: `demo-1.0.2`.
        folder: String,
    },
    /// Takes a legacy plugin's folder away.
    Discard {
        /// The folder's name.
        folder: String,
    },
    /// Makes the folder of `link.old` a link; a real folder there is saved in the store first.
    Link(Link),
    /// Puts the saved folder back where a link of the layer is.
    Unlink {
        /// The layer's entry as it was.
        link: Link,
        /// Whether the saved folder is wanted back; otherwise it goes with the link.
        restore: bool,
    },
    /// Has dpkg take away what it keeps of a package that was removed.
    Purge {
        /// Name in the package manager's database.
        package: String,
    },
    /// Tells the package manager to keep a package as it is, or that it need not.
    Guard {
        /// Name in the package manager's database.
        package: String,
        /// Whose updates.
        hold: Hold,
        /// Whether it is to be kept as it is.
        held: bool,
    },
    /// Moves packages from the incoming to the kept ones, and drops the oldest beyond the limits.
    Keep {
        /// Their SHA-256.
        sha256: Vec<String>,
    },
    /// Drops kept packages: nothing of a purged plugin stays.
    Forget {
        /// Their SHA-256.
        sha256: Vec<String>,
    },
    /// Writes a file of settings, mode 644, or takes it away.
    Place {
        /// Where, below the root folder.
        path: String,
        /// What is to be in it; `None` where it is to go.
        content: Option<String>,
    },
    /// Makes a certificate one of those that rpm accepts packages by, or takes it from them.
    Key {
        /// The certificate's fingerprint.
        fingerprint: String,
        /// The certificate, armored; `None` where it is to go.
        certificate: Option<String>,
    },
    /// Makes all that was written before survive a power cut: whole file systems are flushed.
    Flush,
    /// Changes the registry, in one transaction with the history entry.
    Register {
        /// The changes, in order.
        changes: Vec<Registration>,
    },
}

/// A change of the registry as a plan knows it: some of it is on disk only once the steps before it
/// are done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Registration {
    /// A change that is known in full.
    Change(Change),
    /// Reads a plugin's folder when it comes to this, makes sure that it is the plugin named here in
    /// name, version and package version, and puts its entry with what was read.
    Adopt {
        /// The entry's number: an existing one or a new one.
        id: RecordId,
        /// The folder's name.
        folder: String,
        /// What its metadata is to say.
        plugin: Box<Plugin>,
        /// Where the version came from.
        origin: Origin,
        /// Who vouches for it.
        #[serde(default)]
        voucher: Voucher,
    },
}

/// A call of the package manager.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transact {
    /// What it is to do.
    pub verb: Verb,
    /// To which packages.
    pub items: Vec<Item>,
    /// Whether it may reach repositories for dependencies. A file is installed without.
    pub online: bool,
}

/// What a package manager does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Brings new packages, and higher versions of those that are there.
    Install,
    /// Brings higher versions.
    Upgrade,
    /// Brings lower versions.
    Downgrade,
    /// Brings the same versions again.
    Reinstall,
    /// Takes packages away.
    Remove,
}

/// A package in a call of the package manager.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its name in the database.
    pub package: String,
    /// The name of the plugin's folder.
    pub folder: String,
    /// Its format.
    pub format: Format,
    /// SHA-256 of the file to install from; `None` for a removal.
    pub sha256: Option<String>,
    /// The version recorded now; `None` where there is none.
    pub before: Option<String>,
    /// The version to be recorded then; `None` for a removal.
    pub after: Option<String>,
    /// The plugin's version that the folder's metadata then says; `None` for a removal.
    pub plugin_version: Option<Version>,
}
