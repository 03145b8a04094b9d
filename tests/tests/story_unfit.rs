//! Hosts that cannot take a package say so before anything happens.

use tests::{Host, Plugin};

#[test]
fn a_product_that_knows_only_the_old_format_takes_only_that() {
    for host in Host::quick() {
        let new = Plugin::create("new", "5.0.0");
        let old = Plugin::create("old", "1.0.0");
        let package = host.release(&new, "1.0.0");
        host.install_behind(&package);
        host.write_settings(&(host.settings() + "product-version: '6.0'\n"));
        host.refuses(&["install", &host.release(&new, "1.0.1"), "--yes"], 4, "6.0");
        host.refuses(&["register", "new==1.0.0", "--yes"], 4, "6.0");
        host.changes(&["install", &old.release("1.0.0", "fp"), "--yes"]);
        assert_eq!(host.registry(), ["1 old 1.0.0"]);
    }
}

#[test]
fn a_host_without_a_package_manager_takes_only_the_old_format() {
    for host in Host::quick() {
        lose_database(&host);
        let new = Plugin::create("new", "5.0.0");
        let old = Plugin::create("old", "1.0.0");
        host.refuses(&["install", &host.release(&new, "1.0.0"), "--yes"], 4, "this host");
        host.changes(&["install", &old.release("1.0.0", "fp"), "--yes"]);
        host.changes(&["remove", "old==1.0.0", "--yes"]);
    }
}

#[test]
fn a_package_for_the_other_family_is_refused_by_name() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let foreign = if host.manager.format() == "rpm" { "deb" } else { "rpm" };
        let package = plugin.release("1.0.0", foreign);
        host.refuses(&["install", &package, "--yes"], 4, host.manager.format());
    }
}

/// Takes the package manager's database off the host, and has the client look for any.
fn lose_database(host: &Host) {
    for database in ["root/.rpmdb", "var/lib/rpm", "var/lib/dpkg"] {
        // Each host has one of them.
        let _ = fs_err::remove_dir_all(host.root().join(database));
    }
    host.write_settings("package-manager: auto\n");
}

#[test]
fn a_package_version_from_the_future_is_refused() {
    for host in Host::quick() {
        let folder = host.beside("future");
        let inside = folder.join("demo-1.0.0");
        fs_err::create_dir_all(&inside).unwrap();
        fs_err::write(
            inside.join("metadata.yaml"),
            "name: demo\nversion: 1.0.0\npackage_version: '9.0.0'\n",
        )
        .unwrap();
        let package = host.beside("demo-1.0.0.fp");
        let package = package.to_str().unwrap();
        tests::run("tar", ["-C", folder.to_str().unwrap(), "-czf", package, "demo-1.0.0"])
            .success();
        let package = tests::repack::sign(std::path::Path::new(package));
        let refused = host.plugins(["install", &package, "--yes"]);
        assert!(matches!(refused.status, Some(1 | 4)), "{refused:?}");
        assert!(refused.stderr.contains("9.0.0"), "{}", refused.stderr);
    }
}

#[test]
fn where_the_package_manager_is_missing_a_removal_changes_nothing() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        host.plugins(["install", &host.release(&plugin, "1.0.2"), "--yes"]).success();
        lose_database(&host);
        let before = host.everything();
        let refused = host.plugins(["remove", "demo-1.0", "--yes"]);
        assert!(matches!(refused.status, Some(4..=6)), "{refused:?}");
        host.is_as(&before);
        assert_eq!(host.registry(), ["1 demo 1.0.2"]);
        // What needs no package manager works.
        host.changes(&["unregister", "demo==1.0.2", "--yes"]);
        host.changes(&["register", "demo==1.0.2", "--yes"]);
    }
}

#[test]
fn a_file_whose_name_is_not_that_of_its_format_is_refused() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let package = host.release(&plugin, "1.0.2");
        for name in ["demo.zip", "demo.fp", "demo"] {
            let path = host.beside(name);
            fs_err::copy(&package, &path).expect("ours");
            let path = path.to_str().expect("UTF-8");
            host.refuses(&["install", path, "--yes"], 4, name);
            host.plugins(["--install", path]).refusal(1, name);
        }
        assert!(host.registry().is_empty());
    }
}
