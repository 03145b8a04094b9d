//! A plugin's debs on a host: dpkg and apt install, update, downgrade and remove them, and the
//! plugin's hooks run at the same moments and with the same argument as under rpm.

use tests::{DebianHost, Plugin, fpb, have, run};

#[test]
fn every_generation_lives_through_install_update_downgrade_and_removal() {
    if !have(&["dpkg"]) {
        return;
    }
    for generation in ["2.0.0", "3.0.0", "4.0.0", "5.0.0"] {
        let plugin = Plugin::create("my_demo", generation);
        plugin.with_hooks("/bin/bash");
        fpb(&plugin.path(), ["check", "."]).success();
        let [old, new] = ["1.0.2", "1.0.3"].map(|version| plugin.release(version, "deb"));
        let host = DebianHost::new();
        let has_hooks = generation != "2.0.0";
        let expect = |arguments: &[&str], installed: Option<&str>, ran: &str| {
            host.dpkg(arguments).success();
            assert_eq!(host.installed("my-demo-1.0").as_deref(), installed, "{arguments:?}");
            assert_eq!(
                host.hooks(),
                if has_hooks { ran } else { "" },
                "{generation} {arguments:?}"
            );
        };
        expect(&["-i", &old], Some("1.0.2-1"), "pre_install 1 1.0.2\npost_install 1 1.0.2\n");
        assert_eq!(host.dpkg(&["-V", "my-demo-1.0"]).success(), "");
        expect(&["-i", &new], Some("1.0.3-1"), "pre_install 2 1.0.3\npost_install 2 1.0.3\n");
        expect(&["-i", &old], Some("1.0.2-1"), "pre_install 2 1.0.2\npost_install 2 1.0.2\n");
        expect(&["-r", "my-demo-1.0"], None, "uninstall 0 1.0.2\n");
        assert!(!host.root().join("var/www/nailgun/plugins/my_demo-1.0").exists());
    }
}

#[test]
fn versions_of_a_legacy_plugin_stand_side_by_side() {
    if !have(&["dpkg"]) {
        return;
    }
    let plugin = Plugin::create("demo", "1.0.0");
    let [old, new] = ["1.0.2", "1.0.3"].map(|version| plugin.release(version, "deb"));
    let host = DebianHost::new();
    host.dpkg(&["-i", &old]).success();
    host.dpkg(&["-i", &new]).success();
    for folder in ["demo-1.0.2", "demo-1.0.3"] {
        let metadata =
            host.root().join("var/www/nailgun/plugins").join(folder).join("metadata.yaml");
        assert!(metadata.exists(), "{}", metadata.display());
    }
}

#[test]
fn apt_takes_the_files_and_downgrades_only_when_told_to() {
    if !have(&["apt-get", "dpkg"]) {
        return;
    }
    let plugin = Plugin::create("demo", "5.0.0");
    plugin.with_hooks("/bin/sh");
    let [old, new, other] = ["1.0.2", "1.0.3", "1.1.0"].map(|v| plugin.release(v, "deb"));
    let host = DebianHost::new();
    let expect = |arguments: &[&str], installed: Option<&str>, ran: &str| {
        host.apt_get(arguments).success();
        assert_eq!(host.installed("demo-1.0").as_deref(), installed, "{arguments:?}");
        assert_eq!(host.hooks(), ran, "{arguments:?}");
    };
    expect(&["install", &old], Some("1.0.2-1"), "pre_install 1 1.0.2\npost_install 1 1.0.2\n");
    expect(&["install", &new], Some("1.0.3-1"), "pre_install 2 1.0.3\npost_install 2 1.0.3\n");
    expect(&["install", &other], Some("1.0.3-1"), "pre_install 1 1.1.0\npost_install 1 1.1.0\n");
    assert_ne!(host.apt_get(&["install", &old]).status, Some(0));
    let down = ["install", "--allow-downgrades", &old];
    expect(&down, Some("1.0.2-1"), "pre_install 2 1.0.2\npost_install 2 1.0.2\n");
    expect(&["remove", "demo-1.0"], None, "uninstall 0 1.0.2\n");
    assert_eq!(host.installed("demo-1.1").as_deref(), Some("1.1.0-1"));
}

#[test]
fn lintian_finds_no_error() {
    if !have(&["lintian"]) {
        return;
    }
    for generation in ["1.0.0", "2.0.0", "3.0.0", "4.0.0", "5.0.0"] {
        let plugin = Plugin::create("demo", generation);
        plugin.with_hooks("/bin/bash");
        let deb = plugin.release("1.0.1", "deb");
        run("lintian", ["--allow-root", "--fail-on", "error", &deb]).success();
    }
}

#[test]
fn a_hook_has_all_arguments_of_its_first_line() {
    if !have(&["dpkg"]) {
        return;
    }
    let plugin = Plugin::create("demo", "5.0.0");
    let host = DebianHost::new();
    for interpreter in ["/bin/bash -e -u", "/bin/sh -e -u"] {
        plugin.with_hooks(interpreter);
        for hook in ["post_install", "uninstall"] {
            let text = format!("#!{interpreter}\necho {hook} $1 $- >>/tmp/hooks\n");
            plugin.write(&format!("{hook}.sh"), text);
        }
        let package = plugin.package("deb");
        let package = package.to_str().expect("a UTF-8 path");
        let ran = "pre_install 1 1.0.0\npost_install 1 ue\n";
        host.dpkg(&["-i", package]).success();
        assert_eq!(host.hooks(), ran, "{interpreter}");
        host.dpkg(&["-r", "demo-1.0"]).success();
        assert_eq!(host.hooks(), "uninstall 0 ue\n", "{interpreter}");
    }
}
