//! Installation (`fuel 4.2`): a new line or legacy version beside what is there, a higher version of an
//! installed line over it.

use std::cmp::Ordering;

use registry::RecordId;
use registry::history::State;
use registry::scan::Content;

use super::draft::Draft;
use super::gate::{self, admit, given};
use super::layer;
use super::present::{Inventory, Present, same};
use super::refusal::Obstacle;
use super::{Plan, Refusal, Verb};
use crate::{HostState, Installed, Offer};

/// What becomes of a version that is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// It stays, whatever is offered; only what is not there at all is installed.
    OnlyNew,
    /// A higher version replaces it.
    #[default]
    Upgrade,
    /// A higher one replaces it, and the same is installed again.
    Always,
}

/// Decides how to bring offers onto the host, or why not.
pub fn install(state: &HostState, offers: &[Offer], strategy: Strategy) -> Result<Plan, Refusal> {
    admit(state, offers)?;
    let inventory = Inventory::new(state);
    let mut draft = Draft::new(state);
    for offer in offers {
        if offer.plugin.id.generation.is_legacy() {
            install_legacy(&mut draft, &inventory, offer, strategy)?;
        } else {
            install_new(&mut draft, &inventory, offer, strategy)?;
        }
    }
    draft.finish()
}

fn install_legacy(
    draft: &mut Draft<'_>,
    inventory: &Inventory<'_>,
    offer: &Offer,
    strategy: Strategy,
) -> Result<(), Refusal> {
    let id = &offer.plugin.id;
    let folder = id.package_name();
    let present = inventory.at(folder.as_str());
    let always = strategy == Strategy::Always;
    if let Some(link) = present.and_then(|present| present.link) {
        return Err(Refusal::ThroughLink { plugin: id.clone(), target: link.target.clone() });
    }
    match obstacle(draft.host, offer) {
        Some(Obstacle::Broken(_)) if always => {}
        Some(what) => {
            let folder = folder.to_string();
            return Err(Refusal::FolderTaken { folder, what, given: given(offer) });
        }
        None => {}
    }
    if let Some(present) = present.filter(|present| present.is_installed() && !always) {
        let unregistered = present.record.is_none();
        let identical = present.state(&draft.host.kept).package.as_ref() == Some(&offer.sha256);
        if !unregistered && (identical || strategy == Strategy::OnlyNew) {
            draft.settle(id);
            return Ok(());
        }
        let plugin = id.clone();
        return Err(Refusal::AlreadyThere { plugin, given: given(offer), unregistered });
    }
    bring(draft, offer, present, Verb::Install);
    layer::arrive(draft, id)?;
    layer::mention(draft, inventory, id);
    if let Some(new) = new_on_line(inventory, offer) {
        draft.note(format!("{id} is in the old package format and stands beside {new}"));
    }
    Ok(())
}

fn install_new(
    draft: &mut Draft<'_>,
    inventory: &Inventory<'_>,
    offer: &Offer,
    strategy: Strategy,
) -> Result<(), Refusal> {
    let id = &offer.plugin.id;
    let folder = id.package_name();
    let present = inventory.at(folder.as_str());
    let verb = match present.and_then(|present| present.package) {
        Some(package) => match against(package, offer) {
            _ if strategy == Strategy::OnlyNew => None,
            Ordering::Less => {
                return Err(Refusal::Older {
                    offered: id.clone(),
                    installed: package.plugin_version.clone(),
                    given: given(offer),
                });
            }
            Ordering::Equal if strategy == Strategy::Always => Some(Verb::Reinstall),
            Ordering::Equal => gate::again(present),
            Ordering::Greater => Some(Verb::Upgrade),
        },
        None => Some(Verb::Install),
    };
    match (verb, obstacle(draft.host, offer)) {
        // The package manager would unpack through a link, and mend a broken folder.
        (Some(_), Some(what @ (Obstacle::ForeignLink(_) | Obstacle::Stray))) => {
            let folder = folder.to_string();
            return Err(Refusal::FolderTaken { folder, what, given: given(offer) });
        }
        (Some(verb), _) => carry(draft, inventory, offer, verb)?,
        (None, _) => settle(draft, offer, present),
    }
    Ok(())
}

/// Has the package manager bring a new-format offer, unless its line is held, and the entry and the
/// symlink layer follow.
pub(super) fn carry(
    draft: &mut Draft<'_>,
    inventory: &Inventory<'_>,
    offer: &Offer,
    verb: Verb,
) -> Result<(), Refusal> {
    let id = &offer.plugin.id;
    let present = inventory.at(id.package_name().as_str());
    let package = present.and_then(|present| present.package);
    let stays = package.is_some_and(|package| against(package, offer) == Ordering::Equal);
    if draft.host.is_held(&id.name, id.line()) && !stays {
        return Err(Refusal::Held { name: id.name.clone(), line: id.line() });
    }
    gate::mention(draft, present);
    bring(draft, offer, present, verb);
    layer::arrive(draft, id)?;
    layer::mention(draft, inventory, id);
    Ok(())
}

/// Brings an offer's files, registers them under the number that its folder has, and tells history.
fn bring(draft: &mut Draft<'_>, offer: &Offer, present: Option<&Present<'_>>, verb: Verb) {
    draft.bring(offer, present, verb);
    let record = match present.and_then(|present| present.record) {
        Some(record) => record.id,
        None => draft.new_record(),
    };
    draft.adopt(offer, record);
    let before = present.map(|present| present.state(&draft.host.kept));
    draft.plugin_event(before, Some(brought(offer, record)));
}

/// Returns what history says of an offer once it is there.
pub(super) fn brought(offer: &Offer, record: RecordId) -> State {
    State {
        plugin: offer.plugin.id.clone(),
        record: Some(record),
        installed: true,
        package: Some(offer.sha256.clone()),
        voucher: offer.voucher.clone(),
    }
}

/// The version is there; at most the registry has to learn of it.
pub(super) fn settle(draft: &mut Draft<'_>, offer: &Offer, present: Option<&Present<'_>>) {
    let Some(present) = present else { return };
    if present.is_registered_as_installed() || !same(&present.id, &offer.plugin.id) {
        draft.settle(&present.id);
        return;
    }
    let record = match present.record {
        Some(record) => record.id,
        None => draft.new_record(),
    };
    draft.adopt_present(offer, record);
    let before = present.state(&draft.host.kept);
    let after = State { record: Some(record), ..before.clone() };
    draft.plugin_event(Some(before), Some(after));
}

/// Compares an offer with what is installed: by the plugin's version, then by the package's own
/// release where both are numbers.
pub(super) fn against(package: &Installed, offer: &Offer) -> Ordering {
    let release = |version: &str| version.rsplit_once('-')?.1.parse::<u64>().ok();
    offer.plugin.id.version.cmp(&package.plugin_version).then_with(|| {
        match (release(&offer.version), release(&package.version)) {
            (Some(offered), Some(installed)) => offered.cmp(&installed),
            _ => Ordering::Equal,
        }
    })
}

/// Returns what stands where an offer's folder should be and is not that plugin.
fn obstacle(state: &HostState, offer: &Offer) -> Option<Obstacle> {
    let id = &offer.plugin.id;
    match &state.folder(id.package_name().as_str())?.content {
        Content::Unchanged => None,
        Content::Plugin(found) => {
            let there = &found.plugin.id;
            (there.package_name() != id.package_name()).then(|| Obstacle::Other(there.clone()))
        }
        Content::Broken(reason) => Some(Obstacle::Broken(reason.clone())),
        Content::Link { target } => Some(Obstacle::ForeignLink(target.clone())),
        Content::Stray => Some(Obstacle::Stray),
    }
}

fn new_on_line(inventory: &Inventory<'_>, offer: &Offer) -> Option<plugin::PluginId> {
    let id = &offer.plugin.id;
    let mut named = inventory.named(&id.name).into_iter();
    let found = named.find(|other| !other.is_legacy() && other.id.line() == id.line())?;
    Some(found.id.clone())
}
