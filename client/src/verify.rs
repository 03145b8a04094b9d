//! Whether plugins are what they were installed as: the registry against the disk, and every file
//! against what the package said of it.
//!
//! The answer is judged from facts: the machine as it was observed, and what the package manager (or,
//! for a legacy plugin, its own `checksums.sha1`) found to be different.

mod checksums;
mod deep;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;

use plugin::{PluginId, Version};
use registry::{Presence, Record, RecordId};
use serde::Serialize;

use self::deep::Deep;
use crate::host::{Fault, FileProblem, HostError};
use crate::listing::Drift;
use crate::listing::drift::drift;
use crate::{Condition, Host, HostState, Installed};

/// A file that is not as its package has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Deviation {
    /// Its path, as the machine itself names it.
    pub path: PathBuf,
    /// What is wrong with it.
    pub kind: Kind,
}

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// It is not there.
    Missing,
    /// It has other content, another length, or leads elsewhere.
    Changed,
    /// It has no content, and its package says that it has some: what a power cut leaves.
    Empty,
    /// It belongs to someone else.
    Owner,
    /// Its permissions are others.
    Mode,
    /// Its package does not have it.
    Added,
    /// It cannot be read, and so not judged.
    Unreadable,
    /// Something else that its package says of it does not hold.
    Other,
}

/// Why plugins cannot be verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The package manager cannot be asked.
    #[error(transparent)]
    Host(#[from] HostError),
    /// A file cannot be read.
    #[error(transparent)]
    File(#[from] io::Error),
}

/// What was found about one plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// The plugin, as it is registered.
    pub plugin: PluginId,
    /// Its number.
    pub record: RecordId,
    /// All that is wrong; empty where it is clean.
    pub problems: Vec<Problem>,
    /// SHA-256 of the package that the files were compared with, byte by byte; `None` where they were
    /// compared with what the database says of them.
    pub package: Option<String>,
}

/// Something that is wrong with a plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "problem")]
pub enum Problem {
    /// Registry, package database and disk do not agree.
    Drift(Drift),
    /// Its files are gone, and the registry says so.
    Missing,
    /// A file is not as its package has it.
    File(Deviation),
    /// Its folder is a link to another version's files, which were judged as that version's.
    Linked {
        /// The version whose files are there.
        effective: Version,
    },
    /// The package that it was installed from is not what was kept.
    Altered {
        /// SHA-256 that it should have.
        sha256: String,
    },
}

impl Verified {
    /// Whether nothing is wrong. That a folder is a link of the layer is not.
    pub fn is_clean(&self) -> bool {
        self.problems.iter().all(|problem| matches!(problem, Problem::Linked { .. }))
    }
}

/// Verifies the entries `wanted`, all where none are: every one of their files is read.
pub fn verify(
    host: &Host,
    state: &HostState,
    wanted: &BTreeSet<RecordId>,
) -> Result<Vec<Verified>, VerifyError> {
    let deviations = deviations(host, state, wanted)?;
    Ok(judge(state, &drift(state), &deviations, wanted))
}

/// Compares what was `verified` with the packages that it was installed from, where those are kept: each
/// byte, each mode, and nothing beside. What is behind a link is another plugin's.
pub fn deepen(
    host: &Host,
    state: &HostState,
    verified: &mut [Verified],
) -> Result<(), VerifyError> {
    let is_linked = |one: &&mut Verified| {
        one.problems.iter().any(|problem| matches!(problem, Problem::Linked { .. }))
    };
    for one in verified.iter_mut().filter(|one| !is_linked(one)) {
        match deep::compare(host, state, &one.plugin)? {
            Deep::NotKept => {}
            Deep::Altered { sha256 } => one.problems.push(Problem::Altered { sha256 }),
            Deep::Compared { sha256, deviations } => {
                one.package = Some(sha256);
                for problem in deviations.into_iter().map(Problem::File) {
                    if !one.problems.contains(&problem) {
                        one.problems.push(problem);
                    }
                }
            }
        }
    }
    Ok(())
}

/// Returns what is wrong with the files of the entries `wanted`, by folder; folders that are links of the
/// layer are left out.
pub fn deviations(
    host: &Host,
    state: &HostState,
    wanted: &BTreeSet<RecordId>,
) -> Result<BTreeMap<String, Vec<Deviation>>, VerifyError> {
    let packages: BTreeMap<&str, &Installed> =
        state.packages.iter().map(|at| (&*at.folder, at)).collect();
    let linked: BTreeSet<String> =
        state.links.iter().map(|at| format!("{}-{}", at.name, at.old)).collect();
    let records = || {
        let is_wanted = |at: &&Record| wanted.is_empty() || wanted.contains(&at.id);
        state.records.iter().filter(is_wanted)
    };
    let whole = |record: &Record| {
        let package = packages.get(record.plugin.id.package_name().as_str())?;
        (package.condition == Condition::Whole).then_some(&*package.package)
    };
    // One call finds a thousand plugins whole in the time that a thousand calls take to start.
    let are_intact = host.are_intact(&records().filter_map(whole).collect::<Vec<_>>())?;
    let mut found = BTreeMap::new();
    for record in records() {
        let folder = record.plugin.id.package_name().to_string();
        let deviations = match packages.get(&*folder) {
            // What the package manager did not finish is not to be judged yet.
            Some(package) if package.condition != Condition::Whole => continue,
            Some(_) if are_intact => continue,
            Some(package) => {
                host.verify_files(&package.package)?.into_iter().filter_map(of_package).collect()
            }
            None if !record.plugin.id.generation.is_legacy() || linked.contains(&folder) => {
                continue;
            }
            None => checksums::verify(
                &host.places().plugins().join(&folder),
                &state.profile.plugins.join(&folder),
            )?,
        };
        if !deviations.is_empty() {
            found.insert(folder, deviations);
        }
    }
    Ok(found)
}

/// Returns what the package manager found; `None` for what an administrator is to edit, and did.
fn of_package(problem: FileProblem) -> Option<Deviation> {
    let kind = match problem.fault {
        Fault::Changed if problem.is_config => return None,
        Fault::Missing => Kind::Missing,
        Fault::Empty => Kind::Empty,
        Fault::Changed => Kind::Changed,
        Fault::Unreadable => Kind::Unreadable,
        Fault::Owner => Kind::Owner,
        Fault::Mode => Kind::Mode,
        Fault::Other => Kind::Other,
    };
    Some(Deviation { path: problem.path, kind })
}

/// Judges the entries `wanted`, all where none are: `drift` is what [`crate::listing::drift::drift`]
/// told of `state`, `deviations` what is wrong with files, by folder.
pub fn judge(
    state: &HostState,
    drift: &[Drift],
    deviations: &BTreeMap<String, Vec<Deviation>>,
    wanted: &BTreeSet<RecordId>,
) -> Vec<Verified> {
    let mut drift_of: BTreeMap<RecordId, Vec<&Drift>> = BTreeMap::new();
    for at in drift {
        if let Some(record) = at.record() {
            drift_of.entry(record).or_default().push(at);
        }
    }
    let layer: BTreeMap<_, _> =
        state.links.iter().map(|link| ((&link.name, &link.old), &link.target)).collect();
    let mut found = Vec::new();
    for record in &state.records {
        if !wanted.is_empty() && !wanted.contains(&record.id) {
            continue;
        }
        let plugin = &record.plugin.id;
        let mut problems: Vec<Problem> = drift_of
            .remove(&record.id)
            .into_iter()
            .flatten()
            .map(|at| Problem::Drift(at.clone()))
            .collect();
        if problems.is_empty() && record.presence == Presence::Missing {
            problems.push(Problem::Missing);
        }
        match layer.get(&(&plugin.name, &plugin.version)) {
            Some(target) if plugin.generation.is_legacy() => {
                problems.push(Problem::Linked { effective: (*target).clone() });
            }
            _ => {
                let files = deviations.get(plugin.package_name().as_str());
                problems.extend(files.into_iter().flatten().cloned().map(Problem::File));
            }
        }
        found.push(Verified { plugin: plugin.clone(), record: record.id, problems, package: None });
    }
    found
}

#[cfg(test)]
mod tests {
    use plugin::Generation;

    use super::*;
    use crate::listing::sample::{self, id};

    #[test]
    fn each_entry_is_judged_by_its_drift_and_by_its_files() {
        let mut host = sample::host();
        host.links.insert(sample::link("old", "1.0.0", "1.0.1"));
        host.folders[1] = sample::symlink("old-1.0.0", "old-1.0.1");
        host.folders[0] = sample::read(id("demo==1.0.1", Generation::V4));
        let empty = Deviation { path: "/plugins/old-1.0.1/tasks.yaml".into(), kind: Kind::Empty };
        // What is behind the link is told with the version that it belongs to.
        let files = ["old-1.0.0", "old-1.0.1"].map(|at| (at.to_owned(), vec![empty.clone()]));
        let judged = |wanted: &[i64]| {
            let wanted = wanted.iter().copied().map(RecordId).collect();
            judge(&host, &drift(&host), &files.clone().into(), &wanted)
        };
        let all = judged(&[]);
        assert!(matches!(&all[0].problems[..], [Problem::Drift(Drift::Differs { .. })]));
        let effective = "1.0.1".parse().unwrap();
        assert_eq!(all[1].problems, [Problem::Linked { effective }]);
        assert_eq!(all[2].problems, [Problem::File(empty)]);
        assert_eq!(all.iter().map(Verified::is_clean).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!(judged(&[5]), all[1..2]);
    }

    #[test]
    fn an_entry_that_is_marked_missing_is_not_clean() {
        let mut host = sample::host();
        host.folders.remove(0);
        host.records[0].presence = Presence::Missing;
        let judged = judge(&host, &drift(&host), &BTreeMap::new(), &[RecordId(3)].into());
        assert_eq!(judged[0].problems, [Problem::Missing]);
    }
}
