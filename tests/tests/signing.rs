//! A release engineer signs packages; dnf, rpm and gpgv take them for what they are, and nobody takes
//! one that is unsigned, altered or signed by somebody else.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tests::{Outcome, Plugin, RedHatHost, command, finish, fpb, have, run};

/// Keys as gpg makes them, in a folder that goes away with its agent.
struct Keys(TempDir);

impl Keys {
    /// Makes the keys of `release` and of `stranger`, and `locked`, whose passphrase is `geheim`.
    fn new() -> Self {
        let keys = Self(tempfile::tempdir().expect("the temporary folder is writable"));
        let home = keys.0.path();
        fs_err::set_permissions(home, PermissionsExt::from_mode(0o700)).expect("ours");
        for (name, kind, passphrase) in [
            ("release", "rsa3072", ""),
            ("stranger", "ed25519", ""),
            ("locked", "ed25519", "geheim"),
        ] {
            let user = format!("{name}@example.org");
            keys.gpg(&[
                "--passphrase",
                passphrase,
                "--quick-gen-key",
                &user,
                kind,
                "sign",
                "never",
            ]);
            keys.gpg(&["--armor", "--output", &keys.public(name), "--export", &user]);
            let secret = ["--armor", "--output", &keys.secret(name), "--export-secret-keys", &user];
            keys.gpg(&[&["--passphrase", passphrase], &secret[..]].concat());
        }
        keys
    }

    fn gpg(&self, words: &[&str]) -> String {
        let mut gpg = command("gpg", ["--batch", "--quiet", "--pinentry-mode", "loopback"]);
        finish(gpg.env("GNUPGHOME", self.0.path()).args(words)).success()
    }

    fn file(&self, name: &str) -> String {
        self.0.path().join(name).to_str().expect("a UTF-8 path").to_owned()
    }

    fn public(&self, name: &str) -> String {
        self.file(&format!("{name}.pub"))
    }

    fn secret(&self, name: &str) -> String {
        self.file(&format!("{name}.key"))
    }

    fn fingerprint(&self, name: &str) -> String {
        let list = self.gpg(&["--with-colons", "--list-keys", &format!("{name}@example.org")]);
        let line = list.lines().find_map(|line| line.strip_prefix("fpr:"));
        line.expect("gpg knows the key").trim_matches(':').to_owned()
    }

    fn kill_agent(&self) {
        let mut end = command("gpgconf", ["--kill", "gpg-agent"]);
        // The agent also ends by itself when its folder is gone.
        let _ = end.env("GNUPGHOME", self.0.path()).output();
    }

    /// Runs fpb where gpg finds these keys.
    fn fpb(&self, folder: &Path, words: &[&str]) -> Outcome {
        let mut fpb = command(tests::built("fpb").to_str().expect("a UTF-8 path"), words);
        finish(fpb.current_dir(folder).env("GNUPGHOME", self.0.path()))
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.kill_agent();
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a UTF-8 path")
}

/// Alters a byte of the file at `path` in a copy of it.
fn altered(path: &Path, from_the_end: usize) -> PathBuf {
    let copy = path.with_file_name("altered.rpm");
    let mut bytes = fs_err::read(path).expect("the file is there");
    let position = bytes.len() - from_the_end;
    bytes[position] ^= 1;
    fs_err::write(&copy, bytes).expect("the folder is ours");
    copy
}

#[test]
fn dnf_installs_what_is_signed_and_refuses_what_is_not() {
    if !have(&["gpg", "rpm", "dnf", "createrepo_c"]) {
        return;
    }
    let keys = Keys::new();
    let plugin = Plugin::create("demo", "5.0.0");
    let package = PathBuf::from(plugin.release("1.0.2", "rpm"));
    let host = RedHatHost::new();
    let repository = package.parent().expect("it is in a folder").join("signed");
    fs_err::create_dir(&repository).expect("the folder is ours");
    let published = repository.join("demo.rpm");
    fs_err::copy(&package, &published).expect("the folder is ours");
    let key = format!("--setopt=*.gpgkey=file://{}", keys.public("release"));
    let strict =
        ["--setopt=gpgcheck=1", "--setopt=*.gpgcheck=1", "--setopt=localpkg_gpgcheck=1", &key];
    let dnf = |words: &[&str]| host.dnf(&[&strict[..], words].concat());
    host.add_repository("plugins", &repository);
    run("createrepo_c", ["--quiet", text(&repository)]).success();
    let refused = |words: &[&str]| dnf(words).refusal(1, "Error: GPG check FAILED");
    refused(&["install", "demo-1.0"]);
    refused(&["install", text(&package)]);
    assert_eq!(host.installed("demo-1.0"), None);

    keys.fpb(&repository, &["sign", "demo.rpm", "--key", &keys.secret("release")]).success();
    run("createrepo_c", ["--quiet", text(&repository)]).success();
    dnf(&["--refresh", "install", "demo-1.0"]).success();
    assert_eq!(host.installed("demo-1.0").as_deref(), Some("1.0.2-1"));
    dnf(&["remove", "demo-1.0"]).success();
    dnf(&["install", text(&published)]).success();
    dnf(&["remove", "demo-1.0"]).success();
    refused(&["install", text(&altered(&published, 10))]);

    let stranger = ["sign", "demo.rpm", "--key", &keys.fingerprint("stranger")];
    keys.fpb(&repository, &stranger).success();
    refused(&["install", text(&published)]);
    assert_eq!(host.installed("demo-1.0"), None);
}

#[test]
fn builds_appear_signed_and_verify_says_by_whom() {
    if !have(&["gpg", "gpgv"]) {
        return;
    }
    let keys = Keys::new();
    let plugin = Plugin::create("demo", "5.0.0");
    let folder = plugin.path();
    fs_err::write(folder.join("../passphrase"), "geheim\n").expect("the folder is ours");
    let build =
        ["build", ".", "--format", "rpm,deb", "-o", "out", "--sign", &keys.secret("locked")];
    let refused = keys.fpb(&folder, &build).refusal(1, "is locked with a passphrase");
    assert!(refused.stdout.is_empty() && !folder.join("out").exists());
    let unlock = ["--passphrase-file", "../passphrase"];
    keys.fpb(&folder, &[&build[..], &unlock].concat()).success();

    let (rpm, deb) = ("out/demo-1.0-1.0.0-1.noarch.rpm", "out/demo-1.0_1.0.0-1_all.deb");
    let trust = ["--trust", &keys.public("release"), "--trust", &keys.public("locked")];
    let verify = |files: &[&str]| keys.fpb(&folder, &[&["verify"], files, &trust].concat());
    let story = verify(&[rpm, deb]).success();
    assert!(story.matches("by locked@example.org").count() == 2, "{story}");
    let ring = keys.file("ring");
    keys.gpg(&["--output", &ring, "--export", "locked@example.org"]);
    let paths = [format!("{deb}.asc"), deb.to_owned()].map(|it| folder.join(it));
    run("gpgv", ["--keyring", &ring, text(&paths[0]), text(&paths[1])]).success();

    // Signatures of packages are no part of the plugin, and do not outlive what they belong to.
    keys.fpb(&folder, &["build", ".", "--format", "rpm,deb", "-o", "out"]).success();
    assert!(!folder.join("out/demo-1.0_1.0.0-1_all.deb.asc").exists());
    verify(&[rpm]).refusal(4, "error[F0912]");
    let json = keys.fpb(&folder, &[&["verify", rpm, deb, "--json"], &trust[..]].concat());
    let answer: serde_json::Value =
        serde_json::from_str(&json.status(4).stdout).expect("the answer is JSON");
    assert_eq!(answer["results"][0]["verdict"], "unsigned");
    assert_eq!(answer["ok"], false);
}

#[test]
fn what_goes_wrong_is_told_in_a_line_and_never_tells_a_secret() {
    if !have(&["gpg"]) {
        return;
    }
    let keys = Keys::new();
    let plugin = Plugin::create("demo", "1.0.0");
    let folder = plugin.path();
    fpb(&folder, ["build", "."]).success();
    fs_err::write(folder.join("wrong"), "Geheim\n").expect("the folder is ours");
    let sign = |words: &[&str]| keys.fpb(&folder, &[&["sign", "demo-1.0.0.fp"], words].concat());
    let locked = keys.secret("locked");
    let outcome = sign(&["--key", &locked, "--passphrase-file", "wrong"])
        .refusal(1, "cause: the passphrase does not unlock key ");
    assert_eq!(outcome.stderr.lines().count(), 3, "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("Geheim"));
    sign(&["--key", &keys.public("release")]).refusal(1, "it holds no secret key");
    sign(&["--key", &"0".repeat(40)]).refusal(1, "F0913");
    sign(&["--key", "no-such-file"]).refusal(3, "does not exist");

    let release = keys.secret("release");
    // The agent may ask nobody here: it says so at once and nothing hangs.
    let agent = Path::new(&keys.file("gpg-agent.conf")).to_owned();
    fs_err::write(agent, "pinentry-program /bin/false\n").expect("the folder is ours");
    keys.kill_agent();
    let outcome = sign(&["--key", &keys.fingerprint("locked")]).refusal(1, "No pinentry");
    assert!(outcome.stderr.contains("help: unlock the key in gpg's agent first"));

    let two = ["sign", "demo-1.0.0.fp", "missing", "--key", &release];
    keys.fpb(&folder, &two).refusal(3, "`missing` does not exist");
    assert!(!folder.join("demo-1.0.0.fp.asc").exists(), "all files are looked at first");
    let midway = ["sign", "demo-1.0.0.fp", "./demo-1.0.0.fp", "/proc/version", "--key", &release];
    let story = keys.fpb(&folder, &midway).refusal(8, "`/proc/version` was not signed").stderr;
    assert!(story.contains("1 file before it: `demo-1.0.0.fp`"), "{story}");
    let before = fs_err::read(folder.join("demo-1.0.0.fp.asc")).expect("it is there");
    let kept = sign(&["--key", &keys.fingerprint("release")]).success();
    assert!(kept.starts_with(" kept "), "{kept}");
    assert_eq!(fs_err::read(folder.join("demo-1.0.0.fp.asc")).expect("it is there"), before);
}
