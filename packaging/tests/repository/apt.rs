//! Repositories of debs, for apt.

use std::io::Read;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use packaging::Contents;
use packaging::repository::apt;
use tempfile::TempDir;

use super::{TIME, bytes, plugin, problem, read, said, text, unpack};
use crate::tools::{command, has, output, run};

/// Builds a deb at `out`; `packing` are dpkg-deb's words, `fields` end in a line feed.
pub(super) fn deb(out: &Path, fields: &str, packing: &str) {
    let tree = tempfile::tempdir().unwrap();
    let control = tree.path().join("DEBIAN");
    fs_err::create_dir_all(&control).unwrap();
    fs_err::set_permissions(&control, PermissionsExt::from_mode(0o755)).unwrap();
    fs_err::write(control.join("control"), fields).unwrap();
    fs_err::write(tree.path().join("payload"), fields).unwrap();
    fs_err::create_dir_all(out.parent().unwrap()).unwrap();
    let mut build = command("dpkg-deb");
    build.args(["--root-owner-group", "--uniform-compression"]).args(packing.split(' '));
    run(build.arg("--build").arg(tree.path()).arg(out));
}

pub(super) fn fields(name: &str, version: &str) -> String {
    format!(
        "Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: Jörg <j@example.org>\n\
         X-Zebra: last\nSection: misc\nDepends:\nDescription: a test\n   verbatim line\n .\n end\n"
    )
}

/// A tree with debs in `ubuntu`: two names, three versions, all ways of packing.
pub(super) fn tree() -> TempDir {
    let tree = tempfile::tempdir().unwrap();
    let ubuntu = tree.path().join("ubuntu");
    deb(&ubuntu.join("pool/demo_1.10.deb"), &fields("demo", "1.10"), "-Zgzip");
    deb(&ubuntu.join("demo_1.9.deb"), &fields("demo", "1.9"), "-Zxz -z9");
    deb(&ubuntu.join("pool/a/demo_1.10~rc1.deb"), &fields("demo", "1:1.10~rc1"), "-Zzstd");
    deb(&ubuntu.join("pool/other.deb"), &fields("other", "2-1"), "-Znone");
    symlink("pool/other.deb", ubuntu.join("link.deb")).unwrap();
    fs_err::write(ubuntu.join("Packages"), "old").unwrap();
    tree
}

#[test]
fn packages_says_what_dpkg_scanpackages_says() {
    if !has(&["dpkg-deb", "dpkg-scanpackages"]) {
        return;
    }
    let tree = tree();
    let mut contents = read(tree.path());
    apt::index(&mut contents, "./ubuntu/", &plugin(), TIME).unwrap();
    let mut scan = command("dpkg-scanpackages");
    let scanned = output(scan.args(["-m", "."]).current_dir(tree.path().join("ubuntu")));

    let ours = text(&contents, "ubuntu/Packages");
    let sorted = |text: &str| {
        let mut paragraphs: Vec<_> = text.split_terminator("\n\n").map(str::to_owned).collect();
        paragraphs.sort();
        paragraphs
    };
    assert_eq!(sorted(&ours), sorted(&scanned));
    let order: Vec<_> = ours.lines().filter(|line| line.starts_with("Filename")).collect();
    let paths = [
        "demo_1.9.deb",
        "pool/demo_1.10.deb",
        "pool/a/demo_1.10~rc1.deb",
        "link.deb",
        "pool/other.deb",
    ];
    assert_eq!(order, paths.map(|path| format!("Filename: ./{path}")));
    let mut unpacked = String::new();
    let packed = bytes(&contents, "ubuntu/Packages.gz");
    flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut unpacked).unwrap();
    assert_eq!(unpacked, ours);
}

#[test]
fn release_carries_the_line_as_text_and_no_origin() {
    let mut contents = Contents::default();
    apt::index(&mut contents, "r", &plugin(), TIME).unwrap();
    assert_eq!(bytes(&contents, "r/Packages"), b"");
    let release = text(&contents, "r/Release");
    let start = "Label: demo_plugin\nVersion: 1.10\nDate: Tue, 14 Nov 2023 22:13:20 UTC\nMD5Sum:\n \
                 d41d8cd98f00b204e9800998ecf8427e 0 Packages\n";
    assert!(release.starts_with(start), "{release}");
    assert!(!release.contains("Origin"));
}

/// A machine whose one source is a repository, and which prefers the packages of the plugin's line.
struct Machine(TempDir);

impl Machine {
    fn new(repository: &Path) -> Self {
        let machine = tempfile::tempdir().unwrap();
        let root = machine.path();
        for folder in ["none", "lists/partial", "cache/archives/partial"] {
            fs_err::create_dir_all(root.join(folder)).unwrap();
        }
        fs_err::write(root.join("status"), "").unwrap();
        let source = format!("deb [trusted=yes] file:{} /\n", repository.display());
        fs_err::write(root.join("sources.list"), source).unwrap();
        let pin = "Package: *\nPin: release l=demo_plugin,v=1.10\nPin-Priority: 1234\n";
        fs_err::write(root.join("preferences"), pin).unwrap();
        Self(machine)
    }

    /// Runs a tool of apt, which must succeed and have no complaint.
    fn run(&self, tool: &str, arguments: &[&str]) -> String {
        let mut command = command(tool);
        for (option, value) in [
            ("Dir", ""),
            ("Dir::Etc::SourceList", "sources.list"),
            ("Dir::Etc::SourceParts", "none"),
            ("Dir::Etc::Preferences", "preferences"),
            ("Dir::Etc::PreferencesParts", "none"),
            ("Dir::State::status", "status"),
            ("Dir::State::Lists", "lists"),
            ("Dir::Cache", "cache"),
        ] {
            command.arg("-o").arg(format!("{option}={}/{value}", self.0.path().display()));
        }
        let log = said(&run(command.args(["-o", "APT::Sandbox::User=root"]).args(arguments)));
        let is_complaint =
            |line: &str| ["W:", "N:", "E:"].iter().any(|mark| line.starts_with(mark));
        assert!(!log.lines().any(is_complaint), "{log}");
        log
    }
}

#[test]
fn apt_takes_the_repository_without_a_warning_and_can_pin_its_line() {
    if !has(&["dpkg-deb", "apt-get", "apt-cache"]) {
        return;
    }
    let tree = tree();
    let mut contents = read(tree.path());
    apt::index(&mut contents, "ubuntu", &plugin(), TIME).unwrap();
    apt::index(&mut contents, "empty", &plugin(), TIME).unwrap();
    let repositories = unpack(&contents);
    let update = ["update", "--error-on=any"];
    Machine::new(&repositories.path().join("empty")).run("apt-get", &update);

    let machine = Machine::new(&repositories.path().join("ubuntu"));
    machine.run("apt-get", &update);
    let policy = machine.run("apt-cache", &["policy"]);
    assert!(policy.contains("release v=1.10,l=demo_plugin,c="), "{policy}");
    assert!(policy.contains("1234 file:"), "{policy}");
    let versions = machine.run("apt-cache", &["madison", "demo"]);
    assert_eq!(versions.lines().count(), 3, "{versions}");
    machine.run("apt-get", &["install", "--yes", "--download-only", "demo=1.10", "other"]);
}

#[test]
fn a_bad_deb_stops_and_is_named() {
    if !has(&["dpkg-deb"]) {
        return;
    }
    let tree = tempfile::tempdir().unwrap();
    let good = tree.path().join("x.deb");
    deb(&good, &fields("demo", "1"), "-Zgzip");
    let good = fs_err::read(good).unwrap();
    let cut = good.len() - 20;
    let bad: [(&[u8], &str); 5] = [
        (b"", "r/x.deb: it is cut off"),
        (b"PK\x03\x04 and so on", "r/x.deb: it does not begin as an archive"),
        (b"!<arch>\n/9              ", "r/x.deb: it is cut off"),
        (&good[..100], "r/x.deb: it is cut off"),
        (&good[..cut], "r/x.deb: `data.tar.gz` is cut off"),
    ];
    for (bytes, expected) in bad {
        let mut contents = Contents::default();
        contents.insert_text("r/x.deb", bytes);
        assert_eq!(problem(apt::index(&mut contents, "r", &plugin(), TIME)), expected);
        assert_eq!(contents.len(), 2, "nothing was added");
    }
    let mut contents = Contents::default();
    contents.insert_text("r/x\nSize: 1.deb", good);
    let failure = apt::index(&mut contents, "r", &plugin(), TIME).unwrap_err().to_string();
    let expected = r"`r/x\nSize: 1.deb` cannot be indexed: its name has a control character";
    assert_eq!(failure, expected);
}

#[test]
fn a_signature_behind_the_files_is_no_damage() {
    if !has(&["dpkg-deb"]) {
        return;
    }
    let tree = tempfile::tempdir().unwrap();
    let path = tree.path().join("x.deb");
    deb(&path, &fields("demo", "1"), "-Zgzip");
    let signature = format!("{:<16}{:<32}{:<10}`\n12345\n", "_gpgbuilder/", "0", 5);
    let signed = [fs_err::read(&path).unwrap(), signature.into_bytes()].concat();
    fs_err::write(&path, &signed).unwrap();
    run(command("dpkg-deb").arg("--info").arg(&path));
    let mut contents = read(tree.path());
    apt::index(&mut contents, "", &plugin(), TIME).unwrap();
    assert!(text(&contents, "Packages").contains(&format!("Size: {}\n", signed.len())));
}
