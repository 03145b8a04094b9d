//! The historical spelling: action flags, `plugins --install FILE` (`fuel-client 1.2`).
//!
//! Which spelling a line has is decided by its first word that is an action flag or a command; the two
//! together are a usage error of whichever parser gets the line. Flags become a [`Command`], which
//! knows nothing of how it was asked for.

use std::ffi::{OsStr, OsString};

use clap::{Args, Parser};
use console::{Globals, Spelling};

use super::options::Options;
use crate::command::{self, Allow, Command, Contact};

/// The command line in the historical spelling.
#[derive(Debug, Parser)]
#[command(name = "plugins", version, disable_help_subcommand = true)]
pub(super) struct Historical {
    #[command(flatten)]
    pub(super) globals: Globals,
    #[command(flatten)]
    pub(super) options: Options,
    #[command(flatten)]
    pub(super) actions: Actions,
}

/// The actions, of which one at most is taken, and what goes with them.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Actions")]
pub(super) struct Actions {
    /// Show what the registry knows (the default)
    #[arg(short, long, group = "action")]
    list: bool,
    /// Install a package and register it
    #[arg(long, value_name = "PLUGIN_FILE", group = "action")]
    install: Option<OsString>,
    /// Take a plugin off the host and out of the registry
    #[arg(long, value_name = "NAME==VERSION", group = "action")]
    remove: Option<OsString>,
    /// Update a plugin within its release line
    #[arg(long, value_name = "PLUGIN_FILE", group = "action")]
    update: Option<OsString>,
    /// Go back to a lower version within the release line
    #[arg(long, value_name = "PLUGIN_FILE", group = "action")]
    downgrade: Option<OsString>,
    /// Put an installed plugin into the registry
    #[arg(long, value_name = "NAME==VERSION", group = "action")]
    register: Option<OsString>,
    /// Take a plugin out of the registry
    #[arg(long, value_name = "NAME==VERSION", group = "action")]
    unregister: Option<OsString>,
    /// Make the registry agree with the disk
    #[arg(long, group = "action")]
    sync: bool,
    /// Numbers of plugins that --sync looks at, separated by commas or blanks
    #[arg(long, visible_alias = "plugin-id", value_name = "IDS", num_args = 1.., value_delimiter = ',')]
    plugin: Vec<String>,
    /// Install or register again what is registered already
    #[arg(
        short,
        long,
        conflicts_with_all = ["list", "remove", "update", "downgrade", "unregister", "sync"]
    )]
    force: bool,
    #[command(flatten)]
    contact: Contact,
    #[command(flatten)]
    allow: Allow,
}

/// Bare words that stand for action flags behind `fuel plugins`.
pub(super) const VERBS: [&str; 8] =
    ["list", "install", "remove", "update", "downgrade", "register", "unregister", "sync"];

/// Options whose value is a word of its own.
const WITH_VALUE: [&str; 4] = ["--root", "--config", "--lock-timeout", "--color"];

/// Returns how `words`, the program's name first, are spelled; `is_command` knows today's commands.
pub(super) fn spelling(words: &[OsString], is_command: impl Fn(&str) -> bool) -> Spelling {
    let mut words = words.iter().skip(1).map(|word| word.to_string_lossy());
    while let Some(word) = words.next() {
        if is_action(&word) {
            return Spelling::Historical;
        }
        if WITH_VALUE.contains(&&*word) {
            words.next();
        } else if is_command(&word) || word == "help" || is_about_us(&word) || is_word(&word) {
            return Spelling::Subcommand;
        }
    }
    Spelling::Historical
}

/// Whether `word` is an action flag, with or without a value behind `=`.
fn is_action(word: &str) -> bool {
    let name = word.split_once('=').map_or(word, |(name, _)| name);
    name == "-l" || name.strip_prefix("--").is_some_and(|name| VERBS.contains(&name))
}

/// Whether `word` asks for help or the version.
fn is_about_us(word: &str) -> bool {
    matches!(word, "-h" | "--help" | "-V" | "--version")
}

/// Whether `word` is no option: a mistyped command, for today's parser to judge.
fn is_word(word: &str) -> bool {
    !word.starts_with('-')
}

/// Turns a bare verb, as typed behind `fuel plugins`, into its flag.
pub(super) fn flag(verb: &OsStr) -> Option<OsString> {
    let verb = verb.to_str()?;
    VERBS.contains(&verb).then(|| format!("--{verb}").into())
}

impl Actions {
    /// Returns the command that the flags stand for.
    pub(super) fn command(self) -> Command {
        let (force, met) = (self.force, (self.contact, self.allow));
        if let Some(file) = self.install {
            return Command::Install(command::install::Arguments::historical(file, force, met));
        }
        if let Some(plugin) = self.remove {
            return Command::Remove(command::remove::Arguments::one(plugin));
        }
        if let Some(file) = self.update {
            return Command::Update(command::update::Arguments::one(file, met));
        }
        if let Some(file) = self.downgrade {
            return Command::Downgrade(command::downgrade::Arguments::one(file, met));
        }
        if let Some(plugin) = self.register {
            return Command::Register(command::register::Arguments::historical(plugin, force));
        }
        if let Some(plugin) = self.unregister {
            return Command::Unregister(command::unregister::Arguments::one(plugin));
        }
        if self.sync {
            return Command::Sync(command::sync::Arguments::of(self.plugin));
        }
        Command::List(command::list::Arguments::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use crate::program::PLUGINS;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    fn shown(line: &str) -> Result<String, i32> {
        let parsed = PLUGINS.parse::<Historical>(&words(line));
        parsed
            .map(|parsed| format!("{:?}", parsed.actions.command()))
            .map_err(|error| error.exit_code())
    }

    #[test]
    fn the_first_flag_or_command_decides_the_spelling() {
        let program = PLUGINS.declarations::<Cli>();
        let is_command = |word: &str| program.find_subcommand(word).is_some();
        let historical = [
            "plugins",
            "plugins --json",
            "plugins -l",
            "plugins --list",
            "plugins --install x.rpm",
            "plugins --install=x.rpm",
            "plugins --force --install x.rpm",
            "plugins --root list --remove a==1.0.0",
            "plugins --install list",
            "plugins --sync --plugin-id 1 2",
        ];
        for line in historical {
            assert_eq!(spelling(&words(line), is_command), Spelling::Historical, "{line}");
        }
        let today = [
            "plugins list",
            "plugins list --install x.rpm",
            "plugins --root /x list",
            "plugins explain --list",
            "plugins rollback",
            "plugins lisst",
            "plugins --help",
            "plugins -V",
            "plugins help --list",
        ];
        for line in today {
            assert_eq!(spelling(&words(line), is_command), Spelling::Subcommand, "{line}");
        }
    }

    #[test]
    fn flags_become_commands_wherever_they_stand() {
        let same = [
            ("plugins", "plugins --list"),
            ("plugins -l", "plugins --list"),
            ("plugins --install x.rpm", "plugins --install=x.rpm"),
            ("plugins --force --install x.rpm", "plugins --install x.rpm -f"),
            ("plugins --register a==1.0 --force", "plugins -f --register=a==1.0"),
            ("plugins --sync --plugin 1,2", "plugins --plugin-id 1 2 --sync"),
            ("plugins --sync --plugin-id=1,2", "plugins --plugin 1 --plugin 2 --sync"),
        ];
        for (one, other) in same {
            assert_eq!(shown(one).unwrap(), shown(other).unwrap());
        }
        let starts = [
            ("plugins --list", "List("),
            ("plugins --install x", "Install("),
            ("plugins --remove x", "Remove("),
            ("plugins --update x", "Update("),
            ("plugins --downgrade x", "Downgrade("),
            ("plugins --register x", "Register("),
            ("plugins --unregister x", "Unregister("),
            ("plugins --sync", "Sync("),
        ];
        for (line, start) in starts {
            assert!(shown(line).unwrap().starts_with(start), "{line}");
        }
    }

    #[test]
    fn two_actions_or_a_command_beside_one_are_wrong_usage() {
        let bad = [
            "plugins --list --sync",
            "plugins --install a --remove b==1",
            "plugins --install a --install b",
            "plugins --install",
            "plugins --install a list",
            "plugins --update a --unknown",
        ];
        for line in bad {
            assert_eq!(shown(line), Err(2), "{line}");
        }
    }
}
