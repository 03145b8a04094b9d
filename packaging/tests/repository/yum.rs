//! Repositories of RPMs, for yum and dnf.

use std::os::unix::fs::symlink;
use std::path::Path;

use packaging::Contents;
use packaging::repository::yum;
use tempfile::TempDir;

use super::{TIME, problem, read, said, unpack};
use crate::tools::{command, has, run};

/// Builds a binary and a source RPM into `out`.
pub(super) fn rpms(out: &Path, name: &str, version: &str) {
    let top = tempfile::tempdir().unwrap();
    let spec = top.path().join("demo.spec");
    let text = format!(
        "Name: {name}\nVersion: {version}\nRelease: 1\nEpoch: 2\nSummary: Über <all> & \"more\"\n\
         License: MIT\nBuildArch: noarch\nProvides: virtual({name}) = 3:{version}-4\n\
         Conflicts: other < 2\nObsoletes: older <= 1\nRecommends: nicer\nSuggests: nice\n\
         %description\nText.\n\n  More.\n\
         %install\nmkdir -p %{{buildroot}}/etc/{name} %{{buildroot}}/usr/bin %{{buildroot}}/opt\n\
         echo a >%{{buildroot}}/etc/{name}/conf; echo b >%{{buildroot}}/usr/bin/{name}\n\
         echo c >'%{{buildroot}}/opt/{name} file'; touch %{{buildroot}}/etc/{name}/ghost\n\
         %files\n%dir /etc/{name}\n%config /etc/{name}/conf\n%ghost /etc/{name}/ghost\n\
         /usr/bin/{name}\n\"/opt/{name} file\"\n\
         %changelog\n* Mon Jan 02 2023 A <a@b> - 1-1\n- second\n\
         * Sun Jan 01 2023 A <a@b> - 1-0\n- first\n"
    );
    fs_err::write(&spec, text).unwrap();
    fs_err::create_dir_all(out).unwrap();
    let mut build = command("rpmbuild");
    build.args([
        "-ba",
        "--nodeps",
        "--define",
        "_build_name_fmt %%{NAME}-%%{VERSION}.%%{ARCH}.rpm",
    ]);
    build.arg("--define").arg(format!("_topdir {}", top.path().display()));
    for folder in ["_rpmdir", "_srcrpmdir"] {
        build.arg("--define").arg(format!("{folder} {}", out.display()));
    }
    run(build.arg(&spec));
}

/// A tree with RPMs in `centos`, loose and gathered, source and binary, and old metadata.
pub(super) fn tree() -> TempDir {
    let tree = tempfile::tempdir().unwrap();
    let centos = tree.path().join("centos");
    rpms(&centos, "demo", "1.0");
    rpms(&centos.join("deep/er"), "demo", "1.1");
    symlink("deep/er/demo-1.1.noarch.rpm", centos.join("link.rpm")).unwrap();
    fs_err::create_dir(centos.join("repodata")).unwrap();
    fs_err::write(centos.join("repodata/repomd.xml"), "old").unwrap();
    fs_err::write(centos.join("repodata/old.rpm"), "old").unwrap();
    tree
}

const COMPARE: &str = r#"
import sys, gzip, glob, xml.etree.ElementTree as E
def load(root, kind):
    (name,) = glob.glob(root + "/repodata/*-" + kind + ".xml.gz")
    tree = E.fromstring(gzip.open(name).read())
    out = {"count": tree.get("packages")}
    for package in tree:
        def walk(node):
            tag = node.tag.split("}")[1]
            attributes = dict(node.attrib)
            if tag == "time": del attributes["file"]
            children = [walk(child) for child in node]
            if tag in ("provides", "requires", "format", "package"): children.sort(key=repr)
            return (tag, sorted(attributes.items()), (node.text or "").strip(), children)
        (key,) = [c.get("href") for c in package if c.tag.endswith("location")] or [package.get("pkgid")]
        out.setdefault(key, []).append(walk(package))
    return out
for kind in ("primary", "filelists", "other"):
    ours, theirs = load(sys.argv[1], kind), load(sys.argv[2], kind)
    assert len(ours) > 1, ours
    for key in sorted(set(ours) | set(theirs)):
        if ours.get(key) != theirs.get(key):
            sys.exit(f"{kind} {key}\n{ours.get(key)}\n{theirs.get(key)}")
"#;

#[test]
fn repodata_says_what_createrepo_says() {
    if !has(&["rpmbuild", "createrepo_c", "python3"]) {
        return;
    }
    let tree = tree();
    let mut contents = read(tree.path());
    yum::index(&mut contents, "centos", TIME).unwrap();
    let (ours, theirs) = (unpack(&contents), unpack(&contents));
    let theirs = theirs.path().join("centos");
    run(command("createrepo_c").args(["--no-database", "--compress-type=gz"]).arg(&theirs));
    let mut compare = command("python3");
    run(compare.args(["-c", COMPARE]).arg(ours.path().join("centos")).arg(&theirs));

    let paths: Vec<_> = contents.below("centos").map(|(path, _)| path).collect();
    assert!(paths.contains(&"centos/Packages/demo-1.0-1.src.rpm"), "{paths:?}");
    assert!(paths.contains(&"centos/Packages/link.rpm"), "{paths:?}");
    assert!(!paths.iter().any(|path| path.contains("old")), "{paths:?}");
}

#[test]
fn dnf_installs_from_the_repository_and_takes_an_empty_one() {
    if !has(&["rpmbuild", "dnf", "rpm"]) {
        return;
    }
    let tree = tree();
    let mut contents = read(tree.path());
    yum::index(&mut contents, "centos/.", TIME).unwrap();
    yum::index(&mut contents, "empty", TIME).unwrap();
    let repositories = unpack(&contents);
    let machine = tempfile::tempdir().unwrap();
    fs_err::create_dir(machine.path().join("log")).unwrap();
    let mut dnf = command("dnf");
    for (option, folder) in
        [("reposdir", "none"), ("cachedir", "cache"), ("persistdir", "state"), ("logdir", "log")]
    {
        dnf.arg(format!("--setopt={option}={}/{folder}", machine.path().display()));
    }
    for name in ["centos", "empty"] {
        dnf.arg(format!("--repofrompath={name},{}", repositories.path().join(name).display()));
    }
    dnf.args(["-y", "--setopt=plugins=0", "--setopt=metadata_expire=0", "--nogpgcheck"]);
    dnf.args(["--releasever=9", "--setopt=install_weak_deps=0", "--setopt=tsflags=noscripts"]);
    let root = machine.path().join("root");
    dnf.arg(format!("--installroot={}", root.display())).args(["install", "virtual(demo)"]);
    run(&mut dnf);
    assert_eq!(fs_err::read_to_string(root.join("etc/demo/conf")).unwrap(), "a\n");
    let installed = run(command("rpm").arg("--root").arg(&root).args(["-q", "demo"]));
    assert_eq!(said(&installed), "demo-1.1-1.noarch\n");
}

#[test]
fn a_bad_rpm_stops_and_is_named() {
    if !has(&["rpmbuild"]) {
        return;
    }
    let tree = tempfile::tempdir().unwrap();
    rpms(tree.path(), "demo", "1");
    let good = fs_err::read(tree.path().join("demo-1.noarch.rpm")).unwrap();
    let mut greedy = good.clone();
    greedy[104..112].fill(0xff);
    let bad: [(&[u8], &str); 5] = [
        (&[b'x'; 200], "it does not begin with a lead"),
        (b"", "it ends within its header"),
        (&good[..200], "it ends within its header"),
        (&greedy, "package exceeds a limit: a header of "),
        (&good[..good.len() - 1], "it is cut short"),
    ];
    for (bytes, expected) in bad {
        let mut contents = Contents::default();
        contents.insert_text("r/x.rpm", bytes);
        let problem = problem(yum::index(&mut contents, "r", TIME));
        assert!(problem.starts_with(&format!("r/Packages/x.rpm: {expected}")), "{problem}");
    }
    let mut contents = Contents::default();
    contents.insert_text("r/x.rpm", *b"");
    contents.insert_text("r/Packages/x.rpm", *b"");
    let failure = yum::index(&mut contents, "r", TIME).unwrap_err().to_string();
    assert_eq!(failure, "`r/Packages/x.rpm` is in the way of an RPM of the same name");
}
