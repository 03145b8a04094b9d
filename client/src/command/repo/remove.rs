//! `plugins repo remove`

use clap::Args;
use client::Depth;
use client::engine::End;
use client::plan::{Known, disconnect};
use console::{Answer, Report};
use serde_json::json;

use super::add::known;
use crate::command::change::{Aim, Task, change};
use crate::command::editions::Watch;
use crate::failure::Problem;
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
    let certificate = watch.source(name).and_then(|source| source.certificate.clone());
    let task = Task::new(Depth::Registry, Answer::No, Aim::Registry);
    let outcome = change(session, report, &task, &mut |desk| {
        let known = match &certificate {
            Some(certificate) => known(desk.host, &watch, name, certificate.as_str())?,
            None => Known { sources: watch.sources.clone(), ..Known::default() },
        };
        Ok(disconnect(desk.state, &known, name)?.into())
    })?;
    if let End::Applied(_) = outcome.end {
        report.answer(&format!("removed repository `{name}`"), &json!({ "repository": name }));
    }
    Ok(())
}
