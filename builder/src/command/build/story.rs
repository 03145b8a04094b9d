//! What is told of a build while it goes on, and of how it failed.

use std::path::Path;

use builder::build::{BuildError, Event, Request};
use builder::hook::HookError;
use console::printable::{Size, count, path};
use console::{Failure, Report, Verbosity};
use packaging::signature::SignError;
use serde_json::json;

use crate::failure::{Kind, invalid};
use crate::report::{self, Strictness, Tally};

/// The story so far.
#[derive(Debug)]
pub(super) struct Story<'a> {
    report: &'a mut Report,
    strictness: Strictness,
    /// Of the last check: indexes may bring about another.
    tally: Tally,
    hook: String,
}

impl<'a> Story<'a> {
    /// Begins a story.
    pub(super) fn new(report: &'a mut Report, strictness: Strictness) -> Self {
        Self { report, strictness, tally: Tally::default(), hook: String::new() }
    }

    /// Tells of one event.
    pub(super) fn tell(&mut self, event: Event<'_>) {
        match event {
            Event::Checked { source, findings } => {
                self.tally = report::findings(self.report, source, findings, self.strictness);
                let checked = format!("{}  {}", path(&source.directory), self.tally);
                self.report.step("checked", &checked);
            }
            Event::HookStarted { path: hook } => self.hook_started(&hook),
            Event::HookLine { line } => {
                self.report.detail(Verbosity::Debug, &format!("| {line}"));
                self.report.event(&json!({ "event": "hook_line", "line": line }));
            }
            Event::Working => {}
            Event::HookFinished => {
                self.report.step("ran", &self.hook);
                self.report.event(&json!({ "event": "hook_finished" }));
            }
            Event::Packaging { file, total_bytes } => self.packaging(&file, total_bytes),
            Event::Progress { bytes } => self.report.advance(bytes),
            Event::Built { path: package, size, sha256 } => {
                self.built(&package, size, &sha256);
            }
            Event::Left { problem } => {
                let failure = Failure::from_error(Kind::Failed, &problem);
                self.report
                    .warning(&failure.help("the new package is in place; remove the old one"));
            }
        }
    }

    fn hook_started(&mut self, hook: &Path) {
        self.hook = path(hook);
        self.report.detail(Verbosity::Verbose, &format!("+ {}", self.hook));
        let exact = hook.to_string_lossy();
        self.report.event(&json!({ "event": "hook_started", "path": exact }));
    }

    fn packaging(&mut self, file: &str, total_bytes: u64) {
        let event = json!({ "event": "packaging", "file": file, "total_bytes": total_bytes });
        self.report.event(&event);
        self.report.begin(file, total_bytes);
    }

    fn built(&mut self, package: &Path, bytes: u64, sha256: &str) {
        self.report.end();
        self.report.changed();
        let built = json!({ "path": package.to_string_lossy(), "size": bytes, "sha256": sha256 });
        self.report.event(&json!({ "event": "built", "package": built }));
        let text = format!(" built    {}  {}  sha256 {sha256}", path(package), Size(bytes));
        self.report.answer(&text, &built);
    }

    /// Ends the story, however the build ended; returns what the last check found.
    pub(super) fn end(self) -> Tally {
        self.report.end();
        self.tally
    }
}

/// Returns why a build failed.
pub(super) fn failure(
    error: &BuildError,
    request: &Request,
    tally: Tally,
    report: &mut Report,
) -> Failure {
    match error {
        BuildError::Invalid { .. } => {
            report.warnings_are_the_answer();
            report::summary(report, tally);
            let errors = count(tally.errors, "error");
            invalid(&format!("{errors} in `{}`", request.directory.display()))
                .help("`fpb explain CODE` tells more about a finding")
        }
        BuildError::Hook(hook) => hook_failure(hook, error),
        BuildError::Format { .. } => Failure::from_error(Kind::Usage, error)
            .help("without `--format` the plugin's own format is built"),
        BuildError::Release(_) if request.release.is_some() => {
            Failure::from_error(Kind::Usage, error)
        }
        BuildError::Sign(sign) => Failure::from_error(Kind::Key, error).help(match sign {
            SignError::NotSigned(_) => {
                "no package was replaced; is the key still good, and gpg's agent running?"
            }
            _ => "no package was replaced",
        }),
        BuildError::Taken(_) => Failure::from_error(Kind::Failed, error)
            .help("build into another folder with `-o`, or move that package away"),
        other => Failure::from_error(Kind::Failed, other),
    }
}

fn hook_failure(hook: &HookError, error: &BuildError) -> Failure {
    let failure = Failure::from_error(Kind::Hook, error);
    match hook {
        HookError::Failed { output, .. } => {
            failure.output(output.clone()).help("`--no-hooks` builds without it")
        }
        HookError::Start { .. } => failure
            .help("install the interpreter that its first line names, or build with `--no-hooks`"),
        HookError::Io(_) => failure,
    }
}
