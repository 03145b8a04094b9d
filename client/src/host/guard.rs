//! Telling the package manager to keep a package as it is.
//!
//! apt has holds. dnf 5 has version locks, dnf 4 and yum have them with a plugin, which works on the
//! machine's own root alone. dnf 4 reads no drop-in files, so that without the plugin only its main
//! configuration could say it, which is not ours to edit. rpm and dpkg alone update nothing unasked.
//!
//! A version lock names a version. Where something else has brought another one since, the lock would
//! have dnf go back to the old one at the next occasion: it is renewed.

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
        if guarding != Guarding::Heeded {
            return Ok(guarding);
        }
        let version = self.packages()?.into_iter().find(|found| found.package == package);
        let version = version.map(|found| found.version).unwrap_or_default();
        let is_right =
            |locks: &[VersionLock]| locks.iter().all(|lock| held && lock.is_on(&version));
        let locks = self.locks_of(package)?;
        if !locks.is_empty() && !is_right(&locks) {
            self.patiently(&self.unlock_command(package, &locks)?, &mut |_| {})?;
        }
        if held && (locks.is_empty() || !is_right(&locks)) {
            let ran = self.patiently(&self.lock_command(package, &version)?, &mut |_| {})?;
            if self.locks_of(package)?.is_empty() {
                return Err(HostError::Failed(ran));
            }
        }
        let locks = self.locks_of(package)?;
        if locks.is_empty() == held || !is_right(&locks) {
            return Err(HostError::Failed(self.runner.ask(&self.manager()?.guarded())?.ran));
        }
        Ok(guarding)
    }

    /// Returns what the package manager was told of `package`; more than once by others, maybe.
    pub(super) fn locks_of(&self, package: &str) -> Result<Vec<VersionLock>, HostError> {
        if self.guarding() != Guarding::Heeded {
            return Ok(Vec::new());
        }
        let manager = self.manager()?;
        let text = self.runner.ask(&manager.guarded())?.success()?;
        let mut locks = read(manager.backend, &text);
        locks.retain(|lock| lock.package == package);
        Ok(locks)
    }

    /// dnf's plugin would take `demo-1.0` for version 1.0 of `demo` too, so that it gets whole entries.
    fn lock_command(&self, package: &str, version: &str) -> Result<Vec<OsString>, HostError> {
        let manager = self.manager()?;
        let entry = format!("{package}-{version}.*");
        let words: &[&str] = match manager.backend {
            Backend::Apt => &["hold", package],
            Backend::Dnf5 => &["versionlock", "add", package],
            _ => &["versionlock", "add", "--raw", "--", &entry],
        };
        Ok(manager.locks(words))
    }

    fn unlock_command(
        &self,
        package: &str,
        locks: &[VersionLock],
    ) -> Result<Vec<OsString>, HostError> {
        let manager = self.manager()?;
        Ok(match manager.backend {
            Backend::Apt => manager.locks(&["unhold", package]),
            Backend::Dnf5 => manager.locks(&["versionlock", "delete", package]),
            _ => {
                let mut command = manager.locks(&["versionlock", "delete", "--"]);
                command.extend(locks.iter().map(|lock| OsString::from(&lock.entry)));
                command
            }
        })
    }
}

/// What a package manager was told to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct VersionLock {
    /// The package.
    pub(super) package: String,
    /// At which version and release; `None` for whatever it has.
    pub(super) version: Option<String>,
    /// As the package manager lists it.
    entry: String,
}

impl VersionLock {
    fn is_on(&self, version: &str) -> bool {
        self.version.as_ref().is_none_or(|locked| locked == version)
    }
}

impl Manager {
    fn guarded(&self) -> Vec<OsString> {
        match self.backend {
            Backend::Apt => self.locks(&["showhold"]),
            _ => self.locks(&["-q", "versionlock", "list"]),
        }
    }

    fn locks(&self, words: &[&str]) -> Vec<OsString> {
        let mut command = if self.backend == Backend::Apt {
            let options = self.apt_root().into_iter();
            let program = self.program.with_file_name("apt-mark").into();
            [program].into_iter().chain(options.flat_map(|option| ["-o".into(), option])).collect()
        } else {
            self.dnf(false)
        };
        command.extend(words.iter().map(OsString::from));
        command
    }
}

/// Reads what a package manager lists.
fn read(backend: Backend, text: &str) -> Vec<VersionLock> {
    match backend {
        Backend::Apt => text.lines().filter_map(apt_lock).collect(),
        Backend::Dnf5 => dnf5_locks(text),
        _ => text.lines().filter_map(dnf_lock).collect(),
    }
}

fn apt_lock(line: &str) -> Option<VersionLock> {
    let package = line.split(':').next()?.trim();
    let known =
        || VersionLock { package: package.to_owned(), version: None, entry: line.to_owned() };
    (!package.is_empty()).then(known)
}

/// Reads `Package name: demo-1.0`, followed by its conditions: `evr = 1.0.2-1`.
fn dnf5_locks(text: &str) -> Vec<VersionLock> {
    let mut locks: Vec<VersionLock> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("Package name:") {
            let (package, entry) = (name.trim().to_owned(), line.to_owned());
            locks.push(VersionLock { package, version: None, entry });
        } else if let Some(version) = line.trim().strip_prefix("evr = ")
            && let Some(lock) = locks.last_mut()
        {
            lock.version = Some(without_epoch(version.trim()).to_owned());
        }
    }
    locks
}

/// Reads `demo-1.0-0:1.0.2-1.*` of dnf 4's plugin, and `0:demo-1.0-1.0.2-1.*` of yum's.
fn dnf_lock(line: &str) -> Option<VersionLock> {
    if line.starts_with(['#', '!']) || line.contains(' ') {
        return None;
    }
    let (rest, release) = line.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    let release = release.strip_suffix(".*").unwrap_or(release);
    Some(VersionLock {
        package: without_epoch(name).to_owned(),
        version: Some(format!("{}-{release}", without_epoch(version))),
        entry: line.to_owned(),
    })
}

fn without_epoch(text: &str) -> &str {
    text.split_once(':').map_or(text, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(backend: Backend, text: &str) -> Vec<String> {
        let locks = read(backend, text).into_iter();
        locks.map(|lock| format!("{} {}", lock.package, lock.version.unwrap_or_default())).collect()
    }

    #[test]
    fn packages_and_versions_of_locks_are_read() {
        let dnf = "# Added by 'versionlock add' command on 2026-11-21\n\
                   demo-1.0-0:1.0.2-1.*\n!other-1.0-0:1.0.2-1.*\n\n";
        assert_eq!(told(Backend::Dnf, dnf), ["demo-1.0 1.0.2-1"]);
        assert_eq!(told(Backend::Yum, "0:demo-1.0-1.0.2-1.*\n"), ["demo-1.0 1.0.2-1"]);
        let dnf5 = "# Added by 'versionlock add' command on 2026-11-21 10:00:00\n\
                    Package name: my_demo-1.0\nevr = 1.0.2-1\n\nPackage name: other-1.0\n";
        assert_eq!(told(Backend::Dnf5, dnf5), ["my_demo-1.0 1.0.2-1", "other-1.0 "]);
        assert_eq!(told(Backend::Apt, "demo-1.0\n\n"), ["demo-1.0 "]);
    }

    #[test]
    fn a_lock_on_another_version_is_not_right() {
        let lock = dnf_lock("demo-1.0-0:1.0.2-1.*").expect("an entry");
        assert!(lock.is_on("1.0.2-1") && !lock.is_on("1.0.3-1"));
        assert!(apt_lock("demo-1.0").expect("a name").is_on("1.0.3-1"));
    }
}
