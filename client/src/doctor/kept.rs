//! The packages that downgrade and undo need when there is no network.

use super::{Check, Cure, Examination, Finding, Severity};

/// D20.
pub(super) fn kept(seen: &Examination) -> Vec<Finding> {
    if seen.kept.is_empty() {
        let count = seen.host.kept.len();
        let noun = if count == 1 { "package" } else { "packages" };
        return vec![Finding::well(Check::KeptPackages, format!("{count} {noun}"))];
    }
    let ill = |fault: &super::KeptFault| {
        let sentence = format!("{}: {}", fault.plugin, fault.reason);
        Finding::new(Check::KeptPackages, Severity::Warn, sentence)
            .about([&fault.sha256])
            .cured_by(Cure::DropKept { sha256: vec![fault.sha256.clone()] })
    };
    seen.kept.iter().map(ill).collect()
}
