//! Packages, our own and those of rpmbuild, as we read them.

use std::path::Path;

use packaging::package::{Relation, Script};
use packaging::{Blueprint, Content, Contents, Kind};
use plugin::Generation;
use sha2::{Digest, Sha256};

use crate::demo::TIME;
use crate::sample::*;
use crate::tools::*;

#[test]
fn inspection_shows_the_files_and_the_metadata() {
    let package = inspect(&write(&blueprint(Generation::V5, "1.0.0b2"))).unwrap();
    assert_eq!(package.metadata.as_deref(), Some("name: demo\nversion: 1.0.0b2\n"));
    let files = package.files.iter().map(|(path, file)| {
        let digest = file.sha256.as_deref().map_or("-", |digest| &digest[..8]);
        let target = file.target.as_deref().unwrap_or_default();
        assert_eq!((file.owner.as_str(), file.time), ("root:root", u64::from(TIME)));
        let path = path.replace(TOP, "TOP");
        format!("{:o} {} {digest} {path} {target}", file.mode, file.size).trim_end().to_owned()
    });
    insta::assert_snapshot!(files.collect::<Vec<_>>().join("\n"), @r#"
    40755 0 - TOP
    100644 0 e3b0c442 TOP/empty file
    100644 28 c7e5c127 TOP/metadata.yaml
    40755 0 - TOP/odd
    100644 3 686c39ac TOP/odd/-rf
    100644 10 f87c5e12 TOP/odd/100%{name}
    100644 3 c8687a08 TOP/odd/a b
    100644 7 d353a267 TOP/odd/größe
    100644 13 0405a293 TOP/odd/it's "quoted"
    40755 0 - TOP/repositories
    40755 0 - TOP/repositories/empty
    40755 0 - TOP/scripts
    100755 17 562eb111 TOP/scripts/deploy.sh
    120777 0 - TOP/scripts/run deploy.sh
    "#);
}

#[test]
fn inspection_shows_tags_relations_scripts_and_digests() {
    let hooks = recording_hooks();
    let bytes = write(&Blueprint { hooks, ..blueprint(Generation::V5, "1.0.0b2") });
    let package = inspect(&bytes).unwrap();
    assert_eq!((&*package.name, &*package.version), ("demo-1.0", "1.0.0~b2"));
    assert_eq!(package.release.as_deref(), Some("1"));
    assert_eq!(package.size, bytes.len() as u64);
    assert_eq!(package.sha256, hex::encode(Sha256::digest(&bytes)));
    let fields = package.fields.iter().map(|(name, value)| format!("{name}: {value}"));
    insta::assert_snapshot!(fields.collect::<Vec<_>>().join("\n"), @r#"
    Name: demo-1.0
    Version: 1.0.0~b2
    Release: 1
    Architecture: noarch
    Group: Development/Libraries
    License: Apache-2.0 and MIT
    Source RPM: demo-1.0-1.0.0~b2-1.src.rpm
    Build Date: 2023-11-14T22:13:20Z
    Build Host: localhost
    Vendor: A. Author, B. Author
    URL: https://example.org/demo
    Summary: Über 100%{name}
    Description: First line.

    %{nil}"$(id)" second.
    Encoding: utf-8
    Payload Format: cpio
    Payload Compressor: zstd
    Payload Flags: 3
    "#);
    let relations = package.relations.iter().map(|(relation, to)| format!("{relation:?} {to}"));
    insta::assert_snapshot!(relations.collect::<Vec<_>>().join("\n"), @r#"
    Provides demo-1.0 = 1.0.0~b2-1
    Requires /bin/sh
    Requires rpmlib(CompressedFileNames) <= 3.0.4-1
    Requires rpmlib(FileDigests) <= 4.6.0-1
    Requires rpmlib(PayloadFilesHavePrefix) <= 4.0-1
    Requires rpmlib(PayloadIsZstd) <= 5.4.18-1
    Requires rpmlib(ScriptletInterpreterArgs) <= 4.0.3-1
    Requires rpmlib(TildeInVersions) <= 4.10.0-1
    "#);
    let integrity = package.integrity.iter().map(|it| format!("{} {:?}", it.name, it.holds));
    insta::assert_snapshot!(integrity.collect::<Vec<_>>().join("\n"), @r#"
    header sha1 Some(true)
    header sha256 Some(true)
    payload sha256 Some(true)
    package size Some(true)
    archive size Some(true)
    file digests Some(true)
    "#);
    let names: Vec<_> = package.scripts.iter().map(|script| script.name.as_str()).collect();
    assert_eq!(names, ["%pre", "%post", "%preun"]);
    assert_eq!(package.scripts[0].interpreter, ["/bin/sh", "-e"]);
}

#[test]
fn visiting_shows_every_entry_with_its_bytes() {
    let blueprint = blueprint(Generation::V3, "1.0.2");
    let seen = visit(&write(&blueprint)).unwrap();
    assert_eq!(seen.len(), blueprint.contents.len() + 1);
    for (path, bytes) in seen {
        let entry = path.strip_prefix(TOP).and_then(|path| path.strip_prefix('/'));
        match entry.and_then(|path| blueprint.contents.get(path)).map(|entry| &entry.kind) {
            Some(Kind::File { content: Content::InMemory(expected), .. }) => {
                assert_eq!(bytes, &expected[..], "{path}");
            }
            _ => assert!(bytes.is_empty(), "{path}"),
        }
    }
}

#[test]
fn a_legacy_plugin_becomes_a_package_named_by_its_full_version() {
    let package = inspect(&write(&blueprint(Generation::V1, "1.0.2"))).unwrap();
    assert_eq!(package.name, "demo-1.0.2");
    assert!(package.files.contains_key("/var/www/nailgun/plugins/demo-1.0.2/metadata.yaml"));
    assert!(package.scripts.is_empty());
}

#[test]
fn thousands_of_folders_are_no_matter() {
    let mut contents = Contents::default();
    for number in 0..20_000 {
        contents.insert(&format!("{}/{number}", number % 100), folder());
    }
    let package = inspect(&write(&Blueprint { contents, ..blueprint(Generation::V5, "1.0") }));
    assert_eq!(package.unwrap().files.len(), 20_101);
}

/// A package with all that ours never have: hard links, capabilities, ghosts, triggers.
const SPEC: &str = "\
Name: other
Version: 1
Release: 2
Summary: s
License: l
BuildArch: noarch
%description
d
%install
mkdir -p %{buildroot}/opt/o/sub
echo one > %{buildroot}/opt/o/a
ln %{buildroot}/opt/o/a %{buildroot}/opt/o/b
ln -s a %{buildroot}/opt/o/c
echo s > %{buildroot}/opt/o/sub/s
%post -p /bin/true
%preun
echo bye
%triggerin -- bash
echo bash
%files
/opt/o
%attr(4755,-,-) %caps(cap_net_raw=ep) /opt/o/sub/s
%ghost /opt/o/g
";

/// Builds a package with rpmbuild; `macros` choose how.
fn rpmbuild(home: &Path, macros: &[&str]) -> Vec<u8> {
    let path = home.join("other.spec");
    fs_err::write(&path, SPEC).unwrap();
    let mut command = command("rpmbuild");
    command.arg("--define").arg(format!("_topdir {}", home.display()));
    for text in macros {
        command.args(["--define", text]);
    }
    output(command.arg("-bb").arg(path));
    fs_err::read(home.join("RPMS/noarch/other-1-2.noarch.rpm")).unwrap()
}

#[test]
fn packages_of_rpmbuild_are_read_whatever_their_compression_and_digests() {
    if !has(&["rpmbuild"]) {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    for (payload, name, algorithm) in [
        ("w9.gzdio", "gzip", "1"),
        ("w6.xzdio", "xz", "8"),
        ("w3.zstdio", "zstd", "8"),
        ("w6.lzdio", "lzma", "1"),
    ] {
        let payload = format!("_binary_payload {payload}");
        let digests = format!("_binary_filedigest_algorithm {algorithm}");
        let bytes = rpmbuild(home.path(), &[&payload, &digests]);
        let package = inspect(&bytes).unwrap();
        assert_eq!(package.compression, name);
        assert_eq!(package.metadata, None);
        let one = "2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806";
        for path in ["/opt/o/a", "/opt/o/b"] {
            assert_eq!(package.files[path].sha256.as_deref(), Some(one), "{name} {path}");
        }
        let (link, origin) = (&package.files["/opt/o/a"], &package.files["/opt/o/b"]);
        assert!(link.is_hard_link() && !origin.is_hard_link(), "{link:?} {origin:?}");
        assert_eq!((link.target.as_deref(), link.size), (Some("/opt/o/b"), 4));
        assert_eq!(package.files["/opt/o/c"].target.as_deref(), Some("a"));
        assert_eq!(package.files["/opt/o/g"].sha256, None);
        assert_eq!(package.files["/opt/o/sub/s"].mode, 0o104_755);
        let rights = ("Capabilities".to_owned(), "/opt/o/sub/s cap_net_raw=ep".to_owned());
        assert!(package.fields.contains(&rights), "{:?}", package.fields);
        assert!(package.relations.contains(&(Relation::Provides, "other = 1-2".to_owned())));
        assert!(package.is_intact(), "{package:?}");
        let names: Vec<_> = package.scripts.iter().map(|script| script.name.as_str()).collect();
        assert_eq!(names, ["%post", "%preun", "%trigger bash"]);
        let empty = Script {
            name: "%post".to_owned(),
            interpreter: vec!["/bin/true".to_owned()],
            body: String::new(),
        };
        assert_eq!(package.scripts[0], empty);
        visit(&bytes).unwrap();
    }
}
