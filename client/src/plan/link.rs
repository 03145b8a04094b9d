//! The symlink layer: old legacy versions get the content of a newer one (`fuel 4.3`, `4.5`).

use plugin::{PluginId, PluginName, Version};
use registry::Link;
use registry::scan::Content;

use super::draft::{Draft, Restore};
use super::gate::finished;
use super::layer;
use super::present::{Inventory, Present};
use super::refusal::Obstacle;
use super::{Plan, Refusal};
use crate::HostState;
use crate::spec::Target;

/// Whether links may lead to another release line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Crossing {
    /// They stay on their line.
    #[default]
    Refused,
    /// They may.
    Forced,
}

/// Decides how to give old legacy versions the content of a newer one, or why not. Without `olds`: all
/// lower legacy versions on the target's line.
pub fn link(
    state: &HostState,
    name: &PluginName,
    olds: &[Version],
    to: &Version,
    crossing: Crossing,
) -> Result<Plan, Refusal> {
    let inventory = Inventory::new(state);
    let target = target(&inventory, name, to)?;
    let olds = if olds.is_empty() {
        let mut lower = inventory.legacy_on(name, to.line());
        lower.retain(|old| old.id.version < target.version);
        if lower.is_empty() {
            return Err(Refusal::NothingToLink { name: name.clone(), target: to.clone() });
        }
        lower
    } else {
        olds.iter().map(|old| named(&inventory, name, old)).collect::<Result<_, _>>()?
    };
    let mut draft = Draft::new(state);
    for old in olds {
        check(old, &target, crossing)?;
        link_one(&mut draft, old, &target);
    }
    draft.finish()
}

/// Links to what now becomes a link are led on first, so that there is never a chain.
fn link_one(draft: &mut Draft<'_>, old: &Present<'_>, target: &PluginId) {
    let before = draft.links.clone();
    for link in before.iter().filter(|link| link.folder == old.folder) {
        draft.link(layer::to(link, target));
    }
    let link = Link {
        name: target.name.clone(),
        old: old.id.version.clone(),
        target: target.version.clone(),
        folder: target.package_name().to_string(),
    };
    if draft.link_of(&link).as_ref() == Some(&link) {
        draft.settle(&old.id);
    }
    draft.link(link);
}

/// Returns the target: installed, whole and no link itself (rules 2 and 4).
fn target(inventory: &Inventory<'_>, name: &PluginName, to: &Version) -> Result<PluginId, Refusal> {
    let there = named(inventory, name, to)?;
    if let Some(link) = there.link {
        let effective = link.target.clone();
        return Err(Refusal::LinkToLink { target: there.id.clone(), effective });
    }
    finished(there)?;
    match there.content {
        Some(Content::Plugin(_) | Content::Unchanged) => Ok(there.id.clone()),
        Some(Content::Broken(reason)) => {
            Err(Refusal::Broken { folder: there.folder.clone(), reason: reason.clone() })
        }
        _ => Err(not_on_disk(inventory, name, to)),
    }
}

/// Returns the one plugin of exactly this version.
fn named<'i, 'a>(
    inventory: &'i Inventory<'a>,
    name: &PluginName,
    version: &Version,
) -> Result<&'i Present<'a>, Refusal> {
    inventory.find(&Target::Exact(name.clone(), version.clone()))
}

fn not_on_disk(inventory: &Inventory<'_>, name: &PluginName, version: &Version) -> Refusal {
    let named = inventory.named(name).into_iter().filter(|there| there.is_installed());
    Refusal::NotOnDisk {
        target: Target::Exact(name.clone(), version.clone()),
        present: named.map(|there| there.id.clone()).collect(),
    }
}

/// Rule 2: legacy, on the line of the target unless forced, and lower.
fn check(old: &Present<'_>, target: &PluginId, crossing: Crossing) -> Result<(), Refusal> {
    let id = &old.id;
    if !old.is_legacy() {
        return Err(Refusal::LinkNotLegacy { plugin: id.clone() });
    }
    let (name, version, to) = (id.name.clone(), id.version.clone(), target.version.clone());
    if id.version >= target.version {
        return Err(Refusal::LinkNotLower { name, old: version, target: to });
    }
    if id.line() != target.line() && crossing == Crossing::Refused {
        return Err(Refusal::LinkOtherLine { name, old: version, target: to });
    }
    match old.content {
        _ if old.link.is_some() => Ok(()),
        Some(Content::Plugin(_) | Content::Unchanged | Content::Broken(_)) => Ok(()),
        Some(Content::Link { target }) => Err(taken(old, Obstacle::ForeignLink(target.clone()))),
        Some(Content::Stray) => Err(taken(old, Obstacle::Stray)),
        None => Err(Refusal::NotOnDisk {
            target: Target::Exact(name, version),
            present: vec![target.clone()],
        }),
    }
}

fn taken(old: &Present<'_>, what: Obstacle) -> Refusal {
    Refusal::FolderTaken { folder: old.folder.clone(), what, given: old.id.to_string() }
}

/// Decides how to give linked versions their own content back, or why not. Without `olds`: all.
pub fn unlink(state: &HostState, name: &PluginName, olds: &[Version]) -> Result<Plan, Refusal> {
    let mine: Vec<_> = state.links.iter().filter(|link| link.name == *name).collect();
    if mine.is_empty() {
        return Err(Refusal::NotLinked { name: name.clone(), old: olds.first().cloned() });
    }
    let mut draft = Draft::new(state);
    for old in olds {
        if !mine.iter().any(|link| link.old.as_str() == old.as_str()) {
            return Err(Refusal::NotLinked { name: name.clone(), old: Some(old.clone()) });
        }
    }
    let wanted =
        |link: &&&Link| olds.is_empty() || olds.iter().any(|old| old.as_str() == link.old.as_str());
    for link in mine.iter().filter(wanted) {
        draft.unlink(link, Restore::Back);
    }
    draft.finish()
}
