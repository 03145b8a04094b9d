//! Files of settings that plans write: keys, and where package managers find repositories.

use std::io::{self, Write};
use std::path::PathBuf;

use packaging::durable;

use super::{Bench, StepFailed};

impl Bench<'_> {
    /// Whether a file has this content, or is not there.
    pub(super) fn is_placed(&self, path: &str, content: Option<&str>) -> Result<bool, StepFailed> {
        let found = match fs_err::read(self.below_root(path)) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        Ok(found.as_deref() == content.map(str::as_bytes))
    }

    /// Writes a file, with the folders that it needs, or takes it away.
    pub(super) fn place(&self, path: &str, content: Option<&str>) -> Result<(), StepFailed> {
        let path = self.below_root(path);
        let folder = path.parent().expect("it is below the root");
        match content {
            Some(content) => {
                fs_err::create_dir_all(folder)?;
                durable::replace::<io::Error>(&path, |file| file.write_all(content.as_bytes()))?;
            }
            None => {
                fs_err::remove_file(&path)?;
                fs_err::File::open(folder)?.sync_all()?;
            }
        }
        Ok(())
    }

    fn below_root(&self, path: &str) -> PathBuf {
        self.host.places().root().join(path.trim_start_matches('/'))
    }
}
