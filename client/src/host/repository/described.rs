//! What plugins in repositories say of themselves, for those who do not know a name.

use std::collections::BTreeMap;

use super::super::backend::{Backend, Family};
use super::{Available, Search, read};
use crate::host::{Host, HostError};

/// A plugin's package that a repository has, and what it says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// The package.
    pub package: Available,
    /// Its title, in one line.
    pub title: String,
    /// What it is for; empty where it does not say.
    pub description: String,
}

/// One package as dnf is to show it; a description may have any number of lines.
const RECORD: &str =
    "%{name}\\t%{version}-%{release}\\t%{repoid}\x1f%{summary}\x1f%{description}\x1e";

impl Host {
    /// Returns every version of every plugin that repositories have, with what it says of itself.
    pub fn described(&self) -> Result<Vec<Described>, HostError> {
        let Some(manager) = &self.manager else { return Ok(Vec::new()) };
        if matches!(manager.backend, Backend::Rpm | Backend::Dpkg) {
            return Ok(Vec::new());
        }
        match manager.backend.family() {
            Family::Rpm => self.described_rpms(),
            Family::Dpkg => self.described_debs(),
        }
    }

    fn described_rpms(&self) -> Result<Vec<Described>, HostError> {
        let mut command = self.repoquery(RECORD)?;
        command.extend(["--file".into(), self.plugins_root().join("*").into()]);
        let text = self.runner.ask(&command)?.success()?;
        Ok(text.split('\x1e').filter_map(read::dnf_record).collect())
    }

    fn described_debs(&self) -> Result<Vec<Described>, HostError> {
        let found = self.available(Search::All)?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let mut names: Vec<String> = found.iter().map(|one| one.package.clone()).collect();
        names.dedup();
        let fields = self.runner.ask(&self.apt_cache("show", &names)?)?.success()?;
        let texts: BTreeMap<_, _> = read::descriptions(&fields).collect();
        let described = |package: Available| {
            let known = texts.get(&(package.package.as_str(), package.version.as_str()));
            let (title, description) = known.cloned().unwrap_or_default();
            Described { package, title, description }
        };
        Ok(found.into_iter().map(described).collect())
    }
}
