//! What a package file brings, for those who only look at it: nothing is taken in.

use std::path::{Path, PathBuf};

use plugin::PluginId;

use super::OfferError;
use super::intake::{inspect, open};

/// What a package file brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The plugin that its metadata names; `None` where it names none.
    pub plugin: Option<PluginId>,
    /// The package's own name.
    pub package: String,
    /// Its files and folders as they would be on a host, sorted.
    pub files: Vec<PathBuf>,
}

/// Reads the package at `path`, whoever made it. Its digests have to hold.
pub fn contents(path: &Path) -> Result<Contents, OfferError> {
    let package = inspect(path, &mut open(path)?)?;
    let metadata = package.metadata.as_deref();
    Ok(Contents {
        plugin: metadata
            .and_then(|text| registry::scan::plugin_from(text).ok())
            .map(|plugin| plugin.id),
        package: package.name,
        files: package.files.into_keys().map(PathBuf::from).collect(),
    })
}
