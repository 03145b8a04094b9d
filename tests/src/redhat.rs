//! A scratch host with rpm and dnf.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::run::{Outcome, run};
use crate::{plugin, shell};

/// A root folder with an own package database, into which the real rpm and dnf install.
#[derive(Debug)]
pub struct RedHatHost {
    folder: TempDir,
}

impl RedHatHost {
    /// Makes a host that has a shell and nothing else.
    #[track_caller]
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let host = Self { folder };
        for part in ["root/tmp", "cache", "state", "root/etc/yum.repos.d"] {
            fs_err::create_dir_all(host.folder.path().join(part)).expect("the folder is ours");
        }
        let place = path(host.folder.path());
        let config = format!(
            "[main]\nreposdir={place}/root/etc/yum.repos.d\ncachedir={place}/cache\npersistdir={place}/state\n\
             logdir=/var/log\ngpgcheck=0\nclean_requirements_on_remove=0\n"
        );
        fs_err::write(host.folder.path().join("dnf.conf"), config).expect("the folder is ours");
        let shell = shell::package(host.folder.path());
        host.rpm(&["-i", "--nosignature", path(&shell)]).success();
        host
    }

    /// Returns what hooks wrote since the last call: one line each.
    pub fn hooks(&self) -> String {
        plugin::ran_hooks(&self.root())
    }

    /// Returns the host's root folder.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    /// Runs `rpm --root`.
    #[track_caller]
    pub fn rpm(&self, arguments: &[&str]) -> Outcome {
        let root = self.root();
        run("rpm", ["--root", path(&root)].iter().chain(arguments))
    }

    /// Runs `dnf --installroot`, cut off from the machine's own settings, repositories and caches.
    #[track_caller]
    pub fn dnf(&self, arguments: &[&str]) -> Outcome {
        let root = format!("--installroot={}", path(&self.root()));
        let options = [vec![root, "--assumeyes".to_owned()], self.dnf_options()].concat();
        run("dnf", options.iter().map(String::as_str).chain(arguments.iter().copied()))
    }

    /// Returns the options that cut dnf off from the machine.
    pub fn dnf_options(&self) -> Vec<String> {
        let config = format!("--config={}", path(&self.folder.path().join("dnf.conf")));
        vec![config, "--releasever=1".to_owned(), "--noplugins".to_owned()]
    }

    /// Makes the repository in `folder` known to dnf as `name`.
    pub fn add_repository(&self, name: &str, folder: &Path) {
        let text = format!("[{name}]\nname={name}\nbaseurl=file://{}\nenabled=1\n", path(folder));
        let file = self.root().join("etc/yum.repos.d").join(format!("{name}.repo"));
        fs_err::write(file, text).expect("the folder is ours");
    }

    /// Returns `version-release` of an installed package.
    #[track_caller]
    pub fn installed(&self, name: &str) -> Option<String> {
        let answer = self.rpm(&["-q", "--qf", "%{NAME} %{VERSION}-%{RELEASE}\\n", name]);
        let found = answer.stdout.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
        found.map(str::to_owned)
    }
}

impl Default for RedHatHost {
    fn default() -> Self {
        Self::new()
    }
}

/// A path as text; all paths in these tests are.
fn path(path: &Path) -> &str {
    path.to_str().expect("a UTF-8 path")
}
