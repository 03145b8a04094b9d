//! The commands, one file per verb: arguments, then gather, call the library, report.

mod allow;
mod change;
mod check_updates;
mod compat;
mod completions;
mod config;
mod doctor;
pub(crate) mod downgrade;
mod editions;
mod explain;
mod files;
mod history;
mod hold;
mod info;
pub(crate) mod install;
mod link;
pub(crate) mod list;
mod man;
mod offers;
pub(crate) mod register;
pub(crate) mod remove;
mod repo;
mod search;
pub(crate) mod sync;
mod trust;
mod undo;
mod unhold;
mod unlink;
pub(crate) mod unregister;
pub(crate) mod update;
mod verify;

use clap::Subcommand;
use console::Report;

use crate::failure::Problem;
use crate::session::Session;

pub(crate) use allow::{Allow, Contact};
pub(crate) use offers::Reach;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show registered plugins
    List(list::Arguments),
    /// Show all that is known of a plugin
    Info(info::Arguments),
    /// Find plugins by words, registered ones and those of repositories
    Search(search::Arguments),
    /// Show which files plugins and packages have
    Files(files::Arguments),
    /// Install plugins and register them
    ///
    /// A package file is copied, judged, and handed to the package manager with repositories switched off;
    /// a legacy package is unpacked into the folder of its version. A name is looked up in the package
    /// manager's repositories. What is there in the same version already stays as it is.
    Install(install::Arguments),
    /// Update plugins within their release lines
    ///
    /// With package files, those are taken; with names, or without any, the highest versions in the
    /// package manager's repositories. An entry of the registry keeps its number.
    Update(update::Arguments),
    /// Show newer versions that repositories have; status 100 if there are any
    CheckUpdates(check_updates::Arguments),
    /// Go back to lower versions within the release lines
    ///
    /// From a package file, from the packages that were kept, or from a repository.
    Downgrade(downgrade::Arguments),
    /// Take plugins off the host and out of the registry
    Remove(remove::Arguments),
    /// Put installed plugins into the registry
    Register(register::Arguments),
    /// Take plugins out of the registry; their files stay
    Unregister(unregister::Arguments),
    /// Make the registry agree with what is on the disk
    ///
    /// Adds what is there, updates what changed, marks what is gone. Entries whose files are gone leave the
    /// registry with --prune only.
    Sync(sync::Arguments),
    /// Repositories that plugins, fixes and notices about security come from
    Repo(repo::Arguments),
    /// Keep plugins from updates
    Hold(hold::Arguments),
    /// Let plugins have updates again
    Unhold(unhold::Arguments),
    /// Give the folders of old legacy versions the content of a newer one
    ///
    /// Each old folder is moved aside and becomes a link; `plugins unlink` brings it back.
    Link(link::Arguments),
    /// Give linked versions their own content back
    Unlink(unlink::Arguments),
    /// Reverse a transaction
    #[command(visible_alias = "rollback")]
    Undo(undo::Arguments),
    /// Show what changed, when and by whom
    History(history::Arguments),
    /// Compare plugins with what was installed
    Verify(verify::Arguments),
    /// Show and change whose packages the host takes
    Trust(trust::Arguments),
    /// Find what is wrong with the host and mend it
    Doctor(doctor::Arguments),
    /// Show which plugins fit a product version or an environment
    Compat(compat::Arguments),
    /// Show settings and where they come from
    Config(config::Arguments),
    /// Explain the codes of failures
    Explain(explain::Arguments),
    /// Print a completion script for a shell
    Completions(completions::Arguments),
    /// Print the man page, or write one per command
    Man(man::Arguments),
}

impl Command {
    /// Returns the verb.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::List(_) => "list",
            Self::Info(_) => "info",
            Self::Search(_) => "search",
            Self::Files(_) => "files",
            Self::Install(_) => "install",
            Self::Update(_) => "update",
            Self::CheckUpdates(_) => "check-updates",
            Self::Downgrade(_) => "downgrade",
            Self::Remove(_) => "remove",
            Self::Register(_) => "register",
            Self::Unregister(_) => "unregister",
            Self::Sync(_) => "sync",
            Self::Repo(_) => "repo",
            Self::Hold(_) => "hold",
            Self::Unhold(_) => "unhold",
            Self::Link(_) => "link",
            Self::Unlink(_) => "unlink",
            Self::Undo(_) => "undo",
            Self::History(_) => "history",
            Self::Verify(_) => "verify",
            Self::Trust(_) => "trust",
            Self::Doctor(_) => "doctor",
            Self::Compat(_) => "compat",
            Self::Config(_) => "config",
            Self::Explain(_) => "explain",
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
        }
    }

    /// Does it.
    pub(crate) fn run(self, session: &Session<'_>, report: &mut Report) -> Result<(), Problem> {
        match self {
            Self::List(arguments) => list::run(&arguments, session, report),
            Self::Info(arguments) => info::run(&arguments, session, report),
            Self::Search(arguments) => search::run(&arguments, session, report),
            Self::Files(arguments) => files::run(&arguments, session, report),
            Self::Install(arguments) => install::run(&arguments, session, report),
            Self::Update(arguments) => update::run(&arguments, session, report),
            Self::CheckUpdates(arguments) => check_updates::run(&arguments, session, report),
            Self::Downgrade(arguments) => downgrade::run(&arguments, session, report),
            Self::Remove(arguments) => remove::run(&arguments, session, report),
            Self::Register(arguments) => register::run(&arguments, session, report),
            Self::Unregister(arguments) => unregister::run(&arguments, session, report),
            Self::Sync(arguments) => sync::run(&arguments, session, report),
            Self::Repo(arguments) => repo::run(&arguments, session, report),
            Self::Hold(arguments) => hold::run(&arguments, session, report),
            Self::Unhold(arguments) => unhold::run(&arguments, session, report),
            Self::Link(arguments) => link::run(&arguments, session, report),
            Self::Unlink(arguments) => unlink::run(&arguments, session, report),
            Self::Undo(arguments) => undo::run(&arguments, session, report),
            Self::History(arguments) => history::run(&arguments, session, report),
            Self::Verify(arguments) => verify::run(&arguments, session, report),
            Self::Trust(arguments) => trust::run(&arguments, session, report),
            Self::Doctor(arguments) => doctor::run(&arguments, session, report),
            Self::Compat(arguments) => compat::run(&arguments, session, report),
            Self::Config(arguments) => config::run(&arguments, session, report),
            Self::Explain(arguments) => explain::run(&arguments, report),
            Self::Completions(arguments) => completions::run(&arguments, report),
            Self::Man(arguments) => man::run(&arguments, report),
        }
    }
}
