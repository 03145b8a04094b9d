//! Registration of what is on disk, and its end (`fuel-client 4.2`–`4.4`, `4.6`).
//!
//! Folders that cannot be read disturb nobody but who asks for them, and a link is never read through.

use registry::history::State;
use registry::scan::{Content, Found};
use registry::{Change, Origin, Presence, Record, Voucher};

use super::draft::Draft;
use super::present::{Inventory, Present, same};
use super::{Plan, Refusal, gate};
use crate::HostState;
use crate::spec::{Target, nearest};

/// What becomes of an entry that is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Registered {
    /// A legacy entry stays as it is.
    #[default]
    Stays,
    /// It is read again from its folder.
    Again,
}

/// Decides how to register plugins that are on disk, or why not.
///
/// A version of a registered line takes over that line's entry, number and all; a legacy version that
/// is registered stays as it is, and is told as settled.
pub fn register(
    state: &HostState,
    targets: &[Target],
    registered: Registered,
) -> Result<Plan, Refusal> {
    let inventory = Inventory::new(state);
    let mut draft = Draft::new(state);
    for target in targets {
        let there = on_disk(state, &inventory, target)?;
        gate::known_to_product(state, metadata(there))?;
        let again = registered == Registered::Again;
        match (there.content, there.record) {
            (Some(Content::Plugin(found)), Some(record)) if again || !is_settled(there) => {
                put(&mut draft, there, found, Some(record))?;
            }
            (Some(Content::Plugin(found)), None) => put(&mut draft, there, found, None)?,
            (Some(Content::Unchanged), Some(record)) if again => {
                draft.read_again(record);
                retell(&mut draft, there, record);
            }
            (_, Some(record)) if record.presence == Presence::Missing => {
                draft.change(Change::Mark { id: record.id, presence: Presence::Present });
                retell(&mut draft, there, record);
            }
            _ => draft.settle(&there.id),
        }
    }
    draft.finish()
}

/// Whether a registered plugin stays as it is unless forced: a legacy one, files changed or not.
fn is_settled(there: &Present<'_>) -> bool {
    there.is_legacy() && there.is_registered_as_installed()
}

/// Returns the plugin on disk that a target means.
fn on_disk<'i, 'a>(
    state: &HostState,
    inventory: &'i Inventory<'a>,
    target: &Target,
) -> Result<&'i Present<'a>, Refusal> {
    let mut readable: Vec<_> = inventory.named(target.name());
    readable.retain(|there| {
        matches!(there.content, Some(Content::Plugin(_) | Content::Unchanged))
            && there.link.is_none()
            && target.fits(metadata(there))
    });
    if matches!(target, Target::Line(..)) && readable.iter().any(|there| !there.is_legacy()) {
        readable.retain(|there| !there.is_legacy());
    }
    match readable[..] {
        [one] => Ok(one),
        [] => Err(why_not(state, inventory, target)),
        _ => Err(Refusal::Ambiguous {
            target: target.clone(),
            candidates: readable.iter().map(|there| metadata(there).clone()).collect(),
        }),
    }
}

/// Returns what a folder's metadata says, which a package's version may not.
fn metadata<'p>(there: &'p Present<'_>) -> &'p plugin::PluginId {
    match (there.content, there.record) {
        (Some(Content::Plugin(found)), _) => &found.plugin.id,
        (_, Some(record)) => &record.plugin.id,
        _ => &there.id,
    }
}

fn why_not(state: &HostState, inventory: &Inventory<'_>, target: &Target) -> Refusal {
    let named = inventory.named(target.name());
    if let Some((there, link)) = named
        .iter()
        .filter(|there| target.fits(&there.id))
        .find_map(|there| Some((there, there.link?)))
    {
        return Refusal::ThroughLink { plugin: there.id.clone(), target: link.target.clone() };
    }
    for folder in &state.folders {
        match &folder.content {
            Content::Plugin(found) if target.fits(&found.plugin.id) => {
                return Refusal::Misplaced {
                    plugin: found.plugin.id.clone(),
                    folder: folder.name.clone(),
                    expected: found.plugin.id.package_name().to_string(),
                };
            }
            Content::Broken(reason) if is_folder_of(target, &folder.name) => {
                return Refusal::Broken { folder: folder.name.clone(), reason: reason.clone() };
            }
            _ => {}
        }
    }
    Refusal::NotOnDisk {
        target: target.clone(),
        present: named
            .into_iter()
            .filter(|there| there.is_installed())
            .map(|there| there.id.clone())
            .collect(),
    }
}

/// Whether a folder has the name that a target's plugin would have, legacy or not.
fn is_folder_of(target: &Target, folder: &str) -> bool {
    match target {
        Target::Name(_) => false,
        Target::Line(name, line) => folder == format!("{name}-{line}"),
        Target::Exact(name, version) => {
            folder == format!("{name}-{version}") || folder == format!("{name}-{}", version.line())
        }
    }
}

/// Puts an entry: over `record`, whatever version it had, or a new one.
fn put(
    draft: &mut Draft<'_>,
    there: &Present<'_>,
    found: &Found,
    record: Option<&Record>,
) -> Result<(), Refusal> {
    let id = &found.plugin.id;
    let clash = draft.host.registered(&id.name).into_iter().find(|other| {
        let other_id = &other.plugin.id;
        other_id.version.as_str() == id.version.as_str()
            && other_id.package_name() != id.package_name()
    });
    if let Some(clash) = clash {
        let generation = clash.plugin.id.generation;
        return Err(Refusal::SameVersion { offered: id.clone(), generation });
    }
    let unchanged_version = record.filter(|record| same(&record.plugin.id, id));
    let voucher = unchanged_version.map_or(Voucher::Unknown, |record| record.voucher.clone());
    let number = match record {
        Some(record) => record.id,
        None => draft.new_record(),
    };
    draft.change(Change::Put {
        id: number,
        plugin: Box::new(found.plugin.clone()),
        kept: found.kept.clone(),
        fingerprint: Some(found.fingerprint.clone()),
        origin: unchanged_version.map_or(Origin::Disk, |record| record.origin.clone()),
        voucher: voucher.clone(),
    });
    let after = State {
        plugin: id.clone(),
        record: Some(number),
        voucher,
        ..there.state(&draft.host.kept)
    };
    let before = match record {
        Some(record) => registered_state(there, record, &after),
        None => State { record: None, ..after.clone() },
    };
    draft.plugin_event(Some(before), Some(after));
    Ok(())
}

/// Returns what the registry said before: its own version, which the folder may not have had any more.
pub(super) fn registered_state(there: &Present<'_>, record: &Record, after: &State) -> State {
    State {
        plugin: record.plugin.id.clone(),
        record: Some(record.id),
        installed: record.presence == Presence::Present,
        package: after.package.clone().filter(|_| same(&record.plugin.id, &there.id)),
        voucher: record.voucher.clone(),
    }
}

fn retell(draft: &mut Draft<'_>, there: &Present<'_>, record: &Record) {
    let after = there.state(&draft.host.kept);
    let before = registered_state(there, record, &after);
    draft.plugin_event(Some(before), Some(after));
}

/// Decides how to take entries out of the registry, files left alone, or why not.
pub fn unregister(state: &HostState, targets: &[Target]) -> Result<Plan, Refusal> {
    let inventory = Inventory::new(state);
    let mut draft = Draft::new(state);
    let mut going: Vec<&Record> = Vec::new();
    for target in targets {
        let record = registered_as(state, target)?;
        if going.iter().any(|other| other.id == record.id) {
            continue;
        }
        going.push(record);
        draft.forget_record(record, false);
        let there = inventory.at(record.plugin.id.package_name().as_str());
        // Nothing could register it again: what is behind a link is another version.
        if let Some(link) = there.and_then(|there| there.link) {
            let (plugin, target) = (record.plugin.id.clone(), link.target.clone());
            return Err(Refusal::ThroughLink { plugin, target });
        }
        let before = there.map(|there| there.state(&state.kept));
        let after = before.clone().map(|before| State { record: None, ..before });
        if after.as_ref().is_some_and(|after| after.installed) {
            draft.note(format!(
                "the files of {} stay; a sync registers them again",
                record.plugin.id
            ));
        }
        draft.plugin_event(before, after);
    }
    draft.finish()
}

fn registered_as<'a>(state: &'a HostState, target: &Target) -> Result<&'a Record, Refusal> {
    let mut fitting = state.registered(target.name());
    fitting.retain(|record| target.fits(&record.plugin.id));
    let is_new = |record: &Record| !record.plugin.id.generation.is_legacy();
    if matches!(target, Target::Line(..)) && fitting.iter().any(|record| is_new(record)) {
        fitting.retain(|record| is_new(record));
    }
    match fitting[..] {
        [one] => Ok(one),
        [] => {
            let names = state.records.iter().map(|record| record.plugin.id.name.as_str());
            let near = nearest(target.name().as_str(), names);
            Err(Refusal::NotRegistered {
                target: target.clone(),
                near: near.map(|name| name.parse().expect("a known name is a name")),
            })
        }
        _ => Err(Refusal::Ambiguous {
            target: target.clone(),
            candidates: fitting.iter().map(|record| record.plugin.id.clone()).collect(),
        }),
    }
}
