//! The command line: words in, exit status out.

mod historical;

use std::ffi::OsString;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use clap::builder::FalseyValueParser;
use clap::{ArgAction, Args, ColorChoice, Parser};

pub(crate) use historical::Spelling;

use crate::command::Command;
use crate::environment::Environment;
use crate::failure::{Failure, Kind};
use crate::report::{Charset, Form, Manner, Report, Verbosity};

/// Name under which the original builder was installed.
const HISTORICAL_NAME: &str = "fuel-plugin-builder";

/// Creates, checks and builds plugins.
#[derive(Debug, Parser)]
#[command(
    name = "fpb",
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  fpb create my_plugin        make a plugin skeleton
  fpb check my_plugin         report all that is wrong with it
  fpb build my_plugin         make its package

Historical spelling:
  fpb --create NAME [--package-version VERSION]
  fpb --check DIR
  fpb --build DIR [--debug]"
)]
pub(crate) struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

/// Options that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
struct Globals {
    /// Print the answer as one JSON object
    #[arg(long, global = true, hide_short_help = true)]
    json: bool,
    /// Print each event as a JSON object, the answer last
    #[arg(long, global = true, hide_short_help = true, conflicts_with = "json")]
    json_lines: bool,
    /// Print the answer as YAML
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        conflicts_with_all = ["json", "json_lines"]
    )]
    yaml: bool,
    /// Print answers, findings and failures only
    #[arg(short, long, global = true, hide_short_help = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Tell more; twice: show programs that are run and what they say
    #[arg(short, long, global = true, hide_short_help = true, action = ArgAction::Count)]
    verbose: u8,
    /// Same as -vv
    #[arg(long, global = true, hide_short_help = true, conflicts_with = "quiet")]
    debug: bool,
    /// When to use color
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "WHEN",
        default_value = "auto",
        env = "FPB_COLOR",
        hide_env_values = true
    )]
    color: ColorChoice,
    /// Draw no progress bars
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "FPB_NO_PROGRESS",
        hide_env_values = true,
        value_parser = FalseyValueParser::new()
    )]
    no_progress: bool,
}

/// Carries out the command line `words`, the program's name first; returns the exit status.
pub(crate) fn run(mut words: Vec<OsString>, environment: &Environment) -> u8 {
    let name = program_name(words.first());
    words.splice(..words.len().min(1), [name.into()]);
    let early = early_manner(&words, environment);
    let line = match historical::modernize(&words) {
        Ok(line) => line,
        Err(error) => {
            let failure = Failure::from_error(Kind::Usage, &error).help("see `fpb --help`");
            return Report::new(early).finish(Err(failure));
        }
    };
    match Cli::try_parse_from(&line.words) {
        Ok(cli) => {
            let manner = cli.manner(line.spelling, environment);
            carry_out(cli.command, manner, environment)
        }
        Err(message) => Report::new(early).parsed(&message),
    }
}

/// Runs `command`; a fault of ours is reported like any failure, without a trace.
fn carry_out(command: Command, manner: Manner, environment: &Environment) -> u8 {
    let debug = manner.verbosity == Verbosity::Debug;
    std::panic::set_hook(Box::new(move |panic| {
        if debug {
            let _ = writeln!(std::io::stderr(), "{panic}");
        }
    }));
    let mut report = Report::new(manner);
    let outcome =
        catch_unwind(AssertUnwindSafe(|| command.run(manner.spelling, &mut report, environment)))
            .unwrap_or_else(|_| {
                Err(Failure::new(Kind::Internal, "this should not have happened")
                    .help("please report it, with what the same command prints under `-vv`"))
            });
    report.finish(outcome)
}

impl Cli {
    fn manner(&self, spelling: Spelling, environment: &Environment) -> Manner {
        let globals = &self.globals;
        Manner {
            command: self.command.name(),
            spelling,
            form: match (globals.json, globals.json_lines, globals.yaml) {
                (true, ..) => Form::Json,
                (_, true, _) => Form::JsonLines,
                (.., true) => Form::Yaml,
                _ => Form::Text,
            },
            verbosity: match (globals.quiet, globals.debug, globals.verbose) {
                (true, ..) => Verbosity::Quiet,
                (_, true, _) | (.., 2..) => Verbosity::Debug,
                (.., 1) => Verbosity::Verbose,
                _ => Verbosity::Normal,
            },
            color: color(globals.color),
            charset: charset(environment),
            bars: !globals.no_progress && !environment.plain_terminal,
        }
    }
}

/// Returns the manner for what the parser says: of the options, only those that shape a report count.
fn early_manner(words: &[OsString], environment: &Environment) -> Manner {
    let options = || words.iter().take_while(|word| *word != "--");
    let has = |option: &str| options().any(|word| word == option);
    let color = if has("--color=never") {
        anstream::ColorChoice::Never
    } else if has("--color=always") {
        anstream::ColorChoice::Always
    } else {
        anstream::ColorChoice::Auto
    };
    let form = if has("--json-lines") {
        Form::JsonLines
    } else if has("--json") {
        Form::Json
    } else if has("--yaml") {
        Form::Yaml
    } else {
        Form::Text
    };
    Manner {
        command: "fpb",
        spelling: Spelling::Subcommand,
        form,
        verbosity: Verbosity::Normal,
        color,
        charset: charset(environment),
        bars: false,
    }
}

fn program_name(called: Option<&OsString>) -> &'static str {
    let file_name = called.and_then(|name| Path::new(name).file_name());
    if file_name.is_some_and(|name| name == HISTORICAL_NAME) { HISTORICAL_NAME } else { "fpb" }
}

fn charset(environment: &Environment) -> Charset {
    if environment.unicode { Charset::Unicode } else { Charset::Ascii }
}

fn color(choice: ColorChoice) -> anstream::ColorChoice {
    match choice {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_declarations_agree_with_each_other() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_historical_name_is_kept_and_no_other() {
        for (called, name) in [
            ("fuel-plugin-builder", "fuel-plugin-builder"),
            ("/usr/bin/fuel-plugin-builder", "fuel-plugin-builder"),
            ("./fpb", "fpb"),
            ("\x1b[31m", "fpb"),
        ] {
            assert_eq!(program_name(Some(&called.into())), name);
        }
        assert_eq!(program_name(None), "fpb");
    }
}
