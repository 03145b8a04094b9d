//! Disks that are full or read-only, registries that are damaged or gone, packages that are none: each
//! has its status and its words, and nothing is lost (`threats-and-faults` F3, F5, F12, F13).

#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use std::path::Path;

use tests::{Host, Manager, Numbers, Plugin, have, run, torture, tree};

/// A host of the quickest sort with three plugins.
fn stage() -> (Host, Plugin) {
    let host = Host::new(Manager::Rpm);
    let plugin = Plugin::create("demo", "5.0.0");
    for version in ["1.0.0", "1.1.0"] {
        let package = plugin.release(version, "rpm");
        host.plugins(["install", &package, "--yes"]).success();
    }
    let legacy = Plugin::create("old", "1.0.0");
    let package = legacy.release("1.0.0", "fp");
    host.plugins(["install", &package, "--yes"]).success();
    (host, plugin)
}

fn damage(file: &Path, numbers: &mut Numbers) {
    let mut bytes = fs_err::read(file).unwrap();
    match numbers.below(4) {
        0 => {
            let at = numbers.below(bytes.len());
            bytes[at] ^= 1 << numbers.below(8);
        }
        1 => bytes.truncate(numbers.below(bytes.len())),
        2 => {
            let at = numbers.below(bytes.len());
            let end = (at + 512).min(bytes.len());
            bytes[at..end].fill(0);
        }
        _ => bytes.clear(),
    }
    fs_err::write(file, bytes).unwrap();
}

#[test]
fn torture_a_damaged_registry_is_told_rebuilt_and_keeps_its_numbers() {
    if !have(&["rpm"]) {
        return;
    }
    let (host, _plugin) = stage();
    let state = host.root().join("var/lib/plugins");
    let (registry, audit) = (state.join("registry.db"), state.join("history.jsonl"));
    let whole = [&registry, &audit].map(|path| fs_err::read(path).unwrap());
    let goal = host.registered();
    let seeds = if torture() { 2_000 } else { 40 };
    let mut told = 0;
    for seed in 0..seeds {
        damage(&registry, &mut Numbers::new(seed));
        let list = host.plugins(["list", "--json"]);
        assert!(matches!(list.status, Some(0 | 9)), "{seed}: {list:?}");
        if list.status == Some(0) && host.plugins(["doctor"]).status == Some(0) {
            // The damage hit a byte that nobody reads, or nothing that matters.
            let seen = host.registered();
            assert!(seen == goal || seen.is_empty(), "{seed}: {seen:?}");
        } else {
            told += 1;
        }
        host.plugins(["doctor", "--repair", "--yes"]).status(0);
        assert_eq!(host.registered(), goal, "seed {seed}");
        host.plugins(["doctor"]).success();
        for entry in fs_err::read_dir(&state).unwrap() {
            let path = entry.unwrap().path();
            if path.to_string_lossy().contains("registry.db.") {
                fs_err::remove_file(path).unwrap();
            }
        }
        fs_err::write(&registry, &whole[0]).unwrap();
        fs_err::write(&audit, &whole[1]).unwrap();
    }
    eprintln!("{told} of {seeds} damaged registries were told and rebuilt");
    assert!(told > 0);
}

#[test]
fn a_registry_that_is_gone_is_rebuilt_with_its_numbers() {
    if !have(&["rpm"]) {
        return;
    }
    let (host, _plugin) = stage();
    let goal = host.registered();
    host.plugins(["unregister", "demo-1.0", "--yes"]).success();
    host.plugins(["sync", "--yes"]).success();
    let goal_after = host.registered();
    assert_eq!(goal.len(), goal_after.len());
    fs_err::remove_file(host.root().join("var/lib/plugins/registry.db")).unwrap();
    host.plugins(["doctor", "--repair", "--yes"]).success();
    assert_eq!(host.registered(), goal_after);
}

#[test]
fn torture_a_damaged_package_is_refused_or_installs_what_was_packaged() {
    if !have(&["rpm"]) {
        return;
    }
    let (host, plugin) = stage();
    let package = plugin.release("1.0.1", "rpm");
    let whole = fs_err::read(&package).unwrap();
    let before = host.registered();
    host.plugins(["install", &package, "--yes"]).success();
    let goal = tree(&host.plugins_root());
    host.plugins(["undo", "--yes"]).success();
    let seeds = if torture() { 500 } else { 15 };
    let mut accepted = 0;
    for seed in 0..seeds {
        damage(Path::new(&package), &mut Numbers::new(seed));
        let outcome = host.plugins(["install", &package, "--yes"]);
        if outcome.status == Some(0) {
            // The damage hit a byte that says nothing, such as those of the lead.
            accepted += 1;
            assert_eq!(tree(&host.plugins_root()), goal, "seed {seed}");
            host.plugins(["undo", "--yes"]).success();
        }
        assert!(matches!(outcome.status, Some(0 | 1 | 4)), "{seed}: {outcome:?}");
        assert_eq!(host.registered(), before);
        assert_eq!(host.recorded("demo-1.0").as_deref(), Some("1.0.0-1"));
        fs_err::write(&package, &whole).unwrap();
    }
    eprintln!(
        "{} of {seeds} damaged packages were refused, {accepted} were as good",
        seeds - accepted
    );
}

/// Runs the client where the host's `/var` is a disk of its own, mounted with `options`; nobody else
/// sees that disk. Returns what the client said and ended with, and what the doctor found after it, but
/// for the want of room.
fn on_small_disk(host: &Host, options: &str, arguments: &str) -> Option<tests::Outcome> {
    let root = host.root();
    let var = root.join("var");
    let client = tests::built("plugins");
    let script = format!(
        "set -e\ncp -a {var} {var}.copy\nmount -t tmpfs -o {options} none {var}\n\
         cp -a {var}.copy/. {var}/\nrm -rf {var}.copy\n\
         set +e\n{client} --root {root} {arguments}\nended=$?\n\
         {client} --root {root} list >&2\n{client} --root {root} doctor | grep -v ' room ' >&2\n\
         exit $ended",
        var = var.display(),
        client = client.display(),
        root = root.display(),
    );
    let outcome = run("unshare", ["--mount", "--propagation", "private", "sh", "-c", &script]);
    (!outcome.stderr.contains("unshare failed")).then_some(outcome)
}

#[test]
fn on_a_full_disk_a_command_ends_where_it_began_or_where_it_was_going() {
    if !have(&["rpm", "unshare"]) {
        return;
    }
    let plugin = Plugin::create("demo", "1.0.0");
    plugin.write("deployment_scripts/large", vec![7; 400_000]);
    let package = plugin.release("1.0.0", "fp");
    let mut ended = Vec::new();
    for kibibytes in [64, 128, 256, 400, 512, 700, 900, 1100, 1300, 2000, 4000] {
        let host = Host::new(Manager::Dpkg);
        let arguments = format!("install {package} --yes");
        let Some(outcome) = on_small_disk(&host, &format!("size={kibibytes}k"), &arguments) else {
            return;
        };
        // Where not even the host's own files have room there is nothing to see.
        if outcome.stderr.contains("No space left on device") && outcome.stderr.contains("cp:") {
            continue;
        }
        assert!(matches!(outcome.status, Some(0 | 1)), "{kibibytes} KiB: {outcome:?}");
        let ill = outcome
            .stderr
            .lines()
            .find(|line| line.starts_with("FAIL") || line.starts_with("WARN"));
        assert_eq!(ill, None, "{kibibytes} KiB: {outcome:?}");
        ended.push(outcome.status);
    }
    assert!(ended.contains(&Some(0)) && ended.contains(&Some(1)), "{ended:?}");
}

#[test]
fn a_read_only_disk_is_named() {
    if !have(&["rpm", "unshare"]) {
        return;
    }
    let (host, plugin) = stage();
    let package = plugin.release("1.0.1", "rpm");
    let before = tree(&host.root());
    let root = host.root();
    let script = format!(
        "mount --bind {root} {root} && mount -o remount,ro,bind {root} && {client} --root {root} list && \
         {client} --root {root} install {package} --yes",
        root = root.display(),
        client = tests::built("plugins").display(),
    );
    let outcome = run("unshare", ["--mount", "--propagation", "private", "sh", "-c", &script]);
    if outcome.stderr.contains("unshare failed") {
        return;
    }
    outcome.refusal(1, "var/lib/plugins");
    assert_eq!(before, tree(&host.root()));
}
