//! What the doctor found, a line per finding.

use client::doctor::{Check, Cure, Finding, Severity};

/// How many subjects of a finding people are shown.
const SHOWN: usize = 5;

/// Returns a finding's line: `WARN  drift         nfs-2.0 is not registered  [D11]`; below it what it is
/// about, where the sentence does not say.
pub(crate) fn line(finding: &Finding) -> String {
    let Finding { title, sentence, check, subjects, .. } = finding;
    let sentence = console::printable::line(sentence);
    let mut text = headline(finding.severity, title, &sentence, *check);
    if finding.severity == Severity::Ok || subjects.iter().all(|one| sentence.contains(one)) {
        return text;
    }
    for subject in subjects.iter().take(SHOWN) {
        text += &format!("\n{:<20}{}", "", console::printable::line(subject));
    }
    if let Some(more @ 1..) = subjects.len().checked_sub(SHOWN) {
        text += &format!("\n{:<20}and {more} more: plugins doctor --check {check} --json", "");
    }
    text
}

fn headline(severity: Severity, title: &str, sentence: &str, check: Check) -> String {
    match severity {
        Severity::Ok => format!("ok    {title:<13} {sentence}"),
        Severity::Warn => format!("WARN  {title:<13} {sentence}  [{check}]"),
        Severity::Fail => format!("FAIL  {title:<13} {sentence}  [{check}]"),
    }
}

/// Returns what a cure does, in the imperative.
pub(crate) fn cure(cure: &Cure) -> String {
    match cure {
        Cure::Rebuild => "make the registry anew".to_owned(),
        Cure::Recover => "finish what was cut off".to_owned(),
        Cure::Mend { packages } => {
            format!("have the package manager finish {}", packages.join(", "))
        }
        Cure::Reinstall { folders } => format!("install {} again", folders.join(", ")),
        Cure::Unlink { .. } => "put saved folders back".to_owned(),
        Cure::Relink { .. } => "make links anew".to_owned(),
        Cure::Secure { .. } => "give files to root".to_owned(),
        Cure::DropKept { .. } => "drop kept packages of no use".to_owned(),
        Cure::Sync => "make the registry agree with the disk".to_owned(),
    }
}
