//! `fpb repo init`

use std::path::PathBuf;

use builder::repo::{Days, Fingerprint, Line, Packing, Repository, SETTINGS, Settings, Word};
use clap::{Args, ValueEnum, ValueHint};
use console::printable::path;
use console::{Failure, Report};
use serde_json::json;

use crate::failure;

/// What the repository is to be.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb repo init --name example --label 'Example plugins' /srv/plugins
  fpb repo init --name example --suite stable --key 9F3A… --url https://plugins.example.org")]
pub(crate) struct Arguments {
    /// Folder of the repository
    #[arg(value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
    directory: PathBuf,
    /// What hosts call it
    #[arg(long)]
    name: Word,
    /// Who it is from
    #[arg(long)]
    origin: Option<Line>,
    /// What it is, in a few words
    #[arg(long)]
    label: Option<Line>,
    /// Where it is going to be served
    #[arg(long)]
    url: Option<Line>,
    /// Suite of the apt face [default: stable]
    #[arg(long)]
    suite: Option<Word>,
    /// Code name of the suite [default: the suite]
    #[arg(long)]
    codename: Option<Word>,
    /// Component of the apt face; may be given several times [default: main]
    #[arg(long = "component", value_delimiter = ',')]
    components: Vec<Word>,
    /// Architecture of Debian packages; may be given several times [default: amd64, arm64]
    #[arg(long = "architecture", value_delimiter = ',')]
    architectures: Vec<Word>,
    /// How many days hosts may trust what was published [default: 30]
    #[arg(long, value_name = "DAYS")]
    valid_for: Option<Days>,
    /// Fingerprint of the one key that may sign
    #[arg(long, value_name = "FINGERPRINT")]
    key: Option<Fingerprint>,
    /// How the metadata for yum is packed [default: gzip]
    #[arg(long)]
    compression: Option<Method>,
}

/// How metadata is packed.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Method {
    Gzip,
    Zstd,
}

/// Makes a repository.
pub(crate) fn run(arguments: Arguments, report: &mut Report) -> Result<(), Failure> {
    let directory = arguments.directory.clone();
    let repository =
        Repository::init(&directory, settings(arguments)).map_err(failure::repository)?;
    report.changed();
    let file = directory.join(SETTINGS);
    report.answer(
        &format!(" wrote    {}", path(&file)),
        &json!({ "path": file.to_string_lossy(), "settings": repository.settings }),
    );
    Ok(())
}

fn settings(arguments: Arguments) -> Settings {
    let usual = Settings::named(arguments.name);
    let given = |given: Vec<Word>, usual: Vec<Word>| if given.is_empty() { usual } else { given };
    Settings {
        origin: arguments.origin,
        label: arguments.label,
        url: arguments.url,
        suite: arguments.suite.unwrap_or(usual.suite),
        codename: arguments.codename,
        components: given(arguments.components, usual.components),
        architectures: given(arguments.architectures, usual.architectures),
        valid_for_days: arguments.valid_for.unwrap_or(usual.valid_for_days),
        key: arguments.key,
        compression: match arguments.compression {
            Some(Method::Gzip) => Packing::Gzip,
            Some(Method::Zstd) => Packing::Zstd,
            None => usual.compression,
        },
        name: usual.name,
    }
}
