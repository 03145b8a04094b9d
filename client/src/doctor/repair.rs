//! Carries cures out: as plans of the engine wherever there is something to plan, and otherwise under the
//! host's lock.
//!
//! Each cure looks at the machine anew, because what was mended before it has changed it. One that fails
//! does not keep the others from being tried. A plan that cannot be carried on with is set aside: here
//! everything has been tried, and it would keep every later command from its work.

mod plans;

use std::error::Error;
use std::io;
use std::path::PathBuf;

use packaging::durable;
use registry::StoreError;
use serde::Serialize;

use super::{Cure, Diagnosis, cures, loose};
use crate::apply::Attic;
use crate::engine::{self, End, EngineError, News, Request};
use crate::host::{HostError, Lock, LockError};
use crate::plan::Item;
use crate::{
    Condition, Host, HostState, Intake, Journal, JournalError, OfferError, Plan, Reached, Refusal,
    StepFailed,
};

/// What became of a cure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Repaired {
    /// The cure.
    pub cure: Cure,
    /// Why it failed; `None` where it did not.
    pub problem: Option<String>,
    /// What the administrator should know: a lower-case clause each.
    pub notes: Vec<String>,
}

/// Why something is not mended.
#[derive(Debug, thiserror::Error)]
pub enum RepairError {
    /// No plan leads to where it is whole.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A kept package cannot be used.
    #[error(transparent)]
    Offer(#[from] OfferError),
    /// What has to be installed again was not kept.
    #[error("no package is kept from which `{0}` could be installed again")]
    NotKept(String),
    /// The registry cannot be made anew.
    #[error(transparent)]
    Registry(#[from] StoreError),
    /// Another command is at work.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The package manager failed.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The journal is of another release.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// What the layer has saved cannot be found.
    #[error(transparent)]
    Layer(#[from] StepFailed),
    /// A file.
    #[error(transparent)]
    File(#[from] io::Error),
    /// The files of a package are in place, and its script failed again.
    #[error("the package manager still cannot finish with `{0}`: its script failed again")]
    Unconfigured(String),
    /// The engine did not come to the end of a plan.
    #[error(transparent)]
    Engine(#[from] Box<EngineError<Self>>),
    /// A plan could be neither finished nor withdrawn.
    #[error("`{}` was set aside as {}", command.escape_debug(), aside.display())]
    Abandoned {
        /// The command that it belongs to.
        command: String,
        /// Where it is kept.
        aside: PathBuf,
        /// Why.
        source: Box<EngineError<Self>>,
    },
}

/// Mends what can be mended of a diagnosis.
pub fn repair(
    host: &Host,
    request: &Request<'_>,
    diagnosis: &Diagnosis,
    hear: &mut dyn FnMut(News<'_>),
) -> Vec<Repaired> {
    let mut surgery = Surgery { host, request, hear };
    let mut done = Vec::new();
    for cure in cures(diagnosis) {
        let (problem, notes) = match surgery.carry_out(&cure) {
            Ok(notes) => (None, notes),
            Err(error) => (Some(told(&error)), Vec::new()),
        };
        done.push(Repaired { cure, problem, notes });
    }
    done
}

/// Tells an error with what led to it.
fn told(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// What cures are carried out with.
struct Surgery<'a, 'r> {
    host: &'a Host,
    request: &'a Request<'r>,
    hear: &'a mut dyn FnMut(News<'_>),
}

impl Surgery<'_, '_> {
    fn carry_out(&mut self, cure: &Cure) -> Result<Vec<String>, RepairError> {
        match cure {
            Cure::Rebuild => self.rebuild(),
            Cure::Recover => self.recover(),
            Cure::Mend { packages } => self.mend(packages),
            Cure::Reinstall { folders } => {
                self.change(|state, intake| plans::reinstall(state, intake, folders))
            }
            Cure::Unlink { links } => self.change(|state, _| Ok(plans::unlink(state, links))),
            Cure::Relink { links } => self.change(|state, _| Ok(plans::relink(state, links))),
            Cure::Secure { paths } => {
                let lock = self.lock()?;
                paths.iter().try_for_each(|path| loose::secure(path))?;
                let mut notes = self.distrust(paths)?;
                drop(lock);
                let of = if paths.len() == 1 { "path" } else { "paths" };
                notes.extend(self.remember(format!("gave {} {of} to root", paths.len()))?);
                Ok(notes)
            }
            Cure::DropKept { sha256 } => self.change(|state, _| Ok(plans::forget(state, sha256))),
            Cure::Sync => self.change(|state, _| plans::sync(state)),
        }
    }

    /// Has the engine carry out a plan, and returns what there is to know of it.
    fn change(
        &mut self,
        plan: impl FnOnce(&HostState, &Intake) -> Result<Plan, RepairError>,
    ) -> Result<Vec<String>, RepairError> {
        let agree = |_: &HostState, _: &Plan| Ok(true);
        let outcome = match engine::change(self.host, self.request, plan, agree, self.hear) {
            Err(error @ (EngineError::Stopped(_) | EngineError::Recovery { .. }))
                if error.reached() == Reached::Unfinished =>
            {
                return Err(self.pass(error).unwrap_or_else(|error| error));
            }
            outcome => outcome.map_err(|error| RepairError::Engine(Box::new(error)))?,
        };
        let mut notes = outcome.plan.notes;
        if let End::Applied(applied) = outcome.end {
            if let Some(package) = applied.unconfigured.first() {
                return Err(RepairError::Unconfigured(package.clone()));
            }
            notes.extend(applied.warnings);
        }
        Ok(notes)
    }

    /// Gets by a plan that is stuck in the journal: an earlier command's is set aside, and the history
    /// says so; one of ours is dropped, because its reason is found again.
    fn pass(&mut self, stuck: EngineError<RepairError>) -> Result<RepairError, RepairError> {
        let lock = self.lock()?;
        let source = Box::new(stuck);
        let pending = Journal::of(self.host.places()).pending()?;
        let (plan, command) = match (pending, &*source) {
            // Another process may have been here before us, and left one of its own.
            (Some(plan), EngineError::Recovery { command, .. })
                if plan.entry.command == *command =>
            {
                (plan, command.clone())
            }
            (Some(plan), EngineError::Stopped(_))
                if plan.entry.command == self.request.question.call.command =>
            {
                engine::forsake(self.host)?;
                return Ok(RepairError::Engine(source));
            }
            _ => return Ok(RepairError::Engine(source)),
        };
        let aside = engine::abandon(self.host, &plan)?;
        drop(lock);
        self.remember(format!(
            "set `{command}` aside, which could be neither finished nor withdrawn"
        ))?;
        Ok(RepairError::Abandoned { command, aside, source })
    }

    /// Has the history say what was mended without a plan.
    fn remember(&mut self, what: String) -> Result<Vec<String>, RepairError> {
        self.change(|state, _| Ok(plans::remember(state, what)))
    }

    fn lock(&mut self) -> Result<Lock, LockError> {
        let Request { question, lock_timeout, .. } = self.request;
        Lock::take(self.host.places(), &question.call, *lock_timeout, &mut |holder| {
            (self.hear)(News::Waiting(holder));
        })
    }

    /// Makes the registry anew, and reads what a sync leaves alone: plugins behind links of the layer.
    fn rebuild(&mut self) -> Result<Vec<String>, RepairError> {
        let lock = self.lock()?;
        let rebuilt = registry::rebuild::rebuild(&self.host.places().registry())?;
        drop(lock);
        let aside =
            |path: std::path::PathBuf| format!("what was left is kept as {}", path.display());
        let mut notes: Vec<String> =
            rebuilt.aside.map(aside).into_iter().chain(rebuilt.problems).collect();
        let attic = Attic::of(self.host.places())?;
        let read = |state: &HostState| plans::read_linked(state, |name| attic.saved(name));
        notes.extend(self.change(|state, _| Ok(read(state)))?);
        notes.extend(self.remember("made the registry anew".to_owned())?);
        Ok(notes)
    }

    /// Has the engine finish what is in the journal, or gets by it. One that cannot be read is put aside:
    /// what it was to finish shows as drift, and is synced.
    fn recover(&mut self) -> Result<Vec<String>, RepairError> {
        let places = self.host.places();
        let mut notes = Vec::new();
        let mut damaged = false;
        match Journal::of(places).pending() {
            Err(JournalError::Damaged { .. }) => {
                let _lock = self.lock()?;
                let aside = places.state().join("journal.damaged");
                durable::shift(&places.journal(), &aside)?;
                damaged = true;
                notes.push(format!("the journal is kept as {}", aside.display()));
            }
            Err(error) => return Err(error.into()),
            Ok(_) => {}
        }
        // The plan of a journal that can be read leaves its own entry.
        notes.extend(if damaged {
            self.remember("put a damaged journal aside".to_owned())?
        } else {
            self.change(|state, _| Ok(plans::nothing(state)))?
        });
        Ok(notes)
    }

    /// Puts the journal aside where others could have written it: what it says is done as root.
    fn distrust(&self, open: &[PathBuf]) -> Result<Vec<String>, RepairError> {
        let places = self.host.places();
        let (journal, state) = (places.journal(), places.state());
        let is_doubtful = open.iter().any(|path| *path == journal || *path == state);
        if !is_doubtful || journal.symlink_metadata().is_err() {
            return Ok(Vec::new());
        }
        let aside = places.state().join("journal.distrusted");
        durable::supersede(&journal, &aside)?;
        Ok(vec![format!("the journal may be somebody else's; it is kept as {}", aside.display())])
    }

    /// Has the package manager finish with packages. Where none of a package is kept, rpm can still
    /// strike off the versions that were being replaced, and dpkg run the package's own scripts.
    fn mend(&mut self, packages: &[String]) -> Result<Vec<String>, RepairError> {
        let mut loose_ends = Vec::new();
        let notes = self.change(|state, _| Ok(plans::mend(state, packages, &mut loose_ends)))?;
        if !loose_ends.is_empty() {
            let lock = self.lock()?;
            for item in &loose_ends {
                self.host.mend(item, &self.host.places().incoming(), &mut |_| {})?;
            }
            let packages = self.host.packages()?;
            drop(lock);
            let is_whole = |item: &&Item| {
                let found = packages.iter().find(|package| package.package == item.package);
                found.is_some_and(|package| package.condition == Condition::Whole)
            };
            if let Some(item) = loose_ends.iter().find(|item| !is_whole(item)) {
                return Err(RepairError::NotKept(item.package.clone()));
            }
            let names: Vec<&str> = loose_ends.iter().map(|item| item.package.as_str()).collect();
            self.remember(format!("had the package manager finish with {}", names.join(", ")))?;
        }
        Ok(notes)
    }
}
