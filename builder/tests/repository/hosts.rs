//! Signed repositories before the real dnf and apt.

use std::path::Path;

use builder::repo::{Trust, verify};
use jiff::Timestamp;
use plugin::Format;
use tests::{DebianHost, RedHatHost, command, finish, have, run};

use super::Stage;
use super::gpg::Gpg;

/// A repository that is signed with a key of gpg's.
fn signed() -> (Stage, Gpg) {
    let (stage, gpg) = (Stage::new(), Gpg::new());
    gpg.export(&stage.path("secret.asc"));
    let settings = format!("name: example\nkey: {}\n", gpg.fingerprint());
    fs_err::write(stage.path("repo/repo.yaml"), settings).unwrap();
    (stage, gpg)
}

/// Adds signed packages of a version.
fn add(stage: &Stage, id: (&str, &str)) {
    let [rpm, deb] = [Format::Rpm, Format::Deb].map(|it| stage.package(it, id, "content"));
    stage.fpb(&format!("sign --key secret.asc {rpm}")).success();
    stage.fpb(&format!("repo add --repo repo {rpm} {deb}")).success();
}

/// Publishes what is in the pool, signed; both of us and gpg find it sound.
fn publish(stage: &Stage, gpg: &Gpg) {
    stage.fpb("repo publish --repo repo --key secret.asc").success();
    let verified = stage.fpb("repo verify repo").success();
    assert!(verified.contains(gpg.fingerprint()), "{verified}");
    gpgv_accepts(stage);
    verify(&stage.path("repo"), Trust::Keys(gpg), Timestamp::now()).unwrap();
}

/// Every signature beside a file, and the one within, is good for gpgv with the published key.
fn gpgv_accepts(stage: &Stage) {
    let public = stage.path("repo/public");
    let (key, ring) = (public.join("key.asc"), stage.path("ring.gpg"));
    let dearmor = ["--batch", "--yes", "-o", ring.to_str().unwrap(), "--dearmor"];
    run("gpg", dearmor.iter().copied().chain(key.to_str())).success();
    let mut judged = 0;
    for path in stage.tree("repo/public").keys() {
        let file = public.join(path);
        let beside = [".asc", ".gpg"].iter().find_map(|suffix| path.strip_suffix(suffix));
        let signed = match beside {
            _ if path.ends_with("/InRelease") => None,
            Some(signed) if path != "key.asc" => Some(public.join(signed)),
            _ => continue,
        };
        let mut gpgv = command("gpgv", [Path::new("--keyring"), &ring, &file]);
        finish(gpgv.args(signed)).success();
        judged += 1;
    }
    assert!(judged >= 7, "{judged} signatures");
}

/// Returns the files of all packages, sorted.
fn published(stage: &Stage) -> Vec<String> {
    let list = stage.json("repo list --repo repo");
    let rows = list["results"].as_array().unwrap().iter();
    let files = rows.flat_map(|row| row["files"].as_array().unwrap());
    let mut files: Vec<_> = files.map(|it| it["file"].as_str().unwrap().to_owned()).collect();
    files.sort();
    files
}

/// `rpm -K` accepts the published packages with the published key.
fn rpm_accepts(stage: &Stage, files: &[String]) {
    let public = stage.path("repo/public");
    let database = format!("--dbpath={}", stage.path("rpmdb").display());
    let key = public.join("key.asc");
    run("rpmkeys", [&*database, "--import", key.to_str().unwrap()]).success();
    for path in stage.tree("repo/public/yum/pool").keys().filter(|path| path.ends_with(".rpm")) {
        let file = public.join("yum/pool").join(path);
        let said = run("rpmkeys", [&*database, "-K", file.to_str().unwrap()]).success();
        assert!(said.contains("digests signatures OK"), "{said}");
        assert!(files.iter().any(|known| path.ends_with(known)), "{path}");
    }
}

/// Makes the repository known to dnf, which is to check its signature.
fn add_to_dnf(host: &RedHatHost, stage: &Stage) {
    let public = stage.path("repo/public");
    let public = public.to_str().unwrap();
    let text = format!(
        "[example]\nname=example\nbaseurl=file://{public}/yum\ngpgcheck=1\nrepo_gpgcheck=1\n\
         gpgkey=file://{public}/key.asc\nmetadata_expire=0\n"
    );
    fs_err::write(host.root().join("etc/yum.repos.d/example.repo"), text).unwrap();
}

/// Makes the repository known to apt, which is to check its signature.
fn add_to_apt(host: &DebianHost, public: &Path) {
    let public = public.to_str().unwrap();
    let text = format!(
        "Types: deb\nURIs: file:{public}/apt\nSuites: stable\nComponents: main\n\
         Signed-By: {public}/key.asc\n"
    );
    let sources = host.root().join("etc/apt/sources.list.d/example.sources");
    fs_err::write(sources, text).unwrap();
}

#[test]
fn dnf_trusts_the_signature_and_a_security_update_brings_the_fix_alone() {
    if !have(&["dnf", "rpm", "gpg"]) {
        return;
    }
    let ((stage, gpg), host) = (signed(), RedHatHost::new());
    for (name, version) in [("demo", "1.0.0"), ("other", "1.0.0")] {
        add(&stage, (name, version));
    }
    publish(&stage, &gpg);
    add_to_dnf(&host, &stage);
    let query = ["repoquery", "-q", "--queryformat", "%{name}-%{version}-%{release}.%{arch}.rpm"];
    let known = host.dnf(&query).success();
    let known: Vec<_> = known.lines().map(str::to_owned).collect();
    let rpm = |file: &String| file.ends_with(".rpm");
    assert_eq!(known, published(&stage).into_iter().filter(rpm).collect::<Vec<_>>());
    rpm_accepts(&stage, &known);
    host.dnf(&["install", "demo-1.0", "other-1.0"]).success();
    assert_eq!(host.installed("demo-1.0").as_deref(), Some("1.0.0-1"));

    for (name, version) in [("demo", "1.0.1"), ("demo", "1.0.2"), ("other", "1.0.1")] {
        add(&stage, (name, version));
    }
    stage
        .fpb(
            "advisory add --repo repo --id EX-2026-001 --severity important --title Fix \
             --fixes demo==1.0.1 --cve CVE-2026-0001",
        )
        .success();
    publish(&stage, &gpg);
    let listed = host.dnf(&["updateinfo", "list", "security"]).success();
    assert!(listed.contains("EX-2026-001 Important/Sec. demo-1.0-1.0.1-1.noarch"), "{listed}");
    let cves = host.dnf(&["updateinfo", "list", "cves"]).success();
    assert!(cves.contains("CVE-2026-0001"), "{cves}");
    host.dnf(&["upgrade-minimal", "--security"]).success();
    assert_eq!(host.installed("demo-1.0").as_deref(), Some("1.0.1-1"));
    assert_eq!(host.installed("other-1.0").as_deref(), Some("1.0.0-1"));

    let repomd = stage.path("repo/public/yum/repodata/repomd.xml");
    let text = fs_err::read_to_string(&repomd).unwrap().replace("primary", "primarx");
    fs_err::write(&repomd, text).unwrap();
    let refused = host.dnf(&["makecache", "--refresh"]);
    assert_ne!(refused.status, Some(0), "{}", refused.stderr);
}

#[test]
fn apt_trusts_the_signature_and_refuses_what_was_altered() {
    if !have(&["apt-get", "dpkg", "gpg"]) {
        return;
    }
    let ((stage, gpg), host) = (signed(), DebianHost::new());
    add(&stage, ("my_demo", "1.0.0"));
    publish(&stage, &gpg);
    let public = stage.path("repo/public");
    add_to_apt(&host, &public);
    host.apt_get(&["update", "--error-on=any"]).success();
    let shown = host.apt_cache(&["show", "my-demo-1.0"]).success();
    let index = stage.text("repo/public/apt/dists/stable/main/binary-amd64/Packages");
    let fields = ["Filename: ", "Size: ", "SHA256: ", "Version: ", "Description: "];
    for field in fields {
        let line = index.lines().find(|line| line.starts_with(field)).unwrap();
        assert!(shown.lines().any(|shown| shown == line), "{line}\n{shown}");
    }
    host.apt_get(&["install", "my-demo-1.0"]).success();
    assert_eq!(host.installed("my-demo-1.0").as_deref(), Some("1.0.0-1"));

    add(&stage, ("my_demo", "1.0.1"));
    publish(&stage, &gpg);
    host.apt_get(&["update", "--error-on=any"]).success();
    host.apt_get(&["upgrade"]).success();
    assert_eq!(host.installed("my-demo-1.0").as_deref(), Some("1.0.1-1"));

    let release = public.join("apt/dists/stable/InRelease");
    let text = fs_err::read_to_string(&release).unwrap().replace("Codename: s", "Codename: t");
    fs_err::write(&release, text).unwrap();
    let fresh = DebianHost::new();
    add_to_apt(&fresh, &public);
    let refused = fresh.apt_get(&["update", "--error-on=any"]);
    assert_ne!(refused.status, Some(0), "{}", refused.stderr);
}

#[test]
fn signatures_stay_while_what_they_sign_does_and_a_foreign_key_is_refused() {
    if !have(&["gpg"]) {
        return;
    }
    let ((stage, gpg), other) = (signed(), Gpg::new());
    let fp = stage.package(Format::Fp, ("old", "1.0.0"), "content");
    stage.fpb(&format!("repo add --repo repo {fp}")).success();
    publish(&stage, &gpg);
    let before = stage.tree("repo");
    publish(&stage, &gpg);
    assert!(stage.tree("repo").iter().eq(before.iter()), "something was written");
    add(&stage, ("demo", "1.0.0"));
    publish(&stage, &gpg);
    let after = stage.tree("repo/public");
    let signature = "fp/old-1.0.0.fp.asc";
    assert!(before[&format!("public/{signature}")] == after[signature], "signed again");

    stage.fpb("repo publish --repo repo").refusal(2, "no key to sign the repository with");
    other.export(&stage.path("other.asc"));
    let refused = stage.fpb("repo publish --repo repo --key other.asc");
    refused.refusal(4, &format!("not by {}", other.fingerprint()));
    let refused = stage.fpb("repo verify --trust other.asc repo").status(4);
    for path in ["manifest.json", "InRelease", "Release", "repomd.xml", "SHA256SUMS"] {
        let problem = format!("{path}`: it is signed with key {}", gpg.fingerprint());
        assert!(refused.stdout.contains(&problem), "{problem}\n{}", refused.stdout);
    }
    let text = stage.text("repo/public/apt/dists/stable/InRelease");
    fs_err::write(stage.path("repo/public/apt/dists/stable/InRelease"), format!("x\n{text}"))
        .unwrap();
    stage.fpb("repo verify repo").status(4);
}
