//! Repositories: whether what they showed last still counts, and what it says of what is installed.

use super::{Check, Examination, Finding, Severity};
use crate::listing::Told;
use crate::repository::{Life, life};

/// D15.
pub(super) fn sources(seen: &Examination) -> Vec<Finding> {
    let now = seen.host.call.time;
    let mut findings: Vec<Finding> = Vec::new();
    if let Some(problem) = &seen.bad_copy {
        let sentence = format!("{problem}; `plugins repo refresh` writes it anew");
        findings.push(Finding::new(Check::Sources, Severity::Warn, sentence));
    }
    for source in &seen.sources {
        let Some(until) = source.valid_until else { continue };
        let (name, checked) = (&source.name, source.checked);
        let (severity, sentence) = match life(source.date, until, now) {
            Life::Fresh => continue,
            Life::Aging => {
                (Severity::Warn, format!("what {name} showed on {checked} counts until {until}"))
            }
            Life::Over => {
                (Severity::Fail, format!("what {name} showed on {checked} counted until {until}"))
            }
        };
        findings.push(Finding::new(Check::Sources, severity, sentence).about([name]));
    }
    if findings.is_empty() {
        findings.push(Finding::well(Check::Sources, well(seen)));
    }
    findings
}

fn well(seen: &Examination) -> String {
    let count = seen.sources.len();
    let noun = if count == 1 { "repository" } else { "repositories" };
    match seen.sources.iter().map(|source| source.checked).min() {
        Some(checked) => format!("{count} {noun}, last read on {checked}"),
        None => "no repository was added".to_owned(),
    }
}

/// D21.
pub(super) fn advisories(seen: &Examination) -> Vec<Finding> {
    let ill = |(plugin, told): &(plugin::PluginId, Told)| {
        let Told { id, severity, title, withdraws, fix } = told;
        let verb = if *withdraws { "is withdrawn by" } else { "is concerned by" };
        let cure = match fix {
            Some(fix) => format!("; fixed in {fix}: plugins update --security"),
            None => String::new(),
        };
        let sentence = format!("{plugin} {verb} {id} ({severity}): {title}{cure}");
        let severity = if *withdraws { Severity::Fail } else { Severity::Warn };
        Finding::new(Check::Advisories, severity, sentence).about([plugin.to_string()])
    };
    if seen.vulnerable.is_empty() {
        let sentence = "no security notice speaks of what is installed";
        return vec![Finding::well(Check::Advisories, sentence)];
    }
    seen.vulnerable.iter().map(ill).collect()
}
