//! An administrator settles which hosts are for plugins, and how much is kept.

use tests::{Host, Plugin};

#[test]
fn a_host_without_the_required_package_is_left_alone() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let package = host.release(&plugin, "1.0.1");
        host.write_settings(&format!("{}require-package: fuel\n", host.settings()));
        host.plugins(["install", &package, "--yes"]).refusal(4, "`fuel` is not installed");
        assert!(!host.root().join("var/lib/plugins").exists(), "{host:?}");

        host.install_behind(&package);
        host.plugins(["register", "demo==1.0.1", "--yes"]).success();
        host.write_settings(&format!("{}require-package: demo-1.0\n", host.settings()));
        host.plugins(["remove", "demo", "--yes"]).success();
    }
}

#[test]
fn as_many_versions_are_kept_as_the_settings_say() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        host.write_settings(&format!("{}keep-versions: 3\n", host.settings()));
        for version in ["1.0.1", "1.0.2", "1.0.3"] {
            host.plugins(["install", &host.release(&plugin, version), "--yes"]).success();
        }
        host.plugins(["downgrade", "demo==1.0.1", "--yes"]).success();
        host.write_settings(&format!("{}keep-versions: 1\n", host.settings()));
        host.plugins(["install", &host.release(&plugin, "1.0.4"), "--yes"]).success();
        host.plugins(["downgrade", "demo", "--yes"]).refusal(3, "no lower version");
    }
}
