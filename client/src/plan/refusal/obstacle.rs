//! What stands where a legacy plugin's folder should be.

use std::fmt;

use plugin::PluginId;

/// What stands where a folder should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// A symbolic link that is not of the layer.
    ForeignLink(String),
    /// A file or something else.
    Stray,
    /// A folder that cannot be read as a plugin.
    Broken(String),
    /// Another plugin.
    Other(PluginId),
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForeignLink(target) => {
                write!(f, "a link to `{}` made by someone else", target.escape_debug())
            }
            Self::Stray => f.write_str("not a folder"),
            Self::Broken(reason) => write!(f, "a folder that cannot be read ({reason})"),
            Self::Other(plugin) => write!(f, "the folder of {plugin}"),
        }
    }
}
