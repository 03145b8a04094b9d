//! What the package manager's database says about plugins.
//!
//! A plugin's package is named after its folder, and the folder is in it. rpm looks names up by
//! pattern, which spares it reading the headers of all other packages.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use plugin::{ReleaseLine, Version};

use super::backend::Family;
use super::commands::Manager;
use super::{Host, HostError};
use crate::{Condition, Installed};

/// What names of plugin packages look like: `demo-1.0`.
const NAMES: &str = "*-[0-9]*.[0-9]*";

/// One package in rpm's database: time, name, version, folders.
const RPM_ROW: &str = "%{INSTALLTIME}\\t%{NAME}\\t%{VERSION}-%{RELEASE}\\t[%{DIRNAMES}\\t]\\n";

/// One package in dpkg's database.
const DPKG_ROW: &str =
    "${Package}\\t${Version}\\t${db:Status-Status}\\t${db:Status-Eflag}\\t${Plugin-Name}\\n";

impl Host {
    /// Returns the plugin packages that are recorded, sorted by name.
    pub fn packages(&self) -> Result<Vec<Installed>, HostError> {
        let Some(manager) = &self.manager else { return Ok(Vec::new()) };
        let found = match manager.backend.family() {
            Family::Rpm => self.rpm_packages()?,
            Family::Dpkg => self.dpkg_packages()?,
        };
        Ok(merge(found))
    }

    /// Whether a package of any kind is installed.
    pub fn has_package(&self, package: &str) -> Result<bool, HostError> {
        let Some(manager) = &self.manager else { return Ok(false) };
        let mut command: Vec<OsString> = vec![manager.reader.clone().into()];
        let expected = match manager.backend.family() {
            Family::Rpm => {
                command.extend(manager.root_words());
                command.extend(["-q", "--qf", "%{NAME}\\n", "--"].map(OsString::from));
                package
            }
            Family::Dpkg => {
                command.extend(manager.admin_word());
                command.extend(["-W", "-f", "${db:Status-Status}\\n", "--"].map(OsString::from));
                "installed"
            }
        };
        command.push(package.into());
        // A name that is not recorded is a failure of these programs, and none of ours.
        let answer = self.runner.ask(&command)?;
        Ok(answer.ran.status.success() && answer.text.lines().any(|line| line == expected))
    }

    fn rpm_packages(&self) -> Result<Vec<Installed>, HostError> {
        let manager = self.manager()?;
        let mut command: Vec<OsString> = vec![manager.reader.clone().into()];
        command.extend(manager.root_words());
        command.extend(["-qa", "--qf", RPM_ROW, NAMES].map(OsString::from));
        let text = self.runner.ask(&command)?.success()?;
        let root = self.plugins_root();
        let mut rows: Vec<(u64, Installed)> =
            text.lines().filter_map(|line| rpm_row(line, &root)).collect();
        rows.sort_by_key(|(time, _)| *time);
        Ok(rows.into_iter().map(|(_, package)| package).collect())
    }

    fn dpkg_packages(&self) -> Result<Vec<Installed>, HostError> {
        let text = self.dpkg_query(&["-W", "-f", DPKG_ROW])?;
        let mut packages: Vec<Installed> = text.lines().filter_map(dpkg_row).collect();
        let unnamed = packages.iter_mut().filter(|package| package.folder.is_empty());
        let root = self.plugins_root();
        for package in unnamed {
            // A package of another builder tells its folder by its files only.
            let files = self.dpkg_query(&["-L", &package.package])?;
            let folder = files.lines().find_map(|file| folder_in(Path::new(file), &root));
            package.folder = folder.unwrap_or_default();
        }
        packages.retain(|package| !package.folder.is_empty());
        Ok(packages)
    }

    /// Whether the package manager has begun with a package of which it knows no more than the name: such
    /// a one is not among [`Self::packages`].
    pub(crate) fn is_begun(&self, package: &str) -> Result<bool, HostError> {
        let manager = self.manager()?;
        if manager.backend.family() == Family::Rpm {
            return Ok(false);
        }
        let status = self.dpkg_status(package)?;
        Ok(!matches!(&*status, "" | "installed" | "not-installed" | "config-files"))
    }

    /// Returns what dpkg says of a package, in its own word; nothing where it does not know the name.
    pub(super) fn dpkg_status(&self, package: &str) -> Result<String, HostError> {
        let words = ["-W", "-f", "${db:Status-Status}", package];
        Ok(self.runner.ask(&Self::dpkg_question(self.manager()?, &words))?.text)
    }

    fn dpkg_query(&self, words: &[&str]) -> Result<String, HostError> {
        let command = Self::dpkg_question(self.manager()?, words);
        self.runner.ask(&command)?.success()
    }

    fn dpkg_question(manager: &Manager, words: &[&str]) -> Vec<OsString> {
        let mut command: Vec<OsString> = vec![manager.reader.clone().into()];
        command.extend(manager.admin_word());
        command.extend(words.iter().map(OsString::from));
        command
    }
}

/// Makes one of all versions of a name that are recorded; the one that came last counts.
fn merge(packages: Vec<Installed>) -> Vec<Installed> {
    let mut merged: BTreeMap<String, Installed> = BTreeMap::new();
    for mut package in packages {
        if merged.contains_key(&package.package) {
            package.condition = Condition::Duplicate;
        }
        merged.insert(package.package.clone(), package);
    }
    merged.into_values().collect()
}

fn rpm_row(line: &str, root: &Path) -> Option<(u64, Installed)> {
    let mut fields = line.split('\t');
    let time = fields.next()?.parse().ok()?;
    let (package, version) = (fields.next()?.to_owned(), fields.next()?.to_owned());
    let folder = fields.find_map(|folder| folder_in(Path::new(folder), root))?;
    let plugin_version = plugin_version(&version)?;
    let condition = Condition::Whole;
    Some((time, Installed { package, folder, version, plugin_version, condition }))
}

/// Reads a row; where the package does not say which plugin it is, its folder stays empty.
fn dpkg_row(line: &str) -> Option<Installed> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [package, version, status, flag, name] = *fields.as_slice() else { return None };
    let version = version.split_once(':').map_or(version, |(_, version)| version);
    let (_, line) = package.rsplit_once('-')?;
    line.parse::<ReleaseLine>().ok()?;
    let condition = match (status, flag) {
        ("installed", "ok") => Condition::Whole,
        ("not-installed" | "config-files", _) => return None,
        ("installed", flag) => Condition::Unfinished(flag.to_owned()),
        (status, _) => Condition::Unfinished(status.to_owned()),
    };
    Some(Installed {
        package: package.to_owned(),
        folder: if name.is_empty() { String::new() } else { format!("{name}-{line}") },
        version: version.to_owned(),
        plugin_version: plugin_version(version)?,
        condition,
    })
}

/// Returns the first folder below the plugins root that `path` is in or is.
fn folder_in(path: &Path, root: &Path) -> Option<String> {
    let below = path.strip_prefix(root).ok()?.components().next()?;
    below.as_os_str().to_str().map(str::to_owned)
}

/// Reads the plugin's version from a package's: `1.0.0b2` from `1.0.0~b2-1`.
pub(crate) fn plugin_version(version: &str) -> Option<Version> {
    let upstream = version.rsplit_once('-').map_or(version, |(upstream, _)| upstream);
    upstream.replace('~', "").parse().ok()
}
