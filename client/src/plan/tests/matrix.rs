//! Every cell of the case table (`fuel 4.2`), and what keeps offers out whatever their verb.

use ::plugin::Format;
use registry::history::Event;

use super::sample::{empty, offer, put, told, with};
use crate::plan::{Plan, Refusal, Sort, Step, Strategy, Verb, downgrade, install, update};
use crate::{Condition, HostState, Offer};

const HOST: [&str; 3] = ["plugin_name 2.0.0 old", "plugin_name 2.0.1 old", "new_plugin 1.0.1 new"];

/// What is offered, and what comes of it by install, the same with force, update and downgrade.
const CELLS: [[&str; 5]; 11] = [
    [
        "plugin_name 2.0.2 old",
        "unpack plugin_name-2.0.2",
        "unpack plugin_name-2.0.2",
        "LegacyUpdate",
        "LegacyDowngrade",
    ],
    [
        "plugin_name 2.0.2 new",
        "Install plugin_name-2.0",
        "Install plugin_name-2.0",
        "LegacyUpdate",
        "LegacyDowngrade",
    ],
    [
        "plugin_name 2.0.1 old",
        "nothing to do",
        "unpack plugin_name-2.0.1",
        "LegacyUpdate",
        "LegacyDowngrade",
    ],
    [
        "new_plugin 1.0.2 new",
        "Upgrade new_plugin-1.0",
        "Upgrade new_plugin-1.0",
        "Upgrade new_plugin-1.0",
        "Newer",
    ],
    ["new_plugin 1.0.0 new", "Older", "Older", "Older", "Downgrade new_plugin-1.0"],
    [
        "new_plugin 1.0.1 new",
        "nothing to do",
        "Reinstall new_plugin-1.0",
        "nothing to do",
        "nothing to do",
    ],
    [
        "new_plugin 1.1.0 new",
        "Install new_plugin-1.1",
        "Install new_plugin-1.1",
        "OtherLine",
        "OtherLine",
    ],
    [
        "new_plugin 1.0.2 old",
        "unpack new_plugin-1.0.2",
        "unpack new_plugin-1.0.2",
        "LegacyOverNew",
        "LegacyOverNew",
    ],
    ["new_plugin 1.0.1 old", "SameVersion", "SameVersion", "LegacyOverNew", "LegacyOverNew"],
    [
        "absent 1.0.0 new",
        "Install absent-1.0",
        "Install absent-1.0",
        "NotInstalled",
        "NotInstalled",
    ],
    [
        "absent 1.0.0 old",
        "unpack absent-1.0.0",
        "unpack absent-1.0.0",
        "NotInstalled",
        "NotInstalled",
    ],
];

/// What becomes of an offer, in a word.
fn outcome(answer: Result<Plan, Refusal>) -> String {
    let plan = match answer {
        Ok(plan) => plan,
        Err(refusal) => {
            let debug = format!("{refusal:?}");
            return debug.split([' ', '{']).next().unwrap().to_owned();
        }
    };
    match &plan.steps[..] {
        [] => "nothing to do".to_owned(),
        [Step::Transact(call), ..] => format!("{:?} {}", call.verb, call.items[0].package),
        [Step::Unpack { folder, .. }, ..] => format!("unpack {folder}"),
        [Step::Register { .. }] => "register".to_owned(),
        other => format!("{other:?}"),
    }
}

fn forced(host: &HostState, offers: &[Offer]) -> String {
    outcome(install(host, offers, Strategy::Always))
}

#[test]
fn every_cell_of_the_case_table_is_decided() {
    let host = with(&HOST);
    for [offered, installed, always, updated, downgraded] in CELLS {
        let offers = [offer(offered)];
        assert_eq!(outcome(install(&host, &offers, Strategy::Upgrade)), installed, "{offered}");
        assert_eq!(forced(&host, &offers), always, "{offered}, always");
        assert_eq!(outcome(update(&host, &offers)), updated, "update {offered}");
        assert_eq!(outcome(downgrade(&host, &offers)), downgraded, "downgrade {offered}");
    }
}

#[test]
fn a_version_of_a_line_keeps_its_id_and_all_else_gets_a_new_one() {
    let host = with(&HOST);
    for (offered, record) in [
        ("new_plugin 1.0.2 new", "3: new_plugin==1.0.2 Present"),
        ("new_plugin 1.1.0 new", "4: new_plugin==1.1.0 Present"),
        ("new_plugin 1.0.2 old", "4: new_plugin==1.0.2 Present"),
        ("plugin_name 2.0.2 old", "4: plugin_name==2.0.2 Present"),
        ("plugin_name 2.0.2 new", "4: plugin_name==2.0.2 Present"),
    ] {
        let plan = install(&host, &[offer(offered)], Strategy::Upgrade).unwrap();
        let (after, _) = super::sample::after(&host, &plan);
        assert!(told(&after).contains(&record.to_owned()), "{offered}: {:?}", told(&after));
    }
}

#[test]
fn an_old_version_whose_package_differs_is_refused_before_any_file_is_touched() {
    let host = with(&HOST);
    let mut other = offer("plugin_name 2.0.1 old");
    other.sha256 = "of other bytes".to_owned();
    let refusal = install(&host, &[other], Strategy::Upgrade).unwrap_err();
    assert_eq!(refusal.sort(), Sort::Conflict);
    assert_eq!(
        refusal.command().unwrap(),
        "plugins install --strategy always ./plugin_name-2.0.1-old"
    );
}

#[test]
fn only_new_replaces_nothing() {
    let host = with(&HOST);
    for (offered, done) in [
        ("new_plugin 1.0.2 new", "nothing to do"),
        ("new_plugin 1.0.0 new", "nothing to do"),
        ("plugin_name 2.0.1 old", "nothing to do"),
        ("new_plugin 1.1.0 new", "Install new_plugin-1.1"),
    ] {
        assert_eq!(outcome(install(&host, &[offer(offered)], Strategy::OnlyNew)), done);
    }
}

#[test]
fn packages_of_one_command_are_one_transaction_before_all_else() {
    let host = with(&HOST);
    let offers = ["new_plugin 1.0.2 new", "other 1.0.0 new", "plugin_name 2.0.2 old"].map(offer);
    let plan = install(&host, &offers, Strategy::Upgrade).unwrap();
    let [
        Step::Transact(call),
        Step::Unpack { .. },
        Step::Keep { sha256 },
        Step::Flush,
        Step::Register { .. },
    ] = &plan.steps[..]
    else {
        panic!("{:?}", plan.steps)
    };
    assert_eq!((call.verb, call.items.len(), call.online), (Verb::Install, 2, false));
    assert_eq!(call.items[0].before.as_deref(), Some("1.0.1-1"));
    assert_eq!(sha256.len(), 3);
}

#[test]
fn what_the_host_cannot_take_is_refused_with_what_it_can() {
    let new = "new_plugin 1.0.2 new";
    let mut old_product = empty();
    old_product.profile.product = Some("6.0".to_owned());
    let mut debian = empty();
    debian.profile.format = Some(Format::Deb);
    let mut held = with(&HOST);
    held.holds.insert(registry::Hold {
        name: "new_plugin".parse().unwrap(),
        line: "1.0".parse().unwrap(),
    });
    for (host, name, sort, command) in [
        (old_product, "OldProduct", Sort::Refused, None),
        (debian, "WrongFormat", Sort::Refused, Some("fpb build --format deb DIR")),
        (held, "Held", Sort::Conflict, Some("plugins unhold new_plugin-1.0")),
    ] {
        let refusal = install(&host, &[offer(new)], Strategy::Upgrade).unwrap_err();
        assert_eq!(outcome(Err(refusal.clone())), name);
        assert_eq!((refusal.sort(), refusal.command().as_deref()), (sort, command));
    }
}

#[test]
fn a_package_that_was_not_finished_is_changed_and_the_same_is_brought_again() {
    for (condition, again) in [
        (Condition::Unfinished("half-configured".to_owned()), "Install new_plugin-1.0"),
        (Condition::Duplicate, "Reinstall new_plugin-1.0"),
    ] {
        let mut host = with(&HOST);
        host.packages[0].condition = condition;
        let [lower, same, higher] =
            ["1.0.0", "1.0.1", "1.0.2"].map(|at| [offer(&format!("new_plugin {at} new"))]);
        for (answer, expected) in [
            (update(&host, &higher), "Upgrade new_plugin-1.0"),
            (update(&host, &same), again),
            (install(&host, &higher, Strategy::Upgrade), "Upgrade new_plugin-1.0"),
            (install(&host, &same, Strategy::Upgrade), again),
            (install(&host, &same, Strategy::OnlyNew), "nothing to do"),
            (downgrade(&host, &lower), "Downgrade new_plugin-1.0"),
        ] {
            assert_eq!(outcome(answer), expected);
        }
    }
}

#[test]
fn two_packages_that_exclude_each_other_are_refused() {
    for (a, b) in [
        ("demo 1.0.1 new", "demo 1.0.2 new"),
        ("demo 1.0.1 new", "demo 1.0.1 old"),
        ("demo 1.0.1 old", "demo 1.0.1 old"),
    ] {
        let answer = install(&empty(), &[offer(a), offer(b)], Strategy::Upgrade);
        assert_eq!(outcome(answer), "TwoOffers", "{a}, {b}");
    }
}

#[test]
fn what_is_installed_but_not_registered_is_registered() {
    let mut host = empty();
    put(&mut host, &offer("demo 1.0.1 new"));
    let answer = install(&host, &[offer("demo 1.0.1 new")], Strategy::Upgrade);
    assert_eq!(outcome(answer), "register");
    put(&mut host, &offer("demo 2.0.0 old"));
    let refusal = install(&host, &[offer("demo 2.0.0 old")], Strategy::Upgrade).unwrap_err();
    assert_eq!(refusal.command().unwrap(), "plugins register demo==2.0.0");
}

#[test]
fn a_rebuilt_package_of_the_same_version_is_an_update() {
    let host = with(&HOST);
    let mut rebuilt = offer("new_plugin 1.0.1 new");
    rebuilt.version = "1.0.1-2".to_owned();
    assert_eq!(outcome(update(&host, &[rebuilt])), "Upgrade new_plugin-1.0");
}

#[test]
fn an_installation_may_leave_the_registry_alone() {
    let host = with(&HOST);
    for offered in ["new_plugin 1.0.2 new", "new_plugin 1.1.0 new"] {
        let plan = install(&host, &[offer(offered)], Strategy::Upgrade).unwrap();
        let (after, entry) = super::sample::after(&host, &plan.without_registration());
        assert_eq!(after.records, host.records);
        let is_about_files = |event: &&Event| matches!(event, Event::Plugin { .. });
        assert_eq!(entry.events.iter().filter(is_about_files).count(), 1);
    }
}
