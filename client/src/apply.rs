//! Carries plans out, from their beginning or from wherever an earlier process came to.
//!
//! Before the first effect everything that can be known is looked at: packages are where steps take
//! them from, there is room, what is to be put back is there. Then each step is asked whether it is
//! done, and run where it is not. A step that fails before anything has happened leaves the host as it
//! was ([`Reached::Start`]). Once something has happened the plan goes on to its end: an interrupt is
//! only told, because what is left is short.

mod attic;
mod handles;
mod layer;
mod packages;
mod prepare;
mod register;
mod settings;
mod stopped;
mod unpack;

use packaging::durable;
use registry::store::Store;

pub(crate) use self::attic::Attic;
use self::attic::Identity;
use self::layer::{Layer, old_folder};
use crate::host::{Guarding, Host, sync_file_system};
use crate::kept;
use crate::offer::shelf::Shelf;
use crate::{Plan, Step};

pub use stopped::{Reached, StepFailed, Stopped};

/// What is told while a plan is carried out.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A step begins.
    Begin(&'a Step),
    /// The package manager said a line.
    Output(&'a str),
    /// A step is done, by us or before.
    Done(&'a Step),
}

/// A plan that has been carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// What the administrator should know: a lower-case clause each.
    pub warnings: Vec<String>,
    /// Packages whose files are in place and whose own scripts fail: their package manager goes on to
    /// call them unfinished.
    pub unconfigured: Vec<String>,
    /// What it said last of these.
    pub complaints: Vec<String>,
    /// Whether an interrupt came that was too late to stop anything.
    pub interrupted: bool,
}

/// What plans are carried out with, all of it under the host's lock.
pub(crate) struct Bench<'a> {
    pub(crate) host: &'a Host,
    pub(crate) store: &'a mut Store,
    /// How many bytes of packages are kept.
    pub(crate) keep: kept::Limits,
    pub(crate) on: &'a mut dyn FnMut(Event<'_>),
    pub(crate) interrupted: &'a dyn Fn() -> bool,
}

/// Whether a plan is carried out for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Run {
    First,
    /// An earlier process began; what it did counts as having happened.
    Again,
}

impl Bench<'_> {
    /// Carries out a plan that [`Bench::prepare`] has found possible.
    pub(crate) fn apply(&mut self, plan: &Plan, run: Run) -> Result<Applied, Stopped> {
        let mut applied = Applied::default();
        let mut begun = false;
        for step in &plan.steps {
            // What an earlier process did is not known to be nothing where it cannot be found out.
            let doubt = begun || run == Run::Again;
            if self.is_done(step, plan).map_err(|source| stopped(doubt, source))? {
                begun |= run == Run::Again;
                self.tidy(step, run)?;
                (self.on)(Event::Done(step));
                continue;
            }
            if run == Run::First && !begun && (self.interrupted)() {
                return Err(stopped(false, StepFailed::Interrupted));
            }
            (self.on)(Event::Begin(step));
            match step {
                Step::Transact(transact) => self.transact(transact, begun, &mut applied)?,
                Step::Guard { package, held, .. } => {
                    let guarding = self.host.guard(package, *held);
                    let guarding = guarding.map_err(|source| stopped(begun, source.into()))?;
                    if guarding == Guarding::Impossible && *held {
                        applied.warnings.push(format!(
                            "the package manager cannot be told to keep `{package}` as it is: it needs \
                             its plugin `versionlock`, or `excludepkgs={package}` in its settings"
                        ));
                    }
                }
                Step::Purge { package } => {
                    let on = &mut *self.on;
                    let told = &mut |line: &str| on(Event::Output(line));
                    if let Err(error) = self.host.purge_removed(package, told) {
                        applied.warnings.push(format!(
                            "`{package}` is removed, but dpkg could not purge it: {error}"
                        ));
                    }
                }
                Step::Keep { sha256 } => {
                    if let Err(error) = self.keep(sha256, plan) {
                        applied.warnings.push(format!("packages could not be kept: {error}"));
                    }
                }
                step => self.run_watched(step, plan, begun)?,
            }
            begun = true;
            self.tidy(step, run)?;
            (self.on)(Event::Done(step));
        }
        applied.interrupted = (self.interrupted)();
        Ok(applied)
    }

    /// Removes what a package manager left that was killed along with an earlier process of ours: the one
    /// that did the work knows nothing of it.
    fn tidy(&self, step: &Step, run: Run) -> Result<(), Stopped> {
        let Step::Transact(transact) = step else { return Ok(()) };
        if run == Run::First {
            return Ok(());
        }
        let cleared =
            transact.items.iter().try_for_each(|item| self.host.clear_leftovers(&item.folder));
        cleared.map_err(|error| stopped(true, error.into()))
    }

    /// Runs a step that has either happened or not. One that fails may have moved a name before.
    fn run_watched(&mut self, step: &Step, plan: &Plan, begun: bool) -> Result<(), Stopped> {
        let before = self.stand(step).map_err(|source| stopped(begun, source))?;
        self.run(step, plan).map_err(|source| {
            let untouched = self.stand(step).is_ok_and(|now| now == before);
            stopped(begun || !untouched, source)
        })
    }

    /// Returns what stands at the names that a step may move.
    fn stand(&self, step: &Step) -> Result<Vec<Option<Identity>>, StepFailed> {
        match step {
            Step::Unpack { folder, .. } | Step::Discard { folder } => self.layer()?.stand(folder),
            Step::Link(link) | Step::Unlink { link, .. } => self.layer()?.stand(&old_folder(link)),
            _ => Ok(Vec::new()),
        }
    }

    fn is_done(&self, step: &Step, plan: &Plan) -> Result<bool, StepFailed> {
        Ok(match step {
            Step::Transact(transact) => self.is_transacted(transact)?,
            Step::Unpack { sha256, folder } => self
                .layer()?
                .is_unpacked(&self.incoming().package(sha256, plugin::Format::Fp), folder)?,
            Step::Discard { folder } => self.layer()?.is_discarded(folder)?,
            Step::Link(link) => self.layer()?.is_linked(link)?,
            Step::Unlink { link, restore } => self.layer()?.is_unlinked(link, *restore)?,
            Step::Purge { package } => !self.host.has_rest(package)?,
            Step::Register { .. } => self.is_registered(plan)?,
            Step::Place { path, content } => self.is_placed(path, content.as_deref())?,
            Step::Key { fingerprint, certificate } => {
                self.host.accepts_key(fingerprint)? == certificate.is_some()
            }
            // These cost little, and cannot be seen from what they leave.
            Step::Guard { .. } | Step::Keep { .. } | Step::Forget { .. } | Step::Flush => false,
        })
    }

    fn run(&mut self, step: &Step, plan: &Plan) -> Result<(), StepFailed> {
        match step {
            Step::Unpack { sha256, folder } => {
                self.layer()?.unpack(&self.incoming().package(sha256, plugin::Format::Fp), folder)
            }
            Step::Discard { folder } => self.layer()?.discard(folder),
            Step::Link(link) => self.layer()?.link(link),
            Step::Unlink { link, restore } => self.layer()?.unlink(link, *restore),
            Step::Forget { sha256 } => self.forget(sha256),
            Step::Place { path, content } => self.place(path, content.as_deref()),
            Step::Key { fingerprint, certificate } => {
                Ok(self.host.accept_key(fingerprint, certificate.as_deref())?)
            }
            Step::Flush => self.flush(),
            Step::Register { changes } => self.register(changes, plan),
            Step::Transact(_) | Step::Purge { .. } | Step::Guard { .. } | Step::Keep { .. } => {
                unreachable!("the loop carries these out itself: they have more to say")
            }
        }
    }

    fn keep(&self, sha256: &[String], plan: &Plan) -> Result<(), StepFailed> {
        let kept = Shelf::new(self.host.places().kept());
        for sha256 in sha256 {
            kept.take_over(&self.incoming(), sha256, plan.entry.transaction)?;
        }
        Ok(kept::prune(&kept, self.keep, plan.entry.transaction)?)
    }

    fn forget(&self, sha256: &[String]) -> Result<(), StepFailed> {
        let kept = Shelf::new(self.host.places().kept());
        for sha256 in sha256 {
            if let Some(label) = kept.label(sha256)? {
                kept.remove(sha256, label.format)?;
            }
        }
        Ok(())
    }

    /// Flushes every file system that plugins, package databases and our own files are on.
    fn flush(&self) -> Result<(), StepFailed> {
        let places = self.host.places();
        let root = places.root();
        let folders = [
            places.plugins().to_owned(),
            places.state(),
            places.kept(),
            root.to_owned(),
            root.join("usr"),
            root.join("var/lib"),
        ];
        for folder in folders.iter().filter(|folder| folder.exists()) {
            sync_file_system(folder)?;
        }
        Ok(())
    }

    fn layer(&self) -> Result<Layer<'_>, StepFailed> {
        Layer::of(self.host.places())
    }

    fn incoming(&self) -> Shelf {
        Shelf::new(self.host.places().incoming())
    }
}

/// Removes what plans that were cut off have left; none may be under way.
pub(crate) fn sweep(host: &Host) -> Result<(), StepFailed> {
    let places = host.places();
    Shelf::new(places.incoming()).clear()?;
    Shelf::new(places.kept()).tidy()?;
    durable::clear_leftovers(&places.state())?;
    Ok(Attic::of(places)?.sweep()?)
}

fn stopped(begun: bool, source: StepFailed) -> Stopped {
    let reached = if begun { Reached::Unfinished } else { Reached::Start };
    Stopped { reached, source }
}
