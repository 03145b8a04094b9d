//! A package manager that hangs, or a package's own script that does, is ended with all that it started
//! when its time is up; the host is one thing or the other then (`threats-and-faults` F7, I8).

use std::path::Path;

use tests::{Host, Plugin, finish};

/// Gives the package manager a second.
fn hurry(host: &Host) {
    host.write_settings(&format!("{}package-manager-timeout: 1\n", host.settings()));
}

/// Whether the process lives whose number is in the file.
fn lives(number: &Path) -> bool {
    let number = fs_err::read_to_string(number).expect("it was begun");
    let stat = fs_err::read_to_string(format!("/proc/{}/stat", number.trim()));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

#[test]
fn a_package_manager_that_hangs_is_ended_and_nothing_has_changed() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let package = host.release(&plugin, "1.0.1");
        hurry(&host);
        let (tools, number) = (host.beside("tools"), host.beside("number"));
        let script = format!(
            "case \" $* \" in *' --test '* | *' --no-act '*) ;; *' -U '* | *' -i '*)\n\
             sleep 1000 & echo $! >{}; wait ;;\nesac\nexec /usr/bin/{} \"$@\"",
            number.display(),
            host.manager.name()
        );
        host.stand_in(&tools, host.manager.name(), &script);
        let mut client = host.client(["install", &package, "--yes"]);
        let outcome = finish(client.env("PLUGINS_TOOLS", &tools));
        let outcome = outcome.refusal(6, "was ended after 1 s");
        assert!(outcome.stderr.contains("P0306"), "{outcome:?}");
        assert!(!lives(&number), "what it started lives on");
        assert_eq!(host.registered(), []);
        assert_eq!(host.version_in("demo-1.0"), None);
        host.plugins(["doctor"]).success();
        host.plugins(["install", &package, "--yes"]).success();
    }
}

#[test]
fn a_script_that_hangs_is_ended_and_the_plugin_is_there_or_not() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let good = host.release(&plugin, "1.0.1");
        let hang = "#!/bin/sh\necho $$ >/tmp/number\nexec /bin/busybox sleep 1000\n";
        plugin.write("post_install.sh", hang);
        let package = host.release(&plugin, "1.0.2");
        host.plugins(["install", &good, "--yes"]).success();
        hurry(&host);
        let outcome = host.plugins(["update", &package, "--yes"]);
        assert!(!lives(&host.root().join("tmp/number")), "the script lives on");
        let version = match outcome.status {
            Some(0) => "1.0.2",
            Some(6) => "1.0.1",
            _ => panic!("{outcome:?}"),
        };
        assert_eq!(host.version_in("demo-1.0").as_deref(), Some(version));
        assert_eq!(host.registry(), [format!("1 demo {version}")]);
        host.plugins(["doctor"]).success();
    }
}
