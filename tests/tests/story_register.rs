//! An administrator registers what the package manager installed, and takes plugins out of the registry
//! while their files stay.

use tests::{Host, Plugin};

#[test]
fn what_was_installed_by_hand_is_registered_by_version_or_by_line() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let packages = ["1.0.2", "1.1.0"].map(|version| host.release(&plugin, version));
        for package in &packages {
            host.install_behind(package);
        }
        assert!(host.registry().is_empty());
        host.changes(&["register", "demo==1.0.2", "--yes"]);
        host.changes(&["register", "demo-1.1", "--yes"]);
        assert_eq!(host.registry(), ["1 demo 1.0.2", "2 demo 1.1.0"]);
        host.does_nothing(&["register", "demo==1.0.2", "--yes"]);
    }
}

#[test]
fn what_is_not_on_disk_is_not_registered() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        host.install_behind(&host.release(&plugin, "1.0.2"));
        // A version is compared as text, a whole one.
        for absent in ["other==1.0.2", "demo==1.0.3", "demo==1.0", "demo-1.1"] {
            host.refuses(&["register", absent, "--yes"], 3, "install");
        }
        assert!(host.registry().is_empty());
    }
}

#[test]
fn on_one_line_the_entry_is_changed_and_keeps_its_number() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "4.0.0");
        for version in ["1.0.2", "1.0.3", "1.0.1"] {
            host.install_behind(&host.release(&plugin, version));
            host.changes(&["register", &format!("demo=={version}"), "--yes"]);
            assert_eq!(host.registry(), [format!("1 demo {version}")]);
        }
    }
}

#[test]
fn legacy_versions_are_entries_of_their_own_and_are_replaced_only_by_force() {
    for host in Host::quick() {
        let plugin = Plugin::create("old", "1.0.0");
        for version in ["1.0.0", "1.0.1"] {
            let package = plugin.release(version, "fp");
            host.plugins(["install", &package, "--yes"]).success();
            host.plugins(["unregister", &format!("old=={version}"), "--yes"]).success();
            assert_eq!(host.version_in(&format!("old-{version}")).as_deref(), Some(version));
        }
        assert!(host.registry().is_empty());
        for version in ["1.0.0", "1.0.1"] {
            host.changes(&["register", &format!("old=={version}"), "--yes"]);
        }
        assert_eq!(host.registry(), ["3 old 1.0.0", "4 old 1.0.1"]);

        let metadata = host.plugins_root().join("old-1.0.0/metadata.yaml");
        let text = fs_err::read_to_string(&metadata).unwrap();
        fs_err::write(&metadata, text.replace("Title for", "Another title for")).unwrap();
        host.does_nothing(&["register", "old==1.0.0", "--yes"]);
        host.changes(&["register", "old==1.0.0", "--force", "--yes"]);
        let info = host.json(["info", "old==1.0.0"]);
        let text = info["results"].to_string();
        assert!(text.contains("Another title for old plugin"), "{text}");
        assert_eq!(host.registry(), ["3 old 1.0.0", "4 old 1.0.1"]);
    }
}

#[test]
fn one_broken_plugin_does_not_keep_another_from_being_registered() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        host.install_behind(&host.release(&plugin, "1.0.2"));
        for (folder, text) in [("aa-1.0", "name: ["), ("zz-1.0", ""), ("demo-9.9", "\u{0}")] {
            let folder = host.plugins_root().join(folder);
            fs_err::create_dir_all(&folder).unwrap();
            fs_err::write(folder.join("metadata.yaml"), text).unwrap();
        }
        host.changes(&["register", "demo==1.0.2", "--yes"]);
        assert_eq!(host.registry(), ["1 demo 1.0.2"]);
    }
}

#[test]
fn leaving_the_registry_leaves_package_and_files() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        host.plugins(["install", &host.release(&plugin, "1.0.2"), "--yes"]).success();
        let files = tests::tree(&host.plugins_root());
        host.changes(&["unregister", "demo==1.0.2", "--yes"]);
        assert!(host.registry().is_empty());
        assert_eq!(files, tests::tree(&host.plugins_root()));
        assert_eq!(host.recorded("demo-1.0").as_deref(), Some("1.0.2-1"));
        host.refuses(&["unregister", "demo==1.0.2", "--yes"], 3, "demo");
        host.changes(&["register", "demo==1.0.2", "--yes"]);
        assert_eq!(host.registry(), ["2 demo 1.0.2"]);
    }
}
