//! Removal: off the system and out of the registry. What is registered says which plugin is meant, what
//! is installed says how it goes.

use registry::{Hold, Link};

use super::draft::{Draft, Restore};
use super::gate;
use super::present::{Inventory, Present};
use super::{Plan, Refusal};
use crate::HostState;
use crate::spec::Target;

/// How a removal goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RemoveOptions {
    /// What is not here is no failure.
    pub if_present: bool,
    /// The entry stays in the registry, as missing.
    pub keep_registered: bool,
    /// Kept packages go too, so that it cannot be undone.
    pub purge: bool,
    /// Links to a removed target are undone first.
    pub force: bool,
}

/// Decides how to take plugins off the host, or why not.
pub fn remove(
    state: &HostState,
    targets: &[Target],
    options: RemoveOptions,
) -> Result<Plan, Refusal> {
    let inventory = Inventory::new(state);
    let mut going: Vec<&Present<'_>> = Vec::new();
    for target in targets {
        match inventory.find(target) {
            Ok(there) if going.iter().any(|other| other.folder == there.folder) => {}
            Ok(there) => going.push(there),
            Err(Refusal::Unknown { .. }) if options.if_present => {}
            Err(refusal) => return Err(refusal),
        }
    }
    // Links go before what they lead to.
    going.sort_by_key(|there| there.link.is_none());
    let mut draft = Draft::new(state);
    for there in &going {
        remove_one(&mut draft, there, options)?;
    }
    lift_holds(&mut draft, &inventory, &going);
    draft.finish()
}

fn remove_one(
    draft: &mut Draft<'_>,
    there: &Present<'_>,
    options: RemoveOptions,
) -> Result<(), Refusal> {
    if options.force {
        let into = |link: &&Link| link.folder == there.folder;
        for link in draft.links.iter().filter(into).cloned().collect::<Vec<_>>() {
            draft.unlink(&link, Restore::Back);
        }
    }
    let before = there.state(&draft.host.kept);
    gate::mention(draft, Some(there));
    draft.take_away(there)?;
    if let Some(record) = there.record {
        draft.forget_record(record, options.keep_registered);
    }
    if options.purge {
        draft.purge(there);
    }
    let mut after = before.clone();
    after.installed = false;
    after.package = None;
    after.record = before.record.filter(|_| options.keep_registered);
    draft.plugin_event(Some(before), Some(after));
    Ok(())
}

/// A hold outlives no line: it would keep the package manager from bringing the plugin again.
fn lift_holds(draft: &mut Draft<'_>, inventory: &Inventory<'_>, going: &[&Present<'_>]) {
    for hold in &draft.host.holds {
        let on_line =
            |there: &&&Present<'_>| there.id.name == hold.name && there.id.line() == hold.line;
        let stays = |there: &&Present<'_>| {
            on_line(&there) && !going.iter().any(|gone| gone.folder == there.folder)
        };
        if going.iter().any(|gone| on_line(&gone)) && !inventory.all().any(|there| stays(&there)) {
            draft.hold(&Hold { name: hold.name.clone(), line: hold.line }, false);
        }
    }
}
