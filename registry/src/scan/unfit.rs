//! Why a folder cannot be read as a plugin: sentences that begin with the file and the place.

use std::fmt;

use plugin::yaml::{self, Position};

use super::tree::Unreachable;

/// What is wrong with a plugin's folder; the first thing found.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unfit {
    /// A file that is there, or must be, cannot be read.
    #[error("{file}: {reason}")]
    File { file: String, reason: Unreachable },
    /// There is nothing to tell what plugin it is.
    #[error("metadata.yaml: the file is not there, or empty")]
    NoMetadata,
    /// More files are named than a plugin may have read.
    #[error(
        "{file}: the plugin's files are more than {files} or longer than {bytes} bytes together"
    )]
    TooMuch { file: String, files: usize, bytes: usize },
    /// It is not of a kind that can be read.
    #[error("{file}: only yaml, json and txt files can be read for a `_path` key")]
    Kind { file: String },
    /// It is no text.
    #[error("{file}:{at}: the file is not UTF-8")]
    Encoding { file: String, at: Place },
    /// It is no YAML.
    #[error("{file}:{error}")]
    Yaml { file: String, error: yaml::Error },
    /// It is no JSON; the error says where.
    #[error("{file}: {error}")]
    Json { file: String, error: serde_json::Error },
    /// A value is not as it must be.
    #[error("{file}:{at}: {message}")]
    Value { file: String, at: Place, message: String },
    /// What several files hold cannot be one value.
    #[error("metadata.yaml: the files of `{pattern}` are neither all lists nor all mappings")]
    Mixed { pattern: String },
    /// What a `_path` key says is no path inside the plugin.
    #[error("metadata.yaml: `{}` does not name a file of the plugin", .0.escape_debug())]
    Reference(String),
    /// The folder belongs to another plugin or version.
    #[error("metadata.yaml: the plugin is {plugin}, whose folder is `{expected}`, not `{folder}`")]
    Folder { plugin: String, expected: String, folder: String },
}

/// Line and column, as a message has them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place(pub(super) Position);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.0.line, self.0.column)
    }
}
