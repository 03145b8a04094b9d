//! Why a command was not carried out.

use std::error::Error;
use std::io;

use registry::store::StoreError;

use crate::apply::{Reached, StepFailed, Stopped};
use crate::ground::Unsafe;
use crate::host::LockError;
use crate::journal::JournalError;
use crate::observe::Unobserved;

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum EngineError<E: Error + 'static> {
    /// Another command is at work.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// What the command would go by may be somebody else's.
    #[error(transparent)]
    Ground(#[from] Unsafe),
    /// The registry cannot be opened.
    #[error(transparent)]
    Registry(#[from] StoreError),
    /// The journal cannot be read, or a plan not taken out of it.
    #[error(transparent)]
    Journal(JournalError),
    /// What an earlier process began could not be finished.
    #[error("`{}` was cut off and cannot be finished", command.escape_debug())]
    Recovery {
        /// The command that was cut off.
        command: String,
        /// Why.
        source: Stopped,
    },
    /// What an earlier process left cannot be removed.
    #[error("what an earlier command left behind cannot be removed")]
    Leftovers(#[source] StepFailed),
    /// The machine cannot be read.
    #[error(transparent)]
    Observation(#[from] Unobserved),
    /// The folder for incoming packages cannot be made.
    #[error(transparent)]
    Intake(io::Error),
    /// No plan was made, or none wanted.
    #[error(transparent)]
    Command(E),
    /// The plan came to a stop.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

impl<E: Error + 'static> EngineError<E> {
    /// Returns what state the host is in.
    pub fn reached(&self) -> Reached {
        match self {
            Self::Stopped(stopped) => stopped.reached.clone(),
            Self::Journal(_) | Self::Recovery { .. } => Reached::Unfinished,
            Self::Lock(_)
            | Self::Ground(_)
            | Self::Registry(_)
            | Self::Leftovers(_)
            | Self::Observation(_)
            | Self::Intake(_)
            | Self::Command(_) => Reached::Start,
        }
    }
}
