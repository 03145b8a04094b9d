//! Rows and what they mean.
//!
//! Every row that is written gets a seal, and every row that is read has its seal checked before its
//! columns are parsed, by the same rules as anything that comes from outside.

use std::fmt::Display;
use std::str::FromStr;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row, params_from_iter};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use plugin::{Generation, PluginId};

use super::{Fault, Problem};
use crate::{Fingerprint, Hold, Kept, Link, Plugin, Presence, Record, RecordId};

/// A table of sealed rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table {
    /// Its name; part of every seal, so that a row cannot move to another table.
    name: &'static str,
    /// How many columns stand before the seal.
    columns: usize,
}

/// Which end of a table rows are read from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    /// From the lowest key.
    Ascending,
    /// From the highest.
    Descending,
}

pub(crate) const PLUGINS: Table = Table { name: "plugins", columns: 19 };
pub(crate) const KEPT: Table = Table { name: "kept", columns: 2 };
pub(crate) const LINKS: Table = Table { name: "links", columns: 4 };
pub(crate) const HOLDS: Table = Table { name: "holds", columns: 2 };
const COUNTERS: Table = Table { name: "counters", columns: 2 };

/// Where `presence` stands among a plugin's columns.
const PRESENCE: usize = 15;

impl Table {
    /// Adds a row; `OR REPLACE` for those whose key alone is unique.
    pub(crate) fn insert(self, connection: &Connection, columns: &[Value]) -> Result<(), Fault> {
        self.write(connection, "INSERT", columns)
    }

    /// Adds a row or replaces the one with its key.
    pub(crate) fn put(self, connection: &Connection, columns: &[Value]) -> Result<(), Fault> {
        self.write(connection, "INSERT OR REPLACE", columns)
    }

    fn write(self, connection: &Connection, verb: &str, columns: &[Value]) -> Result<(), Fault> {
        debug_assert_eq!(columns.len(), self.columns);
        let marks = vec!["?"; self.columns + 1].join(", ");
        let sql = format!("{verb} INTO {} VALUES ({marks})", self.name);
        let seal = Value::from(self.seal(columns.iter().map(ValueRef::from)));
        connection
            .prepare_cached(&sql)?
            .execute(params_from_iter(columns.iter().chain([&seal])))?;
        Ok(())
    }

    /// Reads a row that has to be as it was written.
    pub(crate) fn open<T>(
        self,
        row: &Row<'_>,
        parse: impl Fn(&Row<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.check(row)?;
        parse(row)
    }

    fn check(self, row: &Row<'_>) -> Result<(), Fault> {
        let columns =
            (0..self.columns).map(|index| row.get_ref(index)).collect::<Result<Vec<_>, _>>()?;
        if row.get_ref(self.columns)?.as_blob().ok() == Some(&self.seal(columns.into_iter())[..]) {
            return Ok(());
        }
        Err(Problem::new(format!("a row of `{}` is not as it was written", self.name)).into())
    }

    fn seal<'a>(self, columns: impl Iterator<Item = ValueRef<'a>>) -> Vec<u8> {
        let mut hasher = Sha256::new();
        hasher.update(self.name);
        for column in columns {
            let (mark, bytes): (u8, &[u8]) = match column {
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
        hasher.finalize().to_vec()
    }

    /// Reads all rows, in the order of their keys.
    pub(crate) fn read<T>(
        self,
        connection: &Connection,
        parse: impl Fn(&Row<'_>) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let mut found = Vec::new();
        each(connection, self.name, Order::Ascending, |row| {
            found.push(self.open(row, &parse)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Reads the row of a key.
    pub(crate) fn one<T>(
        self,
        connection: &Connection,
        id: RecordId,
        parse: impl Fn(&Row<'_>) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        let sql = format!("SELECT * FROM {} WHERE id = ?", self.name);
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query([id.0])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        self.open(row, parse).map(Some)
    }
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
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        take(row)?;
    }
    Ok(())
}

/// Returns a counter's value.
pub(crate) fn counter(connection: &Connection, name: &str) -> Result<Option<i64>, Fault> {
    let sql = "SELECT * FROM counters WHERE name = ?";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([name])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    COUNTERS.check(row)?;
    Ok(Some(row.get(1)?))
}

/// Sets a counter.
pub(crate) fn count(connection: &Connection, name: &str, value: i64) -> Result<(), Fault> {
    COUNTERS.put(connection, &[Value::from(name.to_owned()), Value::from(value)])
}

/// Returns the columns of an entry.
pub(crate) fn of_record(record: &Record) -> Vec<Value> {
    let Record { id, plugin, presence, origin, fingerprint } = record;
    vec![
        id.0.into(),
        text(&plugin.id.name),
        text(&plugin.id.version),
        text(plugin.id.generation),
        text(plugin.id.line()),
        plugin.id.generation.is_legacy().into(),
        text(&plugin.title),
        plugin.description.clone().into(),
        plugin.homepage.clone().into(),
        json(&plugin.products),
        json(&plugin.releases),
        json(&plugin.groups),
        json(&plugin.authors),
        json(&plugin.licenses),
        plugin.is_hotpluggable.into(),
        json(presence),
        json(origin),
        text(plugin.id.package_name()),
        fingerprint.as_ref().map(|fingerprint| fingerprint.0.clone()).into(),
    ]
}

/// Reads an entry, in the order of its columns: to look each up by its name takes longer than all else.
pub(crate) fn to_record(row: &Row<'_>) -> Result<Record, Fault> {
    let id = RecordId(row.get(0)?);
    let plugin = Plugin {
        id: PluginId {
            name: parsed(row, 1)?,
            version: parsed(row, 2)?,
            generation: parsed::<Generation>(row, 3)?,
        },
        title: row.get(6)?,
        description: row.get(7)?,
        homepage: row.get(8)?,
        products: from_json(row, 9)?,
        releases: from_json(row, 10)?,
        groups: from_json(row, 11)?,
        authors: from_json(row, 12)?,
        licenses: from_json(row, 13)?,
        is_hotpluggable: row.get(14)?,
    };
    Ok(Record {
        id,
        plugin,
        presence: from_json(row, PRESENCE)?,
        origin: from_json(row, 16)?,
        fingerprint: row.get::<_, Option<_>>(18)?.map(Fingerprint),
    })
}

/// Reads the name of an entry's folder and what the folder looked like.
pub(crate) fn to_fingerprint(row: &Row<'_>) -> Result<Option<(String, Fingerprint)>, Fault> {
    let fingerprint: Option<String> = row.get(18)?;
    let Some(fingerprint) = fingerprint else { return Ok(None) };
    Ok(Some((row.get(17)?, Fingerprint(fingerprint))))
}

/// Changes nothing of an entry but whether its files are there.
pub(crate) fn mark(connection: &Connection, id: RecordId, presence: Presence) -> Result<(), Fault> {
    let mut columns = PLUGINS.one(connection, id, |row| {
        Ok((0..PLUGINS.columns).map(|index| row.get(index)).collect::<Result<Vec<Value>, _>>()?)
    })?;
    let Some(columns) = &mut columns else { return Ok(()) };
    columns[PRESENCE] = json(&presence);
    let seal = PLUGINS.seal(columns.iter().map(ValueRef::from));
    connection
        .prepare_cached("UPDATE plugins SET presence = ?, seal = ? WHERE id = ?")?
        .execute((&columns[PRESENCE], seal, id.0))?;
    Ok(())
}

/// Returns the columns of what is kept of an entry.
pub(crate) fn of_kept(id: RecordId, kept: &Kept) -> Vec<Value> {
    vec![id.0.into(), json(kept)]
}

/// Reads what is kept of an entry.
pub(crate) fn to_kept(row: &Row<'_>) -> Result<(RecordId, Kept), Fault> {
    Ok((RecordId(row.get(0)?), from_json(row, 1)?))
}

/// Returns the columns of a link.
pub(crate) fn of_link(link: &Link) -> Vec<Value> {
    vec![text(&link.name), text(&link.old), text(&link.target), text(&link.folder)]
}

/// Reads a link.
pub(crate) fn to_link(row: &Row<'_>) -> Result<Link, Fault> {
    Ok(Link {
        name: parsed(row, 0)?,
        old: parsed(row, 1)?,
        target: parsed(row, 2)?,
        folder: row.get(3)?,
    })
}

/// Returns the columns of a hold.
pub(crate) fn of_hold(hold: &Hold) -> Vec<Value> {
    vec![text(&hold.name), text(hold.line)]
}

/// Reads a hold.
pub(crate) fn to_hold(row: &Row<'_>) -> Result<Hold, Fault> {
    Ok(Hold { name: parsed(row, 0)?, line: parsed(row, 1)? })
}

fn text(value: impl ToString) -> Value {
    Value::from(value.to_string())
}

fn json(value: &impl Serialize) -> Value {
    Value::from(serde_json::to_string(value).expect("our types have texts for keys"))
}

fn parsed<T: FromStr<Err: Display>>(row: &Row<'_>, column: usize) -> Result<T, Fault> {
    let text = row.get_ref(column)?.as_str().map_err(|error| unreadable(row, column, &error))?;
    text.parse().map_err(|error| unreadable(row, column, &error))
}

fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T, Fault> {
    let text = row.get_ref(column)?.as_str().map_err(|error| unreadable(row, column, &error))?;
    serde_json::from_str(text).map_err(|error| unreadable(row, column, &error))
}

fn unreadable(row: &Row<'_>, column: usize, error: &dyn Display) -> Fault {
    let name = row.as_ref().column_name(column).unwrap_or("?");
    Problem::new(format!("`{name}` of a row cannot be read: {error}")).into()
}
