//! Files that are no registry, or not one that we know.

use std::path::Path;

use plugin::Generation;
use rusqlite::Connection;

use super::super::row;
use super::super::sample::{entry, everything, fill, hold, listing, plugin, publisher, put};
use super::folder;
use crate::{Change, Presence, Reader, RecordId, Store, StoreError, Voucher};

#[test]
fn what_was_crafted_is_damage_and_is_not_touched() {
    let (_folder, path) = folder();
    fill(&path, 5);
    let original = fs_err::read(&path).unwrap();
    let crafted = [
        "CREATE TRIGGER t AFTER INSERT ON history BEGIN DELETE FROM plugins; END",
        "CREATE VIEW v AS SELECT * FROM plugins",
        "CREATE TABLE more (x)",
        "CREATE INDEX i ON plugins (title)",
        "DROP INDEX plugins_by_line",
        "DROP TABLE kept",
        "ALTER TABLE plugins RENAME TO p; CREATE VIEW plugins AS SELECT * FROM p",
        "PRAGMA application_id = 1",
        "PRAGMA user_version = 0",
        "PRAGMA user_version = 1",
        "PRAGMA user_version = 3",
        "PRAGMA user_version = -1",
        "UPDATE plugins SET title = 'other' WHERE id = 2",
        "UPDATE counters SET value = 1 WHERE name = 'records'",
        "DELETE FROM counters",
        "DELETE FROM plugins WHERE id = 2",
        "PRAGMA foreign_keys = ON; DELETE FROM plugins",
        "DELETE FROM holds",
        "DELETE FROM links",
        "DELETE FROM publishers",
        "DELETE FROM sources",
        "DELETE FROM history WHERE number = 3",
        "DELETE FROM history",
        "UPDATE plugins SET voucher = NULL WHERE id = 2",
        "DELETE FROM counters WHERE name = 'sum of plugins'",
    ];
    for sql in crafted {
        fs_err::write(&path, &original).unwrap();
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        is_damaged(&path, sql);
    }
    fs_err::write(&path, &original).unwrap();
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    drop(connection);
    is_damaged(&path, "write-ahead log");

    let garbage = [vec![], b"SQLite format 3\0".to_vec(), vec![7; 9000], original[..4096].to_vec()];
    for content in garbage {
        fs_err::write(&path, &content).unwrap();
        is_damaged(&path, &format!("{} bytes", content.len()));
    }
}

fn is_damaged(path: &Path, how: &str) {
    let folder = path.parent().unwrap();
    let before = listing(folder);
    let read = Reader::open(path).and_then(|reader| everything(&reader)).map(drop);
    let written = Store::open(path).and_then(|store| everything(&store)).map(drop);
    for outcome in [read, written] {
        assert!(matches!(outcome, Err(StoreError::Damaged { .. })), "{how}: {outcome:?}");
    }
    assert_eq!(listing(folder), before, "{how}");
}

#[test]
fn a_leftover_write_ahead_log_is_damage() {
    let (_folder, path) = folder();
    fill(&path, 1);
    fs_err::write(path.with_file_name("registry.db-wal"), "anything").unwrap();
    is_damaged(&path, "leftover log");
}

#[test]
fn a_row_of_earlier_is_damage_though_it_is_whole() {
    let (_folder, path) = folder();
    fill(&path, 2);
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("CREATE TEMP TABLE earlier AS SELECT * FROM plugins").unwrap();
    let missing = Change::Mark { id: RecordId(2), presence: Presence::Missing };
    Store::open(&path).unwrap().apply(&[missing], None).unwrap();
    connection.execute_batch("INSERT OR REPLACE INTO plugins SELECT * FROM earlier").unwrap();
    drop(connection);
    is_damaged(&path, "a row of earlier");
}

#[test]
fn what_is_kept_is_missed_by_whoever_checks() {
    let (_folder, path) = folder();
    fill(&path, 2);
    Connection::open(&path).unwrap().execute_batch("DELETE FROM kept WHERE id = 1").unwrap();
    let damaged = Reader::open(&path).unwrap().check().unwrap_err();
    assert!(damaged.to_string().contains("a row of `kept` is missing"), "{damaged}");
}

/// Makes the registry what the first release would have written.
fn turn_back(path: &Path) {
    let connection = Connection::open(path).unwrap();
    let sql = "ALTER TABLE plugins DROP COLUMN voucher; DROP TABLE publishers; DROP TABLE sources;
        DELETE FROM counters WHERE name LIKE 'sum of %'; PRAGMA user_version = 1";
    connection.execute_batch(sql).unwrap();
    row::count(&connection, "schema", 1).unwrap();
}

#[test]
fn tables_of_the_first_version_are_read_as_they_are_and_brought_up_to_date_by_a_writer() {
    let (_folder, path) = folder();
    let mut store = Store::open(&path).unwrap();
    let of_old = |number: i64| {
        let Change::Put { id, plugin, kept, fingerprint, origin, .. } =
            put(number, plugin(&format!("plugin_{number}"), "1.0.1", Generation::V5))
        else {
            unreachable!("it puts an entry")
        };
        Change::Put { id, plugin, kept, fingerprint, origin, voucher: Voucher::Unknown }
    };
    let changes = [of_old(1), of_old(2), Change::Hold(hold("plugin_1"))];
    store.apply(&changes, Some(&entry(1, vec![]))).unwrap();
    let all = everything(&store).unwrap();
    drop(store);
    turn_back(&path);
    let older = fs_err::read(&path).unwrap();

    let reader = Reader::open(&path).unwrap();
    reader.check().unwrap();
    assert_eq!(everything(&reader).unwrap(), all);
    drop(reader);
    let _ = crate::rebuild::rebuild(&path).unwrap();
    assert_eq!(everything(&Reader::open(&path).unwrap()).unwrap(), all);

    fs_err::write(&path, &older).unwrap();
    let mut store = Store::open(&path).unwrap();
    assert_eq!(everything(&store).unwrap(), all);
    assert_eq!(fs_err::read(path.with_file_name("registry.db.schema-1")).unwrap(), older);
    store
        .apply(&[Change::Remove { id: RecordId(1) }, Change::Bind(publisher("demo"))], None)
        .unwrap();
    store.check().unwrap();
    assert_eq!(store.publishers().unwrap(), [publisher("demo")].into());
}

#[test]
fn newer_tables_are_read_where_they_can_be_and_never_written() {
    let (_folder, path) = folder();
    fill(&path, 3);
    let before = everything(&Reader::open(&path).unwrap()).unwrap();
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("CREATE TABLE fleet (x); PRAGMA user_version = 3").unwrap();
    row::count(&connection, "schema", 3).unwrap();
    drop(connection);

    assert_eq!(everything(&Reader::open(&path).unwrap()).unwrap(), before);
    let folder = path.parent().unwrap();
    let files = listing(folder);
    for refused in [Store::open(&path).map(drop), crate::rebuild::rebuild(&path).map(drop)] {
        let refused = refused.unwrap_err();
        assert!(matches!(refused, StoreError::NewerSchema { found: 3, known: 2, .. }), "{refused}");
    }
    assert_eq!(listing(folder)["registry.db"], files["registry.db"]);
}
