//! What a build tells while it runs and when it is done.

use std::io;
use std::path::PathBuf;

use plugin::{Format, PluginId};

use crate::{Finding, Source};

/// What happens during a build.
#[derive(Debug)]
pub enum Event<'a> {
    /// The sources were checked; a second time with what only indexes bring about, if anything.
    Checked {
        /// What was read.
        source: &'a Source,
        /// What was found.
        findings: &'a [Finding],
    },
    /// The hook is about to run.
    HookStarted {
        /// The program.
        path: PathBuf,
    },
    /// The hook printed a line.
    HookLine {
        /// The line.
        line: String,
    },
    /// Nothing to tell, while the hook is silent or files are read: the caller's chance to leave.
    Working,
    /// The hook ended well.
    HookFinished,
    /// A package is about to be written.
    Packaging {
        /// Its file name.
        file: String,
        /// The length of its payload.
        total_bytes: u64,
    },
    /// Payload was read.
    Progress {
        /// How much since the last event.
        bytes: u64,
    },
    /// A package is in place.
    Built {
        /// The file.
        path: PathBuf,
        /// Its length in bytes.
        size: u64,
        /// Its SHA-256, hexadecimal.
        sha256: String,
    },
    /// The packages are in place, and one that they replace could not be removed.
    Left {
        /// Which, and why.
        problem: io::Error,
    },
}

/// What was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// The plugin.
    pub id: PluginId,
    /// Its packages, in the order of the request.
    pub packages: Vec<BuiltPackage>,
}

/// A package that is in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltPackage {
    /// Its format.
    pub format: Format,
    /// The file.
    pub path: PathBuf,
    /// Its length in bytes.
    pub size: u64,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
}
