//! The plan under way, on disk from before its first effect until after its last.
//!
//! One file, replaced and removed whole, so that it is there with all of the plan or not at all. It
//! is only touched under the host's lock, but may be read by anyone.

use std::io::{self, Write};
use std::path::PathBuf;

use packaging::durable;
use serde::{Deserialize, Serialize};

use crate::host::Moment;
use crate::{Places, Plan};

/// The shape of the file. A reader refuses any other.
const FORMAT: u32 = 1;

/// Where the plan under way is written down.
#[derive(Clone, Debug)]
pub struct Journal {
    path: PathBuf,
}

/// Why the journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// It could not be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is there, but says nothing that can be understood.
    #[error("the journal `{}` is damaged", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// Another release of this program wrote it.
    #[error("the journal `{}` has format {found}, this program knows {FORMAT}", path.display())]
    OtherFormat {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
}

/// What stands in the file before anything that may differ between formats.
#[derive(Deserialize)]
struct Header {
    format: u32,
}

#[derive(Serialize, Deserialize)]
struct Page<P> {
    format: u32,
    plan: P,
}

impl Journal {
    /// Returns the journal of a host.
    pub fn of(places: &Places) -> Self {
        Self { path: places.journal() }
    }

    /// Returns the plan that was under way when its process ended, if there is one.
    pub fn pending(&self) -> Result<Option<Plan>, JournalError> {
        let damaged = |source| JournalError::Damaged { path: self.path.clone(), source };
        match fs_err::symlink_metadata(&self.path) {
            // Reading a pipe would wait for whoever writes to it.
            Ok(found) if !found.is_file() => {
                return Err(damaged(serde::de::Error::custom("it is not a file")));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        }
        let text = fs_err::read(&self.path)?;
        let Header { format } = serde_json::from_slice(&text).map_err(damaged)?;
        if format != FORMAT {
            return Err(JournalError::OtherFormat { path: self.path.clone(), found: format });
        }
        let page: Page<Plan> = serde_json::from_slice(&text).map_err(damaged)?;
        Ok(Some(page.plan))
    }

    /// Returns when the plan under way was written down.
    pub(crate) fn begun(&self) -> io::Result<Moment> {
        Moment::of(&self.path)
    }

    /// Writes `plan` down. When this returns it survives a power cut.
    pub(crate) fn open(&self, plan: &Plan) -> Result<(), JournalError> {
        let text = serde_json::to_vec(&Page { format: FORMAT, plan }).map_err(io::Error::from)?;
        durable::replace::<io::Error>(&self.path, |file| file.write_all(&text))?;
        Ok(())
    }

    /// Takes the plan away: it is finished, or nothing of it has happened.
    pub(crate) fn close(&self) -> io::Result<()> {
        match fs_err::remove_file(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            removed => removed?,
        }
        let folder = self.path.parent().expect("the journal lies in the state folder");
        fs_err::File::open(folder)?.sync_all()
    }
}
