//! What a migration did, and what it leaves to a person.

use std::fmt;

use plugin::Generation;
use serde::Serialize;
use similar::TextDiff;

use super::draft::{Draft, Note, Notes};
use console::printable;

use crate::{Finding, edit};

/// A migration, carried out or only computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Migration {
    /// The package version before.
    pub from: String,
    /// The package version after.
    pub to: String,
    /// Whether files were written.
    pub written: bool,
    /// One entry per package version on the way; none where there was nothing to do.
    pub steps: Vec<StepReport>,
    /// What the checker refuses from now on and did not before.
    pub unsolved: Vec<Decision>,
    /// The files that change, sorted by name.
    pub files: Vec<FileDiff>,
}

/// The step from one package version to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepReport {
    /// The package version before the step.
    pub from: String,
    /// The package version after it.
    pub to: String,
    /// What was changed.
    pub changed: Vec<Change>,
    /// What a person has to decide.
    pub decide: Vec<Decision>,
}

/// A change that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The file, relative to the plugin.
    pub file: String,
    /// What was done.
    pub what: String,
}

/// Something that a person has to decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// The file, relative to the plugin.
    pub file: String,
    /// The line in the migrated file, where there is one.
    pub line: Option<usize>,
    /// What to decide.
    pub what: String,
}

/// How a file's text changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileDiff {
    /// The file, relative to the plugin.
    pub file: String,
    /// Whether it is new.
    pub created: bool,
    /// The change as unified diff.
    pub diff: String,
}

/// Returns the report of `steps`, whose lines are those of the finished texts.
pub(super) fn migration(
    draft: &Draft,
    from: Generation,
    to: Generation,
    steps: Vec<(Generation, Generation, Notes)>,
) -> Migration {
    let decision = |note: Note| Decision {
        line: draft.text(note.file).and_then(|text| edit::line_of(text, note.key)),
        file: note.file.to_owned(),
        what: note.what,
    };
    let change = |note: Note| Change { file: note.file.to_owned(), what: note.what };
    let steps = steps.into_iter().map(|(from, to, notes)| StepReport {
        from: from.to_string(),
        to: to.to_string(),
        changed: notes.changed.into_iter().map(change).collect(),
        decide: notes.decide.into_iter().map(decision).collect(),
    });
    Migration {
        from: from.to_string(),
        to: to.to_string(),
        written: false,
        steps: steps.collect(),
        unsolved: Vec::new(),
        files: draft.changed().map(|(file, new)| FileDiff::new(draft, file, new)).collect(),
    }
}

impl FileDiff {
    fn new(draft: &Draft, file: &'static str, new: &str) -> Self {
        let old = draft.old_text(file);
        let name = |side: &str| format!("{side}/{file}");
        let before = if old.is_some() { name("a") } else { "/dev/null".to_owned() };
        let diff = TextDiff::from_lines(old.unwrap_or_default(), new)
            .unified_diff()
            .header(&before, &name("b"))
            .to_string();
        Self { file: file.to_owned(), created: old.is_none(), diff }
    }
}

impl Decision {
    pub(super) fn of(finding: &Finding) -> Self {
        let path = finding.path.to_string();
        let place = if path.is_empty() { path } else { format!(" ({path})") };
        Self {
            file: finding.file.clone(),
            line: finding.span.map(|span| span.start.line),
            what: format!("{}{place}", finding.message),
        }
    }
}

impl fmt::Display for Migration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            return writeln!(f, "package version {} already; nothing to do", self.to);
        }
        let tense = if self.written { "migrated" } else { "would migrate" };
        writeln!(f, "{tense} from package version {} to {}", self.from, self.to)?;
        for step in &self.steps {
            writeln!(f, "\n{} -> {}", step.from, step.to)?;
            for change in &step.changed {
                writeln!(f, "  changed  {}: {}", change.file, printable::line(&change.what))?;
            }
            for decision in &step.decide {
                writeln!(f, "  decide   {decision}")?;
            }
        }
        if !self.unsolved.is_empty() {
            writeln!(f, "\nrefused by `fpb check` until decided")?;
        }
        for decision in &self.unsolved {
            writeln!(f, "  decide   {decision}")?;
        }
        if !self.written {
            for file in &self.files {
                write!(f, "\n{}", printable::lines(&file.diff))?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable::line(&self.file))?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", printable::line(&self.what))
    }
}
