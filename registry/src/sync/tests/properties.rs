//! What holds for any disk and any registry.

use proptest::prelude::*;

use super::*;

/// A small world, so that things meet: few names, few versions, both kinds of package.
fn plugins() -> impl Strategy<Value = BTreeSet<String>> {
    let one = ("[ab]", 0..2_u8, 0..3_u8, any::<bool>()).prop_map(|(name, minor, patch, legacy)| {
        format!("{name}==1.{minor}.{patch}{}", if legacy { "!" } else { "" })
    });
    prop::collection::btree_set(one, 0..12)
}

/// One folder per name.
fn folders() -> impl Strategy<Value = Vec<Folder>> {
    let looks = prop::collection::vec(0..5_u8, 12);
    (plugins(), looks).prop_map(|(plugins, looks)| {
        let folder = |(text, look): (String, u8)| {
            let folder = looking(&text, if look == 0 { "other" } else { &text });
            let content = match look {
                1 => Content::Broken("why".to_owned()),
                2 => Content::Link { target: "elsewhere".to_owned() },
                _ => folder.content,
            };
            (folder.name, content)
        };
        let by_name: BTreeMap<_, _> = plugins.into_iter().zip(looks).map(folder).collect();
        by_name.into_iter().map(|(name, content)| Folder { name, content }).collect()
    })
}

/// Entries as a registry can have them: one per folder, one per name and version.
fn records() -> impl Strategy<Value = Vec<Record>> {
    (plugins(), any::<u16>()).prop_map(|(plugins, bits)| {
        let (mut folders, mut versions) = (BTreeSet::new(), BTreeSet::new());
        let texts = plugins.into_iter().filter(|text| {
            folders.insert(plugin(text).id.package_name())
                && versions.insert(text.trim_end_matches('!').to_owned())
        });
        let entry = |(id, text): (i64, String)| {
            if bits >> id & 1 == 0 { record(id, &text) } else { missing(id, &text) }
        };
        (1..).zip(texts).map(entry).collect()
    })
}

/// What the store makes of the changes; every state on the way must be one that it takes.
fn applied(records: &[Record], changes: &[Change]) -> Vec<Record> {
    let mut entries: BTreeMap<RecordId, Record> =
        records.iter().map(|record| (record.id, record.clone())).collect();
    for change in changes {
        match change.clone() {
            Change::Put { id, plugin, fingerprint, origin, voucher, .. } => {
                let (plugin, presence) = (*plugin, Presence::Present);
                let record = Record { id, plugin, presence, origin, voucher, fingerprint };
                entries.insert(id, record);
            }
            Change::Mark { id, presence } => entries.get_mut(&id).unwrap().presence = presence,
            Change::Remove { id } => assert!(entries.remove(&id).is_some()),
            other => panic!("{other:?}"),
        }
        let versions: BTreeSet<_> = entries
            .values()
            .map(|r| (r.plugin.id.name.clone(), r.plugin.id.version.clone()))
            .collect();
        assert_eq!(versions.len(), entries.len(), "a version twice, after {change:?}");
    }
    entries.into_values().collect()
}

fn next(records: &[Record]) -> RecordId {
    RecordId(1 + records.iter().map(|record| record.id.0).max().unwrap_or(0))
}

proptest! {
    #[test]
    fn a_second_comparison_finds_nothing_to_change(
        folders in folders(), records in records(), prune in any::<bool>()
    ) {
        let (none, scope) = (BTreeSet::new(), Scope { only: None, prune });
        let first = compare(&folders, &records, &none, &scope, next(&records)).unwrap();
        let after = applied(&records, &first.changes);
        let second = compare(&folders, &after, &none, &scope, next(&after)).unwrap();
        prop_assert_eq!(second.changes, vec![]);
    }

    #[test]
    fn numbers_stay_with_their_plugins_and_prune_takes_exactly_the_missing(
        folders in folders(), records in records(), prune in any::<bool>()
    ) {
        let (none, scope) = (BTreeSet::new(), Scope { only: None, prune });
        let comparison = compare(&folders, &records, &none, &scope, next(&records)).unwrap();
        let after = applied(&records, &comparison.changes);
        for record in &records {
            let folder = record.plugin.id.package_name();
            let is_there = folders.iter().any(|on_disk| on_disk.name == folder.as_str());
            match after.iter().find(|entry| entry.id == record.id) {
                None => prop_assert!(prune && !is_there, "{} was taken away", record.plugin.id),
                Some(entry) => {
                    prop_assert_eq!(entry.plugin.id.package_name(), folder);
                    prop_assert!(is_there || !prune && entry.presence == Presence::Missing);
                }
            }
        }
    }
}
