//! What may go wrong with the registry.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{ErrorCode, ffi};

use crate::RecordId;
use crate::history::Transaction;

/// Why the registry cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is not what was written; [`crate::rebuild`] makes a new one from what can be read.
    #[error("the registry `{}` is damaged: {problem}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A newer program has changed the tables. This one can read them at most.
    #[error("the registry `{}` has tables of version {found}, newer than {known}", path.display())]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// The version found.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
    /// A writer was killed in the middle of its commit. The next writer undoes what it had written;
    /// a reader may not.
    #[error("a change of the registry `{}` was cut off, and only a writer can undo it", path.display())]
    Interrupted {
        /// The file.
        path: PathBuf,
    },
    /// Another process kept it locked for too long.
    #[error("the registry `{}` is in use by another process", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// A change would put a plugin where another entry has it already.
    #[error("entry {id} cannot be `{plugin}`: another entry is")]
    Clash {
        /// The entry to be put.
        id: RecordId,
        /// What it was to be.
        plugin: String,
    },
    /// The history has another entry of this number, or is past it.
    #[error("the history has no room for a transaction {transaction}")]
    Taken {
        /// The number.
        transaction: Transaction,
    },
    /// SQLite failed otherwise: a full disk, no permission.
    #[error("the registry `{}` cannot be used", path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// SQLite's words.
        source: rusqlite::Error,
    },
    /// A file beside the registry cannot be used.
    #[error(transparent)]
    File(#[from] io::Error),
}

/// What is wrong with content that was read.
#[derive(Debug)]
pub(crate) struct Problem(pub(crate) String);

impl Problem {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

/// A failure inside of this room, where the file's path does not matter.
#[derive(Debug)]
pub(crate) enum Fault {
    Sql(rusqlite::Error),
    /// A commit failed halfway and could not be undone.
    CutOff,
    Problem(Problem),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl Fault {
    /// Tells the failure with the file that it is about.
    pub(crate) fn at(self, path: &Path) -> StoreError {
        let path = path.to_owned();
        let source = match self {
            Self::Problem(Problem(problem)) => return StoreError::Damaged { path, problem },
            Self::CutOff => return StoreError::Interrupted { path },
            Self::Sql(source) => source,
        };
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                StoreError::Damaged { path, problem: source.to_string() }
            }
            Some(ErrorCode::DatabaseBusy) => StoreError::Busy { path },
            Some(_) if extended_code(&source) == Some(ffi::SQLITE_READONLY_ROLLBACK) => {
                StoreError::Interrupted { path }
            }
            // Not SQLite's: a column that holds what no row of ours has there.
            None => StoreError::Damaged { path, problem: source.to_string() },
            Some(_) => StoreError::Sqlite { path, source },
        }
    }
}

/// Returns SQLite's exact code, where the failure is SQLite's.
pub(crate) fn extended_code(error: &rusqlite::Error) -> Option<i32> {
    error.sqlite_error().map(|error| error.extended_code)
}
