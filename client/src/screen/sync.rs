//! What a synchronisation found to be wrong, in sentences.

use registry::sync::{LinkFault, Outcome};

use crate::failure::Code;
use crate::failure::machine::{BROKEN_PLUGIN, NOT_IN_STEP};

/// Returns what is wrong; `None` where all is well or what changed is told already.
pub(crate) fn fault(outcome: &Outcome) -> Option<(Code, String)> {
    let told = match outcome {
        Outcome::Broken { folder, why, .. } => {
            return Some((BROKEN_PLUGIN, format!("`{folder}` cannot be read: {why}")));
        }
        Outcome::Missing { id, plugin } => {
            format!("{plugin} (number {id}) is registered and its files are not there")
        }
        Outcome::Clash { folder, plugin, with } => {
            format!("{plugin} in `{folder}` clashes with the plugin of number {with}")
        }
        Outcome::Link { link, fault } => {
            let what = match fault {
                LinkFault::Dangling => "leads to nothing",
                LinkFault::Absent => "is not there",
                _ => "is not as it was made",
            };
            let (name, old) = (&link.name, &link.old);
            format!("the link of {name} {old} {what}; `plugins unlink {name}=={old}` undoes it")
        }
        Outcome::ForeignLink { folder, target, .. } => {
            format!("`{folder}` is a link to `{target}` that someone else made; it is not followed")
        }
        Outcome::Registered { .. }
        | Outcome::Updated { .. }
        | Outcome::Downgraded { .. }
        | Outcome::Refreshed { .. }
        | Outcome::Found { .. }
        | Outcome::Pruned { .. } => return None,
    };
    Some((NOT_IN_STEP, told))
}
