//! plugins: keeps one host's plugins, its package manager's database and its registry in agreement.
//!
//! Every changing command is the same five steps: take the [`host::Lock`] and finish what a crash left in
//! the journal; observe the machine once into a [`HostState`]; [`plan`], which is pure and gives a
//! [`Plan`] or a [`Refusal`]; apply the plan, which is on disk before its first effect; report.
//! Nothing below [`host`] is reached any other way.

mod apply;
pub mod compat;
pub mod doctor;
pub mod engine;
mod ground;
pub mod host;
mod journal;
pub mod kept;
pub mod listing;
mod observe;
mod offer;
mod places;
pub mod plan;
pub mod regular;
pub mod repository;
pub mod spec;
mod state;
pub mod trust;
pub mod verify;

pub use apply::{Applied, Event, Reached, StepFailed, Stopped};
pub use ground::Unsafe;
pub use host::Host;
pub use journal::{Journal, JournalError};
pub use observe::{Depth, Question, Unobserved, observe};
pub use offer::{Contents, Intake, Offer, OfferError, Provenance, Script, contents};
pub use places::Places;
pub use plan::{Plan, Refusal, Step};
pub use spec::{Spec, Target};
pub use state::{Call, Condition, HostState, Installed, KeptPackage, Profile};
pub use trust::Trust;
