//! `fpb create`: the skeleton of a new plugin (`fuel-formats 3`).
//!
//! All or nothing: the skeleton grows in a hidden folder beside its place and is moved there as the
//! last step. What stands at that place already is never replaced.

mod skeleton;

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use packaging::durable;
use plugin::{BadName, Generation, PluginName};

use crate::parents::Parents;
use skeleton::File;

/// A plugin that has just been created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// Its folder.
    pub path: PathBuf,
    /// Its name: the folder's.
    pub name: PluginName,
    /// Its package version.
    pub generation: Generation,
    /// Its files, relative to the folder, sorted.
    pub files: Vec<&'static str>,
}

/// Why no plugin was created. Nothing has been changed.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// There is something at the path, be it a symlink that leads nowhere.
    #[error("`{}` exists already", .0.display())]
    Exists(PathBuf),
    /// The folder's name cannot be a plugin's.
    #[error(transparent)]
    Name(#[from] BadName),
    /// A file or folder could not be made.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Says of an error where it happened.
#[derive(Debug, thiserror::Error)]
#[error("failed to make `{}`: {error}", path.display())]
struct Unmade {
    path: PathBuf,
    error: io::Error,
}

/// Creates the skeleton of a plugin at `path`, whose last part is the plugin's name. Makes missing
/// parents.
pub fn create(path: &Path, generation: Generation) -> Result<Created, CreateError> {
    let path = without_trailing_slash(path);
    if path.symlink_metadata().is_ok() {
        return Err(CreateError::Exists(path));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().parse()?;
    let files = skeleton::files(generation);

    let parents = Parents::make(path.parent().unwrap_or(Path::new("")))?;
    // An error about a folder that is gone names it only so.
    let folder = fs_err::canonicalize(parents.folder())?;
    let staged = tempfile::Builder::new().prefix(".fpb-").tempdir_in(folder);
    // What such an error names is the hidden folder.
    let staged = staged.map_err(|error| unmade(&path, error.kind().into()))?;
    for file in &files {
        write(staged.path(), file, &name)?;
    }
    set_mode(staged.path(), 0o755)?;
    durable::publish_folder(staged.path(), &path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => CreateError::Exists(path.clone()),
        _ => CreateError::Io(unmade(&path, error)),
    })?;
    let _moved_away = staged.keep();
    parents.keep();
    Ok(Created { path, name, generation, files: files.iter().map(|file| file.path).collect() })
}

fn unmade(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), Unmade { path: path.to_owned(), error })
}

/// A trailing slash would follow a symlink instead of finding it.
fn without_trailing_slash(path: &Path) -> PathBuf {
    path.components().collect()
}

/// Writes one file and the folders on the way to it, whatever the umask.
fn write(folder: &Path, file: &File, name: &PluginName) -> io::Result<()> {
    let path = folder.join(file.path);
    let mut parent = folder.to_owned();
    for part in Path::new(file.path).parent().into_iter().flat_map(Path::components) {
        parent.push(part);
        if !parent.exists() {
            fs_err::create_dir(&parent)?;
            set_mode(&parent, 0o755)?;
        }
    }
    fs_err::write(&path, file.text_for(name))?;
    set_mode(&path, file.mode)?;
    fs_err::File::open(&path)?.sync_all()
}

fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    fs_err::set_permissions(path, PermissionsExt::from_mode(mode))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_at_the_path_is_left_alone_and_comes_before_the_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Bad Name");
        fs_err::os::unix::fs::symlink("nowhere", &path).unwrap();
        let slashed = PathBuf::from(format!("{}/", path.display()));
        for path in [&path, &slashed] {
            let refused = create(path, Generation::V5);
            assert!(matches!(refused, Err(CreateError::Exists(_))), "{refused:?}");
        }
        assert_eq!(fs_err::read_link(&path).unwrap(), Path::new("nowhere"));
    }

    #[test]
    fn a_failure_leaves_nothing_behind_not_even_parents() {
        let folder = tempfile::tempdir().unwrap();
        for bad in ["Demo", "a.b", "a b", "a\n", "é"] {
            let refused = create(&folder.path().join("x/y").join(bad), Generation::V5);
            assert!(matches!(refused, Err(CreateError::Name(_))), "{refused:?}");
        }
        let too_long = "a".repeat(300);
        let failed = create(&folder.path().join("x/y").join(too_long), Generation::V5);
        let failed = failed.unwrap_err().to_string();
        assert!(failed.contains("x/y/aaa") && failed.contains("too long"), "{failed}");
        assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 0);
        let failed = create(Path::new("/proc/demo"), Generation::V5).unwrap_err().to_string();
        assert!(failed.starts_with("failed to make `/proc/demo`: "), "{failed}");
    }
}
