//! Damage on the way: a package that is not what was built is never shown as if it were. Either it
//! is refused, or a digest in it does not hold and the status says so, or what it says and holds is
//! the same to the last byte.

#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use serde_json::Value;
use tests::{Numbers, Plugin, bounded, damage, torture};

/// Tries for each format: a few that show the wiring, or a figure to rely on.
fn rounds() -> u64 {
    if torture() { 10_000 } else { 60 }
}

/// What `fpb inspect` makes of `bytes`: its status and its answer.
fn inspect(bytes: &[u8]) -> (i32, Value) {
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("package"), bytes).unwrap();
    let outcome = bounded(folder.path(), ["inspect", "package", "--json"]).harmless();
    let answer: Value = serde_json::from_str(&outcome.stdout).unwrap();
    (outcome.status.expect("no signal ends it"), answer)
}

/// What a package says and holds, without how it is packed.
fn content(answer: &Value) -> Vec<&Value> {
    let shown = &answer["results"][0];
    ["plugin", "package", "fields", "relations", "scripts", "files"].map(|key| &shown[key]).into()
}

#[expect(clippy::print_stderr, reason = "a sweep says how much it tried")]
fn sweep(format: &str, generation: &str) {
    let plugin = Plugin::create("demo", generation);
    plugin.with_hooks("/bin/sh");
    let good = fs_err::read(plugin.package(format)).unwrap();
    let (status, original) = inspect(&good);
    assert_eq!(status, 0, "{original}");
    let (mut refused, mut told) = (0, 0);
    for seed in 0..rounds() {
        let mut bad = good.clone();
        damage(&mut bad, &mut Numbers::new(seed));
        let (status, answer) = inspect(&bad);
        let broken = answer.to_string().contains("\"holds\":false");
        assert!(!broken || status != 0, "{format} seed {seed}: a broken digest and status 0");
        if status == 0 {
            assert_eq!(content(&answer), content(&original), "{format} seed {seed}");
        }
        refused += u64::from(status != 0 && !broken);
        told += u64::from(broken);
    }
    eprintln!("{format}: {} damaged, {refused} refused, {told} with a broken digest", rounds());
    assert!(refused + told > rounds() / 2);
}

#[test]
fn torture_damaged_rpms_are_never_taken_for_whole_ones() {
    sweep("rpm", "5.0.0");
}

#[test]
fn torture_damaged_debs_are_never_taken_for_whole_ones() {
    sweep("deb", "5.0.0");
}

#[test]
fn torture_damaged_fps_are_never_taken_for_whole_ones() {
    sweep("fp", "1.0.0");
}
