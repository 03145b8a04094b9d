//! The one object that machines read. Fields are only ever added.

use serde::Serialize;
use serde_json::Value;

use crate::Failure;

/// Why an answer can always be written.
const PLAIN: &str = "our answers have string keys and finite numbers";

/// What every command answers under `--json`.
#[derive(Debug, Serialize)]
pub(super) struct Envelope {
    schema: u32,
    command: &'static str,
    ok: bool,
    /// Whether the command wrote anything.
    pub(super) changed: bool,
    /// What was asked for.
    pub(super) results: Vec<Value>,
    /// What was noticed on the way.
    pub(super) warnings: Vec<Value>,
    /// How a change is made; absent where none was planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) plan: Option<Value>,
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

impl Envelope {
    /// Returns the answer of a `command` that has done nothing yet.
    pub(super) fn new(command: &'static str) -> Self {
        Self {
            schema: 1,
            command,
            ok: true,
            changed: false,
            results: Vec::new(),
            warnings: Vec::new(),
            plan: None,
            error: None,
        }
    }

    /// Returns the object as one line of JSON.
    pub(super) fn json(&self) -> String {
        serde_json::to_string(self).expect(PLAIN)
    }

    /// Returns the object as a YAML document.
    pub(super) fn yaml(&self) -> String {
        serde_saphyr::to_string(self).expect(PLAIN)
    }

    /// Says that the command failed.
    pub(super) fn fail(&mut self, failure: &Failure) {
        self.ok = false;
        self.error = Some(Problem {
            code: failure.code,
            message: failure.message.clone(),
            causes: failure.causes.clone(),
            output: failure.output.clone(),
            help: failure.help.clone(),
        });
    }
}

/// Returns something that failed without keeping the work from success as an object.
pub(super) fn warning(failure: &Failure) -> Value {
    serde_json::json!({
        "code": failure.code,
        "severity": "warning",
        "message": failure.message,
        "causes": failure.causes,
        "help": failure.help,
    })
}

/// Returns what `answer` is in JSON.
pub(super) fn value(answer: &impl Serialize) -> Value {
    serde_json::to_value(answer).expect(PLAIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Status;

    #[test]
    fn the_envelope_has_all_fields_whether_or_not_they_say_something() {
        let mut envelope = Envelope::new("build");
        insta::assert_snapshot!(
            envelope.json(),
            @r#"{"schema":1,"command":"build","ok":true,"changed":false,"results":[],"warnings":[],"error":null}"#
        );
        envelope.fail(&Failure::coded("F0906", Status::Failed, "disk full").help("make room"));
        insta::assert_snapshot!(
            envelope.json(),
            @r#"{"schema":1,"command":"build","ok":false,"changed":false,"results":[],"warnings":[],"error":{"code":"F0906","message":"disk full","causes":[],"output":[],"help":"make room"}}"#
        );
    }
}
