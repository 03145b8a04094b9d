//! Packages that the machine's repositories have, by name.
//!
//! dnf renews what it knows by its own rules; apt's lists are taken as they are.

mod described;
mod lists;
mod read;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use plugin::PluginName;

use super::backend::{Backend, Family};
use super::commands::{NO_MEMORY, option};
use super::{Host, HostError};

pub use described::Described;
pub(crate) use lists::LISTS;

/// What repositories are asked for.
#[derive(Clone, Copy, Debug)]
pub enum Search<'a> {
    /// These packages.
    Packages(&'a [String]),
    /// All release lines of a plugin.
    Lines(&'a PluginName),
    /// Every plugin that there is.
    All,
}

/// A plugin's package that a repository has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Available {
    /// The plugin's name, in which Debian's packages have `-` for `_`.
    pub plugin: PluginName,
    /// Its name there.
    pub package: String,
    /// Its version as the repository is asked for it: `1.0.2-1`.
    pub version: String,
    /// The repository's identifier; apt's have none but their address.
    pub repository: String,
}

/// One package in a repository, as dnf is to show it. yum ends lines itself.
const ROW: &str = "%{name}\\t%{version}-%{release}\\t%{repoid}\\n";

impl Host {
    /// Returns all versions of plugins that repositories have, sorted; nothing where the package manager
    /// has no repositories.
    pub fn available(&self, search: Search<'_>) -> Result<Vec<Available>, HostError> {
        let Some(manager) = &self.manager else { return Ok(Vec::new()) };
        let nothing = matches!(search, Search::Packages([]));
        if nothing || matches!(manager.backend, Backend::Rpm | Backend::Dpkg) {
            return Ok(Vec::new());
        }
        let mut found = match manager.backend.family() {
            Family::Rpm => self.in_rpm_repositories(search)?,
            Family::Dpkg => self.in_apt_lists(search)?,
        };
        found.retain(|one| search.takes(one));
        found.sort();
        found.dedup();
        Ok(found)
    }

    fn in_rpm_repositories(&self, search: Search<'_>) -> Result<Vec<Available>, HostError> {
        let mut command = self.repoquery(ROW)?;
        match search {
            Search::Packages(packages) => command.extend(packages.iter().map(OsString::from)),
            Search::Lines(name) => command.push(format!("{name}-*").into()),
            // A plugin is known by where its files are, and by nothing else.
            Search::All => {
                command.extend(["--file".into(), self.plugins_root().join("*").into()]);
            }
        }
        let text = self.runner.ask(&command)?.success()?;
        Ok(text.lines().filter_map(read::dnf_row).collect())
    }

    /// Asks which versions there are, and which plugin each package is: it says so itself.
    fn in_apt_lists(&self, search: Search<'_>) -> Result<Vec<Available>, HostError> {
        let names: Vec<String> = match search {
            Search::Packages(packages) => packages.to_vec(),
            Search::Lines(name) => {
                self.names_in_apt(&format!("{}-", name.as_str().replace('_', "-")))?
            }
            Search::All => self.names_in_apt("")?,
        };
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.runner.ask(&self.apt_cache("madison", &names)?)?.success()?;
        if rows.trim().is_empty() {
            return Ok(Vec::new());
        }
        let fields = self.runner.ask(&self.apt_cache("show", &names)?)?.success()?;
        let mut plugins: BTreeMap<&str, PluginName> = read::plugins(&fields).collect();
        if let Search::Packages(packages) = search {
            // Those of another builder do not say it, and are plugins all the same.
            for package in packages {
                let name = package.rsplit_once('-').and_then(|(name, _)| name.parse().ok());
                if let Some(name) = name {
                    plugins.entry(package).or_insert(name);
                }
            }
        }
        Ok(rows.lines().filter_map(|line| read::apt_row(line, &plugins)).collect())
    }

    /// Returns the names in apt's lists that begin with `start` and end as a plugin's package does.
    fn names_in_apt(&self, start: &str) -> Result<Vec<String>, HostError> {
        let text = self.runner.ask(&self.apt_cache("pkgnames", &[start.to_owned()])?)?.success()?;
        let names = text.lines().map(str::trim).filter(|name| read::line_of(name).is_some());
        Ok(names.map(str::to_owned).collect())
    }

    /// Brings a package from its repository into the folder `into`, and returns its file. Whoever calls
    /// verifies it.
    pub fn fetch(&self, wanted: &Available, into: &Path) -> Result<PathBuf, HostError> {
        let manager = self.manager()?;
        let Available { package, version, repository, .. } = wanted;
        let command = match manager.backend.family() {
            Family::Rpm => {
                let mut command = manager.dnf(true);
                command.extend(manager.arguments.iter().cloned());
                command.push("--disablerepo=*".into());
                command.push(format!("--enablerepo={repository}").into());
                command.extend(["install", "--downloadonly"].map(OsString::from));
                // yum has the first word, dnf 5 the second, dnf 4 both.
                let yum = manager.backend == Backend::Yum;
                command.push(option(if yum { "--downloaddir=" } else { "--destdir=" }, into));
                command.push(format!("{package}-{version}").into());
                command
            }
            Family::Dpkg => {
                // apt leaves files in the folder where it is called.
                return self.fetch_with_apt(wanted, into);
            }
        };
        let ran = self.patiently(&command, &mut |_| {})?;
        self.fetched_rpm(wanted, into)?.ok_or(HostError::Failed(ran))
    }

    /// Returns the question for every package, each shown as `format` says.
    fn repoquery(&self, format: &str) -> Result<Vec<OsString>, HostError> {
        let manager = self.manager()?;
        let command = if manager.backend == Backend::Yum {
            // An own program of an own package, which takes some of yum's options.
            let program = self.tools.need("repoquery")?;
            let root = manager.root.iter().map(|root| option("--installroot=", root));
            let mut command = vec![program.into()];
            command.extend(root.chain(["--show-duplicates".into(), "--qf".into(), format.into()]));
            command
        } else {
            let mut command = manager.dnf(true);
            command.extend(manager.arguments.iter().cloned());
            command.extend(["-q", "repoquery", "--available", "--qf", format].map(OsString::from));
            command
        };
        Ok(command)
    }

    fn apt_cache(&self, verb: &str, words: &[String]) -> Result<Vec<OsString>, HostError> {
        let manager = self.manager()?;
        let mut command: Vec<OsString> = vec![manager.program.with_file_name("apt-cache").into()];
        let options = manager.apt_root().into_iter().chain([NO_MEMORY.into()]);
        command.extend(options.flat_map(|option| ["-o".into(), option]));
        command.extend(manager.arguments.iter().cloned());
        command.push(verb.into());
        command.extend(words.iter().map(OsString::from));
        Ok(command)
    }

    fn fetch_with_apt(&self, wanted: &Available, into: &Path) -> Result<PathBuf, HostError> {
        let manager = self.manager()?;
        let mut command = manager.apt(true);
        command.extend(manager.arguments.iter().cloned());
        command.push("download".into());
        command.push(format!("{}={}", wanted.package, wanted.version).into());
        let ran = self.runner.inside(into).change(&command, &mut |_| {})?;
        self.put_lists(wanted, into)?;
        // apt names files by what is in them, with an epoch's colon escaped.
        let start = format!("{}_{}_", wanted.package, wanted.version.replace(':', "%3a"));
        let named = |path: &PathBuf| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&start))
        };
        files_in(into)?.into_iter().find(named).ok_or(HostError::Failed(ran))
    }

    /// Returns the file in `folder` that holds the wanted package. Repositories may name files as they
    /// like, and dependencies are fetched too.
    fn fetched_rpm(&self, wanted: &Available, folder: &Path) -> Result<Option<PathBuf>, HostError> {
        let expected = format!("{}\t{}", wanted.package, wanted.version);
        for path in files_in(folder)? {
            let mut command = self.manager()?.rpm();
            command.extend(
                ["-qp", "--qf", "%{NAME}\\t%{VERSION}-%{RELEASE}", "--"].map(OsString::from),
            );
            command.push(path.clone().into());
            if self.runner.ask(&command)?.text == expected {
                return Ok(Some(path));
            }
        }
        Ok(None)
    }
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>, HostError> {
    let entries = fs_err::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    Ok(entries.into_iter().map(|entry| entry.path()).collect())
}

impl Search<'_> {
    /// Whether a package that was found was asked for: tools take names for patterns.
    fn takes(&self, found: &Available) -> bool {
        match self {
            Self::Packages(packages) => packages.contains(&found.package),
            Self::Lines(name) => found.plugin == **name,
            Self::All => true,
        }
    }
}
