//! Why a plan came to a stop, and where.

use std::io;
use std::path::PathBuf;

use packaging::ReadError;
use registry::store::StoreError;

use crate::host::{HostError, Ran};
use crate::journal::JournalError;

/// A plan that was not carried out to its end.
#[derive(Debug, thiserror::Error)]
#[error("{reached}")]
pub struct Stopped {
    /// What state that leaves.
    pub reached: Reached,
    /// Why.
    pub source: StepFailed,
}

/// What state a plan that stopped leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reached {
    /// The one before it: nothing has happened, or all of it was taken back.
    Start,
    /// Some of its packages are as they should be, the others as they were. The plan is dropped, and a
    /// sync is due that tells the registry.
    Partly {
        /// Names of packages that are as they should be.
        done: Vec<String>,
        /// Names of packages that are as they were.
        undone: Vec<String>,
    },
    /// The plan is in the journal, and the next command goes on with it.
    Unfinished,
}

impl std::fmt::Display for Reached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Start => f.write_str("all is as it was before"),
            Self::Partly { done, undone } if done.is_empty() => {
                write!(f, "not done: {}", undone.join(", "))
            }
            Self::Partly { done, undone } => {
                write!(f, "done: {}; not done: {}", done.join(", "), undone.join(", "))
            }
            Self::Unfinished => f.write_str("the change is unfinished"),
        }
    }
}

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
pub enum StepFailed {
    /// A file or folder could not be read or changed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The package manager could not be run, or would have refused.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The package manager ended without doing what it was told.
    #[error("the package manager failed")]
    PackageManager(Box<Ran>),
    /// The package database shows something that is neither before nor after.
    #[error("the package database has unfinished packages: {}", .0.join(", "))]
    HalfDone(Vec<String>),
    /// A package could not be unpacked.
    #[error(transparent)]
    Package(#[from] ReadError),
    /// The registry could not be changed.
    #[error(transparent)]
    Registry(#[from] StoreError),
    /// A package of the plan is neither among the incoming nor the kept ones.
    #[error("the package {0} is gone")]
    PackageGone(String),
    /// A kept package has changed since it was kept.
    #[error("the kept package `{}` has changed since it was kept", .0.display())]
    PackageAltered(PathBuf),
    /// The files would not fit.
    #[error("`{}` has room for {available} {what}, {needed} are needed", folder.display())]
    NoSpace {
        /// Where.
        folder: PathBuf,
        /// `bytes` or `files`.
        what: &'static str,
        /// What is needed, with a margin.
        needed: u64,
        /// What there is.
        available: u64,
    },
    /// The plugins root is a link.
    #[error("the plugins root `{}` is a link", .0.display())]
    LinkedRoot(PathBuf),
    /// There is no place on the disk of the plugins root that names could be moved to.
    #[error("no folder outside of the plugins root `{}` is on its file system", .0.display())]
    NoAttic(PathBuf),
    /// Something that is not ours is where a plugin's folder should be.
    #[error("`{}` is in the way", .0.display())]
    Occupied(PathBuf),
    /// What a link should lead to is not there.
    #[error("`{}` is no folder, so that no link can lead to it", .0.display())]
    NoTarget(PathBuf),
    /// The original of a linked folder is gone.
    #[error("the saved folder `{}` is gone", .0.display())]
    NotSaved(PathBuf),
    /// A folder does not hold the plugin that it should.
    #[error("the folder `{folder}` cannot be registered: {problem}")]
    Unadoptable {
        /// The folder's name.
        folder: String,
        /// Why.
        problem: String,
    },
    /// The plan could not be written down.
    #[error(transparent)]
    Journal(JournalError),
    /// The command was interrupted before anything happened.
    #[error("interrupted")]
    Interrupted,
}
