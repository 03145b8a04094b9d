//! `plugins info`

use std::ffi::OsString;

use clap::Args;
use client::kept;
use client::listing::{self, Beside, Book};
use console::Report;
use registry::history::Filter;

use super::editions::known;
use crate::failure::{Problem, general};
use crate::screen;
use crate::session::Session;

/// What to show.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins info demo
  plugins info demo==1.0.2 --json")]
pub(crate) struct Arguments {
    /// Registered plugins: NAME, NAME-LINE, NAME==VERSION
    #[arg(value_name = "SPEC", required = true)]
    specs: Vec<OsString>,
}

/// How many entries of the history are shown.
const SHOWN: usize = 5;

/// Shows all that is known of plugins.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let targets = session.targets(&arguments.specs, report)?;
    let settings = session.settings()?;
    let places = session.places(&settings)?;
    let reader = session.reader(&places)?;
    let (records, links, holds) = (reader.records()?, reader.links()?, reader.holds()?);
    let format = session.format(&settings);
    let book = Book { records: &records, links: &links, holds: &holds, format };
    let packages =
        kept::list(&places).map_err(|error| Problem::from_error(general::FAILED, &error))?;
    let notices = known(session)?;
    for id in session.records(&records, &targets)? {
        let Some(record) = reader.record(id)? else { continue };
        let name = Some(record.plugin.id.name.clone());
        let history =
            reader.history(&Filter { plugin: name, limit: Some(SHOWN), ..Filter::default() })?;
        let kept = reader.kept(id)?.unwrap_or_default();
        let beside = Beside {
            plugins: places.plugins(),
            kept: &kept,
            packages: &packages,
            history: &history,
            notices: &notices,
        };
        if let Some(info) = listing::info(&book, id, &beside) {
            report.answer(&screen::info::text(&info), &info);
        }
    }
    Ok(())
}
