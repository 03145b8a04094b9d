//! What an earlier process left behind is carried on with, whoever comes next.
//!
//! It comes to one of four ends. *Finished*: every step is done. *Withdrawn*: the host is shown to be as
//! it was before, if need be because packages were taken back to the kept ones. *Partly*: every package is one or the
//! other, and the next sync tells the registry. Where none of these can be reached the plan stays in the
//! journal and the command fails: what is in the way may pass. If it does not, `doctor --repair` gets by:
//! after it has tried once more the plan is *abandoned*, which sets it aside as `journal.abandoned-<n>`,
//! leaves the stamp and an entry in the history, keeps its packages, and has the registry synced to what
//! is true. What is inconsistent then is the doctor's finding until it is mended, and no other plugin has
//! to wait for it. A stuck plan of the doctor's own is only dropped: its reason is found again.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use packaging::durable;

use super::{EngineError, stamp};
use crate::apply::{Applied, Bench, Reached, Run, Stopped};
use crate::host::Host;
use crate::offer::shelf::Shelf;
use crate::{Journal, Plan, Step};

/// A plan that an earlier process left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// The command that it belongs to.
    pub command: String,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a plan that was left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It has been finished.
    Finished,
    /// It cannot be carried out and all is as it was before: it was dropped.
    Withdrawn,
    /// Some of its packages are as they should be and no others can be: it was dropped, and the next
    /// sync tells the registry.
    Partly,
    /// It waits; a dry run leaves it alone.
    Pending,
}

impl Recovered {
    pub(super) fn of(plan: &Plan, fate: Fate) -> Self {
        Self { command: plan.entry.command.clone(), fate }
    }
}

/// Goes on with the plan in the journal, if there is one.
pub(super) fn recover<E: Error + 'static>(
    bench: &mut Bench<'_>,
) -> Result<Option<Recovered>, EngineError<E>> {
    let journal = Journal::of(bench.host.places());
    let Some(plan) = journal.pending().map_err(EngineError::Journal)? else { return Ok(None) };
    let ended = bench
        .prepare(&plan, Run::Again)
        .map_err(|source| Stopped { reached: Reached::Unfinished, source })
        .and_then(|()| bench.apply(&plan, Run::Again));
    close(bench.host, &journal, &ended).map_err(|error| EngineError::Journal(error.into()))?;
    let fate = match ended {
        Ok(_) => Fate::Finished,
        Err(Stopped { reached: Reached::Start, .. }) => Fate::Withdrawn,
        Err(Stopped { reached: Reached::Partly { .. }, .. }) => Fate::Partly,
        Err(source @ Stopped { reached: Reached::Unfinished, .. }) => {
            return Err(EngineError::Recovery { command: plan.entry.command, source });
        }
    };
    Ok(Some(Recovered::of(&plan, fate)))
}

/// Takes a plan out of the journal, unless it is to be gone on with.
pub(super) fn close(
    host: &Host,
    journal: &Journal,
    ended: &Result<Applied, Stopped>,
) -> io::Result<()> {
    match ended {
        Ok(_) | Err(Stopped { reached: Reached::Start, .. }) => journal.close(),
        Err(Stopped { reached: Reached::Partly { .. }, .. }) => {
            stamp::leave(host)?;
            journal.close()
        }
        Err(Stopped { reached: Reached::Unfinished, .. }) => Ok(()),
    }
}

/// Sets `plan`, which is in the journal and can be neither finished nor withdrawn, aside; returns where it
/// is kept. Its packages are kept too, for repairs. A sync is due then. The caller holds the host's lock.
pub(crate) fn abandon(host: &Host, plan: &Plan) -> io::Result<PathBuf> {
    stamp::leave(host)?;
    let (incoming, kept) = (Shelf::new(host.places().incoming()), Shelf::new(host.places().kept()));
    for step in &plan.steps {
        let Step::Transact(transact) = step else { continue };
        for sha256 in transact.items.iter().filter_map(|item| item.sha256.as_ref()) {
            if incoming.label(sha256)?.is_some() {
                kept.take_over(&incoming, sha256, plan.entry.transaction)?;
            }
        }
    }
    let state = host.places().state();
    let aside = (1_u32..)
        .map(|number| state.join(format!("journal.abandoned-{number}")))
        .find(|path| path.symlink_metadata().is_err())
        .expect("no folder has as many files as there are numbers");
    durable::shift(&host.places().journal(), &aside)?;
    Ok(aside)
}

/// Takes a repair's own plan out of the journal. A sync is due then. The caller holds the host's lock.
pub(crate) fn forsake(host: &Host) -> io::Result<()> {
    stamp::leave(host)?;
    Journal::of(host.places()).close()
}
