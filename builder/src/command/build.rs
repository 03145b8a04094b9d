//! `fpb build`

mod choice;
mod story;

use std::path::PathBuf;

use builder::build::{self, Event, Request, Seal};
use clap::{Args, ValueHint};
use console::printable::count;
use console::{Failure, Interrupt, Report, guarded};

use super::key::Source;
use crate::environment::Environment;
use crate::failure::{Kind, require_folder};
use choice::{Compression, Format};
use packaging::signature::Signer;
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
    /// Sign the packages: file with the secret key, or fingerprint of a key that gpg holds
    #[arg(long, value_name = "KEY", value_hint = ValueHint::FilePath)]
    sign: Option<PathBuf>,
    #[command(flatten)]
    source: Source,
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
    let signer = signer(&arguments, report, environment)?;
    let seal = signer.as_ref().map(|signer| Seal { signer, at: environment.now });
    let request = request(arguments, environment)?;
    let interrupt =
        Interrupt::watch().map_err(|error| Failure::from_error(Kind::Failed, &error))?;
    let mut story = Story::new(report, request.strict.into());
    let outcome = guarded(|| {
        build::build_sealed(&request, seal, &mut |event| {
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
        Some(Ok(built)) => {
            if let Some(signer) = &signer {
                let packages = count(built.packages.len(), "package");
                report.step("signed", &format!("{packages} with {}", signer.fingerprint().short()));
            }
            report.success("Plugin is built");
            Ok(())
        }
        Some(Err(error)) => Err(story::failure(&error, &request, tally, report)),
        None => Err(interrupted("no package was replaced")),
    }
}

/// Opens the key, which is asked for its passphrase before any work is done.
fn signer(
    arguments: &Arguments,
    report: &mut Report,
    environment: &Environment,
) -> Result<Option<Signer>, Failure> {
    match &arguments.sign {
        Some(key) => arguments.source.open(key, environment.now, report).map(Some),
        None if arguments.source.is_given() => {
            Err(Failure::new(Kind::Usage, "a passphrase goes with `--sign KEY`"))
        }
        None => Ok(None),
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
