//! Update and downgrade: another version of what is installed, in place, on the same release line and
//! between new formats only (`fuel 4.2`). Every other case is refused by name.

use std::cmp::Ordering;

use super::draft::Draft;
use super::gate::{admit, again, given};
use super::install::{against, carry, settle};
use super::present::{Inventory, Present};
use super::{Plan, Refusal, Verb};
use crate::{HostState, Offer};

/// Decides how to bring higher versions of what is installed, or why not.
pub fn update(state: &HostState, offers: &[Offer]) -> Result<Plan, Refusal> {
    shift(state, offers, Verb::Upgrade)
}

/// Decides how to go back to lower versions of what is installed, or why not.
pub fn downgrade(state: &HostState, offers: &[Offer]) -> Result<Plan, Refusal> {
    shift(state, offers, Verb::Downgrade)
}

fn shift(state: &HostState, offers: &[Offer], verb: Verb) -> Result<Plan, Refusal> {
    let inventory = Inventory::new(state);
    for offer in offers {
        in_place(state, &inventory, offer, verb)?;
    }
    admit(state, offers)?;
    let mut draft = Draft::new(state);
    for offer in offers {
        let present = inventory.at(offer.plugin.id.package_name().as_str());
        let package = present.and_then(|present| present.package).expect("checked by in_place");
        match (against(package, offer), verb) {
            (Ordering::Equal, _) => match again(present) {
                Some(verb) => carry(&mut draft, &inventory, offer, verb)?,
                None => settle(&mut draft, offer, present),
            },
            (Ordering::Greater, Verb::Upgrade) | (Ordering::Less, Verb::Downgrade) => {
                carry(&mut draft, &inventory, offer, verb)?;
            }
            (order, _) => return Err(wrong_way(offer, package.plugin_version.clone(), order)),
        }
    }
    draft.finish()
}

fn wrong_way(offer: &Offer, installed: plugin::Version, order: Ordering) -> Refusal {
    let offered = offer.plugin.id.clone();
    let given = given(offer);
    if order == Ordering::Less {
        Refusal::Older { offered, installed, given }
    } else {
        Refusal::Newer { offered, installed, given }
    }
}

/// Makes sure that a new-format package of the offer's line is installed and the offer is new-format
/// too, or says what is there instead.
fn in_place(
    state: &HostState,
    inventory: &Inventory<'_>,
    offer: &Offer,
    verb: Verb,
) -> Result<(), Refusal> {
    let id = &offer.plugin.id;
    let installed: Vec<_> =
        inventory.named(&id.name).into_iter().filter(|there| there.is_installed()).collect();
    let new: Vec<_> = installed.iter().filter(|there| !there.is_legacy()).collect();
    let on_line = new.iter().find(|there| there.id.line() == id.line());
    let legacy = installed.iter().any(|there| there.is_legacy() && there.id.line() == id.line());
    let (offered, given) = (id.clone(), given(offer));
    match on_line {
        Some(there) if id.generation.is_legacy() => {
            Err(Refusal::LegacyOverNew { offered, installed: there.id.clone(), given })
        }
        Some(there) if there.package.is_some() => Ok(()),
        _ if legacy || (id.generation.is_legacy() && !installed.is_empty()) => {
            Err(legacy_refusal(state, inventory, offer, verb))
        }
        _ if !installed.is_empty() && on_line.is_none() => {
            let installed = installed.iter().map(|there| there.id.clone()).collect();
            Err(Refusal::OtherLine { offered, installed, given })
        }
        _ => Err(Refusal::NotInstalled { offered, given }),
    }
}

fn legacy_refusal(
    state: &HostState,
    inventory: &Inventory<'_>,
    offer: &Offer,
    verb: Verb,
) -> Refusal {
    let offered = offer.plugin.id.clone();
    let given = given(offer);
    let legacy = inventory.legacy_on(&offered.name, offered.line());
    if verb == Verb::Downgrade {
        let linked = legacy.iter().any(|there| there.link.is_some());
        return Refusal::LegacyDowngrade { offered, linked, given };
    }
    let lower = |there: &&Present<'_>| there.id.version < offered.version;
    Refusal::LegacyUpdate {
        installed: legacy.into_iter().filter(lower).map(|there| there.id.version.clone()).collect(),
        there: inventory
            .at(offered.package_name().as_str())
            .is_some_and(|there| there.is_installed() && there.id.version == offered.version),
        plugins: state.profile.plugins.clone(),
        offered,
        given,
    }
}
