//! An administrator takes plugins off the host: package, folder and entry together, or nothing.

use tests::{Host, Manager, Plugin, run};

#[test]
fn a_removal_takes_the_package_its_files_and_its_entry_and_no_other() {
    for host in Host::all() {
        let plugin = Plugin::create("demo", "5.0.0");
        plugin.with_hooks("/bin/sh");
        let packages = ["1.0.2", "1.1.0"].map(|version| host.release(&plugin, version));
        host.plugins(["install", &packages[0], &packages[1], "--yes"]).success();
        host.hooks();

        host.changes(&["remove", "demo==1.0.2", "--yes"]);
        assert_eq!(host.recorded("demo-1.0"), None, "{host:?}");
        assert_eq!(host.recorded("demo-1.1").as_deref(), Some("1.1.0-1"));
        assert!(!host.plugins_root().join("demo-1.0").exists());
        assert_eq!(host.registry(), ["2 demo 1.1.0"]);
        assert_eq!(host.hooks(), "uninstall 0 1.0.2\n");
    }
}

#[test]
fn a_purge_leaves_nothing_that_dpkg_or_the_client_would_keep() {
    for manager in [Manager::Dpkg, Manager::Apt] {
        for (purge, left) in [(false, true), (true, false)] {
            let Some(host) = Host::of(manager) else { return };
            let plugin = Plugin::create("demo", "5.0.0");
            let package = host.release(&plugin, "1.0.2");
            host.plugins(["install", &package, "--yes"]).success();
            let newer = host.release(&plugin, "1.0.3");
            host.install_behind(&with_settings(&host, &newer));
            let settings = host.plugins_root().join("demo-1.0/tasks.yaml");
            fs_err::write(&settings, "[] # edited").expect("ours");
            let words = ["remove", "demo-1.0", "--yes"].into_iter();
            let words = words.chain(purge.then_some("--purge"));
            let outcome = host.plugins(words);
            assert_eq!(outcome.status, Some(0), "{outcome:?}");
            assert_eq!(outcome.stderr.contains(" purged "), purge, "{outcome:?}");
            assert_eq!(settings.exists(), left, "{outcome:?}");
            let kept = fs_err::read_dir(host.root().join("var/cache/plugins/packages"));
            assert_eq!(kept.expect("it is there").count() > 0, left);
            let info = fs_err::read_dir(host.root().join("var/lib/dpkg/info")).expect("there");
            let ours = |name: &str| name.starts_with("demo-1.0.");
            let names = info.map(|entry| entry.expect("ours").file_name());
            assert_eq!(names.filter(|name| ours(&name.to_string_lossy())).count() > 0, left);
        }
    }
}

#[test]
fn a_number_is_never_given_twice() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let package = host.release(&plugin, "1.0.2");
        for round in 1..=3 {
            host.plugins(["install", &package, "--yes"]).success();
            assert_eq!(host.registry(), [format!("{round} demo 1.0.2")]);
            host.plugins(["remove", "demo-1.0", "--yes"]).success();
        }
    }
}

#[test]
fn what_is_not_there_cannot_be_removed_unless_that_was_the_wish() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let package = host.release(&plugin, "1.0.2");
        host.plugins(["install", &package, "--yes"]).success();
        for absent in ["other==1.0.2", "demo==1.0.3", "demo-1.1", "demo==1.0"] {
            host.refuses(&["remove", absent, "--yes"], 3, "");
            host.does_nothing(&["remove", absent, "--if-present", "--yes"]);
        }
        host.refuses(&["remove", "demo==1.0.2"], 2, "--yes");
        host.refuses(&["remove", "demno==1.0.2", "--yes"], 3, "demo");
        assert_eq!(host.registry(), ["1 demo 1.0.2"]);
    }
}

#[test]
fn an_entry_can_outlive_its_files() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let package = host.release(&plugin, "1.0.2");
        host.plugins(["install", &package, "--yes"]).success();
        host.changes(&["remove", "demo-1.0", "--keep-registered", "--yes"]);
        assert_eq!(host.recorded("demo-1.0"), None);
        assert_eq!(host.state("demo==1.0.2"), "missing");
        host.changes(&["install", &package, "--yes"]);
        assert_eq!(host.registry(), ["1 demo 1.0.2"]);
        assert_eq!(host.state("demo==1.0.2"), "registered");
    }
}

#[test]
fn a_plugin_that_another_package_needs_stays_whole() {
    for host in Host::all() {
        let plugin = Plugin::create("demo", "5.0.0");
        let package = host.release(&plugin, "1.0.2");
        host.plugins(["install", &package, "--yes"]).success();
        let needy = match host.manager {
            Manager::Dnf | Manager::Rpm => needy_rpm(&host),
            Manager::Apt | Manager::Dpkg => needy_deb(&host),
        };
        host.install_behind(&needy);
        let refused = host.plugins(["remove", "demo==1.0.2", "--yes"]).status(5);
        assert!(refused.stderr.contains("needy"), "{refused:?}");
        assert_eq!(host.recorded("demo-1.0").as_deref(), Some("1.0.2-1"));
        assert_eq!(host.recorded("needy").as_deref(), Some("1-1"));
        assert_eq!(host.version_in("demo-1.0").as_deref(), Some("1.0.2"));
        assert_eq!(host.registry(), ["1 demo 1.0.2"]);
    }
}

/// Returns the same package with a file that administrators edit.
fn with_settings(host: &Host, package: &str) -> String {
    let folder = host.beside("unpacked");
    let path = folder.to_str().expect("a UTF-8 path");
    run("dpkg-deb", ["--raw-extract", package, path]).success();
    let list = "/var/www/nailgun/plugins/demo-1.0/tasks.yaml\n";
    fs_err::write(folder.join("DEBIAN/conffiles"), list).expect("ours");
    let built = format!("{path}.deb");
    run("dpkg-deb", ["--root-owner-group", "--build", path, &built]).success();
    built
}

fn needy_rpm(host: &Host) -> String {
    let mut builder = rpm::PackageBuilder::new("needy", "1", "MIT", "noarch", "Needs a plugin");
    builder.release("1").requires(rpm::Dependency::any("demo-1.0"));
    let path = host.beside("needy-1-1.noarch.rpm");
    builder.build().expect("it is well-formed").write_file(&path).expect("the folder is ours");
    path.into_os_string().into_string().expect("a UTF-8 path")
}

fn needy_deb(host: &Host) -> String {
    let folder = host.beside("needy");
    let control = "Package: needy\nVersion: 1-1\nArchitecture: all\nMaintainer: a <a@example.com>\n\
                   Depends: demo-1.0\nDescription: Needs a plugin\n";
    fs_err::create_dir_all(folder.join("DEBIAN")).expect("the folder is ours");
    fs_err::write(folder.join("DEBIAN/control"), control).expect("the folder is ours");
    let package = format!("{}.deb", folder.display());
    run("dpkg-deb", ["--build", folder.to_str().expect("a UTF-8 path"), &package]).success();
    package
}
