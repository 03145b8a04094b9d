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
mod tests {
    use super::*;

    #[test]
    fn the_declarations_agree_with_each_other() {
        PLUGINS.declarations::<Cli>().debug_assert();
        PLUGINS.declarations::<historical::Historical>().debug_assert();
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "the lines are those of the help")]
    fn help_is_told_in_two_depths() {
        let told = |line: &str| {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            // Whatever terminal the test runs in.
            let declarations = PLUGINS.declarations::<Cli>().term_width(100);
            let message = declarations.try_get_matches_from(words).unwrap_err();
            // clap indents empty lines, too.
            message.to_string().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
        };
        insta::assert_snapshot!(told("plugins -h"), @r"
        Installs, updates and removes a product's plugins

        Usage: plugins [OPTIONS] <COMMAND>

        Commands:
          list           Show registered plugins
          info           Show all that is known of a plugin
          install        Install plugins and register them
          update         Update plugins within their release lines
          check-updates  Show newer versions that repositories have; status 100 if there are any
          downgrade      Go back to lower versions within the release lines
          remove         Take plugins off the host and out of the registry
          register       Put installed plugins into the registry
          unregister     Take plugins out of the registry; their files stay
          sync           Make the registry agree with what is on the disk
          hold           Keep plugins from updates
          unhold         Let plugins have updates again
          link           Give the folders of old legacy versions the content of a newer one
          unlink         Give linked versions their own content back
          undo           Reverse a transaction [alias: rollback]
          history        Show what changed, when and by whom
          verify         Compare plugins with what was installed
          doctor         Find what is wrong with the host and mend it
          compat         Show which plugins fit a product version or an environment
          config         Show settings and where they come from
          explain        Explain the codes of failures
          completions    Print a completion script for a shell
          man            Print the man page, or write one per command
          help           Print this message or the help of the given subcommand(s)

        Options:
          -h, --help     Print help (see more with '--help')
          -V, --version  Print version

        Host options:
          -y, --yes      Make the change without asking
              --dry-run  Show what would be done, write nothing

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
          plugins --sync [--plugin IDS]
        ");
        insta::assert_snapshot!(told("plugins install --help"), @r"
        Install plugins and register them

        A package file is copied, judged, and handed to the package manager with repositories switched off;
        a legacy package is unpacked into the folder of its version. A name is looked up in the package
        manager's repositories. What is there in the same version already stays as it is.

        Usage: plugins install [OPTIONS] [SPEC]...

        Arguments:
          [SPEC]...
                  Package files, or plugins in repositories: NAME, NAME-LINE, NAME==VERSION

        Options:
              --from-file <LIST>
                  A file with one such name per line, `#` beginning a remark

              --strategy <STRATEGY>
                  What becomes of a plugin that is there already

                  Possible values:
                  - only-new: It stays; only what is not there at all is installed
                  - upgrade:  A higher version replaces it
                  - always:   A higher one replaces it, and the same is installed again

                  [default: upgrade]

              --no-register
                  Leave the registry as it is; `plugins register` adds the plugins later

              --sha256 <HEX>
                  SHA-256 that the one package must have

          -h, --help
                  Print help (see a summary with '-h')

        Global options:
              --json
                  Print the answer as one JSON object

              --json-lines
                  Print each event as a JSON object, the answer last

              --yaml
                  Print the answer as YAML

          -q, --quiet
                  Print answers, findings and failures only

          -v, --verbose...
                  Tell more; twice: show programs that are run and what they say

              --debug
                  Same as -vv

              --color <WHEN>
                  When to use color

                  [env: PLUGINS_COLOR]
                  [default: auto]
                  [possible values: auto, always, never]

              --no-progress
                  Draw no progress bars

                  [env: PLUGINS_NO_PROGRESS]

        Host options:
          -y, --yes
                  Make the change without asking

              --assume-no
                  Show the change and make it not

              --dry-run
                  Show what would be done, write nothing

              --lock-timeout <SECONDS>
                  Seconds to wait for another change to end

              --root <DIR>
                  Folder to take for the host's root

              --config <FILE>
                  File of settings to read instead of those in /etc/plugins

              --offline
                  Never ask a repository

        Examples:
          plugins install demo-1.0-1.0.2-1.noarch.rpm
          plugins install demo-1.0 --dry-run
          plugins install old-1.0.0.fp --strategy always
        ");
    }

    #[test]
    fn more_than_the_version_is_told_to_who_asks_for_it() {
        for (line, expected) in [
            ("plugins --version", false),
            ("plugins --version -v", true),
            ("plugins -vV", true),
            ("plugins -V --verbose", true),
            ("plugins list -V --dry-run", false),
        ] {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert_eq!(version::is_wanted_whole(&words), expected, "{line}");
        }
    }

    #[test]
    fn a_program_knows_three_names() {
        for (given, name) in [
            ("/usr/bin/fuel", "fuel"),
            ("fuel2", "fuel2"),
            ("./plugins", "plugins"),
            ("\x1b[31m", "plugins"),
        ] {
            assert_eq!(called(Some(&given.into())).name, name);
        }
        assert_eq!(called(None).name, "plugins");
    }
}
