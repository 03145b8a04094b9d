//! The reversal of one event of one plugin.

use registry::history::State;
use registry::scan::Content;
use registry::{Change, Kept, Presence, RecordId};

use crate::plan::draft::Draft;
use crate::plan::gate;
use crate::plan::layer;
use crate::plan::present::{Present, same};
use crate::plan::{Refusal, Verb};
use crate::{Offer, Provenance};

use super::is_reinstall;

/// What a reversal installs from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// The files that are there are right, or nothing is to be there.
    Nothing,
    /// The package that brought the plugin before.
    Package,
}

impl Need {
    /// Says what going back from `after` to `before` needs.
    pub(super) fn of(before: &State, after: Option<&State>) -> Self {
        let right = after.is_some_and(|after| {
            after.installed == before.installed && same(&after.plugin, &before.plugin)
        });
        // An entry whose files were missing: metadata of the same version is still registered, or the
        // package says it.
        let entry_stands = !before.installed
            && after
                .is_none_or(|after| after.record.is_some() && same(&after.plugin, &before.plugin))
            && after.is_some();
        if (right && before.record.is_none_or(|_| before.installed) && !is_reinstall(before, after))
            || entry_stands
        {
            return Self::Nothing;
        }
        Self::Package
    }
}

/// Adds what brings a plugin from `after`, as it is now, to `before`.
pub(super) fn reverse(
    draft: &mut Draft<'_>,
    there: Option<&Present<'_>>,
    before: Option<&State>,
    after: Option<&State>,
    offers: &[Offer],
) -> Result<(), Refusal> {
    let offer = match before {
        Some(before) => find(offers, before, Need::of(before, after))?,
        None => None,
    };
    gate::mention(draft, there);
    files(draft, there, before, offer)?;
    if let Some(record) = after.and_then(|after| after.record)
        && before.and_then(|before| before.record) != Some(record)
    {
        draft.change(Change::Remove { id: record });
    }
    if let Some((before, id)) = before.and_then(|before| Some((before, before.record?))) {
        entry(draft, there, before, id, offer)?;
    }
    let restored = before.map(|before| match offer {
        Some(offer) => State { voucher: offer.voucher.clone(), ..before.clone() },
        None => before.clone(),
    });
    draft.plugin_event(after.cloned(), restored);
    Ok(())
}

fn find<'o>(offers: &'o [Offer], before: &State, need: Need) -> Result<Option<&'o Offer>, Refusal> {
    if need == Need::Nothing {
        return Ok(None);
    }
    let plugin = &before.plugin;
    let offered = || offers.iter().filter(|offer| same(&offer.plugin.id, plugin));
    let identical = offered().find(|offer| before.package.as_ref() == Some(&offer.sha256));
    // A repository may have built the version anew; what else was kept of it is another package.
    let rebuilt = || offered().find(|offer| !matches!(offer.provenance, Provenance::Kept(_)));
    match identical.or_else(rebuilt) {
        Some(offer) => Ok(Some(offer)),
        None => {
            Err(Refusal::KeptMissing { plugin: plugin.clone(), sha256: before.package.clone() })
        }
    }
}

/// Brings or takes away the files.
fn files(
    draft: &mut Draft<'_>,
    there: Option<&Present<'_>>,
    before: Option<&State>,
    offer: Option<&Offer>,
) -> Result<(), Refusal> {
    let is_there = there.is_some_and(Present::is_installed);
    let wanted = before.is_some_and(|before| before.installed);
    match (there, offer) {
        (Some(there), _) if is_there && !wanted => draft.take_away(there)?,
        (there, Some(offer)) if wanted => {
            let installed = there.filter(|_| is_there).map(|there| &there.id.version);
            let verb = match installed.map(|installed| offer.plugin.id.version.cmp(installed)) {
                None => Verb::Install,
                Some(std::cmp::Ordering::Less) => Verb::Downgrade,
                Some(std::cmp::Ordering::Equal) => Verb::Reinstall,
                Some(std::cmp::Ordering::Greater) => Verb::Upgrade,
            };
            held(draft, offer, verb)?;
            draft.bring(offer, there, verb);
            layer::follow(draft, &offer.plugin.id)?;
        }
        _ => {}
    }
    Ok(())
}

fn held(draft: &Draft<'_>, offer: &Offer, verb: Verb) -> Result<(), Refusal> {
    let id = &offer.plugin.id;
    if matches!(verb, Verb::Upgrade | Verb::Downgrade) && draft.host.is_held(&id.name, id.line()) {
        return Err(Refusal::Held { name: id.name.clone(), line: id.line() });
    }
    Ok(())
}

/// Puts the entry back under its number.
fn entry(
    draft: &mut Draft<'_>,
    there: Option<&Present<'_>>,
    before: &State,
    id: RecordId,
    offer: Option<&Offer>,
) -> Result<(), Refusal> {
    let missing = Change::Mark { id, presence: Presence::Missing };
    match (offer, there.and_then(|there| there.content), before.installed) {
        (Some(offer), _, true) => draft.adopt(offer, id),
        (Some(offer), _, false) => {
            draft.change(Change::Put {
                id,
                plugin: Box::new(offer.plugin.clone()),
                kept: Kept::new(),
                fingerprint: None,
                origin: offer.provenance.origin(),
                voucher: offer.voucher.clone(),
            });
            draft.change(missing);
        }
        (None, _, false) => draft.change(missing),
        (None, Some(Content::Plugin(found)), true) => draft.change(Change::Put {
            id,
            plugin: Box::new(found.plugin.clone()),
            kept: found.kept.clone(),
            fingerprint: Some(found.fingerprint.clone()),
            origin: registry::Origin::Disk,
            voucher: before.voucher.clone(),
        }),
        // Registered with files unchanged: at most the mark is wrong.
        (None, Some(Content::Unchanged), true) => {
            draft.change(Change::Mark { id, presence: Presence::Present });
        }
        (None, Some(Content::Broken(reason)), true) => {
            let folder = before.plugin.package_name().to_string();
            return Err(Refusal::Broken { folder, reason: reason.clone() });
        }
        (None, _, true) => {
            let plugin = before.plugin.clone();
            return Err(Refusal::KeptMissing { plugin, sha256: before.package.clone() });
        }
    }
    Ok(())
}
