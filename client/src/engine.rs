//! Every changing command: lock, recover, observe, plan, apply (`architecture`, one engine).
//!
//! The plan is in the journal before its first effect and leaves it after its last. Who takes the lock
//! and finds one goes on with it, so that recovery is no second program. A plan that only changes the
//! registry is one transaction of SQLite and needs no journal.
//!
//! An interrupt before the first effect withdraws the plan; a later one is told in the end, because a
//! plan that has begun goes on to its end. A dry run takes no lock and writes nothing below the state,
//! the cache and the plugins root.

mod error;
mod recover;
mod stamp;

use std::time::Duration;

use registry::store::{Reader, Store};

use crate::apply::{Applied, Bench, Event, Reached, Run, StepFailed, Stopped, sweep};
use crate::host::{Holder, Host, Lock};
use crate::observe::{Question, observe};
use crate::{HostState, Intake, Journal, Plan, Step, ground, kept};

pub use error::EngineError;
pub use recover::{Fate, Recovered};
pub(crate) use recover::{abandon, forsake};

/// What a command needs of the engine beside its planner.
#[expect(missing_debug_implementations, reason = "holds a callback")]
pub struct Request<'a> {
    /// What is asked of the machine.
    pub question: Question,
    /// Whether to stop before anything changes.
    pub dry_run: bool,
    /// How long to wait for the lock.
    pub lock_timeout: Duration,
    /// How many packages to keep.
    pub keep: kept::Limits,
    /// Whether the command was interrupted.
    pub interrupted: &'a dyn Fn() -> bool,
}

/// What is heard from the engine.
#[derive(Clone, Copy, Debug)]
pub enum News<'a> {
    /// Another command holds the lock.
    Waiting(&'a Holder),
    /// A plan was found that an earlier process left behind; this became of it.
    Recovered(&'a Recovered),
    /// A plan proceeds: the command's, or one that was left behind.
    Progress(Event<'a>),
}

/// How a command ended.
#[derive(Debug)]
pub struct Outcome {
    /// The machine as it was when the plan was made.
    pub state: HostState,
    /// The plan.
    pub plan: Plan,
    /// What became of it.
    pub end: End,
    /// The plan of an earlier process that was in the way.
    pub recovered: Option<Recovered>,
    /// Whether plugins were changed behind our back and the registry does not know yet.
    pub sync_due: bool,
}

/// What became of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It was a dry run.
    Planned,
    /// There was nothing to do.
    Nothing,
    /// It was not confirmed.
    Declined,
    /// It was carried out.
    Applied(Applied),
}

/// Carries out a command.
///
/// `plan` looks at the machine and takes packages in; nothing else may be changed there. `confirm` says
/// whether the plan is to be carried out; it is not asked where there is nothing to do.
///
/// # Errors
///
/// What state the host is in then is what [`EngineError::reached`] says.
pub fn change<E: std::error::Error + 'static>(
    host: &Host,
    request: &Request<'_>,
    plan: impl FnOnce(&HostState, &Intake) -> Result<Plan, E>,
    confirm: impl FnOnce(&HostState, &Plan) -> Result<bool, E>,
    hear: &mut dyn FnMut(News<'_>),
) -> Result<Outcome, EngineError<E>> {
    if request.dry_run {
        return rehearse(host, request, plan, hear);
    }
    let call = &request.question.call;
    let _lock = Lock::take(host.places(), call, request.lock_timeout, &mut |holder| {
        hear(News::Waiting(holder));
    })?;
    ground::check(host.places())?;
    let mut store = Store::open(&host.places().registry())?;
    let mut bench = Bench {
        host,
        store: &mut store,
        keep: request.keep,
        interrupted: request.interrupted,
        on: &mut |event| hear(News::Progress(event)),
    };
    let recovered = recover::recover(&mut bench)?;
    sweep(host).map_err(EngineError::Leftovers)?;
    let ended = decide(&mut bench, request, plan, confirm);
    if !matches!(&ended, Err(error) if error.reached() == Reached::Unfinished) {
        // What cannot be removed now is in no one's way; the next command tries again.
        let _ = sweep(host);
    }
    if let Some(recovered) = &recovered {
        hear(News::Recovered(recovered));
    }
    let (state, plan, end) = ended?;
    let sync_due = stamp::settle(host, &store);
    Ok(Outcome { state, plan, end, recovered, sync_due })
}

/// Observes, plans and carries out, under the lock.
fn decide<E: std::error::Error + 'static>(
    bench: &mut Bench<'_>,
    request: &Request<'_>,
    plan: impl FnOnce(&HostState, &Intake) -> Result<Plan, E>,
    confirm: impl FnOnce(&HostState, &Plan) -> Result<bool, E>,
) -> Result<(HostState, Plan, End), EngineError<E>> {
    let state = observe(bench.host, bench.store, request.question.clone())?;
    let intake = Intake::incoming(bench.host.places(), &state).map_err(EngineError::Intake)?;
    let plan = plan(&state, &intake).map_err(EngineError::Command)?;
    if plan.is_empty() {
        return Ok((state, plan, End::Nothing));
    }
    if !confirm(&state, &plan).map_err(EngineError::Command)? {
        return Ok((state, plan, End::Declined));
    }
    let applied = carry_out(&plan, bench)?;
    Ok((state, plan, End::Applied(applied)))
}

/// Makes a plan and stops. What an earlier process left behind is left alone.
fn rehearse<E: std::error::Error + 'static>(
    host: &Host,
    request: &Request<'_>,
    plan: impl FnOnce(&HostState, &Intake) -> Result<Plan, E>,
    hear: &mut dyn FnMut(News<'_>),
) -> Result<Outcome, EngineError<E>> {
    let pending = Journal::of(host.places()).pending().map_err(EngineError::Journal)?;
    let recovered = pending.map(|plan| Recovered::of(&plan, Fate::Pending));
    if let Some(recovered) = &recovered {
        hear(News::Recovered(recovered));
    }
    let reader = Reader::open(&host.places().registry())?;
    let state = observe(host, &reader, request.question.clone())?;
    let intake = Intake::temporary(host.places(), &state.trust).map_err(EngineError::Intake)?;
    let plan = plan(&state, &intake).map_err(EngineError::Command)?;
    let end = if plan.is_empty() { End::Nothing } else { End::Planned };
    Ok(Outcome { state, plan, end, recovered, sync_due: stamp::is_there(host) })
}

/// Carries a plan out for the first time.
fn carry_out<E: std::error::Error + 'static>(
    plan: &Plan,
    bench: &mut Bench<'_>,
) -> Result<Applied, EngineError<E>> {
    let unchanged = |source| Stopped { reached: Reached::Start, source };
    bench.prepare(plan, Run::First).map_err(unchanged)?;
    if (bench.interrupted)() {
        return Err(unchanged(StepFailed::Interrupted).into());
    }
    if plan.steps.iter().all(|step| matches!(step, Step::Register { .. })) {
        return Ok(bench.apply(plan, Run::First)?);
    }
    let journal = Journal::of(bench.host.places());
    if let Err(error) = journal.open(plan) {
        // It may be there, and only not known to survive.
        journal.close().map_err(|error| EngineError::Journal(error.into()))?;
        return Err(unchanged(StepFailed::Journal(error)).into());
    }
    let ended = bench.apply(plan, Run::First);
    recover::close(bench.host, &journal, &ended)
        .map_err(|error| EngineError::Journal(error.into()))?;
    Ok(ended?)
}
