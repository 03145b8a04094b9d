//! An administrator asks whether the plugins are still what was installed.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tests::{Host, Plugin};

/// What somebody did to a plugin's files.
type Harm = fn(&Path);

const HARMS: [(&str, Harm); 4] = [
    ("missing", |folder| fs_err::remove_file(folder.join("tasks.yaml")).expect("it is there")),
    ("changed", |folder| fs_err::write(folder.join("tasks.yaml"), "[]\n").expect("ours")),
    ("empty", |folder| fs_err::write(folder.join("tasks.yaml"), "").expect("ours")),
    ("mode", |folder| {
        let open = std::fs::Permissions::from_mode(0o666);
        fs_err::set_permissions(folder.join("tasks.yaml"), open).expect("ours");
    }),
];

#[test]
fn a_file_that_is_not_as_the_package_has_it_is_named() {
    for host in Host::quick() {
        let demo = Plugin::create("demo", "2.0.0");
        let old = Plugin::create("old", "1.0.0");
        host.plugins(["install", &host.release(&demo, "1.0.2"), "--yes"]).success();
        host.plugins(["install", &old.release("1.0.0", "fp"), "--yes"]).success();
        let clean = host.plugins(["verify"]).success();
        assert!(clean.contains("demo"), "{clean}");
        let saved = host.save("clean");
        for (plugin, folder) in [("demo==1.0.2", "demo-1.0"), ("old==1.0.0", "old-1.0.0")] {
            for (sort, harm) in HARMS {
                harm(&host.plugins_root().join(folder));
                let told = host.plugins(["verify", "--json"]);
                // What the package manager does not record cannot be told.
                let blind = told.status == Some(0) && matches!(sort, "mode");
                assert!(
                    blind || told.status == Some(9) && told.stdout.contains("tasks.yaml"),
                    "{plugin} {sort}: {told:?}"
                );
                let (name, _) = plugin.split_once("==").unwrap();
                let other = if name == "demo" { "old==1.0.0" } else { "demo==1.0.2" };
                host.plugins(["verify", other]).success();
                host.restore(&saved);
            }
        }
        host.plugins(["verify", "nothing"]).status(3);
    }
}

#[test]
fn a_registry_that_says_something_else_than_the_host_is_found() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        host.plugins(["install", &host.release(&plugin, "1.0.2"), "--yes"]).success();
        host.install_behind(&host.release(&plugin, "1.0.3"));
        let told = host.plugins(["verify", "demo-1.0"]).status(9);
        let said = told.stdout + &told.stderr;
        assert!(said.contains("1.0.2") && said.contains("1.0.3"), "{said}");
        let drifted = host.json(["list", "--drift"]);
        assert_eq!(drifted["results"].as_array().unwrap().len(), 1, "{drifted}");
        host.plugins(["sync", "--yes"]).success();
        host.plugins(["verify"]).success();
    }
}

#[test]
fn a_deep_look_trusts_the_kept_package_and_not_the_database() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let old = Plugin::create("old", "1.0.0");
        host.plugins(["install", &host.release(&plugin, "1.0.2"), "--yes"]).success();
        host.plugins(["install", &old.release("1.0.0", "fp"), "--yes"]).success();
        let answer = host.json(["verify", "--deep"]);
        for plugin in answer["results"].as_array().expect("a list") {
            assert_eq!(plugin["problems"], serde_json::json!([]), "{answer}");
            assert_eq!(plugin["package"].as_str().map(str::len), Some(64), "{answer}");
        }
        let saved = host.save("clean");
        for folder in ["demo-1.0", "old-1.0.0"] {
            let place = host.plugins_root().join(folder);
            for (sort, harm) in HARMS {
                harm(&place);
                // No package manager has a say in how what is unpacked may be used.
                let blind = folder == "old-1.0.0" && sort == "mode";
                let told = host.plugins(["verify", "--deep"]).status(if blind { 0 } else { 9 });
                assert!(blind || told.stdout.contains(sort), "{sort}: {told:?}");
                host.restore(&saved);
            }
            fs_err::write(place.join("more.sh"), "").expect("ours");
            host.plugins(["verify"]).success();
            let told = host.plugins(["verify", "--deep"]).status(9);
            assert!(told.stdout.contains("added") && told.stdout.contains("more.sh"), "{told:?}");
            host.restore(&saved);
        }
        hide(&host);
        host.plugins(["verify", "demo-1.0"]).success();
        let told = host.plugins(["verify", "--deep", "demo-1.0"]).status(9);
        assert!(told.stdout.contains("changed"), "{told:?}");
        host.restore(&saved);
        for kept in fs_err::read_dir(host.root().join("var/cache/plugins/packages")).expect("ours")
        {
            fs_err::remove_file(kept.expect("ours").path()).expect("ours");
        }
        let told = host.plugins(["verify", "--deep"]);
        assert!(told.status == Some(0) && told.stderr.contains("no package is kept"), "{told:?}");
    }
}

/// Brings another package of the same version behind the client's back: files and package database agree
/// on what the client never brought.
fn hide(host: &Host) {
    let forged = Plugin::create("demo", "5.0.0");
    forged.write("tasks.yaml", "[] # harm\n");
    let forged_package = host.release(&forged, "1.0.2");
    if host.manager.format() == "deb" {
        return host.install_behind(&forged_package);
    }
    let words = ["-U", "--replacepkgs", "--nosignature", &forged_package];
    tests::finish(tests::command("rpm", ["--root"]).arg(host.root()).args(words)).success();
}
