//! `fpb build`

mod choice;
mod story;

use std::path::PathBuf;

use builder::build::{self, Event, Request};
use clap::{Args, ValueHint};

use crate::environment::Environment;
use crate::failure::{Failure, Kind, require_folder};
use crate::interrupt::{Interrupt, guarded};
use crate::report::Report;
use choice::{Compression, Format};
use story::Story;

/// What to build.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb build my_plugin
  fpb build my_plugin --format rpm,deb -o packages
  SOURCE_DATE_EPOCH=1700000000 fpb build my_plugin --strict")]
pub(crate) struct Arguments {
    /// Folder of the plugin
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    directory: PathBuf,
    /// Package format; may be given several times [default: auto]
    #[arg(long = "format", value_name = "FORMAT", value_delimiter = ',')]
    formats: Vec<Format>,
    /// Folder to put packages into [default: the plugin's]
    #[arg(
        short,
        long,
        value_name = "DIR",
        env = "FPB_OUTPUT",
        hide_env_values = true,
        value_hint = ValueHint::DirPath
    )]
    output: Option<PathBuf>,
    /// Release of the packages, instead of the metadata's `build_version`
    #[arg(long, value_name = "N")]
    release: Option<String>,
    /// Compression of the payload [default: the format's]
    #[arg(long, value_name = "METHOD")]
    compression: Option<Compression>,
    /// Level of the compression
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    level: Option<i32>,
    /// Do not run the plugin's `pre_build_hook`
    #[arg(long)]
    no_hooks: bool,
    /// Take warnings as errors
    #[arg(long)]
    strict: bool,
}

/// Builds the plugin's packages.
pub(crate) fn run(
    arguments: Arguments,
    report: &mut Report,
    environment: &Environment,
) -> Result<(), Failure> {
    require_folder(&arguments.directory)?;
    let request = request(arguments, environment)?;
    let interrupt =
        Interrupt::watch().map_err(|error| Failure::from_error(Kind::Failed, &error))?;
    let mut story = Story::new(report, request.strict.into());
    let outcome = guarded(|| {
        build::build(&request, &mut |event| {
            // Once the first package is in place, the others follow.
            if !matches!(event, Event::Built { .. } | Event::Left { .. }) {
                interrupt.check();
            }
            story.tell(event);
        })
    });
    let tally = story.end();
    match outcome {
        Some(Ok(_)) if interrupt.came() => Err(interrupted("the packages are built")),
        Some(Ok(_)) => {
            report.success("Plugin is built");
            Ok(())
        }
        Some(Err(error)) => Err(story::failure(&error, &request, tally, report)),
        None => Err(interrupted("no package was replaced")),
    }
}

fn interrupted(state: &str) -> Failure {
    Failure::new(Kind::Interrupted, format!("interrupted; {state}"))
}

fn request(arguments: Arguments, environment: &Environment) -> Result<Request, Failure> {
    Ok(Request {
        directory: arguments.directory,
        formats: choice::formats(&arguments.formats)?,
        output: arguments.output,
        release: arguments.release,
        compression: arguments.compression.map(Compression::chosen),
        level: arguments.level,
        hooks: !arguments.no_hooks,
        strict: arguments.strict,
        epoch: environment.epoch()?,
    })
}
