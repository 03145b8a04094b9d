//! Package managers end with 0 and did nothing, end with 1 and did it all, or do something else; what
//! counts is what their database says then (`cli 5`).

use tests::{Host, Manager, Outcome, Plugin};

/// A stand-in's body: for a change it does `change`, everything else is handed on.
fn stand_in(host: &Host, change: &str) -> std::path::PathBuf {
    let folder = host.beside("tools");
    let tool = host.manager.name();
    let script = format!(
        "for word; do case $word in --test|--dry-run|--no-act|--simulate)\n\
         exec /usr/bin/{tool} \"$@\";;\nesac; done\n\
         for word; do case $word in\n\
         -U*|-i|-e|-r|-P|--upgrade|--install|--unpack|--erase|--remove|--purge|--reinstall)\n\
         {change};;\nesac; done\nexec /usr/bin/{tool} \"$@\""
    );
    host.stand_in(&folder, tool, &script);
    folder
}

fn with_tools(host: &Host, tools: &std::path::Path, arguments: &[&str]) -> Outcome {
    let mut client = host.client(arguments);
    tests::finish(client.env("PLUGINS_TOOLS", tools)).harmless()
}

/// What has to hold whatever happened: the answer was true, and one sync later everything agrees.
#[track_caller]
fn is_true(host: &Host, outcome: &Outcome, start: Option<&str>, goal: Option<&str>) {
    let recorded = host.recorded("demo-1.0");
    let recorded = recorded.as_deref().map(|version| version.trim_end_matches("-1"));
    match outcome.status {
        Some(0) => assert_eq!(recorded, goal, "{outcome:?}"),
        Some(1..=7) => assert_eq!(recorded, start, "{outcome:?}"),
        Some(8 | 9) => {}
        other => panic!("{other:?} {outcome:?}"),
    }
    let registered = |host: &Host| -> Option<String> {
        host.registered().into_iter().next().map(|(_, _, version)| version)
    };
    if outcome.status < Some(8) {
        assert_eq!(registered(host).as_deref(), recorded, "{outcome:?}");
    }
    host.plugins(["sync", "--prune", "--yes"]);
    assert_eq!(registered(host), host.version_in("demo-1.0"), "{outcome:?}");
}

#[test]
fn success_without_effect_is_failure() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let [low, high] = ["1.0.2", "1.0.3"].map(|version| host.release(&plugin, version));
        let tools = stand_in(&host, "exit 0");
        let outcome = with_tools(&host, &tools, &["install", &low, "--yes"]).status(6);
        is_true(&host, &outcome, None, Some("1.0.2"));
        host.plugins(["install", &low, "--yes"]).success();
        for arguments in [&["update", &high, "--yes"][..], &["remove", "demo-1.0", "--yes"]] {
            let outcome = with_tools(&host, &tools, arguments).status(6);
            is_true(&host, &outcome, Some("1.0.2"), None);
        }
    }
}

#[test]
fn failure_with_the_whole_effect_is_success_with_a_warning() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let [low, high] = ["1.0.2", "1.0.3"].map(|version| host.release(&plugin, version));
        let real = format!("/usr/bin/{} \"$@\"; exit 1", host.manager.name());
        let tools = stand_in(&host, &real);
        let table: [(&[&str], Option<&str>, Option<&str>); 3] = [
            (&["install", &low, "--yes"], None, Some("1.0.2")),
            (&["update", &high, "--yes"], Some("1.0.2"), Some("1.0.3")),
            (&["remove", "demo-1.0", "--yes"], Some("1.0.3"), None),
        ];
        for (arguments, start, goal) in table {
            let outcome = with_tools(&host, &tools, arguments).status(0);
            assert!(outcome.stderr.contains("warning"), "{outcome:?}");
            is_true(&host, &outcome, start, goal);
        }
    }
}

#[test]
fn another_version_than_the_wanted_one_is_not_taken_for_it() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let [low, mid, high] =
            ["1.0.2", "1.0.3", "1.0.4"].map(|version| host.release(&plugin, version));
        host.plugins(["install", &low, "--yes"]).success();
        let root = host.root();
        let install = match host.manager {
            Manager::Dnf | Manager::Rpm => {
                format!("rpm --root {} -U --nosignature", root.display())
            }
            Manager::Apt | Manager::Dpkg => format!("dpkg --root={} -i", root.display()),
        };
        let tools = stand_in(&host, &format!("exec /usr/bin/{install} {mid}"));
        let outcome = with_tools(&host, &tools, &["update", &high, "--yes"]);
        assert!(!matches!(outcome.status, Some(0)), "{outcome:?}");
        is_true(&host, &outcome, Some("1.0.2"), Some("1.0.4"));
    }
}

#[test]
fn a_plugin_whose_own_scripts_fail_is_what_the_database_says() {
    for host in Host::all() {
        for hook in ["pre_install", "post_install", "uninstall"] {
            // dpkg leaves such a package half-configured.
            if hook == "post_install" && host.manager.format() == "deb" {
                continue;
            }
            let plugin = Plugin::create("demo", "5.0.0");
            plugin.write(&format!("{hook}.sh"), "#!/bin/sh\necho unhappy\nexit 1\n");
            let package = host.release(&plugin, "1.0.2");
            let outcome = host.plugins(["install", &package, "--yes"]);
            is_true(&host, &outcome, None, Some("1.0.2"));
            if hook != "uninstall" {
                let told = ["unhappy", "scriptlet failed"];
                let told = told.iter().any(|words| outcome.stderr.contains(words));
                assert!(told, "{hook} {host:?} {outcome:?}");
            }
            let outcome = host.plugins(["remove", "demo-1.0", "--if-present", "--yes"]);
            let start = host.recorded("demo-1.0");
            let start = start.as_deref().map(|version| version.trim_end_matches("-1"));
            is_true(&host, &outcome, start, None);
            let left = host.plugins(["doctor"]);
            assert!(matches!(left.status, Some(0 | 9)), "{left:?}");
            host.force_away("demo-1.0");
            host.plugins(["sync", "--prune", "--yes"]);
        }
    }
}

#[test]
fn what_the_package_manager_said_is_quoted_and_kept() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let package = host.release(&plugin, "1.0.2");
        let tools = stand_in(&host, "echo first line; echo disk on fire >&2; exit 7");
        let outcome = with_tools(&host, &tools, &["install", &package, "--yes"]).status(6);
        assert!(outcome.stderr.contains("disk on fire"), "{}", outcome.stderr);
        let log = fs_err::read_to_string(host.root().join("var/log/plugins.log")).unwrap();
        assert!(log.contains("first line") && log.contains("disk on fire"), "{log}");
        let json = with_tools(&host, &tools, &["install", &package, "--yes", "--json"]).status(6);
        assert!(json.stdout.contains("disk on fire"), "{}", json.stdout);
    }
}

#[test]
fn a_script_that_fails_under_dpkg_stops_no_other_plugin() {
    for host in [Manager::Dpkg, Manager::Apt].into_iter().flat_map(Host::of) {
        let bad = Plugin::create("demo", "5.0.0");
        bad.write("post_install.sh", "#!/bin/sh\necho unhappy\nexit 1\n");
        let good = Plugin::create("good", "5.0.0");
        let outcome = host.plugins(["install", &host.release(&bad, "1.0.2"), "--yes"]);
        assert!(outcome.stderr.contains("unhappy"), "{outcome:?}");
        host.changes(&["install", &host.release(&good, "1.0.0"), "--yes"]);
        host.plugins(["doctor", "--repair", "--yes"]).success();
        host.plugins(["doctor"]).success();
    }
}
