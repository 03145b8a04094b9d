//! `plugins repo list`

use client::repository::{Life, life};
use console::{Column, Report, Table};
use jiff::Timestamp;
use registry::Source;
use serde_json::{Value, json};

use crate::command::editions::Watch;
use crate::failure::Problem;
use crate::session::Session;

/// Shows repositories that were added.
pub(super) fn run(session: &Session<'_>, report: &mut Report) -> Result<(), Problem> {
    let settings = session.settings()?;
    let host = session.host(&settings)?;
    let watch = Watch::new(session, &settings, &host)?;
    if watch.sources.is_empty() {
        report.tell("no repository was added; `plugins repo add` does it");
        return Ok(());
    }
    let titles = ["name", "address", "key", "published", "counts until", "read", "state"];
    let mut table = Table::new(titles.map(Column::left));
    for source in &watch.sources {
        let until = source.valid_until.map(|until| until.to_string()).unwrap_or_default();
        table.row([
            source.name.clone(),
            source.url.clone(),
            source.certificate.as_ref().map(|it| short(it.as_str())).unwrap_or_default(),
            source.date.to_string(),
            until,
            source.checked.to_string(),
            state(source, watch.now).to_owned(),
        ]);
    }
    report.table(&table);
    watch.sources.iter().for_each(|source| report.result(&object(source, watch.now)));
    Ok(())
}

/// Returns a repository for machines.
pub(super) fn object(source: &Source, now: Timestamp) -> Value {
    json!({
        "name": source.name, "url": source.url, "certificate": source.certificate,
        "date": source.date, "valid_until": source.valid_until, "checked": source.checked,
        "state": state(source, now),
    })
}

/// Says in one word whether what a repository showed last still counts.
pub(super) fn state(source: &Source, now: Timestamp) -> &'static str {
    match source.valid_until.map(|until| life(source.date, until, now)) {
        None | Some(Life::Fresh) => "fresh",
        Some(Life::Aging) => "aging",
        Some(Life::Over) => "expired",
    }
}

/// Returns a fingerprint's ends.
fn short(fingerprint: &str) -> String {
    format!("{}...{}", &fingerprint[..4], &fingerprint[fingerprint.len() - 4..])
}
