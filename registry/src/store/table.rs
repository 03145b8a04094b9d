//! Tables of sealed rows.
//!
//! Every row that is written gets a seal, and every row that is read has its seal checked before its
//! columns are parsed, by the same rules as anything that comes from outside.

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row, Statement, params_from_iter};
use sha2::{Digest, Sha256};

use super::ledger::Sum;
use super::{Fault, Problem};
use crate::schema;

/// A digest of a row's other columns.
pub(crate) type Seal = [u8; 32];

/// A table of sealed rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Table {
    /// Its name; part of every seal, so that a row cannot move to another table.
    pub(crate) name: &'static str,
    /// The names of the columns that are its key, which are the first.
    pub(crate) key: &'static [&'static str],
    /// Where the seal stands. A column that came later stands behind it and is sealed where it is not
    /// null, so that the seals of older rows go on to hold.
    pub(crate) seal: usize,
    /// The version of the tables that brought it.
    pub(crate) since: i64,
}

/// Which end of a table rows are read from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    /// From the lowest key.
    Ascending,
    /// From the highest.
    Descending,
}

impl Table {
    /// Adds a row, given without its seal, which is returned. The sum of the table has to follow.
    pub(super) fn insert(self, connection: &Connection, columns: &[Value]) -> Result<Seal, Fault> {
        self.write(connection, "INSERT", columns)
    }

    /// Adds a row of a table that is read by the row only, or replaces the one with its key.
    pub(super) fn replace(self, connection: &Connection, columns: &[Value]) -> Result<Seal, Fault> {
        self.write(connection, "INSERT OR REPLACE", columns)
    }

    fn write(self, connection: &Connection, verb: &str, columns: &[Value]) -> Result<Seal, Fault> {
        let (first, later) = columns.split_at(self.seal);
        let marks = vec!["?"; columns.len() + 1].join(", ");
        let sql = format!("{verb} INTO {} VALUES ({marks})", self.name);
        let seal = self.seal(columns.iter().map(ValueRef::from));
        let sealed = Value::from(seal.to_vec());
        let all = first.iter().chain([&sealed]).chain(later);
        connection.prepare_cached(&sql)?.execute(params_from_iter(all))?;
        Ok(seal)
    }

    /// Takes the row with a key away and returns its seal.
    pub(super) fn delete(
        self,
        connection: &Connection,
        key: &[Value],
    ) -> Result<Option<Seal>, Fault> {
        let sql = format!("DELETE FROM {} WHERE {} RETURNING seal", self.name, self.has_key());
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(key))?;
        let seal = rows.next()?.map(|row| to_seal(row, 0)).transpose()?;
        // It is a key: there is no other. SQLite is done only when it was asked.
        rows.next()?;
        Ok(seal)
    }

    /// Changes a column of the row with a key; returns its seal before and after.
    pub(super) fn alter(
        self,
        connection: &Connection,
        key: &[Value],
        column: usize,
        value: Value,
    ) -> Result<Option<(Seal, Seal)>, Fault> {
        let mut name = String::new();
        let found = self.one(connection, key, |row| {
            name = row.as_ref().column_name(column)?.to_owned();
            Ok((self.seal_of(row)?, self.values(row)?))
        })?;
        let Some((before, mut columns)) = found else { return Ok(None) };
        columns[column] = value;
        let after = self.seal(columns.iter().map(ValueRef::from));
        let (table, has_key) = (self.name, self.has_key());
        let sql = format!("UPDATE {table} SET {name} = ?, seal = ? WHERE {has_key}");
        let sealed = Value::from(after.to_vec());
        let all = [&columns[column], &sealed].into_iter().chain(key);
        connection.prepare_cached(&sql)?.execute(params_from_iter(all))?;
        Ok(Some((before, after)))
    }

    fn has_key(self) -> String {
        let columns = self.key.iter().map(|column| format!("{column} = ?"));
        columns.collect::<Vec<_>>().join(" AND ")
    }

    /// Reads a row that has to be as it was written.
    pub(crate) fn open<T>(
        self,
        row: &Row<'_>,
        parse: impl FnOnce(&Row<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.check(row)?;
        parse(row)
    }

    /// Makes sure that a row is as it was written; returns its seal.
    pub(super) fn check(self, row: &Row<'_>) -> Result<Seal, Fault> {
        let seal = self.seal_of(row)?;
        let columns = self.places(row).map(|place| row.get_ref(place));
        if seal == self.seal(columns.collect::<Result<Vec<_>, _>>()?.into_iter()) {
            return Ok(seal);
        }
        Err(Problem::new(format!("a row of `{}` is not as it was written", self.name)).into())
    }

    /// Returns a row's seal, which may not be that of its columns.
    pub(super) fn seal_of(self, row: &Row<'_>) -> Result<Seal, Fault> {
        to_seal(row, self.seal)
    }

    fn values(self, row: &Row<'_>) -> Result<Vec<Value>, Fault> {
        Ok(self.places(row).map(|place| row.get(place)).collect::<Result<_, _>>()?)
    }

    /// Returns where a row's columns stand, all but the seal.
    fn places(self, row: &Row<'_>) -> impl Iterator<Item = usize> + use<> {
        (0..row.as_ref().column_count()).filter(move |place| *place != self.seal)
    }

    fn seal<'a>(self, columns: impl Iterator<Item = ValueRef<'a>>) -> Seal {
        let mut hasher = Sha256::new();
        hasher.update(self.name);
        for (place, column) in columns.enumerate() {
            let (mark, bytes): (u8, &[u8]) = match column {
                ValueRef::Null if place >= self.seal => continue,
                ValueRef::Null => (0, &[]),
                ValueRef::Integer(number) => (1, &number.to_be_bytes()),
                ValueRef::Real(number) => (2, &number.to_be_bytes()),
                ValueRef::Text(text) => (3, text),
                ValueRef::Blob(bytes) => (4, bytes),
            };
            hasher.update([mark]);
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        }
        hasher.finalize().into()
    }

    /// Reads all rows, in the order of their keys.
    pub(crate) fn read<T>(
        self,
        connection: &Connection,
        parse: impl Fn(&Row<'_>) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let mut found = Vec::new();
        self.each(connection, |row| {
            found.push(parse(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Hands all rows over, in the order of their keys, and makes sure that none is missing.
    pub(crate) fn each(
        self,
        connection: &Connection,
        mut take: impl FnMut(&Row<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        if schema::found(connection)? < self.since {
            return Ok(());
        }
        let mut sum = Sum::default();
        each(connection, self.name, Order::Ascending, |row| {
            sum.add(&self.check(row)?);
            take(row)
        })?;
        sum.check(connection, self)
    }

    /// Reads the row of a key.
    pub(crate) fn one<T>(
        self,
        connection: &Connection,
        key: &[Value],
        parse: impl FnOnce(&Row<'_>) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        let sql = format!("SELECT * FROM {} WHERE {}", self.name, self.has_key());
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(key))?;
        let Some(row) = rows.next()? else { return Ok(None) };
        self.open(row, parse).map(Some)
    }
}

fn to_seal(row: &Row<'_>, place: usize) -> Result<Seal, Fault> {
    let bytes = row.get_ref(place)?.as_blob().ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| Problem::new("a row has no seal").into())
}

/// Hands every row of a table over, in the order of the keys or against it, unchecked.
pub(crate) fn each(
    connection: &Connection,
    table: &str,
    order: Order,
    mut take: impl FnMut(&Row<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let order = match order {
        Order::Ascending => "1, 2",
        Order::Descending => "1 DESC, 2 DESC",
    };
    let sql = format!("SELECT * FROM {table} ORDER BY {order}");
    let mut statement: Statement<'_> = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        take(row)?;
    }
    Ok(())
}
