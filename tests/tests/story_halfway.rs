//! A plugin that its package manager has not finished with is mended by what an administrator would try
//! first: a fix, the same package again, the version before, or its removal.

use std::path::Path;

use tests::{Host, Manager, Outcome, Plugin};

/// A script that fails for as long as the host has no `/fixed`.
const UNHAPPY: &str = "#!/bin/sh\ntest -e \"$DPKG_ROOT/fixed\" || { echo unhappy; exit 1; }\n";

/// A host on which version 1.0.3 is half-configured, and packages of 1.0.2 to 1.0.4; the last has no
/// script that could fail. They are there for as long as the plugin is.
fn half_configured(manager: Manager) -> Option<(Host, Plugin, [String; 3])> {
    let host = Host::of(manager)?;
    let plugin = Plugin::create("demo", "5.0.0");
    let low = host.release(&plugin, "1.0.2");
    plugin.write("post_install.sh", UNHAPPY);
    let middle = host.release(&plugin, "1.0.3");
    plugin.write("post_install.sh", "#!/bin/sh\n");
    let high = host.release(&plugin, "1.0.4");
    host.plugins(["install", &low, "--yes"]).success();
    // Without the package to go back to, the client cannot take the failed update back.
    fs_err::remove_dir_all(host.root().join("var/cache/plugins/packages")).expect("it is there");
    host.plugins(["update", &middle, "--yes"]).status(8);
    assert!(findings(&host).contains("half-configured"), "{}", findings(&host));
    Some((host, plugin, [low, middle, high]))
}

fn findings(host: &Host) -> String {
    host.plugins(["doctor"]).stdout
}

#[track_caller]
fn is_whole(host: &Host, outcome: &Outcome, version: Option<&str>) {
    assert_eq!(host.version_in("demo-1.0").as_deref(), version, "{outcome:?}");
    let registered = host.registered().into_iter().map(|(_, _, version)| version).next();
    assert_eq!(registered.as_deref(), version, "{outcome:?}");
    let found = findings(host);
    assert!(!found.contains("D03") && !found.contains("D04"), "{found}");
}

#[test]
fn a_half_configured_plugin_is_updated_downgraded_and_removed() {
    for manager in [Manager::Dpkg, Manager::Apt] {
        for (words, version) in [
            (["update", "HIGH"], Some("1.0.4")),
            (["install", "HIGH"], Some("1.0.4")),
            (["downgrade", "LOW"], Some("1.0.2")),
            (["remove", "demo"], None),
        ] {
            let Some((host, _plugin, [low, _, high])) = half_configured(manager) else { return };
            let words = words.map(|word| match word {
                "HIGH" => high.as_str(),
                "LOW" => low.as_str(),
                word => word,
            });
            let outcome = host.plugins([words[0], words[1], "--yes"]);
            assert_eq!(outcome.status, Some(0), "{outcome:?}");
            is_whole(&host, &outcome, version);
        }
    }
}

#[test]
fn the_same_package_again_finishes_a_half_configured_plugin_once_its_script_can() {
    for manager in [Manager::Dpkg, Manager::Apt] {
        for verb in ["install", "update"] {
            let Some((host, _plugin, [_, middle, _])) = half_configured(manager) else { return };
            let outcome = host.plugins([verb, &middle, "--yes"]).status(8);
            assert!(outcome.stderr.contains("unhappy"), "{outcome:?}");
            assert_eq!(host.version_in("demo-1.0").as_deref(), Some("1.0.3"), "{outcome:?}");
            fs_err::write(host.root().join("fixed"), "").expect("ours");
            let outcome = host.plugins([verb, &middle, "--yes"]);
            assert_eq!(outcome.status, Some(0), "{outcome:?}");
            is_whole(&host, &outcome, Some("1.0.3"));
        }
    }
}

#[test]
fn a_plugin_of_which_two_versions_are_recorded_is_updated_reinstalled_and_removed() {
    for manager in [Manager::Rpm, Manager::Dnf] {
        for (words, version) in [
            (["update", "HIGH"], Some("1.0.4")),
            (["install", "MIDDLE"], Some("1.0.3")),
            (["remove", "demo"], None),
        ] {
            let Some(host) = Host::of(manager) else { return };
            let plugin = Plugin::create("demo", "5.0.0");
            let [low, middle, high] =
                ["1.0.2", "1.0.3", "1.0.4"].map(|version| host.release(&plugin, version));
            host.plugins(["install", &low, "--yes"]).success();
            beside(&host.root(), &middle);
            assert!(findings(&host).contains("D03"), "{}", findings(&host));
            let words = words.map(|word| match word {
                "HIGH" => high.as_str(),
                "MIDDLE" => middle.as_str(),
                word => word,
            });
            let outcome = host.plugins([words[0], words[1], "--yes"]);
            assert_eq!(outcome.status, Some(0), "{outcome:?}");
            is_whole(&host, &outcome, version);
        }
    }
}

/// Installs a package and leaves the other versions of it recorded, as an update does that is cut off.
fn beside(root: &Path, package: &str) {
    let mut rpm = tests::command("rpm", ["--root"]);
    rpm.arg(root).args(["--force-debian", "--nosignature", "--nodeps", "--force", "-i", package]);
    tests::finish(&mut rpm).success();
}
