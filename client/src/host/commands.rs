//! The package managers' command lines: pure, tested as text.
//!
//! What the options keep away, all of it observed (`cli 5`):
//! - A removal names version and release too, or dnf may take `demo-1.0` for version 1.0 of `demo`; apt
//!   takes a name with a dot that it does not know for a pattern, unless told not to.
//! - dnf and apt remove what a package brought along, and apt removes what is in the way of another.
//! - For a root other than `/` nothing of the machine around it counts: settings, repositories, lists.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::backend::{Backend, Family, Tools, os_release};
use super::run::words;
use plugin::Format;

use super::HostError;
use crate::Places;
use crate::plan::{Item, Transact, Verb};

/// What makes apt know of no repository, without storing that it does.
const NO_REPOSITORIES: [&str; 3] = [
    "Dir::Etc::sourcelist=/dev/null",
    "Dir::Etc::sourceparts=/dev/null",
    "Dir::Cache::srcpkgcache=",
];

/// Has apt read dpkg's database anew: its cache takes a database of the same second and length for the
/// one that it knows.
pub(super) const NO_MEMORY: &str = "Dir::Cache::pkgcache=";

/// Where dnf 5 looks for repositories, beside its main settings.
const REPOSITORY_FOLDERS: [&str; 3] =
    ["etc/yum.repos.d", "etc/distro.repos.d", "usr/share/dnf5/repos.d"];

/// A package manager and what is needed to call it.
#[derive(Clone, Debug)]
pub(super) struct Manager {
    pub(super) backend: Backend,
    /// The program that makes changes.
    pub(super) program: PathBuf,
    /// The program that reads the database: rpm or dpkg-query.
    pub(super) reader: PathBuf,
    /// The program below the package manager: rpm or dpkg.
    pub(super) lower: PathBuf,
    /// The root folder, where that is not `/`.
    pub(super) root: Option<PathBuf>,
    /// What `$releasever` is, where dnf cannot find out.
    pub(super) release: Option<String>,
    /// Options that tell dnf where the keys of our repositories are, in a root other than `/`.
    pub(super) keys: Vec<OsString>,
    /// The administrator's further options.
    pub(super) arguments: Vec<OsString>,
    /// How long to wait for a locked database.
    pub(super) patience: Duration,
    /// Whether there is any repository to be kept out.
    pub(super) repositories: bool,
}

impl Manager {
    pub(super) fn new(
        backend: Backend,
        places: &Places,
        tools: &Tools,
        arguments: Vec<OsString>,
        patience: Duration,
    ) -> Result<Self, HostError> {
        let (reader, lower) = match backend.family() {
            Family::Rpm => ("rpm", "rpm"),
            Family::Dpkg => ("dpkg-query", "dpkg"),
        };
        let root = (places.root() != Path::new("/")).then(|| places.root().to_owned());
        let release = root.as_deref().and_then(release);
        let keys = root.as_deref().map(keys).unwrap_or_default();
        let program = match (backend, tools.find(backend.program())) {
            // A system may have dnf 5, or dnf 4, under the shorter name alone.
            (Backend::Dnf | Backend::Dnf5, None) => tools.need("dnf")?,
            (_, found) => found.map_or_else(|| tools.need(backend.program()), Ok)?,
        };
        let (reader, lower) = (tools.need(reader)?, tools.need(lower)?);
        let repositories = backend != Backend::Dnf5 || has_repositories(places.root());
        let found = Self {
            backend,
            program,
            reader,
            lower,
            root,
            release,
            keys,
            arguments,
            patience,
            repositories,
        };
        Ok(found)
    }

    /// The command lines of a transaction, in order. Files lie in the folder `files`, named by digest.
    pub(super) fn command_lines(&self, transact: &Transact, files: &Path) -> Vec<Vec<OsString>> {
        let operands = transact.items.iter().map(|item| self.operand(transact.verb, item, files));
        let mut command = match self.backend {
            Backend::Dnf | Backend::Dnf5 | Backend::Yum => self.dnf(transact.online),
            Backend::Rpm => self.rpm(),
            Backend::Apt => self.apt(transact.online),
            Backend::Dpkg => self.dpkg(),
        };
        command.extend(self.arguments.iter().cloned());
        command.extend(self.verb(transact).into_iter().map(OsString::from));
        // dnf 5 is not known to heed the mark; its operands begin with `/` or are in the database.
        if self.backend != Backend::Dnf5 {
            command.push("--".into());
        }
        command.extend(operands);
        vec![command]
    }

    /// Asks whether a transaction would be refused, where its own program would not ask itself: dpkg
    /// unpacks what it then cannot configure, dnf and apt remove what depends on a package with it.
    pub(super) fn rehearsal(&self, transact: &Transact, files: &Path) -> Option<Vec<OsString>> {
        let (mut command, words): (_, &[&str]) = match (self.backend.family(), transact.verb) {
            (Family::Rpm, Verb::Remove) => (self.rpm(), &["--test", "-e", "--"]),
            (Family::Dpkg, Verb::Remove) => (self.dpkg(), &["--no-act", "-r", "--"]),
            (Family::Dpkg, _) if self.backend == Backend::Dpkg => {
                (self.dpkg(), &["--no-act", "-i", "--"])
            }
            _ => return None,
        };
        command.extend(words.iter().map(OsString::from));
        let items = transact.items.iter();
        command.extend(items.map(|item| self.operand(transact.verb, item, files)));
        Some(command)
    }

    fn operand(&self, verb: Verb, item: &Item, files: &Path) -> OsString {
        match (&item.sha256, &item.before, &item.after) {
            (Some(sha256), ..) if verb != Verb::Remove => file(files, sha256, item).into(),
            (_, Some(before), _) if self.backend.family() == Family::Rpm => {
                format!("{}-{before}", item.package).into()
            }
            _ => item.package.clone().into(),
        }
    }

    fn verb(&self, transact: &Transact) -> Vec<&'static str> {
        let verb = transact.verb;
        match self.backend {
            Backend::Dnf | Backend::Dnf5 | Backend::Yum => vec![match verb {
                Verb::Install => "install",
                Verb::Upgrade => "upgrade",
                Verb::Downgrade => "downgrade",
                Verb::Reinstall => "reinstall",
                Verb::Remove => "remove",
            }],
            Backend::Rpm => match verb {
                Verb::Install | Verb::Upgrade => vec!["-U"],
                Verb::Downgrade => vec!["--oldpackage", "-U"],
                Verb::Reinstall => vec!["--oldpackage", "--replacepkgs", "-U"],
                Verb::Remove => vec!["-e"],
            },
            Backend::Apt => {
                let mut words = match verb {
                    Verb::Install | Verb::Upgrade => vec!["--no-remove"],
                    Verb::Downgrade => vec!["--no-remove", "--allow-downgrades"],
                    Verb::Reinstall => vec!["--no-remove", "--allow-downgrades", "--reinstall"],
                    Verb::Remove => return vec!["remove"],
                };
                words.push("install");
                words
            }
            Backend::Dpkg if verb == Verb::Remove => vec!["-r"],
            Backend::Dpkg => vec!["-i"],
        }
    }

    /// dnf or yum, without questions, in the right root.
    pub(super) fn dnf(&self, online: bool) -> Vec<OsString> {
        let mut command = words(&self.program, ["-y", "--setopt=clean_requirements_on_remove=0"]);
        if !online && self.repositories {
            command.push("--disablerepo=*".into());
        }
        if let Some(root) = &self.root {
            command.push(option("--installroot=", root));
            // These would be the outer machine's: plugins always, repositories where the root has none.
            // dnf takes its settings from the root, or from the machine where the root has none.
            command.push("--setopt=plugins=0".into());
            if self.backend != Backend::Dnf5 {
                command.push(option("--setopt=reposdir=", &root.join("etc/yum.repos.d")));
            }
            command.extend(self.keys.iter().cloned());
            command.extend(self.release.iter().map(|is| format!("--releasever={is}").into()));
        }
        command
    }

    /// rpm, in the right root; what it writes is on the disk when it says so.
    pub(super) fn rpm(&self) -> Vec<OsString> {
        let mut command = vec![self.lower.clone().into()];
        command.extend(self.root_words());
        command.extend(["--define", "_flush_io 1"].map(OsString::from));
        command
    }

    /// `--root` for rpm, as two words.
    pub(super) fn root_words(&self) -> Vec<OsString> {
        let root = self.root.iter();
        root.flat_map(|root| [OsString::from("--root"), root.clone().into()]).collect()
    }

    /// Where dpkg-query finds the database, unless that is the machine's own.
    pub(super) fn admin_word(&self) -> Option<OsString> {
        self.root.as_ref().map(|root| option("--admindir=", &root.join("var/lib/dpkg")))
    }

    /// dpkg, in the right root; edited settings are kept.
    pub(super) fn dpkg(&self) -> Vec<OsString> {
        let mut command = vec![self.lower.clone().into()];
        command.extend(self.root.iter().map(|root| option("--root=", root)));
        command.push("--force-confold".into());
        command
    }

    /// apt-get without questions, in the right root.
    pub(super) fn apt(&self, online: bool) -> Vec<OsString> {
        let mut command = words(&self.program, ["-y", "-q"]);
        let wait = format!("DPkg::Lock::Timeout={}", self.patience.as_secs());
        let mut options: Vec<OsString> =
            ["Dpkg::Options::=--force-confold", "APT::Cmd::Pattern-Only=true", &wait]
                .map(OsString::from)
                .into();
        options.extend(self.apt_root());
        if !online {
            options.extend(NO_REPOSITORIES.map(OsString::from));
        }
        options.push(NO_MEMORY.into());
        command.extend(options.into_iter().flat_map(|option| ["-o".into(), option]));
        command
    }

    /// What makes apt work in the root alone.
    pub(super) fn apt_root(&self) -> Vec<OsString> {
        let Some(root) = &self.root else { return Vec::new() };
        vec![
            option("Dir=", root),
            option("Dir::State::status=", &root.join("var/lib/dpkg/status")),
            option("Dir::Bin::dpkg=", &self.lower),
            option("DPkg::Options::=--root=", root),
            "APT::Sandbox::User=root".into(),
        ]
    }
}

/// The file of an item, by the name that its package manager wants.
pub(super) fn file(files: &Path, sha256: &str, item: &Item) -> PathBuf {
    let extension = match item.format {
        Format::Fp => "fp",
        Format::Rpm => "rpm",
        Format::Deb => "deb",
    };
    files.join(format!("{sha256}.{extension}"))
}

/// `name` and `value` as one word.
pub(super) fn option(name: &str, value: &Path) -> OsString {
    let mut word = OsString::from(name);
    word.push(value);
    word
}

/// Whether dnf 5 finds a repository: it refuses to disable all where there is none.
fn has_repositories(root: &Path) -> bool {
    let is_repository = |path: PathBuf| path.extension().is_some_and(|is| is == "repo");
    let in_folder = REPOSITORY_FOLDERS.iter().any(|folder| {
        let entries = fs_err::read_dir(root.join(folder)).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).any(is_repository)
    });
    let settings = fs_err::read_to_string(root.join("etc/dnf/dnf.conf")).unwrap_or_default();
    let mut sections = settings.lines().map(str::trim).filter(|line| line.starts_with('['));
    in_folder || sections.any(|section| section != "[main]")
}

/// The keys of our repositories in another root: dnf would look for them in the machine's own.
fn keys(root: &Path) -> Vec<OsString> {
    let Ok(entries) = fs_err::read_dir(root.join("etc/yum.repos.d")) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| Some(name.strip_suffix(".repo")?.to_owned()))
        .collect();
    names.sort();
    let key = |name: &String| {
        let key = root.join("etc/pki/rpm-gpg").join(format!("{name}.asc"));
        key.is_file().then(|| option(&format!("--setopt={name}.gpgkey=file://"), &key))
    };
    names.iter().filter_map(key).collect()
}

/// The release of a root that has no package to tell dnf.
fn release(root: &Path) -> Option<String> {
    if root.join("etc/system-release").exists() {
        return None;
    }
    os_release(root, "VERSION_ID")
}

#[cfg(test)]
mod tests;
