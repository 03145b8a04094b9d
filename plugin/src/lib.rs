//! What a plugin is. Pure: no files, processes, network or clock.
//!
//! Words, one per concept: a *plugin* is what is delivered, a *package* one file that carries it. The
//! *package version* (also *generation*) is the shape of that package, `1.0.0` to `5.0.0`; it has
//! nothing to do with the plugin's own *version*. The first two numbers of that version are its
//! *release line*; packages are named by it (`demo-1.0`), and versions of one line replace each other.
//! *Legacy* means package version 1.0.0. The *plugins root* is the folder on a host that holds one
//! folder per installed plugin.

pub mod compatibility;
mod generation;
mod layout;
mod metadata;
mod name;
mod serial;
mod version;
pub mod yaml;

pub use generation::{Format, Generation, UnknownGeneration};
pub use layout::{PLUGINS_ROOT, PackageName, PluginId};
pub use metadata::{Metadata, OperatingSystem, Release};
pub use name::{BadName, PluginName};
pub use version::{BadVersion, PreRelease, ReleaseLine, Version};
