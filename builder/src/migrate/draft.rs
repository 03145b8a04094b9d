//! The plugin's files while they are being migrated.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use packaging::durable;

use super::MigrateError;
use crate::Source;
use crate::edit::EditError;
use crate::tree::scripts;

/// The side files' texts, before and after, and what has been said about them.
#[derive(Debug, Default)]
pub(super) struct Draft {
    old: BTreeMap<&'static str, String>,
    new: BTreeMap<&'static str, String>,
    hooks: Vec<&'static str>,
    notes: Notes,
}

/// What one step did, and what it leaves to a person.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) changed: Vec<Note>,
    pub(super) decide: Vec<Note>,
}

/// A remark about a place that is a file, or a key in it.
#[derive(Debug)]
pub(super) struct Note {
    pub(super) file: &'static str,
    pub(super) key: &'static [&'static str],
    pub(super) what: String,
}

/// Scripts that package versions from 3.0.0 on run on the host.
const HOOKS: [&str; 3] = [scripts::BEFORE_INSTALL, scripts::AFTER_INSTALL, scripts::BEFORE_REMOVAL];

impl Draft {
    pub(super) fn new(source: &Source) -> Result<Self, MigrateError> {
        for file in &source.files {
            if let Err(problem) = &file.document {
                let problem = problem.to_string();
                return Err(MigrateError::Unreadable { file: file.name, problem });
            }
        }
        let mut draft = Self::of(source.files.iter().map(|file| (file.name, file.text.clone())));
        draft.hooks =
            HOOKS.into_iter().filter(|hook| source.directory.join(hook).is_file()).collect();
        Ok(draft)
    }

    pub(super) fn of(texts: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let old: BTreeMap<_, _> = texts.into_iter().collect();
        Self { new: old.clone(), old, ..Self::default() }
    }

    pub(super) fn text(&self, file: &str) -> Option<&str> {
        self.new.get(file).map(String::as_str)
    }

    /// Returns the text that `file` had, if it was there.
    pub(super) fn old_text(&self, file: &str) -> Option<&str> {
        self.old.get(file).map(String::as_str)
    }

    /// Returns the hooks that the plugin has.
    pub(super) fn hooks(&self) -> Vec<&'static str> {
        self.hooks.clone()
    }

    /// Returns all files as they will be.
    pub(super) fn files(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.new.iter().map(|(name, text)| (*name, text.as_str()))
    }

    /// Returns the files that change.
    pub(super) fn changed(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.files().filter(|(name, text)| self.old_text(name) != Some(*text))
    }

    /// Applies `edit` to `file`; returns whether that changed anything.
    pub(super) fn edit(
        &mut self,
        file: &'static str,
        edit: impl FnOnce(&str) -> Result<String, EditError>,
    ) -> Result<bool, MigrateError> {
        let text = self.new.entry(file).or_default();
        let edited = edit(text).map_err(|source| MigrateError::Edit { file, source })?;
        let differs = *text != edited;
        *text = edited;
        Ok(differs)
    }

    pub(super) fn changed_note(
        &mut self,
        file: &'static str,
        key: &'static [&'static str],
        what: impl Into<String>,
    ) {
        self.notes.changed.push(Note { file, key, what: what.into() });
    }

    pub(super) fn decide(
        &mut self,
        file: &'static str,
        key: &'static [&'static str],
        what: impl Into<String>,
    ) {
        self.notes.decide.push(Note { file, key, what: what.into() });
    }

    /// Returns what was noted since the last call.
    pub(super) fn take_notes(&mut self) -> Notes {
        std::mem::take(&mut self.notes)
    }

    /// Writes the files that change, `metadata.yaml` last.
    pub(super) fn write(&self, directory: &Path) -> Result<(), MigrateError> {
        let (last, first): (Vec<_>, Vec<_>) =
            self.changed().partition(|(name, _)| *name == "metadata.yaml");
        let mut written = Vec::new();
        for (file, text) in first.into_iter().chain(last) {
            if let Err(source) = write(&directory.join(file), text) {
                return Err(MigrateError::Write { file, written, source });
            }
            written.push(file);
        }
        Ok(())
    }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let fill = |out: &mut File| out.write_all(text.as_bytes());
    if path.exists() { durable::rewrite(path, fill) } else { durable::replace(path, fill) }
}
