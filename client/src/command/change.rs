//! What every changing command does: have the engine observe, plan, show, ask, apply, and report.

use std::cell::{OnceCell, RefCell};
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use client::engine::{self, End, News, Outcome};
use client::plan::advisory::Mended;
use client::trust::Backing;
use client::{
    Depth, Event, Host, HostState, Intake, Offer, OfferError, Plan, Provenance, Question, Step,
};
use console::{Answer, Confirmation, Failure, Interrupt, Report, Spelling, Verbosity};
use packaging::signature::{Fingerprint, Refusal};
use plugin::Format;
use registry::history;
use rustix::fs::{Access, access};
use rustix::io::Errno;
use serde_json::json;

use super::{Allow, Contact};
use crate::failure::{self, Problem, general, machine};
use crate::screen::{deed, plan};
use crate::session::Session;

/// What a planner may use.
pub(super) struct Desk<'a> {
    /// The machine.
    pub(super) host: &'a Host,
    /// What is known of it.
    pub(super) state: &'a HostState,
    /// Takes packages in.
    pub(super) intake: &'a Intake,
    /// Whether a key that a package is signed with, and that does not count for it, is trusted from here
    /// on: asks somebody.
    settle: &'a Settle<'a>,
}

/// What asks about a package's key, and takes it for trusted where the answer is yes.
type Settle<'a> = dyn Fn(&Fingerprint, &Path, &Intake) -> Result<bool, Problem> + 'a;

impl Desk<'_> {
    /// Takes a package in, after asking about a key that is met for the first time.
    pub(super) fn take_in(&self, path: &Path, provenance: &Provenance) -> Result<Offer, Problem> {
        let read = || self.intake.read(path, provenance.clone());
        let offer = match read() {
            Err(OfferError::Untrusted { refusal: Refusal::UnknownKey { key }, .. })
                if (self.settle)(&key, path, self.intake)? =>
            {
                read()?
            }
            read => read?,
        };
        match &offer.backing {
            Backing::Beyond(key) if (self.settle)(&key.certificate, path, self.intake)? => {
                Ok(read()?)
            }
            _ => Ok(offer),
        }
    }
}

/// A plan, and the packages that it is about.
pub(super) struct Draft {
    /// The plan.
    pub(super) plan: Plan,
    /// The packages.
    pub(super) offers: Vec<Offer>,
    /// The notices about security that it mends.
    pub(super) mended: Mended,
}

impl From<Plan> for Draft {
    fn from(plan: Plan) -> Self {
        Self { plan, offers: Vec::new(), mended: Mended::new() }
    }
}

/// A change to be made.
pub(super) struct Task {
    /// How much of the machine its planner looks at.
    pub(super) depth: Depth,
    /// What Enter stands for when the user is asked.
    pub(super) default: Answer,
    /// What it changes.
    pub(super) aim: Aim,
    /// What it may although the policy is against it.
    pub(super) allow: Allow,
    /// Keys that are offered along with packages.
    pub(super) contact: Contact,
}

impl Task {
    /// Returns the task that is allowed nothing beyond the policy.
    pub(super) fn new(depth: Depth, default: Answer, aim: Aim) -> Self {
        Self { depth, default, aim, allow: Allow::default(), contact: Contact::default() }
    }

    /// Allows it more.
    pub(super) fn allowing(self, allow: &Allow) -> Self {
        Self { allow: allow.clone(), ..self }
    }

    /// Offers a key along with packages.
    pub(super) fn offering(self, contact: &Contact) -> Self {
        Self { contact: contact.clone(), ..self }
    }
}

/// What a change is made to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aim {
    /// Files on the host, by way of the package manager or without.
    Packages,
    /// What is known of them.
    Registry,
}

/// Makes the change that `planner` plans.
pub(super) fn change(
    session: &Session<'_>,
    report: &mut Report,
    task: &Task,
    planner: &mut dyn FnMut(&Desk<'_>) -> Result<Draft, Problem>,
) -> Result<Outcome, Problem> {
    let settings = session.settings()?;
    let host = session.host(&settings)?;
    if !session.options.dry_run {
        require_write_access(&host.places().state())?;
    }
    if task.aim == Aim::Packages {
        session.require_package(&settings, &host)?;
    }
    let interrupt = OnceCell::new();
    let request = engine::Request {
        question: Question {
            allowed: task.allow.allowances(),
            ..session.question(&settings, task.depth)?
        },
        dry_run: session.options.dry_run,
        lock_timeout: Duration::from_secs(settings.number("lock-timeout")),
        keep: session.keep(&settings),
        interrupted: &|| interrupt.get().is_some_and(Interrupt::came),
    };
    let teller = Teller {
        session,
        host: &host,
        report: RefCell::new(report),
        offers: RefCell::default(),
        mended: RefCell::default(),
        interrupt: &interrupt,
    };
    let outcome = engine::change(
        &host,
        &request,
        |state, intake| {
            let settle = |met: &Fingerprint, package: &Path, intake: &Intake| {
                task.contact.settles(met, package, intake, &mut teller.report.borrow_mut())
            };
            teller.plan(&mut *planner, &Desk { host: &host, state, intake, settle: &settle })
        },
        |_, plan| teller.confirm(plan, task.default),
        &mut |news| hear(&mut teller.report.borrow_mut(), news),
    )?;
    teller.end(&outcome)?;
    Ok(outcome)
}

/// Fails early where the user could not make the change anyway.
pub(super) fn require_write_access(state: &Path) -> Result<(), Problem> {
    let existing = state.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    match access(existing, Access::WRITE_OK) {
        Ok(()) => Ok(()),
        Err(Errno::ROFS) => {
            let message = format!("`{}` is on a read-only file system", state.display());
            Err(Problem::new(general::FAILED, message))
        }
        Err(_) => Err(failure::not_allowed()),
    }
}

/// Tells what the engine does, and asks where it has to.
struct Teller<'a> {
    session: &'a Session<'a>,
    host: &'a Host,
    /// The engine calls from several sides, but never from two at once.
    report: RefCell<&'a mut Report>,
    offers: RefCell<Vec<Offer>>,
    mended: RefCell<Mended>,
    interrupt: &'a OnceCell<Interrupt>,
}

impl Teller<'_> {
    fn plan(
        &self,
        planner: &mut dyn FnMut(&Desk<'_>) -> Result<Draft, Problem>,
        desk: &Desk<'_>,
    ) -> Result<Plan, Problem> {
        let Draft { plan, offers, mended } = planner(desk)?;
        let mut report = self.report.borrow_mut();
        for offer in &offers {
            let digest = &offer.sha256;
            let by = match offer.backing.signatory() {
                Some(signatory) => format!("signed by {}", signatory.shown()),
                None => "signed by nobody who is trusted".to_owned(),
            };
            let what = format!("{} {}  sha256 {digest}  {by}", offer.package, offer.version);
            report.step("verified", &what);
        }
        if discards_legacy(&plan) || offers.iter().any(|offer| offer.format == Format::Fp) {
            report
                .tell("note: package version 1.0.0 is deprecated; build the plugin as RPM or deb.");
        }
        self.offers.replace(offers);
        self.mended.replace(mended);
        if !plan.is_empty() {
            let offers = self.offers.borrow();
            report.plan(plan::object(&plan, &self.command_lines(&plan)?, &offers));
        }
        Ok(plan)
    }

    /// Shows a plan before it is carried out, and asks.
    fn confirm(&self, plan: &Plan, default: Answer) -> Result<bool, Problem> {
        let mut report = self.report.borrow_mut();
        report.preview(&plan::table(&self.deeds(plan), &self.offers.borrow()));
        for line in self.command_lines(plan)? {
            report.detail(Verbosity::Normal, &format!("  runs: {}", client::host::shown(&line)));
        }
        if !plan.entry.events.is_empty() {
            report.detail(
                Verbosity::Normal,
                &format!("  undo: plugins undo {}", plan.entry.transaction.0),
            );
        }
        for note in &plan.notes {
            report.detail(Verbosity::Normal, &format!("  note: {note}"));
        }
        let watch = watch()?;
        let agreed = ask(self.session, &mut report, default, &watch)?;
        self.interrupt.get_or_init(|| watch);
        Ok(agreed)
    }

    /// Reports how a change ended.
    fn end(&self, outcome: &Outcome) -> Result<(), Problem> {
        let mut report = self.report.borrow_mut();
        let deeds = self.deeds(&outcome.plan);
        match &outcome.end {
            End::Declined => {
                return Err(Problem::new(general::DECLINED, "not done: the answer was no"));
            }
            End::Planned => self.show(&mut report, &outcome.plan)?,
            End::Nothing => report.line("nothing to do"),
            End::Applied(applied) => {
                report.changed();
                for deed in &deeds {
                    let text = format!(" {:<8} {}", deed.kind.words().1, deed.line());
                    report.answer(&text, &deed.object(true));
                }
                for warning in &applied.warnings {
                    report.warning(&Failure::new(machine::WARNED, warning));
                }
                if !applied.unconfigured.is_empty() {
                    return Err(machine::unconfigured(applied));
                }
                if applied.interrupted {
                    let message = "interrupted; the change had begun and is complete";
                    return Err(Problem::new(general::INTERRUPTED, message));
                }
            }
        }
        for note in &outcome.plan.notes {
            report.push_warning(json!({ "message": note }));
        }
        outcome.plan.settled.iter().for_each(|plugin| report.result(&deed::settled(plugin)));
        if outcome.sync_due {
            report.tell("note: something else changed plugins; run `plugins sync`.");
        }
        Ok(())
    }

    /// Shows a plan that is not carried out: it is the answer.
    fn show(&self, report: &mut Report, plan: &Plan) -> Result<(), Problem> {
        let deeds = self.deeds(plan);
        report.table(&plan::table(&deeds, &self.offers.borrow()));
        deeds.iter().for_each(|deed| report.result(&deed.object(false)));
        for line in &self.command_lines(plan)? {
            report.line(&format!("  runs: {}", client::host::shown(line)));
        }
        for note in &plan.notes {
            report.line(&format!("  note: {note}"));
        }
        Ok(())
    }

    /// Returns what a plan does, and which of it mends what is known to be wrong.
    fn deeds(&self, plan: &Plan) -> Vec<deed::Deed> {
        plan::deeds(plan, &self.mended.borrow())
    }

    /// Returns the package manager's command lines, with packages where they will be.
    fn command_lines(&self, plan: &Plan) -> Result<Vec<Vec<OsString>>, Problem> {
        self.session.command_lines(self.host, plan, &self.host.places().incoming())
    }
}

/// Tells what is waited for, what was found left behind and how a plan proceeds.
pub(super) fn hear(report: &mut Report, news: News<'_>) {
    match news {
        News::Waiting(holder) => {
            report.tell(&format!("waiting: another command is at work: {holder}"));
        }
        News::Recovered(recovered) => report.tell(&plan::recovered(recovered)),
        News::Progress(Event::Begin(_)) => {}
        News::Progress(Event::Output(line)) => report.detail(Verbosity::Debug, line),
        News::Progress(Event::Done(step)) => {
            report.event(&json!({ "event": "done", "step": step }));
            if let Some((word, what)) = plan::done(step) {
                report.step(word, &what);
            }
        }
    }
}

/// Whether a plan takes a plugin in the old format away.
fn discards_legacy(plan: &Plan) -> bool {
    let is_legacy = |event: &history::Event| match event {
        history::Event::Plugin { before: Some(before), .. } => before.plugin.generation.is_legacy(),
        _ => false,
    };
    plan.steps.iter().any(|step| matches!(step, Step::Discard { .. }))
        && plan.entry.events.iter().any(is_legacy)
}

/// Begins to hold interrupts back.
pub(super) fn watch() -> Result<Interrupt, Problem> {
    Interrupt::watch().map_err(|error| Problem::from_error(general::FAILED, &error))
}

/// Asks whether a change is to be made (`cli 1`, rule 6).
pub(super) fn ask(
    session: &Session<'_>,
    report: &mut Report,
    default: Answer,
    interrupt: &Interrupt,
) -> Result<bool, Problem> {
    if session.options.assume_no {
        return Ok(false);
    }
    if session.options.yes || report.spelling() == Spelling::Historical {
        return Ok(true);
    }
    match report.confirm("Continue?", default, interrupt)? {
        Confirmation::Yes => Ok(true),
        Confirmation::No => Ok(false),
        Confirmation::Interrupted => {
            Err(Problem::new(general::INTERRUPTED, "interrupted; nothing was changed"))
        }
        Confirmation::CannotAsk => {
            let message = "the change is not confirmed, and nobody can be asked";
            Err(Problem::new(general::UNASKED, message)
                .help("add `--yes` to make it, or `--dry-run` to see it only"))
        }
    }
}
