//! Which plugins a host's product has.
//!
//! A [`Record`] is one entry of the registry, with the fields that the original system's REST interface
//! shows (`nailgun-api 3.1`). The [`store`] keeps records, links of the symlink layer, holds, who vouches
//! for what, and [`history`] in one SQLite file; it changes by [`Change`]s only, all of one command in
//! one transaction. [`rebuild`] brings a damaged one back with its numbers. [`scan`] reads the plugins
//! root, and [`sync`] compares the two: a pure function from what is on disk and what is recorded to the
//! changes that make the registry true.

mod change;
pub mod history;
pub mod rebuild;
mod record;
pub mod scan;
mod schema;
pub mod store;
pub mod sync;
mod trust;

pub use change::{Change, Hold, Link};
pub use record::{Fingerprint, Kept, Origin, Plugin, Presence, Record, RecordId};
pub use store::{Reader, Store, StoreError};
pub use trust::{BadCertificate, Certificate, Publisher, Source, Voucher};
