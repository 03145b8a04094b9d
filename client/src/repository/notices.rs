//! Notices about security that this host believes, and what they say of versions.
//!
//! A repository may speak of the plugins that its key is trusted for, and of no other: else whoever has
//! a key for one plugin could withdraw all.

use std::io;
use std::path::PathBuf;

use plugin::{PluginName, Version};
use registry::Source;

use super::documents::{Advisory, Statement, document};
use super::{Edition, Unread, copy};
use crate::{Places, Trust};

/// A notice, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The repository.
    pub repository: String,
    /// What it says, of plugins that it may speak of.
    pub advisory: Advisory,
}

/// All notices that a host believes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices(Vec<Notice>);

/// A copy of notices that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadCopy {
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is not what was written.
    #[error("`{}` is not what was written", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Unread,
    },
}

/// Says of each repository which plugins it may speak of: those that its key is trusted for.
pub fn may_speak(trust: &Trust) -> impl Fn(&Source, &PluginName) -> bool {
    |source, name| {
        let key = source.certificate.as_ref().and_then(|it| it.as_str().parse().ok());
        key.is_some_and(|key| trust.scope_of(&key).takes(name))
    }
}

/// Says whether a repository may speak of a plugin.
pub(super) type Scope<'a> = &'a dyn Fn(&Source, &PluginName) -> bool;

impl Notices {
    /// Reads the notices of `sources` that were believed last.
    pub fn read<'a>(
        places: &Places,
        sources: impl IntoIterator<Item = &'a Source>,
        scope: Scope<'_>,
    ) -> Result<Self, BadCopy> {
        let mut notices = Self::default();
        for source in sources {
            let path = places.root().join(copy(&source.name));
            let bytes = match fs_err::read(&path) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error.into()),
            };
            let statement: Statement = document(&copy(&source.name), &bytes)
                .map_err(|source| BadCopy::Damaged { path, source })?;
            notices.add(source, statement.advisories, scope);
        }
        Ok(notices)
    }

    /// Puts what an edition says in the place of what its repository said before.
    pub fn renew(&mut self, source: &Source, edition: &Edition, scope: Scope<'_>) {
        self.0.retain(|notice| notice.repository != source.name);
        self.add(source, edition.advisories.clone(), scope);
    }

    fn add(&mut self, source: &Source, advisories: Vec<Advisory>, scope: Scope<'_>) {
        for mut advisory in advisories {
            for versions in [&mut advisory.fixes, &mut advisory.withdraws] {
                versions.retain(|one| scope(source, &one.plugin));
            }
            if !advisory.fixes.is_empty() || !advisory.withdraws.is_empty() {
                self.0.push(Notice { repository: source.name.clone(), advisory });
            }
        }
    }

    /// Returns the notice that withdraws a version, if one does.
    pub fn withdrawing(&self, name: &PluginName, version: &Version) -> Option<&Advisory> {
        self.all().find(|advisory| {
            advisory.withdraws.iter().any(|one| one.plugin == *name && one.version == *version)
        })
    }

    /// Returns the notices that a higher version on the line mends, the worst first.
    pub fn open(&self, name: &PluginName, installed: &Version) -> Vec<&Advisory> {
        self.between(name, installed, None)
    }

    /// Returns the notices that are mended by going from one version to another, the worst first.
    pub fn mended(&self, name: &PluginName, from: &Version, to: &Version) -> Vec<&Advisory> {
        self.between(name, from, Some(to))
    }

    /// Returns the highest version that a notice names as a fix for an installed one, and the repository
    /// that says so.
    pub fn best_fix(&self, name: &PluginName, installed: &Version) -> Option<(&Version, &str)> {
        let fixes = self.0.iter().flat_map(|notice| {
            notice.advisory.fixes.iter().map(|one| (one, notice.repository.as_str()))
        });
        let right = |one: &&super::Version| {
            one.plugin == *name
                && one.version.line() == installed.line()
                && one.version > *installed
                && self.withdrawing(name, &one.version).is_none()
        };
        fixes
            .filter(|(one, _)| right(one))
            .map(|(one, repository)| (&one.version, repository))
            .max()
    }

    fn between(&self, name: &PluginName, from: &Version, to: Option<&Version>) -> Vec<&Advisory> {
        let fits = |version: &Version| {
            version.line() == from.line() && version > from && to.is_none_or(|to| version <= to)
        };
        let mends = |advisory: &&Advisory| {
            advisory.fixes.iter().any(|one| one.plugin == *name && fits(&one.version))
        };
        let mut found: Vec<_> = self.all().filter(mends).collect();
        found.sort_by_key(|advisory| (advisory.severity, &advisory.id));
        found.dedup_by_key(|advisory| &advisory.id);
        found
    }

    fn all(&self) -> impl Iterator<Item = &Advisory> {
        self.0.iter().map(|notice| &notice.advisory)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn notices(scope: Scope<'_>) -> Notices {
        let version = |version: &str| json!({ "plugin": "ldap", "version": version });
        let advisory = |id: &str, severity: &str, fixes: &[&str], withdraws: &[&str]| {
            let list = |all: &[&str]| all.iter().map(|it| version(it)).collect::<Vec<_>>();
            json!({
                "id": id, "severity": severity, "title": "x", "issued": "2026-11-01T00:00:00Z",
                "fixes": list(fixes), "withdraws": list(withdraws),
            })
        };
        let advisories: Vec<Advisory> = serde_json::from_value(json!([
            advisory("A", "low", &["1.0.3", "2.0.1"], &[]),
            advisory("B", "critical", &["1.0.5"], &["1.0.4"]),
        ]))
        .unwrap();
        let source = Source {
            name: "example".to_owned(),
            url: "https://example.org".to_owned(),
            certificate: None,
            date: Default::default(),
            valid_until: None,
            checked: Default::default(),
            revision: None,
        };
        let mut notices = Notices::default();
        notices.add(&source, advisories, scope);
        notices
    }

    #[test]
    fn a_fix_is_one_for_lower_versions_on_its_line() {
        let notices = notices(&|_, _| true);
        let ids = |found: Vec<&Advisory>| {
            found.iter().map(|it| it.id.as_str()).collect::<Vec<_>>().join(" ")
        };
        let name = "ldap".parse().unwrap();
        let open = |version: &str| ids(notices.open(&name, &version.parse().unwrap()));
        let table =
            [("1.0.2", "B A"), ("1.0.3", "B"), ("1.0.5", ""), ("1.1.0", ""), ("2.0.0", "A")];
        for (version, expected) in table {
            assert_eq!(open(version), expected, "{version}");
        }
        let mended = |from: &str, to: &str| {
            ids(notices.mended(&name, &from.parse().unwrap(), &to.parse().unwrap()))
        };
        assert_eq!(mended("1.0.2", "1.0.4"), "A");
        assert_eq!(mended("1.0.3", "1.0.4"), "");
        assert_eq!(mended("1.0.2", "1.0.9"), "B A");
        assert!(notices.open(&"other".parse().unwrap(), &"1.0.0".parse().unwrap()).is_empty());
        assert!(notices.withdrawing(&name, &"1.0.4".parse().unwrap()).is_some());
        assert!(notices.withdrawing(&name, &"1.0.3".parse().unwrap()).is_none());
    }

    #[test]
    fn nobody_speaks_of_plugins_that_its_key_is_not_trusted_for() {
        assert_eq!(notices(&|_, name| name.as_str() == "nfs"), Notices::default());
    }
}
