//! Carries changes out: one transaction, each change with the same end however often it is made.

use rusqlite::{Connection, TransactionBehavior, ffi};

use super::{Fault, Problem, Reader, StoreError, error, row};
use crate::history::{self, Entry};
use crate::{Change, Record, RecordId};

/// The counter that holds the highest number ever given to an entry.
const RECORDS: &str = "records";

/// Makes `changes` and adds `entry` to the history; nothing where the history has the very entry.
pub(super) fn apply(
    reader: &mut Reader,
    changes: &[Change],
    entry: Option<&Entry>,
) -> Result<(), StoreError> {
    let path = reader.path.clone();
    let at = |fault: Fault| fault.at(&path);
    let transaction = reader
        .connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(|error| at(error.into()))?;
    if let Some(entry) = entry {
        let number = entry.transaction;
        match history::rows::one(&transaction, number).map_err(at)? {
            Some(same) if same == *entry => return Ok(()),
            None if number.0 > history::rows::newest(&transaction).map_err(at)? => {}
            _ => return Err(StoreError::Taken { transaction: number }),
        }
    }
    make_room(&transaction, changes).map_err(at)?;
    // Once for all of them: the counter is read and sealed anew each time.
    if let Some(highest) = changes.iter().filter_map(number_put).max() {
        raise(&transaction, highest).map_err(at)?;
    }
    for change in changes {
        make(&transaction, change).map_err(|fault| clash(change, fault).unwrap_or_else(at))?;
    }
    if let Some(entry) = entry {
        history::rows::append(&transaction, entry).map_err(at)?;
    }
    transaction.commit().map_err(|error| at(error.into()))
}

/// Takes the entries away that are about to be put or removed, so that two of them may swap versions.
fn make_room(connection: &Connection, changes: &[Change]) -> Result<(), Fault> {
    for change in changes {
        if let Change::Put { id, .. } | Change::Remove { id } = change {
            delete(connection, *id)?;
        }
    }
    Ok(())
}

fn number_put(change: &Change) -> Option<RecordId> {
    if let Change::Put { id, .. } = change { Some(*id) } else { None }
}

fn delete(connection: &Connection, id: RecordId) -> Result<(), Fault> {
    connection.prepare_cached("DELETE FROM plugins WHERE id = ?")?.execute([id.0])?;
    Ok(())
}

fn make(connection: &Connection, change: &Change) -> Result<(), Fault> {
    match change {
        Change::Put { id, plugin, kept, fingerprint, origin } => {
            let record = Record {
                id: *id,
                plugin: (**plugin).clone(),
                presence: crate::Presence::Present,
                origin: origin.clone(),
                fingerprint: fingerprint.clone(),
            };
            replace(connection, &record)?;
            row::KEPT.put(connection, &row::of_kept(*id, kept))
        }
        Change::Mark { id, presence } => row::mark(connection, *id, *presence),
        Change::Remove { id } => delete(connection, *id),
        Change::Link(link) => row::LINKS.put(connection, &row::of_link(link)),
        Change::Unlink { name, old } => {
            let sql = "DELETE FROM links WHERE name = ? AND old = ?";
            connection.prepare_cached(sql)?.execute([name.as_str(), old.as_str()])?;
            Ok(())
        }
        Change::Hold(hold) => row::HOLDS.put(connection, &row::of_hold(hold)),
        Change::Unhold(hold) => {
            let sql = "DELETE FROM holds WHERE name = ? AND line = ?";
            connection
                .prepare_cached(sql)?
                .execute([hold.name.as_str(), &hold.line.to_string()])?;
            Ok(())
        }
    }
}

/// Puts an entry where its number is, and remembers that the number is taken for good.
pub(crate) fn put(connection: &Connection, record: &Record) -> Result<(), Fault> {
    raise(connection, record.id)?;
    replace(connection, record)
}

fn replace(connection: &Connection, record: &Record) -> Result<(), Fault> {
    delete(connection, record.id)?;
    row::PLUGINS.insert(connection, &row::of_record(record))
}

/// Remembers that all numbers up to `id` are taken.
pub(crate) fn raise(connection: &Connection, id: RecordId) -> Result<(), Fault> {
    if id.0 > highest_record(connection)? {
        row::count(connection, RECORDS, id.0)?;
    }
    Ok(())
}

/// Returns the highest number ever given to an entry; 0 where none was.
pub(crate) fn highest_record(connection: &Connection) -> Result<i64, Fault> {
    let counted = row::counter(connection, RECORDS)?.unwrap_or(0);
    let sql = "SELECT max(id) FROM plugins";
    let present: Option<i64> = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    if present.unwrap_or(0) > counted {
        return Err(Problem::new("it holds an entry with a number never given").into());
    }
    Ok(counted)
}

/// Says which entry was in the way of none.
fn clash(change: &Change, fault: Fault) -> Result<StoreError, Fault> {
    match (change, fault) {
        (Change::Put { id, plugin, .. }, Fault::Sql(error)) if is_clash(&error) => {
            Ok(StoreError::Clash { id: *id, plugin: plugin.id.to_string() })
        }
        (_, fault) => Err(fault),
    }
}

/// Whether another entry is in the way.
pub(crate) fn is_clash(error: &rusqlite::Error) -> bool {
    error::extended_code(error) == Some(ffi::SQLITE_CONSTRAINT_UNIQUE)
}
