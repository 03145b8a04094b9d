//! Makes a new registry from what can be read of a damaged one and of its audit copy.
//!
//! Numbers are what matters: environments refer to plugins by them, and nothing else on the host knows
//! them. An entry of which only the number and the version are known, from the history, comes back
//! without its metadata and without a fingerprint, so that the next sync reads it from its folder.
//!
//! Nothing is lost and a crash does no harm: the damaged file is copied aside first, the new one is made
//! beside it and takes its name when it is whole.

mod replay;
mod salvage;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use plugin::PluginId;
use rusqlite::Connection;
use serde::Serialize;

use crate::history::{State as Known, rows};
use crate::store::open::{beside, place, prepare, remove};
use crate::store::{Audit, Fault, Ledger, change, row};
use crate::{Fingerprint, Kept, Origin, Plugin, Presence, Record, RecordId, StoreError};
use replay::{Small, State};
use salvage::Salvage;

/// What came of rebuilding a registry. A sync has to follow.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "what was lost has to be told, and a sync has to follow"]
pub struct Rebuilt {
    /// Where the damaged file is kept; `None` where there was none.
    pub aside: Option<PathBuf>,
    /// The entries of the new registry.
    pub records: Vec<Recovered>,
    /// How many links and holds it has.
    pub links: usize,
    /// How many plugins are kept from updates.
    pub holds: usize,
    /// How many transactions its history has.
    pub transactions: usize,
    /// What could not be read or kept: a clause each.
    pub problems: Vec<String>,
}

/// An entry that was brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// Its number.
    pub id: RecordId,
    /// Which plugin.
    pub plugin: PluginId,
    /// What it was brought back from.
    pub source: Source,
}

/// What an entry was brought back from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The damaged file: as it was.
    Database,
    /// The history: its number and version.
    History,
}

/// Rebuilds the registry at `path`. The caller holds the host's lock, and syncs afterwards.
///
/// # Errors
///
/// [`StoreError::NewerSchema`] where it is not damaged but newer than this program.
pub fn rebuild(path: &Path) -> Result<Rebuilt, StoreError> {
    let aside = set_aside(path)?;
    let mut salvage = Salvage::read(path)?;
    for line in Audit::of(path).lines()?.into_iter().flatten() {
        salvage.learn(line);
    }
    let state = State::of(&salvage);
    let (mut connection, staged) = prepare(path)?;
    let rebuilt = fill(&mut connection, salvage, state).map_err(|fault| fault.at(&staged))?;
    drop(connection);
    for leftover in ["-journal", "-wal", "-shm"] {
        remove(&beside(path, leftover))?;
    }
    place(&staged, path)?;
    Ok(Rebuilt { aside, ..rebuilt })
}

/// Copies the damaged file, and what SQLite left beside it, to a name that is free.
fn set_aside(path: &Path) -> Result<Option<PathBuf>, StoreError> {
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    let aside = (1..)
        .map(|number| beside(path, &format!(".damaged-{number}")))
        .find(|aside| aside.symlink_metadata().is_err())
        .expect("a folder has an end");
    for ending in ["", "-journal", "-wal"] {
        let from = beside(path, ending);
        if from.symlink_metadata().is_ok() {
            let staged = beside(path, ".copy");
            fs_err::copy(from, &staged)?;
            place(&staged, &beside(&aside, ending))?;
        }
    }
    Ok(Some(aside))
}

/// Writes what was found into the new registry.
fn fill(connection: &mut Connection, mut salvage: Salvage, state: State) -> Result<Rebuilt, Fault> {
    let transaction = connection.transaction()?;
    change::raise(&transaction, state.highest)?;
    let mut ledger = Ledger::open(&transaction);
    let mut records = Vec::new();
    for (id, known) in state.records {
        let (record, source) = match salvage.records.remove(&id) {
            Some(record) if record.plugin.id == known.plugin => (record, Source::Database),
            _ => (bare(id, known), Source::History),
        };
        match change::put(&mut ledger, &record, &Kept::new()) {
            Ok(()) => records.push(Recovered { id, plugin: record.plugin.id, source }),
            Err(Fault::Sql(error)) if change::is_clash(&error) => salvage
                .problems
                .push(format!("entry {id} was `{}`, as another entry is", record.plugin.id)),
            Err(fault) => return Err(fault),
        }
    }
    let whole = records.iter().filter(|found| found.source == Source::Database);
    salvage.copy_kept(&mut ledger, &whole.map(|found| found.id).collect())?;
    fill_small(&mut ledger, &state.small)?;
    ledger.close()?;
    for (number, chained) in &salvage.history {
        rows::put(&transaction, *number, chained)?;
    }
    transaction.commit()?;
    Ok(Rebuilt {
        aside: None,
        records,
        links: state.small.links.len(),
        holds: state.small.holds.len(),
        transactions: salvage.history.len(),
        problems: salvage.problems,
    })
}

fn fill_small(ledger: &mut Ledger<'_>, small: &Small) -> Result<(), Fault> {
    for link in small.links.values() {
        ledger.put(row::LINKS, &row::of_link(link))?;
    }
    for hold in &small.holds {
        ledger.put(row::HOLDS, &row::of_hold(hold))?;
    }
    for publisher in small.publishers.values() {
        ledger.put(row::PUBLISHERS, &row::of_publisher(publisher))?;
    }
    for source in small.sources.values() {
        ledger.put(row::SOURCES, &row::of_source(source))?;
    }
    Ok(())
}

/// An entry of which only the history tells.
fn bare(id: RecordId, known: Known) -> Record {
    Record {
        id,
        presence: if known.installed { Presence::Present } else { Presence::Missing },
        origin: Origin::Disk,
        voucher: known.voucher,
        fingerprint: None::<Fingerprint>,
        plugin: Plugin {
            title: known.plugin.name.to_string(),
            id: known.plugin,
            description: None,
            releases: Vec::new(),
            groups: Vec::new(),
            authors: Vec::new(),
            licenses: Vec::new(),
            homepage: None,
            products: Vec::new(),
            is_hotpluggable: false,
        },
    }
}
