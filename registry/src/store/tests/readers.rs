//! Readers beside writers: alive, killed, and of other users.

use std::cell::{Cell, RefCell};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;

use plugin::Generation;
use rusqlite::Connection;

use super::super::sample::{everything, fill, listing, plugin, put};
use super::folder;
use crate::store::open;
use crate::{Reader, Store, StoreError};

/// Tells the child which registry to read.
const REGISTRY: &str = "DOVETAIL_TEST_REGISTRY";

#[test]
fn an_absent_registry_is_empty_and_stays_absent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state/registry.db");
    let reader = Reader::open(&path).unwrap();
    assert_eq!(reader.records().unwrap(), []);
    assert_eq!(reader.next_record().unwrap().0, 1);
    assert!(reader.verify_history().unwrap().is_empty());
    assert_eq!(listing(folder.path()).len(), 0);
}

#[test]
fn the_registry_is_readable_by_all() {
    let (_folder, path) = folder();
    fill(&path, 1);
    let mode = |path: &Path| fs_err::metadata(path).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(path.parent().unwrap()), 0o755);
    for (name, _) in listing(path.parent().unwrap()) {
        assert_eq!(mode(&path.with_file_name(&name)), 0o644, "{name}");
    }
}

#[test]
fn a_reader_is_not_kept_waiting_by_a_transaction_under_way() {
    let (_folder, path) = folder();
    fill(&path, 3);
    let before = everything(&Reader::open(&path).unwrap()).unwrap();
    let mut store = Store::open(&path).unwrap();
    let transaction = store.reader.connection.transaction().unwrap();
    for number in 0..2000 {
        crate::store::row::count(&transaction, &format!("{number:0>900}"), number).unwrap();
    }
    let started = std::time::Instant::now();
    assert_eq!(everything(&Reader::open(&path).unwrap()).unwrap(), before);
    assert!(started.elapsed() < std::time::Duration::from_secs(5), "it waited for the writer");
    drop(transaction);
}

#[test]
fn a_reader_that_dawdles_keeps_no_writer_waiting_and_answers_of_one_moment() {
    let (_folder, path) = folder();
    fill(&path, 3);
    let reader = Reader::open(&path).unwrap();
    let (store, asked) = (RefCell::new(Store::open(&path).unwrap()), Cell::new(0));
    let counted = reader.ask(|connection| {
        let mut statement = connection.prepare("SELECT id FROM plugins")?;
        let mut rows = statement.query([])?;
        let mut count = 0;
        while rows.next()?.is_some() {
            count += 1;
            if asked.replace(asked.get() + 1) == 0 {
                let more = put(9, plugin("more", "1.0.1", Generation::V5));
                store.borrow_mut().apply(&[more], None).unwrap();
            }
        }
        Ok(count)
    });
    assert_eq!(counted.unwrap(), 4);
    assert!(asked.get() > 4, "the first answer was of two moments");
}

/// Leaves the registry as a writer does that is killed while its commit writes pages.
fn kill_a_writer(path: &Path) {
    let scratch = tempfile::tempdir().unwrap();
    let (database, journal) = (path.to_owned(), open::beside(path, "-journal"));
    let connection = Connection::open(path).unwrap();
    connection.execute_batch("PRAGMA cache_size = 1; BEGIN IMMEDIATE").unwrap();
    connection.execute_batch("UPDATE kept SET fields = 'gone'; DELETE FROM history").unwrap();
    for (from, name) in [(&database, "database"), (&journal, "journal")] {
        fs_err::copy(from, scratch.path().join(name)).unwrap();
    }
    connection.execute_batch("ROLLBACK").unwrap();
    drop(connection);
    let whole = fs_err::read(path).unwrap();
    fs_err::copy(scratch.path().join("database"), path).unwrap();
    fs_err::copy(scratch.path().join("journal"), &journal).unwrap();
    assert_ne!(fs_err::read(path).unwrap(), whole, "the writer had written nothing yet");
}

#[test]
fn what_a_killed_writer_left_is_undone_by_the_next_writer_and_by_no_reader() {
    let (_folder, path) = folder();
    fill(&path, 60);
    let before = everything(&Reader::open(&path).unwrap()).unwrap();
    kill_a_writer(&path);

    let files = listing(path.parent().unwrap());
    let refused = Reader::open(&path).unwrap_err();
    assert!(matches!(refused, StoreError::Interrupted { .. }), "{refused}");
    if let Some(seen) = read_as_nobody(&path) {
        assert!(seen.contains("cut off"), "{seen}");
    }
    assert_eq!(listing(path.parent().unwrap()), files);

    assert_eq!(everything(&Store::open(&path).unwrap()).unwrap(), before);
    assert_eq!(everything(&Reader::open(&path).unwrap()).unwrap(), before);
}

#[test]
fn another_user_reads_everything_and_writes_nothing() {
    let (_folder, path) = folder();
    fill(&path, 5);
    let files = listing(path.parent().unwrap());
    let Some(seen) = read_as_nobody(&path) else { return };
    assert!(seen.contains("read 5 entries and 5 transactions"), "{seen}");
    assert_eq!(listing(path.parent().unwrap()), files);

    // Beside a writer that holds its lock, too.
    let mut store = Store::open(&path).unwrap();
    let transaction = store.reader.connection.transaction().unwrap();
    crate::store::row::count(&transaction, "x", 1).unwrap();
    let seen = read_as_nobody(&path).unwrap();
    assert!(seen.contains("read 5 entries and 5 transactions"), "{seen}");
}

/// Runs [`the_part_of_another_user`] as a user without rights; `None` where we may not.
#[expect(clippy::disallowed_methods, reason = "the child is this very test program")]
fn read_as_nobody(path: &Path) -> Option<String> {
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root can become another user");
        return None;
    }
    let folder = path.parent().unwrap().parent().unwrap();
    fs_err::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
    // The program itself may be where others cannot go.
    let program = folder.join("program");
    fs_err::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let output = std::process::Command::new(program)
        .args(["--exact", "store::tests::readers::the_part_of_another_user", "--nocapture"])
        .env(REGISTRY, path)
        .current_dir("/")
        .uid(65534)
        .gid(65534)
        .output()
        .unwrap();
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Reads the registry that is named. Where none is there is nothing to do.
#[test]
#[expect(clippy::disallowed_methods, reason = "tests look at their own environment")]
fn the_part_of_another_user() {
    let Some(path) = std::env::var_os(REGISTRY) else { return };
    match Reader::open(Path::new(&path)).and_then(|reader| everything(&reader)) {
        Ok(seen) => {
            println!("read {} entries and {} transactions", seen.records.len(), seen.history.len())
        }
        Err(error) => println!("{error}"),
    }
}

#[test]
fn listing_ten_thousand_plugins_leaves_what_is_kept_of_them_alone() {
    let (_folder, path) = folder();
    let mut store = Store::open(&path).unwrap();
    let changes: Vec<_> = (1..=10_000)
        .map(|number| put(number, plugin(&format!("plugin_{number}"), "1.0.1", Generation::V5)))
        .collect();
    store.apply(&changes, None).unwrap();
    drop(store);
    // Whoever reads what is kept meets the damage; whoever lists does not.
    Connection::open(&path).unwrap().execute_batch("UPDATE kept SET fields = 'damaged'").unwrap();
    let reader = Reader::open(&path).unwrap();
    assert_eq!(reader.records().unwrap().len(), 10_000);
    assert_eq!(reader.fingerprints().unwrap().len(), 10_000);
    assert!(matches!(reader.kept(crate::RecordId(1)), Err(StoreError::Damaged { .. })));
}
