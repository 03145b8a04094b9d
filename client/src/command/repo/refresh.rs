//! `plugins repo refresh`

use clap::Args;
use client::plan::Known;
use client::{Refusal, repository};
use console::Report;
use console::printable::count;
use registry::Source;
use serde_json::json;

use crate::command::change::require_write_access;
use crate::command::editions::{Shown, Told, Watch};
use crate::failure::Problem;
use crate::session::Session;

/// Which repositories.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins repo refresh
  plugins repo refresh example")]
pub(super) struct Arguments {
    /// What the host calls it [default: all]
    name: Option<String>,
}

/// Reads what repositories show, and remembers it.
pub(super) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let settings = session.settings()?;
    let host = session.host(&settings)?;
    if !session.options.dry_run {
        require_write_access(&host.places().state())?;
    }
    let watch = Watch::new(session, &settings, &host)?;
    let wanted = wanted(arguments.name.as_deref(), &watch)?;
    if wanted.is_empty() {
        report.tell("no repository was added");
        return Ok(());
    }
    let transport = watch.transport()?;
    for before in wanted {
        let (edition, notes) = watch.look(&transport, before)?;
        let address: repository::Address = before.url.parse()?;
        let source = edition.source(&before.name, &address, watch.now);
        let mut shown = Shown { editions: vec![(source, edition)], ..Shown::default() };
        watch.remember(&shown.editions)?;
        let told = if session.options.dry_run { Told::No } else { Told::Yes };
        watch.compare(&mut shown, told)?;
        for note in notes.iter().chain(&shown.notes) {
            report.tell(&format!("note: {note}."));
        }
        let (source, edition) = &shown.editions[0];
        if source.date > before.date {
            report.changed();
        }
        let notices = count(edition.advisories.len(), "notice");
        let (name, date, until) = (&source.name, edition.date, edition.valid_until);
        let text = format!("{name}: published on {date}, counts until {until}, {notices}");
        let newer = source.date > before.date;
        report.answer(&text, &json!({ "repository": source, "newer": newer }));
    }
    Ok(())
}

fn wanted<'a>(name: Option<&str>, watch: &'a Watch<'_>) -> Result<Vec<&'a Source>, Problem> {
    let Some(name) = name else { return Ok(watch.sources.iter().collect()) };
    match watch.source(name) {
        Some(source) => Ok(vec![source]),
        None => Err(unknown(name, watch)),
    }
}

/// Returns that no repository has this name.
pub(super) fn unknown(name: &str, watch: &Watch<'_>) -> Problem {
    let Known { sources, .. } = Known { sources: watch.sources.clone(), ..Known::default() };
    let known = sources.into_iter().map(|source| source.name).collect();
    Refusal::UnknownSource { name: name.to_owned(), known }.into()
}
