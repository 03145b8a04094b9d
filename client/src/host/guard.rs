//! Telling the package manager to keep a package as it is.
//!
//! apt has holds. dnf 5 has version locks, dnf 4 and yum have them with a plugin, which works on the
//! machine's own root alone. dnf 4 reads no drop-in files, so that without the plugin only its main
//! configuration could say it, which is not ours to edit. rpm and dpkg alone update nothing unasked.

use std::collections::BTreeSet;
use std::ffi::OsString;

use super::backend::Backend;
use super::commands::Manager;
use super::{Host, HostError};

/// Whether the package manager keeps packages as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guarding {
    /// It does when told.
    Heeded,
    /// It never updates anything that it is not told to.
    Needless,
    /// It cannot be told: its version lock plugin is not installed.
    Impossible,
}

/// Files, one of which says that dnf 4 or yum has the plugin for version locks.
const PLUGINS: [&str; 2] =
    ["/etc/dnf/plugins/versionlock.conf", "/etc/yum/pluginconf.d/versionlock.conf"];

impl Host {
    /// Whether the package manager keeps packages as they are when told.
    pub fn guarding(&self) -> Guarding {
        let Some(manager) = &self.manager else { return Guarding::Needless };
        match manager.backend {
            Backend::Apt | Backend::Dnf5 => Guarding::Heeded,
            Backend::Rpm | Backend::Dpkg => Guarding::Needless,
            Backend::Dnf | Backend::Yum => {
                let there = PLUGINS.iter().any(|file| std::path::Path::new(file).exists());
                if manager.root.is_none() && there {
                    Guarding::Heeded
                } else {
                    Guarding::Impossible
                }
            }
        }
    }

    /// Has the package manager keep `package` as it is, or lets it change again. Nothing happens where
    /// [`Self::guarding`] says that it cannot be told, or need not.
    pub fn guard(&self, package: &str, held: bool) -> Result<Guarding, HostError> {
        let guarding = self.guarding();
        if guarding == Guarding::Heeded && self.guarded()?.contains(package) != held {
            let command = self.guard_command(package, held)?;
            let ran = self.patiently(&command, &mut |_| {})?;
            if self.guarded()?.contains(package) != held {
                return Err(HostError::Failed(ran));
            }
        }
        Ok(guarding)
    }

    /// Returns the packages that the package manager keeps as they are.
    pub fn guarded(&self) -> Result<BTreeSet<String>, HostError> {
        if self.guarding() != Guarding::Heeded {
            return Ok(BTreeSet::new());
        }
        let text = self.locked()?;
        let names = text.lines().filter_map(self.manager()?.name_of_lock());
        Ok(names.map(str::to_owned).collect())
    }

    /// Returns the locks as the package manager lists them.
    fn locked(&self) -> Result<String, HostError> {
        self.runner.ask(&self.manager()?.guarded())?.success()
    }

    /// dnf's plugin would take `demo-1.0` for version 1.0 of `demo` too, so that it gets whole entries.
    fn guard_command(&self, package: &str, held: bool) -> Result<Vec<OsString>, HostError> {
        let manager = self.manager()?;
        let (words, entries): (&[&str], Vec<String>) = match (manager.backend, held) {
            (Backend::Apt, true) => (&["hold"], vec![package.to_owned()]),
            (Backend::Apt, false) => (&["unhold"], vec![package.to_owned()]),
            (Backend::Dnf5, true) => (&["versionlock", "add"], vec![package.to_owned()]),
            (Backend::Dnf5, false) => (&["versionlock", "delete"], vec![package.to_owned()]),
            (_, true) => (&["versionlock", "add", "--raw", "--"], self.entries(package)?),
            (_, false) => {
                let name = manager.name_of_lock();
                let text = self.locked()?;
                let lines = text.lines().filter(|line| name(line) == Some(package));
                (&["versionlock", "delete", "--"], lines.map(str::to_owned).collect())
            }
        };
        let mut command = manager.locks();
        command.extend(words.iter().map(OsString::from));
        command.extend(entries.into_iter().map(OsString::from));
        Ok(command)
    }

    /// The entry that locks the installed version of a package.
    fn entries(&self, package: &str) -> Result<Vec<String>, HostError> {
        let packages = self.packages()?;
        let found = packages.iter().filter(|found| found.package == package);
        Ok(found.map(|found| format!("{package}-{}.*", found.version)).collect())
    }
}

impl Manager {
    fn name_of_lock(&self) -> fn(&str) -> Option<&str> {
        if self.backend == Backend::Apt { apt_name } else { dnf_name }
    }

    fn guarded(&self) -> Vec<OsString> {
        let mut command = self.locks();
        let words: &[&str] = if self.backend == Backend::Apt {
            &["showhold"]
        } else {
            &["-q", "versionlock", "list"]
        };
        command.extend(words.iter().map(OsString::from));
        command
    }

    fn locks(&self) -> Vec<OsString> {
        if self.backend != Backend::Apt {
            return self.dnf(false);
        }
        let options = self.apt_root().into_iter();
        let mut command = vec![self.program.with_file_name("apt-mark").into()];
        command.extend(options.flat_map(|option| ["-o".into(), option]));
        command
    }
}

fn apt_name(line: &str) -> Option<&str> {
    let name = line.split(':').next()?.trim();
    (!name.is_empty()).then_some(name)
}

/// Reads dnf 5's `Package name: demo-1.0`, and `demo-1.0-0:1.0.2-1.*` of the plugins.
fn dnf_name(line: &str) -> Option<&str> {
    if let Some(name) = line.strip_prefix("Package name:") {
        return Some(name.trim());
    }
    if line.starts_with(['#', '!']) || line.contains(' ') {
        return None;
    }
    let (rest, _release) = line.rsplit_once('-')?;
    let (name, _version) = rest.rsplit_once('-')?;
    // yum's plugin writes the epoch before the name.
    Some(name.split_once(':').map_or(name, |(_, name)| name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_locked_packages_are_read() {
        let table = [
            ("demo-1.0-0:1.0.2-1.*", Some("demo-1.0")),
            ("0:demo-1.0-1.0.2-1.*", Some("demo-1.0")),
            ("Package name: my_demo-1.0", Some("my_demo-1.0")),
            ("evr = 1.0.2-1", None),
            ("# Added by 'versionlock add' command on 2026-11-21", None),
            ("!demo-1.0-0:1.0.2-1.*", None),
            ("", None),
        ];
        for (line, expected) in table {
            assert_eq!(dnf_name(line), expected, "{line}");
        }
        assert_eq!((apt_name("demo-1.0"), apt_name("")), (Some("demo-1.0"), None));
    }
}
