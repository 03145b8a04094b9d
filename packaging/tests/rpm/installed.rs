//! Packages of ours on a host: installed, updated, verified and removed by rpm.

use std::ffi::OsStr;
use std::process::Command;

use packaging::Blueprint;
use plugin::Generation;
use tempfile::TempDir;

use crate::sample::*;
use crate::tools::*;

/// Whether this is root, who alone may install below another root; else a test ends early.
fn is_root() -> bool {
    let root = rustix::process::geteuid().is_root();
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    if !root {
        eprintln!("skipped: only root may do this");
    }
    root
}

/// A host's root with a shell and an empty package database.
struct Host(TempDir);

impl Host {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs_err::create_dir(root.path().join("bin")).unwrap();
        fs_err::copy("/bin/busybox", root.path().join("bin/sh")).unwrap();
        Self(root)
    }

    fn rpm(&self, arguments: &[&str]) -> Command {
        let mut rpm = command("rpm");
        // The shell that is there belongs to no package.
        rpm.arg("--root").arg(self.0.path()).args(arguments);
        rpm
    }

    /// A dnf that knows no repository and keeps all that it writes in this root.
    fn dnf(&self, verb: &str, operand: impl AsRef<OsStr>) -> Command {
        let root = self.0.path();
        let mut dnf = command("dnf");
        dnf.arg("--installroot").arg(root).args(["--releasever=1", "--assumeyes"]);
        dnf.arg("--setopt=plugins=0");
        for setting in ["cachedir", "logdir", "persistdir", "reposdir"] {
            let folder = root.join("dnf").join(setting);
            fs_err::create_dir_all(&folder).unwrap();
            dnf.arg(format!("--setopt={setting}={}", folder.display()));
        }
        dnf.arg(verb).arg(operand);
        dnf
    }

    /// Takes what the hooks have written.
    fn log(&self) -> String {
        let path = self.0.path().join("log");
        let log = fs_err::read_to_string(&path).unwrap_or_default();
        let _ = fs_err::remove_file(path);
        log
    }
}

#[test]
fn hooks_run_on_install_and_update_but_uninstall_only_at_the_end() {
    if !is_root() || !has(&["rpm", "busybox"]) {
        return;
    }
    let (home, host) = (tempfile::tempdir().unwrap(), Host::new());
    let package = |version| {
        let hooks = recording_hooks();
        write_into(home.path(), &Blueprint { hooks, ..blueprint(Generation::V5, version) })
    };
    output(host.rpm(&["-i", "--nodeps"]).arg(package("1.0.0b2")));
    assert_eq!(host.log(), "pre_install 1 %{name}\npost_install 1 %{name}\n");
    // A pre-release is older than its release, which replaces it.
    output(host.rpm(&["-U", "--nodeps"]).arg(package("1.0.0")));
    assert_eq!(host.log(), "pre_install 2 %{name}\npost_install 2 %{name}\n");
    assert!(
        !host.rpm(&["-U", "--nodeps"]).arg(package("1.0.0b2")).output().unwrap().status.success()
    );
    // Another release line stands beside it.
    output(host.rpm(&["-U", "--nodeps"]).arg(package("1.1.0")));
    assert_eq!(host.log(), "pre_install 1 %{name}\npost_install 1 %{name}\n");

    assert_eq!(output(&mut host.rpm(&["-qa", "--qf", "%{NEVRA}\n"])).lines().count(), 2);
    assert_eq!(output(&mut host.rpm(&["-V", "--nodeps", "demo-1.0", "demo-1.1"])), "");
    let script = host.0.path().join(&TOP[1..]).join("scripts/run");
    assert_eq!(fs_err::read_to_string(script).unwrap(), "#!/bin/bash\necho\n");

    output(&mut host.rpm(&["-e", "demo-1.0-1.0.0", "demo-1.1"]));
    assert_eq!(host.log().lines().filter(|line| *line == "uninstall 0 %{name}").count(), 2);
    assert!(!host.0.path().join(&TOP[1..]).exists());
}

#[test]
fn dnf_updates_a_pre_release_in_place_and_keeps_release_lines_apart() {
    if !is_root() || !has(&["rpm", "dnf"]) {
        return;
    }
    let (home, host) = (tempfile::tempdir().unwrap(), Host::new());
    // Nothing here provides the shell that later generations require.
    for version in ["1.0.0b2", "1.0.0", "1.1.0"] {
        let package = write_into(home.path(), &blueprint(Generation::V2, version));
        output(&mut host.dnf("install", package));
    }
    let installed = || output(&mut host.rpm(&["-qa", "--qf", "%{NEVRA}\n"]));
    let mut both: Vec<_> = installed().lines().map(str::to_owned).collect();
    both.sort();
    assert_eq!(both, ["demo-1.0-1.0.0-1.noarch", "demo-1.1-1.1.0-1.noarch"]);
    output(&mut host.dnf("remove", "demo-1.0-1.0.0-1.noarch"));
    assert_eq!(installed(), "demo-1.1-1.1.0-1.noarch\n");
}

#[test]
fn packages_without_hooks_come_and_go_on_a_host_without_a_shell_in_generation_2() {
    if !is_root() || !has(&["rpm"]) {
        return;
    }
    let (home, host) = (tempfile::tempdir().unwrap(), Host::new());
    fs_err::remove_file(host.0.path().join("bin/sh")).unwrap();
    let mut poor = blueprint(Generation::V2, "1.0.2");
    poor.licenses.clear();
    poor.authors.clear();
    poor.homepage = None;
    let package = write_into(home.path(), &poor);
    assert_eq!(query(&package, "%{LICENSE}|%{VENDOR}|%{URL}"), "unspecified|(none)|(none)");
    output(host.rpm(&["-i"]).arg(&package));
    output(&mut host.rpm(&["-e", "demo-1.0"]));
}
