//! The rules of the symlink layer (`fuel 4.5`), one test each where a plan can show it.

use ::plugin::{PluginName, Version};
use registry::scan::Content;
use registry::sync::{LinkFault, Outcome, Scope};

use super::sample::{after, offer, set, told, with};
use crate::plan::{
    Crossing, Plan, Refusal, Registered, RemoveOptions, Step, Strategy, install, link, register,
    remove, sync, unlink, update,
};
use crate::spec::Target;
use crate::{HostState, Offer};

const HOST: [&str; 4] = ["demo 2.0.0 old", "demo 2.0.1 old", "demo 2.0.2 old", "demo 3.0.0 old"];

fn name() -> PluginName {
    "demo".parse().unwrap()
}

fn version(text: &str) -> Version {
    text.parse().unwrap()
}

fn to(host: &HostState, olds: &[&str], target: &str) -> Result<Plan, Refusal> {
    let olds: Vec<_> = olds.iter().map(|old| version(old)).collect();
    link(host, &name(), &olds, &version(target), Crossing::Refused)
}

fn linked() -> HostState {
    let host = with(&HOST);
    let plan = to(&host, &[], "2.0.2").unwrap();
    after(&host, &plan).0
}

fn has(host: &HostState, line: &str) {
    assert!(told(host).contains(&line.to_owned()), "no `{line}` in {:#?}", told(host));
}

fn upgraded(host: &HostState, offer: Offer) -> HostState {
    after(host, &install(host, &[offer], Strategy::Upgrade).unwrap()).0
}

#[test]
fn rule_1_the_registry_has_the_layer_and_entries_stay() {
    let host = linked();
    has(&host, "demo 2.0.0 means 2.0.2 in demo-2.0.2");
    has(&host, "demo-2.0.1 -> demo-2.0.2");
    has(&host, "1: demo==2.0.0 Present");
}

#[test]
fn rule_2_only_lower_legacy_versions_of_the_line_lead_to_what_is_installed_and_whole() {
    let mut host = with(&HOST);
    super::sample::put(&mut host, &offer("demo 2.1.0 new"));
    for (old, target, refused) in [
        ("2.0.2", "2.0.1", "LinkNotLower"),
        ("2.0.2", "2.0.2", "LinkNotLower"),
        ("2.0.2", "3.0.0", "LinkOtherLine"),
        ("2.1.0", "3.0.0", "LinkNotLegacy"),
        ("2.0.9", "3.0.0", "Unknown"),
        ("2.0.0", "2.0.9", "Unknown"),
    ] {
        let refusal = to(&host, &[old], target).unwrap_err();
        assert!(format!("{refusal:?}").starts_with(refused), "{old} to {target}: {refusal:?}");
    }
    let forced = link(&host, &name(), &[version("2.0.2")], &version("3.0.0"), Crossing::Forced);
    assert!(forced.is_ok());
    set(&mut host, "demo-2.0.2", Content::Broken("no metadata".to_owned()));
    assert!(matches!(to(&host, &["2.0.0"], "2.0.2"), Err(Refusal::Broken { .. })));
}

#[test]
fn rule_3_folders_change_and_are_flushed_before_the_registry_says_so() {
    let plan = to(&with(&HOST), &["2.0.0"], "2.0.2").unwrap();
    assert!(matches!(plan.steps[..], [Step::Link(_), Step::Flush, Step::Register { .. }]));
}

#[test]
fn rule_4_all_are_pointed_at_what_arrives_and_never_form_a_chain() {
    for (arriving, folder) in [("demo 2.0.3 old", "demo-2.0.3"), ("demo 2.0.3 new", "demo-2.0")] {
        let host = upgraded(&linked(), offer(arriving));
        has(&host, &format!("demo-2.0.0 -> {folder}"));
        has(&host, &format!("demo-2.0.1 -> {folder}"));
        has(&host, &format!("demo 2.0.1 means 2.0.3 in {folder}"));
    }
    let host = with(&HOST);
    let host = after(&host, &to(&host, &["2.0.0"], "2.0.1").unwrap()).0;
    let host = after(&host, &to(&host, &["2.0.1"], "2.0.2").unwrap()).0;
    has(&host, "demo-2.0.0 -> demo-2.0.2");
    assert!(matches!(to(&host, &["2.0.0"], "2.0.1"), Err(Refusal::LinkToLink { .. })));
}

#[test]
fn rule_5_undo_brings_the_folders_back() {
    let host = linked();
    let plan = unlink(&host, &name(), &[]).unwrap();
    assert_eq!(told(&after(&host, &plan).0), told(&with(&HOST)));
    let refusal = unlink(&with(&HOST), &name(), &[]).unwrap_err();
    assert!(matches!(refusal, Refusal::NotLinked { .. }));
}

#[test]
fn rule_6_nothing_is_installed_through_a_link() {
    for strategy in [Strategy::Upgrade, Strategy::Always] {
        let refusal = install(&linked(), &[offer("demo 2.0.1 old")], strategy).unwrap_err();
        assert_eq!(refusal.command().unwrap(), "plugins unlink demo==2.0.1");
    }
}

#[test]
fn rule_7_a_linked_version_goes_whole_and_a_target_only_by_force() {
    let host = linked();
    let gone = |text: &str, options| {
        let target = Target::parse(text).unwrap();
        remove(&host, &[target], options).map(|plan| told(&after(&host, &plan).0))
    };
    let left = gone("demo==2.0.1", RemoveOptions::default()).unwrap();
    assert!(!left.iter().any(|line| line.contains("2.0.1")), "{left:#?}");
    let refusal = gone("demo==2.0.2", RemoveOptions::default()).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "demo==2.0.2 cannot go: the folders of 2.0.0, 2.0.1 are links to it"
    );
    let left = gone("demo==2.0.2", RemoveOptions { force: true, ..Default::default() }).unwrap();
    assert!(left.contains(&"demo-2.0.0 holds 2.0.0".to_owned()), "{left:#?}");
    let all: Vec<_> = ["demo==2.0.2", "demo==2.0.0", "demo==2.0.1"]
        .map(|text| Target::parse(text).unwrap())
        .into();
    assert!(remove(&host, &all, RemoveOptions::default()).is_ok());
}

#[test]
fn rule_8_register_and_sync_look_through_no_link() {
    let mut host = linked();
    let synced = sync(&host, &Scope::default()).unwrap();
    assert!(synced.plan.entry.events.is_empty(), "{:#?}", synced.plan);
    host.records.retain(|record| record.id.0 != 2);
    let target = Target::exact("demo==2.0.1").unwrap();
    let refusal = register(&host, &[target], Registered::Again).unwrap_err();
    assert!(matches!(refusal, Refusal::ThroughLink { .. }));
}

#[test]
fn rule_11_what_the_package_manager_left_dangling_is_reported() {
    let mut host = upgraded(&linked(), offer("demo 2.0.3 new"));
    host.packages.clear();
    host.folders.retain(|folder| folder.name != "demo-2.0");
    let reports = sync(&host, &Scope::default()).unwrap().reports;
    let dangling =
        |report: &&Outcome| matches!(report, Outcome::Link { fault: LinkFault::Dangling, .. });
    assert_eq!(reports.iter().filter(dangling).count(), 2, "{reports:#?}");
    assert!(unlink(&host, &name(), &[]).is_ok());
}

#[test]
fn a_sync_after_the_package_manager_updated_a_target_has_links_follow() {
    let mut host = upgraded(&linked(), offer("demo 2.0.3 new"));
    super::sample::put(&mut host, &offer("demo 2.0.4 new"));
    let plan = sync(&host, &Scope::default()).unwrap().plan;
    has(&after(&host, &plan).0, "demo 2.0.0 means 2.0.4 in demo-2.0");
}

#[test]
fn who_installs_beside_older_versions_is_told_how_they_get_the_content() {
    let notes = |there: &[&str]| {
        install(&with(there), &[offer("demo 2.0.3 new")], Strategy::Upgrade).unwrap().notes
    };
    assert!(notes(&["demo 3.0.0 old"]).is_empty());
    assert_eq!(
        notes(&["demo 2.0.1 old"]),
        ["demo 2.0.1 keeps what it has; to give it the content of 2.0.3: \
          plugins link demo==2.0.1 --to 2.0.3"]
    );
    assert_eq!(
        notes(&HOST[..2]),
        ["demo 2.0.0, 2.0.1 keep what they have; to give them the content of 2.0.3: \
          plugins link demo==2.0.0 demo==2.0.1 --to 2.0.3"]
    );
}

#[test]
fn rule_12_the_refusal_says_what_to_do_by_our_command_and_by_hand() {
    let refusal = update(&with(&HOST), &[offer("demo 2.0.2 old")]).unwrap_err();
    insta::assert_snapshot!(refusal.help().unwrap(), @r"
    plugins link demo==2.0.0 demo==2.0.1 --to 2.0.2
    or by hand, once the new version is installed:
    mkdir -p /var/www/nailgun/plugins.saved
    mv /var/www/nailgun/plugins/demo-2.0.0 /var/www/nailgun/plugins.saved/demo-2.0.0
    ln -s demo-2.0.2 /var/www/nailgun/plugins/demo-2.0.0
    mv /var/www/nailgun/plugins/demo-2.0.1 /var/www/nailgun/plugins.saved/demo-2.0.1
    ln -s demo-2.0.2 /var/www/nailgun/plugins/demo-2.0.1
    ");
    let refusal = update(&with(&HOST), &[offer("demo 2.0.3 new")]).unwrap_err();
    let help = refusal.help().unwrap();
    assert!(
        help.starts_with("plugins install ./demo-2.0.3-new\nplugins link demo==2.0.0"),
        "{help}"
    );
    assert!(help.contains("ln -s demo-2.0 /var/www"), "{help}");
}
