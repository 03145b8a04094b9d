//! `plugins repo`: repositories that the host takes plugins, fixes and notices about security from.

mod add;
mod list;
mod refresh;
mod remove;
mod show;

use clap::{Args, Subcommand};
use client::{Host, HostState, Plan};
use console::Report;
use registry::history::Entry;

use crate::failure::Problem;
use crate::session::Session;

/// What to do with repositories.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins repo add https://plugins.example.org --for 'ldap*'
  plugins repo list
  plugins repo refresh
  plugins repo remove example")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make a repository known to the host and its package manager, pinned to one key
    ///
    /// The repository is what `fpb repo publish` made, where it is served. dnf or apt is set up to check
    /// it by its key, and the key vouches for plugins from then on: for those that --for names. The key is
    /// the one in --key, or the one that the repository offers; either way its fingerprint is shown and
    /// asked about, and where nobody can be asked it has to be given.
    Add(add::Arguments),
    /// Show repositories that were added
    #[command(after_help = "\
Examples:
  plugins repo list --json")]
    List,
    /// Show all that is known of a repository
    Show(show::Arguments),
    /// Read what repositories show now, and remember it
    Refresh(refresh::Arguments),
    /// Forget a repository, with its key
    Remove(remove::Arguments),
}

/// Does it.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    match &arguments.verb {
        Verb::Add(arguments) => add::run(arguments, session, report),
        Verb::List => list::run(session, report),
        Verb::Show(arguments) => show::run(arguments, session, report),
        Verb::Refresh(arguments) => refresh::run(arguments, session, report),
        Verb::Remove(arguments) => remove::run(arguments, session, report),
    }
}

/// Decides how to undo that a repository was added; `None` where a transaction did no such thing.
pub(super) fn undone(
    session: &Session<'_>,
    host: &Host,
    state: &HostState,
    entry: &Entry,
) -> Result<Option<Plan>, Problem> {
    remove::undone(session, host, state, entry)
}
