//! A repository offers new versions: updates come by name, or all at once, and a fix is asked for before
//! it is taken.

use tests::{Host, Manager, Plugin};

/// A host whose package manager has a repository with two plugins in two versions each.
fn hosts() -> impl Iterator<Item = Host> {
    [Manager::Dnf, Manager::Apt].into_iter().flat_map(Host::of).inspect(|host| {
        let plugins = ["one", "two"].map(|name| Plugin::create(name, "5.0.0"));
        let packages: Vec<String> = plugins
            .iter()
            .flat_map(|plugin| ["1.0.2", "1.0.3"].map(|version| host.release(plugin, version)))
            .collect();
        let packages: Vec<&str> = packages.iter().map(String::as_str).collect();
        host.publish(&packages);
    })
}

#[test]
fn a_plugin_is_installed_updated_and_downgraded_by_name() {
    for host in hosts() {
        host.changes(&["install", "one==1.0.2", "--yes"]);
        assert_eq!(host.registry(), ["1 one 1.0.2"], "{host:?}");
        let row = host.row("one==1.0.2");
        assert!(row["source"].as_str().unwrap().starts_with("repo:"), "{row}");
        host.changes(&["update", "one", "--yes"]);
        assert_eq!(host.registry(), ["1 one 1.0.3"]);
        assert_eq!(host.recorded("one-1.0").as_deref(), Some("1.0.3-1"));
        host.does_nothing(&["update", "one", "--yes"]);
        host.changes(&["downgrade", "one==1.0.2", "--yes"]);
        assert_eq!(host.registry(), ["1 one 1.0.2"]);
        assert_eq!(host.version_in("one-1.0").as_deref(), Some("1.0.2"));
        host.plugins(["install", "three-1.0", "--yes"]).refusal(3, "three");
        host.plugins(["install", "one==1.0.9", "--yes"]).refusal(3, "1.0.9");
    }
}

#[test]
fn without_a_name_all_that_is_not_held_is_updated() {
    for host in hosts() {
        host.changes(&["install", "one==1.0.2", "two==1.0.2", "--yes"]);
        host.changes(&["hold", "two", "--yes"]);
        host.changes(&["update", "--yes"]);
        assert_eq!(host.registry(), ["1 one 1.0.3", "2 two 1.0.2"], "{host:?}");
        host.changes(&["unhold", "two", "--yes"]);
        host.changes(&["update", "--yes"]);
        assert_eq!(host.registry(), ["1 one 1.0.3", "2 two 1.0.3"]);
        host.does_nothing(&["update", "--yes"]);
        host.changes(&["undo", "--offline", "--yes"]);
        assert_eq!(host.registry(), ["1 one 1.0.3", "2 two 1.0.2"]);
    }
}

#[test]
fn offline_no_repository_is_asked() {
    for host in hosts() {
        host.changes(&["install", "one==1.0.2", "--yes"]);
        host.plugins(["update", "one", "--offline", "--yes"]).harmless();
        assert_eq!(host.registry(), ["1 one 1.0.2"]);
        host.plugins(["install", "two-1.0", "--offline", "--yes"]).status(3);
    }
}

#[test]
fn updates_can_be_asked_for_without_being_made() {
    for host in hosts() {
        host.changes(&["install", "one==1.0.2", "--yes"]);
        let updates = host.plugins(["check-updates"]).status(100);
        assert!(updates.stdout.contains("1.0.3"), "{updates:?}");
        host.plugins(["check-updates", "--json"]).status(100);
        host.changes(&["update", "--yes"]);
        host.plugins(["check-updates"]).success();
    }
}
