//! The command line: words in, exit status out.
//!
//! Three names, four spellings, one set of commands: today's `plugins install FILE`, the historical
//! `plugins --install FILE` and `fuel plugins install FILE`, and `fuel2 plugins install FILE`.

mod fuel;
mod fuel2;
mod historical;
mod options;
mod version;

use std::ffi::OsString;
use std::path::Path;

use clap::Parser;
use clap::error::ErrorKind;
use console::{Form, Globals, Manner, Program, Report, Spelling, Statuses, carry_out};

use crate::command::Command;
use crate::environment::Environment;
use crate::failure::Problem;
use crate::program::{FUEL, FUEL2, PLUGINS};
use crate::session::{Classic, Session};

pub(crate) use options::Options;

/// Installs, updates and removes a product's plugins.
#[derive(Debug, Parser)]
#[command(
    name = "plugins",
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  plugins list                            show what is registered
  plugins install demo-1.0-1.0.2-1.noarch.rpm
  plugins update --dry-run                show what would be updated
  plugins undo                            reverse the last change

Historical spelling:
  plugins [--list]
  plugins --install FILE [--force]
  plugins --update FILE | --downgrade FILE
  plugins --remove NAME==VERSION
  plugins --register NAME==VERSION [--force] | --unregister NAME==VERSION
  plugins --sync [--plugin IDS]"
)]
pub(crate) struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Command,
}

/// A command line that has been understood.
struct Understood {
    globals: Globals,
    options: Options,
    command: Command,
    /// Whether flags were given that stand for what is not here.
    ignored: bool,
}

/// Carries out the command line `words`, the program's name first; returns the exit status.
pub(crate) fn run(mut words: Vec<OsString>, environment: &Environment) -> u8 {
    let program = called(words.first());
    words.splice(..words.len().min(1), [program.name.into()]);
    let spelling = if program.name == PLUGINS.name {
        historical::spelling(&words)
    } else {
        Spelling::Historical
    };
    match understand(program, spelling, &words) {
        Ok(understood) => carry(program, spelling, &words, understood, environment),
        Err(message) => {
            let mut early = Manner::early(program, &words, environment.terminal);
            if spelling == Spelling::Historical {
                early = Manner { spelling, form: Form::Text, ..early };
            }
            // To `fuel`, -v is the version itself.
            let is_version = message.kind() == ErrorKind::DisplayVersion;
            if is_version && program.name == PLUGINS.name && version::is_wanted_whole(&words) {
                return carry_out(early, |report| version::tell(program, environment, report));
            }
            Report::new(early).parsed(&message)
        }
    }
}

fn understand(
    program: &Program,
    spelling: Spelling,
    words: &[OsString],
) -> Result<Understood, clap::Error> {
    if program.name == FUEL.name {
        let line: fuel::Fuel = program.parse(&fuel::with_flag(words.to_vec()))?;
        let fuel::Namespace::Plugins(actions) = line.namespace;
        let ignored = line.credentials.are_given();
        let (globals, options) = (line.globals, line.options);
        return Ok(Understood { globals, options, command: actions.command(), ignored });
    }
    let (globals, options, command) = if program.name == FUEL2.name {
        let line: fuel2::Fuel2 = program.parse(words)?;
        let fuel2::Namespace::Plugins(verb) = line.namespace;
        (line.globals, line.options, verb.command())
    } else if spelling == Spelling::Historical {
        let line: historical::Historical = program.parse(words)?;
        (line.globals, line.options, line.actions.command())
    } else {
        let line: Cli = program.parse(words)?;
        (line.globals, line.options, line.command)
    };
    Ok(Understood { globals, options, command, ignored: false })
}

fn carry(
    program: &'static Program,
    spelling: Spelling,
    words: &[OsString],
    understood: Understood,
    environment: &Environment,
) -> u8 {
    let Understood { globals, options, command, ignored } = understood;
    let mut manner = globals.manner(program, command.name(), spelling, environment.terminal);
    let classic = match (spelling, manner.form) {
        (Spelling::Historical, Form::Json) => Classic::Json,
        (Spelling::Historical, Form::Yaml) => Classic::Yaml,
        _ => Classic::Text,
    };
    if spelling == Spelling::Historical {
        if classic != Classic::Text {
            manner.form = Form::Text;
        }
        if environment.detailed {
            manner.statuses = Statuses::Detailed;
        }
    }
    let session = Session::new(options, classic, words, environment);
    carry_out(manner, |report| {
        if ignored {
            report.tell("note: the --os-* options are ignored: the registry is on this host.");
        }
        command.run(&session, report).map_err(|Problem(failure)| failure)
    })
}

/// Returns the program that was called, by the name it was called under.
fn called(name: Option<&OsString>) -> &'static Program {
    let file_name = name.and_then(|name| Path::new(name).file_name());
    match file_name.and_then(|name| name.to_str()) {
        Some("fuel") => &FUEL,
        Some("fuel2") => &FUEL2,
        _ => &PLUGINS,
    }
}

#[cfg(test)]
mod tests;
