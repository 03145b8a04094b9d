//! What a repository signs of itself (`docs/repositories.md`): read, and not yet believed.

use std::fmt;

use jiff::Timestamp;
use plugin::PluginName;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Unread;

/// The shape of the documents that is known here. Fields may be added to it.
const SCHEMA: u32 = 1;

/// `apt/advisories.json`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Statement {
    /// What the repository calls itself.
    pub(super) repository: String,
    /// The suite of its face for apt.
    pub(super) suite: String,
    pub(super) date: Timestamp,
    pub(super) valid_until: Timestamp,
    pub(super) advisories: Vec<Advisory>,
}

/// `yum/repodata/expiry.json`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct YumStatement {
    pub(super) repository: String,
    pub(super) date: Timestamp,
    pub(super) valid_until: Timestamp,
    pub(super) repomd_sha256: String,
}

/// A notice about security.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advisory {
    /// Its name.
    pub id: String,
    /// How bad it is.
    pub severity: Severity,
    /// One line.
    pub title: String,
    /// When it was published.
    pub issued: Timestamp,
    /// What it is about, as the world calls it.
    #[serde(default)]
    pub cves: Vec<String>,
    /// The versions that mend it.
    #[serde(deserialize_with = "versions")]
    pub fixes: Vec<Version>,
    /// Versions that nobody should install any more.
    #[serde(deserialize_with = "versions")]
    pub withdraws: Vec<Version>,
}

/// How bad it is, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the terms are those of all distributions")]
pub enum Severity {
    Critical,
    Important,
    Moderate,
    Low,
}

/// A version of a plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The plugin.
    pub plugin: PluginName,
    /// Its version.
    pub version: plugin::Version,
}

/// Reads versions of plugins; a repository may have other packages too, which are not ours to judge.
fn versions<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Vec<Version>, D::Error> {
    #[derive(Deserialize)]
    struct Plain {
        plugin: String,
        version: String,
    }
    let plain = Vec::<Plain>::deserialize(input)?;
    let read = |plain: Plain| {
        Some(Version { plugin: plain.plugin.parse().ok()?, version: plain.version.parse().ok()? })
    };
    Ok(plain.into_iter().filter_map(read).collect())
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Critical => "critical",
            Self::Important => "important",
            Self::Moderate => "moderate",
            Self::Low => "low",
        })
    }
}

/// Reads a document.
pub(super) fn document<T: DeserializeOwned>(file: &str, bytes: &[u8]) -> Result<T, Unread> {
    #[derive(Deserialize)]
    struct Shape {
        schema: u32,
    }
    let malformed = |why: String| Unread::Malformed { file: file.to_owned(), why };
    let shape: Shape =
        serde_json::from_slice(bytes).map_err(|error| malformed(error.to_string()))?;
    if shape.schema != SCHEMA {
        return Err(malformed(format!(
            "its shape is {}, and {SCHEMA} is known here",
            shape.schema
        )));
    }
    serde_json::from_slice(bytes).map_err(|error| malformed(error.to_string()))
}
