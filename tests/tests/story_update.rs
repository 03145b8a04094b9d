//! An administrator brings a fix, or takes it back: only within a release line, only up or only down.

use tests::{Host, Plugin};

/// A plugin with hooks, and packages of it in the host's format.
#[track_caller]
fn packages<const N: usize>(host: &Host, versions: [&str; N]) -> (Plugin, [String; N]) {
    let plugin = Plugin::create("demo", "4.0.0");
    plugin.with_hooks("/bin/sh");
    let built = versions.map(|version| host.release(&plugin, version));
    (plugin, built)
}

fn demo(id: i64, version: &str) -> (i64, String, String) {
    (id, "demo".to_owned(), version.to_owned())
}

#[test]
fn an_update_and_a_downgrade_keep_the_entry_and_replace_the_files() {
    for host in Host::all() {
        let (_plugin, [old, new]) = packages(&host, ["1.0.2", "1.0.3"]);
        host.plugins(["install", &old, "--yes"]).success();
        host.hooks();

        assert_eq!(host.json(["update", &new, "--yes"])["changed"], true);
        assert_eq!(host.registered(), [demo(1, "1.0.3")]);
        assert_eq!(host.recorded("demo-1.0").as_deref(), Some("1.0.3-1"));
        assert_eq!(host.hooks(), "pre_install 2 1.0.3\npost_install 2 1.0.3\n");

        assert_eq!(host.json(["downgrade", &old, "--yes"])["changed"], true);
        assert_eq!(host.registered(), [demo(1, "1.0.2")]);
        assert_eq!(host.recorded("demo-1.0").as_deref(), Some("1.0.2-1"));
        assert_eq!(host.version_in("demo-1.0").as_deref(), Some("1.0.2"));
    }
}

#[test]
fn updates_go_up_and_downgrades_down_within_one_line_or_nothing_is_touched() {
    for host in Host::quick() {
        let (_plugin, [older, installed, newer, other]) =
            packages(&host, ["1.0.1", "1.0.2", "1.0.3", "1.1.0"]);
        host.plugins(["install", &installed, "--yes"]).success();
        let before = host.everything();
        let table = [
            (["update", &older], 4, format!("plugins downgrade {older}")),
            (["downgrade", &newer], 4, format!("plugins update {newer}")),
            (["update", &other], 4, format!("plugins install {other}")),
            (["downgrade", &other], 4, format!("plugins install {other}")),
        ];
        for (arguments, status, advice) in table {
            let refused = host.plugins(arguments.iter().chain(&["--yes"])).status(status);
            assert!(refused.stderr.contains(&advice), "{arguments:?}\n{}", refused.stderr);
        }
        for verb in ["update", "downgrade"] {
            let same = host.json([verb, &installed, "--yes"]);
            assert_eq!(same["changed"], false, "{same}");
        }
        host.is_as(&before);
        assert_eq!(host.registered(), [demo(1, "1.0.2")]);
    }
}

#[test]
fn what_is_not_installed_is_not_updated() {
    for host in Host::quick() {
        let (_plugin, [package]) = packages(&host, ["1.0.2"]);
        let refused = host.plugins(["update", &package, "--yes"]).status(3);
        let advice = format!("plugins install {package}");
        assert!(refused.stderr.contains(&advice), "{}", refused.stderr);
    }
}

#[test]
fn an_update_may_go_to_a_newer_package_version() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "2.0.0");
        let old = host.release(&plugin, "1.0.2");
        let newer = Plugin::create("demo", "5.0.0");
        let new = host.release(&newer, "1.0.3");
        host.plugins(["install", &old, "--yes"]).success();
        host.plugins(["update", &new, "--yes"]).success();
        let row = &host.json(["list"])["results"][0];
        assert_eq!((&row["id"], &row["version"]), (&1.into(), &"1.0.3".into()), "{row}");
        assert_eq!(row["package_version"], "5.0.0");
    }
}

#[test]
fn a_downgrade_by_name_takes_the_kept_package() {
    for host in Host::all() {
        let (_plugin, [old, new]) = packages(&host, ["1.0.2", "1.0.3"]);
        for package in [&old, &new] {
            host.plugins(["install", package, "--yes"]).success();
            fs_err::remove_file(package).unwrap();
        }
        host.plugins(["downgrade", "demo", "--offline", "--yes"]).success();
        assert_eq!(host.registered(), [demo(1, "1.0.2")]);
        assert_eq!(host.recorded("demo-1.0").as_deref(), Some("1.0.2-1"));
    }
}
