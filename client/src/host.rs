//! The machine: nothing of the client reaches a program, a lock or a package database any other way.
//!
//! [`Host::new`] finds out which package manager the root folder belongs to. Its database is read by
//! rpm or dpkg, whichever program changes it; what a change led to is read from the database and never
//! from an exit status (`cli 5`). Command lines are pure values ([`Host::command_lines`]), and one
//! function runs them. The caller holds the [`Lock`] while anything is changed, and holds interrupts
//! back: the children have a process group of their own and do not hear the terminal's.

mod backend;
mod commands;
mod database;
mod disk;
mod error;
mod files;
mod guard;
mod keyring;
mod lock;
mod mend;
mod owned;
mod programs;
mod purge;
mod refresh;
mod remains;
mod repository;
mod run;
#[cfg(test)]
mod tests;
mod transact;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use backend::{Backend, UnknownBackend};
pub(crate) use database::plugin_version;
pub use disk::{Space, space, sync_file_system};
pub use error::HostError;
pub use files::{Fault, FileProblem};
pub use guard::Guarding;
pub use lock::{Holder, Lock, LockError};
pub use programs::{Program, programs};
pub(crate) use refresh::date;
pub(crate) use remains::Moment;
pub(crate) use repository::LISTS;
pub use repository::{Available, Described, Search};
pub use run::{Ran, shown};
pub use transact::Judgement;

use self::backend::Tools;
use self::commands::Manager;
use self::run::Runner;
use tempfile::NamedTempFile;

use crate::Places;
use crate::plan::Transact;

/// One machine, or the root folder of one.
#[derive(Debug)]
pub struct Host {
    places: Places,
    tools: Tools,
    runner: Runner,
    patience: Duration,
    manager: Option<Manager>,
    /// Removed with this value.
    _apt_settings: Option<NamedTempFile>,
}

/// Makes apt read the settings of another root: options come too late to keep it from the machine's.
fn apt_settings(root: &Path) -> Result<NamedTempFile, HostError> {
    let mut file = NamedTempFile::new()?;
    let root = root.to_str().filter(|root| !root.contains(['"', '\\', '\n']));
    let root = root.ok_or_else(|| io::Error::other("apt cannot work below this root's path"))?;
    writeln!(file, "Dir \"{root}\";")?;
    Ok(file)
}

/// What an administrator may settle about the package manager.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The package manager to use, where it should not be found out: setting `package-manager`.
    pub backend: Option<Backend>,
    /// A folder whose programs come before the system's: setting `tools`.
    pub tools: Option<PathBuf>,
    /// Further options for the package manager: setting `package-manager-options`.
    pub arguments: Vec<OsString>,
    /// How long a transaction may take; `None` for as long as it needs.
    pub time_limit: Option<Duration>,
    /// How long to wait for a database that something else has locked.
    pub patience: Duration,
    /// Our own environment, of which only proxies are passed on.
    pub environment: Vec<(OsString, OsString)>,
}

impl Host {
    /// Finds out what the machine at `places` is.
    pub fn new(places: Places, options: Options) -> Result<Self, HostError> {
        let tools = Tools::new(options.tools);
        let backend = match options.backend {
            Some(chosen) => Some(chosen),
            None => backend::detect(places.root(), &tools)?,
        };
        let mut runner = Runner::new(&options.environment, places.log(), options.time_limit);
        let manager = match backend {
            None => None,
            Some(backend) => {
                Some(Manager::new(backend, &places, &tools, options.arguments, options.patience)?)
            }
        };
        let apt_settings = match &manager {
            Some(Manager { backend: Backend::Apt, root: Some(root), .. }) => {
                Some(apt_settings(root)?)
            }
            _ => None,
        };
        if let Some(file) = &apt_settings {
            runner = runner.with("APT_CONFIG", file.path().as_os_str());
        }
        let patience = options.patience;
        Ok(Self { places, tools, runner, patience, manager, _apt_settings: apt_settings })
    }

    /// Where things are.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The package manager; `None` where there is none, only legacy plugins.
    pub fn backend(&self) -> Option<Backend> {
        self.manager.as_ref().map(|manager| manager.backend)
    }

    /// Returns the command lines of `transact`, in order, with files from the folder `files`, where they
    /// are named by digest and format: `<sha256>.rpm`.
    pub fn command_lines(
        &self,
        transact: &Transact,
        files: &Path,
    ) -> Result<Vec<Vec<OsString>>, HostError> {
        Ok(self.manager()?.command_lines(transact, files))
    }

    fn manager(&self) -> Result<&Manager, HostError> {
        self.manager.as_ref().ok_or(HostError::NoPackageManager)
    }

    /// The plugins root as the machine itself names it.
    fn plugins_root(&self) -> PathBuf {
        let below = self.places.plugins().strip_prefix(self.places.root());
        Path::new("/").join(below.expect("the plugins root is below the root"))
    }
}
