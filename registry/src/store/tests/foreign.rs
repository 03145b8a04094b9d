//! Files that are no registry, or not one that we know.

use rusqlite::Connection;

use super::super::sample::{everything, fill, listing};
use super::folder;
use crate::{Reader, Store, StoreError};

#[test]
fn what_was_crafted_is_damage_and_is_not_touched() {
    let (_folder, path) = folder();
    fill(&path, 3);
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
        "PRAGMA user_version = 2",
        "PRAGMA user_version = -1",
        "UPDATE plugins SET title = 'other' WHERE id = 2",
        "UPDATE counters SET value = 1 WHERE name = 'records'",
        "DELETE FROM counters",
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

fn is_damaged(path: &std::path::Path, how: &str) {
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
fn newer_tables_are_read_where_they_can_be_and_never_written() {
    let (_folder, path) = folder();
    fill(&path, 3);
    let before = everything(&Reader::open(&path).unwrap()).unwrap();
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("CREATE TABLE fleet (x); PRAGMA user_version = 2").unwrap();
    crate::store::row::count(&connection, "schema", 2).unwrap();
    drop(connection);

    assert_eq!(everything(&Reader::open(&path).unwrap()).unwrap(), before);
    let folder = path.parent().unwrap();
    let files = listing(folder);
    for refused in [Store::open(&path).map(drop), crate::rebuild::rebuild(&path).map(drop)] {
        let refused = refused.unwrap_err();
        assert!(matches!(refused, StoreError::NewerSchema { found: 2, known: 1, .. }), "{refused}");
    }
    assert_eq!(listing(folder)["registry.db"], files["registry.db"]);
}
