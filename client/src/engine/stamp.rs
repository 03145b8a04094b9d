//! The stamp that says that a sync is due. Package managers' triggers leave it, ours too.

use std::io;

use packaging::durable;
use registry::scan::scan;
use registry::store::Store;
use registry::sync::{Scope, compare};

use crate::host::Host;

/// Whether a sync is due, for all that is known.
pub(super) fn is_there(host: &Host) -> bool {
    host.places().stamp().exists()
}

/// Leaves the stamp.
pub(super) fn leave(host: &Host) -> io::Result<()> {
    durable::replace::<io::Error>(&host.places().stamp(), |_| Ok(()))
}

/// Takes the stamp away where the registry says what is true: our own transactions let the trigger
/// leave it as well. Returns whether a sync is due; where that cannot be found out, or the stamp not be
/// removed, one is: it costs no more than a sync that finds nothing.
pub(super) fn settle(host: &Host, store: &Store) -> bool {
    // A stamp that was left while we looked is another one.
    let Some(stamp) = left_at(host) else { return false };
    let is_settled = differs(host, store) == Some(false) && left_at(host) == Some(stamp);
    !(is_settled && fs_err::remove_file(host.places().stamp()).is_ok())
}

/// Returns when the stamp was left.
fn left_at(host: &Host) -> Option<std::time::SystemTime> {
    fs_err::symlink_metadata(host.places().stamp()).and_then(|found| found.modified()).ok()
}

/// Whether the registry says anything but what is there; `None` where that cannot be found out.
fn differs(host: &Host, store: &Store) -> Option<bool> {
    let folders = scan(host.places().plugins(), &store.fingerprints().ok()?).ok()?;
    let (records, links) = (store.records().ok()?, store.links().ok()?);
    let next = store.next_record().ok()?;
    let compared = compare(&folders, &records, &links, &Scope::default(), next);
    Some(compared.map_or(true, |found| !found.changes.is_empty()))
}
