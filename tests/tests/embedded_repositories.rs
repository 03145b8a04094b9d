//! The repositories inside an installed plugin serve the nodes: real dnf and real apt install a
//! package out of them, and a security fix of the plugin brings them the fixed one.

#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use std::path::Path;

use tests::{DebianHost, Plugin, RedHatHost, have, run};

/// Builds `libfoo` in `version` with rpmbuild into `folder`.
fn build_rpm(folder: &Path, version: &str) {
    let spec = format!(
        "Name: libfoo\nVersion: {version}\nRelease: 1\nSummary: A library\nLicense: MIT\n\
         BuildArch: noarch\n%description\nA library.\n%files\n"
    );
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("libfoo.spec");
    fs_err::write(&path, spec).unwrap();
    let top = format!("_topdir {}", scratch.path().display());
    let target = format!("_rpmdir {}", folder.display());
    let name = "_rpmfilename %{NAME}-%{VERSION}.noarch.rpm";
    let spec = path.to_str().unwrap();
    run("rpmbuild", ["-bb", "--define", &top, "--define", &target, "--define", name, spec])
        .success();
}

/// Builds `libfoo` in `version` with dpkg-deb into `folder`.
fn build_deb(folder: &Path, version: &str) {
    let scratch = tempfile::tempdir().unwrap();
    let control = scratch.path().join("DEBIAN/control");
    fs_err::create_dir(control.parent().unwrap()).unwrap();
    let text = format!(
        "Package: libfoo\nVersion: {version}\nArchitecture: all\nMaintainer: Example <a@example.com>\n\
         Description: A library\n"
    );
    fs_err::write(control, text).unwrap();
    let target = folder.join(format!("libfoo_{version}_all.deb"));
    run("dpkg-deb", ["-b", scratch.path().to_str().unwrap(), target.to_str().unwrap()]).success();
}

/// A plugin for both operating systems.
fn plugin() -> Plugin {
    let plugin = Plugin::create("demo", "2.0.0");
    for os in ["ubuntu", "centos"] {
        assert!(plugin.path().join("repositories").join(os).is_dir());
    }
    plugin
}

#[test]
fn dnf_on_a_node_gets_the_fixed_library_once_the_plugin_is_updated() {
    if !have(&["rpm", "rpmbuild", "dnf"]) {
        return;
    }
    let plugin = plugin();
    let folder = plugin.path().join("repositories/centos");
    build_rpm(&folder, "1.1");
    let old = plugin.release("1.0.1", "rpm");
    build_rpm(&folder, "1.2");
    let fixed = plugin.release("1.0.2", "rpm");

    let host = RedHatHost::new();
    host.rpm(&["-i", &old]).success();
    let served = host.root().join("var/www/nailgun/plugins/demo-1.0/repositories/centos");
    let node = RedHatHost::new();
    node.add_repository("demo", &served);
    node.dnf(&["install", "libfoo"]).success();
    assert_eq!(node.installed("libfoo").as_deref(), Some("1.1-1"));
    assert!(served.join("Packages/libfoo-1.1.noarch.rpm").exists());

    host.rpm(&["-U", &fixed]).success();
    node.dnf(&["update", "--refresh"]).success();
    assert_eq!(node.installed("libfoo").as_deref(), Some("1.2-1"));
}

#[test]
fn apt_on_a_node_gets_the_fixed_library_once_the_plugin_is_updated() {
    if !have(&["dpkg", "dpkg-deb", "apt-get"]) {
        return;
    }
    let plugin = plugin();
    let folder = plugin.path().join("repositories/ubuntu");
    build_deb(&folder, "1.1");
    let old = plugin.release("1.0.1", "deb");
    build_deb(&folder, "1.2");
    let fixed = plugin.release("1.0.2", "deb");

    let host = DebianHost::new();
    host.dpkg(&["-i", &old]).success();
    let node = DebianHost::new();
    node.add_repository(&host.root().join("var/www/nailgun/plugins/demo-1.0/repositories/ubuntu"));
    let update = node.apt_get(&["update", "--error-on=any"]);
    assert!(!update.stderr.contains("W:"), "{}", update.stderr);
    update.success();
    node.apt_get(&["install", "libfoo"]).success();
    assert_eq!(node.installed("libfoo").as_deref(), Some("1.1"));

    host.dpkg(&["-i", &fixed]).success();
    node.apt_get(&["update", "--error-on=any"]).success();
    node.apt_get(&["upgrade"]).success();
    assert_eq!(node.installed("libfoo").as_deref(), Some("1.2"));
}
