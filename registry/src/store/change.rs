//! Carries changes out: one transaction, each change with the same end however often it is made.

use rusqlite::{Connection, TransactionBehavior, ffi};

use super::{Fault, Ledger, Problem, Reader, StoreError, error, row};
use crate::history::{self, Entry};
use crate::{Change, Kept, Record, RecordId};

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
    let mut ledger = Ledger::open(&transaction);
    make_room(&mut ledger, changes).map_err(at)?;
    // Once for all of them: the counter is read and sealed anew each time.
    if let Some(highest) = changes.iter().filter_map(number_put).max() {
        raise(&transaction, highest).map_err(at)?;
    }
    for change in changes {
        make(&mut ledger, change).map_err(|fault| clash(change, fault).unwrap_or_else(at))?;
    }
    ledger.close().map_err(at)?;
    if let Some(entry) = entry {
        history::rows::append(&transaction, entry).map_err(at)?;
    }
    transaction.commit().map_err(|error| at(error.into()))
}

/// Takes the entries away that are about to be put or removed, so that two of them may swap versions.
fn make_room(ledger: &mut Ledger<'_>, changes: &[Change]) -> Result<(), Fault> {
    for change in changes {
        if let Change::Put { id, .. } | Change::Remove { id } = change {
            delete(ledger, *id)?;
        }
    }
    Ok(())
}

fn number_put(change: &Change) -> Option<RecordId> {
    if let Change::Put { id, .. } = change { Some(*id) } else { None }
}

/// What is kept of it goes first: SQLite would take it along unseen.
fn delete(ledger: &mut Ledger<'_>, id: RecordId) -> Result<(), Fault> {
    ledger.take(row::KEPT, &row::of_id(id))?;
    ledger.take(row::PLUGINS, &row::of_id(id))
}

fn make(ledger: &mut Ledger<'_>, change: &Change) -> Result<(), Fault> {
    match change {
        Change::Put { id, plugin, kept, fingerprint, origin, voucher } => {
            let record = Record {
                id: *id,
                plugin: (**plugin).clone(),
                presence: crate::Presence::Present,
                origin: origin.clone(),
                voucher: voucher.clone(),
                fingerprint: fingerprint.clone(),
            };
            put(ledger, &record, kept)
        }
        Change::Mark { id, presence } => {
            let presence = (row::PRESENCE, row::of_presence(*presence));
            ledger.alter(row::PLUGINS, &row::of_id(*id), presence)
        }
        Change::Remove { id } => delete(ledger, *id),
        Change::Link(link) => ledger.put(row::LINKS, &row::of_link(link)),
        Change::Unlink { name, old } => ledger.take(row::LINKS, &[row::text(name), row::text(old)]),
        Change::Hold(hold) => ledger.put(row::HOLDS, &row::of_hold(hold)),
        Change::Unhold(hold) => ledger.take(row::HOLDS, &row::of_hold(hold)),
        Change::Bind(publisher) => ledger.put(row::PUBLISHERS, &row::of_publisher(publisher)),
        Change::Unbind { name } => ledger.take(row::PUBLISHERS, &[row::text(name)]),
        Change::Remember(source) => ledger.put(row::SOURCES, &row::of_source(source)),
        Change::Forget { name } => ledger.take(row::SOURCES, &[row::text(name)]),
    }
}

/// Puts an entry and what is kept beside it where its number is.
pub(crate) fn put(ledger: &mut Ledger<'_>, record: &Record, kept: &Kept) -> Result<(), Fault> {
    delete(ledger, record.id)?;
    ledger.insert(row::PLUGINS, &row::of_record(record))?;
    ledger.insert(row::KEPT, &row::of_kept(record.id, kept))
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
