//! Files of a repository, wherever it is.

use std::io::{self, Read};
use std::time::Duration;

use super::web::Web;
use super::{Address, Unread};

/// The most that is read of any file here.
const LIMIT: u64 = 64 << 20;

/// The most that is read of a signature or a key.
const SMALL: u64 = 1 << 20;

/// A way to files of repositories.
#[derive(Debug)]
pub struct Transport {
    web: Web,
}

impl Transport {
    /// A server may be silent, or slow, for as long as `patience`.
    ///
    /// # Errors
    ///
    /// Where the system's certificates cannot be used.
    pub fn new(patience: Duration) -> Result<Self, Unread> {
        let web = Web::new(patience).map_err(|error| Unread::Unreachable {
            place: "https://".to_owned(),
            why: error.to_string(),
        })?;
        Ok(Self { web })
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
                self.web.get(&url, limit)
            }
            Address::Folder(folder) => match fs_err::File::open(folder.join(path)) {
                Ok(file) => {
                    let mut bytes = Vec::new();
                    let read = file.take(limit + 1).read_to_end(&mut bytes);
                    read.map_err(|error| unreachable(error.to_string()))?;
                    if bytes.len() as u64 > limit {
                        return Err(Unread::Endless { place, limit });
                    }
                    Ok(Some(bytes))
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound && folder.exists() => {
                    Ok(None)
                }
                Err(error) => Err(unreachable(error.to_string())),
            },
        }
    }
}
