//! The tables, and what their rows mean.

use std::fmt::Display;
use std::str::FromStr;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;

use plugin::{Generation, PluginId};

use super::{Fault, Problem, Table};
use crate::{
    Fingerprint, Hold, Kept, Link, Plugin, Presence, Publisher, Record, RecordId, Source, Voucher,
};

pub(crate) const PLUGINS: Table = Table { name: "plugins", key: &["id"], seal: 19, since: 1 };
pub(crate) const KEPT: Table = Table { name: "kept", key: &["id"], seal: 2, since: 1 };
pub(crate) const LINKS: Table = Table { name: "links", key: &["name", "old"], seal: 4, since: 1 };
pub(crate) const HOLDS: Table = Table { name: "holds", key: &["name", "line"], seal: 2, since: 1 };
pub(crate) const PUBLISHERS: Table =
    Table { name: "publishers", key: &["name"], seal: 2, since: 2 };
pub(crate) const SOURCES: Table = Table { name: "sources", key: &["name"], seal: 7, since: 2 };
const COUNTERS: Table = Table { name: "counters", key: &["name"], seal: 2, since: 1 };

/// The tables whose rows are summed.
pub(crate) const SUMMED: [Table; 6] = [PLUGINS, KEPT, LINKS, HOLDS, PUBLISHERS, SOURCES];

/// The tables that a reader shows, beside the history.
pub(crate) const SHOWN: [Table; 6] = [PLUGINS, LINKS, HOLDS, PUBLISHERS, SOURCES, COUNTERS];

/// Where `presence` stands among a plugin's columns.
pub(crate) const PRESENCE: usize = 15;

/// Where `voucher` stands, behind the seal.
const VOUCHER: usize = 20;

/// Returns a counter's value.
pub(crate) fn counter(connection: &Connection, name: &str) -> Result<Option<i64>, Fault> {
    COUNTERS.one(connection, &[name.to_owned().into()], |row| Ok(row.get(1)?))
}

/// Sets a counter.
pub(crate) fn count(connection: &Connection, name: &str, value: i64) -> Result<(), Fault> {
    COUNTERS.replace(connection, &[Value::from(name.to_owned()), Value::from(value)]).map(drop)
}

/// Returns the key of an entry's row, and of what is kept of it.
pub(crate) fn of_id(id: RecordId) -> [Value; 1] {
    [id.0.into()]
}

/// Returns the columns of an entry.
pub(crate) fn of_record(record: &Record) -> Vec<Value> {
    let Record { id, plugin, presence, origin, voucher, fingerprint } = record;
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
        match voucher {
            Voucher::Unknown => Value::Null,
            known => text(known),
        },
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
        voucher: to_voucher(row)?,
        fingerprint: row.get::<_, Option<_>>(18)?.map(Fingerprint),
    })
}

/// Reads the name of an entry's folder and what the folder looked like.
pub(crate) fn to_fingerprint(row: &Row<'_>) -> Result<Option<(String, Fingerprint)>, Fault> {
    let fingerprint: Option<String> = row.get(18)?;
    let Some(fingerprint) = fingerprint else { return Ok(None) };
    Ok(Some((row.get(17)?, Fingerprint(fingerprint))))
}

/// Rows that were written before there were vouchers have none.
fn to_voucher(row: &Row<'_>) -> Result<Voucher, Fault> {
    if row.as_ref().column_count() <= VOUCHER || row.get_ref(VOUCHER)? == ValueRef::Null {
        return Ok(Voucher::Unknown);
    }
    parsed(row, VOUCHER)
}

/// Returns the column that says whether an entry's files are there.
pub(crate) fn of_presence(presence: Presence) -> Value {
    json(&presence)
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

/// Returns the columns of a publisher.
pub(crate) fn of_publisher(publisher: &Publisher) -> Vec<Value> {
    vec![text(&publisher.name), text(&publisher.certificate)]
}

/// Reads a publisher.
pub(crate) fn to_publisher(row: &Row<'_>) -> Result<Publisher, Fault> {
    Ok(Publisher { name: parsed(row, 0)?, certificate: parsed(row, 1)? })
}

/// Returns the columns of a repository.
pub(crate) fn of_source(source: &Source) -> Vec<Value> {
    let Source { name, url, certificate, date, valid_until, checked, revision } = source;
    vec![
        text(name),
        text(url),
        certificate.as_ref().map(ToString::to_string).into(),
        text(date),
        valid_until.as_ref().map(ToString::to_string).into(),
        text(checked),
        revision.clone().into(),
    ]
}

/// Reads a repository.
pub(crate) fn to_source(row: &Row<'_>) -> Result<Source, Fault> {
    Ok(Source {
        name: row.get(0)?,
        url: row.get(1)?,
        certificate: parsed_or_none(row, 2)?,
        date: parsed(row, 3)?,
        valid_until: parsed_or_none(row, 4)?,
        checked: parsed(row, 5)?,
        revision: row.get(6)?,
    })
}

/// Returns a column that holds a text.
pub(crate) fn text(value: impl ToString) -> Value {
    Value::from(value.to_string())
}

fn json(value: &impl Serialize) -> Value {
    Value::from(serde_json::to_string(value).expect("our types have texts for keys"))
}

fn parsed<T: FromStr<Err: Display>>(row: &Row<'_>, column: usize) -> Result<T, Fault> {
    let text = row.get_ref(column)?.as_str().map_err(|error| unreadable(row, column, &error))?;
    text.parse().map_err(|error| unreadable(row, column, &error))
}

fn parsed_or_none<T: FromStr<Err: Display>>(
    row: &Row<'_>,
    column: usize,
) -> Result<Option<T>, Fault> {
    if row.get_ref(column)? == ValueRef::Null { Ok(None) } else { parsed(row, column).map(Some) }
}

fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T, Fault> {
    let text = row.get_ref(column)?.as_str().map_err(|error| unreadable(row, column, &error))?;
    serde_json::from_str(text).map_err(|error| unreadable(row, column, &error))
}

fn unreadable(row: &Row<'_>, column: usize, error: &dyn Display) -> Fault {
    let name = row.as_ref().column_name(column).unwrap_or("?");
    Problem::new(format!("`{name}` of a row cannot be read: {error}")).into()
}
