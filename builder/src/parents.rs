//! Folders made on the way to something that may yet fail.

use std::io;
use std::path::{Path, PathBuf};

/// A folder that is there; what was made for it goes away again on drop, unless it is kept.
#[derive(Debug)]
pub(crate) struct Parents {
    folder: PathBuf,
    /// What was made, outermost first.
    made: Vec<PathBuf>,
}

impl Parents {
    /// Makes `folder` and all that is missing on the way to it.
    pub(crate) fn make(folder: &Path) -> io::Result<Self> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let mut parents = Self { folder: folder.to_owned(), made: Vec::new() };
        let missing: Vec<_> =
            folder.ancestors().take_while(|f| !f.as_os_str().is_empty() && !f.exists()).collect();
        for folder in missing.into_iter().rev() {
            match fs_err::create_dir(folder) {
                Ok(()) => parents.made.push(folder.to_owned()),
                // Another process needed it too, or it is `a/..`.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(parents)
    }

    /// Returns the folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Lets the folders stay.
    pub(crate) fn keep(mut self) {
        self.made.clear();
    }
}

impl Drop for Parents {
    fn drop(&mut self) {
        for folder in self.made.iter().rev() {
            // One that has got other content in the meantime is not ours alone any more, and stays.
            let _ = fs_err::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_made_goes_away_again() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("old"), folder.path().join("old/a/b"));
        fs_err::create_dir(&old).unwrap();
        drop(Parents::make(&new).unwrap());
        assert!(old.is_dir() && !old.join("a").exists());

        Parents::make(&new).unwrap().keep();
        assert!(new.is_dir());
    }
}
