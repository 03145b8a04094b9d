//! Options that say on which host, with which settings and how carefully a command works.

use std::path::PathBuf;

use clap::{Args, ValueHint};

/// Options that every command takes.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Host options")]
pub(crate) struct Options {
    /// Make the change without asking
    #[arg(short, long, global = true, conflicts_with = "assume_no")]
    pub(crate) yes: bool,
    /// Show the change and make it not
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) assume_no: bool,
    /// Show what would be done, write nothing
    #[arg(long, global = true)]
    pub(crate) dry_run: bool,
    /// Seconds to wait for another change to end
    #[arg(long, global = true, hide_short_help = true, value_name = "SECONDS")]
    pub(crate) lock_timeout: Option<u64>,
    /// Folder to take for the host's root
    #[arg(long, global = true, hide_short_help = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) root: Option<PathBuf>,
    /// File of settings to read instead of those in /etc/plugins
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,
    /// Never ask a repository
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) offline: bool,
}
