//! Commits that fail are undone, or known to be made.
//!
//! Until the rollback journal is gone a commit is not made. Where its removal fails, SQLite leaves what was
//! written to whoever looks next, and a reader may not undo it: so we look. Where the journal is gone and
//! only its folder could not be synced, the commit is made.

use std::path::Path;

use rusqlite::Transaction;

use super::Fault;
use super::open::sync_folder;

/// Commits a transaction; `is_made` asks the database whether it is.
///
/// # Errors
///
/// The database is as it was before; [`Fault::CutOff`] where only another writer can make it so.
pub(crate) fn commit(
    transaction: Transaction<'_>,
    is_made: impl FnOnce(&Transaction<'_>) -> Result<bool, Fault>,
) -> Result<(), Fault> {
    let Err(error) = transaction.execute_batch("COMMIT") else { return Ok(()) };
    if !transaction.is_autocommit() {
        // Nothing was written yet.
        return Err(error.into());
    }
    match is_made(&transaction) {
        Ok(false) => Err(error.into()),
        Ok(true) => {
            let path = transaction.path().map(Path::new).ok_or(Fault::CutOff)?;
            sync_folder(path).map_err(|_| Fault::CutOff)
        }
        Err(_) => Err(Fault::CutOff),
    }
}
