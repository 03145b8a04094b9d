//! `plugins trust`

mod add;
mod list;
mod remove;
mod show;

use clap::{Args, Subcommand};
use client::trust::{Home, Trust};
use console::Report;
use packaging::signature::Fingerprint;

use crate::failure::{Problem, general};
use crate::session::Session;

/// Whose packages the host takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins trust add acme.asc --for 'acme_*'
  plugins trust list
  plugins trust remove 9F3A6C1B0D2E4F5A6B7C8D9E0F1A2B3C4D5E71C2")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Trust a certificate for some plugins
    ///
    /// The whole fingerprint is shown and has to be agreed to, at a terminal or with
    /// --accept-fingerprint; --yes does not agree to it.
    Add(add::Arguments),
    /// Show the certificates that are trusted, and for what
    #[command(after_help = "\
Examples:
  plugins trust list --json")]
    List,
    /// Show all that is known of a certificate, and which plugins came from it
    Show(show::Arguments),
    /// Trust a certificate no more
    ///
    /// Plugins that came from it stay, and are listed.
    Remove(remove::Arguments),
}

/// Shows and changes whose packages the host takes.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    match &arguments.action {
        Action::Add(arguments) => add::run(arguments, session, report),
        Action::List => list::run(session, report),
        Action::Show(arguments) => show::run(arguments, session, report),
        Action::Remove(arguments) => remove::run(arguments, session, report),
    }
}

/// Returns the certificates that a word names: a whole fingerprint, or a file of keys by its name.
fn named(trust: &Trust, word: &str) -> Result<Vec<Fingerprint>, Problem> {
    let found: Vec<Fingerprint> = match word.parse::<Fingerprint>() {
        Ok(wanted) => trust
            .keys()
            .certificates()
            .map(|it| it.fingerprint)
            .filter(|it| *it == wanted)
            .collect(),
        Err(_) => {
            let is_meant = |home: &Home| match home {
                Home::Plugin(name) => name.as_str() == word,
                Home::Named(name) => name == word,
            };
            let files = trust.files().iter().filter(|file| is_meant(&file.home));
            files.flat_map(|file| file.keys.certificates()).map(|it| it.fingerprint).collect()
        }
    };
    if found.is_empty() {
        let message = format!("no trusted certificate is `{}`", word.escape_debug());
        return Err(Problem::new(general::NOT_FOUND, message).help("plugins trust list"));
    }
    Ok(found)
}
