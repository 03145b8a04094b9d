//! The plans that cures are made of. Pure, but for reading kept packages.

use std::collections::BTreeSet;
use std::path::PathBuf;

use registry::history::{Entry, Event, State};
use registry::scan::{self, Content};
use registry::sync::Scope;
use registry::{Change, Link, Record};

use super::RepairError;
use crate::doctor::files::kept;
use crate::plan::{self, Item, Registration, Strategy, Transact, Verb};
use crate::{HostState, Installed, Intake, KeptPackage, Plan, Step};

/// Returns the plan that does nothing.
pub(super) fn nothing(state: &HostState) -> Plan {
    plan(state, Vec::new(), Vec::new())
}

fn plan(state: &HostState, steps: Vec<Step>, events: Vec<Event>) -> Plan {
    let entry = Entry {
        transaction: state.next_transaction,
        time: state.call.time,
        actor: state.call.actor.clone(),
        command: state.call.command.clone(),
        reverses: None,
        events,
    };
    Plan { entry, steps, notes: Vec::new(), settled: Vec::new() }
}

/// Makes the registry true.
pub(super) fn sync(state: &HostState) -> Result<Plan, RepairError> {
    Ok(plan::sync(state, &Scope::default())?.plan)
}

/// Installs what ought to be in `folders` again.
pub(super) fn reinstall(
    state: &HostState,
    intake: &Intake,
    folders: &[String],
) -> Result<Plan, RepairError> {
    let mut offers = Vec::new();
    for folder in folders {
        let kept = kept(state, folder).ok_or_else(|| RepairError::NotKept(folder.clone()))?;
        offers.push(intake.kept(kept)?);
    }
    Ok(plan::install(state, &offers, Strategy::Always)?)
}

/// Has the package manager bring packages to an end at the newest version that is kept; those of which
/// none is are left over.
pub(super) fn mend(state: &HostState, packages: &[String], left_over: &mut Vec<Item>) -> Plan {
    let mut items = Vec::new();
    let mut events = Vec::new();
    for package in packages {
        let rows: Vec<&Installed> =
            state.packages.iter().filter(|row| row.package == *package).collect();
        // The database lists them in the order in which they were installed.
        let found = rows.iter().rev().find_map(|row| Some((*row, kept_for(state, row)?)));
        match (found, rows.last()) {
            (Some((row, kept)), _) => {
                events.extend(repaired(state, row, kept));
                items.push(item(state, row, Some(kept)));
            }
            (None, Some(newest)) => left_over.push(item(state, newest, None)),
            (None, None) => {}
        }
    }
    if items.is_empty() {
        return nothing(state);
    }
    let transact = Transact { verb: Verb::Install, items, online: false };
    let register = Step::Register { changes: Vec::new() };
    plan(state, vec![Step::Transact(transact), Step::Flush, register], events)
}

fn kept_for<'a>(state: &'a HostState, row: &Installed) -> Option<&'a KeptPackage> {
    state.kept.iter().find(|kept| {
        kept.plugin.package_name().as_str() == row.folder
            && kept.plugin.version == row.plugin_version
    })
}

fn item(state: &HostState, row: &Installed, kept: Option<&KeptPackage>) -> Item {
    Item {
        package: row.package.clone(),
        folder: row.folder.clone(),
        format: state.profile.format.unwrap_or(plugin::Format::Rpm),
        sha256: kept.map(|kept| kept.sha256.clone()),
        // Were it not there before, it would be taken away where it cannot be finished.
        before: Some(row.version.clone()),
        after: Some(row.version.clone()),
        plugin_version: Some(row.plugin_version.clone()),
    }
}

/// Says that a registered plugin was brought to an end.
fn repaired(state: &HostState, row: &Installed, kept: &KeptPackage) -> Option<Event> {
    let record =
        state.records.iter().find(|at| at.plugin.id.package_name().as_str() == row.folder)?;
    let as_before = State {
        plugin: record.plugin.id.clone(),
        record: Some(record.id),
        installed: true,
        package: None,
        voucher: record.voucher.clone(),
    };
    let after = State { package: Some(kept.sha256.clone()), ..as_before.clone() };
    Some(Event::Plugin { before: Some(as_before), after: Some(after) })
}

/// Makes links anew that the layer has.
pub(super) fn relink(state: &HostState, links: &[Link]) -> Plan {
    let same = |link: &Link| Event::Link { before: Some(link.clone()), after: Some(link.clone()) };
    let change = |link: &Link| Registration::Change(Change::Link(link.clone()));
    let register = Step::Register { changes: links.iter().map(change).collect() };
    let steps = links.iter().cloned().map(Step::Link).chain([Step::Flush, register]);
    plan(state, steps.collect(), links.iter().map(same).collect())
}

/// Reads linked plugins of which the registry knows no more than which they are from their saved
/// folders; `saved` says where one is.
pub(super) fn read_linked(state: &HostState, saved: impl Fn(&str) -> PathBuf) -> Plan {
    let layer: BTreeSet<_> = state.links.iter().map(|link| (&link.name, &link.old)).collect();
    let read = |record: &Record| {
        let id = &record.plugin.id;
        if !record.plugin.releases.is_empty() || !layer.contains(&(&id.name, &id.version)) {
            return None;
        }
        let folder = id.package_name();
        let saved = saved(folder.as_str());
        match scan::read(saved.parent()?, folder.as_str()) {
            Content::Plugin(found) if found.plugin.id == *id => {
                Some(Registration::Change(Change::Put {
                    id: record.id,
                    plugin: Box::new(found.plugin),
                    kept: found.kept,
                    // It would tell of the folder at the plugin's name, which is a link.
                    fingerprint: None,
                    origin: record.origin.clone(),
                    voucher: record.voucher.clone(),
                }))
            }
            _ => None,
        }
    };
    let changes: Vec<_> = state.records.iter().filter_map(read).collect();
    let steps = if changes.is_empty() { Vec::new() } else { vec![Step::Register { changes }] };
    plan(state, steps, Vec::new())
}

/// Puts back what the layer saved.
pub(super) fn unlink(state: &HostState, links: &[Link]) -> Plan {
    let gone = |link: &Link| Event::Link { before: Some(link.clone()), after: None };
    let change = |link: &Link| {
        let (name, old) = (link.name.clone(), link.old.clone());
        Registration::Change(Change::Unlink { name, old })
    };
    let register = Step::Register { changes: links.iter().map(change).collect() };
    let unlink = |link: &Link| Step::Unlink { link: link.clone(), restore: true };
    let steps = links.iter().map(unlink).chain([Step::Flush, register]);
    plan(state, steps.collect(), links.iter().map(gone).collect())
}

/// Drops kept packages.
pub(super) fn forget(state: &HostState, sha256: &[String]) -> Plan {
    let mut plan = remember(state, format!("dropped {} kept packages of no use", sha256.len()));
    plan.steps.insert(0, Step::Forget { sha256: sha256.to_vec() });
    plan
}

/// Has the history say what was mended.
pub(super) fn remember(state: &HostState, what: String) -> Plan {
    let register = Step::Register { changes: Vec::new() };
    plan(state, vec![register], vec![Event::Repaired { what }])
}
