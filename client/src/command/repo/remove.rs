//! `plugins repo remove`

use clap::Args;
use client::engine::End;
use client::plan::{Known, disconnect};
use client::{Depth, Host, HostState, Plan};
use console::{Answer, Report};
use registry::history::{Entry, Event};
use serde_json::json;

use super::add::known;
use crate::command::change::{Aim, Task, change};
use crate::command::editions::Watch;
use crate::failure::{Problem, refusal};
use crate::session::Session;

/// Which repository.
#[derive(Debug, Args)]
#[command(after_help = "\
Plugins that came from it stay. Its key vouches for nothing any more, unless it is trusted otherwise too.

Examples:
  plugins repo remove example")]
pub(super) struct Arguments {
    /// What the host calls it
    name: String,
}

/// Forgets a repository.
pub(super) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let settings = session.settings()?;
    let host = session.host(&settings)?;
    let watch = Watch::new(session, &settings, &host)?;
    let name = &arguments.name;
    let task = Task::new(Depth::Registry, Answer::No, Aim::Registry);
    let outcome = change(session, report, &task, &mut |desk| {
        Ok(forget(&watch, desk.host, desk.state, name)?.into())
    })?;
    if let End::Applied(_) = outcome.end {
        report.answer(&format!("removed repository `{name}`"), &json!({ "repository": name }));
    }
    Ok(())
}

/// Decides how to forget a repository.
fn forget(watch: &Watch<'_>, host: &Host, state: &HostState, name: &str) -> Result<Plan, Problem> {
    let certificate = watch.source(name).and_then(|source| source.certificate.as_ref());
    let known = match certificate {
        Some(certificate) => known(host, watch, name, certificate.as_str())?,
        None => Known { sources: watch.sources.clone(), ..Known::default() },
    };
    Ok(disconnect(state, &known, name)?)
}

/// Decides how to undo that a repository was added. Its key is not kept, so that one which was removed is
/// added anew, by somebody who knows the key.
pub(super) fn undone(
    session: &Session<'_>,
    host: &Host,
    state: &HostState,
    entry: &Entry,
) -> Result<Option<Plan>, Problem> {
    let source = entry.events.iter().find_map(|event| match event {
        Event::Source { before, after } => Some((before.as_ref(), after.as_ref())),
        _ => None,
    });
    match source {
        None => Ok(None),
        Some((None, Some(added))) => {
            let settings = session.settings()?;
            let watch = Watch::new(session, &settings, host)?;
            let mut plan = forget(&watch, host, state, &added.name)?;
            plan.entry.reverses = Some(entry.transaction);
            Ok(Some(plan))
        }
        Some((before, _)) => {
            let message = "what a repository was before cannot be brought back";
            let problem = Problem::new(refusal::REPAIR, message);
            Err(match before {
                Some(before) => problem.help(format!("plugins repo add {}", before.url)),
                None => problem,
            })
        }
    }
}
