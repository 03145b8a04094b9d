//! Tables for each rule, and what must hold whatever is on disk.

mod properties;

use std::collections::BTreeMap;

use plugin::{Generation, PluginId};

use super::*;
use crate::scan::{Content, Found};
use crate::{Fingerprint, Origin, Plugin, Presence, Voucher};

/// A plugin as `name==version`, legacy where it ends with `!`.
fn plugin(text: &str) -> Plugin {
    let (name, version) = text.trim_end_matches('!').split_once("==").unwrap();
    let generation = if text.ends_with('!') { Generation::V1 } else { Generation::V5 };
    let (name, version) = (name.parse().unwrap(), version.parse().unwrap());
    Plugin {
        id: PluginId { name, version, generation },
        title: text.to_owned(),
        description: None,
        releases: Vec::new(),
        groups: Vec::new(),
        authors: Vec::new(),
        licenses: Vec::new(),
        homepage: None,
        products: Vec::new(),
        is_hotpluggable: false,
    }
}

fn print(text: &str) -> Fingerprint {
    Fingerprint(text.to_owned())
}

fn record(id: i64, text: &str) -> Record {
    Record {
        id: RecordId(id),
        plugin: plugin(text),
        presence: Presence::Present,
        origin: Origin::Repository("main".to_owned()),
        voucher: Voucher::Unsigned,
        fingerprint: Some(print(text)),
    }
}

fn missing(id: i64, text: &str) -> Record {
    Record { presence: Presence::Missing, ..record(id, text) }
}

/// The folder in which the plugin stands.
fn folder(text: &str) -> Folder {
    looking(text, text)
}

/// The same, with files that look in a certain way.
fn looking(text: &str, fingerprint: &str) -> Folder {
    let plugin = plugin(text);
    let name = plugin.id.package_name().to_string();
    let found = Found { plugin, kept: BTreeMap::new(), fingerprint: print(fingerprint) };
    Folder { name, content: Content::Plugin(Box::new(found)) }
}

fn named(name: &str, content: Content) -> Folder {
    Folder { name: name.to_owned(), content }
}

fn broken(name: &str) -> Folder {
    named(name, Content::Broken("why".to_owned()))
}

fn link(name: &str, target: &str) -> Folder {
    named(name, Content::Link { target: target.to_owned() })
}

/// The layer's link from the legacy `demo-<old>` to `demo-<target>`.
fn layer(old: &str, target: &str) -> BTreeSet<Link> {
    let (old, version) = (old.parse().unwrap(), target.parse().unwrap());
    let name = "demo".parse().unwrap();
    BTreeSet::from([Link { name, old, target: version, folder: format!("demo-{target}") }])
}

const ALL: Scope = Scope { only: None, prune: false };
const PRUNE: Scope = Scope { only: None, prune: true };

/// Compares and shows changes, then reports, one per line.
fn told(folders: &[Folder], records: &[Record], links: &BTreeSet<Link>, scope: &Scope) -> String {
    let comparison = compare(folders, records, links, scope, RecordId(10)).unwrap();
    let change = |change: &Change| match change {
        Change::Put { id, plugin, origin, voucher, .. } => {
            format!("put {id} {} {origin:?} {voucher}", plugin.id)
        }
        Change::Mark { id, presence } => format!("mark {id} {presence:?}"),
        Change::Remove { id } => format!("remove {id}"),
        other => panic!("{other:?}"),
    };
    let changes = comparison.changes.iter().map(change);
    let reports = comparison.reports.iter().map(|report| serde_json::to_string(report).unwrap());
    changes.chain(reports).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_on_disk_is_registered_and_keeps_its_line_number() {
    let folders = [
        folder("demo==1.0.3"),
        folder("demo==1.0.1!"),
        folder("demo==1.1.0"),
        folder("down==2.0.0"),
        folder("same==1.0.0"),
        looking("touched==1.0.0", "other"),
    ];
    let records = [
        record(1, "demo==1.0.2"),
        record(2, "down==2.0.5"),
        record(3, "same==1.0.0"),
        record(4, "touched==1.0.0"),
    ];
    insta::assert_snapshot!(told(&folders, &records, &BTreeSet::new(), &ALL), @r#"
    put 1 demo==1.0.3 Disk unknown
    put 2 down==2.0.0 Disk unknown
    put 4 touched==1.0.0 Repository("main") unsigned
    put 10 demo==1.0.1 Disk unknown
    put 11 demo==1.1.0 Disk unknown
    {"outcome":"updated","id":1,"plugin":{"name":"demo","version":"1.0.3","generation":"5.0.0"},"from":"1.0.2"}
    {"outcome":"registered","id":10,"plugin":{"name":"demo","version":"1.0.1","generation":"1.0.0"}}
    {"outcome":"registered","id":11,"plugin":{"name":"demo","version":"1.1.0","generation":"5.0.0"}}
    {"outcome":"downgraded","id":2,"plugin":{"name":"down","version":"2.0.0","generation":"5.0.0"},"from":"2.0.5"}
    {"outcome":"refreshed","id":4,"plugin":{"name":"touched","version":"1.0.0","generation":"5.0.0"}}
    "#);
}

#[test]
fn entries_without_files_are_marked_and_only_pruned_when_asked() {
    let records = [record(1, "a==1.0.0"), missing(2, "b==1.0.0"), missing(3, "c==1.0.0")];
    let folders = [
        named("a-1.0", Content::Stray),
        named("c-1.0", Content::Unchanged),
        named(".c", Content::Stray),
    ];
    insta::assert_snapshot!(told(&folders, &records, &BTreeSet::new(), &ALL), @r#"
    mark 1 Missing
    mark 3 Present
    {"outcome":"missing","id":1,"plugin":{"name":"a","version":"1.0.0","generation":"5.0.0"}}
    {"outcome":"missing","id":2,"plugin":{"name":"b","version":"1.0.0","generation":"5.0.0"}}
    {"outcome":"found","id":3,"plugin":{"name":"c","version":"1.0.0","generation":"5.0.0"}}
    "#);
    insta::assert_snapshot!(told(&folders, &records, &BTreeSet::new(), &PRUNE), @r#"
    remove 1
    remove 2
    mark 3 Present
    {"outcome":"pruned","id":1,"plugin":{"name":"a","version":"1.0.0","generation":"5.0.0"}}
    {"outcome":"pruned","id":2,"plugin":{"name":"b","version":"1.0.0","generation":"5.0.0"}}
    {"outcome":"found","id":3,"plugin":{"name":"c","version":"1.0.0","generation":"5.0.0"}}
    "#);
    let counted = compare(&folders, &records, &BTreeSet::new(), &ALL, RecordId(10)).unwrap();
    assert_eq!((counted.strays, counted.unchanged), (2, 0));
}

#[test]
fn broken_folders_and_foreign_links_change_nothing() {
    let folders = [broken("a-1.0"), broken("b-1.0"), link("c-1.0.0", "x"), link("d", "/y")];
    let records = [record(1, "a==1.0.0"), record(2, "c==1.0.0!")];
    insta::assert_snapshot!(told(&folders, &records, &BTreeSet::new(), &PRUNE), @r#"
    {"outcome":"broken","folder":"a-1.0","id":1,"why":"why"}
    {"outcome":"broken","folder":"b-1.0","id":null,"why":"why"}
    {"outcome":"foreign-link","folder":"c-1.0.0","target":"x","id":2}
    {"outcome":"foreign-link","folder":"d","target":"/y","id":null}
    "#);
}

#[test]
fn old_versions_behind_links_of_the_layer_are_left_alone() {
    let links = layer("2.0.0", "2.0.2");
    let target = || folder("demo==2.0.2!");
    let old = || link("demo-2.0.0", "demo-2.0.2");
    let records = [record(1, "demo==2.0.0!"), record(2, "demo==2.0.2!")];
    assert_eq!(told(&[old(), target()], &records, &links, &PRUNE), "");

    let absent = [missing(1, "demo==2.0.0!"), records[1].clone()];
    insta::assert_snapshot!(told(&[old(), target()], &absent, &links, &PRUNE), @r#"
    mark 1 Present
    {"outcome":"found","id":1,"plugin":{"name":"demo","version":"2.0.0","generation":"1.0.0"}}
    "#);
    insta::assert_snapshot!(told(&[old()], &records, &links, &PRUNE), @r#"
    remove 2
    {"outcome":"link","link":{"name":"demo","old":"2.0.0","target":"2.0.2","folder":"demo-2.0.2"},"fault":"dangling"}
    {"outcome":"pruned","id":2,"plugin":{"name":"demo","version":"2.0.2","generation":"1.0.0"}}
    "#);
    insta::assert_snapshot!(told(&[target()], &records, &links, &PRUNE), @r#"
    {"outcome":"link","link":{"name":"demo","old":"2.0.0","target":"2.0.2","folder":"demo-2.0.2"},"fault":"absent"}
    "#);
    let elsewhere = link("demo-2.0.0", "demo-2.0.1");
    insta::assert_snapshot!(told(&[elsewhere, target()], &records, &links, &PRUNE), @r#"
    {"outcome":"link","link":{"name":"demo","old":"2.0.0","target":"2.0.2","folder":"demo-2.0.2"},"fault":"elsewhere","target":"demo-2.0.1"}
    "#);
    let replaced = folder("demo==2.0.0!");
    insta::assert_snapshot!(told(&[replaced, target()], &records, &links, &PRUNE), @r#"
    {"outcome":"link","link":{"name":"demo","old":"2.0.0","target":"2.0.2","folder":"demo-2.0.2"},"fault":"replaced"}
    "#);
}

#[test]
fn two_that_want_to_be_one_are_told() {
    let folders = [folder("demo==1.0.2"), folder("demo==1.0.2!"), folder("x==1.0!")];
    let records = [record(1, "demo==1.0.1"), record(2, "x==1.0!"), record(3, "x==1.0.1")];
    insta::assert_snapshot!(told(&folders, &records, &BTreeSet::new(), &ALL), @r#"
    put 1 demo==1.0.2 Disk unknown
    {"outcome":"clash","folder":"x-1.0","plugin":{"name":"x","version":"1.0.1","generation":"5.0.0"},"with":2}
    {"outcome":"updated","id":1,"plugin":{"name":"demo","version":"1.0.2","generation":"5.0.0"},"from":"1.0.1"}
    {"outcome":"clash","folder":"demo-1.0.2","plugin":{"name":"demo","version":"1.0.2","generation":"1.0.0"},"with":1}
    "#);
}

#[test]
fn a_version_that_one_gives_free_is_free_for_another() {
    let folders = [folder("demo==1.0.3"), folder("demo==1.0.2!")];
    let records = [record(1, "demo==1.0.2")];
    insta::assert_snapshot!(told(&folders, &records, &BTreeSet::new(), &ALL), @r#"
    put 1 demo==1.0.3 Disk unknown
    put 10 demo==1.0.2 Disk unknown
    {"outcome":"updated","id":1,"plugin":{"name":"demo","version":"1.0.3","generation":"5.0.0"},"from":"1.0.2"}
    {"outcome":"registered","id":10,"plugin":{"name":"demo","version":"1.0.2","generation":"1.0.0"}}
    "#);
    let records = [record(1, "demo==1.0.2!")];
    insta::assert_snapshot!(told(&[folder("demo==1.0.2")], &records, &BTreeSet::new(), &PRUNE), @r#"
    remove 1
    put 10 demo==1.0.2 Disk unknown
    {"outcome":"registered","id":10,"plugin":{"name":"demo","version":"1.0.2","generation":"5.0.0"}}
    {"outcome":"pruned","id":1,"plugin":{"name":"demo","version":"1.0.2","generation":"1.0.0"}}
    "#);
}

#[test]
fn named_entries_alone_are_compared() {
    let folders = [folder("a==1.0.1"), folder("b==1.0.1"), folder("new==1.0.0"), broken("z-1.0")];
    let records = [record(1, "a==1.0.0"), record(2, "b==1.0.0"), record(3, "gone==1.0.0")];
    let only = |ids: &[i64]| Scope {
        only: Some(ids.iter().map(|id| RecordId(*id)).collect()),
        prune: true,
    };
    let none = BTreeSet::new();
    insta::assert_snapshot!(told(&folders, &records, &none, &only(&[1])), @r#"
    put 1 a==1.0.1 Disk unknown
    {"outcome":"updated","id":1,"plugin":{"name":"a","version":"1.0.1","generation":"5.0.0"},"from":"1.0.0"}
    "#);
    assert_eq!(told(&folders, &records, &none, &only(&[])), "");
    let unknown = compare(&folders, &records, &none, &only(&[1, 7]), RecordId(10));
    assert_eq!(unknown, Err(UnknownRecord(RecordId(7))));
}
