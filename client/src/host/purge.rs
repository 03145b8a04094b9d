//! What dpkg keeps of a package that was removed: files that the administrator may have edited, and the
//! script that clears up after it. rpm keeps nothing of the kind.

use std::ffi::OsString;

use super::{Host, HostError};

impl Host {
    /// Returns the command line that takes the rest of a removed package away.
    pub fn purge_line(&self, package: &str) -> Result<Vec<OsString>, HostError> {
        let mut command = self.manager()?.dpkg();
        command.extend(["--purge", "--", package].map(OsString::from));
        Ok(command)
    }

    /// Takes the rest of a removed package away.
    pub(crate) fn purge_removed(
        &self,
        package: &str,
        on: &mut dyn FnMut(&str),
    ) -> Result<(), HostError> {
        let ran = self.patiently(&self.purge_line(package)?, on)?;
        if self.has_rest(package)? { Err(HostError::Failed(ran)) } else { Ok(()) }
    }

    /// Whether dpkg has anything left of a package that it has removed.
    pub(crate) fn has_rest(&self, package: &str) -> Result<bool, HostError> {
        Ok(self.dpkg_status(package)? == "config-files")
    }
}
