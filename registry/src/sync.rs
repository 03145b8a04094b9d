//! Compares what is on disk with what is recorded: pure, linear (`nailgun-api 5`, `fuel 4.5`).
//!
//! The disk says which plugins there are and what they are; the registry says which numbers they have.
//! An entry whose folder is gone is marked missing, and taken away only when asked to prune. The links
//! of the symlink layer are never read through: an entry whose folder is one of them stays as it is.
//! Every plugin is looked at, whatever is wrong with another.

mod compared;
mod outcome;

use std::collections::BTreeSet;

use crate::scan::Folder;
use crate::{Change, Link, Record, RecordId};

pub use outcome::{LinkFault, Outcome};

use compared::Compared;

/// What is compared, and how far the registry may be changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// These entries alone, and then nothing new is registered; `None` for all that there is.
    pub only: Option<BTreeSet<RecordId>>,
    /// Whether entries whose files are gone are taken away.
    pub prune: bool,
}

/// What must change for the registry to be true, and what there is to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "nothing is changed before the changes are applied"]
pub struct Comparison {
    /// The changes, in the order in which they can be made: what gives numbers and versions free
    /// first, new entries last, with numbers rising from the next one.
    pub changes: Vec<Change>,
    /// What happened and what is wrong, by folder; an entry that is still missing and a folder that is
    /// still broken are named every time.
    pub reports: Vec<Outcome>,
    /// How many things in the plugins root are neither folders nor links, or hidden.
    pub strays: usize,
    /// How many entries are as they were, and their files too.
    pub unchanged: usize,
}

/// A number that no entry has. Nothing was compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no plugin has the number {0}")]
pub struct UnknownRecord(pub RecordId);

/// Compares `folders` with `records`; `next` is the number of the first new entry.
///
/// # Errors
///
/// Where the scope names a number that no entry has.
pub fn compare(
    folders: &[Folder],
    records: &[Record],
    links: &BTreeSet<Link>,
    scope: &Scope,
    next: RecordId,
) -> Result<Comparison, UnknownRecord> {
    let known: BTreeSet<RecordId> = records.iter().map(|record| record.id).collect();
    if let Some(unknown) = scope.only.iter().flatten().find(|id| !known.contains(id)) {
        return Err(UnknownRecord(*unknown));
    }
    Ok(Compared::new(folders, records, links, scope).into_comparison(next))
}

#[cfg(test)]
mod tests;
