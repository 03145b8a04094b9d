//! Which files a package has, as the package manager's database lists them.

use std::ffi::OsString;
use std::path::PathBuf;

use super::backend::Family;
use super::{Host, HostError};

impl Host {
    /// Returns the files and folders of an installed package, as the machine itself names them.
    pub fn files_of(&self, package: &str) -> Result<Vec<PathBuf>, HostError> {
        let manager = self.manager()?;
        let mut command: Vec<OsString> = vec![manager.reader.clone().into()];
        match manager.backend.family() {
            Family::Rpm => {
                command.extend(manager.root_words());
                command.extend(["-ql", "--", package].map(OsString::from));
            }
            Family::Dpkg => {
                command.extend(manager.admin_word());
                command.extend(["-L", "--", package].map(OsString::from));
            }
        }
        let text = self.runner.ask(&command)?.success()?;
        // dpkg also tells where files were diverted to, and rpm that there is none.
        Ok(text.lines().filter(|line| line.starts_with('/')).map(PathBuf::from).collect())
    }
}
