//! Reads the facts of an [`Examination`] from the machine, and writes nothing.
//!
//! What cannot be read because it is broken is a fact too; an error is what keeps us from looking.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;

use jiff::Timestamp;
use packaging::digest::Hashing;
use plugin::PluginId;
use registry::history::Filter;
use registry::{Reader, StoreError};
use sha2::Sha256;

use super::examination::{Examination, KeptFault, RegistryFacts, Room, Unfinished};
use super::{Check, loose};
use crate::apply::Attic;
use crate::host::space;
use crate::listing::{Told, told};
use crate::observe::{Question, observe};
use crate::offer::shelf::Shelf;
use crate::repository::{Notices, may_speak};
use crate::trust::{Allowances, Policy};
use crate::verify::{VerifyError, deviations};
use crate::{
    Host, HostState, Journal, JournalError, KeptPackage, Places, StepFailed, Trust, Unobserved,
};

/// How many of the newest transactions the clock is compared with.
const RECENT: usize = 100;

/// What keeps the doctor from looking at a host.
#[derive(Debug, thiserror::Error)]
pub enum ExamineError {
    /// The plugins root or the package database cannot be read.
    #[error(transparent)]
    Unobserved(#[from] Unobserved),
    /// The files of a plugin cannot be judged.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// What the layer has saved cannot be found.
    #[error(transparent)]
    Layer(#[from] StepFailed),
    /// Another file cannot be read.
    #[error(transparent)]
    File(#[from] io::Error),
}

/// Looks at a host as far as the checks `wanted` need it.
pub fn examine(
    host: &Host,
    question: &Question,
    wanted: &[Check],
) -> Result<Examination, ExamineError> {
    let places = host.places();
    let (facts, reader, newest) = read_registry(places)?;
    let state = observe(host, &reader, question.clone())?;
    let reads_files = wanted.iter().any(|check| check.reads_files());
    let nothing = BTreeMap::new();
    let sources = reader.sources().map_err(Unobserved::from)?;
    let trust = Trust::read(places, Policy::default(), Allowances::default())?;
    let (notices, bad_copy) = match Notices::read(places, &sources, &may_speak(&trust)) {
        Ok(notices) => (notices, None),
        Err(error) => (Notices::default(), Some(error.to_string())),
    };
    Ok(Examination {
        deviations: if reads_files { deviations(host, &state, &BTreeSet::new())? } else { nothing },
        loose: if wanted.contains(&Check::Ownership) { loose::find(places)? } else { Vec::new() },
        kept: if wanted.contains(&Check::KeptPackages) {
            kept_faults(places, &state)?
        } else {
            Vec::new()
        },
        journal: unfinished(places)?,
        stamp: places.stamp().symlink_metadata().is_ok(),
        saved: permitted(Attic::of(places)?.saved_names())?,
        room: room(places)?,
        vulnerable: vulnerable(&state, &notices),
        sources: sources.into_iter().collect(),
        bad_copy,
        host: state,
        registry: facts,
        newest,
    })
}

/// Returns the registered versions that notices speak of, each with what is said.
fn vulnerable(state: &HostState, notices: &Notices) -> Vec<(PluginId, Told)> {
    let of = |record: &registry::Record| {
        let id = record.plugin.id.clone();
        told(&id, notices).into_iter().map(move |told| (id.clone(), told)).collect::<Vec<_>>()
    };
    state.records.iter().flat_map(of).collect()
}

/// Opens the registry, or an empty one in the place of one that cannot be used.
fn read_registry(
    places: &Places,
) -> Result<(RegistryFacts, Reader, Option<Timestamp>), ExamineError> {
    let path = places.registry();
    let mut facts = RegistryFacts { exists: path.exists(), ..RegistryFacts::default() };
    let found = Reader::open(&path).and_then(|reader| {
        reader.check()?;
        let breaks = reader.verify_history()?;
        let recent = reader.history(&Filter { limit: Some(RECENT), ..Filter::default() })?;
        Ok((reader, breaks, recent))
    });
    match found {
        Ok((reader, breaks, recent)) => {
            let breaks: Vec<String> = breaks.iter().map(ToString::to_string).collect();
            facts.chain = (!breaks.is_empty()).then(|| breaks.join("; "));
            Ok((facts, reader, recent.iter().map(|entry| entry.time).max()))
        }
        Err(error) => {
            match error {
                StoreError::Damaged { problem, .. } => facts.damage.push(problem),
                StoreError::Interrupted { .. } => facts.interrupted = true,
                error => facts.unusable = Some(error.to_string()),
            }
            // Beside the registry, where nothing is: what it says is not known.
            let nowhere = tempfile::tempdir()?;
            let reader = Reader::open(&nowhere.path().join("registry.db"));
            Ok((facts, reader.map_err(Unobserved::from)?, None))
        }
    }
}

/// Returns what was looked at; `None` where only root may look.
fn permitted<T>(looked: io::Result<T>) -> io::Result<Option<T>> {
    match looked {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(None),
        looked => looked.map(Some),
    }
}

fn unfinished(places: &Places) -> Result<Option<Unfinished>, ExamineError> {
    match Journal::of(places).pending() {
        Ok(None) => Ok(None),
        Ok(Some(plan)) => Ok(Some(Unfinished { command: Some(plan.entry.command) })),
        Err(JournalError::Io(error)) => Err(error.into()),
        Err(_) => Ok(Some(Unfinished { command: None })),
    }
}

fn kept_faults(places: &Places, state: &HostState) -> io::Result<Vec<KeptFault>> {
    let shelf = Shelf::new(places.kept());
    let mut faults = Vec::new();
    for kept in &state.kept {
        if let Some(reason) = kept_fault(&shelf, kept)? {
            let (sha256, plugin) = (kept.sha256.clone(), kept.plugin.clone());
            faults.push(KeptFault { sha256, plugin, reason: reason.to_owned() });
        }
    }
    Ok(faults)
}

fn kept_fault(shelf: &Shelf, kept: &KeptPackage) -> io::Result<Option<&'static str>> {
    let file = match File::open(shelf.package(&kept.sha256, kept.format)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(Some("the package that was kept is gone"));
        }
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut file = Hashing::<_, Sha256>::new(file);
    io::copy(&mut file, &mut io::sink())?;
    Ok((file.finish().digest != kept.sha256).then_some("the package that was kept has changed"))
}

fn room(places: &Places) -> io::Result<Vec<Room>> {
    let paths = [places.plugins().to_owned(), places.state(), places.kept()];
    let room = |path: std::path::PathBuf| {
        let space = space(&path)?;
        Ok(Room { path, bytes: space.bytes, inodes: space.inodes })
    };
    paths.into_iter().map(room).collect()
}
