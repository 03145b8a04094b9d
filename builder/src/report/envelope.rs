//! The one object that machines read, and its parts. Fields are only ever added.

use std::path::Path;

use builder::{Finding, Severity};
use serde::Serialize;
use serde_json::Value;

use crate::failure::Failure;

/// Why an answer can always be written.
const PLAIN: &str = "our answers have string keys and finite numbers";

/// What every command answers under `--json`.
#[derive(Debug, Serialize)]
pub(crate) struct Envelope {
    schema: u32,
    command: &'static str,
    ok: bool,
    /// Whether the command wrote anything.
    pub(crate) changed: bool,
    /// What was asked for.
    pub(crate) results: Vec<Value>,
    /// What was noticed on the way.
    pub(crate) warnings: Vec<Value>,
    error: Option<Problem>,
}

/// Why `ok` is false.
#[derive(Debug, Serialize)]
struct Problem {
    code: &'static str,
    message: String,
    causes: Vec<String>,
    output: Vec<String>,
    help: Option<String>,
}

/// A finding as an object; places count from 1.
#[derive(Debug, Serialize)]
struct Place<'a> {
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

impl Envelope {
    /// Returns the answer of a `command` that has done nothing yet.
    pub(crate) fn new(command: &'static str) -> Self {
        Self {
            schema: 1,
            command,
            ok: true,
            changed: false,
            results: Vec::new(),
            warnings: Vec::new(),
            error: None,
        }
    }

    /// Returns the object as one line of JSON.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).expect(PLAIN)
    }

    /// Returns the object as a YAML document.
    pub(crate) fn yaml(&self) -> String {
        serde_saphyr::to_string(self).expect(PLAIN)
    }

    /// Says that the command failed.
    pub(crate) fn fail(&mut self, failure: &Failure) {
        self.ok = false;
        self.error = Some(Problem {
            code: failure.kind.code(),
            message: failure.sentence(),
            causes: failure.causes.clone(),
            output: failure.output.clone(),
            help: failure.help.clone(),
        });
    }
}

/// Returns a finding in `directory` as an object.
pub(crate) fn finding(directory: &Path, finding: &Finding, severity: Severity) -> Value {
    let span = finding.span;
    value(&Place {
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
    })
}

/// Returns something that failed without keeping the work from success as an object.
pub(crate) fn warning(failure: &Failure) -> Value {
    serde_json::json!({
        "code": failure.kind.code(),
        "severity": "warning",
        "message": failure.message,
        "causes": failure.causes,
        "help": failure.help,
    })
}

/// Returns what `answer` is in JSON.
pub(crate) fn value(answer: &impl Serialize) -> Value {
    serde_json::to_value(answer).expect(PLAIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Kind;

    #[test]
    fn the_envelope_has_all_fields_whether_or_not_they_say_something() {
        let mut envelope = Envelope::new("build");
        insta::assert_snapshot!(
            envelope.json(),
            @r#"{"schema":1,"command":"build","ok":true,"changed":false,"results":[],"warnings":[],"error":null}"#
        );
        envelope.fail(&Failure::new(Kind::Failed, "disk full").help("make room"));
        insta::assert_snapshot!(
            envelope.json(),
            @r#"{"schema":1,"command":"build","ok":false,"changed":false,"results":[],"warnings":[],"error":{"code":"F0906","message":"disk full","causes":[],"output":[],"help":"make room"}}"#
        );
    }
}
