//! Comparisons of a registry and a disk that do not agree.

use plugin::Generation;

use super::*;
use crate::listing::sample::{self, id};

/// Returns what is found on a host that was changed.
fn after(change: impl FnOnce(&mut HostState)) -> Vec<Drift> {
    let mut host = sample::host();
    change(&mut host);
    drift(&host)
}

fn demo(version: &str) -> PluginId {
    id(&format!("demo=={version}"), Generation::V4)
}

#[test]
fn a_host_on_which_all_agree_has_no_drift() {
    assert_eq!(after(|_| {}), []);
}

#[test]
fn an_entry_without_a_folder_is_absent_unless_it_is_marked() {
    let gone = after(|host| host.folders.clear());
    assert_eq!(gone.iter().filter_map(Drift::record).map(|id| id.0).collect::<Vec<_>>(), [3, 5, 7]);
    assert!(gone.iter().all(|at| matches!(at, Drift::Absent { .. })));
    let marked = after(|host| {
        host.folders.remove(0);
        host.records[0].presence = Presence::Missing;
    });
    assert_eq!(marked, []);
    let back = after(|host| host.records[0].presence = Presence::Missing);
    assert_eq!(back, [Drift::Back { record: RecordId(3), plugin: demo("1.0.2") }]);
}

#[test]
fn a_folder_without_an_entry_is_unregistered_or_unreadable() {
    assert_eq!(
        after(|host| host.folders.push(sample::read(demo("1.1.0")))),
        [Drift::Unregistered { plugin: demo("1.1.0") }]
    );
    let broken = after(|host| host.folders[0].content = Content::Broken("no metadata".to_owned()));
    assert_eq!(
        broken,
        [Drift::Unreadable {
            folder: "demo-1.0".to_owned(),
            record: Some(RecordId(3)),
            reason: "no metadata".to_owned()
        }]
    );
}

#[test]
fn three_versions_are_compared() {
    let differs = |package: &str, metadata: &str| {
        after(|host| {
            host.packages = vec![sample::package("demo-1.0", package)];
            host.folders[0] = sample::read(demo(metadata));
        })
    };
    let found = |package: &str, metadata: &str| Drift::Differs {
        record: RecordId(3),
        plugin: demo("1.0.2"),
        package: Some(package.parse().unwrap()),
        metadata: metadata.parse().unwrap(),
    };
    assert_eq!(differs("1.0.2", "1.0.2"), []);
    assert_eq!(differs("1.0.3", "1.0.3"), [found("1.0.3", "1.0.3")]);
    assert_eq!(differs("1.0.3", "1.0.2"), [found("1.0.3", "1.0.2")]);
    assert_eq!(differs("1.0.2", "1.0.1"), [found("1.0.2", "1.0.1")]);
}

#[test]
fn what_the_layer_links_is_no_drift_and_neither_are_foreign_links() {
    let linked = after(|host| {
        host.folders[1] = sample::symlink("old-1.0.0", "old-1.0.1");
        host.links.insert(sample::link("old", "1.0.0", "1.0.1"));
        host.folders.push(sample::symlink("other-1.0.0", "old-1.0.1"));
    });
    assert_eq!(linked, []);
}
