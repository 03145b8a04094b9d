//! An administrator installs plugins from files, in every format that the host takes.

use tests::{Host, Plugin};

#[test]
fn a_package_file_is_installed_and_registered() {
    for host in Host::all() {
        let plugin = Plugin::create("demo", "5.0.0");
        plugin.with_hooks("/bin/bash");
        let package = host.release(&plugin, "1.0.2");
        let answer = host.json(["install", &package, "--yes"]);
        assert_eq!(answer["changed"], true, "{answer}");

        assert_eq!(host.recorded("demo-1.0").as_deref(), Some("1.0.2-1"), "{host:?}");
        assert_eq!(host.version_in("demo-1.0").as_deref(), Some("1.0.2"));
        assert_eq!(host.registered(), [(1, "demo".to_owned(), "1.0.2".to_owned())]);
        assert_eq!(host.hooks(), "pre_install 1 1.0.2\npost_install 1 1.0.2\n");

        let again = host.json(["install", &package, "--yes"]);
        assert_eq!(again["changed"], false, "{again}");
        assert_eq!(host.hooks(), "");
    }
}

#[test]
fn two_release_lines_stand_side_by_side() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "4.0.0");
        let packages = [host.release(&plugin, "1.0.2"), host.release(&plugin, "1.1.0")];
        host.plugins(["install", &packages[0], &packages[1], "--yes"]).success();
        assert_eq!(host.recorded("demo-1.0").as_deref(), Some("1.0.2-1"));
        assert_eq!(host.recorded("demo-1.1").as_deref(), Some("1.1.0-1"));
        assert_eq!(host.registered().len(), 2);
    }
}

#[test]
fn a_higher_file_updates_and_a_lower_one_is_refused_with_the_command_that_would_do_it() {
    for host in Host::all() {
        let plugin = Plugin::create("demo", "5.0.0");
        let [old, new] = ["1.0.2", "1.0.3"].map(|version| host.release(&plugin, version));
        host.plugins(["install", &old, "--yes"]).success();
        host.plugins(["install", &new, "--yes"]).success();
        assert_eq!(host.registered(), [(1, "demo".to_owned(), "1.0.3".to_owned())]);

        let before = host.everything();
        let refused = host.plugins(["install", &old, "--yes"]).status(4);
        let advice = format!("plugins downgrade {old}");
        assert!(refused.stderr.contains(&advice), "{}", refused.stderr);
        host.is_as(&before);
    }
}

#[test]
fn without_an_answer_nothing_is_changed() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let package = host.release(&plugin, "1.0.2");
        let before = host.everything();
        host.plugins(["install", &package]).refusal(2, "--yes");
        host.plugins(["install", &package, "--dry-run"]).success();
        host.plugins(["install", "no-such-file.rpm", "--yes"]).status(3);
        fs_err::write(plugin.path().join("text.rpm"), "no package").unwrap();
        let text = plugin.path().join("text.rpm");
        host.plugins(["install", text.to_str().unwrap(), "--yes"]).refusal(1, "not a package");
        host.is_as(&before);
        assert!(host.registered().is_empty());
    }
}

#[test]
fn a_legacy_package_is_unpacked_into_the_folder_of_its_version() {
    for host in Host::quick() {
        let plugin = Plugin::create("old", "1.0.0");
        let [first, second] = ["1.0.0", "1.0.1"].map(|version| plugin.release(version, "fp"));
        host.plugins(["install", &first, "--yes"]).success();
        host.plugins(["install", &second, "--yes"]).success();
        for version in ["1.0.0", "1.0.1"] {
            let folder = format!("old-{version}");
            assert_eq!(host.version_in(&folder).as_deref(), Some(version));
        }
        assert_eq!(host.registered().len(), 2);

        // By hand altered files come back with --strategy always only.
        let altered = host.plugins_root().join("old-1.0.0/tasks.yaml");
        fs_err::write(&altered, "[]").unwrap();
        let again = host.json(["install", &first, "--yes"]);
        assert_eq!(again["changed"], false, "{again}");
        assert_eq!(fs_err::read_to_string(&altered).unwrap(), "[]");
        host.plugins(["install", &first, "--strategy", "always", "--yes"]).success();
        assert_ne!(fs_err::read_to_string(&altered).unwrap(), "[]");
    }
}
