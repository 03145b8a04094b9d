//! The commands, one file per verb: arguments, then gather, call the library, report.

mod advisory;
mod build;
mod bump;
mod check;
mod completions;
mod create;
mod diff;
mod explain;
mod inspect;
mod key;
mod man;
mod migrate;
mod repo;
mod sign;
mod verify;

use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use console::{Failure, Report, Spelling};
use plugin::Generation;

use crate::environment::Environment;

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
    /// Make keys to sign with
    #[command(
        subcommand,
        after_help = "\
Examples:
  fpb key create --name 'Release <release@example.org>'
  fpb key create --name Demo -o demo.key --no-passphrase"
    )]
    Key(key::Verb),
    /// Sign packages
    ///
    /// An RPM is signed within, any other file gets an armored signature beside it: FILE.asc. All files
    /// are read and their digests checked before the first is signed; each is then replaced whole or not
    /// at all. Files that the key has signed already are left as they are. A key file that is locked
    /// needs a passphrase, which is asked for on a terminal; a fingerprint names a key that gpg holds.
    Sign(sign::Arguments),
    /// Say who signed packages
    ///
    /// Checks digests and signatures against the certificates that are named. The exit status is 4 where
    /// a file is unsigned, altered, damaged, or signed with a key that is unknown, weak, revoked or had
    /// expired. Nothing is trusted that is not named, and no key in a package counts.
    Verify(verify::Arguments),
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
    /// Keep a repository of packages for yum and apt
    ///
    /// One pool of packages, published as one tree of plain files that any web server can serve: for dnf
    /// and yum, for apt, and as a page for people.
    #[command(
        subcommand,
        after_help = "\
Examples:
  fpb repo init --name example /srv/plugins
  fpb repo add --repo /srv/plugins packages/*
  fpb repo publish --repo /srv/plugins --key release.key"
    )]
    Repo(repo::Verb),
    /// Tell hosts about security fixes
    ///
    /// Advisories are published with the repository: dnf shows them with `dnf updateinfo`.
    #[command(
        subcommand,
        after_help = "\
Examples:
  fpb advisory add --id EX-2026-001 --severity low --title Title --fixes my_plugin==1.0.3
  fpb advisory list"
    )]
    Advisory(advisory::Verb),
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
            Self::Key(verb) => verb.name(),
            Self::Sign(_) => "sign",
            Self::Verify(_) => "verify",
            Self::Migrate(_) => "migrate",
            Self::Bump(_) => "bump",
            Self::Repo(verb) => verb.name(),
            Self::Advisory(verb) => verb.name(),
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
            Self::Key(verb) => verb.run(report, environment),
            Self::Sign(arguments) => sign::run(&arguments, report, environment),
            Self::Verify(arguments) => verify::run(&arguments, report, environment),
            Self::Migrate(arguments) => migrate::run(&arguments, report),
            Self::Bump(arguments) => bump::run(&arguments, report),
            Self::Repo(verb) => verb.run(report, environment),
            Self::Advisory(verb) => verb.run(report, environment),
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
