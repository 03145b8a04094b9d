//! The commands, one file per verb: arguments, then gather, call the library, report.

mod build;
mod bump;
mod check;
mod completions;
mod create;
mod diff;
mod explain;
mod inspect;
mod man;
mod migrate;

use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use plugin::Generation;

use crate::cli::Spelling;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::report::Report;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a plugin skeleton
    ///
    /// The new folder holds every file that the package version knows, each with comments, and passes
    /// `fpb check`. All of it appears at once or not at all; nothing that exists is touched.
    #[command(visible_alias = "new")]
    Create(create::Arguments),
    /// Report all that is wrong with plugins
    ///
    /// Every finding has a code, its place and the line itself; `fpb explain CODE` tells more. Errors
    /// stop a build, warnings do with --strict only. Several plugins are checked against each other,
    /// too. Nothing is run and nothing is written.
    Check(check::Arguments),
    /// Make a plugin's packages
    ///
    /// Runs the plugin's `pre_build_hook`, provided that its metadata is sound, checks the plugin, indexes
    /// its repositories and writes the packages. The same sources give the same bytes, whoever builds them, wherever and when. If
    /// anything fails, packages from earlier builds are as they were. Nothing but fpb is needed: neither
    /// rpmbuild nor createrepo nor dpkg.
    Build(build::Arguments),
    /// Show what is in a package
    ///
    /// Reads RPM, deb and fp packages, whoever made them, and verifies the digests that they carry:
    /// where one does not hold, the exit status is 4. Signatures are listed, not judged. Without options
    /// for parts, all parts are shown.
    Inspect(inspect::Arguments),
    /// Show what differs between two packages
    ///
    /// Compares identity, metadata, fields, relations, scripts and files, and shows changed texts line by
    /// line. Times are no difference, nor are indexes that merely follow from other changes. The formats
    /// may differ; then only the plugin's own content is compared. The exit status is 0 whether or not
    /// there are differences, and 4 where a package is damaged.
    Diff(diff::Arguments),
    /// Move a plugin to a newer package version
    ///
    /// Takes one step per package version, keeps comments, order and quotes, and lists what a person has
    /// to decide.
    Migrate(migrate::Arguments),
    /// Raise a plugin's version
    ///
    /// Changes the version in `metadata.yaml` and no other byte, and says whether hosts will take the
    /// result for an update or install it beside the old version.
    Bump(bump::Arguments),
    /// Explain the codes of findings and failures
    Explain(explain::Arguments),
    /// Print a completion script for a shell
    Completions(completions::Arguments),
    /// Print the man page, or write one per command
    Man(man::Arguments),
}

impl Command {
    /// Returns the verb.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::Check(_) => "check",
            Self::Build(_) => "build",
            Self::Inspect(_) => "inspect",
            Self::Diff(_) => "diff",
            Self::Migrate(_) => "migrate",
            Self::Bump(_) => "bump",
            Self::Explain(_) => "explain",
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
        }
    }

    /// Does it.
    pub(crate) fn run(
        self,
        spelling: Spelling,
        report: &mut Report,
        environment: &Environment,
    ) -> Result<(), Failure> {
        match self {
            Self::Create(arguments) => create::run(&arguments, report),
            Self::Check(arguments) => check::run(&arguments, spelling, report),
            Self::Build(arguments) => build::run(arguments, report, environment),
            Self::Inspect(arguments) => inspect::run(&arguments, report),
            Self::Diff(arguments) => diff::run(&arguments, report),
            Self::Migrate(arguments) => migrate::run(&arguments, report),
            Self::Bump(arguments) => bump::run(&arguments, report),
            Self::Explain(arguments) => explain::run(&arguments, report),
            Self::Completions(arguments) => completions::run(&arguments, report),
            Self::Man(arguments) => man::run(&arguments, report),
        }
    }
}

/// Takes the package versions that there are, and tells shells which those are.
fn package_version() -> impl TypedValueParser<Value = Generation> {
    PossibleValuesParser::new(Generation::ALL.map(Generation::as_str))
        .map(|text| text.parse().expect("only package versions get here"))
}
