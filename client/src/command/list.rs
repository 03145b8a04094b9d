//! `plugins list`

use clap::{ArgGroup, Args, ValueEnum};
use client::Depth;
use client::listing::{self, Book, Filter, Row, Rows};
use console::printable::count;
use console::{Column, Report, Spelling, Table};
use plugin::PluginName;
use registry::RecordId;

use super::check_updates::{self, Wanted};
use super::editions::Watch;
use crate::failure::Problem;
use crate::screen::{classic, key};
use crate::session::{Classic, Session};

/// What to show.
#[derive(Debug, Default, Args)]
#[command(after_help = "\
Examples:
  plugins list
  plugins list --held
  plugins list --updates
  plugins list --available demo
  plugins list --json | jq -r '.results[].name'")]
#[command(group = ArgGroup::new("other").args(["available", "updates"]))]
pub(crate) struct Arguments {
    /// Only these plugins
    #[arg(value_name = "NAME")]
    names: Vec<PluginName>,
    /// Show what repositories have instead
    #[arg(long, conflicts_with_all = ["held", "drift", "ids"])]
    available: bool,
    /// Show newer versions that repositories have
    #[arg(long, conflicts_with_all = ["held", "drift", "ids"])]
    updates: bool,
    /// Only plugins that are kept from updates
    #[arg(long)]
    held: bool,
    /// Only plugins that are not as they are registered
    #[arg(long)]
    drift: bool,
    /// Only these numbers, separated by commas
    #[arg(long = "plugin", value_name = "IDS", value_delimiter = ',', value_parser = id)]
    ids: Vec<RecordId>,
    #[arg(skip)]
    drawing: Option<Drawing>,
}

/// How `fuel2` shows the list.
#[derive(Clone, Debug)]
pub(crate) struct Drawing {
    /// What it looks like.
    pub(crate) form: Form,
    /// Which columns; all where none is named.
    pub(crate) columns: Vec<String>,
    /// By which columns it is sorted.
    pub(crate) sort: Vec<String>,
}

/// What a list of `fuel2` looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    Table,
    Json,
    Yaml,
    Csv,
    Value,
}

impl Arguments {
    /// Returns the list as `fuel2` shows it.
    pub(crate) fn drawn(drawing: Drawing) -> Self {
        Self { drawing: Some(drawing), ..Self::default() }
    }
}

/// Reads a plugin's number.
pub(super) fn id(text: &str) -> Result<RecordId, std::num::ParseIntError> {
    text.trim().parse().map(RecordId)
}

/// Shows registered plugins.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    if report.spelling() == Spelling::Historical {
        return historical(arguments, session, report);
    }
    if arguments.available {
        return check_updates::available(&arguments.names, session, report);
    }
    if arguments.updates {
        let wanted = Wanted { names: &arguments.names, security: false };
        return check_updates::updates(&wanted, session, report).map(drop);
    }
    let settings = session.settings()?;
    let reader = session.reader(&session.places(&settings)?)?;
    let (links, holds) = (reader.links()?, reader.holds()?);
    let format = session.format(&settings);
    let book = Book { records: &[], links: &links, holds: &holds, format };
    let drift = if arguments.drift {
        listing::drift::drift(&session.observe(
            &settings,
            &session.host(&settings)?,
            &reader,
            Depth::Packages,
        )?)
    } else {
        Vec::new()
    };
    let filter = Filter {
        names: arguments.names.iter().cloned().collect(),
        ids: arguments.ids.iter().copied().collect(),
        held: arguments.held,
        drifted: arguments.drift,
    };
    let rows = Rows::new(&book, &drift, &filter);
    let rows = reader.from_records(|record| rows.of(&record))?;
    if rows.is_empty() {
        report.tell(nothing(reader.records()?.is_empty()));
        return Ok(());
    }
    report.table(&table(&rows));
    rows.iter().for_each(|row| report.result(row));
    if !reader.sources()?.is_empty() {
        // Only now are all of them wanted at once.
        let records = reader.records()?;
        known_fixes(&Book { records: &records, ..book }, session, report)?;
    }
    Ok(())
}

/// Says how many plugins have a fix, as far as repositories were read, and when that was.
fn known_fixes(book: &Book<'_>, session: &Session<'_>, report: &mut Report) -> Result<(), Problem> {
    let settings = session.settings()?;
    let host = session.host(&settings)?;
    let watch = Watch::new(session, &settings, &host)?;
    let fixes = listing::with_fixes(book, Vec::new(), &watch.notices()?);
    let open = fixes.iter().filter(|update| !update.held).count();
    let oldest = watch.sources.iter().map(|source| source.checked).min();
    let since = oldest.map(|time| format!("repositories last read on {time}")).unwrap_or_default();
    if open > 0 {
        let noun = count(open, "security update");
        report.tell(&format!("{noun} - plugins update --security ({since})"));
    } else {
        report.tell(&format!("no known security update ({since})"));
    }
    Ok(())
}

/// Says why there is no list.
fn nothing(registry_is_empty: bool) -> &'static str {
    if registry_is_empty { "no plugin is registered" } else { "no registered plugin is like that" }
}

fn table(rows: &[Row]) -> Table {
    let titles = ["name", "line", "version", "format", "state", "source", "signed", "releases"];
    let columns = std::iter::once(Column::right("id")).chain(titles.map(Column::left));
    let mut table = Table::new(columns);
    for row in rows {
        table.row([
            row.id.to_string(),
            row.name.to_string(),
            row.line.to_string(),
            row.version.to_string(),
            row.format.clone(),
            row.state(),
            row.source.to_string(),
            key::short(&row.signed),
            row.releases.clone(),
        ]);
    }
    table
}

/// Prints the list as the original clients did.
fn historical(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let settings = session.settings()?;
    let records = session.reader(&session.places(&settings)?)?.records()?;
    let rows: Vec<_> = records.iter().map(classic::Row::of).collect();
    let text = match (&arguments.drawing, session.classic) {
        (_, Classic::Json) => classic::json(&classic::rows(&records), 4),
        (_, Classic::Yaml) => classic::yaml(&classic::rows(&records)),
        (Some(drawing), Classic::Text) => classic::drawn(rows, drawing),
        (None, Classic::Text) => classic::plain(&rows),
    };
    report.document(&text);
    Ok(())
}
