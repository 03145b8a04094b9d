//! What somebody else, or a clumsy administrator, may have done to a host before a command comes
//! (`threats-and-faults` A18–A20, A28, A32, A34): nothing is lost, heeded or waited for, and it is said.

#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tests::forge::{self, Entry, EntryType};
use tests::{Host, Manager, Outcome, Plugin, built, command, finish, have, repack, tree};

/// A host with one version of a plugin, and a package of the next.
struct Stage {
    host: Host,
    next: String,
    _plugin: Plugin,
}

impl Stage {
    fn new(generation: &str, format: &str) -> Option<Self> {
        if !have(&["dpkg"]) {
            return None;
        }
        let (host, plugin) = (Host::new(Manager::Dpkg), Plugin::create("demo", generation));
        let [first, next] = ["1.0.1", "1.0.2"].map(|version| plugin.release(version, format));
        host.plugins(["install", "--yes", &first]).success();
        Some(Self { host, next, _plugin: plugin })
    }

    fn state(&self, name: &str) -> PathBuf {
        self.host.root().join("var/lib/plugins").join(name)
    }

    fn kept(&self) -> PathBuf {
        self.host.root().join("var/cache/plugins/packages")
    }

    /// Runs the client, which must not wait for anything.
    fn run(&self, words: &[&str]) -> Outcome {
        let mut client = command("timeout", ["30"]);
        client.arg(built("plugins")).arg("--root").arg(self.host.root()).args(words);
        finish(&mut client).harmless()
    }

    fn install(&self) -> Outcome {
        self.run(&["install", "--yes", &self.next])
    }
}

fn set_mode(path: &Path, mode: u32) {
    fs_err::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

fn put_pipe(path: &Path) {
    if path.exists() {
        fs_err::remove_file(path).unwrap();
    }
    finish(command("mkfifo", ["--"]).arg(path)).success();
}

#[test]
fn a_journal_that_others_could_have_written_is_not_carried_out_and_a_repair_puts_it_aside() {
    let Some(stage) = Stage::new("1.0.0", "fp") else { return };
    set_mode(&stage.state(""), 0o777);
    fs_err::write(stage.state("journal"), "{\"format\":1,\"plan\":{}}").unwrap();
    stage.install().refusal(9, "may be written by others than root");
    assert!(stage.state("journal").exists());

    let repaired = stage.run(&["doctor", "--repair", "--yes"]).success();
    assert!(!repaired.contains("FAIL"), "{repaired}");
    assert!(stage.state("journal.distrusted").exists() && !stage.state("journal").exists());
    stage.install().success();

    fs_err::write(stage.state("journal"), "{}").unwrap();
    set_mode(&stage.state("journal"), 0o666);
    stage.run(&["sync", "--yes"]).refusal(9, "journal` may be written by others than root");
}

#[test]
fn settings_that_others_could_have_written_run_nothing() {
    let Some(stage) = Stage::new("1.0.0", "fp") else { return };
    let folder = stage.host.root().join("etc/plugins/conf.d");
    fs_err::create_dir_all(&folder).unwrap();
    let file = folder.join("own.yaml");
    fs_err::write(&file, "trust-policy: legacy\n").unwrap();
    for (path, mode) in [(&file, 0o666), (&folder, 0o777)] {
        let before = (tree(&stage.host.plugins_root()), stage.host.registered());
        set_mode(path, mode);
        stage.install().refusal(9, "may be written by others than root");
        assert_eq!((tree(&stage.host.plugins_root()), stage.host.registered()), before);
        set_mode(path, mode & !0o022);
    }
    stage.install().success();
}

#[test]
fn a_link_in_the_state_folder_empties_no_folder_of_others() {
    let Some(stage) = Stage::new("1.0.0", "fp") else { return };
    let victim = stage.host.root().join("srv/precious");
    fs_err::create_dir_all(victim.join("staged")).unwrap();
    fs_err::write(victim.join("staged/file"), "precious").unwrap();
    set_mode(&victim, 0o755);
    let before = tree(&stage.host.root().join("srv"));
    for name in ["incoming", "attic", "attic/trash"] {
        let (path, aside) = (stage.state(name), stage.state("aside"));
        finish(command("mv", ["-T", "--"]).arg(&path).arg(&aside)).success();
        fs_err::os::unix::fs::symlink(&victim, &path).unwrap();
        stage.install().refusal(9, "is not a folder of its own");
        assert_eq!(tree(&stage.host.root().join("srv")), before, "{name}");
        fs_err::remove_file(&path).unwrap();
        finish(command("mv", ["-T", "--"]).arg(&aside).arg(&path)).success();
    }
    stage.install().success();
}

#[test]
fn pipes_and_links_in_the_place_of_files_are_named_and_never_waited_for() {
    for name in ["journal", "lock", "history.jsonl", "registry.db"] {
        let Some(stage) = Stage::new("1.0.0", "fp") else { return };
        put_pipe(&stage.state(name));
        for words in [&["install", "--yes", &stage.next][..], &["doctor"], &["list"]] {
            let outcome = stage.run(words);
            let is_told = outcome.status == Some(0) || outcome.stderr.contains("error[P");
            assert!(outcome.status != Some(124) && is_told, "{name} {words:?} {outcome:?}");
        }
        let refused = stage.install();
        assert!(refused.stderr.contains(name), "{}", refused.stderr);
    }
    let Some(stage) = Stage::new("5.0.0", "deb") else { return };
    put_pipe(&stage.host.root().join("var/log/plugins.log"));
    stage.install().refusal(1, "plugins.log");

    let Some(stage) = Stage::new("1.0.0", "fp") else { return };
    let precious = stage.host.root().join("precious");
    fs_err::write(&precious, "precious").unwrap();
    fs_err::remove_file(stage.state("lock")).unwrap();
    fs_err::hard_link(&precious, stage.state("lock")).unwrap();
    stage.install().refusal(1, "is not a file of its own");
    assert_eq!(fs_err::read(&precious).unwrap(), b"precious");
}

#[test]
fn a_kept_package_that_was_altered_is_refused_by_its_digest_before_it_is_read() {
    let Some(stage) = Stage::new("5.0.0", "deb") else { return };
    let entries = fs_err::read_dir(stage.kept()).unwrap().map(|entry| entry.unwrap().path());
    let package = entries.into_iter().find(|path| path.extension().unwrap() == "deb").unwrap();
    stage.install().success();
    let mut bytes = fs_err::read(&package).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs_err::write(&package, bytes).unwrap();
    for verb in [&["undo"][..], &["downgrade", "demo"]] {
        let words: Vec<&str> = verb.iter().copied().chain(["--yes"]).collect();
        stage.run(&words).refusal(4, "has changed since it was kept");
    }
    assert_eq!(stage.host.version_in("demo-1.0").as_deref(), Some("1.0.2"));
}

#[test]
fn labels_that_are_none_are_in_nobodys_way() {
    let Some(stage) = Stage::new("1.0.0", "fp") else { return };
    let digest = "0".repeat(64);
    fs_err::write(stage.kept().join(format!("{digest}.json")), "").unwrap();
    fs_err::write(stage.kept().join("\u{1b}[31m.json"), "{}").unwrap();
    put_pipe(&stage.kept().join(format!("{}.json", digest.replace('0', "1"))));
    stage.install().success();
    stage.run(&["doctor"]).success();
}

#[test]
fn what_no_package_may_hold_is_refused_by_policy_and_leaves_no_trace() {
    let Some(stage) = Stage::new("1.0.0", "fp") else { return };
    let before = tree(&stage.host.plugins_root());
    let outside = EntryType::Symlink;
    for entry in [
        Entry::file("TOP/../x"),
        Entry::file("/etc/cron.d/x"),
        Entry::other(outside, "TOP/x", "../../etc"),
        Entry::other(EntryType::Link, "TOP/x", "/etc/passwd"),
        Entry::other(EntryType::Fifo, "TOP/x", ""),
        Entry::other(EntryType::Char, "TOP/x", ""),
        Entry { mode: 0o4755, ..Entry::file("TOP/x") },
    ] {
        for (name, bytes) in
            [("t.fp", forge::fp("t", &[entry])), ("t.deb", forge::deb("t", &[entry]))]
        {
            let path = stage.host.root().join(name);
            fs_err::write(&path, bytes).unwrap();
            let package = repack::sign(&path);
            stage.run(&["install", "--yes", &package]).refusal(4, "unsafe");
        }
    }
    assert_eq!(tree(&stage.host.plugins_root()), before);
    assert_eq!(fs_err::read_dir(stage.state("incoming")).unwrap().count(), 0);
}

#[test]
fn neither_mask_nor_path_nor_closed_streams_change_what_a_command_leaves() {
    let calls = "\"$plugins\" --root \"$root\" install --yes \"$next\"";
    for around in [
        "umask 000; CALL",
        "umask 777; CALL",
        "CALL <&- >&- 2>&-",
        "mkdir gone && cd gone && rmdir ../gone && CALL",
        "env -i plugins=\"$plugins\" root=\"$root\" next=\"$next\" /bin/sh -c 'CALL'",
        "PATH=\"$evil:$PATH\" LD_LIBRARY_PATH=\"$evil\" TMPDIR=/nonexistent HOME= TERM= CALL",
    ] {
        let Some(stage) = Stage::new("5.0.0", "deb") else { return };
        for made in ["var/lib/plugins", "var/cache", "var/log"] {
            fs_err::remove_dir_all(stage.host.root().join(made)).unwrap();
        }
        let evil = stage.host.root().join("evil");
        for tool in ["dpkg", "dpkg-query", "dpkg-deb", "sh"] {
            stage.host.stand_in(&evil, tool, "echo >> \"$0.ran\"; exit 1");
        }
        let mut shell = command("sh", ["-c", &around.replace("CALL", calls)]);
        shell.env("plugins", built("plugins")).env("root", stage.host.root());
        shell.env("next", &stage.next).env("evil", &evil).current_dir(stage.host.root());
        finish(&mut shell).harmless().status(0);
        assert_eq!(stage.host.version_in("demo-1.0").as_deref(), Some("1.0.2"), "{around}");
        assert_eq!(fs_err::read_dir(&evil).unwrap().count(), 4, "{around}");
        for (path, found) in tree(&stage.host.root().join("var")) {
            let mode = u32::from_str_radix(found.split(' ').next().unwrap(), 8).unwrap();
            let is_link = mode & 0o170_000 == 0o120_000;
            let is_ours = !path.starts_with(stage.host.root().join("var/lib/dpkg"));
            let is_well = mode & 0o022 == 0 && mode & 0o400 != 0;
            assert!(is_link || !is_ours || is_well, "{around}: {} {mode:o}", path.display());
        }
        stage.run(&["doctor"]).success();
    }
}

#[test]
fn words_in_any_order_end_with_a_status_and_never_with_a_panic() {
    const WORDS: &str = "install update downgrade remove undo history list info sync register \
        unregister hold unhold link unlink verify compat doctor config show explain completions man \
        --json --yaml -y --assume-no --dry-run -q -vv --color always --lock-timeout -1 --offline \
        --config /dev/null --to 1.0.1 demo demo-1.0 demo==1.0.1 demo== ==1 -x -- --root=/nonexistent \
        $(id) a;b ../x /dev/zero --since --plugin --strategy always --sha256 xx --check D99 --repair \
        --product-version 9.0 P0101 bash --install --remove --list plugins --force --prune --deep 0";
    let Some(stage) = Stage::new("1.0.0", "fp") else { return };
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut seed = 7_usize;
    let mut below = |bound: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % bound
    };
    for _ in 0..300 {
        let chosen: Vec<&str> = (0..below(6)).map(|_| words[below(words.len())]).collect();
        let outcome = stage.run(&chosen);
        assert!(!outcome.stderr.contains("P0909"), "{outcome:?}");
        let known = [0, 1, 2, 3, 4, 5, 6, 8, 9];
        assert!(outcome.status.is_some_and(|status| known.contains(&status)), "{outcome:?}");
    }
}
