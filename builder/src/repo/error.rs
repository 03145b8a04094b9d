//! Why a repository was not changed, read or published.

use std::io;
use std::path::PathBuf;

use crate::inspect::BadPackage;

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused something.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A file is no package that can be read.
    #[error(transparent)]
    Package(#[from] BadPackage),
    /// A package's digests do not hold.
    #[error("`{}` is damaged: {what}", .file.display())]
    Damaged {
        /// The package.
        file: PathBuf,
        /// Which of them.
        what: String,
    },
    /// A package cannot be served by this repository.
    #[error("`{}` cannot be added: {problem}", .file.display())]
    Unfit {
        /// The package.
        file: PathBuf,
        /// Why.
        problem: String,
    },
    /// A file of the repository breaks a rule.
    #[error("{}:{line}:{column}: {problem}", .file.display())]
    BadFile {
        /// The file.
        file: PathBuf,
        /// Where in it.
        line: u64,
        /// Where in the line.
        column: u64,
        /// Which rule.
        problem: String,
    },
    /// The folder is no repository.
    #[error("`{}` is not a repository: it has no `repo.yaml`", .0.display())]
    NoRepository(PathBuf),
    /// The folder is one already.
    #[error("`{}` is a repository already", .0.display())]
    Exists(PathBuf),
    /// Something is where the copy is to be.
    #[error("`{}` exists already", .0.display())]
    Occupied(PathBuf),
    /// Nothing has been published yet.
    #[error("`{}` has not been published", .0.display())]
    Unpublished(PathBuf),
    /// Another user published it, and only that user can remove it later.
    #[error("`{}` belongs to another user and cannot be replaced", .0.display())]
    Foreign(PathBuf),
    /// A folder that cannot be moved, because the disk shows it from elsewhere.
    #[error("`{}` is in a lower layer of an overlay, where folders cannot be moved", .0.display())]
    Layered(PathBuf),
    /// The same name and version, with other content.
    #[error("`{file}` is in the repository with other content")]
    Conflict {
        /// Its name.
        file: String,
        /// SHA-256 of what is there.
        there: String,
        /// SHA-256 of what was to be added.
        new: String,
    },
    /// An advisory of this name exists.
    #[error("advisory `{0}` exists already and says something else")]
    AdvisoryExists(String),
    /// No such advisory.
    #[error("there is no advisory `{0}`")]
    NoAdvisory(String),
    /// No such version.
    #[error("`{0}` is not in the repository")]
    NotThere(String),
    /// An advisory points to it.
    #[error("`{spec}` is what advisory `{advisory}` tells hosts to install")]
    Needed {
        /// The version.
        spec: String,
        /// The advisory.
        advisory: String,
    },
    /// Another process writes.
    #[error("the repository is locked by {0}")]
    Locked(String),
    /// No key was given, and none is not what was asked for.
    #[error("there is no key to sign the repository with")]
    NoKey,
    /// Another key than the settings name.
    #[error("the repository is to be signed by key {wanted}, not by {given}")]
    OtherKey {
        /// The key of the settings.
        wanted: String,
        /// The key that was given.
        given: String,
    },
    /// The key did not sign.
    #[error("the repository could not be signed: {0}")]
    NotSigned(String),
    /// Metadata could not be read back.
    #[error("`{file}` cannot be read: {problem}")]
    Unreadable {
        /// The file.
        file: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A finished tree is not what it has to be.
    #[error("the repository in `{}` is not sound", .folder.display())]
    Unsound {
        /// The tree.
        folder: PathBuf,
        /// Each problem.
        problems: Vec<String>,
    },
}
