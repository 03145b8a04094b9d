//! Undo: whatever a plan does to a small host, its reversal brings back what was.

use proptest::prelude::*;
use registry::history::Entry;

use super::sample::{after, offer, seen, told, with};
use crate::plan::{
    Crossing, Plan, Refusal, RemoveOptions, Step, Strategy, downgrade, hold, install, link, newest,
    packages_for, remove, undo, unlink, unregister,
};
use crate::spec::Target;
use crate::{HostState, Offer, Provenance};

const PLUGINS: [&str; 7] = [
    "demo 1.0.0 old",
    "demo 1.0.1 old",
    "demo 1.0.2 new",
    "demo 1.0.3 new",
    "demo 1.0.4 old",
    "demo 1.1.0 new",
    "other 1.0.0 new",
];

fn reversed(host: &HostState, entry: &Entry) -> Result<Plan, Refusal> {
    let host = &seen(host);
    let offers: Vec<Offer> = packages_for(host, entry)
        .iter()
        .filter_map(|sought| sought.sha256.as_deref())
        .map(|digest| offer(digest.strip_prefix("digest of ").unwrap()))
        .collect();
    undo(host, entry, &offers)
}

/// One command on a small host: the verb by number, a plugin by number.
fn command(host: &HostState, verb: usize, plugin: usize) -> Result<Plan, Refusal> {
    let host = &seen(host);
    let offered = [offer(PLUGINS[plugin])];
    let id = &offered[0].plugin.id;
    let target = [Target::Exact(id.name.clone(), id.version.clone())];
    match verb {
        0 | 1 => install(host, &offered, Strategy::Upgrade),
        2 => downgrade(host, &offered),
        3 => remove(host, &target, RemoveOptions { force: true, ..Default::default() }),
        4 => remove(host, &target, RemoveOptions { keep_registered: true, ..Default::default() }),
        5 => unregister(host, &target),
        6 => hold(host, &target),
        7 => link(host, &id.name, &[], &id.version, Crossing::Refused),
        _ => unlink(host, &id.name, &[]),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_undo_brings_back_what_was(commands in prop::collection::vec((0..9_usize, 0..7_usize), 1..9)) {
        let mut host = with(&[]);
        for (verb, plugin) in commands {
            let Ok(plan) = command(&host, verb, plugin) else { continue };
            let (changed, entry) = after(&host, &plan);
            if entry.events.is_empty() {
                prop_assert_eq!(told(&changed), told(&host));
                continue;
            }
            let back = match reversed(&changed, &entry) {
                Ok(back) => after(&changed, &back).0,
                // A held line is refused, aloud.
                Err(Refusal::Held { .. }) => continue,
                Err(refusal) => return Err(TestCaseError::fail(format!("{refusal}: {entry:#?}"))),
            };
            prop_assert_eq!(told(&back), told(&host), "verb {} of {}", verb, PLUGINS[plugin]);
            let twice = reversed(&back, &entry).unwrap();
            prop_assert!(twice.is_empty(), "{:#?}", twice);
            host = changed;
        }
    }
}

#[test]
fn an_undo_on_a_host_that_went_on_says_what_differs() {
    let host = with(&["demo 1.0.2 new"]);
    let (updated, entry) = after(&host, &command(&host, 0, 3).unwrap());
    let (on, _) = after(&updated, &command(&updated, 3, 3).unwrap());
    let refusal = reversed(&on, &entry).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "demo is not there, and transaction 1 left it installed as 1.0.3 with id 1"
    );
}

#[test]
fn an_undo_without_the_package_names_the_plugin() {
    let mut host = with(&["demo 1.0.2 new"]);
    host.kept.clear();
    let (removed, entry) = after(&host, &command(&host, 3, 2).unwrap());
    let refusal = undo(&removed, &entry, &[]).unwrap_err();
    assert_eq!(refusal.to_string(), "the package of demo==1.0.2 is not kept");

    let [sought] = &packages_for(&removed, &entry)[..] else { panic!("one package") };
    assert_eq!((sought.plugin.to_string(), &sought.sha256), ("demo==1.0.2".to_owned(), &None));
    let mut rebuilt = offer("demo 1.0.2 new");
    rebuilt.provenance = Provenance::Repository("main".to_owned());
    let (back, _) = after(&removed, &undo(&removed, &entry, &[rebuilt]).unwrap());
    assert_eq!(back.records.len(), host.records.len());
}

#[test]
fn the_newest_transaction_not_undone_is_next() {
    let host = with(&[]);
    let (one, first) = after(&host, &command(&host, 0, 2).unwrap());
    let (two, second) = after(&one, &command(&one, 0, 6).unwrap());
    let (_, back) = after(&two, &reversed(&two, &second).unwrap());
    let demo = "demo".parse().unwrap();
    let history = [first.clone(), second.clone()];
    assert_eq!(newest(&history, None), Some(&second));
    assert_eq!(newest(&history, Some(&demo)), Some(&first));
    assert_eq!(newest(&[first.clone(), second, back], None), Some(&first));
}

#[test]
fn a_removed_plugin_that_was_held_is_held_again() {
    let host = with(&["demo 1.0.2 new"]);
    let (held, _) = after(&host, &command(&host, 6, 2).unwrap());
    let (removed, entry) = after(&held, &command(&held, 3, 2).unwrap());
    assert!(removed.holds.is_empty());
    let plan = reversed(&removed, &entry).unwrap();
    let guards = |step: &&Step| matches!(step, Step::Guard { held: true, .. });
    assert_eq!(plan.steps.iter().filter(guards).count(), 1, "{:#?}", plan.steps);
    assert_eq!(told(&after(&removed, &plan).0), told(&held));
}
