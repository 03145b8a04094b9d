//! `fpb migrate`: moves a plugin to a newer package version.
//!
//! One function per package version says what it asks for beyond the one before; a jump is all of
//! them in order. Texts are edited in memory and verified one by one; only when all is computed are
//! files written, `metadata.yaml` last, because its `package_version` switches the rules. What the
//! tool cannot know (an author, a product release) gets a neutral value and is reported as a
//! decision. The checker looks at both sides: whatever only the new rules refuse is reported too.

mod draft;
mod report;
mod steps;

use std::collections::HashSet;
use std::io;
use std::path::Path;

use plugin::yaml;
use plugin::{Generation, UnknownGeneration};

use crate::edit::{EditError, Effect};
use crate::{Code, Finding, Severity, SideFile, Source, check};
use draft::Draft;
pub use report::{Change, Decision, FileDiff, Migration, StepReport};

/// Why a plugin was not migrated.
///
/// Nothing has been changed, but by [`Self::Write`]: then files may be there already that the present
/// package version does not read. The next run goes on from that.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The plugin could not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A file could not be written.
    #[error("`{file}` cannot be written; {}", so_far(written))]
    Write {
        /// The file, relative to the plugin.
        file: &'static str,
        /// Files that had been written before it.
        written: Vec<&'static str>,
        /// Why.
        source: io::Error,
    },
    /// A file cannot be edited.
    #[error("`{file}`: {source}")]
    Edit {
        /// The file, relative to the plugin.
        file: &'static str,
        /// Why.
        source: EditError,
    },
    /// A file could not be read, so it cannot be said what becomes of it.
    #[error("`{file}` cannot be read: {problem}")]
    Unreadable {
        /// The file, relative to the plugin.
        file: &'static str,
        /// Why.
        problem: String,
    },
    /// There is no `metadata.yaml`, or it names no package version.
    #[error("`metadata.yaml` is missing or has no `package_version`")]
    NoPackageVersion,
    /// The present package version is unknown.
    #[error(transparent)]
    Generation(#[from] UnknownGeneration),
    /// The plugin is newer than what was asked for.
    #[error("the plugin has package version {from}; migration to the older {to} is not possible")]
    Older {
        /// What it has.
        from: Generation,
        /// What was asked for.
        to: Generation,
    },
}

/// Tells which files have been written.
fn so_far(written: &[&str]) -> String {
    if written.is_empty() {
        return "nothing was changed".to_owned();
    }
    let names: Vec<_> = written.iter().map(|file| format!("`{file}`")).collect();
    format!("already written: {}", names.join(", "))
}

/// Moves the plugin in `directory` to package version `to`; with `Effect::DryRun` only says how.
pub fn migrate(
    directory: &Path,
    to: Generation,
    effect: Effect,
) -> Result<Migration, MigrateError> {
    let old = Source::read(directory)?;
    let mut draft = Draft::new(&old)?;
    let mut migration = plan(&mut draft, to)?;
    if migration.steps.is_empty() {
        return Ok(migration);
    }
    migration.unsolved = unsolved(&old, &revised(&old, &draft));
    if effect == Effect::Write {
        draft.write(directory)?;
        migration.written = true;
    }
    Ok(migration)
}

/// Takes all steps in memory.
fn plan(draft: &mut Draft, to: Generation) -> Result<Migration, MigrateError> {
    let from = package_version(draft)?;
    if to < from {
        return Err(MigrateError::Older { from, to });
    }
    let mut steps = Vec::new();
    let mut reached = from;
    for generation in Generation::ALL.into_iter().filter(|g| (from..=to).contains(g)).skip(1) {
        steps::take(draft, generation)?;
        if generation == to {
            steps::finish(draft, to)?;
        }
        steps.push((reached, generation, draft.take_notes()));
        reached = generation;
    }
    Ok(report::migration(draft, from, to, steps))
}

fn package_version(draft: &Draft) -> Result<Generation, MigrateError> {
    let text = draft.text("metadata.yaml").ok_or(MigrateError::NoPackageVersion)?;
    let document = yaml::parse(text)
        .map_err(|e| MigrateError::Edit { file: "metadata.yaml", source: e.into() })?;
    let value = document.root.as_ref().and_then(|root| root.get("package_version")?.as_str());
    Ok(value.ok_or(MigrateError::NoPackageVersion)?.parse()?)
}

/// Returns the plugin as it will be.
fn revised(old: &Source, draft: &Draft) -> Source {
    let file = |(name, text): (&'static str, &str)| SideFile::new(name, text.into());
    Source { directory: old.directory.clone(), files: draft.files().map(file).collect() }
}

/// Returns what the checker refuses in `new` but not in `old`.
fn unsolved(old: &Source, new: &Source) -> Vec<Decision> {
    let known = errors(old);
    let known: HashSet<_> = known.iter().map(key).collect();
    let new = errors(new);
    new.iter().filter(|finding| !known.contains(&key(finding))).map(Decision::of).collect()
}

/// Returns what tells findings apart wherever they stand in their file.
fn key(finding: &Finding) -> (Code, &str, String, &str) {
    (finding.code, &finding.file, finding.path.to_string(), &finding.message)
}

fn errors(source: &Source) -> Vec<Finding> {
    let mut findings = check::check(source);
    findings.retain(|finding| finding.severity() == Severity::Error);
    findings
}

#[cfg(test)]
mod tests;
