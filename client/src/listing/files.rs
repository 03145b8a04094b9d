//! Which files belong to a plugin: by its package's entry in the database, or, in the old format, by what
//! is in its folder.

use std::io;
use std::path::{Path, PathBuf};

use plugin::PluginId;
use serde::Serialize;

use crate::HostState;
use crate::host::{Host, HostError};

/// The files of a plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Files {
    /// The plugin; `None` where a package does not say.
    pub plugin: Option<PluginId>,
    /// The package that they belong to; `None` of a plugin that was unpacked without one.
    pub package: Option<String>,
    /// Its files and folders, as the machine itself names them, sorted.
    pub files: Vec<PathBuf>,
}

/// Why the files of a plugin cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum NoFiles {
    /// The package manager cannot be asked.
    #[error(transparent)]
    Host(#[from] HostError),
    /// A folder cannot be read.
    #[error(transparent)]
    Folder(#[from] io::Error),
}

/// Returns the files of an installed plugin. Behind a link of the symlink layer are those of another.
pub fn files(host: &Host, state: &HostState, plugin: &PluginId) -> Result<Files, NoFiles> {
    let folder = plugin.package_name();
    let plugin = Some(plugin.clone());
    if let Some(owner) = state.package_of(folder.as_str()) {
        let files = own(host.files_of(&owner.package)?, &state.profile.plugins);
        return Ok(Files { plugin, package: Some(owner.package.clone()), files });
    }
    let mut files = Vec::new();
    let shown = state.profile.plugins.join(folder.as_str());
    walk(&host.places().plugins().join(folder.as_str()), &shown, &mut files)?;
    files.sort();
    Ok(Files { plugin, package: None, files })
}

/// Returns the files of a package, sorted; of its folders those below the plugins root `plugins`, because
/// the others are everybody's.
pub fn own(mut files: Vec<PathBuf>, plugins: &Path) -> Vec<PathBuf> {
    files.sort();
    files.dedup();
    let mut rest = files.iter().peekable();
    let mut own = Vec::new();
    while let Some(path) = rest.next() {
        let is_folder = rest.peek().is_some_and(|next| next.starts_with(path));
        let is_of_plugins = path.starts_with(plugins) && path != plugins;
        if is_of_plugins || !(is_folder || path.ends_with(".")) {
            own.push(path.clone());
        }
    }
    own
}

/// Lists what is at `path`, which is `shown` to people. Links are listed and not followed.
fn walk(path: &Path, shown: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut rest = vec![(path.to_owned(), shown.to_owned())];
    while let Some((path, shown)) = rest.pop() {
        let metadata = match fs_err::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            found => found?,
        };
        if metadata.is_dir() {
            for entry in fs_err::read_dir(&path)? {
                let name = entry?.file_name();
                rest.push((path.join(&name), shown.join(&name)));
            }
        }
        files.push(shown);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_folders_only_the_plugins_own_are_counted() {
        let given = [
            "/.",
            "/usr",
            "/usr/share",
            "/usr/share/doc",
            "/usr/share/doc-base",
            "/usr/share/doc/demo",
            "/srv/plugins",
            "/srv/plugins/demo-1.0/empty",
            "/srv/plugins/demo-1.0",
        ];
        let told = own(given.iter().map(PathBuf::from).collect(), Path::new("/srv/plugins"));
        let expected = [
            "/srv/plugins/demo-1.0",
            "/srv/plugins/demo-1.0/empty",
            "/usr/share/doc/demo",
            "/usr/share/doc-base",
        ];
        assert_eq!(told, expected.map(PathBuf::from));
    }
}
