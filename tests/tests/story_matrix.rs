//! Every offer against every action: old and new format, lower, equal and higher, same and other line
//! (`fuel 4.2`).

use std::path::PathBuf;

use tests::{Host, Plugin};

/// What comes of an offer.
enum Then {
    /// The registry has this entry besides, or instead of the one with the same number.
    Entry(&'static str),
    /// Nothing is changed, and that is success.
    Nothing,
    /// Refused with this status, and with these words as advice.
    Refused(i32, &'static str),
}

use Then::{Entry, Nothing, Refused};

/// The offers of the table, by name, package version and version, with what install, update and
/// downgrade make of them.
const TABLE: [(&str, &str, &str, [Then; 3]); 8] = [
    (
        "plugin_name",
        "1.0.0",
        "2.0.2",
        [Entry("4 plugin_name 2.0.2"), Refused(4, "plugins link"), Refused(4, "help:")],
    ),
    (
        "plugin_name",
        "5.0.0",
        "2.0.2",
        [Entry("4 plugin_name 2.0.2"), Refused(4, "plugins link"), Refused(4, "help:")],
    ),
    ("plugin_name", "1.0.0", "2.0.1", [Nothing, Refused(4, "help:"), Refused(4, "help:")]),
    (
        "new_plugin",
        "5.0.0",
        "1.0.2",
        [Entry("3 new_plugin 1.0.2"), Entry("3 new_plugin 1.0.2"), Refused(4, "plugins update ")],
    ),
    (
        "new_plugin",
        "5.0.0",
        "1.0.0",
        [
            Refused(4, "plugins downgrade "),
            Refused(4, "plugins downgrade "),
            Entry("3 new_plugin 1.0.0"),
        ],
    ),
    ("new_plugin", "5.0.0", "1.0.1", [Nothing, Nothing, Nothing]),
    (
        "new_plugin",
        "5.0.0",
        "1.1.0",
        [
            Entry("4 new_plugin 1.1.0"),
            Refused(4, "plugins install "),
            Refused(4, "plugins install "),
        ],
    ),
    (
        "new_plugin",
        "1.0.0",
        "1.0.2",
        [Entry("4 new_plugin 1.0.2"), Refused(4, "help:"), Refused(4, "help:")],
    ),
];

/// What is installed when an offer comes.
const INSTALLED: [&str; 3] = ["1 plugin_name 2.0.0", "2 plugin_name 2.0.1", "3 new_plugin 1.0.1"];

/// Installs what the table begins with, and keeps the host as it is then.
fn begin(host: &Host) -> PathBuf {
    let old = Plugin::create("plugin_name", "1.0.0");
    let new = Plugin::create("new_plugin", "4.0.0");
    for package in
        [old.release("2.0.0", "fp"), old.release("2.0.1", "fp"), host.release(&new, "1.0.1")]
    {
        host.plugins(["install", &package, "--yes"]).success();
    }
    assert_eq!(host.registry(), INSTALLED);
    host.save("begin")
}

#[track_caller]
fn expect(host: &Host, verb: &str, package: &str, then: &Then) {
    match then {
        Entry(entry) => {
            host.changes(&[verb, package, "--yes"]);
            let (number, _) = entry.split_once(' ').expect("a number");
            let others = INSTALLED.into_iter().filter(|other| !other.starts_with(number));
            let mut expected: Vec<&str> = others.chain([*entry]).collect();
            expected.sort_unstable();
            assert_eq!(host.registry(), expected, "{verb} {package}");
        }
        Nothing => {
            host.does_nothing(&[verb, package, "--yes"]);
        }
        Refused(status, advice) => {
            host.refuses(&[verb, package, "--yes"], *status, advice);
        }
    }
}

#[test]
fn every_offer_is_taken_or_refused_as_the_table_says() {
    for host in Host::quick() {
        let begin = begin(&host);
        for (name, generation, version, outcomes) in &TABLE {
            let plugin = Plugin::create(name, generation);
            let legacy = *generation == "1.0.0";
            let package =
                plugin.release(version, if legacy { "fp" } else { host.manager.format() });
            for (verb, then) in ["install", "update", "downgrade"].into_iter().zip(outcomes) {
                expect(&host, verb, &package, then);
                if matches!(then, Entry(_)) {
                    host.restore(&begin);
                }
            }
        }
    }
}

#[test]
fn an_old_format_offer_of_a_new_format_plugin_is_taken_with_a_warning() {
    for host in Host::quick() {
        begin(&host);
        let plugin = Plugin::create("new_plugin", "1.0.0");
        let package = plugin.release("1.0.2", "fp");
        let answer = host.changes(&["install", &package, "--yes"]);
        let warnings = answer["warnings"].to_string();
        assert!(warnings.contains("new_plugin==1.0.1"), "{answer}");
        for (folder, version) in [("new_plugin-1.0", "1.0.1"), ("new_plugin-1.0.2", "1.0.2")] {
            assert_eq!(host.version_in(folder).as_deref(), Some(version));
        }
    }
}
