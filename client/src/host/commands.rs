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
const NO_REPOSITORIES: [&str; 4] = [
    "Dir::Etc::sourcelist=/dev/null",
    "Dir::Etc::sourceparts=/dev/null",
    "Dir::Cache::pkgcache=",
    "Dir::Cache::srcpkgcache=",
];

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
        Ok(Self { backend, program, reader, lower, root, release, keys, arguments, patience })
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
        if !online {
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
mod tests {
    use super::*;
    use crate::host::run::shown;

    fn manager(backend: Backend, root: Option<&str>) -> Manager {
        let program = Path::new("/usr/bin").join(backend.program());
        let (reader, lower) = match backend.family() {
            Family::Rpm => ("/usr/bin/rpm", "/usr/bin/rpm"),
            Family::Dpkg => ("/usr/bin/dpkg-query", "/usr/bin/dpkg"),
        };
        Manager {
            backend,
            program,
            reader: reader.into(),
            lower: lower.into(),
            root: root.map(PathBuf::from),
            release: root.map(|_| "9".to_owned()),
            keys: Vec::new(),
            arguments: Vec::new(),
            patience: Duration::from_secs(60),
        }
    }

    fn item(format: Format) -> Item {
        Item {
            package: "demo-1.0".to_owned(),
            folder: "demo-1.0".to_owned(),
            format,
            sha256: Some("5d21".to_owned()),
            before: Some("1.0.1-1".to_owned()),
            after: Some("1.0.2-1".to_owned()),
            plugin_version: None,
        }
    }

    fn line(manager: &Manager, verb: Verb, online: bool) -> String {
        let items = vec![item(manager.backend.format())];
        let lines = manager.command_lines(&Transact { verb, items, online }, Path::new("/in"));
        lines.iter().map(|line| shown(line)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_package_manager_is_told_in_its_own_words() {
        let backends =
            [Backend::Dnf, Backend::Dnf5, Backend::Yum, Backend::Rpm, Backend::Apt, Backend::Dpkg];
        let verbs = [Verb::Upgrade, Verb::Downgrade, Verb::Reinstall, Verb::Remove];
        let lines = backends.iter().flat_map(|backend| {
            let manager = manager(*backend, None);
            let apt = shown(&manager.apt(false));
            verbs.map(|verb| line(&manager, verb, false).replace(&apt, "apt-get [OPTIONS]"))
        });
        insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r"
        /usr/bin/dnf -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' upgrade -- /in/5d21.rpm
        /usr/bin/dnf -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' downgrade -- /in/5d21.rpm
        /usr/bin/dnf -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' reinstall -- /in/5d21.rpm
        /usr/bin/dnf -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' remove -- demo-1.0-1.0.1-1
        /usr/bin/dnf5 -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' upgrade /in/5d21.rpm
        /usr/bin/dnf5 -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' downgrade /in/5d21.rpm
        /usr/bin/dnf5 -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' reinstall /in/5d21.rpm
        /usr/bin/dnf5 -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' remove demo-1.0-1.0.1-1
        /usr/bin/yum -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' upgrade -- /in/5d21.rpm
        /usr/bin/yum -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' downgrade -- /in/5d21.rpm
        /usr/bin/yum -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' reinstall -- /in/5d21.rpm
        /usr/bin/yum -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' remove -- demo-1.0-1.0.1-1
        /usr/bin/rpm --define '_flush_io 1' -U -- /in/5d21.rpm
        /usr/bin/rpm --define '_flush_io 1' --oldpackage -U -- /in/5d21.rpm
        /usr/bin/rpm --define '_flush_io 1' --oldpackage --replacepkgs -U -- /in/5d21.rpm
        /usr/bin/rpm --define '_flush_io 1' -e -- demo-1.0-1.0.1-1
        apt-get [OPTIONS] --no-remove install -- /in/5d21.deb
        apt-get [OPTIONS] --no-remove --allow-downgrades install -- /in/5d21.deb
        apt-get [OPTIONS] --no-remove --allow-downgrades --reinstall install -- /in/5d21.deb
        apt-get [OPTIONS] remove -- demo-1.0
        /usr/bin/dpkg --force-confold -i -- /in/5d21.deb
        /usr/bin/dpkg --force-confold -i -- /in/5d21.deb
        /usr/bin/dpkg --force-confold -i -- /in/5d21.deb
        /usr/bin/dpkg --force-confold -r -- demo-1.0
        ");
    }

    #[test]
    fn another_root_is_cut_off_from_the_machine() {
        let backends = [Backend::Dnf, Backend::Dnf5, Backend::Rpm, Backend::Apt, Backend::Dpkg];
        let lines =
            backends.map(|backend| line(&manager(backend, Some("/image")), Verb::Upgrade, false));
        insta::assert_snapshot!(lines.join("\n"), @r"
        /usr/bin/dnf -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' --installroot=/image --setopt=plugins=0 --setopt=reposdir=/image/etc/yum.repos.d --releasever=9 upgrade -- /in/5d21.rpm
        /usr/bin/dnf5 -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' --installroot=/image --setopt=plugins=0 --releasever=9 upgrade /in/5d21.rpm
        /usr/bin/rpm --root /image --define '_flush_io 1' -U -- /in/5d21.rpm
        /usr/bin/apt-get -y -q -o Dpkg::Options::=--force-confold -o APT::Cmd::Pattern-Only=true -o DPkg::Lock::Timeout=60 -o Dir=/image -o Dir::State::status=/image/var/lib/dpkg/status -o Dir::Bin::dpkg=/usr/bin/dpkg -o DPkg::Options::=--root=/image -o APT::Sandbox::User=root -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts=/dev/null -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= --no-remove install -- /in/5d21.deb
        /usr/bin/dpkg --root=/image --force-confold -i -- /in/5d21.deb
        ");
    }

    #[test]
    fn what_a_tool_would_not_ask_itself_is_asked_before() {
        let rehearsed = |backend, verb| {
            let items = vec![item(Backend::format(backend))];
            let transact = Transact { verb, items, online: false };
            let command = manager(backend, None).rehearsal(&transact, Path::new("/in"));
            command.map(|command| shown(&command))
        };
        let flush = "/usr/bin/rpm --define '_flush_io 1'";
        let erase = Some(format!("{flush} --test -e -- demo-1.0-1.0.1-1"));
        assert_eq!(rehearsed(Backend::Dnf, Verb::Remove), erase);
        assert_eq!(rehearsed(Backend::Dnf, Verb::Upgrade), None);
        let dpkg = "/usr/bin/dpkg --force-confold --no-act";
        assert_eq!(rehearsed(Backend::Apt, Verb::Remove), Some(format!("{dpkg} -r -- demo-1.0")));
        assert_eq!(
            rehearsed(Backend::Dpkg, Verb::Install),
            Some(format!("{dpkg} -i -- /in/5d21.deb"))
        );
    }
}
