//! A plan that cannot be carried on must not lock the client out of a host (`threats-and-faults` F8): it
//! is finished, withdrawn, taken back from kept packages or set aside, and every other plugin goes on.

use std::path::{Path, PathBuf};

use tests::{Host, Manager, Outcome, Plugin};

/// A script that fails for as long as the host has no `/fixed`, and says so.
const UNHAPPY: &str = "#!/bin/sh\ntest -e \"$DPKG_ROOT/fixed\" || { echo unhappy; exit 1; }\n";

/// Where the client keeps packages.
const KEPT: &str = "var/cache/plugins/packages";

fn debian() -> impl Iterator<Item = Host> {
    [Manager::Dpkg, Manager::Apt].into_iter().flat_map(Host::of)
}

/// Hosts with their lowest tool, and a folder where that does `change` instead of any change.
fn broken(manager: Manager, change: impl Fn(&Host) -> String) -> Option<(Host, PathBuf)> {
    let host = Host::of(manager)?;
    let (folder, tool) = (host.beside("tools"), manager.name());
    let script = format!(
        "for word; do case $word in --test|--no-act) exec /usr/bin/{tool} \"$@\";; esac; done\n\
         for word; do case $word in\n\
         -U|-i|-e|-r|--purge|--configure) {};;\nesac; done\nexec /usr/bin/{tool} \"$@\"",
        change(&host)
    );
    host.stand_in(&folder, tool, &script);
    Some((host, folder))
}

fn with_tools(host: &Host, tools: &Path, arguments: &[&str]) -> Outcome {
    tests::finish(host.client(arguments).env("PLUGINS_TOOLS", tools)).harmless()
}

/// Returns the plan that waits, and those that were set aside.
fn journals(host: &Host) -> Vec<String> {
    let entries = fs_err::read_dir(host.root().join("var/lib/plugins")).expect("it is there");
    let names = entries.map(|entry| entry.expect("ours").file_name().into_string().expect("UTF-8"));
    let mut journals: Vec<_> = names.filter(|name| name.starts_with("journal")).collect();
    journals.sort();
    journals
}

/// Makes sure that tree and registry have `version` of the plugin, that nothing waits and
/// that another plugin can be installed.
#[track_caller]
fn has(host: &Host, version: Option<&str>) {
    assert_eq!(host.version_in("demo-1.0").as_deref(), version);
    let registered = host.registered().into_iter().find(|(_, name, _)| name == "demo");
    assert_eq!(registered.map(|(_, _, version)| version).as_deref(), version);
    assert!(!journals(host).contains(&"journal".to_owned()), "{:?}", journals(host));
    let good = Plugin::create("good", "5.0.0");
    host.plugins(["install", &host.release(&good, "1.0.0"), "--yes"]);
    assert!(host.registry().iter().any(|row| row.ends_with("good 1.0.0")), "{:?}", host.registry());
}

#[test]
fn a_new_plugin_whose_scripts_fail_is_taken_off_again() {
    for host in debian() {
        let plugin = Plugin::create("demo", "5.0.0");
        plugin.write("post_install.sh", UNHAPPY);
        plugin.write("uninstall.sh", UNHAPPY);
        let package = host.release(&plugin, "1.0.2");
        let outcome = host.plugins(["install", &package, "--yes"]).status(6);
        assert!(outcome.stderr.contains("unhappy"), "{outcome:?}");
        has(&host, None);
        assert!(!host.plugins_root().join("demo-1.0").exists());
        let info = fs_err::read_dir(host.root().join("var/lib/dpkg/info")).expect("it is there");
        let left = info.map(|entry| entry.expect("ours").file_name());
        assert_eq!(left.filter(|name| name.to_string_lossy().starts_with("demo-")).count(), 0);
        host.plugins(["doctor"]).success();
    }
}

#[test]
fn an_update_whose_script_fails_goes_back_to_the_kept_package() {
    for host in debian() {
        let plugin = Plugin::create("demo", "5.0.0");
        host.plugins(["install", &host.release(&plugin, "1.0.2"), "--yes"]).success();
        plugin.write("post_install.sh", UNHAPPY);
        let package = host.release(&plugin, "1.0.3");
        let outcome = host.plugins(["update", &package, "--yes"]).status(6);
        assert!(outcome.stderr.contains("unhappy"), "{outcome:?}");
        has(&host, Some("1.0.2"));
        host.plugins(["doctor"]).success();
    }
}

#[test]
fn an_update_whose_script_fails_and_that_has_no_way_back_is_registered_and_named() {
    for host in debian() {
        let plugin = Plugin::create("demo", "5.0.0");
        host.plugins(["install", &host.release(&plugin, "1.0.2"), "--yes"]).success();
        fs_err::remove_dir_all(host.root().join(KEPT)).expect("it is there");
        plugin.write("post_install.sh", UNHAPPY);
        let package = host.release(&plugin, "1.0.3");
        let outcome = host.plugins(["update", &package, "--yes"]).status(8);
        assert!(outcome.stderr.contains("unhappy"), "{outcome:?}");
        has(&host, Some("1.0.3"));
        for _ in ["kept", "not kept"] {
            let found = host.plugins(["doctor", "--repair", "--yes"]).status(9);
            assert!(found.stdout.contains("half-configured"), "{found:?}");
            assert_eq!(journals(&host), [] as [String; 0], "{found:?}");
            fs_err::remove_dir_all(host.root().join(KEPT)).expect("it is there");
            fs_err::create_dir(host.root().join(KEPT)).expect("ours");
        }
        fs_err::write(host.root().join("fixed"), "").expect("ours");
        host.plugins(["doctor", "--repair", "--yes"]).success();
        let found = host.plugins(["doctor"]);
        assert!(!found.stdout.contains("half-configured"), "{found:?}");
        has(&host, Some("1.0.3"));
    }
}

#[test]
fn what_a_broken_package_manager_left_is_finished_once_it_works() {
    // It unpacks, loses a file and fails at everything else.
    let change = |host: &Host| {
        let (root, plugins) = (host.root(), host.plugins_root());
        format!(
            "for last; do :; done; case $last in *.deb) /usr/bin/dpkg --root={} --unpack $last;; \
             esac; rm -f {}/demo-1.0/tasks.yaml; echo broken; exit 1",
            root.display(),
            plugins.display()
        )
    };
    for abandon in [false, true] {
        let Some((host, tools)) = broken(Manager::Dpkg, change) else { return };
        let plugin = Plugin::create("demo", "5.0.0");
        let package = host.release(&plugin, "1.0.2");
        let outcome = with_tools(&host, &tools, &["install", &package, "--yes"]).status(9);
        assert!(outcome.stderr.contains("plugins doctor --repair"), "{outcome:?}");
        with_tools(&host, &tools, &["sync", "--yes"]).status(9);
        assert_eq!(journals(&host), ["journal"]);
        if !abandon {
            let outcome = host.plugins(["sync", "--yes"]).success();
            assert_eq!(journals(&host), [] as [String; 0], "{outcome}");
            has(&host, Some("1.0.2"));
            continue;
        }
        let repaired = with_tools(&host, &tools, &["doctor", "--repair", "--yes"]).status(9);
        assert_eq!(journals(&host), ["journal.abandoned-1"], "{repaired:?}");
        let history = host.plugins(["history"]).success();
        assert!(history.contains("aside"), "{history}");
        let found = host.plugins(["doctor"]).status(9);
        assert!(found.stdout.contains("D04"), "{found:?}");
        let good = Plugin::create("good", "5.0.0");
        host.plugins(["install", &host.release(&good, "1.0.0"), "--yes"]).success();
        host.plugins(["doctor", "--repair", "--yes"]).success();
        has(&host, Some("1.0.2"));
    }
}

#[test]
fn a_package_manager_that_brings_another_version_for_ever_is_passed_by() {
    let Some(host) = Host::of(Manager::Rpm) else { return };
    let plugin = Plugin::create("demo", "5.0.0");
    let [low, mid, high] =
        ["1.0.2", "1.0.3", "1.0.4"].map(|version| host.release(&plugin, version));
    host.plugins(["install", &low, "--yes"]).success();
    let install = format!(
        "exec /usr/bin/rpm --root {} -U --force --nosignature {mid}",
        host.root().display()
    );
    let tools = host.beside("tools");
    let script = format!(
        "for word; do case $word in --test) exec /usr/bin/rpm \"$@\";; -e) exit 1;; \
         -U) {install};; esac; done\nexec /usr/bin/rpm \"$@\""
    );
    host.stand_in(&tools, "rpm", &script);
    with_tools(&host, &tools, &["update", &high, "--yes"]).status(9);
    assert_eq!(journals(&host), ["journal"]);
    with_tools(&host, &tools, &["doctor", "--repair", "--yes"]);
    assert_eq!(journals(&host), ["journal.abandoned-1"]);
    has(&host, Some("1.0.3"));
    host.plugins(["doctor"]).success();
}
