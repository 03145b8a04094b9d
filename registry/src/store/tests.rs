//! The store as its users see it.

mod foreign;
mod readers;

use plugin::Generation;
use tempfile::TempDir;

use super::sample::{
    certificate, entry, everything, fill, hold, kept, link, listing, plugin, publisher, put,
    put_event, source,
};
use crate::history::{Break, Filter, Transaction};
use crate::{Change, Origin, Presence, Reader, RecordId, Store, StoreError, Voucher};

fn folder() -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state/registry.db");
    (folder, path)
}

#[test]
fn every_change_comes_back_as_it_was_made_and_may_be_made_twice() {
    let (_folder, path) = folder();
    let mut store = Store::open(&path).unwrap();
    let demo = plugin("demo", "1.0.1", Generation::V5);
    let changes = [
        put(1, demo.clone()),
        put(2, plugin("old", "1.0.1", Generation::V1)),
        put(3, plugin("old", "1.0.2", Generation::V1)),
        Change::Mark { id: RecordId(2), presence: Presence::Missing },
        Change::Remove { id: RecordId(3) },
        Change::Link(link("old")),
        Change::Hold(hold("demo")),
        Change::Link(link("gone")),
        Change::Unlink { name: "gone".parse().unwrap(), old: "0.9.1".parse().unwrap() },
        Change::Hold(hold("gone")),
        Change::Unhold(hold("gone")),
        Change::Bind(publisher("demo")),
        Change::Bind(publisher("gone")),
        Change::Unbind { name: "gone".parse().unwrap() },
        Change::Remember(source("main")),
        Change::Remember(source("gone")),
        Change::Forget { name: "gone".to_owned() },
    ];
    store.apply(&changes, None).unwrap();
    let once = everything(&store).unwrap();
    store.apply(&changes, None).unwrap();
    assert_eq!(everything(&store).unwrap(), once);
    assert_eq!(everything(&Reader::open(&path).unwrap()).unwrap(), once);

    assert_eq!(once.records.len(), 2);
    assert_eq!(once.records[0].plugin, demo);
    assert_eq!(once.records[0].origin, Origin::Repository("updates".into()));
    assert_eq!(once.records[1].presence, Presence::Missing);
    assert_eq!(once.kept[&RecordId(1)], kept(2000));
    assert_eq!(once.fingerprints.keys().collect::<Vec<_>>(), ["demo-1.0", "old-1.0.1"]);
    assert_eq!(once.links, [link("old")].into());
    assert_eq!(once.holds, [hold("demo")].into());
    assert_eq!(once.records[0].voucher, Voucher::Key(certificate()));
    assert_eq!(once.publishers, [publisher("demo")].into());
    assert_eq!(once.sources, [source("main")].into());
    store.check().unwrap();
    assert_eq!(store.kept(RecordId(3)).unwrap(), None);
    assert_eq!(store.record(RecordId(3)).unwrap(), None);
}

#[test]
fn a_number_is_never_given_twice() {
    let (_folder, path) = folder();
    let mut store = Store::open(&path).unwrap();
    assert_eq!(store.next_record().unwrap(), RecordId(1));
    store.apply(&[put(7, plugin("demo", "1.0.1", Generation::V5))], None).unwrap();
    store.apply(&[Change::Remove { id: RecordId(7) }], None).unwrap();
    drop(store);
    assert_eq!(Store::open(&path).unwrap().next_record().unwrap(), RecordId(8));
}

#[test]
fn entries_may_swap_versions_but_not_share_them() {
    let (_folder, path) = folder();
    let mut store = Store::open(&path).unwrap();
    let versions = ["1.0.1", "1.1.1"].map(|version| plugin("demo", version, Generation::V5));
    let [one, two] = versions;
    store.apply(&[put(1, one.clone()), put(2, two.clone())], None).unwrap();
    store.apply(&[put(1, two), put(2, one.clone())], None).unwrap();
    assert_eq!(store.record(RecordId(2)).unwrap().unwrap().plugin, one);

    let before = everything(&store).unwrap();
    let same_line = plugin("demo", "1.0.9", Generation::V2);
    for changes in [[put(3, one)], [put(3, same_line.clone())]] {
        let clash = store.apply(&changes, None).unwrap_err();
        assert!(matches!(clash, StoreError::Clash { id: RecordId(3), .. }), "{clash}");
    }
    assert_eq!(everything(&store).unwrap(), before);
    store.apply(&[put(3, same_line), Change::Remove { id: RecordId(2) }], None).unwrap();
}

#[test]
fn what_a_crash_left_of_a_new_registry_or_of_a_backup_is_not_in_the_way() {
    let (_folder, path) = folder();
    let folder = path.parent().unwrap();
    fs_err::create_dir(folder).unwrap();
    for leftover in ["registry.db.new", "registry.db.new-journal", "registry.db.copy"] {
        fs_err::write(folder.join(leftover), "half of something").unwrap();
    }
    fill(&path, 2);
    let all = everything(&Reader::open(&path).unwrap()).unwrap();
    super::open::back_up(&path, 1).unwrap();
    let backup = Reader::open(&folder.join("registry.db.schema-1")).unwrap();
    assert_eq!(everything(&backup).unwrap(), all);
    let names: Vec<_> = listing(folder).into_keys().collect();
    assert_eq!(names, ["history.jsonl", "registry.db", "registry.db.schema-1"]);
}

#[test]
fn a_transaction_counts_once() {
    let (_folder, path) = folder();
    let mut store = Store::open(&path).unwrap();
    let demo = plugin("demo", "1.0.1", Generation::V5);
    let first = entry(3, vec![put_event(1, &demo.id)]);
    store.apply(&[put(1, demo)], Some(&first)).unwrap();
    store.apply(&[Change::Remove { id: RecordId(1) }], None).unwrap();
    store.apply(&[put(1, plugin("demo", "1.0.1", Generation::V5))], Some(&first)).unwrap();
    assert_eq!(store.records().unwrap(), [], "the transaction was carried out a second time");

    assert!(store.has_transaction(Transaction(3)).unwrap());
    assert!(!store.has_transaction(Transaction(2)).unwrap());
    assert_eq!(store.next_transaction().unwrap(), Transaction(4));
    for taken in [entry(3, vec![]), entry(2, vec![])] {
        let refused = store.apply(&[], Some(&taken)).unwrap_err();
        assert!(matches!(refused, StoreError::Taken { .. }), "{refused}");
    }
}

#[test]
fn history_is_told_newest_first_and_by_plugin_time_and_number() {
    let (_folder, path) = folder();
    fill(&path, 6);
    let reader = Reader::open(&path).unwrap();
    let numbers = |filter: Filter| {
        let found = reader.history(&filter).unwrap();
        found.iter().map(|entry| entry.transaction.0).collect::<Vec<_>>()
    };
    assert_eq!(numbers(Filter::default()), [6, 5, 4, 3, 2, 1]);
    assert_eq!(numbers(Filter { limit: Some(2), ..Filter::default() }), [6, 5]);
    let plugin = Some("plugin_3".parse().unwrap());
    assert_eq!(numbers(Filter { plugin, ..Filter::default() }), [3]);
    let since = Some(entry(5, vec![]).time);
    assert_eq!(numbers(Filter { since, ..Filter::default() }), [6, 5]);
}

#[test]
fn the_audit_copy_is_caught_up_and_a_torn_line_is_cut_off() {
    let (_folder, path) = folder();
    fill(&path, 4);
    let copy = path.with_file_name("history.jsonl");
    let whole = fs_err::read_to_string(&copy).unwrap();
    assert_eq!(whole.lines().count(), 4);
    let third = whole.match_indices('\n').nth(2).unwrap().0;
    for torn in ["", &whole[..third + 1], &whole[..third], &whole[..third + 30], &whole] {
        fs_err::write(&copy, torn).unwrap();
        drop(Store::open(&path).unwrap());
        assert_eq!(fs_err::read_to_string(&copy).unwrap(), whole);
    }
    fs_err::remove_file(&copy).unwrap();
    let store = Store::open(&path).unwrap();
    assert_eq!(fs_err::read_to_string(&copy).unwrap(), whole);
    assert_eq!(store.verify_history().unwrap(), []);
}

#[test]
fn altered_dropped_and_moved_entries_are_named() {
    let (_folder, path) = folder();
    fill(&path, 6);
    let original = fs_err::read(&path).unwrap();
    let [two, three, five, six] = [2, 3, 5, 6].map(Transaction);
    let table = [
        (
            "UPDATE history SET entry = replace(entry, 'root', 'eve') WHERE number = 3",
            vec![Break::Altered(three)],
        ),
        (
            "DELETE FROM history WHERE number = 2",
            vec![Break::DroppedBefore(three), Break::OnlyInCopy(two)],
        ),
        ("DELETE FROM history WHERE number = 6", vec![Break::OnlyInCopy(six)]),
        (
            "UPDATE history SET number = 99 WHERE number = 2;
             UPDATE history SET number = 2 WHERE number = 5;
             UPDATE history SET number = 5 WHERE number = 99",
            vec![
                Break::Moved(two),
                Break::Moved(three),
                Break::Moved(five),
                Break::Moved(six),
                Break::CopyDiffers(two),
                Break::CopyDiffers(five),
            ],
        ),
    ];
    for (tampering, breaks) in table {
        fs_err::write(&path, &original).unwrap();
        rusqlite::Connection::open(&path).unwrap().execute_batch(tampering).unwrap();
        let reader = Reader::open(&path).unwrap();
        assert_eq!(reader.verify_history().unwrap(), breaks, "{tampering}");
        let damaged = reader.history(&Filter::default()).unwrap_err();
        assert!(matches!(damaged, StoreError::Damaged { .. }), "{tampering}: {damaged}");
    }
}

#[test]
fn a_copy_that_knows_more_than_the_registry_is_damage() {
    let (_folder, path) = folder();
    fill(&path, 2);
    let older = fs_err::read(&path).unwrap();
    fill_one_more(&path);
    fs_err::write(&path, older).unwrap();
    let damaged = Store::open(&path).unwrap_err();
    assert!(damaged.to_string().ends_with("its audit copy goes up to transaction 3"), "{damaged}");
    fs_err::remove_file(&path).unwrap();
    for refused in [Store::open(&path).map(drop), Reader::open(&path).map(drop)] {
        let refused = refused.unwrap_err();
        assert!(refused.to_string().contains("it is missing, though"), "{refused}");
    }
}

fn fill_one_more(path: &std::path::Path) {
    let mut store = Store::open(path).unwrap();
    let more = plugin("more", "1.0.1", Generation::V5);
    let entry = entry(3, vec![put_event(3, &more.id)]);
    store.apply(&[put(3, more)], Some(&entry)).unwrap();
}
