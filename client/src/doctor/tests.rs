//! Ills that a small host is given, and what is found of them.

use std::collections::{BTreeMap, BTreeSet};

use ::registry::scan::Content;
use ::registry::{Hold, Presence, RecordId};
use plugin::Generation;

use super::*;
use crate::Condition;
use crate::listing::sample::{self, id};
use crate::verify::{Deviation, Kind};

/// Returns what is seen of a host that is well.
fn healthy() -> Examination {
    Examination {
        host: sample::host(),
        registry: RegistryFacts { exists: true, ..RegistryFacts::default() },
        journal: None,
        stamp: false,
        newest: Some("2026-02-03T04:05:05Z".parse().unwrap()),
        deviations: BTreeMap::new(),
        loose: vec![],
        saved: Some(BTreeSet::new()),
        kept: vec![],
        room: vec![Room { path: "/var".into(), bytes: 1 << 30, inodes: None }],
        sources: vec![],
        bad_copy: None,
        vulnerable: vec![],
    }
}

/// Returns what ails a host that was changed, a line per finding, with what mends it.
fn ills(change: impl FnOnce(&mut Examination)) -> Vec<String> {
    let mut seen = healthy();
    change(&mut seen);
    let told = |ill: &Finding| {
        let Finding { check, severity, title, sentence, .. } = ill;
        let cure = ill.cure.as_ref().map_or("-".to_owned(), |c| serde_json::to_string(c).unwrap());
        format!("{severity:?} {title} {check}: {sentence} / {cure}")
    };
    diagnose(&seen, &Check::ALL).ills().map(told).collect()
}

fn deviate(seen: &mut Examination, folder: &str, files: &[(&str, Kind)]) {
    let files = files.iter().map(|&(path, kind)| Deviation { path: path.into(), kind });
    seen.deviations.insert(folder.to_owned(), files.collect());
}

#[test]
fn a_healthy_host_has_a_good_word_from_every_check() {
    let diagnosis = diagnose(&healthy(), &Check::ALL);
    assert!(diagnosis.is_clean());
    let told: Vec<String> = diagnosis
        .findings
        .iter()
        .map(|at| format!("{} {}: {}", at.check, at.title, at.sentence))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @"
    D01 registry: integrity check passed, 3 plugins
    D02 journal: no command is unfinished
    D03 package db: one version of each package is recorded
    D04 package db: every package is installed completely
    D05 files: all are there
    D06 files: all are as packaged
    D07 files: none has lost its content
    D08 links: every link leads where it should
    D09 ownership: only root may change plugins and their state
    D10 drift: what is registered is there, or marked missing
    D11 drift: what is there is registered
    D12 drift: registry, package database and metadata agree
    D13 sync: none is due
    D14 trust: 0 publishers, none expires
    D16 clock: not before any recorded event
    D17 product: every plugin fits 9.0
    D18 room: enough for the next update
    D20 kept: 1 package
    ");
    assert_eq!(diagnose(&healthy(), &[Check::Clock]).findings.len(), 1);
}

#[test]
fn checks_are_named_by_their_numbers() {
    for check in Check::ALL {
        assert_eq!(check.id().parse(), Ok(check));
        assert_eq!(check.id().to_lowercase().parse(), Ok(check));
    }
    assert_eq!("D99".parse::<Check>(), Err(UnknownCheck("D99".to_owned())));
}

#[test]
fn the_registry_is_looked_at_first() {
    assert_eq!(
        ills(|seen| seen.registry.chain = Some("entry 4 is not what follows entry 3".to_owned())),
        ["Fail registry D01: history was altered: entry 4 is not what follows entry 3 / -"]
    );
    // What a damaged registry does not say cannot be compared with anything.
    let damaged = ills(|seen| {
        seen.registry.damage.push("row 3 missing from index".to_owned());
        seen.host.records.clear();
    });
    assert_eq!(
        damaged,
        [r#"Fail registry D01: it is damaged: row 3 missing from index / {"cure":"rebuild"}"#]
    );
    assert_eq!(
        ills(|seen| seen.registry.interrupted = true),
        [
            r#"Fail registry D01: a change of it was cut off and is to be undone / {"cure":"recover"}"#
        ]
    );
}

#[test]
fn what_was_cut_off_is_named() {
    let cut = ills(|seen| {
        let command = Some("plugins update demo".to_owned());
        seen.journal = Some(Unfinished { command });
        seen.stamp = true;
        let mut twice = sample::package("demo-1.0", "1.0.3");
        twice.condition = Condition::Duplicate;
        seen.host.packages[0].condition = Condition::Duplicate;
        seen.host.packages.insert(1, twice);
        let mut half = sample::package("half-2.0", "2.0.0");
        half.condition = Condition::Unfinished("half-configured".to_owned());
        seen.host.packages.push(half);
    });
    insta::assert_snapshot!(cut.join("\n"), @r#"
    Warn journal D02: `plugins update demo` was cut off / {"cure":"recover"}
    Warn package db D03: demo-1.0: several versions recorded (1.0.2-1, 1.0.3-1) - an update was cut off / {"cure":"mend","packages":["demo-1.0"]}
    Warn package db D04: half-2.0 2.0.0-1 is half-configured / {"cure":"mend","packages":["half-2.0"]}
    Warn sync D13: packages have changed since, and no sync followed / {"cure":"sync"}
    "#);
}

#[test]
fn files_are_counted_by_what_is_wrong_with_them() {
    let found = ills(|seen| {
        deviate(
            seen,
            "demo-1.0",
            &[
                ("metadata.yaml", Kind::Empty),
                ("a", Kind::Missing),
                ("b", Kind::Missing),
                ("c", Kind::Changed),
                ("d", Kind::Mode),
            ],
        );
        // Its package was not kept.
        deviate(seen, "old-1.0.1", &[("tasks.yaml", Kind::Missing)]);
    });
    insta::assert_snapshot!(found.join("\n"), @r#"
    Fail files D05: demo-1.0: 2 files are missing / {"cure":"reinstall","folders":["demo-1.0"]}
    Fail files D05: old-1.0.1: 1 file is missing / -
    Warn files D06: demo-1.0: 1 file is not as packaged / {"cure":"reinstall","folders":["demo-1.0"]}
    Fail files D07: demo-1.0: 1 file is empty on disk / {"cure":"reinstall","folders":["demo-1.0"]}
    Warn ownership D09: demo-1.0: owner or mode differ from the package's / {"cure":"reinstall","folders":["demo-1.0"]}
    "#);
}

#[test]
fn what_others_may_write_to_is_secured() {
    let loose = Loose { path: "/var/lib/plugins".into(), owner: None, writable: true };
    assert_eq!(
        ills(|seen| seen.loose.push(loose)),
        [
            r#"Fail ownership D09: 1 file is open to others than root / {"cure":"secure","paths":["/var/lib/plugins"]}"#
        ]
    );
}

#[test]
fn drift_is_mended_by_whatever_makes_all_agree() {
    let cured = |change: &dyn Fn(&mut Examination)| ills(change);
    let demo = |version: &str| sample::read(id(&format!("demo=={version}"), Generation::V4));
    let found = [
        // The whole folder is gone, and its package still recorded: it comes back.
        cured(&|seen| {
            seen.host.folders.remove(0);
        }),
        cured(&|seen| {
            seen.host.folders.remove(1);
        }),
        cured(&|seen| seen.host.records[1].presence = Presence::Missing),
        cured(&|seen| {
            seen.host.records.remove(0);
            seen.host.folders[0] = demo("1.0.2");
        }),
        // Package database and disk agree: the registry is behind.
        cured(&|seen| {
            seen.host.packages = vec![sample::package("demo-1.0", "1.0.3")];
            seen.host.folders[0] = demo("1.0.3");
        }),
        // They do not: the files are not those of the package.
        cured(&|seen| seen.host.folders[0] = demo("1.0.1")),
        cured(&|seen| seen.host.folders[0].content = Content::Broken("metadata.yaml".to_owned())),
    ];
    insta::assert_snapshot!(found.concat().join("\n"), @r#"
    Warn drift D10: demo==1.0.2 is registered but its folder is not there / {"cure":"reinstall","folders":["demo-1.0"]}
    Warn drift D10: old==1.0.0 is registered but its folder is not there / {"cure":"sync"}
    Warn drift D10: old==1.0.0 is marked missing but is there / {"cure":"sync"}
    Warn drift D11: demo-1.0 is installed but not registered / {"cure":"sync"}
    Warn drift D12: demo-1.0: registered is 1.0.2, in the package database 1.0.3, on disk 1.0.3 / {"cure":"sync"}
    Warn drift D12: demo-1.0: registered is 1.0.2, in the package database 1.0.2, on disk 1.0.1 / {"cure":"reinstall","folders":["demo-1.0"]}
    Fail drift D12: demo-1.0 cannot be read: metadata.yaml / {"cure":"reinstall","folders":["demo-1.0"]}
    "#);
}

/// Makes the folder of `old==1.0.0` a link to that of `old==1.0.1`, as it should be.
fn linked(seen: &mut Examination) {
    seen.host.links.insert(sample::link("old", "1.0.0", "1.0.1"));
    seen.host.folders[1] = sample::symlink("old-1.0.0", "old-1.0.1");
    seen.saved = Some(["old-1.0.0".to_owned()].into());
}

#[test]
fn the_layer_is_judged_by_what_the_registry_says_of_it() {
    let after = |change: &dyn Fn(&mut Examination)| {
        ills(|seen| {
            linked(seen);
            change(seen);
        })
    };
    assert_eq!(after(&|_| {}), [""; 0]);
    let found = [
        after(&|seen| seen.host.folders[1] = sample::symlink("old-1.0.0", "old-0.9.0")),
        after(&|seen| seen.host.folders[1] = sample::unchanged("old-1.0.0")),
        after(&|seen| {
            seen.host.folders.remove(1);
        }),
        after(&|seen| {
            seen.host.folders.remove(2);
            seen.host.records[2].presence = Presence::Missing;
        }),
        after(&|seen| seen.saved = Some(BTreeSet::new())),
        after(&|seen| {
            seen.saved.as_mut().unwrap().insert("other-1.0.0".to_owned());
        }),
        after(&|seen| seen.host.folders.push(sample::symlink("other-1.0.0", "/etc"))),
    ];
    insta::assert_snapshot!(found.concat().join("\n"), @r#"
    Fail links D08: old-1.0.0 should lead to old-1.0.1 and leads to old-0.9.0 / {"cure":"relink","links":[{"name":"old","old":"1.0.0","target":"1.0.1","folder":"old-1.0.1"}]}
    Fail links D08: old-1.0.0 should lead to old-1.0.1 and is no link / {"cure":"relink","links":[{"name":"old","old":"1.0.0","target":"1.0.1","folder":"old-1.0.1"}]}
    Fail links D08: old-1.0.0 should lead to old-1.0.1 and is not there / {"cure":"relink","links":[{"name":"old","old":"1.0.0","target":"1.0.1","folder":"old-1.0.1"}]}
    Fail links D08: old-1.0.0 is linked to old-1.0.1, which is not there / {"cure":"unlink","links":[{"name":"old","old":"1.0.0","target":"1.0.1","folder":"old-1.0.1"}]}
    Warn links D08: old-1.0.0 was linked, and what it held before is not saved any more / -
    Warn links D08: other-1.0.0 is saved, and nothing is linked in its place / -
    Warn links D08: other-1.0.0 is a link to /etc, not made by us / -
    "#);
}

#[test]
fn clock_product_room_and_kept_packages_have_a_check_each() {
    let found = ills(|seen| {
        seen.newest = Some("2026-02-03T04:05:07Z".parse().unwrap());
        seen.host.profile.product = Some("10.0".to_owned());
        seen.host.records.truncate(1);
        seen.host.folders.truncate(1);
        seen.host.holds.insert(Hold { name: "x".parse().unwrap(), line: "1.0".parse().unwrap() });
        seen.room = vec![
            Room { path: "/var/lib".into(), bytes: 200 << 20, inodes: Some(9_000) },
            Room { path: "/var/www".into(), bytes: 1 << 30, inodes: Some(7) },
        ];
        seen.kept.push(KeptFault {
            sha256: "5d21".to_owned(),
            plugin: id("demo==1.0.1", Generation::V4),
            reason: "its file has changed".to_owned(),
        });
        seen.host.next_record = RecordId(9);
    });
    insta::assert_snapshot!(found.join("\n"), @r#"
    Warn clock D16: it shows 2026-02-03T04:05:06Z, before the newest recorded event at 2026-02-03T04:05:07Z / -
    Warn product D17: demo==1.0.2 does not fit the product 10.0: it supports 9.0 only / -
    Warn room D18: /var/lib has 200 MiB left / -
    Fail room D18: /var/www has 7 inodes left / -
    Warn kept D20: demo==1.0.1: its file has changed / {"cure":"drop-kept","sha256":["5d21"]}
    "#);
}
