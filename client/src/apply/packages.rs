//! The package manager's part of a plan. Its database decides what happened, never its exit status.
//!
//! What it leaves half done is mended, towards the plan's end first and towards its beginning where that
//! fails. A package whose files are all in place and whose own script goes on failing counts as what its
//! files are: the script's failure is told, and the doctor names the package until it succeeds.

use super::{Applied, Bench, Event, Reached, StepFailed, Stopped};
use crate::host::Fault;
use crate::host::{HostError, Judgement, Moment, plugin_version};
use crate::offer::shelf::Shelf;
use crate::plan::{Item, Transact, Verb};
use crate::{Condition, Installed, Journal};

/// What the database shows of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    /// As the plan wants it.
    Done,
    /// As it was before.
    Undone,
    /// Neither.
    HalfDone,
}

impl Bench<'_> {
    /// Whether every package is as it should be. What is to be brought again never is.
    pub(super) fn is_transacted(&self, transact: &Transact) -> Result<bool, StepFailed> {
        if transact.verb == Verb::Reinstall {
            return Ok(false);
        }
        let packages = self.host.packages()?;
        for item in &transact.items {
            if self.stands(item, &packages)? != Stands::Done {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Has the package manager work, and mends what it leaves half done.
    pub(super) fn transact(
        &mut self,
        transact: &Transact,
        begun: bool,
        applied: &mut Applied,
    ) -> Result<(), Stopped> {
        let files = self.host.places().incoming();
        let on = &mut *self.on;
        let told = self.host.transact(transact, &files, &mut |line| on(Event::Output(line)));
        let failed = match told {
            Ok(judgement) if judgement.is_done() && judgement.ran.status.success() => {
                applied.warnings.extend(complaint(&judgement));
                return Ok(());
            }
            Ok(judgement) if judgement.is_doubtful() && transact.verb != Verb::Reinstall => {
                applied.warnings.push(doubt(&judgement));
                return Ok(());
            }
            Ok(judgement) => StepFailed::PackageManager(Box::new(judgement.ran)),
            Err(error) => {
                let said = error.to_string();
                self.mend(transact, begun, error.into(), applied)?;
                // All is as it should be, whatever that was.
                applied.warnings.push(said);
                return Ok(());
            }
        };
        self.mend(transact, begun, failed, applied)
    }

    /// Finds out where a failed transaction came to; repairs packages that it left half done.
    fn mend(
        &mut self,
        transact: &Transact,
        begun: bool,
        failed: StepFailed,
        applied: &mut Applied,
    ) -> Result<(), Stopped> {
        let unknown = |source: StepFailed| Stopped { reached: Reached::Unfinished, source };
        let since = Journal::of(self.host.places()).begun();
        let since = since.map_err(|error| unknown(error.into()))?;
        let half = self.standing(transact, since).map_err(unknown)?.half;
        let files = self.host.places().incoming();
        for item in &half {
            let on = &mut *self.on;
            let mended = self.host.mend(item, &files, &mut |line| on(Event::Output(line)));
            mended.map_err(|error| unknown(error.into()))?;
        }
        let mut standing = self.cleared(transact, since).map_err(unknown)?;
        if !standing.half.is_empty() {
            for item in standing.half {
                self.take_back(item).map_err(unknown)?;
            }
            standing = self.cleared(transact, since).map_err(unknown)?;
            self.count_unconfigured(&mut standing).map_err(unknown)?;
        }
        // To bring the same version again is the one thing whose end looks like its beginning.
        if transact.verb == Verb::Reinstall {
            let (mended, rest) = standing.undone.into_iter().partition(|item| half.contains(item));
            (standing.done, standing.undone) = (mended, rest);
        }
        if let (false, StepFailed::PackageManager(ran)) =
            (standing.unconfigured.is_empty(), &failed)
        {
            applied.complaints.clone_from(&ran.last);
        }
        applied.unconfigured.extend(standing.unconfigured.iter().cloned());
        standing.end(begun, failed)
    }

    /// Works back to what there was before `item`, if its package was kept.
    fn take_back(&mut self, item: &Item) -> Result<(), StepFailed> {
        let kept = match &item.before {
            None => None,
            before if *before == item.after => return Ok(()),
            Some(before) => match self.kept(item, before)? {
                Some(sha256) => Some(sha256),
                None => return Ok(()),
            },
        };
        if let Some(sha256) = &kept {
            self.stage(sha256)?;
        }
        let (files, on) = (self.host.places().incoming(), &mut *self.on);
        Ok(self.host.take_back(item, kept, &files, &mut |line| on(Event::Output(line)))?)
    }

    /// Returns the kept package that `version` of an item's package was installed from.
    fn kept(&self, item: &Item, version: &str) -> Result<Option<String>, StepFailed> {
        let labels = Shelf::new(self.host.places().kept()).labels()?;
        let version = plugin_version(version);
        let found = labels.into_iter().find(|(_, label)| {
            label.format == item.format
                && label.plugin.package_name().as_str() == item.folder
                && Some(&label.plugin.version) == version.as_ref()
        });
        Ok(found.map(|(sha256, _)| sha256))
    }

    /// Counts packages as what their files are, whose own scripts alone are in the way.
    fn count_unconfigured(&self, standing: &mut Standing<'_>) -> Result<(), StepFailed> {
        let packages = self.host.packages()?;
        for item in std::mem::take(&mut standing.half) {
            let found = packages.iter().find(|package| package.package == item.package);
            let version = match found {
                Some(found) if self.is_only_unconfigured(found)? => Some(&found.version),
                _ => None,
            };
            if version.is_some() && version == item.after.as_ref() {
                standing.done.push(item);
                standing.unconfigured.push(item.package.clone());
            } else if version.is_some() && version == item.before.as_ref() {
                standing.undone.push(item);
                standing.unconfigured.push(item.package.clone());
            } else {
                standing.half.push(item);
            }
        }
        Ok(())
    }

    /// Whether all files of a package are in place and its own scripts fail.
    fn is_only_unconfigured(&self, found: &Installed) -> Result<bool, StepFailed> {
        if !found.condition.is_unconfigured() {
            return Ok(false);
        }
        let broken = |fault| matches!(fault, Fault::Missing | Fault::Changed | Fault::Empty);
        let problems = self.host.verify_files(&found.package)?;
        Ok(!problems.iter().any(|problem| broken(problem.fault) && !problem.is_config))
    }

    /// Sorts the items of `transact` once folders are gone that the package manager made and forgot.
    fn cleared<'t>(
        &self,
        transact: &'t Transact,
        since: Moment,
    ) -> Result<Standing<'t>, StepFailed> {
        let mut standing = self.standing(transact, since)?;
        for item in std::mem::take(&mut standing.torn) {
            self.host.clear_newborn(item, since)?;
            standing = self.standing(transact, since)?;
        }
        Ok(standing)
    }

    /// Sorts the items of `transact` by what has become of them `since` the plan was written down.
    fn standing<'t>(
        &self,
        transact: &'t Transact,
        since: Moment,
    ) -> Result<Standing<'t>, StepFailed> {
        let packages = self.host.packages()?;
        let mut standing = Standing::default();
        for item in &transact.items {
            match self.stands(item, &packages)? {
                Stands::Done if transact.verb != Verb::Reinstall => standing.done.push(item),
                Stands::HalfDone => standing.half.push(item),
                Stands::Done | Stands::Undone if self.host.is_torn(item, since)? => {
                    standing.half.push(item);
                    standing.torn.push(item);
                }
                Stands::Done | Stands::Undone => standing.undone.push(item),
            }
        }
        Ok(standing)
    }

    /// What the database shows of `item`; `packages` are those that it knows to be plugins.
    fn stands(&self, item: &Item, packages: &[Installed]) -> Result<Stands, HostError> {
        let found = packages.iter().find(|package| package.package == item.package);
        let version = match found {
            Some(package) if package.condition != Condition::Whole => return Ok(Stands::HalfDone),
            None if self.host.is_begun(&item.package)? => return Ok(Stands::HalfDone),
            found => found.map(|package| package.version.as_str()),
        };
        Ok(if version == item.after.as_deref() {
            Stands::Done
        } else if version == item.before.as_deref() {
            Stands::Undone
        } else {
            Stands::HalfDone
        })
    }
}

/// What has become of the items of a transaction.
#[derive(Debug, Default)]
struct Standing<'t> {
    done: Vec<&'t Item>,
    undone: Vec<&'t Item>,
    /// Neither, by the database or by the files.
    half: Vec<&'t Item>,
    /// Those of them whose database entry is as it was before.
    torn: Vec<&'t Item>,
    /// Names of those, done or undone, whose scripts fail.
    unconfigured: Vec<String>,
}

impl Standing<'_> {
    /// Returns how a transaction has ended that `failed`.
    fn end(self, begun: bool, failed: StepFailed) -> Result<(), Stopped> {
        let names = |items: &[&Item]| items.iter().map(|item| item.package.clone()).collect();
        if !self.half.is_empty() {
            let source = StepFailed::HalfDone(names(&self.half));
            return Err(Stopped { reached: Reached::Unfinished, source });
        }
        if self.undone.is_empty() {
            return Ok(());
        }
        let reached = if !begun && self.done.is_empty() && self.unconfigured.is_empty() {
            Reached::Start
        } else {
            Reached::Partly { done: names(&self.done), undone: names(&self.undone) }
        };
        Err(Stopped { reached, source: failed })
    }
}

/// Returns what dnf says and is not told by its exit status: that a package's own script failed.
fn complaint(judgement: &Judgement) -> Option<String> {
    let line = judgement.ran.last.iter().find(|line| line.contains("scriptlet failed"))?;
    Some(format!("a script of the package failed: {line}"))
}

fn doubt(judgement: &Judgement) -> String {
    let last = judgement.ran.last.last().map_or("it said nothing", String::as_str);
    format!("the package manager did its work, but something failed on the way: {last}")
}
