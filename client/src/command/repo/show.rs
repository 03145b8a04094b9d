//! `plugins repo show`

use clap::Args;
use client::repository;
use console::{Report, printable};
use packaging::signature::Fingerprint;
use serde_json::json;

use super::list::{object, state};
use super::refresh::unknown;
use crate::command::editions::Watch;
use crate::failure::{Problem, general};
use crate::session::Session;

/// Which repository.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins repo show example")]
pub(super) struct Arguments {
    /// What the host calls it
    name: String,
}

/// Shows all that is known of a repository.
pub(super) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let settings = session.settings()?;
    let host = session.host(&settings)?;
    let watch = Watch::new(session, &settings, &host)?;
    let name = &arguments.name;
    let source = watch.source(name).ok_or_else(|| unknown(name, &watch))?;
    let key = source.certificate.as_ref().map(ToString::to_string).unwrap_or_default();
    let scope = key.parse().map(|key: Fingerprint| watch.trust.scope_of(&key)).unwrap_or_default();
    let files = repository::files_of(host.places(), name)
        .map_err(|error| Problem::from_error(general::FAILED, &error))?;
    let files: Vec<String> = files.into_keys().map(|path| format!("/{path}")).collect();
    let rows = [
        ("name", source.name.clone()),
        ("address", source.url.clone()),
        ("key", key),
        ("trusted for", scope.to_string()),
        ("published", source.date.to_string()),
        ("counts until", source.valid_until.map(|it| it.to_string()).unwrap_or_default()),
        ("read", source.checked.to_string()),
        ("state", state(source, watch.now).to_owned()),
        ("files", files.join(" ")),
    ];
    let row = |(title, value): &(&str, String)| format!("{title:<12} {}\n", printable::line(value));
    let text: String = rows.iter().map(row).collect();
    let object =
        json!({ "repository": object(source, watch.now), "scope": scope.plugins, "files": files });
    report.answer(text.trim_end(), &object);
    Ok(())
}
