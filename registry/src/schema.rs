//! The registry's tables: an append-only list of migrations, counted by SQLite's `user_version`.
//!
//! A landed migration is never edited. Every row of a table ends with a *seal*, a digest of the other
//! columns, because SQLite notices a broken page but not a flipped bit inside a text; a column that was
//! added later stands behind it. The highest number ever given to an entry is such a row too, so that no
//! number is given twice: SQLite's own `AUTOINCREMENT` keeps it where it cannot be sealed.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::store::{Fault, Ledger, Problem, row};

/// Marks the file as a registry.
const APPLICATION_ID: i64 = 0x446f_7674;

/// One text per version.
const MIGRATIONS: &[&str] = &[
    "
CREATE TABLE plugins (
    id INTEGER PRIMARY KEY CHECK (id > 0),
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    package_version TEXT NOT NULL,
    line TEXT NOT NULL,
    legacy INTEGER NOT NULL CHECK (legacy IN (0, 1)),
    title TEXT NOT NULL,
    description TEXT,
    homepage TEXT,
    products TEXT NOT NULL,
    releases TEXT NOT NULL,
    groups TEXT NOT NULL,
    authors TEXT NOT NULL,
    licenses TEXT NOT NULL,
    is_hotpluggable INTEGER NOT NULL CHECK (is_hotpluggable IN (0, 1)),
    presence TEXT NOT NULL,
    origin TEXT NOT NULL,
    folder TEXT NOT NULL,
    fingerprint TEXT,
    seal BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX plugins_by_version ON plugins (name, version);
CREATE UNIQUE INDEX plugins_by_line ON plugins (name, line) WHERE legacy = 0;
CREATE TABLE kept (
    id INTEGER PRIMARY KEY REFERENCES plugins ON DELETE CASCADE,
    fields TEXT NOT NULL,
    seal BLOB NOT NULL
) STRICT;
CREATE TABLE links (
    name TEXT NOT NULL,
    old TEXT NOT NULL,
    target TEXT NOT NULL,
    folder TEXT NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (name, old)
) STRICT, WITHOUT ROWID;
CREATE TABLE holds (
    name TEXT NOT NULL,
    line TEXT NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (name, line)
) STRICT, WITHOUT ROWID;
CREATE TABLE history (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    entry TEXT NOT NULL,
    previous TEXT NOT NULL,
    digest TEXT NOT NULL
) STRICT;
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL,
    seal BLOB NOT NULL
) STRICT, WITHOUT ROWID;
",
    "
ALTER TABLE plugins ADD COLUMN voucher TEXT;
CREATE TABLE publishers (
    name TEXT PRIMARY KEY,
    certificate TEXT NOT NULL,
    seal BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sources (
    name TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    certificate TEXT,
    date TEXT NOT NULL,
    valid_until TEXT,
    checked TEXT NOT NULL,
    revision TEXT,
    seal BLOB NOT NULL
) STRICT, WITHOUT ROWID;
",
];

/// The newest version that this program knows.
pub(crate) const KNOWN: i64 = MIGRATIONS.len() as i64;

/// The counter that says which version the tables have, a second time: sealed, unlike `user_version`.
const VERSION: &str = "schema";

/// The version since which the seals of each table are summed.
pub(crate) const SUMS: i64 = 2;

/// Brings the tables from whatever version they have to the newest, in one transaction.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), Fault> {
    upgrade(connection, KNOWN)
}

fn upgrade(connection: &mut Connection, version: i64) -> Result<(), Fault> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let before = found(&transaction)?;
    for migration in MIGRATIONS.iter().take(version as usize).skip(before as usize) {
        transaction.execute_batch(migration)?;
    }
    if before < SUMS && version >= SUMS {
        sum_up(&transaction)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", version)?;
    row::count(&transaction, VERSION, version)?;
    Ok(Transaction::commit(transaction)?)
}

/// Begins the sums of the tables with the rows that are there.
fn sum_up(connection: &Connection) -> Result<(), Fault> {
    let mut ledger = Ledger::open(connection);
    for table in row::SUMMED {
        ledger.count_in(table)?;
    }
    ledger.close()
}

/// Returns the version that the tables have.
pub(crate) fn found(connection: &Connection) -> Result<i64, Fault> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Makes sure that the file is a registry and holds its tables and nothing else; returns the version.
///
/// Of a newer version no more is known than that it may have tables and indexes.
pub(crate) fn check(connection: &Connection) -> Result<i64, Fault> {
    let application: i64 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if application != APPLICATION_ID {
        return Err(Problem::new("it is the database of another program").into());
    }
    let version = found(connection)?;
    let objects = objects(connection)?;
    let expected = match version {
        1..=KNOWN => Some(expected(version)?),
        found if found > KNOWN => None,
        _ => return Err(Problem::new(format!("it has tables of version {version}")).into()),
    };
    let foreign = objects.iter().find(|object| match &expected {
        Some(expected) => !expected.contains(object),
        None => !matches!(object.kind.as_str(), "table" | "index"),
    });
    if let Some(Object { kind, name, .. }) = foreign {
        return Err(Problem::new(format!("it has a {kind} `{name}` that is not ours")).into());
    }
    if expected.is_some_and(|expected| expected.len() != objects.len()) {
        return Err(Problem::new("a table or index is missing").into());
    }
    if row::counter(connection, VERSION)? != Some(version) {
        return Err(Problem::new("its two notes of the tables' version differ").into());
    }
    Ok(version)
}

/// Something that the schema declares.
#[derive(Debug, PartialEq, Eq)]
struct Object {
    kind: String,
    name: String,
    sql: Option<String>,
}

fn objects(connection: &Connection) -> Result<Vec<Object>, Fault> {
    let mut statement =
        connection.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY name")?;
    let objects = statement.query_map([], |row| {
        Ok(Object { kind: row.get(0)?, name: row.get(1)?, sql: row.get(2)? })
    })?;
    Ok(objects.collect::<Result<_, _>>()?)
}

/// Returns what the tables of a version look like, from SQLite itself.
fn expected(version: i64) -> Result<Vec<Object>, Fault> {
    let mut pristine = Connection::open_in_memory()?;
    upgrade(&mut pristine, version)?;
    objects(&pristine)
}
