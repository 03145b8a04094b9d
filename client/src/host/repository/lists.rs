//! What a repository says of its packages, and its signature on that, as apt has fetched both.

use std::ffi::OsString;
use std::path::Path;

use super::Available;
use crate::host::{Host, HostError};

/// The folder that lists are put into, among the packages that are taken in.
pub(crate) const LISTS: &str = "lists";

/// Reads apt's lists whatever they are compressed with.
const READER: &str = "/usr/lib/apt/apt-helper";

/// One list, as apt is to name it: the repository's address and the file.
const ROW: &str = "$(REPO_URI)\t$(FILENAME)";

/// What the name of a signed list of lists ends with.
const SIGNED: &str = "InRelease";

impl Host {
    /// Copies the lists of the repository that has `wanted` into `into`, uncompressed, each under the
    /// name that apt gave it.
    pub(super) fn put_lists(&self, wanted: &Available, into: &Path) -> Result<(), HostError> {
        let folder = into.join(LISTS);
        fs_err::create_dir_all(&folder)?;
        let manager = self.manager()?;
        let mut command = manager.apt(true);
        command.extend(manager.arguments.iter().cloned());
        command
            .extend(["indextargets", "--format", ROW, "Created-By: Packages"].map(OsString::from));
        let rows = self.runner.ask(&command)?.success()?;
        for row in rows.lines() {
            let Some((address, list)) = row.split_once('\t') else { continue };
            if wanted.repository.starts_with(address.trim_end_matches('/')) {
                self.put_list(Path::new(list), &folder)?;
            }
        }
        Ok(())
    }

    /// Copies a list, and what vouches for it.
    fn put_list(&self, list: &Path, folder: &Path) -> Result<(), HostError> {
        let (Some(home), Some(name)) = (list.parent(), list.file_name()) else { return Ok(()) };
        let name = name.to_string_lossy();
        let Some((start, _)) = name.rsplit_once("Packages") else { return Ok(()) };
        let command = [READER.into(), "cat-file".into(), OsString::from(list)];
        let text = self.runner.ask(&command)?.success()?;
        fs_err::write(folder.join(format!("{start}Packages")), text)?;
        for entry in fs_err::read_dir(home)? {
            let path = entry?.path();
            let found = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
            let vouches =
                found.strip_suffix(SIGNED).is_some_and(|repository| start.starts_with(repository));
            if vouches {
                fs_err::copy(&path, folder.join(&*found))?;
            }
        }
        Ok(())
    }
}
