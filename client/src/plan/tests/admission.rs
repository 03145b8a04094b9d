//! Whose packages are let in, policy by policy, and what a plan says of them.

use packaging::signature::Refusal as Unsigned;
use registry::history::{Event, Exception};
use registry::{Publisher, Source};

use super::sample::{CERTIFICATE, offer, signatory, with};
use crate::plan::{Plan, Refusal, Step, Strategy, distrust, install};
use crate::trust::{Allowances, Backing, Policy, Scope};
use crate::{HostState, Offer, Script};

const OTHER: &str = "89ABCDEF0123456789ABCDEF0123456789ABCDEF";

fn host(policy: Policy, allowed: Allowances) -> HostState {
    let mut host = with(&[]);
    (host.trust.policy, host.trust.allowed) = (policy, allowed);
    host
}

fn outcome(host: &HostState, offer: &Offer) -> String {
    match install(host, std::slice::from_ref(offer), Strategy::Upgrade) {
        Ok(plan) => {
            let told = if plan.notes.is_empty() { "silently" } else { "with a note" };
            format!("taken {told}")
        }
        Err(refusal) => {
            let text = format!("{refusal:?}");
            text.split([' ', '{']).next().unwrap().to_owned()
        }
    }
}

fn allowing(change: impl Fn(&mut Allowances)) -> Allowances {
    let mut allowed = Allowances::default();
    change(&mut allowed);
    allowed
}

#[test]
fn the_policy_table_holds_cell_by_cell() {
    let signed = offer("demo 1.0.0 new");
    let unsigned = Offer { backing: Backing::Nobody(Unsigned::Unsigned), ..signed.clone() };
    let altered = Unsigned::Altered { key: CERTIFICATE.parse().unwrap() };
    let altered = Offer { backing: Backing::Nobody(altered), ..signed.clone() };
    let beyond = Offer { backing: Backing::Beyond(signatory(OTHER)), ..signed.clone() };
    let hook = Script {
        name: "%post".to_owned(),
        interpreter: "/bin/sh".to_owned(),
        lines: 1,
        sha256: String::new(),
    };
    let scripted = Offer { scripts: vec![hook], ..signed.clone() };
    let mut allowed_by_key = scripted.clone();
    let scope = Scope { plugins: vec!["*".parse().unwrap()], scripts: true };
    allowed_by_key.backing =
        Backing::Key(crate::trust::Signatory { scope, ..signatory(CERTIFICATE) });
    let nothing = Allowances::default();
    let everything =
        Allowances { unsigned: true, scripts: true, publisher: true, vulnerable: true };
    let told = "taken with a note";
    let table = [
        (&signed, nothing, ["taken silently"; 3]),
        (&unsigned, nothing, ["Untrusted"; 3]),
        (&unsigned, everything, ["Untrusted", "Untrusted", told]),
        (&altered, everything, ["Untrusted"; 3]),
        (&beyond, everything, ["OutOfScope"; 3]),
        (&scripted, nothing, ["OwnScripts", told, told]),
        (&scripted, everything, [told; 3]),
        (&allowed_by_key, nothing, ["taken silently"; 3]),
    ];
    for (offer, allowed, expected) in table {
        let policies = [Policy::Strict, Policy::Warn, Policy::Legacy];
        let found = policies.map(|policy| outcome(&host(policy, allowed), offer));
        assert_eq!(found, expected, "{:?} {:?} {allowed:?}", offer.backing, offer.scripts);
    }
}

fn events(plan: &Plan) -> Vec<&Event> {
    let of_files = |event: &&Event| !matches!(event, Event::Plugin { .. });
    plan.entry.events.iter().filter(of_files).collect()
}

#[test]
fn a_name_is_bound_once_and_changes_hands_by_consent() {
    let certificate = |text: &str| text.parse().unwrap();
    let name = || "demo".parse().unwrap();
    let own = Publisher { name: name(), certificate: certificate(CERTIFICATE) };
    let first = install(&with(&[]), &[offer("demo 1.0.0 new")], Strategy::Upgrade).unwrap();
    assert_eq!(events(&first), [&Event::Publisher { before: None, after: Some(own.clone()) }]);

    let mut host = with(&["demo 1.0.0 new"]);
    host.publishers.insert(own.clone());
    let next = install(&host, &[offer("demo 1.0.1 new")], Strategy::Upgrade).unwrap();
    assert_eq!(events(&next), Vec::<&Event>::new());

    let mut rival = offer("demo 1.0.1 new");
    rival.backing = Backing::Key(signatory(OTHER));
    assert_eq!(outcome(&host, &rival), "OtherPublisher");
    host.trust.allowed = allowing(|allowed| allowed.publisher = true);
    let plan = install(&host, &[rival.clone()], Strategy::Upgrade).unwrap();
    let (from, to) = (certificate(CERTIFICATE), certificate(OTHER));
    let what = Exception::Publisher { from, to: to.clone() };
    let after = Publisher { name: name(), certificate: to };
    let expected = [
        &Event::Allowed { plugin: rival.plugin.id.clone(), what },
        &Event::Publisher { before: Some(own), after: Some(after) },
    ];
    assert_eq!(events(&plan), expected);
}

#[test]
fn a_bound_name_does_not_change_hands_by_a_package_that_nobody_vouches_for() {
    let publisher =
        Publisher { name: "demo".parse().unwrap(), certificate: CERTIFICATE.parse().unwrap() };
    for refusal in [Unsigned::Unsigned, Unsigned::UnknownKey { key: OTHER.parse().unwrap() }] {
        let mut offered = offer("demo 1.0.1 new");
        offered.backing = Backing::Nobody(refusal);
        let mut host = host(Policy::Legacy, allowing(|allowed| allowed.unsigned = true));
        assert_eq!(outcome(&host, &offered), "taken with a note");
        host.publishers.insert(publisher.clone());
        assert_eq!(outcome(&host, &offered), "OtherPublisher");
        host.trust.allowed.publisher = true;
        assert_eq!(outcome(&host, &offered), "taken with a note");
    }
}

#[test]
fn two_publishers_of_one_name_do_not_come_in_one_command() {
    let mut rival = offer("demo 1.1.0 new");
    rival.backing = Backing::Key(signatory(OTHER));
    let refused = install(&with(&[]), &[offer("demo 1.0.0 new"), rival], Strategy::Upgrade);
    assert!(matches!(refused, Err(Refusal::OtherPublisher { .. })), "{refused:?}");
}

#[test]
fn a_repository_that_still_takes_what_a_distrusted_key_signs_is_named() {
    let mut host = with(&[]);
    host.sources.insert(Source {
        name: "acme".to_owned(),
        url: "https://example.org/".to_owned(),
        certificate: Some(CERTIFICATE.parse().unwrap()),
        date: host.call.time,
        valid_until: None,
        checked: host.call.time,
        revision: None,
    });
    let notes = |certificate: &str| {
        distrust(&host, &[certificate.parse().unwrap()], None).unwrap().notes.join("\n")
    };
    assert_eq!(
        notes(CERTIFICATE),
        "repository acme still takes what that key signs; `plugins repo remove acme` forgets both"
    );
    assert_eq!(notes(OTHER), "");
}

#[test]
fn what_is_met_first_is_written_down_with_the_plugin_it_came_with() {
    let mut met = offer("demo 1.0.0 new");
    let keys = Some("armored".to_owned());
    met.backing =
        Backing::Key(crate::trust::Signatory { adopted: keys.clone(), ..signatory(CERTIFICATE) });
    let plan = install(&with(&[]), &[met], Strategy::Upgrade).unwrap();
    let written = plan.steps.iter().any(|step| {
        matches!(step, Step::Place { path, content } if
            path.ends_with("trust/demo/truststore.asc") && *content == keys)
    });
    assert!(written, "{:?}", plan.steps);
    assert!(events(&plan).iter().any(|event| matches!(event, Event::Trusted(_))));
}

#[test]
fn a_name_one_letter_from_a_known_one_is_pointed_out() {
    let host = with(&["ldap 1.0.0 new"]);
    for (name, told) in [("1dap", true), ("ldap_", true), ("ladp", true), ("ldapxy", false)] {
        let offered = offer(&format!("{name} 1.0.0 new"));
        let plan = install(&host, &[offered], Strategy::Upgrade).unwrap();
        let looks = plan.notes.iter().any(|note| note.contains("looks like `ldap`"));
        assert_eq!(looks, told, "{name}");
    }
    let plan = install(&host, &[offer("ldap 1.0.1 new")], Strategy::Upgrade).unwrap();
    assert!(plan.notes.is_empty(), "{:?}", plan.notes);
}
