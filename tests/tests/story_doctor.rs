//! Something went wrong on a host; `plugins doctor` names it, `--repair` mends it, and then all is well.

use serde_json::Value;
use tests::{Host, Plugin};

/// The checks that found something.
fn ills(host: &Host) -> Vec<String> {
    let answer = host.json(["doctor"]);
    let findings = answer["results"].as_array().expect("a list");
    let ill = |finding: &&Value| finding["severity"] != "ok";
    let mut ills: Vec<String> = findings
        .iter()
        .filter(ill)
        .map(|finding| finding["check"].as_str().expect("an identifier").to_owned())
        .collect();
    ills.dedup();
    ills
}

/// A host with a plugin in each format, of which the packages are kept.
fn furnish(host: &Host) {
    let demo = Plugin::create("demo", "5.0.0");
    let old = Plugin::create("old", "1.0.0");
    for package in [
        host.release(&demo, "1.0.2"),
        host.release(&demo, "1.0.3"),
        old.release("2.0.0", "fp"),
        old.release("2.0.1", "fp"),
    ] {
        host.plugins(["install", &package, "--yes"]).success();
    }
    host.plugins(["link", "old", "2.0.0", "--to", "2.0.1", "--yes"]).success();
}

/// Something that happens to a host.
type Harm = fn(&Host);

/// What happens, and which check finds it.
const HARMS: [(&str, Harm); 10] = [
    ("D01", |host| {
        fs_err::write(host.root().join("var/lib/plugins/registry.db"), "no database")
            .expect("ours");
    }),
    ("D01", |host| {
        fs_err::remove_file(host.root().join("var/lib/plugins/registry.db")).expect("it is there");
    }),
    ("D05", |host| {
        fs_err::remove_file(host.plugins_root().join("demo-1.0/tasks.yaml")).expect("it is there");
    }),
    ("D06", |host| {
        let file = host.plugins_root().join("demo-1.0/LICENSE");
        fs_err::write(file, "mine").expect("ours");
    }),
    ("D07", |host| {
        let file = host.plugins_root().join("old-2.0.1/tasks.yaml");
        fs_err::write(file, "").expect("ours");
    }),
    ("D08", |host| {
        fs_err::remove_file(host.plugins_root().join("old-2.0.0")).expect("it is there");
    }),
    ("D10", |host| host.remove_behind("demo-1.0")),
    ("D11", |host| {
        let plugin = Plugin::create("other", "5.0.0");
        host.install_behind(&host.release(&plugin, "1.0.0"));
    }),
    ("D12", |host| {
        let plugin = Plugin::create("demo", "5.0.0");
        host.install_behind(&host.release(&plugin, "1.0.4"));
    }),
    ("D13", |host| {
        fs_err::write(host.root().join("var/lib/plugins/sync-needed"), "").expect("ours");
    }),
];

#[test]
fn each_harm_is_named_mended_and_gone() {
    for host in Host::quick() {
        furnish(&host);
        assert_eq!(ills(&host), Vec::<String>::new());
        let whole = host.registry();
        let saved = host.save("whole");
        for (check, harm) in HARMS {
            harm(&host);
            let found = ills(&host);
            assert!(found.iter().any(|found| found == check), "{check}: {found:?}");
            let told = host.plugins(["doctor"]).status(9);
            assert!(told.stdout.contains(&format!("[{check}]")), "{check}: {}", told.stdout);
            host.plugins(["doctor", "--repair", "--yes"]).success();
            assert_eq!(ills(&host), Vec::<String>::new(), "{check}");
            if check == "D01" {
                assert_eq!(host.registry(), whole, "rebuilt with its numbers");
            }
            host.restore(&saved);
        }
    }
}

#[test]
fn kept_packages_that_are_not_what_they_were_are_found() {
    for host in Host::quick() {
        furnish(&host);
        let kept = host.root().join("var/cache/plugins/packages");
        let package = fs_err::read_dir(&kept).unwrap().next().unwrap().unwrap().path();
        fs_err::write(&package, "mine").unwrap();
        assert_eq!(ills(&host), ["D20"]);
        host.plugins(["doctor", "--repair", "--yes"]).success();
        assert_eq!(ills(&host), Vec::<String>::new());
    }
}

#[test]
fn one_check_alone_and_no_unknown_one() {
    for host in Host::quick() {
        furnish(&host);
        host.remove_behind("demo-1.0");
        host.plugins(["doctor", "--check", "D01"]).success();
        host.plugins(["doctor", "--check", "D10"]).status(9);
        host.plugins(["doctor", "--check", "D99"]).status(2);
    }
}
