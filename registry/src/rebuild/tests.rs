//! Registries that were damaged come back.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{Source, rebuild};
use crate::store::sample::{Everything, Numbers, everything, fill};
use crate::{Reader, Record, RecordId, Store, StoreError};

fn registry(count: i64) -> (TempDir, PathBuf, Everything) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    fill(&path, count);
    let all = everything(&Reader::open(&path).unwrap()).unwrap();
    (folder, path, all)
}

/// Whether what came of reading is either all right or said to be damaged.
fn judge<T: PartialEq>(seed: u64, outcome: Result<T, StoreError>, expected: &T) -> bool {
    match outcome {
        Ok(found) => {
            assert!(found == *expected, "seed {seed}: wrong data were given out");
            true
        }
        Err(StoreError::Damaged { .. }) => false,
        Err(other) => panic!("seed {seed}: {other:?}"),
    }
}

/// Damages the file in one of several ways.
fn damage(path: &Path, seed: u64) {
    let mut numbers = Numbers::new(seed);
    let mut content = fs_err::read(path).unwrap();
    let length = content.len();
    match numbers.below(10) {
        0 => content.truncate(numbers.below(length)),
        1 | 2 => {
            let start = numbers.below(length);
            let end = length.min(start + [1, 16, 512, 4096, 20_000][numbers.below(5)]);
            content[start..end].fill(0);
        }
        3 => {
            let start = numbers.below(length - 4096);
            let from = numbers.below(length - 4096);
            content.copy_within(from..from + 4096, start);
        }
        4 => content[numbers.below(100)] ^= 1 << numbers.below(8),
        _ => {
            for _ in 0..=numbers.below(4) {
                content[numbers.below(length)] ^= 1 << numbers.below(8);
            }
        }
    }
    fs_err::write(path, content).unwrap();
}

#[expect(clippy::disallowed_methods, reason = "tests look at their own environment")]
fn seeds() -> std::ops::Range<u64> {
    let torture = std::env::var_os("DOVETAIL_TORTURE").is_some_and(|value| !value.is_empty());
    if torture { 0..2300 } else { 0..300 }
}

#[test]
fn a_damaged_registry_never_lies_and_comes_back_with_its_numbers() {
    let (folder, path, all) = registry(20);
    let original = fs_err::read(&path).unwrap();
    let copy = fs_err::read(path.with_file_name("history.jsonl")).unwrap();
    let ids = |all: &Everything| {
        let id = |record: &Record| (record.id, record.plugin.id.clone(), record.voucher.clone());
        all.records.iter().map(id).collect::<Vec<_>>()
    };
    let mut found = 0;
    for seed in seeds() {
        fs_err::write(&path, &original).unwrap();
        damage(&path, seed);
        let read = Reader::open(&path).and_then(|reader| everything(&reader));
        found += u32::from(!judge(seed, read, &all));
        let written = Store::open(&path).and_then(|store| everything(&store));
        judge(seed, written, &all);

        let rebuilt = rebuild(&path).unwrap_or_else(|error| panic!("seed {seed}: {error:?}"));
        let again = Store::open(&path).and_then(|store| everything(&store)).unwrap();
        assert_eq!(ids(&again), ids(&all), "seed {seed}: {:?}", rebuilt.problems);
        assert_eq!((&again.links, &again.holds), (&all.links, &all.holds), "seed {seed}");
        assert_eq!(again.publishers, all.publishers, "seed {seed}");
        assert_eq!(again.sources, all.sources, "seed {seed}");
        assert_eq!((&again.history, again.next), (&all.history, all.next), "seed {seed}");
        let aside = rebuilt.aside.expect("there was a file");
        fs_err::remove_file(aside).unwrap();
        assert_eq!(fs_err::read(path.with_file_name("history.jsonl")).unwrap(), copy);
        assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 2, "seed {seed}");
    }
    assert!(found > 50, "the damage was mostly harmless");
}

#[test]
fn a_sound_registry_comes_back_whole() {
    let (_folder, path, all) = registry(12);
    let rebuilt = rebuild(&path).unwrap();
    assert_eq!(rebuilt.problems, Vec::<String>::new());
    assert!(rebuilt.records.iter().all(|found| found.source == Source::Database));
    let store = Store::open(&path).unwrap();
    assert_eq!(everything(&store).unwrap(), all);
    assert_eq!(store.verify_history().unwrap(), []);
}

#[test]
fn a_lost_registry_comes_back_from_the_audit_copy() {
    let (_folder, path, all) = registry(12);
    fs_err::remove_file(&path).unwrap();
    let rebuilt = rebuild(&path).unwrap();
    assert_eq!((rebuilt.aside, rebuilt.records.len()), (None, 12));
    assert!(rebuilt.records.iter().all(|found| found.source == Source::History));
    let store = Store::open(&path).unwrap();
    assert_eq!(store.next_record().unwrap(), RecordId(13));
    assert_eq!((store.links().unwrap(), store.holds().unwrap()), (all.links, all.holds));
    assert_eq!(store.publishers().unwrap(), all.publishers);
    assert_eq!(store.sources().unwrap(), all.sources);
    assert_eq!(store.fingerprints().unwrap().len(), 0, "a sync has to read the folders");
    assert_eq!(store.verify_history().unwrap(), []);
}

#[test]
fn a_registry_put_back_from_a_backup_catches_up_with_the_audit_copy() {
    let (_folder, path, _) = registry(5);
    let older = fs_err::read(&path).unwrap();
    let removed = crate::history::State {
        plugin: crate::store::sample::id("plugin_5", "1.0.1", plugin::Generation::V5),
        record: Some(RecordId(5)),
        installed: true,
        package: None,
        voucher: crate::Voucher::Unknown,
    };
    let event = crate::history::Event::Plugin { before: Some(removed), after: None };
    let entry = crate::store::sample::entry(6, vec![event]);
    let mut store = Store::open(&path).unwrap();
    store.apply(&[crate::Change::Remove { id: RecordId(5) }], Some(&entry)).unwrap();
    let all = everything(&store).unwrap();
    drop(store);
    fs_err::write(&path, older).unwrap();

    assert!(matches!(Store::open(&path), Err(StoreError::Damaged { .. })));
    let _ = rebuild(&path).unwrap();
    assert_eq!(everything(&Store::open(&path).unwrap()).unwrap(), all);
}
