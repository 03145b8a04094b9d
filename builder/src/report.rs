//! What the checker found, on the report: drawn for people, as objects for machines.

mod finding;
mod place;
mod tally;

use std::collections::BTreeMap;

use builder::{Finding, Severity, Source};
use console::{Form, Report};
use serde_json::json;

pub(crate) use tally::{Strictness, Tally};

use finding::Drawing;
use place::Place;

/// Findings in one file that people are shown: nobody reads more in one go.
const MOST: usize = 100;

/// Shows what was found in `source` and counts it; for machines, findings are what was asked for
/// where they stop the work.
pub(crate) fn findings(
    report: &mut Report,
    source: &Source,
    findings: &[Finding],
    strictness: Strictness,
) -> Tally {
    let mut tally = Tally::default();
    let mut shown = BTreeMap::new();
    for finding in findings {
        let severity = strictness.severity(finding);
        tally.add(severity);
        let of_file = shown.entry(&*finding.file).or_insert(0);
        *of_file += 1;
        if *of_file <= MOST {
            show(report, source, finding, severity);
        }
        collect(report, source, finding, severity);
    }
    for (file, number) in shown.into_iter().filter(|(_, number)| *number > MOST) {
        let more = format!("... and {} more in `{file}` (`--json` lists all)", number - MOST);
        report.tell(&report.charset().line(&more));
    }
    tally
}

/// Tells how many findings there are.
pub(crate) fn summary(report: &mut Report, tally: Tally) {
    report.tell(&tally.to_string());
}

/// Keeps a finding for machines; there may be more than people would wait for.
fn collect(report: &mut Report, source: &Source, finding: &Finding, severity: Severity) {
    if report.form() != Form::Text {
        let object = json!(Place::new(&source.directory, finding, severity));
        report.event(&json!({ "event": "finding", "finding": object }));
        report.push_warning(object);
    }
}

fn show(report: &mut Report, source: &Source, finding: &Finding, severity: Severity) {
    if report.form() != Form::Text {
        return;
    }
    let path = source.directory.join(&finding.file).display().to_string();
    let text = source.file(&finding.file).map_or("", |file| &file.text);
    let drawing = Drawing { charset: report.charset(), width: report.width() };
    report.draw(&finding::draw(finding, severity, &path, text, drawing));
}
