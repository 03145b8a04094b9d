//! An administrator keeps a plugin as it is: neither our updates nor the package manager's own touch it.

use tests::{Host, Manager, Plugin};

#[test]
fn a_held_plugin_is_not_updated_until_it_is_let_go() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let [old, new, other] =
            ["1.0.2", "1.0.3", "1.1.0"].map(|version| host.release(&plugin, version));
        host.plugins(["install", &old, "--yes"]).success();
        host.changes(&["hold", "demo-1.0", "--yes"]);
        host.does_nothing(&["hold", "demo-1.0", "--yes"]);
        assert_eq!(host.state("demo==1.0.2"), "held");
        let held = host.json(["list", "--held"]);
        assert_eq!(held["results"].as_array().unwrap().len(), 1, "{held}");

        host.refuses(&["update", &new, "--yes"], 5, "plugins unhold demo");
        host.refuses(&["install", &new, "--yes"], 5, "plugins unhold demo");
        // Another line is another plugin.
        host.changes(&["install", &other, "--yes"]);

        host.changes(&["unhold", "demo-1.0", "--yes"]);
        host.does_nothing(&["unhold", "demo-1.0", "--yes"]);
        host.changes(&["update", &new, "--yes"]);
        assert_eq!(host.registry(), ["1 demo 1.0.3", "2 demo 1.1.0"]);
        host.refuses(&["hold", "other", "--yes"], 3, "other");
    }
}

#[test]
fn the_package_manager_itself_passes_a_held_plugin_by_or_we_say_that_it_will_not() {
    for host in [Manager::Dnf, Manager::Apt].into_iter().flat_map(Host::of) {
        let plugin = Plugin::create("demo", "5.0.0");
        let [old, new] = ["1.0.2", "1.0.3"].map(|version| host.release(&plugin, version));
        host.plugins(["install", &old, "--yes"]).success();
        host.publish(&[&new]);
        let held = host.changes(&["hold", "demo-1.0", "--yes"]);
        let warned = held["warnings"].to_string().contains("cannot be told");
        // Below another root dnf 4 has no version locks.
        assert_eq!(warned, host.manager == Manager::Dnf, "{held}");
        host.upgrade_behind();
        let version = if warned { "1.0.3-1" } else { "1.0.2-1" };
        assert_eq!(host.recorded("demo-1.0").as_deref(), Some(version), "{host:?}");
        host.changes(&["unhold", "demo-1.0", "--yes"]);
        host.upgrade_behind();
        assert_eq!(host.recorded("demo-1.0").as_deref(), Some("1.0.3-1"), "{host:?}");
    }
}

#[test]
fn a_hold_is_gone_with_its_plugin() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let [old, new] = ["1.0.2", "1.0.3"].map(|version| host.release(&plugin, version));
        host.plugins(["install", &old, "--yes"]).success();
        host.changes(&["hold", "demo", "--yes"]);
        host.changes(&["remove", "demo-1.0", "--yes"]);
        host.changes(&["install", &old, "--yes"]);
        host.changes(&["update", &new, "--yes"]);
    }
}

#[test]
fn a_held_plugin_keeps_its_version_whatever_is_asked_and_yet_can_go() {
    for host in [Manager::Dnf, Manager::Apt].into_iter().flat_map(Host::of) {
        let plugin = Plugin::create("demo", "5.0.0");
        let [low, high] = ["1.0.2", "1.0.3"].map(|version| host.release(&plugin, version));
        host.plugins(["install", &low, "--yes"]).success();
        host.plugins(["update", &high, "--yes"]).success();
        let update = host.json(["history"])["results"][0]["transaction"].to_string();
        host.changes(&["hold", "demo-1.0", "--yes"]);
        host.refuses(&["downgrade", &low, "--yes"], 5, "plugins unhold demo");
        host.refuses(&["undo", &update, "--yes"], 5, "plugins unhold demo");
        // The same version again is no change of version.
        host.changes(&["install", "--strategy", "always", &high, "--yes"]);
        assert_eq!(host.state("demo==1.0.3"), "held", "{host:?}");

        host.changes(&["remove", "demo-1.0", "--yes"]);
        assert_eq!(host.recorded("demo-1.0"), None, "{host:?}");
        host.changes(&["undo", "--offline", "--yes"]);
        assert_eq!(host.recorded("demo-1.0").as_deref(), Some("1.0.3-1"), "{host:?}");
        assert_eq!(host.state("demo==1.0.3"), "held", "{host:?}");
        host.publish(&[&host.release(&plugin, "1.0.4")]);
        host.upgrade_behind();
        let version = if host.manager == Manager::Apt { "1.0.3-1" } else { "1.0.4-1" };
        assert_eq!(host.recorded("demo-1.0").as_deref(), Some(version), "{host:?}");
    }
}
