//! The registry's file: one SQLite database, written by root alone and readable by all.
//!
//! One [`Store`] writes; the caller holds the host's lock from before it opens until after it is done. Any
//! number of [`Reader`]s read beside it. They write no byte, take no lock, whoever runs them, and wait for
//! a writer at most as long as its commit takes: the journal is a rollback journal, and nothing of a
//! transaction reaches the database before its commit. A `-wal` or `-shm` file is never made, which readers
//! without write access need.
//!
//! What is read is what was written, or [`StoreError::Damaged`]: rows are sealed, the seals of each table
//! are summed so that none can be missing, the list of tables is compared, and the tables that a reader shows are checked by SQLite when it opens. A writer has SQLite
//! check the whole file when it opens, so that it does not build upon a damaged one; with 10,000 plugins
//! that takes about as long as listing them.

mod audit;
pub(crate) mod change;
mod error;
mod ledger;
mod moment;
pub(crate) mod open;
pub(crate) mod row;
#[cfg(test)]
pub(crate) mod sample;
pub(crate) mod table;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::history::{self, Entry, Filter, Transaction};
use crate::{Change, Fingerprint, Hold, Kept, Link, Publisher, Record, RecordId, Source, schema};

pub(crate) use audit::Audit;
pub use error::StoreError;
pub(crate) use error::{Fault, Problem};
pub(crate) use ledger::Ledger;
pub(crate) use table::Table;

/// The version of the tables that this program makes.
pub const SCHEMA: i64 = schema::KNOWN;

/// Returns the version of SQLite that reads and writes registries.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// Reads the registry.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    connection: Connection,
}

/// Reads and writes the registry.
#[derive(Debug)]
pub struct Store {
    reader: Reader,
    /// The newest transaction that the audit copy has.
    audited: i64,
}

impl Deref for Store {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl Store {
    /// Opens the registry for writing; makes it where there is none, brings its tables up to date, undoes
    /// what a killed writer left unfinished and brings the audit copy up to date.
    ///
    /// The caller holds the host's lock.
    ///
    /// # Errors
    ///
    /// [`StoreError::NewerSchema`] where a newer program wrote it; [`StoreError::Damaged`] also where the
    /// audit copy tells of more than the registry.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = open::for_writing(path)?;
        let reader = Reader { path: path.to_owned(), connection };
        let audited = Audit::of(path).newest()?;
        let mut store = Self { reader, audited };
        store.audit()?;
        Ok(store)
    }

    /// Makes `changes` and adds `entry` to the history, all or nothing, on disk when it returns.
    ///
    /// Where the history has the very entry already, the changes were made with it, and nothing happens.
    pub fn apply(&mut self, changes: &[Change], entry: Option<&Entry>) -> Result<(), StoreError> {
        change::apply(&mut self.reader, changes, entry)?;
        if entry.is_some() {
            // The change is made. What the copy lacks now it gets when the store is opened next.
            let _ = self.audit();
        }
        Ok(())
    }

    /// Adds to the audit copy what the history has beyond it.
    fn audit(&mut self) -> Result<(), StoreError> {
        let audited = self.audited;
        let (newest, missing) = self.ask(|connection| {
            let newest = history::rows::newest(connection)?;
            if audited > newest {
                let problem = format!("its audit copy goes up to transaction {audited}");
                return Err(Problem::new(problem).into());
            }
            Ok((newest, history::rows::after(connection, audited)?))
        })?;
        Audit::of(&self.path).append(&missing)?;
        self.audited = newest;
        Ok(())
    }
}

impl Reader {
    /// Opens the registry for reading. Where there is none it is empty.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] also where there is none though there was one, as the audit copy tells;
    /// [`StoreError::Interrupted`] where a writer has to undo what another left unfinished.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { path: path.to_owned(), connection: open::for_reading(path)? })
    }

    /// Returns all entries, by number.
    pub fn records(&self) -> Result<Vec<Record>, StoreError> {
        self.ask(|connection| row::PLUGINS.read(connection, row::to_record))
    }

    /// Returns an entry.
    pub fn record(&self, id: RecordId) -> Result<Option<Record>, StoreError> {
        self.ask(|connection| row::PLUGINS.one(connection, &row::of_id(id), row::to_record))
    }

    /// Returns what is kept beside an entry; `None` where there is no such entry.
    pub fn kept(&self, id: RecordId) -> Result<Option<Kept>, StoreError> {
        self.ask(|connection| {
            let found = row::KEPT.one(connection, &row::of_id(id), row::to_kept)?;
            if found.is_none()
                && row::PLUGINS.one(connection, &row::of_id(id), row::to_record)?.is_some()
            {
                return Err(Problem::new(format!("what is kept of entry {id} is missing")).into());
            }
            Ok(found.map(|(_, kept)| kept))
        })
    }

    /// Returns what the registered plugins' folders looked like, by the folders' names.
    pub fn fingerprints(&self) -> Result<BTreeMap<String, Fingerprint>, StoreError> {
        let found = self.ask(|connection| row::PLUGINS.read(connection, row::to_fingerprint))?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Returns the symlink layer.
    pub fn links(&self) -> Result<BTreeSet<Link>, StoreError> {
        let found = self.ask(|connection| row::LINKS.read(connection, row::to_link))?;
        Ok(found.into_iter().collect())
    }

    /// Returns the plugins that are kept from updates.
    pub fn holds(&self) -> Result<BTreeSet<Hold>, StoreError> {
        let found = self.ask(|connection| row::HOLDS.read(connection, row::to_hold))?;
        Ok(found.into_iter().collect())
    }

    /// Returns who publishes plugins, by the plugins' names.
    pub fn publishers(&self) -> Result<BTreeSet<Publisher>, StoreError> {
        let found = self.ask(|connection| row::PUBLISHERS.read(connection, row::to_publisher))?;
        Ok(found.into_iter().collect())
    }

    /// Returns what is remembered of repositories.
    pub fn sources(&self) -> Result<BTreeSet<Source>, StoreError> {
        let found = self.ask(|connection| row::SOURCES.read(connection, row::to_source))?;
        Ok(found.into_iter().collect())
    }

    /// Returns entries of the history, newest first.
    pub fn history(&self, filter: &Filter) -> Result<Vec<Entry>, StoreError> {
        self.ask(|connection| history::rows::read(connection, filter))
    }

    /// Whether a transaction was carried out.
    pub fn has_transaction(&self, transaction: Transaction) -> Result<bool, StoreError> {
        Ok(self.ask(|connection| history::rows::one(connection, transaction))?.is_some())
    }

    /// Returns the number for the next new entry: one that no entry ever had.
    pub fn next_record(&self) -> Result<RecordId, StoreError> {
        self.ask(|connection| Ok(RecordId(change::highest_record(connection)? + 1)))
    }

    /// Returns the number for the next transaction.
    pub fn next_transaction(&self) -> Result<Transaction, StoreError> {
        self.ask(|connection| Ok(Transaction(history::rows::newest(connection)? + 1)))
    }

    /// Checks the history's chain of digests, and the audit copy against it; returns what is wrong.
    pub fn verify_history(&self) -> Result<Vec<history::Break>, StoreError> {
        let copy = Audit::of(&self.path);
        // Both are of one moment: an entry that is made meanwhile is in none or in both.
        let (links, lines) =
            self.ask(|connection| Ok((history::rows::chain(connection)?, copy.lines())))?;
        Ok(history::verify(&links, &lines?))
    }

    /// Checks everything but the audit copy: what SQLite knows to check, and every row.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] with the first thing that is wrong.
    pub fn check(&self) -> Result<(), StoreError> {
        self.ask(|connection| {
            schema::check(connection)?;
            open::sound(connection, "integrity_check(1)")?;
            if connection.prepare("PRAGMA foreign_key_check")?.exists([])? {
                return Err(Problem::new("something is kept for an entry that is not there").into());
            }
            row::KEPT.each(connection, |row| row::to_kept(row).map(drop))
        })?;
        self.records()?;
        self.links()?;
        self.holds()?;
        self.publishers()?;
        self.sources()?;
        self.history(&Filter::default())?;
        self.next_transaction()?;
        self.next_record().map(drop)
    }

    pub(crate) fn ask<T>(
        &self,
        question: impl Fn(&Connection) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        // One answer from one state, whatever a writer does meanwhile.
        moment::ask(&self.path, || question(&self.connection))
    }
}
