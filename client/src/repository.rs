//! What a repository that `fpb repo publish` made says of itself, and whether that is to be believed.
//!
//! dnf and apt read packages themselves. What they lack is read here, on every host alike: notices about
//! security, and until when all of it counts. Nothing is taken that the repository's one key has not
//! signed ([`read`]); what was signed is then held against what the host has seen before ([`judge`]).
//! The notices that were believed last lie on the host ([`Notices`]), for those who look without a
//! network.

mod address;
mod contact;
mod documents;
mod edition;
mod error;
mod files;
mod notices;
mod standing;
mod transport;
mod web;

pub use address::{Address, BadAddress};
pub use contact::{Contact, contact};
pub use documents::{Advisory, Severity, Version};
pub use edition::{Edition, Side, read};
pub use error::Unread;
pub use files::{BadName, Connection, files_of, is_brought, name, rival};
pub(crate) use files::{brought, certificate_of, configuration, copy, is_ours, owned, trusted};
pub use notices::{BadCopy, Notice, Notices, may_speak};
pub use standing::{Expiry, Life, Outdated, judge, life};
pub use transport::Transport;
