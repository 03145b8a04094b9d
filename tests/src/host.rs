//! A scratch host with the client on it, whichever package manager it has.
//!
//! Stories are told once and played on every [`Manager`]: the client's words are the same, only the
//! package's format and the tools behind it differ.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::run::{Outcome, built, command, finish, run};
use crate::{DebianHost, Key, Manager, Plugin, RedHatHost};

/// Where plugins are on a host.
pub const PLUGINS: &str = "var/www/nailgun/plugins";

/// A scratch host with the client on it.
#[derive(Debug)]
pub struct Host {
    /// What it installs with.
    pub manager: Manager,
    machine: Machine,
}

#[derive(Debug)]
enum Machine {
    RedHat(RedHatHost),
    Debian(DebianHost),
}

impl Host {
    /// Makes a host that installs with `manager` and has no plugin.
    pub fn new(manager: Manager) -> Self {
        let machine = match manager {
            Manager::Dnf | Manager::Rpm => Machine::RedHat(RedHatHost::new()),
            Manager::Apt | Manager::Dpkg => Machine::Debian(DebianHost::new()),
        };
        let host = Self { manager, machine };
        host.write_settings(&host.settings());
        host.trust("tests", Key::release(), "plugins: ['*']\nscripts: true\n");
        host
    }

    /// Makes the host trust a key, under `name`, in the `scope` that its file says.
    pub fn trust(&self, name: &str, key: &Key, scope: &str) {
        let folder = self.root().join("etc/plugins/trust.d");
        fs_err::create_dir_all(&folder).expect("the folder is ours");
        let path = |ending: &str| folder.join(format!("{name}.{ending}"));
        fs_err::write(path("asc"), key.certificate()).expect("the folder is ours");
        fs_err::write(path("yaml"), scope).expect("the folder is ours");
    }

    /// Says how strict the host is about who made packages.
    pub fn set_policy(&self, policy: &str) {
        self.write_settings(&format!("{}trust-policy: {policy}\n", self.settings()));
    }

    /// Makes the host trust no key.
    pub fn distrust_all(&self) {
        fs_err::remove_dir_all(self.root().join("etc/plugins/trust.d")).expect("it is there");
    }

    /// Makes a host that installs with `manager`, where its programs are here.
    pub fn of(manager: Manager) -> Option<Self> {
        manager.is_here().then(|| Self::new(manager))
    }

    /// Makes a host of each sort whose programs are here.
    pub fn all() -> impl Iterator<Item = Self> {
        Manager::ALL.into_iter().filter(|manager| manager.is_here()).map(Self::new)
    }

    /// Makes a host that installs with the low-level tool of each family, which is faster.
    pub fn quick() -> impl Iterator<Item = Self> {
        [Manager::Rpm, Manager::Dpkg].into_iter().filter(|m| m.is_here()).map(Self::new)
    }

    /// Returns the settings that isolate the package manager from the machine.
    pub fn settings(&self) -> String {
        let options: Vec<String> = match (&self.machine, self.manager) {
            (Machine::RedHat(host), Manager::Dnf) => host.dnf_options(),
            (Machine::Debian(host), Manager::Apt) => host.apt_options(),
            _ => Vec::new(),
        };
        let options: Vec<String> =
            options.iter().map(|option| format!("  - '{option}'\n")).collect();
        let options =
            if options.is_empty() { " []\n".to_owned() } else { format!("\n{}", options.concat()) };
        format!("package-manager: {}\npackage-manager-options:{options}", self.manager.name())
    }

    /// Replaces the client's settings.
    pub fn write_settings(&self, text: &str) {
        let folder = self.root().join("etc/plugins");
        fs_err::create_dir_all(&folder).expect("the folder is ours");
        fs_err::write(folder.join("plugins.yaml"), text).expect("the folder is ours");
    }

    /// Returns the host's root folder.
    pub fn root(&self) -> PathBuf {
        match &self.machine {
            Machine::RedHat(host) => host.root(),
            Machine::Debian(host) => host.root(),
        }
    }

    /// Returns the plugins root.
    pub fn plugins_root(&self) -> PathBuf {
        self.root().join(PLUGINS)
    }

    /// Returns the command that runs the client on this host.
    pub fn client<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let program = built("plugins");
        let mut client = command(program.to_str().expect("a UTF-8 path"), ["--root"]);
        client.arg(self.root()).args(arguments).env("LC_ALL", "C.UTF-8").env_remove("SUDO_USER");
        client
    }

    /// Runs the client on this host.
    #[track_caller]
    pub fn plugins<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Outcome {
        finish(&mut self.client(arguments)).harmless()
    }

    /// Runs the client under `--json` and returns its answer, after making sure that the answer and the
    /// exit status say the same.
    #[track_caller]
    pub fn json<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Value {
        let outcome = self.plugins(arguments.into_iter().chain(["--json"]));
        let answer: Value = serde_json::from_str(&outcome.stdout)
            .unwrap_or_else(|error| panic!("{error}: {outcome:?}"));
        assert_eq!(answer["ok"], outcome.status == Some(0), "{outcome:?}");
        answer
    }

    /// Raises `plugin` to `version` and builds it in this host's format.
    #[track_caller]
    pub fn release(&self, plugin: &Plugin, version: &str) -> String {
        plugin.release(version, self.manager.format())
    }

    /// Installs, updates or downgrades `package` with the package manager itself, behind the client's
    /// back.
    #[track_caller]
    pub fn install_behind(&self, package: &str) {
        match (&self.machine, self.manager) {
            (Machine::RedHat(host), Manager::Dnf) => host.dnf(&["install", package]),
            (Machine::RedHat(host), _) => {
                host.rpm(&["-U", "--oldpackage", "--nosignature", package])
            }
            (Machine::Debian(host), Manager::Apt) => {
                host.apt_get(&["install", "--allow-downgrades", package])
            }
            (Machine::Debian(host), _) => host.dpkg(&["-i", package]),
        }
        .success();
    }

    /// Removes a package with the package manager itself.
    #[track_caller]
    pub fn remove_behind(&self, package: &str) {
        match (&self.machine, self.manager) {
            (Machine::RedHat(host), _) => host.rpm(&["-e", package]),
            (Machine::Debian(host), _) => host.dpkg(&["--purge", package]),
        }
        .success();
    }

    /// Removes a package without its scripts, whatever state it is in.
    pub fn force_away(&self, package: &str) {
        // It may be gone already.
        match &self.machine {
            Machine::RedHat(host) => host.rpm(&["-e", "--noscripts", package]),
            Machine::Debian(host) => {
                let info = host.root().join("var/lib/dpkg/info");
                for script in ["prerm", "postrm"] {
                    let _ = fs_err::remove_file(info.join(format!("{package}.{script}")));
                }
                host.dpkg(&["--purge", "--force-remove-reinstreq", package])
            }
        };
    }

    /// Returns the version and release of a package, as the package manager's database has it.
    #[track_caller]
    pub fn recorded(&self, package: &str) -> Option<String> {
        match &self.machine {
            Machine::RedHat(host) => host.installed(package),
            Machine::Debian(host) => host.installed(package),
        }
    }

    /// Makes the repository in `folder` known to the package manager.
    pub fn add_repository(&self, folder: &Path) {
        match &self.machine {
            Machine::RedHat(host) => host.add_repository("fixes", folder),
            Machine::Debian(host) => host.add_repository(folder),
        }
    }

    /// Makes `packages` a repository, makes it known to the package manager and has that read it.
    #[track_caller]
    pub fn publish(&self, packages: &[&str]) {
        let folder = self.root().with_file_name("repository");
        fs_err::create_dir_all(&folder).expect("the folder is ours");
        for package in packages {
            let name = package.rsplit('/').next().expect("a file");
            fs_err::copy(package, folder.join(name)).expect("the folder is ours");
        }
        self.add_repository(&folder);
        let folder = folder.to_str().expect("a UTF-8 path");
        match &self.machine {
            Machine::RedHat(host) => {
                run("createrepo_c", ["--quiet", folder]).success();
                host.dnf(&["makecache"]).success();
            }
            Machine::Debian(host) => {
                let mut scan = command("apt-ftparchive", ["packages", "."]);
                let index = finish(scan.current_dir(folder)).success();
                fs_err::write(format!("{folder}/Packages"), index).expect("the folder is ours");
                self.sign_lists(Path::new(folder), Key::release());
                host.apt_get(&["update"]).success();
            }
        }
    }

    /// Has apt read again what repositories say.
    #[track_caller]
    pub fn refresh(&self) {
        if let Machine::Debian(host) = &self.machine {
            host.apt_get(&["update"]).success();
        }
    }

    /// Signs the lists of the repository in `folder`, as apt takes them.
    #[track_caller]
    pub fn sign_lists(&self, folder: &Path, key: &Key) {
        let mut list = command("apt-ftparchive", ["release", "."]);
        let release = finish(list.current_dir(folder)).success();
        let signed = key.sign_within(&release);
        fs_err::write(folder.join("InRelease"), signed).expect("the folder is ours");
        let keys = self.root().join("etc/apt/trusted.gpg.d");
        key.write_certificate(&keys);
    }

    /// Has the package manager upgrade all that it can.
    #[track_caller]
    pub fn upgrade_behind(&self) {
        match &self.machine {
            Machine::RedHat(host) => host.dnf(&["upgrade"]),
            Machine::Debian(host) => host.apt_get(&["upgrade"]),
        }
        .success();
    }

    /// Has the package manager bring the security fixes of the repository `name`: what dnf knows to be
    /// one, all that is newer for apt, which knows of none.
    #[track_caller]
    pub fn upgrade_security_behind(&self, name: &str) {
        match &self.machine {
            Machine::RedHat(host) => {
                let key = host.root().join(format!("etc/pki/rpm-gpg/{name}.asc"));
                // dnf takes the key's place for one of the machine that it runs on.
                let key = format!("--setopt={name}.gpgkey=file://{}", key.display());
                // What was read a moment ago is not yet too old for dnf.
                host.dnf(&[&key, "--refresh", "upgrade", "--security"])
            }
            Machine::Debian(host) => {
                host.apt_get(&["update", "--error-on=any"]).success();
                host.apt_get(&["upgrade"])
            }
        }
        .success();
    }

    /// Returns the registry's entries: number, name, version.
    #[track_caller]
    pub fn registered(&self) -> Vec<(i64, String, String)> {
        let answer = self.json(["list"]);
        let rows = answer["results"].as_array().expect("a list");
        rows.iter()
            .map(|row| {
                let text = |key: &str| row[key].as_str().expect("a text").to_owned();
                (row["id"].as_i64().expect("a number"), text("name"), text("version"))
            })
            .collect()
    }

    /// Returns the version that a plugin's folder says, read through links.
    pub fn version_in(&self, folder: &str) -> Option<String> {
        let path = self.plugins_root().join(folder).join("metadata.yaml");
        let text = fs_err::read_to_string(path).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix("version:"))?;
        Some(line.trim().trim_matches(['\'', '"']).to_owned())
    }

    /// Puts a shell script into `folder` that stands in for a tool.
    pub fn stand_in(&self, folder: &Path, tool: &str, script: &str) {
        fs_err::create_dir_all(folder).expect("the folder is ours");
        let path = folder.join(tool);
        fs_err::write(&path, format!("#!/bin/sh\n{script}\n")).expect("the folder is ours");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs_err::set_permissions(&path, mode).expect("the file is ours");
    }

    /// Returns what hooks wrote since the last call: one line each.
    pub fn hooks(&self) -> String {
        match &self.machine {
            Machine::RedHat(host) => host.hooks(),
            Machine::Debian(host) => host.hooks(),
        }
    }
}
