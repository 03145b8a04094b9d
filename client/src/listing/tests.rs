//! Rows as people and machines get them.

use plugin::Generation;
use registry::{Hold, Kept, RecordId};

use super::*;
use crate::HostState;
use crate::listing::sample;

fn book(host: &HostState) -> Book<'_> {
    Book {
        records: &host.records,
        links: &host.links,
        holds: &host.holds,
        format: host.profile.format,
    }
}

/// Returns the rows as lines of words.
fn listed(host: &HostState, drift: &[Drift], filter: &Filter) -> Vec<String> {
    rows(&book(host), drift, filter)
        .iter()
        .map(|row| {
            let Row { id, name, line, version, format, source, releases, .. } = row;
            format!("{id} {name} {line} {version} {format} [{}] {source} {releases}", row.state())
        })
        .collect()
}

/// Returns a host that has something of everything.
fn busy() -> HostState {
    let mut host = sample::host();
    host.holds.insert(Hold { name: "demo".parse().unwrap(), line: "1.0".parse().unwrap() });
    host.links.insert(sample::link("old", "1.0.0", "1.0.1"));
    host.records[0].origin = Origin::Repository("main".to_owned());
    host.records[2].presence = Presence::Missing;
    host.records[2].origin = Origin::Disk;
    host
}

#[test]
fn a_row_tells_format_state_source_and_releases() {
    assert_eq!(
        listed(&busy(), &[], &Filter::default()),
        [
            "3 demo 1.0 1.0.2 rpm 4 [held] repo:main ubuntu (mitaka-9.0)",
            "5 old 1.0 1.0.0 fp 1 [linked -> 1.0.1] file ubuntu (mitaka-9.0)",
            "7 old 1.0 1.0.1 fp 1 [missing] disk ubuntu (mitaka-9.0)",
        ]
    );
}

#[test]
fn the_format_of_new_plugins_is_that_of_the_host() {
    let table = [
        (Generation::V1, Some(Format::Deb), "fp 1"),
        (Generation::V5, Some(Format::Deb), "deb 5"),
        (Generation::V2, Some(Format::Rpm), "rpm 2"),
        (Generation::V3, None, "rpm 3"),
    ];
    for (generation, host, text) in table {
        assert_eq!(format(generation, host), text);
    }
}

#[test]
fn filters_choose_rows_by_number_by_hold_and_by_drift() {
    let host = busy();
    let drift = [Drift::Absent { record: RecordId(7), plugin: host.records[2].plugin.id.clone() }];
    let numbers = |filter: Filter| {
        rows(&book(&host), &drift, &filter).iter().map(|row| row.id.0).collect::<Vec<_>>()
    };
    assert_eq!(numbers(Filter::default()), [3, 5, 7]);
    assert_eq!(numbers(Filter { ids: [RecordId(5)].into(), ..Filter::default() }), [5]);
    assert_eq!(numbers(Filter { held: true, ..Filter::default() }), [3]);
    assert_eq!(numbers(Filter { drifted: true, ..Filter::default() }), [7]);
}

#[test]
fn a_row_for_machines_names_its_states_and_the_version_that_is_served() {
    let rows =
        rows(&book(&busy()), &[], &Filter { ids: [RecordId(5)].into(), ..Filter::default() });
    insta::assert_snapshot!(serde_json::to_string(&rows).unwrap(), @r#"[{"id":5,"name":"old","line":"1.0","version":"1.0.0","effective_version":"1.0.1","package_version":"1.0.0","format":"fp 1","states":["linked"],"source":"file","signed":"unknown","releases":"ubuntu (mitaka-9.0)"}]"#);
}

#[test]
fn what_is_known_of_one_plugin_has_its_fields_links_and_kept_packages() {
    let host = busy();
    let kept: Kept = serde_json::from_str(r#"{"tasks": [{}], "attributes_metadata": {}}"#).unwrap();
    let beside = Beside {
        plugins: std::path::Path::new("/var/www/nailgun/plugins"),
        kept: &kept,
        packages: &host.kept,
        history: &[],
        notices: &Default::default(),
    };
    let demo = info(&book(&host), RecordId(3), &beside).unwrap();
    let json = serde_json::to_value(&demo).unwrap();
    insta::assert_snapshot!(json["fields"], @r#"{"authors":[],"description":null,"fuel_version":["9.0"],"groups":[],"homepage":null,"id":3,"is_hotpluggable":false,"licenses":[],"name":"demo","package_version":"4.0.0","releases":[{"mode":["ha"],"os":"ubuntu","version":"mitaka-9.0"}],"title":"Demo","version":"1.0.2"}"#);
    assert_eq!(json["folder"], "/var/www/nailgun/plugins/demo-1.0");
    assert_eq!(json["kept_fields"], serde_json::json!(["tasks"]));
    insta::assert_snapshot!(json["kept_packages"], @r#"[{"format":"rpm","sha256":"5d21","signed":"unknown","size":1024,"source":"file","version":"1.0.2"}]"#);

    let old = info(&book(&host), RecordId(5), &beside).unwrap();
    assert_eq!((old.links_from.len(), old.links_to.len()), (1, 0));
    let target = info(&book(&host), RecordId(7), &beside).unwrap();
    assert_eq!((target.links_from.len(), target.links_to.len()), (0, 1));
    assert!(target.kept_packages.is_empty());
    assert!(info(&book(&host), RecordId(4), &beside).is_none());
}

#[test]
fn an_update_is_the_newest_version_on_the_line_and_never_legacy() {
    let mut host = busy();
    host.records.push(sample::record(9, sample::id("demo==1.1.4", Generation::V4)));
    let offer = |name: &str, version: &str| Available {
        name: name.parse().unwrap(),
        version: version.parse().unwrap(),
        package_version: format!("{version}-1"),
        repository: "main".to_owned(),
    };
    let available = [
        offer("demo", "1.0.3"),
        offer("demo", "1.0.10"),
        offer("demo", "1.0.4"),
        offer("demo", "1.1.4"),
        offer("old", "1.0.9"),
        offer("other", "1.0.0"),
    ];
    let found = updates(&book(&host), &available);
    let [update] = &found[..] else { panic!("{found:?}") };
    assert_eq!((update.id, update.held), (RecordId(3), true));
    assert_eq!((update.from.as_str(), update.to.as_str()), ("1.0.2", "1.0.10"));
}
