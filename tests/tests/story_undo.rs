//! An administrator looks at what happened and takes it back, without any network.

use serde_json::Value;
use tests::{Host, Plugin, tree};

/// What undo has to bring back: plugins root and registry.
fn seen(host: &Host) -> (impl PartialEq + std::fmt::Debug, Vec<String>, Vec<String>) {
    let rows = host.json(["list"])["results"].clone();
    let states = rows.as_array().expect("a list").iter().map(|row| row["states"].to_string());
    (tree(&host.plugins_root()), host.registry(), states.collect())
}

fn history(host: &Host) -> Vec<Value> {
    host.json(["history"])["results"].as_array().expect("a list").clone()
}

#[test]
fn whatever_was_done_can_be_undone_and_that_again() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let old = Plugin::create("old", "1.0.0");
        let [low, high] = ["1.0.2", "1.0.3"].map(|version| host.release(&plugin, version));
        let [first, second] = ["2.0.0", "2.0.1"].map(|version| old.release(version, "fp"));
        let saved = host.save("begin");
        let table: [(&[&[&str]], &[&str]); 9] = [
            (&[], &["install", &low]),
            (&[], &["install", &first]),
            (&[&["install", &low]], &["update", &high]),
            (&[&["install", &low], &["install", &high]], &["downgrade", &low]),
            (&[&["install", &low]], &["remove", "demo-1.0"]),
            (&[&["install", &first]], &["remove", "old==2.0.0"]),
            (&[&["install", &low]], &["unregister", "demo==1.0.2"]),
            (&[&["install", &low]], &["hold", "demo-1.0"]),
            (
                &[&["install", &first], &["install", &second]],
                &["link", "old", "2.0.0", "--to", "2.0.1"],
            ),
        ];
        for (before, done) in table {
            for command in before {
                host.plugins(command.iter().chain(&["--yes"])).success();
            }
            let start = seen(&host);
            host.plugins(done.iter().chain(&["--yes"])).success();
            let goal = seen(&host);
            assert_ne!(start, goal, "{done:?}");
            host.changes(&["undo", "--offline", "--yes"]);
            assert_eq!(start, seen(&host), "undo of {done:?}");
            let undo = history(&host)[0]["transaction"].to_string();
            host.changes(&["undo", &undo, "--offline", "--yes"]);
            assert_eq!(goal, seen(&host), "undo of the undo of {done:?}");
            host.restore(&saved);
        }
    }
}

#[test]
fn history_tells_what_changed_when_by_whom_and_from_where() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let [low, high] = ["1.0.2", "1.0.3"].map(|version| host.release(&plugin, version));
        assert!(history(&host).is_empty());
        host.plugins(["install", &low, "--yes"]).success();
        host.plugins(["install", &low, "--yes"]).success();
        host.plugins(["update", &high, "--yes"]).success();
        host.plugins(["undo", "--yes"]).success();
        let entries = history(&host);
        assert_eq!(entries.len(), 3, "what changed nothing is not told: {entries:?}");
        let numbers: Vec<i64> =
            entries.iter().map(|entry| entry["transaction"].as_i64().unwrap()).collect();
        let (newest, updated) = (&entries[0], &entries[1]);
        assert!(numbers.is_sorted_by(|a, b| a > b), "newest first: {numbers:?}");
        assert_eq!(newest["reverses"], updated["transaction"]);
        assert!(updated["command"].as_str().unwrap().contains("update"), "{updated}");
        assert!(updated["actor"].as_str().is_some_and(|actor| !actor.is_empty()), "{updated}");
        assert!(updated["time"].as_str().unwrap().ends_with('Z'), "{updated}");
        let package = updated.to_string();
        let digest = tests::run("sha256sum", [&high]).success();
        assert!(package.contains(digest.split(' ').next().unwrap()), "{package}");
        host.plugins(["history", "--plugin", "demo"]).success();
        host.plugins(["history", &numbers[1].to_string()]).success();
        host.refuses(&["history", "4711"], 3, "4711");
    }
}

#[test]
fn an_older_transaction_is_undone_only_while_nothing_else_rests_on_it() {
    for host in Host::quick() {
        let demo = Plugin::create("demo", "5.0.0");
        let other = Plugin::create("other", "5.0.0");
        let [low, mid, high] =
            ["1.0.2", "1.0.3", "1.0.4"].map(|version| host.release(&demo, version));
        host.plugins(["install", &low, "--yes"]).success();
        host.plugins(["update", &mid, "--yes"]).success();
        let update = history(&host)[0]["transaction"].to_string();
        host.plugins(["install", &host.release(&other, "1.0.0"), "--yes"]).success();
        // Another plugin's change is none of its business.
        host.changes(&["undo", &update, "--yes"]);
        assert_eq!(host.registry(), ["1 demo 1.0.2", "2 other 1.0.0"]);
        host.plugins(["update", &high, "--yes"]).success();
        host.refuses(&["undo", &update, "--yes"], 5, "1.0.4");
        // By name, the last that happened to it.
        host.changes(&["undo", "demo", "--yes"]);
        assert_eq!(host.registry(), ["1 demo 1.0.2", "2 other 1.0.0"]);
        host.refuses(&["undo", "4711", "--yes"], 3, "4711");
    }
}

#[test]
fn an_undo_without_the_package_is_refused_before_anything_happens() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let [low, high] = ["1.0.2", "1.0.3"].map(|version| host.release(&plugin, version));
        host.plugins(["install", &low, "--yes"]).success();
        host.plugins(["update", &high, "--yes"]).success();
        fs_err::remove_dir_all(host.root().join("var/cache/plugins")).unwrap();
        host.refuses(&["undo", "--offline", "--yes"], 3, "1.0.2");
    }
}

#[test]
fn removed_by_name_a_plugin_comes_back_with_its_number() {
    for host in Host::all() {
        let plugin = Plugin::create("demo", "5.0.0");
        let package = host.release(&plugin, "1.0.2");
        host.plugins(["install", &package, "--yes"]).success();
        fs_err::remove_file(&package).unwrap();
        host.plugins(["remove", "demo-1.0", "--yes"]).success();
        host.plugins(["rollback", "--offline", "--yes"]).success();
        assert_eq!(host.registry(), ["1 demo 1.0.2"]);
        assert_eq!(host.recorded("demo-1.0").as_deref(), Some("1.0.2-1"));
    }
}
