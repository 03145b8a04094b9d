//! Names derived from a plugin's name and version (`fuel-formats 1.4`).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Generation, PluginName, ReleaseLine, Version};

/// The folder on a host that holds one folder per installed plugin.
pub const PLUGINS_ROOT: &str = "/var/www/nailgun/plugins";

/// Name, version and generation: what tells one plugin package from every other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PluginId {
    /// The plugin's name.
    pub name: PluginName,
    /// Its full version.
    pub version: Version,
    /// Its package version.
    pub generation: Generation,
}

/// The name of a package and of its folder below the plugins root: `demo-1.0`, legacy `demo-1.0.2`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageName(String);

impl PluginId {
    /// Returns the release line that the plugin's version is on.
    pub fn line(&self) -> ReleaseLine {
        self.version.line()
    }

    /// Returns the package's name: by release line, or by full version for a legacy plugin, whose
    /// versions all stand side by side.
    pub fn package_name(&self) -> PackageName {
        PackageName(if self.generation.is_legacy() {
            format!("{}-{}", self.name, self.version)
        } else {
            format!("{}-{}", self.name, self.line())
        })
    }

    /// Returns the plugin's folder on a host, absolute.
    pub fn folder(&self) -> String {
        format!("{PLUGINS_ROOT}/{}", self.package_name())
    }
}

/// `demo==1.0.2`, as administrators write it.
impl fmt::Display for PluginId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=={}", self.name, self.version)
    }
}

impl PackageName {
    /// Returns the name as RPM and the plugins root have it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name as Debian packages need it, where an underscore is not allowed: `_` becomes
    /// `-`. Two plugins may therefore share a Debian name.
    ///
    /// `None` where no such name can be: Debian's begin with a letter or digit.
    pub fn for_debian(&self) -> Option<String> {
        let name = self.0.replace('_', "-");
        name.starts_with(|c: char| c.is_ascii_alphanumeric()).then_some(name)
    }
}

impl fmt::Display for PackageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str, version: &str, generation: Generation) -> PluginId {
        PluginId { name: name.parse().unwrap(), version: version.parse().unwrap(), generation }
    }

    #[test]
    fn packages_are_named_by_line_and_legacy_ones_by_version() {
        assert_eq!(id("demo", "1.0.2", Generation::V5).package_name().as_str(), "demo-1.0");
        assert_eq!(id("demo", "01.02.3", Generation::V2).package_name().as_str(), "demo-1.2");
        assert_eq!(id("demo", "1.0.2", Generation::V1).package_name().as_str(), "demo-1.0.2");
        let folder = id("my_p", "1.0.2", Generation::V3).folder();
        assert_eq!(folder, "/var/www/nailgun/plugins/my_p-1.0");
    }

    #[test]
    fn debian_names_have_no_underscore() {
        let debian = |name| id(name, "1.0.2", Generation::V4).package_name().for_debian();
        assert_eq!(debian("my_plugin").as_deref(), Some("my-plugin-1.0"));
        assert_eq!(debian("_x"), None);
        assert_eq!(debian("-"), None);
    }
}
