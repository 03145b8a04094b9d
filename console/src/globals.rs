//! Options that every command of every program takes, and the manner of reporting they ask for.

use std::ffi::OsString;

use clap::builder::FalseyValueParser;
use clap::{ArgAction, Args, ColorChoice, Command};

use crate::{Form, Manner, Program, Spelling, Terminal, Verbosity};

/// Options that every command takes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Globals {
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
        hide_env_values = true
    )]
    color: ColorChoice,
    /// Draw no progress bars
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        hide_env_values = true,
        value_parser = FalseyValueParser::new()
    )]
    no_progress: bool,
}

/// Lets variables whose names begin with `prefix` stand for options of [`Globals`] in `command`.
pub(crate) fn with_environment(command: Command, prefix: &str) -> Command {
    command
        .mut_arg("color", |option| option.env(format!("{prefix}_COLOR")))
        .mut_arg("no_progress", |option| option.env(format!("{prefix}_NO_PROGRESS")))
}

impl Globals {
    /// Returns the manner in which `command` of `program` reports.
    pub fn manner(
        &self,
        program: &'static Program,
        command: &'static str,
        spelling: Spelling,
        terminal: Terminal,
    ) -> Manner {
        Manner {
            program,
            command,
            spelling,
            statuses: spelling.into(),
            form: match (self.json, self.json_lines, self.yaml) {
                (true, ..) => Form::Json,
                (_, true, _) => Form::JsonLines,
                (.., true) => Form::Yaml,
                _ => Form::Text,
            },
            verbosity: match (self.quiet, self.debug, self.verbose) {
                (true, ..) => Verbosity::Quiet,
                (_, true, _) | (.., 2..) => Verbosity::Debug,
                (.., 1) => Verbosity::Verbose,
                _ => Verbosity::Normal,
            },
            color: color(self.color),
            charset: terminal.charset,
            bars: !self.no_progress && !terminal.plain,
        }
    }
}

impl Manner {
    /// Returns the manner for what the parser says of `words`: of the options, only those that shape
    /// a report count.
    pub fn early(program: &'static Program, words: &[OsString], terminal: Terminal) -> Self {
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
        Self {
            program,
            command: program.name,
            spelling: Spelling::Subcommand,
            statuses: Spelling::Subcommand.into(),
            form,
            verbosity: Verbosity::Normal,
            color,
            charset: terminal.charset,
            bars: false,
        }
    }
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
    use clap::Parser;

    use super::*;
    use crate::{Charset, Statuses};

    const SAMPLE: Program =
        Program { name: "sample", prefix: "SAMPLE", usage: "X1", failed: "X2", internal: "X3" };

    const TERMINAL: Terminal = Terminal { charset: Charset::Ascii, plain: false };

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        globals: Globals,
    }

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    fn manner(line: &str) -> Manner {
        let cli: Cli = SAMPLE.parse(&words(line)).unwrap();
        cli.globals.manner(&SAMPLE, "look", Spelling::Historical, TERMINAL)
    }

    #[test]
    fn each_program_has_variables_of_its_own() {
        let declarations = SAMPLE.declarations::<Cli>();
        let variables: Vec<_> =
            declarations.get_arguments().filter_map(|option| option.get_env()).collect();
        assert_eq!(variables, ["SAMPLE_COLOR", "SAMPLE_NO_PROGRESS"]);
        declarations.debug_assert();
    }

    #[test]
    fn options_decide_the_manner() {
        let plain = manner("sample");
        assert_eq!((plain.form, plain.verbosity), (Form::Text, Verbosity::Normal));
        assert_eq!((plain.statuses, plain.bars), (Statuses::Historical, true));
        assert_eq!(manner("sample --json-lines").form, Form::JsonLines);
        assert_eq!(manner("sample --yaml -v").verbosity, Verbosity::Verbose);
        assert_eq!(manner("sample --debug").verbosity, Verbosity::Debug);
        assert!(!manner("sample --no-progress").bars);
    }

    #[test]
    fn words_that_cannot_be_parsed_still_shape_the_complaint() {
        let early = |line| Manner::early(&SAMPLE, &words(line), TERMINAL);
        assert_eq!(early("sample --bad --json").form, Form::Json);
        assert_eq!(early("sample --bad -- --json").form, Form::Text);
        assert_eq!(early("sample --color=never x").color, anstream::ColorChoice::Never);
    }
}
