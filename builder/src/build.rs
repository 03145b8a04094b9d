//! `fpb build`: a plugin's packages (`fuel-formats 4`).
//!
//! Until the last package is written whole, nothing that was there before is touched; what fails
//! leaves it as it was. Two builds may run at once, also of one plugin into one folder: each writes
//! under a name of its own, and removes only earlier results that were there when it began.
//!
//! The callback that hears of events may unwind: everything half-made is removed on the way.

mod blueprint;
mod checksums;
mod earlier;
mod event;
mod publish;
mod repositories;
mod request;
mod script;

use std::io;
use std::path::PathBuf;

use jiff::Timestamp;
use packaging::repository::IndexError;
use packaging::signature::{SignError, Signer};
use packaging::{Blueprint, Contents, WriteError};
use plugin::{Format, Generation, Metadata};

pub use blueprint::BadRelease;
pub use event::{Built, BuiltPackage, Event};
pub use request::Request;

use crate::check::{self, Checked};
use crate::hook::{Hook, HookError, Output};
use crate::parents::Parents;
use crate::tree::{self, links};
use crate::{Finding, Severity, Source};
use earlier::Earlier;
use publish::Publication;

/// Why nothing was built. Packages that were there are as they were.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// There are findings that stop a build; all of them have been told as events.
    #[error("the plugin cannot be built: {} to mend", count(findings.len()))]
    Invalid {
        /// Those that stop it: errors, and warnings where the request is strict.
        findings: Vec<Finding>,
    },
    /// The generation has no package of this format.
    #[error("a plugin of package version {generation} cannot be packaged as {}", name(*format))]
    Format {
        /// What was asked for.
        format: Format,
        /// The plugin's generation.
        generation: Generation,
    },
    /// `metadata.yaml` breaks no rule and still cannot be packaged.
    #[error("`metadata.yaml` holds a value that packages cannot carry")]
    Metadata,
    /// No package can have this release.
    #[error(transparent)]
    Release(#[from] BadRelease),
    /// The plugin's hook failed.
    #[error(transparent)]
    Hook(#[from] HookError),
    /// A repository of the plugin could not be indexed.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A package could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A package could not be signed.
    #[error("the package was not signed")]
    Sign(#[from] SignError),
    /// A package of another plugin has the name that ours would get.
    #[error("`{}` is not a package of this plugin and would be replaced", .0.display())]
    Taken(PathBuf),
    /// A file could not be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Who signs what is built, and when.
#[derive(Clone, Copy, Debug)]
pub struct Seal<'a> {
    /// The key.
    pub signer: &'a Signer,
    /// The present time.
    pub at: Timestamp,
}

/// Builds the packages of a plugin and tells `on` how it goes.
pub fn build(request: &Request, on: &mut dyn FnMut(Event<'_>)) -> Result<Built, BuildError> {
    build_sealed(request, None, on)
}

/// Builds packages that appear signed or not at all; without a `seal`, unsigned.
pub fn build_sealed(
    request: &Request,
    seal: Option<Seal<'_>>,
    on: &mut dyn FnMut(Event<'_>),
) -> Result<Built, BuildError> {
    if request.hooks {
        prepare(request, on)?;
    }
    let folder = request.output.as_ref().unwrap_or(&request.directory);
    let source = Source::read(&request.directory)?;
    let Checked { findings, contents } = check::check_for(&source, folder);
    stop_at(request, &source, findings, on)?;
    let metadata = source.metadata().ok_or(BuildError::Metadata)?;
    request.refuse_unfit(&metadata)?;

    let output = Parents::make(folder)?;
    let earlier = Earlier::look(output.folder(), &metadata.id.name)?;
    let (blueprint, findings) = lay_out(request, &metadata, contents, on)?;
    if !findings.is_empty() {
        stop_at(request, &source, findings, on)?;
    }
    let formats = request.formats_of(&metadata);
    let publication = Publication {
        request,
        blueprint: &blueprint,
        folder: output.folder(),
        earlier: &earlier,
        seal,
    };
    let packages = publication.publish(&formats, on)?;
    output.keep();
    Ok(Built { id: metadata.id, packages })
}

/// Runs the plugin's hook, which may still make or alter any source, after a look at what it is.
fn prepare(request: &Request, on: &mut dyn FnMut(Event<'_>)) -> Result<(), BuildError> {
    let Some(hook) = Hook::find(&request.directory)? else { return Ok(()) };
    let source = Source::read(&request.directory)?;
    let Some(metadata) = source.metadata() else {
        stop_at(request, &source, check::check(&source), on)?;
        return Err(BuildError::Metadata);
    };
    request.refuse_unfit(&metadata)?;

    on(Event::HookStarted { path: hook.path().to_owned() });
    hook.run(&mut |output| match output {
        Output::Line(line) => on(Event::HookLine { line }),
        Output::Silence => on(Event::Working),
    })?;
    on(Event::HookFinished);
    Ok(())
}

/// Tells what was found, and stops where that says so.
fn stop_at(
    request: &Request,
    source: &Source,
    findings: Vec<Finding>,
    on: &mut dyn FnMut(Event<'_>),
) -> Result<(), BuildError> {
    on(Event::Checked { source, findings: &findings });
    let stops = |finding: &Finding| request.strict || finding.severity() == Severity::Error;
    let findings: Vec<_> = findings.into_iter().filter(stops).collect();
    if findings.is_empty() { Ok(()) } else { Err(BuildError::Invalid { findings }) }
}

/// Lays out the package: all that is in it, whatever its format. Finds what only indexes bring about:
/// one may have moved what a link led to.
fn lay_out(
    request: &Request,
    metadata: &Metadata,
    mut contents: Contents,
    on: &mut dyn FnMut(Event<'_>),
) -> Result<(Blueprint, Vec<Finding>), BuildError> {
    let release = blueprint::release(request.release.as_deref(), metadata)?;
    let time = request.epoch.unwrap_or_else(|| blueprint::time(&metadata.id.version, &release));
    let hooks = script::hooks(&contents, &metadata.id, &release)?;
    let folders = repositories::folders(&contents, metadata);
    repositories::index(&mut contents, &folders, &metadata.id, time)?;
    let findings = links::check(&contents);
    let list = checksums::list(&contents, on)?;
    contents.insert_text(tree::CHECKSUMS, list.into_bytes());
    Ok((blueprint::assemble(metadata, release, contents, hooks, time), findings))
}

fn count(findings: usize) -> String {
    if findings == 1 { "1 finding".to_owned() } else { format!("{findings} findings") }
}

fn name(format: Format) -> &'static str {
    match format {
        Format::Fp => "fp",
        Format::Rpm => "an RPM",
        Format::Deb => "a Debian package",
    }
}
