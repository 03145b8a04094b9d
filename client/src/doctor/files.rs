//! The files of plugins: whether they are as packaged, and who may change them.

use super::packages::or_well;
use super::{Check, Cure, Examination, Finding, Severity};
use crate::verify::{Deviation, Kind};
use crate::{HostState, KeptPackage};

/// D05.
pub(super) fn missing(seen: &Examination) -> Vec<Finding> {
    of_kind(seen, Check::MissingFiles, Kind::Missing)
}

/// D06.
pub(super) fn changed(seen: &Examination) -> Vec<Finding> {
    of_kind(seen, Check::ChangedFiles, Kind::Changed)
}

/// D07.
pub(super) fn empty(seen: &Examination) -> Vec<Finding> {
    of_kind(seen, Check::EmptyFiles, Kind::Empty)
}

fn of_kind(seen: &Examination, check: Check, kind: Kind) -> Vec<Finding> {
    let (what, well) = match kind {
        Kind::Missing => ("missing", "all are there"),
        Kind::Empty => ("empty on disk", "none has lost its content"),
        _ => ("not as packaged", "all are as packaged"),
    };
    let mut found = Vec::new();
    for (folder, deviations) in &seen.deviations {
        let paths = paths(deviations, |at| section(at) == Some(kind));
        if paths.is_empty() {
            continue;
        }
        let sentence = format!("{folder}: {}", counted(paths.len(), what));
        // A file that was changed still does something; one that is gone or empty does not.
        let severity = if kind == Kind::Changed { Severity::Warn } else { Severity::Fail };
        found.push(
            Finding::new(check, severity, sentence)
                .about(paths)
                .cured_by(reinstall(&seen.host, folder)),
        );
    }
    or_well(found, check, well)
}

/// Returns the kind under which a file's content is told of; `None` where its content is well.
fn section(kind: Kind) -> Option<Kind> {
    match kind {
        Kind::Missing | Kind::Empty => Some(kind),
        Kind::Changed | Kind::Unreadable | Kind::Other => Some(Kind::Changed),
        Kind::Owner | Kind::Mode | Kind::Added => None,
    }
}

fn paths(deviations: &[Deviation], wanted: impl Fn(Kind) -> bool) -> Vec<String> {
    let paths = deviations.iter().filter(|at| wanted(at.kind)).map(|at| &at.path);
    paths.map(|path| path.display().to_string()).collect()
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 file is {what}") } else { format!("{count} files are {what}") }
}

/// Returns the cure that brings a folder's plugin again, if its package was kept.
pub(super) fn reinstall(host: &HostState, folder: &str) -> Option<Cure> {
    kept(host, folder).map(|_| Cure::Reinstall { folders: vec![folder.to_owned()] })
}

/// Returns the kept package that holds what ought to be in a folder: what the package manager says is
/// installed, and for a folder that it does not own what is registered.
pub(super) fn kept<'a>(host: &'a HostState, folder: &str) -> Option<&'a KeptPackage> {
    let plugin = host
        .records
        .iter()
        .map(|record| &record.plugin.id)
        .find(|plugin| plugin.package_name().as_str() == folder)?;
    let version = host.package_of(folder).map_or(&plugin.version, |at| &at.plugin_version);
    host.kept.iter().find(|kept| {
        let other = &kept.plugin;
        other.name == plugin.name
            && other.version == *version
            && other.generation.is_legacy() == plugin.generation.is_legacy()
    })
}

/// D09.
pub(super) fn ownership(seen: &Examination) -> Vec<Finding> {
    let mut found = Vec::new();
    for (folder, deviations) in &seen.deviations {
        let paths = paths(deviations, |kind| section(kind).is_none());
        if !paths.is_empty() {
            let sentence = format!("{folder}: owner or mode differ from the package's");
            found.push(
                Finding::new(Check::Ownership, Severity::Warn, sentence)
                    .about(paths)
                    .cured_by(reinstall(&seen.host, folder)),
            );
        }
    }
    if !seen.loose.is_empty() {
        let sentence = counted(seen.loose.len(), "open to others than root");
        let cure = Cure::Secure { paths: seen.loose.iter().map(|at| at.path.clone()).collect() };
        found.push(
            Finding::new(Check::Ownership, Severity::Fail, sentence)
                .about(seen.loose.iter().map(|at| at.path.display().to_string()))
                .cured_by(cure),
        );
    }
    or_well(found, Check::Ownership, "only root may change plugins and their state")
}
