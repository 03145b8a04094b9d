//! Synchronisation: the registry is made to say what is on disk. Packages are never touched.

use std::collections::BTreeMap;

use registry::history::State;
use registry::sync::{Comparison, Outcome, Scope, compare};
use registry::{Change, Hold, Presence, Record, RecordId};

use super::draft::Draft;
use super::layer;
use super::present::{Inventory, Present, same};
use super::register::registered_state;
use super::{Plan, Refusal};
use crate::HostState;

/// A plan, and what the comparison that it comes from says of each plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a plan is to be applied or shown"]
pub struct Synced {
    /// What is to be done.
    pub plan: Plan,
    /// What happened and what is wrong, by folder.
    pub reports: Vec<Outcome>,
    /// How many things in the plugins root are no plugins at all.
    pub strays: usize,
    /// How many entries are as they were.
    pub unchanged: usize,
}

/// Decides how to make the registry true, or why not.
pub fn sync(state: &HostState, scope: &Scope) -> Result<Synced, Refusal> {
    let Comparison { changes, reports, strays, unchanged } =
        compare(&state.folders, &state.records, &state.links, scope, state.next_record)
            .map_err(|unknown| Refusal::UnknownRecord(unknown.0))?;
    let inventory = Inventory::new(state);
    let by_id: BTreeMap<RecordId, &Record> =
        state.records.iter().map(|record| (record.id, record)).collect();
    let mut draft = Draft::new(state);
    for change in changes {
        tell(&mut draft, &inventory, &by_id, &change);
        draft.change(change);
    }
    Ok(Synced { plan: draft.finish()?, reports, strays, unchanged })
}

/// Adds what history says of a change, and has links into a changed folder follow it.
fn tell(
    draft: &mut Draft<'_>,
    inventory: &Inventory<'_>,
    by_id: &BTreeMap<RecordId, &Record>,
    change: &Change,
) {
    let (Change::Put { id, .. } | Change::Mark { id, .. } | Change::Remove { id }) = change else {
        return;
    };
    let record = by_id.get(id).copied();
    let plugin = match change {
        Change::Put { plugin, .. } => &plugin.id,
        _ => match record {
            Some(record) => &record.plugin.id,
            None => return,
        },
    };
    let there = inventory.at(plugin.package_name().as_str());
    let kept = &draft.host.kept;
    let now = State {
        plugin: plugin.clone(),
        record: Some(*id),
        installed: there.is_some_and(Present::is_installed),
        package: kept
            .iter()
            .find(|kept| same(&kept.plugin, plugin))
            .map(|kept| kept.sha256.clone()),
        voucher: match change {
            Change::Put { voucher, .. } => voucher.clone(),
            _ => record.map(|record| record.voucher.clone()).unwrap_or_default(),
        },
    };
    let before = match (record, there) {
        (Some(record), Some(there)) => registered_state(there, record, &now),
        _ => State { record: None, ..now.clone() },
    };
    let after = match change {
        Change::Remove { .. } => State { record: None, ..now },
        Change::Mark { presence, .. } => State { installed: *presence == Presence::Present, ..now },
        _ => now,
    };
    renew(draft, &before, &after);
    draft.plugin_event(Some(before), Some(after));
    if let Change::Put { .. } = change
        && let Err(refusal) = layer::follow(draft, plugin)
    {
        draft.note(refusal.to_string());
    }
}

/// A held plugin that has another version now is kept at that one.
fn renew(draft: &mut Draft<'_>, before: &State, after: &State) {
    let id = &after.plugin;
    let hold = Hold { name: id.name.clone(), line: id.line() };
    if after.installed && !same(&before.plugin, id) && draft.host.holds.contains(&hold) {
        draft.note(format!(
            "{}-{} is held, and kept at {} from now on",
            hold.name, hold.line, id.version
        ));
        draft.guard_again(&hold);
    }
}
