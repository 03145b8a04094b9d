//! fpb: creates, checks and builds plugins.
//!
//! Order of a build, never changed: read the source once, check what can be checked, run the
//! plugin's hook, read and check again, lay out the [`packaging::Blueprint`] (pure), write each
//! package beside its old one, replace it. A failure before the last step changes nothing.

pub mod build;
pub mod bump;
pub mod check;
pub mod code;
pub mod create;
pub mod diff;
pub mod edit;
pub mod finding;
pub mod hook;
pub mod inspect;
pub mod migrate;
mod parents;
mod release;
pub mod repo;
pub mod source;
mod tree;
pub mod verify;

pub use code::{Code, Explanation, UnknownCode};
pub use finding::{Finding, Severity, Step, ValuePath};
pub use source::{SideFile, Source, Unreadable};
