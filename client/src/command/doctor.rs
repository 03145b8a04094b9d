//! `plugins doctor`

use std::time::Duration;

use clap::Args;
use client::doctor::{Check, Diagnosis, cures, diagnose, examine, repair};
use client::{Depth, Host, engine};
use console::printable::count;
use console::{Answer, Failure, Report};
use serde_json::json;

use super::change::{ask, hear, require_write_access, watch};
use crate::failure::{Problem, general, machine};
use crate::screen;
use crate::session::Session;
use crate::settings::Settings;

/// What to look at.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins doctor
  plugins doctor --check D03
  plugins doctor --repair --yes")]
pub(crate) struct Arguments {
    /// Mend what can be mended
    #[arg(long)]
    repair: bool,
    /// Only this check; may be given several times
    #[arg(long = "check", value_name = "ID")]
    checks: Vec<Check>,
}

/// Finds what is wrong with the host, and mends it where asked to.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let settings = session.settings()?;
    let host = session.host(&settings)?;
    let wanted = if arguments.checks.is_empty() { &Check::ALL[..] } else { &arguments.checks };
    let look = || -> Result<Diagnosis, Problem> {
        let question = session.question(&settings, Depth::Packages)?;
        Ok(diagnose(&examine(&host, &question, wanted)?, wanted))
    };
    let mut diagnosis = look()?;
    if arguments.repair && !session.options.dry_run && diagnosis.repairable() > 0 {
        require_write_access(&host.places().state())?;
        diagnosis.ills().for_each(|ill| report.tell(&screen::doctor::line(ill)));
        let interrupt = watch()?;
        if !ask(session, report, Answer::Yes, &interrupt)? {
            return Err(Problem::new(general::DECLINED, "not done: the answer was no"));
        }
        mend(session, &settings, &host, &diagnosis, report)?;
        diagnosis = look()?;
        show(&diagnosis, report);
        if interrupt.came() {
            let message = "interrupted; the repairs had begun and are complete";
            return Err(Problem::new(general::INTERRUPTED, message));
        }
        return judge(&diagnosis);
    }
    show(&diagnosis, report);
    if arguments.repair && session.options.dry_run {
        return rehearse(&diagnosis, report);
    }
    judge(&diagnosis)
}

/// Shows what was found.
fn show(diagnosis: &Diagnosis, report: &mut Report) {
    for finding in &diagnosis.findings {
        report.answer(&screen::doctor::line(finding), finding);
    }
}

/// Says what a repair would do; fails where it would leave something.
fn rehearse(diagnosis: &Diagnosis, report: &mut Report) -> Result<(), Problem> {
    let cures = cures(diagnosis);
    for cure in &cures {
        report.line(&format!("  would {}", screen::doctor::cure(cure)));
    }
    report.plan(json!({ "cures": cures }));
    if diagnosis.repairable() == diagnosis.ills().count() { Ok(()) } else { judge(diagnosis) }
}

/// Mends what can be mended and tells what became of it.
fn mend(
    session: &Session<'_>,
    settings: &Settings,
    host: &Host,
    diagnosis: &Diagnosis,
    report: &mut Report,
) -> Result<(), Problem> {
    let request = engine::Request {
        question: session.question(settings, Depth::Packages)?,
        dry_run: false,
        lock_timeout: Duration::from_secs(settings.number("lock-timeout")),
        keep: session.keep(settings),
        interrupted: &|| false,
    };
    let done = repair(host, &request, diagnosis, &mut |news| hear(report, news));
    report.plan(json!({ "repaired": done }));
    for repaired in &done {
        let cure = screen::doctor::cure(&repaired.cure);
        match &repaired.problem {
            Some(problem) => {
                let failure = Failure::new(machine::ILL, format!("could not {cure}"));
                report.warning(&failure.cause(problem));
            }
            None => {
                report.changed();
                report.step("mended", &cure);
            }
        }
        for note in &repaired.notes {
            report.tell(&format!("  note: {note}"));
        }
    }
    Ok(())
}

fn judge(diagnosis: &Diagnosis) -> Result<(), Problem> {
    if diagnosis.is_clean() {
        return Ok(());
    }
    let repairable = diagnosis.repairable();
    let found = count(diagnosis.ills().count(), "finding");
    let problem = Problem::new(machine::ILL, format!("{found}, {repairable} can be repaired"));
    Err(if repairable > 0 { problem.help("plugins doctor --repair") } else { problem })
}
