//! Which repository, and how long to wait for it.

use std::path::PathBuf;
use std::time::Duration;

use builder::repo::{Lock, Repository};
use clap::{Args, ValueHint};
use console::Failure;

use crate::failure;

/// Which repository.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// Folder of the repository
    #[arg(
        long,
        value_name = "DIR",
        default_value = ".",
        env = "FPB_REPO",
        hide_env_values = true,
        value_hint = ValueHint::DirPath
    )]
    pub(crate) repo: PathBuf,
}

/// Which repository to write to.
#[derive(Debug, Args)]
pub(crate) struct Writing {
    #[command(flatten)]
    place: Place,
    /// How many seconds to wait for others who write
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    lock_timeout: u64,
}

impl Place {
    /// Opens it.
    pub(crate) fn open(&self) -> Result<Repository, Failure> {
        Repository::open(&self.repo).map_err(failure::repository)
    }
}

impl Writing {
    /// Opens it for reading.
    pub(crate) fn open(&self) -> Result<Repository, Failure> {
        self.place.open()
    }

    /// Opens it and keeps others from writing.
    pub(crate) fn lock(&self) -> Result<(Repository, Lock), Failure> {
        let repository = self.open()?;
        let lock = repository.lock(Duration::from_secs(self.lock_timeout));
        let lock = lock.map_err(failure::repository)?;
        Ok((repository, lock))
    }
}
