//! A plugin's developer who does not know gpg makes a key, signs with it and hands out the certificate;
//! gpg, gpgv and rpm take all of it for their own.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tests::{Outcome, Plugin, command, finish, have, run};

/// Runs fpb in `folder`.
fn fpb(folder: &Path, words: &[&str]) -> Outcome {
    let program = tests::built("fpb");
    finish(command(program.to_str().expect("a UTF-8 path"), words).current_dir(folder))
}

/// Makes the key `release.key` in `folder`, locked with `geheim`; returns its fingerprint.
fn create(folder: &Path) -> String {
    fs_err::write(folder.join("passphrase"), "geheim\n").expect("the folder is ours");
    let words = ["key", "create", "--name", "Release <release@example.org>"];
    let words = [&words[..], &["--passphrase-file", "passphrase", "--json"]].concat();
    let answer: serde_json::Value =
        serde_json::from_str(&fpb(folder, &words).success()).expect("the answer is JSON");
    assert_eq!(answer["changed"], true);
    answer["results"][0]["key"].as_str().expect("a fingerprint").to_owned()
}

fn mode(path: PathBuf) -> u32 {
    fs_err::metadata(path).expect("the file is there").permissions().mode() & 0o7777
}

#[test]
fn a_key_is_made_once_locked_and_readable_by_its_owner_alone() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let folder = folder.path();
    let named = ["key", "create", "--name", "Demo"];
    let refused = |words: &[&str], status, line| {
        fpb(folder, &[&named[..], words].concat()).refusal(status, line);
        let made = fs_err::read_dir(folder).expect("ours").count();
        assert_eq!(made, 1, "{words:?} left something");
    };
    fs_err::write(folder.join("empty"), "\n").expect("the folder is ours");
    refused(&[], 2, "nobody can be asked for the key's passphrase");
    refused(&["--passphrase-file", "empty"], 2, "the passphrase is empty");
    refused(&["--no-passphrase", "-o", "key.asc"], 2, "is no name for a secret key");
    refused(&["--no-passphrase", "-o", "absent/key"], 1, "absent");
    fpb(folder, &["key", "create", "--name", "a\nb", "--no-passphrase"]).refusal(2, "is no name");

    fpb(folder, &[&named[..], &["--no-passphrase"]].concat()).success();
    assert_eq!(mode(folder.join("release.key")), 0o600);
    assert_eq!(mode(folder.join("release.asc")), 0o644);
    assert_eq!(mode(folder.join("release.revoked.asc")), 0o600);
    let before = fs_err::read(folder.join("release.key")).expect("it is there");
    fpb(folder, &[&named[..], &["--no-passphrase"]].concat()).refusal(5, "exists already");
    assert_eq!(fs_err::read(folder.join("release.key")).expect("it is there"), before);
    fs_err::remove_file(folder.join("release.key")).expect("it is there");
    fpb(folder, &[&named[..], &["--no-passphrase"]].concat()).refusal(5, "exists already");
    assert!(!folder.join("release.key").exists());
}

#[test]
fn gpg_imports_the_key_gpgv_and_rpm_verify_its_signatures_and_a_revocation_ends_it() {
    if !have(&["gpg", "gpgv", "rpm", "rpmkeys"]) {
        return;
    }
    let plugin = Plugin::create("demo", "5.0.0");
    let folder = plugin.path();
    let key = create(&folder);
    let build = ["build", ".", "--format", "rpm,deb", "-o", "out", "--sign", "release.key"];
    fpb(&folder, &build).refusal(1, "is locked with a passphrase");
    fpb(&folder, &[&build[..], &["--passphrase-file", "passphrase"]].concat()).success();
    let (rpm, deb) = ("out/demo-1.0-1.0.0-1.noarch.rpm", "out/demo-1.0_1.0.0-1_all.deb");
    let verify = |trust| fpb(&folder, &["verify", rpm, deb, "--trust", trust]);
    assert!(verify("release.asc").success().contains("by Release <release@example.org>"));

    let home = tempfile::tempdir().expect("the temporary folder is writable");
    let gpg = |words: &[&str]| {
        let mut gpg = command("gpg", ["--batch", "--pinentry-mode", "loopback"]);
        gpg.current_dir(&folder).env("GNUPGHOME", home.path()).args(words);
        finish(&mut gpg)
    };
    gpg(&["--import", "release.asc"]).success();
    gpg(&["--verify", &format!("{deb}.asc"), deb]).success();
    gpg(&["--output", "ring", "--export"]).success();
    let at = |file: &str| folder.join(file).to_str().expect("a UTF-8 path").to_owned();
    run("gpgv", ["--keyring", &at("ring"), &at(&format!("{deb}.asc")), &at(deb)]).success();
    let database = format!("--dbpath={}", at("rpmdb"));
    run("rpmkeys", [&database, "--import", &at("release.asc")]).success();
    run("rpmkeys", [&database, "--checksig", &at(rpm)]).success();

    // gpg unlocks the secret key with the passphrase, and is then one more who can sign.
    gpg(&["--passphrase", "geheim", "--import", "release.key"]).success();
    fs_err::write(folder.join("text"), "text").expect("the folder is ours");
    gpg(&["--passphrase", "geheim", "--local-user", &key, "--detach-sign", "text"]).success();
    gpg(&["--verify", "text.sig", "text"]).success();

    let refused = verify("release.revoked.asc").status(4).stdout;
    assert_eq!(refused.matches("revoked").count(), 2, "{refused}");
    gpg(&["--import", "release.revoked.asc"]).success();
    let listed = gpg(&["--with-colons", "--list-keys", &key]).success();
    assert!(listed.contains("\npub:r:"), "{listed}");
    let mut end = command("gpgconf", ["--kill", "all"]);
    finish(end.env("GNUPGHOME", home.path()));
}
