//! Where registry, package database and disk disagree.

use super::files::reinstall;
use super::packages::or_well;
use super::{Check, Cure, Examination, Finding, Severity};
use crate::listing::Drift;
use crate::listing::drift::drift;

/// D10.
pub(super) fn absent(seen: &Examination) -> Vec<Finding> {
    let mut found = Vec::new();
    for at in drift(&seen.host) {
        let (plugin, sentence) = match &at {
            Drift::Absent { plugin, .. } => {
                (plugin, format!("{plugin} is registered but its folder is not there"))
            }
            Drift::Back { plugin, .. } => {
                (plugin, format!("{plugin} is marked missing but is there"))
            }
            _ => continue,
        };
        let folder = plugin.package_name();
        let installed = seen.host.package_of(folder.as_str()).is_some();
        let cure = installed.then(|| reinstall(&seen.host, folder.as_str())).flatten();
        found.push(
            Finding::new(Check::Absent, Severity::Warn, sentence)
                .about([plugin.to_string()])
                .cured_by(cure.unwrap_or(Cure::Sync)),
        );
    }
    or_well(found, Check::Absent, "what is registered is there, or marked missing")
}

/// D11.
pub(super) fn unregistered(seen: &Examination) -> Vec<Finding> {
    let mut found = Vec::new();
    for at in drift(&seen.host) {
        if let Drift::Unregistered { plugin } = &at {
            let sentence = format!("{} is installed but not registered", plugin.package_name());
            found.push(
                Finding::new(Check::Unregistered, Severity::Warn, sentence)
                    .about([plugin.to_string()])
                    .cured_by(Cure::Sync),
            );
        }
    }
    or_well(found, Check::Unregistered, "what is there is registered")
}

/// D12.
pub(super) fn versions(seen: &Examination) -> Vec<Finding> {
    let mut found = Vec::new();
    for at in drift(&seen.host) {
        match at {
            Drift::Differs { plugin, package, metadata, .. } => {
                let recorded = package
                    .as_ref()
                    .map_or(String::new(), |at| format!(", in the package database {at}"));
                let sentence = format!(
                    "{}: registered is {}{recorded}, on disk {metadata}",
                    plugin.package_name(),
                    plugin.version
                );
                // Where disk and package database agree, the registry is what is behind.
                let behind = package.is_none_or(|version| version == metadata);
                let folder = plugin.package_name();
                let cure =
                    if behind { Some(Cure::Sync) } else { reinstall(&seen.host, folder.as_str()) };
                found.push(
                    Finding::new(Check::Versions, Severity::Warn, sentence)
                        .about([plugin.to_string()])
                        .cured_by(cure),
                );
            }
            Drift::Unreadable { folder, reason, .. } => {
                let cure = reinstall(&seen.host, &folder);
                let sentence = format!("{folder} cannot be read: {reason}");
                found.push(
                    Finding::new(Check::Versions, Severity::Fail, sentence)
                        .about([folder])
                        .cured_by(cure),
                );
            }
            _ => {}
        }
    }
    or_well(found, Check::Versions, "registry, package database and metadata agree")
}
