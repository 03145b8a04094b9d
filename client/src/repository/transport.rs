//! Files of a repository, wherever it is.

use std::cell::OnceCell;
use std::io;
use std::time::Duration;

use super::web::Web;
use super::{Address, Unread};
use crate::regular::{self, Unfit};

/// The most that is read of any file here.
const LIMIT: u64 = 64 << 20;

/// The most that is read of a signature or a key.
const SMALL: u64 = 1 << 20;

/// A way to files of repositories.
#[derive(Debug)]
pub struct Transport {
    patience: Duration,
    /// Made when a server is first asked: it reads the system's certificates.
    web: OnceCell<Web>,
}

impl Transport {
    /// A server may be silent, or slow, for as long as `patience`.
    pub fn new(patience: Duration) -> Self {
        Self { patience, web: OnceCell::new() }
    }

    fn web(&self) -> Result<&Web, reqwest::Error> {
        if let Some(web) = self.web.get() {
            return Ok(web);
        }
        let web = Web::new(self.patience)?;
        Ok(self.web.get_or_init(|| web))
    }

    /// Returns the file at `path` of the repository at `address`.
    pub(super) fn get(&self, address: &Address, path: &str) -> Result<Vec<u8>, Unread> {
        self.find(address, path)?.ok_or_else(|| Unread::Unreachable {
            place: format!("{address}/{path}"),
            why: "it is not there; was this made by `fpb repo publish`?".to_owned(),
        })
    }

    /// Returns the file at `path`; `None` where there is none.
    pub(super) fn find(&self, address: &Address, path: &str) -> Result<Option<Vec<u8>>, Unread> {
        let limit = if path.ends_with(".asc") { SMALL } else { LIMIT };
        let place = format!("{address}/{path}");
        let unreachable = |why: String| Unread::Unreachable { place: place.clone(), why };
        match address {
            Address::Web(_) => {
                let url = place.parse().map_err(|_| unreachable("it is no address".to_owned()))?;
                self.web().map_err(|error| unreachable(error.to_string()))?.get(&url, limit)
            }
            Address::Folder(folder) => match regular::read(&folder.join(path), limit) {
                Ok(bytes) => Ok(Some(bytes)),
                Err(Unfit::TooLarge { .. }) => Err(Unread::Endless { place, limit }),
                Err(Unfit::Io(error))
                    if error.kind() == io::ErrorKind::NotFound && folder.exists() =>
                {
                    Ok(None)
                }
                Err(unfit) => Err(unreachable(unfit.to_string())),
            },
        }
    }
}
