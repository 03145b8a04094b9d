//! Where things are on a host (`cli 1`, files).

use std::path::{Path, PathBuf};

/// Absolute paths below a root folder, which is `/` but for images being built and for tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    root: PathBuf,
    plugins: PathBuf,
}

impl Places {
    /// Returns the places below `root`; `plugins` is the plugins root as the host itself names it.
    pub fn new(root: &Path, plugins: &str) -> Self {
        Self { root: root.to_owned(), plugins: root.join(plugins.trim_start_matches('/')) }
    }

    /// The root folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The plugins root: one folder per installed plugin.
    pub fn plugins(&self) -> &Path {
        &self.plugins
    }

    /// The state folder, in which all below it but the kept packages lives.
    pub fn state(&self) -> PathBuf {
        self.root.join("var/lib/plugins")
    }

    /// The registry.
    pub fn registry(&self) -> PathBuf {
        self.state().join("registry.db")
    }

    /// The journal of the plan under way; absent when none is.
    pub fn journal(&self) -> PathBuf {
        self.state().join("journal")
    }

    /// The lock that one writer holds.
    pub fn lock(&self) -> PathBuf {
        self.state().join("lock")
    }

    /// Private copies of packages that a plan under way installs from, by digest.
    pub fn incoming(&self) -> PathBuf {
        self.state().join("incoming")
    }

    /// What a package-manager trigger leaves to say that a sync is due.
    pub fn stamp(&self) -> PathBuf {
        self.state().join("sync-needed")
    }

    /// Packages kept for downgrade and undo without a network.
    pub fn kept(&self) -> PathBuf {
        self.root.join("var/cache/plugins/packages")
    }

    /// The log of what package managers said.
    pub fn log(&self) -> PathBuf {
        self.root.join("var/log/plugins.log")
    }

    /// Settings.
    pub fn settings(&self) -> PathBuf {
        self.root.join("etc/plugins")
    }

    /// The folder of keys and their scopes: `trust/` and `trust.d/` in it.
    pub fn trust(&self) -> PathBuf {
        self.settings()
    }

    /// Certificates that were trusted once, for an undo.
    pub fn put_by(&self) -> PathBuf {
        self.state().join("keys")
    }

    /// Vendor defaults of the same shape as the settings.
    pub fn defaults(&self) -> PathBuf {
        self.root.join("usr/lib/plugins")
    }
}
