//! A plugin's RPMs on a host: rpm and dnf install, update, downgrade and remove them, and the
//! plugin's hooks run at the right moments with the right argument.

use tests::{Plugin, RedHatHost, fpb, have, run};

/// Generations that are delivered as RPM.
const GENERATIONS: [&str; 4] = ["2.0.0", "3.0.0", "4.0.0", "5.0.0"];

#[test]
fn every_generation_lives_through_install_update_downgrade_and_removal() {
    if !have(&["rpm"]) {
        return;
    }
    for generation in GENERATIONS {
        let plugin = Plugin::create("demo", generation);
        plugin.with_hooks("/bin/bash");
        fpb(&plugin.path(), ["check", "."]).success();
        let [old, new] = ["1.0.2", "1.0.3"].map(|version| plugin.release(version, "rpm"));
        run("rpm", ["-K", "--nosignature", &new]).success();
        let name = run("rpm", ["-qp", "--qf", "%{NAME} %{VERSION} %{RELEASE} %{ARCH}", &new]);
        assert_eq!(name.success(), "demo-1.0 1.0.3 1 noarch");

        let host = RedHatHost::new();
        let has_hooks = generation != "2.0.0";
        let expect = |arguments: &[&str], installed: Option<&str>, ran: &str| {
            host.rpm(arguments).success();
            assert_eq!(host.installed("demo-1.0").as_deref(), installed, "{arguments:?}");
            assert_eq!(
                host.hooks(),
                if has_hooks { ran } else { "" },
                "{generation} {arguments:?}"
            );
        };
        expect(&["-i", &old], Some("1.0.2-1"), "pre_install 1 1.0.2\npost_install 1 1.0.2\n");
        host.rpm(&["-V", "demo-1.0"]).success();
        expect(&["-U", &new], Some("1.0.3-1"), "pre_install 2 1.0.3\npost_install 2 1.0.3\n");
        host.rpm(&["-U", &old]).status(2);
        let down = ["-U", "--oldpackage", &old];
        expect(&down, Some("1.0.2-1"), "pre_install 2 1.0.2\npost_install 2 1.0.2\n");
        expect(&["-e", "demo-1.0"], None, "uninstall 0 1.0.2\n");
        assert!(!host.root().join("var/www/nailgun/plugins/demo-1.0").exists());
    }
}

#[test]
fn dnf_takes_the_files_and_release_lines_stand_side_by_side() {
    if !have(&["rpm", "dnf"]) {
        return;
    }
    let plugin = Plugin::create("demo", "5.0.0");
    plugin.with_hooks("/bin/sh");
    let [old, new, other] = ["1.0.2", "1.0.3", "1.1.0"].map(|v| plugin.release(v, "rpm"));
    let host = RedHatHost::new();
    let expect = |arguments: &[&str], installed: Option<&str>, ran: &str| {
        host.dnf(arguments).success();
        assert_eq!(host.installed("demo-1.0").as_deref(), installed, "{arguments:?}");
        assert_eq!(host.hooks(), ran, "{arguments:?}");
    };
    expect(&["install", &old], Some("1.0.2-1"), "pre_install 1 1.0.2\npost_install 1 1.0.2\n");
    expect(&["update", &new], Some("1.0.3-1"), "pre_install 2 1.0.3\npost_install 2 1.0.3\n");
    expect(&["install", &other], Some("1.0.3-1"), "pre_install 1 1.1.0\npost_install 1 1.1.0\n");
    assert_eq!(host.installed("demo-1.1").as_deref(), Some("1.1.0-1"));
    expect(&["downgrade", &old], Some("1.0.2-1"), "pre_install 2 1.0.2\npost_install 2 1.0.2\n");
    expect(&["remove-n", "demo-1.0"], None, "uninstall 0 1.0.2\n");
    assert_eq!(host.installed("demo-1.1").as_deref(), Some("1.1.0-1"));
}

#[test]
fn a_pre_release_is_updated_to_its_release() {
    if !have(&["rpm", "dnf"]) {
        return;
    }
    let plugin = Plugin::create("demo", "5.0.0");
    let [beta, release] = ["1.1.0b2", "1.1.0"].map(|version| plugin.release(version, "rpm"));
    let host = RedHatHost::new();
    host.dnf(&["install", &beta]).success();
    host.dnf(&["update", &release]).success();
    assert_eq!(host.installed("demo-1.1").as_deref(), Some("1.1.0-1"));
}

#[test]
fn a_failing_hook_stops_the_installation_before_it_and_not_after_it() {
    if !have(&["rpm"]) {
        return;
    }
    let plugin = Plugin::create("demo", "5.0.0");
    plugin.write("pre_install.sh", "#!/bin/sh\nexit 3\n");
    let stopped = plugin.release("1.0.1", "rpm");
    plugin.write("pre_install.sh", "").write("post_install.sh", "#!/bin/sh\nexit 3\n");
    let late = plugin.release("1.0.2", "rpm");
    let host = RedHatHost::new();
    assert_ne!(host.rpm(&["-i", &stopped]).status, Some(0));
    assert_eq!(host.installed("demo-1.0"), None);
    host.rpm(&["-i", &late]);
    assert_eq!(host.installed("demo-1.0").as_deref(), Some("1.0.2-1"));
}

#[test]
fn a_plugin_may_bring_programs_of_any_architecture() {
    if !have(&["rpm"]) {
        return;
    }
    let plugin = Plugin::create("demo", "5.0.0");
    let program = fs_err::read("/bin/ls").expect("every machine has it");
    // The two bytes in an ELF file that name the architecture.
    let foreign = [&program[..18], &[0xb7, 0], &program[20..]].concat();
    plugin.write("deployment_scripts/tool", program).write("repositories/ubuntu/tool", foreign);
    let package = plugin.release("1.0.1", "rpm");
    let needs = run("rpm", ["-qp", "--requires", &package]).success();
    assert!(!needs.contains(".so"), "{needs}");
    let host = RedHatHost::new();
    host.rpm(&["-i", &package]).success();
    host.rpm(&["-V", "demo-1.0"]).success();
}

#[test]
fn a_hook_has_all_arguments_of_its_first_line() {
    if !have(&["rpm"]) {
        return;
    }
    let plugin = Plugin::create("demo", "5.0.0");
    let host = RedHatHost::new();
    for interpreter in ["/bin/bash -e -u", "/bin/sh -e -u"] {
        plugin.with_hooks(interpreter);
        for hook in ["post_install", "uninstall"] {
            let text = format!("#!{interpreter}\necho {hook} $1 $- >>/tmp/hooks\n");
            plugin.write(&format!("{hook}.sh"), text);
        }
        let package = plugin.package("rpm");
        let package = package.to_str().expect("a UTF-8 path");
        let ran = "pre_install 1 1.0.0\npost_install 1 ue\n";
        host.rpm(&["-i", package]).success();
        assert_eq!(host.hooks(), ran, "{interpreter}");
        host.rpm(&["-e", "demo-1.0"]).success();
        assert_eq!(host.hooks(), "uninstall 0 ue\n", "{interpreter}");
    }
}
