//! All that is needed to write a package, in no format's terms.

use plugin::PluginId;

use crate::Contents;

/// A package to be written. The same blueprint gives the same bytes.
#[derive(Clone, Debug)]
pub struct Blueprint {
    /// The plugin's name, version and generation; the package's name follows from it.
    pub id: PluginId,
    /// The package's own release: `build_version`, `1` where there is none.
    pub release: String,
    /// One line.
    pub title: String,
    /// Free text.
    pub description: String,
    /// Where the plugin lives on the web.
    pub homepage: Option<String>,
    /// Licenses, in the order of the metadata.
    pub licenses: Vec<String>,
    /// Authors, in the order of the metadata.
    pub authors: Vec<String>,
    /// What is below [`PluginId::folder`].
    pub contents: Contents,
    /// What runs on the host around installation and removal.
    pub hooks: Hooks,
    /// The one time that the package and everything in it carries: seconds since 1970, UTC.
    pub time: u32,
}

/// Scripts of the plugin that run on the host (`fuel-formats 6.1`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hooks {
    /// `pre_install.sh`: before files are put in place, on install and on update.
    pub before_install: Option<Hook>,
    /// `post_install.sh`: after files are put in place, on install and on update.
    pub after_install: Option<Hook>,
    /// `uninstall.sh`: before the last version goes away, not on update.
    pub before_removal: Option<Hook>,
}

/// A script and what runs it. Its one argument has RPM's meaning: 1 on install, 2 on update, 0 on
/// the last removal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// The interpreter and its fixed arguments, from the script's first line; `/bin/sh` where there
    /// is none. Never empty; the first is an absolute path.
    pub interpreter: Vec<String>,
    /// The whole script, first line included, `%{name}` and its like already expanded.
    pub body: String,
}
