//! Walks alternatives: each is tried, and the one that got deepest tells what is wrong.

use super::place::Place;
use super::shape::{Either, PathOf, Shape};
use super::walk::wrong_type;
use super::words;
use crate::{Code, Finding, Severity};

impl Either {
    /// Reports the alternative that got deepest, or where none got anywhere, what all of them are.
    pub(super) fn check(&self, place: &Place<'_>) {
        let mut best: Option<(Progress, Vec<Finding>)> = None;
        for shape in self.among {
            let scratch = place.sheet.scratch();
            shape.check(&place.on(&scratch));
            let findings = scratch.into_findings();
            let progress = Progress::of(&findings, place.depth());
            if best.as_ref().is_none_or(|(most, _)| progress > *most) {
                best = Some((progress, findings));
            }
        }
        match best {
            Some((Progress::Inside(_) | Progress::Fits, findings)) => {
                for finding in findings {
                    let path = match self.path {
                        PathOf::Part => finding.path,
                        PathOf::Whole => place.path(),
                    };
                    place.sheet.add(Finding { path, ..finding });
                }
            }
            _ => self.report_none(place),
        }
    }

    fn report_none(&self, place: &Place<'_>) {
        let listed = self.among.iter().any(|shape| matches!(shape, Shape::List(_)));
        let help = match place.node.as_str().filter(|_| listed) {
            Some(text) => Some(format!("write a list: [{}]", words::show(text))),
            None => words::in_quotes(place),
        };
        wrong_type(place, self.says, help);
    }
}

/// How far an alternative got.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Progress {
    /// The value is something else altogether.
    Outside,
    /// It is that kind of value, with a breach so many steps below the top of the file.
    Inside(usize),
    /// There is no breach.
    Fits,
}

impl Progress {
    /// Rates what was found in a value that lies `depth` steps below the top of the file.
    fn of(findings: &[Finding], depth: usize) -> Self {
        let errors = || findings.iter().filter(|finding| finding.severity() == Severity::Error);
        let outside = |finding: &Finding| {
            let refused = matches!(finding.code, Code::WrongType | Code::NotAllowed);
            refused && finding.path.0.len() == depth
        };
        match errors().map(|finding| finding.path.0.len()).max() {
            None => Self::Fits,
            Some(_) if errors().any(outside) => Self::Outside,
            Some(deepest) => Self::Inside(deepest),
        }
    }
}
