//! The stage for whole-program tests: the built programs, sample plugins, forged packages, and scratch
//! hosts on which the real rpm, dnf, dpkg and apt work.
//!
//! A test makes a [`Plugin`], has the built program work on it with [`fpb`], and brings the package onto
//! a [`RedHatHost`] or [`DebianHost`], each a folder of its own. Packages that `fpb` would never make
//! come from [`forge`]; [`bounded`] runs it where it must neither hang nor fill the memory.
//!
//! Every file in `tests/` is one user story, or one sort of harm. A tool that is missing skips the test
//! aloud; where `CI` is set it fails it. Tests called `torture_…` are sweeps: a sample of their points
//! by default, all of them under `make torture`.

mod answers;
mod debian;
pub mod forge;
mod host;
mod keys;
mod manager;
pub mod odd;
mod plugin;
mod publisher;
mod redhat;
pub mod repack;
mod run;
mod server;
mod shell;
mod sweep;
mod torture;
mod tree;

pub use debian::DebianHost;
pub use host::{Host, PLUGINS};
pub use keys::Key;
pub use manager::Manager;
pub use plugin::Plugin;
pub use publisher::Publisher;
pub use redhat::RedHatHost;
pub use run::{Outcome, bounded, built, command, finish, fpb, have, run};
pub use server::{Fault, Server};
pub use sweep::{Seen, Sweep, Victim, overtake, see};
pub use torture::{Numbers, damage, torture};
pub use tree::tree;
