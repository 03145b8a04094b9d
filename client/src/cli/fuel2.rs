//! The program under the name of the original's newer client: `fuel2 plugins VERB`.

use std::ffi::OsString;

use clap::{Parser, Subcommand};
use console::Globals;

use super::options::Options;
use crate::command::list::{Drawing, Form};
use crate::command::{self, Allow, Command, Contact};
use crate::screen::classic::COLUMNS;

/// The command line of the newer client.
#[derive(Debug, Parser)]
#[command(name = "fuel2", version, disable_help_subcommand = true)]
pub(super) struct Fuel2 {
    #[command(flatten)]
    pub(super) globals: Globals,
    #[command(flatten)]
    pub(super) options: Options,
    #[command(subcommand)]
    pub(super) namespace: Namespace,
}

/// The part of the newer client that is here.
#[derive(Debug, Subcommand)]
pub(super) enum Namespace {
    /// List, install and remove plugins
    #[command(subcommand)]
    Plugins(Verb),
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Show what the registry knows
    List {
        /// What the answer looks like
        #[arg(short, long, default_value = "table")]
        format: Form,
        /// Show these columns only
        #[arg(short, long = "column", value_name = "COLUMN", value_parser = COLUMNS)]
        columns: Vec<String>,
        /// Sort by these columns
        #[arg(
            short,
            long,
            value_name = "COLUMN",
            num_args = 1..,
            default_value = "id",
            value_parser = COLUMNS
        )]
        sort_columns: Vec<String>,
    },
    /// Make the registry agree with the disk
    Sync {
        /// Numbers of plugins to look at; all if there are none
        #[arg(value_name = "ID")]
        ids: Vec<String>,
    },
    /// Install a package and register it
    Install {
        /// The package
        file: OsString,
        /// Install again what is installed already
        #[arg(short, long)]
        force: bool,
        #[command(flatten)]
        contact: Contact,
        #[command(flatten)]
        allow: Allow,
    },
    /// Take a plugin off the host and out of the registry
    Remove {
        /// The plugin's name
        name: String,
        /// Its version
        version: String,
    },
}

impl Verb {
    /// Returns the command that the words stand for.
    pub(super) fn command(self) -> Command {
        match self {
            Self::List { format, columns, sort_columns } => {
                let drawing = Drawing { form: format, columns, sort: sort_columns };
                Command::List(command::list::Arguments::drawn(drawing))
            }
            Self::Sync { ids } => Command::Sync(command::sync::Arguments::of(ids)),
            Self::Install { file, force, contact, allow } => {
                let met = (contact, allow);
                Command::Install(command::install::Arguments::historical(file, force, met))
            }
            Self::Remove { name, version } => {
                let plugin = format!("{name}=={version}");
                Command::Remove(command::remove::Arguments::one(plugin.into()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::FUEL2;

    fn shown(line: &str) -> Result<String, i32> {
        let words: Vec<_> = line.split(' ').map(OsString::from).collect();
        let parsed = FUEL2.parse::<Fuel2>(&words).map_err(|error| error.exit_code())?;
        let Namespace::Plugins(verb) = parsed.namespace;
        Ok(format!("{:?}", verb.command()))
    }

    #[test]
    fn the_declarations_agree_with_each_other() {
        FUEL2.declarations::<Fuel2>().debug_assert();
    }

    #[test]
    fn words_become_commands() {
        let starts = [
            ("fuel2 plugins list", "List("),
            ("fuel2 plugins list -f json -c id -c name -s name id", "List("),
            ("fuel2 plugins sync", "Sync("),
            ("fuel2 plugins sync 1 2", "Sync("),
            ("fuel2 plugins install x.fp -f", "Install("),
            ("fuel2 plugins remove demo 1.0.0", "Remove("),
        ];
        for (line, start) in starts {
            assert!(shown(line).unwrap().starts_with(start), "{line}");
        }
        for line in
            ["fuel2", "fuel2 plugins", "fuel2 plugins remove a==1", "fuel2 plugins list -c x"]
        {
            assert_eq!(shown(line), Err(2), "{line}");
        }
    }
}
