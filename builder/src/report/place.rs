//! A finding as machines read it. Fields are only ever added.

use std::path::Path;

use builder::{Finding, Severity};
use serde::Serialize;

/// A finding as an object; places count from 1.
#[derive(Debug, Serialize)]
pub(super) struct Place<'a> {
    code: String,
    severity: &'static str,
    directory: String,
    file: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    path: String,
    message: &'a str,
    help: Option<&'a str>,
}

impl<'a> Place<'a> {
    /// Returns a finding in `directory` as an object.
    pub(super) fn new(directory: &Path, finding: &'a Finding, severity: Severity) -> Self {
        let span = finding.span;
        Self {
            code: finding.code.to_string(),
            severity: match severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            directory: directory.display().to_string(),
            file: &finding.file,
            line: span.map(|span| span.start.line),
            column: span.map(|span| span.start.column),
            end_line: span.map(|span| span.end.line),
            end_column: span.map(|span| span.end.column),
            path: finding.path.to_string(),
            message: &finding.message,
            help: finding.help.as_deref(),
        }
    }
}
