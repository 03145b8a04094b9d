//! Packages from strangers, shown by `fpb inspect` and `fpb diff`: whatever is in them, there is an
//! answer or a refusal that says why, in bounded time and memory.

#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use tempfile::TempDir;
use tests::forge::{self, Entry, EntryType};
use tests::{Outcome, Plugin, bounded, built, command, finish, run};

/// Packages on disk, to be shown.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        fs_err::write(self.0.path().join(name), bytes).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        bounded(self.0.path(), arguments)
    }

    /// Makes sure that no command shows `bytes`, and that each says `why`.
    #[track_caller]
    fn refuses(&self, bytes: &[u8], why: &str) {
        self.put("bad", bytes);
        self.put("good", &forge::fp("", &[]));
        for arguments in
            [&["inspect", "bad"][..], &["diff", "good", "bad"], &["diff", "bad", "good"]]
        {
            let outcome = self.run(arguments);
            let status = if outcome.stderr.contains("F0911") { 4 } else { 1 };
            assert_eq!(outcome.refusal(status, why).stdout, "", "{arguments:?}");
        }
        let told = self.run(&["inspect", "bad"]).status;
        let answered = self.run(&["inspect", "bad", "--json"]);
        assert_eq!(answered.status, told, "JSON alters the status");
        let json = answered.stdout;
        let answer: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(answer["ok"], false, "{json}");
    }

    /// Makes sure that both formats of archives are refused.
    #[track_caller]
    fn refuses_archives(&self, entries: &[Entry<'_>], why: &str) {
        self.refuses(&forge::fp("", entries), why);
        self.refuses(&forge::deb("", entries), why);
    }
}

#[test]
fn a_forged_package_without_fault_is_shown() {
    let desk = Desk::new();
    let entries = [
        Entry::file("TOP/a"),
        Entry::other(EntryType::Directory, "TOP/b", ""),
        Entry::other(EntryType::Symlink, "TOP/b/c", "../a"),
    ];
    for bytes in [forge::fp("", &entries), forge::deb("", &entries), forge::rpm("plain", &entries)]
    {
        desk.put("package", &bytes);
        let shown = desk.run(&["inspect", "package"]).harmless().success();
        assert!(shown.contains("/var/www/nailgun/plugins/t-1.0/b/c -> ../a"), "{shown}");
    }
}

#[test]
fn paths_and_links_that_leave_the_plugin_are_refused() {
    use EntryType::{Link, Symlink};
    let desk = Desk::new();
    let cases: [&[Entry<'_>]; 8] = [
        &[Entry::file("TOP/../x")],
        &[Entry::file("../../etc/cron.d/x")],
        &[Entry::file("/etc/cron.d/x")],
        &[Entry::other(Symlink, "TOP/a", "/etc/passwd")],
        &[Entry::other(Symlink, "TOP/a", "b/../../../etc")],
        &[Entry::other(Symlink, "TOP/a", "."), Entry::file("TOP/a/x")],
        &[Entry::other(Symlink, "TOP/p", "."), Entry::other(Symlink, "TOP/q", "p/../../..")],
        &[Entry::other(Link, "TOP/a", "/etc/shadow")],
    ];
    for entries in cases {
        desk.refuses_archives(entries, "unsafe");
    }
    for entries in [&[Entry::file("TOP/../x")][..], cases[5]] {
        desk.refuses(&forge::rpm("", entries), "unsafe");
    }
}

#[test]
fn entries_that_no_plugin_may_have_are_refused() {
    use EntryType::{Block, Char, Fifo};
    let desk = Desk::new();
    for kind in [Block, Char, Fifo] {
        desk.refuses_archives(&[Entry::other(kind, "TOP/a", "")], "");
    }
    for mode in [0o4755, 0o2755, 0o6711] {
        let entry = Entry { mode, ..Entry::file("TOP/a") };
        desk.refuses_archives(&[entry], "");
        // An RPM shows what it has, and `rpm` would ask no more: the mode is there to be seen.
        desk.put("package.rpm", &forge::rpm("", &[entry]));
        let shown = desk.run(&["inspect", "package.rpm"]).harmless();
        assert!(
            shown.status == Some(1)
                || shown.stdout.contains("-rws")
                || shown.stdout.contains("s--x")
                || shown.stdout.contains("r-sr-x"),
            "{mode:o}"
        );
    }
}

#[test]
fn a_bomb_is_stopped_before_it_goes_off() {
    let desk = Desk::new();
    let bomb = [Entry { zeros: 90 << 20, ..Entry::file("TOP/a") }];
    for bytes in [forge::fp("", &bomb), forge::deb("", &bomb)] {
        desk.put("bomb", &bytes);
        desk.run(&["inspect", "bomb"]).refusal(1, "limit");
    }
    let plugin = Plugin::create("demo", "5.0.0");
    plugin.write("zeros", "");
    fs_err::OpenOptions::new()
        .write(true)
        .open(plugin.path().join("zeros"))
        .and_then(|file| file.set_len(90 << 20))
        .unwrap();
    let package = plugin.package("rpm");
    desk.run(&["inspect", package.to_str().unwrap()]).refusal(1, "limit");
    // Bombs within bombs are bytes like others.
    let inner = forge::fp("", &bomb);
    let nested = [Entry { zeros: inner.len() as u64, ..Entry::file("TOP/a.fp") }];
    desk.put("nested.fp", &forge::fp("", &nested));
    desk.run(&["inspect", "nested.fp"]).success();
}

#[test]
fn many_entries_deep_folders_and_long_names_are_bounded() {
    let desk = Desk::new();
    let deep = format!("TOP/{}x", "d/".repeat(70));
    let long = format!("TOP/{}", "n".repeat(256));
    let longest = format!("TOP/{}x", format!("{}/", "p".repeat(200)).repeat(30));
    for path in [&deep, &long, &longest] {
        desk.refuses_archives(&[Entry::file(path)], "limit");
        desk.refuses(&forge::rpm("", &[Entry::file(path)]), "limit");
    }
    let paths: Vec<String> = (0..20_000).map(|number| format!("TOP/{number}")).collect();
    let many: Vec<_> = paths.iter().map(|path| Entry::file(path)).collect();
    for bytes in [forge::fp("", &many), forge::deb("", &many)] {
        desk.put("many", &bytes);
        let shown = desk.run(&["inspect", "many"]).success();
        assert!(shown.contains("files 20001,"), "{}", &shown[..400]);
    }
}

#[test]
fn no_text_of_a_package_drives_the_terminal() {
    let desk = Desk::new();
    let text = "evil\u{1b}]0;title\u{7}\u{1b}[2J\u{9b}31m\r\u{202e}txt";
    let path = format!("TOP/{text}");
    desk.put("field.rpm", &forge::rpm(text, &[]));
    desk.put("field.fp", &forge::fp(text, &[]));
    desk.put("name.rpm", &forge::rpm(text, &[Entry::file(&path)]));
    desk.put("name.fp", &forge::fp("", &[Entry::file(&path)]));
    desk.put("field.deb", &forge::deb(text, &[]));
    desk.put("name.deb", &forge::deb("", &[Entry::file(&path)]));
    desk.put("link.fp", &forge::fp("", &[Entry::other(EntryType::Symlink, "TOP/a", text)]));
    desk.put("other.fp", &forge::fp("", &[Entry::file("TOP/a")]));
    for package in
        ["field.rpm", "field.fp", "name.rpm", "name.fp", "field.deb", "name.deb", "link.fp"]
    {
        for arguments in [&["inspect", package][..], &["diff", "other.fp", package]] {
            let outcome = desk.run(arguments).harmless();
            assert!(matches!(outcome.status, Some(0 | 1 | 4)), "{outcome:?}");
        }
    }
    let shown = desk.run(&["inspect", "field.rpm"]).stdout;
    assert!(shown.contains("\\u{1b}]0;title\\u{7}"), "{shown}");
}

#[test]
fn what_is_no_package_is_refused_with_its_reason() {
    let desk = Desk::new();
    for bytes in [&b""[..], b"hello\n", b"PK\x03\x04"] {
        desk.refuses(bytes, "error[F0905]");
    }
    for start in [&b"\x1f\x8b\x08"[..], b"!<arch>\n", b"\xed\xab\xee\xdb"] {
        desk.refuses(start, "error[F0911]");
        desk.refuses(&[start, &[0xff; 500]].concat(), "error[F0911]");
    }
}

#[test]
fn nobody_waits_for_the_other_end_of_a_pipe() {
    let desk = Desk::new();
    let at = |name: &str| desk.0.path().join(name).to_str().unwrap().to_owned();
    desk.put("good", &forge::fp("", &[]));
    let plugin = Plugin::create("de_mo", "5.0.0");
    fs_err::create_dir(at("out")).unwrap();
    for pipe in ["pipe", "out/de-mo-1.0_1.0.0-1_all.deb"] {
        run("mkfifo", [at(pipe)]).success();
    }
    let fpb = built("fpb");
    let bounded = |arguments: &[&str]| {
        finish(command("timeout", ["20"]).arg(&fpb).args(arguments).current_dir(desk.0.path()))
    };
    for arguments in
        [&["inspect", "pipe"][..], &["diff", "pipe", "good"], &["diff", "good", "pipe"]]
    {
        bounded(arguments).refusal(1, "not a regular file");
    }
    let folder = plugin.path();
    bounded(&["build", folder.to_str().unwrap(), "--format", "deb", "-o", "out"])
        .refusal(1, "is not a package of this plugin");
}
