//! What is asked of every offer before its verb is: formats, products, and offers that exclude each
//! other.

use plugin::{Format, Generation, PluginId, ReleaseLine, Version};

use super::draft::Draft;
use super::present::Present;
use super::{Refusal, Verb, admit};
use crate::offer::Provenance;
use crate::spec::quoted;
use crate::{Condition, HostState, Offer};

/// Lets offers through that this host can take together, or says why not.
pub(super) fn admit(state: &HostState, offers: &[Offer]) -> Result<(), Refusal> {
    for (position, offer) in offers.iter().enumerate() {
        admit::check(state, offer, &offers[..position])?;
        admit_one(state, offer)?;
        if let Some(other) = offers[..position].iter().find(|other| excludes(other, offer)) {
            return Err(Refusal::TwoOffers {
                first: other.plugin.id.clone(),
                second: offer.plugin.id.clone(),
            });
        }
    }
    Ok(())
}

/// Lets a plugin through whose package version the host's product knows (`fuel 4.1`).
pub(super) fn known_to_product(state: &HostState, id: &PluginId) -> Result<(), Refusal> {
    let generation = id.generation;
    if let Some(product) = state.profile.product.as_ref().filter(|product| is_old(product))
        && !generation.is_legacy()
    {
        return Err(Refusal::OldProduct {
            plugin: id.clone(),
            generation,
            product: product.clone(),
        });
    }
    Ok(())
}

fn admit_one(state: &HostState, offer: &Offer) -> Result<(), Refusal> {
    let id = &offer.plugin.id;
    let generation = id.generation;
    known_to_product(state, id)?;
    if generation.is_legacy() != (offer.format == Format::Fp) {
        let format = offer.format;
        return Err(Refusal::WrongCarrier { plugin: id.clone(), generation, format });
    }
    if !generation.is_legacy() && state.profile.format != Some(offer.format) {
        return Err(Refusal::WrongFormat {
            plugin: id.clone(),
            offered: offer.format,
            taken: state.profile.format,
        });
    }
    free_of_others(state, offer)
}

/// Neither the entry nor the package name may belong to another plugin: the registry has each version
/// of a name once, and Debian's package names cannot tell `_` from `-`.
fn free_of_others(state: &HostState, offer: &Offer) -> Result<(), Refusal> {
    let id = &offer.plugin.id;
    let folder = id.package_name();
    let twin = state.registered(&id.name).into_iter().find(|record| {
        let other = &record.plugin.id;
        other.version.as_str() == id.version.as_str() && other.package_name() != folder
    });
    if let Some(twin) = twin {
        let generation = twin.plugin.id.generation;
        return Err(Refusal::SameVersion { offered: id.clone(), generation });
    }
    let is_other = |package: &&crate::Installed| {
        package.package == offer.package && package.folder != folder.as_str()
    };
    match state.packages.iter().find(is_other) {
        Some(other) if offer.format != Format::Fp => Err(Refusal::PackageNameTaken {
            plugin: id.clone(),
            package: offer.package.clone(),
            folder: other.folder.clone(),
        }),
        _ => Ok(()),
    }
}

/// Whether a product is older than new-format packages (`fuel 4.1`). A text that is no version is not
/// judged.
fn is_old(product: &str) -> bool {
    let first: ReleaseLine = Generation::V2.lowest_product().parse().expect("a product has a line");
    product.parse::<Version>().is_ok_and(|product| product.line() < first)
}

fn excludes(one: &Offer, other: &Offer) -> bool {
    let (a, b) = (&one.plugin.id, &other.plugin.id);
    a.package_name() == b.package_name()
        || (a.name == b.name && a.version.as_str() == b.version.as_str())
        || (one.format != Format::Fp && other.format != Format::Fp && one.package == other.package)
}

/// Returns in the database's words what the package manager has not finished with. Pending triggers are
/// not the package's own.
fn unfinished(present: Option<&Present<'_>>) -> Option<String> {
    match &present?.package?.condition {
        Condition::Whole => None,
        Condition::Unfinished(word) if word.starts_with("triggers-") => None,
        Condition::Unfinished(word) => Some(word.clone()),
        Condition::Duplicate => Some("several versions are recorded".to_owned()),
    }
}

/// Returns what brings an unfinished package to an end with its own version: dpkg's are configured,
/// of rpm's duplicates the others go.
pub(super) fn again(present: Option<&Present<'_>>) -> Option<Verb> {
    unfinished(present)?;
    match present?.package?.condition {
        Condition::Duplicate => Some(Verb::Reinstall),
        // apt cannot be told to install again what it has not finished with.
        _ => Some(Verb::Install),
    }
}

/// Refuses to build on a package that the package manager has not finished with. What changes the
/// package itself is not refused: it is what mends it.
pub(super) fn finished(present: &Present<'_>) -> Result<(), Refusal> {
    match (unfinished(Some(present)), present.package) {
        (Some(condition), Some(package)) => {
            Err(Refusal::Unfinished { package: package.package.clone(), condition })
        }
        _ => Ok(()),
    }
}

/// Tells that a change finds a package unfinished.
pub(super) fn mention(draft: &mut Draft<'_>, present: Option<&Present<'_>>) {
    if let Some(condition) = unfinished(present) {
        let folder = present.map_or("", |present| &present.folder);
        draft.note(format!(
            "the package manager has not finished with `{folder}`: {condition}; this change mends it"
        ));
    }
}

/// Returns how an offer is named to a command.
pub(super) fn given(offer: &Offer) -> String {
    match &offer.provenance {
        Provenance::File(path) => quoted(path),
        Provenance::Repository(_) | Provenance::Kept(_) => offer.plugin.id.to_string(),
    }
}
