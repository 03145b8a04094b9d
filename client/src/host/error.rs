//! What can go wrong at the door to the machine.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::Ran;
use super::run::shown;

/// Why the machine could not be asked or changed.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The root has two package databases, or none, and does not say what it is.
    #[error(
        "`{}` {why}; name its package manager with the setting `package-manager`", root.display()
    )]
    Ambiguous {
        /// The root folder.
        root: PathBuf,
        /// What was found.
        why: &'static str,
    },
    /// A program that is needed is not there.
    #[error("`{0}` is not installed")]
    Missing(String),
    /// There is no package manager, and one is needed.
    #[error("this host has no package manager; only plugins of package version 1.0.0 fit")]
    NoPackageManager,
    /// A program cannot be run.
    #[error("`{}` cannot be run", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A program failed that only asks.
    #[error("`{}` failed: {}", shown(&.0.command), .0.status)]
    Failed(Ran),
    /// A program was ended because it took longer than the setting allows.
    #[error("`{}` was ended after {} s", shown(&ran.command), limit.as_secs())]
    TookTooLong {
        /// What ran.
        ran: Ran,
        /// The bound.
        limit: Duration,
    },
    /// The package database stayed locked by something else.
    #[error("the package database is in use by another program")]
    Busy(Ran),
    /// Other packages need what is to be removed, or a package lacks what it needs.
    #[error("the package manager would refuse: {}", .0.last.first().map_or("no reason given", String::as_str))]
    Rehearsal(Ran),
    /// A file or folder.
    #[error(transparent)]
    Io(#[from] io::Error),
}
