//! What a build is asked for.

use std::path::PathBuf;

use packaging::Compression;
use plugin::{Format, Metadata};

use super::{BuildError, blueprint};

/// What is to be built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The plugin's folder.
    pub directory: PathBuf,
    /// Formats; none for the package version's own.
    pub formats: Vec<Format>,
    /// Where packages go; `None` for the plugin's folder.
    pub output: Option<PathBuf>,
    /// The packages' release; `None` for that of the metadata.
    pub release: Option<String>,
    /// How payloads are compressed; `None` for the format's default.
    pub compression: Option<Compression>,
    /// The compressor's level; `None` for its default.
    pub level: Option<i32>,
    /// Whether the plugin's `pre_build_hook` is run.
    pub hooks: bool,
    /// Whether warnings stop the build.
    pub strict: bool,
    /// The time in the packages, in seconds since 1970; `None` for one that follows from the version.
    pub epoch: Option<u32>,
}

impl Request {
    /// Returns the formats to be built, each once.
    pub(super) fn formats_of(&self, metadata: &Metadata) -> Vec<Format> {
        let mut formats = Vec::new();
        for &format in &self.formats {
            if !formats.contains(&format) {
                formats.push(format);
            }
        }
        if formats.is_empty() {
            formats.push(metadata.id.generation.format());
        }
        formats
    }

    /// Refuses what cannot be built of this plugin.
    pub(super) fn refuse_unfit(&self, metadata: &Metadata) -> Result<(), BuildError> {
        let generation = metadata.id.generation;
        let fits = |format: &Format| match format {
            Format::Fp => generation.is_legacy(),
            Format::Rpm => !generation.is_legacy(),
            Format::Deb => true,
        };
        if let Some(format) = self.formats_of(metadata).into_iter().find(|format| !fits(format)) {
            return Err(BuildError::Format { format, generation });
        }
        blueprint::release(self.release.as_deref(), metadata)?;
        Ok(())
    }
}
