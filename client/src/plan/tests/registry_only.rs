//! Registration, its end, and holds (`fuel-client 4.2`–`4.6`).

use registry::scan::Content;
use registry::sync::Scope;

use super::sample::{after, empty, offer, put, set, told, with};
use crate::HostState;
use crate::plan::{
    Available, Crossing, Refusal, Registered, Sort, Step, choose_higher, choose_lower, hold, link,
    register, sync, unhold, unregister, what_to_update,
};
use crate::spec::Target;

fn target(text: &str) -> [Target; 1] {
    [Target::parse(text).unwrap()]
}

fn registered(host: &HostState, text: &str) -> Result<Vec<String>, Refusal> {
    let plan = register(host, &target(text), Registered::Stays)?;
    Ok(told(&after(host, &plan).0))
}

#[test]
fn a_line_has_one_entry_and_a_legacy_version_its_own() {
    for (there, found, entry) in [
        ("demo 1.0.1 new", "demo 1.0.2 new", "1: demo==1.0.2 Present"),
        ("demo 1.0.2 new", "demo 1.0.1 new", "1: demo==1.0.1 Present"),
        ("demo 1.0.2 new", "demo 1.1.0 new", "2: demo==1.1.0 Present"),
        ("demo 1.0.1 old", "demo 1.0.2 new", "2: demo==1.0.2 Present"),
        ("demo 1.0.1 old", "demo 1.0.2 old", "2: demo==1.0.2 Present"),
        ("demo 1.0.1 new", "demo 1.0.2 old", "2: demo==1.0.2 Present"),
    ] {
        let mut host = with(&[there]);
        let offer = offer(found);
        put(&mut host, &offer);
        let lines = registered(&host, &offer.plugin.id.to_string()).unwrap();
        assert!(lines.contains(&entry.to_owned()), "{there}, {found}: {lines:?}");
    }
}

#[test]
fn a_registered_legacy_version_is_settled_unless_forced() {
    let host = with(&["demo 1.0.1 old"]);
    let plan = register(&host, &target("demo==1.0.1"), Registered::Stays).unwrap();
    assert!(plan.is_empty());
    assert_eq!(plan.settled[0].to_string(), "demo==1.0.1");
    let plan = register(&host, &target("demo==1.0.1"), Registered::Again).unwrap();
    assert!(!plan.is_empty());
}

#[test]
fn a_broken_folder_disturbs_only_who_asks_for_it() {
    let mut host = empty();
    put(&mut host, &offer("demo 1.0.1 old"));
    set(&mut host, "bad-1.0.0", Content::Broken("metadata.yaml:1:1".to_owned()));
    assert!(registered(&host, "demo==1.0.1").is_ok());
    let refusal = registered(&host, "bad==1.0.0").unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the folder `bad-1.0.0` cannot be read as a plugin: metadata.yaml:1:1"
    );
    let refusal = registered(&host, "demo==1.0").unwrap_err();
    assert_eq!(
        (refusal.sort(), refusal.to_string().as_str()),
        (Sort::NotFound, "no folder in the plugins root has exactly `demo==1.0`")
    );
}

#[test]
fn a_linked_version_is_unregistered_only_after_its_link_is_gone() {
    let host = with(&["demo 1.0.0 old", "demo 1.0.2 new"]);
    let (name, to) = ("demo".parse().unwrap(), "1.0.2".parse().unwrap());
    let (linked, _) = after(&host, &link(&host, &name, &[], &to, Crossing::Refused).unwrap());
    let refusal = unregister(&linked, &target("demo==1.0.0")).unwrap_err();
    assert_eq!(refusal.command().as_deref(), Some("plugins unlink demo==1.0.0"));
}

#[test]
fn unregistering_leaves_files_and_knows_a_mistyped_name() {
    let host = with(&["ldap 1.0.1 new"]);
    let plan = unregister(&host, &target("ldap==1.0.1")).unwrap();
    assert_eq!(told(&after(&host, &plan).0), ["ldap-1.0 holds 1.0.1", "ldap-1.0 1.0.1-1"]);
    let refusal = unregister(&host, &target("lpad==1.0.1")).unwrap_err();
    assert_eq!(refusal.help().unwrap(), "did you mean `ldap`?");
}

#[test]
fn a_held_line_is_left_out_of_updates_and_named_when_asked_for() {
    let host = with(&["demo 1.0.1 new", "demo 1.1.0 new"]);
    let plan = hold(&host, &target("demo-1.0")).unwrap();
    let (held, _) = after(&host, &plan);
    let lines: Vec<_> =
        what_to_update(&held, &[]).unwrap().into_iter().map(|wanted| wanted.package).collect();
    assert_eq!(lines, ["demo-1.1"]);
    let refusal = what_to_update(&held, &target("demo-1.0")).unwrap_err();
    assert_eq!(refusal.command().unwrap(), "plugins unhold demo-1.0");
    assert!(hold(&held, &target("demo-1.0")).unwrap().is_empty());
    let plan = unhold(&held, &target("demo")).unwrap();
    assert_eq!(told(&after(&held, &plan).0), told(&host));
}

#[test]
fn a_sync_that_finds_a_held_line_changed_has_it_held_at_what_is_there() {
    let mut host = with(&["demo 1.0.1 new"]);
    (host, _) = after(&host, &hold(&host, &target("demo-1.0")).unwrap());
    put(&mut host, &offer("demo 1.0.2 new"));
    let plan = sync(&host, &Scope::default()).unwrap().plan;
    let guards = plan.steps.iter().filter(|step| matches!(step, Step::Guard { held: true, .. }));
    assert_eq!((guards.count(), plan.notes.len()), (1, 1), "{plan:?}");
    let (host, _) = after(&host, &plan);
    assert!(sync(&host, &Scope::default()).unwrap().plan.is_empty());
}

#[test]
fn the_best_version_is_on_the_line() {
    let available: Vec<_> = ["1.0.1", "1.0.3", "1.0.2", "1.1.0", "1.0.4b1"]
        .map(|version| Available {
            name: "demo".parse().unwrap(),
            version: version.parse().unwrap(),
            package_version: format!("{version}-1"),
            repository: "main".to_owned(),
        })
        .into();
    let host = with(&["demo 1.0.2 new"]);
    let wanted = &what_to_update(&host, &target("demo")).unwrap()[0];
    let higher = choose_higher(wanted, &available).unwrap().unwrap();
    assert_eq!(higher.version.as_str(), "1.0.3");
    assert_eq!(choose_lower(wanted, &available).unwrap().version.as_str(), "1.0.1");
    let wanted = &what_to_update(&host, &target("demo==1.0.9")).unwrap()[0];
    let refusal = choose_higher(wanted, &available).unwrap_err();
    assert_eq!(refusal.sort(), Sort::NotFound);
}
