//! What rpm and cpio say about packages of ours.

use std::fs::File;
use std::process::Stdio;

use packaging::contents::Entry;
use packaging::{Blueprint, Compression, Content, Hook, Hooks, Kind, WriteError};
use plugin::Generation;

use crate::sample::*;
use crate::tools::*;

#[test]
fn rpm_reads_every_tag_of_the_table() {
    if !has(&["rpm"]) {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    for generation in [Generation::V2, Generation::V3, Generation::V4, Generation::V5] {
        let package = write_into(home.path(), &blueprint(generation, "1.0.2"));
        assert_eq!(package.file_name().unwrap(), "demo-1.0-1.0.2-1.noarch.rpm");
        let table = query(
            &package,
            "%{NAME}|%{EPOCH}|%{VERSION}|%{RELEASE}|%{ARCH}|%{OS}|%{GROUP}\n%{SUMMARY}\n\
             %{DESCRIPTION}\n%{URL}|%{LICENSE}|%{VENDOR}|%{PACKAGER}\n%{SOURCERPM}|%{BUILDHOST}|\
             %{BUILDTIME}|%{ENCODING}\n%{PAYLOADFORMAT} %{PAYLOADCOMPRESSOR} %{PAYLOADFLAGS}\n\
             [%{PROVIDENEVRS}\n]",
        );
        insta::allow_duplicates!(insta::assert_snapshot!(table, @r#"
        demo-1.0|(none)|1.0.2|1|noarch|linux|Development/Libraries
        Über 100%{name}
        First line.

        %{nil}"$(id)" second.
        https://example.org/demo|Apache-2.0 and MIT|A. Author, B. Author|(none)
        demo-1.0-1.0.2-1.src.rpm|localhost|1700000000|utf-8
        cpio zstd 3
        demo-1.0 = 1.0.2-1
        "#));
        let requires = query(&package, "[%{REQUIREFLAGS:deptype} %{REQUIRENEVRS}\n]");
        let shells = requires.lines().filter(|line| !line.contains("rpmlib(")).collect::<Vec<_>>();
        if generation == Generation::V2 {
            assert!(shells.is_empty(), "{requires}");
        } else {
            let expected = ["pre,interp /bin/sh", "post,interp /bin/sh", "preun,interp /bin/sh"];
            assert_eq!(shells, expected);
        }
    }
}

#[test]
fn hooks_in_other_languages_require_their_interpreter_and_the_shell() {
    if !has(&["rpm"]) {
        return;
    }
    let interpreter = vec!["/usr/bin/python3".to_owned()];
    let python = Some(Hook { interpreter, body: "#!/usr/bin/python3\n".to_owned() });
    let hooks =
        Hooks { before_install: python.clone(), before_removal: python, ..Hooks::default() };
    let home = tempfile::tempdir().unwrap();
    let blueprint = Blueprint { hooks, ..blueprint(Generation::V3, "1.0.2") };
    let package = write_into(home.path(), &blueprint);
    assert_eq!(
        query(&package, "%{PREINPROG} %{POSTINPROG} %{PREUNPROG}"),
        "/usr/bin/python3 /bin/sh /bin/sh"
    );
    let requires = query(&package, "[%{REQUIREFLAGS:deptype} %{REQUIRENEVRS}\n]");
    let python: Vec<_> = requires.lines().filter(|line| line.contains("python")).collect();
    assert_eq!(python, ["pre,interp /usr/bin/python3", "preun,interp /usr/bin/python3"]);
}

#[test]
fn what_env_is_to_run_is_required_by_its_path() {
    if !has(&["rpm"]) {
        return;
    }
    let hook = |line: &str| {
        let interpreter = line.split(' ').map(str::to_owned).collect();
        Some(Hook { interpreter, body: "#\n".to_owned() })
    };
    let hooks = Hooks {
        before_install: hook("/usr/bin/env bash"),
        after_install: hook("/usr/bin/env python3 -u"),
        before_removal: hook("/usr/bin/env -i ruby"),
    };
    let home = tempfile::tempdir().unwrap();
    let package =
        write_into(home.path(), &Blueprint { hooks, ..blueprint(Generation::V3, "1.0.2") });
    let requires = query(&package, "[%{REQUIREFLAGS:deptype} %{REQUIRENEVRS}\n]");
    let own: Vec<_> = requires
        .lines()
        .filter(|line| !line.contains("rpmlib(") && !line.contains("/bin/sh"))
        .collect();
    assert_eq!(
        own,
        [
            "pre,interp /bin/bash",
            "pre,interp /usr/bin/env",
            "post,interp /usr/bin/env",
            "preun,interp /usr/bin/env",
            "post,interp /usr/bin/python3",
        ]
    );
}

#[test]
fn rpm_lists_the_folder_and_all_below_it_as_root_s() {
    if !has(&["rpm"]) {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let package = write_into(home.path(), &blueprint(Generation::V5, "1.0.2"));
    let files = query(
        &package,
        "[%{FILEMODES:perms} %{FILEUSERNAME}:%{FILEGROUPNAME} %{FILEMTIMES} %{FILEFLAGS} \
         %{FILENAMES} %{FILELINKTOS}\n]",
    );
    let files = files.replace(TOP, "TOP").replace(" root:root 1700000000 0 ", " ");
    let files = files.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(files, @r#"
    drwxr-xr-x TOP
    -rw-r--r-- TOP/empty file
    -rw-r--r-- TOP/metadata.yaml
    drwxr-xr-x TOP/odd
    -rw-r--r-- TOP/odd/-rf
    -rw-r--r-- TOP/odd/100%{name}
    -rw-r--r-- TOP/odd/a b
    -rw-r--r-- TOP/odd/größe
    -rw-r--r-- TOP/odd/it's "quoted"
    drwxr-xr-x TOP/repositories
    drwxr-xr-x TOP/repositories/empty
    drwxr-xr-x TOP/scripts
    -rwxr-xr-x TOP/scripts/deploy.sh
    lrwxrwxrwx TOP/scripts/run deploy.sh
    "#);
}

#[test]
fn every_compression_passes_rpm_s_checks_and_unpacks_with_cpio() {
    if !has(&["rpm", "rpm2cpio", "cpio"]) {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let package = home.path().join("demo.rpm");
    let blueprint = blueprint(Generation::V5, "1.0.2");
    let paths = || blueprint.contents.iter().map(|(path, _)| format!("/{path}"));
    let expected: Vec<_> =
        [String::new()].into_iter().chain(paths()).map(|path| format!(".{TOP}{path}")).collect();
    for (compression, name) in [
        (Compression::Gzip, "gzip"),
        (Compression::Xz, "xz"),
        (Compression::Zstd, "zstd"),
        (Compression::Uncompressed, "none"),
    ] {
        let bytes = write_with(&blueprint, Some(compression), None).unwrap();
        fs_err::write(&package, &bytes).unwrap();
        let checks = output(command("rpm").args(["-K", "-v"]).arg(&package));
        assert!(checks.contains("Header SHA256 digest: OK"), "{checks}");
        assert!(checks.contains("Payload SHA256 digest: OK"), "{checks}");
        assert_eq!(checks.contains("MD5 digest: OK"), compression != Compression::Zstd, "{checks}");
        assert_eq!(inspect(&bytes).unwrap().compression, name);

        let archive = home.path().join("archive");
        let mut unpacker = command("rpm2cpio");
        let status = unpacker.arg(&package).stdout(File::create(&archive).unwrap()).status();
        assert!(status.unwrap().success());
        let listing = command("cpio")
            .args(["--list", "--quiet"])
            .stdin(File::open(&archive).unwrap())
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        let listing = String::from_utf8(listing.stdout).unwrap();
        assert_eq!(listing.lines().collect::<Vec<_>>(), expected, "{name}");
    }
}

#[test]
fn the_same_blueprint_gives_the_same_bytes() {
    let hooks = recording_hooks();
    let blueprint = Blueprint { hooks, ..blueprint(Generation::V5, "1.0.2") };
    for compression in [Compression::Gzip, Compression::Xz, Compression::Zstd] {
        let write = || write_with(&blueprint, Some(compression), Some(2)).unwrap();
        assert!(write() == write(), "{compression:?}");
    }
}

#[test]
fn what_an_rpm_cannot_hold_is_refused_with_a_reason() {
    let good = || blueprint(Generation::V5, "1.0.2");
    let refusal =
        |blueprint: Blueprint| write_with(&blueprint, None, None).unwrap_err().to_string();
    insta::assert_snapshot!(refusal(Blueprint { release: "1-2".to_owned(), ..good() }), @"`1-2` cannot be an RPM release: only letters, digits and `._+~^` are allowed");
    insta::assert_snapshot!(refusal(Blueprint { description: "a\0b".to_owned(), ..good() }), @r"an RPM cannot hold the NUL character in `a\0b`");
    let failure = write_with(&good(), Some(Compression::Gzip), Some(10)).unwrap_err();
    insta::assert_snapshot!(failure, @"gzip has no level 10: 1 to 9 can be used");
    let failure = write_with(&good(), Some(Compression::Uncompressed), Some(1)).unwrap_err();
    insta::assert_snapshot!(failure, @"a compression level needs a compression");
}

#[test]
fn a_file_that_changes_its_length_stops_the_writer() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("file");
    fs_err::write(&path, "12345").unwrap();
    for announced in [4, 6] {
        let mut blueprint = blueprint(Generation::V5, "1.0.2");
        let content = Content::OnDisk(path.clone());
        let kind = Kind::File { size: announced, content };
        blueprint.contents.insert("file", Entry { mode: 0o644, kind });
        let failure = write_with(&blueprint, None, None).unwrap_err();
        assert!(matches!(failure, WriteError::Changed(changed) if changed == path));
    }
}
