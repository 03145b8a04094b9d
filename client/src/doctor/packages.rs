//! What the package manager did not finish.

use super::{Check, Cure, Examination, Finding, Severity};
use crate::{Condition, Installed};

/// D03.
pub(super) fn duplicates(seen: &Examination) -> Vec<Finding> {
    let mut found = Vec::new();
    let of_name = seen.host.packages.chunk_by(|one, next| one.package == next.package);
    for rows in of_name.filter(|rows| rows.iter().any(|row| row.condition == Condition::Duplicate))
    {
        let versions: Vec<&str> = rows.iter().map(|row| &*row.version).collect();
        let sentence = format!(
            "{}: several versions recorded ({}) - an update was cut off",
            rows[0].package,
            versions.join(", ")
        );
        found.push(ill(Check::Duplicates, sentence, &rows[0]));
    }
    or_well(found, Check::Duplicates, "one version of each package is recorded")
}

/// D04.
pub(super) fn unfinished(seen: &Examination) -> Vec<Finding> {
    let mut found = Vec::new();
    for package in &seen.host.packages {
        if let Condition::Unfinished(state) = &package.condition {
            let sentence = format!("{} {} is {state}", package.package, package.version);
            found.push(ill(Check::HalfInstalled, sentence, package));
        }
    }
    or_well(found, Check::HalfInstalled, "every package is installed completely")
}

fn ill(check: Check, sentence: String, package: &Installed) -> Finding {
    Finding::new(check, Severity::Warn, sentence)
        .about([&package.package])
        .cured_by(Cure::Mend { packages: vec![package.package.clone()] })
}

/// Returns what was found, or that all is well.
pub(super) fn or_well(mut found: Vec<Finding>, check: Check, sentence: &str) -> Vec<Finding> {
    if found.is_empty() {
        found.push(Finding::well(check, sentence));
    }
    found
}
