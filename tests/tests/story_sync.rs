//! The package manager changes plugins behind the client's back; one `plugins --sync` later the registry
//! says what is true.

use serde_json::Value;
use tests::{Host, Plugin};

#[test]
fn whatever_the_package_manager_did_one_sync_tells_the_registry() {
    for host in Host::all() {
        let plugin = Plugin::create("demo", "5.0.0");
        let [old, new, other] =
            ["1.0.2", "1.0.3", "1.1.0"].map(|version| host.release(&plugin, version));
        let sync = || host.plugins(["--sync"]).success();

        host.install_behind(&old);
        assert_eq!(sync(), "Plugins were successfully synchronized.\n", "{host:?}");
        assert_eq!(host.registry(), ["1 demo 1.0.2"]);
        host.install_behind(&new);
        host.install_behind(&other);
        sync();
        assert_eq!(host.registry(), ["1 demo 1.0.3", "2 demo 1.1.0"]);
        host.install_behind(&old);
        sync();
        assert_eq!(host.registry(), ["1 demo 1.0.2", "2 demo 1.1.0"]);

        host.remove_behind("demo-1.0");
        sync();
        assert_eq!(host.state("demo==1.0.2"), "missing");
        assert_eq!(host.state("demo==1.1.0"), "registered");
        host.does_nothing(&["sync", "--yes"]);
        host.install_behind(&new);
        sync();
        assert_eq!(host.registry(), ["1 demo 1.0.3", "2 demo 1.1.0"]);
        assert_eq!(host.state("demo==1.0.3"), "registered");

        host.remove_behind("demo-1.0");
        host.changes(&["sync", "--prune", "--yes"]);
        assert_eq!(host.registry(), ["2 demo 1.1.0"]);
    }
}

#[test]
fn a_sync_by_number_touches_only_those() {
    for host in Host::quick() {
        let [one, two] = ["one", "two"].map(|name| Plugin::create(name, "4.0.0"));
        let old = [&one, &two].map(|plugin| host.release(plugin, "1.0.0"));
        host.plugins(["install", &old[0], &old[1], "--yes"]).success();
        for plugin in [&one, &two] {
            host.install_behind(&host.release(plugin, "1.0.1"));
        }
        host.refuses(&["sync", "--plugin", "1,7", "--yes"], 3, "7");
        host.does_nothing(&["sync", "--plugin", "", "--yes"]);
        host.plugins(["--sync", "--plugin-id", ""]).success();
        assert_eq!(host.registry(), ["1 one 1.0.0", "2 two 1.0.0"]);
        host.changes(&["sync", "--plugin", "2", "--yes"]);
        assert_eq!(host.registry(), ["1 one 1.0.0", "2 two 1.0.1"]);
        host.plugins(["--sync", "--plugin-id", "1 2"]).success();
        assert_eq!(host.registry(), ["1 one 1.0.1", "2 two 1.0.1"]);
    }
}

#[test]
fn a_check_only_tells() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        host.plugins(["install", &host.release(&plugin, "1.0.2"), "--yes"]).success();
        host.does_nothing(&["sync", "--check"]);
        host.install_behind(&host.release(&plugin, "1.0.3"));
        let before = host.everything();
        let told = host.plugins(["sync", "--check"]).status(8);
        assert!((told.stdout + &told.stderr).contains("1.0.3"));
        host.is_as(&before);
        assert_eq!(host.registry(), ["1 demo 1.0.2"]);
    }
}

#[test]
fn a_broken_plugin_keeps_its_entry_and_the_others_are_done() {
    for host in Host::quick() {
        let [bad, good] = ["bad", "good"].map(|name| Plugin::create(name, "5.0.0"));
        let packages = [&bad, &good].map(|plugin| host.release(plugin, "1.0.0"));
        host.plugins(["install", &packages[0], &packages[1], "--yes"]).success();
        for plugin in [&bad, &good] {
            host.install_behind(&host.release(plugin, "1.0.1"));
        }
        let broken = host.plugins_root().join("bad-1.0/metadata.yaml");
        fs_err::write(&broken, "name: [\n").unwrap();
        let outcome = host.plugins(["sync", "--yes"]).status(8);
        let said = outcome.stdout + &outcome.stderr;
        assert!(said.contains("bad-1.0") && said.contains("metadata.yaml:2:"), "{said}");
        assert_eq!(host.registry(), ["1 bad 1.0.0", "2 good 1.0.1"]);
    }
}

#[test]
fn stray_files_foreign_links_and_hidden_folders_are_no_plugins() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        host.plugins(["install", &host.release(&plugin, "1.0.2"), "--yes"]).success();
        let root = host.plugins_root();
        fs_err::write(root.join("README"), "mine").unwrap();
        fs_err::create_dir(root.join("lost+found")).unwrap();
        let copy = root.join(".saved");
        fs_err::create_dir(&copy).unwrap();
        fs_err::copy(root.join("demo-1.0/metadata.yaml"), copy.join("metadata.yaml")).unwrap();
        fs_err::os::unix::fs::symlink("demo-1.0", root.join("demo-1.7")).unwrap();
        host.plugins(["sync", "--yes"]);
        assert_eq!(host.registry(), ["1 demo 1.0.2"]);
    }
}

#[test]
fn a_file_that_an_update_drops_empties_its_field() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let kept = |host: &Host| -> Value {
            host.json(["info", "demo"])["results"][0]["kept_fields"].clone()
        };
        host.plugins(["install", &host.release(&plugin, "1.0.0"), "--yes"]).success();
        assert!(kept(&host).to_string().contains("network_roles_metadata"), "{}", kept(&host));
        fs_err::remove_file(plugin.path().join("network_roles.yaml")).unwrap();
        host.install_behind(&host.release(&plugin, "1.0.1"));
        host.changes(&["sync", "--yes"]);
        assert!(!kept(&host).to_string().contains("network_roles_metadata"), "{}", kept(&host));
    }
}
