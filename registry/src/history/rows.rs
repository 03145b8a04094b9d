//! The history's table.

use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::value::RawValue;

use super::{Chained, Entry, Filter, Transaction};
use crate::store::{Fault, Problem, row};

/// The counter that holds how many rows there are, so that none can just be missing.
const ROWS: &str = "history rows";

/// The counter that holds the newest row's number.
const NEWEST: &str = "history newest";

/// Returns the entries that `filter` takes, newest first.
pub(crate) fn read(connection: &Connection, filter: &Filter) -> Result<Vec<Entry>, Fault> {
    newest(connection)?;
    let mut statement = connection.prepare("SELECT * FROM history ORDER BY number DESC")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while filter.limit.is_none_or(|limit| found.len() < limit) {
        let Some(row) = rows.next()? else { break };
        let entry = sound(row)?;
        if filter.takes(&entry) {
            found.push(entry);
        }
    }
    Ok(found)
}

/// Returns the entry of a transaction.
pub(crate) fn one(connection: &Connection, number: Transaction) -> Result<Option<Entry>, Fault> {
    let mut statement = connection.prepare_cached("SELECT * FROM history WHERE number = ?")?;
    let mut rows = statement.query([number.0])?;
    rows.next()?.map(sound).transpose()
}

/// Returns the number of the newest transaction; 0 where there was none. None may be missing.
pub(crate) fn newest(connection: &Connection) -> Result<i64, Fault> {
    let sql = "SELECT count(*), ifnull(max(number), 0) FROM history";
    let present = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let counted = (count(connection, ROWS)?, count(connection, NEWEST)?);
    if present != counted {
        return Err(Problem::new("a transaction of its history is missing").into());
    }
    Ok(counted.1)
}

fn count(connection: &Connection, counter: &str) -> Result<i64, Fault> {
    Ok(row::counter(connection, counter)?.unwrap_or(0))
}

/// Adds an entry at the end.
pub(crate) fn append(connection: &Connection, entry: &Entry) -> Result<(), Fault> {
    let sql = "SELECT digest FROM history ORDER BY number DESC LIMIT 1";
    let previous: Option<String> = connection.query_row(sql, [], |row| row.get(0)).optional()?;
    let chained = Chained::new(entry, previous.unwrap_or_default());
    put(connection, entry.transaction.0, &chained)
}

/// Adds an entry at the end, as it was chained.
pub(crate) fn put(connection: &Connection, number: i64, chained: &Chained) -> Result<(), Fault> {
    let columns = (number, chained.entry.get(), &chained.previous, &chained.digest);
    connection.prepare_cached("INSERT INTO history VALUES (?, ?, ?, ?)")?.execute(columns)?;
    row::count(connection, ROWS, count(connection, ROWS)? + 1)?;
    row::count(connection, NEWEST, number)
}

/// Returns the entries newer than a number, oldest first, as they are chained.
pub(crate) fn after(connection: &Connection, number: i64) -> Result<Vec<Chained>, Fault> {
    let mut statement =
        connection.prepare("SELECT * FROM history WHERE number > ? ORDER BY number")?;
    let mut rows = statement.query([number])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(chained(row)?.1);
    }
    Ok(found)
}

/// Returns all entries, oldest first, with the numbers that the table has for them.
pub(crate) fn chain(connection: &Connection) -> Result<Vec<(i64, Chained)>, Fault> {
    let mut statement = connection.prepare("SELECT * FROM history ORDER BY number")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(chained(row)?);
    }
    Ok(found)
}

/// Reads a row that has to be as it was written.
pub(crate) fn sound(row: &Row<'_>) -> Result<Entry, Fault> {
    let (number, chained) = chained(row)?;
    let problem = || Problem::new(format!("transaction {number} is not as it was written"));
    let entry = chained.parse().map_err(|_| problem())?;
    if !chained.is_sound() || entry.transaction.0 != number {
        return Err(problem().into());
    }
    Ok(entry)
}

/// Reads a row of which nothing is known; a text that is not JSON stays visible as one.
pub(crate) fn chained(row: &Row<'_>) -> Result<(i64, Chained), Fault> {
    let text: String = row.get("entry")?;
    let entry = RawValue::from_string(text).map_err(|error| {
        Problem::new(format!("a transaction of the history cannot be read: {error}"))
    })?;
    let chained = Chained { digest: row.get("digest")?, previous: row.get("previous")?, entry };
    Ok((row.get("number")?, chained))
}
