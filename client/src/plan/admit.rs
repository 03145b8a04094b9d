//! Whether an offer comes from somebody whose packages the host takes, and may bring what it brings
//! (`threats-and-faults` A12, A16, A17, A26).
//!
//! | | strict | warn | legacy |
//! |---|---|---|---|
//! | a key vouches for it that is trusted for the plugin | needed | needed | or `--allow-unsigned` |
//! | scripts of its own | the key's scope, or `--allow-scripts` | told | told |
//! | another publisher than the plugin had | `--accept-publisher` | the same | the same |

use std::collections::BTreeSet;

use packaging::signature;
use plugin::PluginName;
use registry::Publisher;
use registry::history::{Event, Exception, Trust as Entrusted};

use super::draft::Draft;
use super::gate::given;
use super::{Refusal, Step};
use crate::trust::{Backing, Home, Policy, Signatory};
use crate::{HostState, Offer};

/// Lets an offer through that may be brought beside the `others` of its command, or says why not.
pub(super) fn check(state: &HostState, offer: &Offer, others: &[Offer]) -> Result<(), Refusal> {
    let offered = offer.plugin.id.clone();
    let given = given(offer);
    let scripts = match &offer.backing {
        Backing::Key(signatory) => {
            if let Some(bound) = other_publisher(state, offer, signatory, others)
                && !state.trust.allowed.publisher
            {
                let now = signatory.shown();
                return Err(Refusal::OtherPublisher { offered, bound, now, given });
            }
            signatory.scope.scripts
        }
        Backing::Beyond(signatory) => {
            let (key, scope) = (signatory.shown(), signatory.scope.to_string());
            return Err(Refusal::OutOfScope { offered, key, scope });
        }
        Backing::Nobody(refusal) if state.trust.tolerates(refusal) => {
            if let Some(publisher) = state.publisher(&offered.name)
                && !state.trust.allowed.publisher
            {
                let bound = publisher.certificate.to_string();
                return Err(Refusal::OtherPublisher { offered, bound, now: whom(refusal), given });
            }
            false
        }
        Backing::Nobody(refusal) => {
            let problem = refusal.to_string();
            return Err(Refusal::Untrusted { offered, problem });
        }
    };
    let refused = state.trust.policy == Policy::Strict && !state.trust.allowed.scripts;
    if !offer.scripts.is_empty() && !scripts && refused {
        let scripts = offer.scripts.iter().map(|script| script.name.clone()).collect();
        return Err(Refusal::OwnScripts { offered, scripts, given });
    }
    Ok(())
}

/// Adds to a plan that brings an offer what becomes of its publisher, what was allowed for it and what an
/// administrator should know.
pub(super) fn tell(draft: &mut Draft<'_>, offer: &Offer) {
    let id = &offer.plugin.id;
    let state = draft.host;
    let allowed = |what| Event::Allowed { plugin: id.clone(), what };
    match &offer.backing {
        Backing::Key(signatory) => {
            adopt(draft, offer, signatory);
            publish(draft, offer, signatory);
            for warning in &signatory.warnings {
                draft.note(format!("{id}: {}: {warning}", signatory.shown()));
            }
        }
        Backing::Nobody(refusal) => {
            draft.note(format!("nobody vouches for {id}: {refusal}"));
            draft.event(allowed(Exception::Unsigned));
        }
        // It is not let through.
        Backing::Beyond(_) => {}
    }
    let may = offer.backing.signatory().is_some_and(|signatory| signatory.scope.scripts);
    if !offer.scripts.is_empty() && !may {
        if state.trust.allowed.scripts {
            draft.event(allowed(Exception::Scripts));
        }
        let names: Vec<_> = offer.scripts.iter().map(|script| script.name.as_str()).collect();
        draft.note(format!("{id} runs scripts of its own as root: {}", names.join(", ")));
    }
    if let Some(twin) = look_alike(state, &id.name) {
        draft.note(format!("the name `{}` looks like `{twin}`, which is here too", id.name));
    }
}

/// Trusts a key from now on that the administrator has agreed to.
fn adopt(draft: &mut Draft<'_>, offer: &Offer, signatory: &Signatory) {
    let Some(keys) = &signatory.adopted else { return };
    let home = Home::Plugin(offer.plugin.id.name.clone());
    let path = draft.host.trust.path(&home.place());
    let step = Step::Place { path, content: Some(keys.clone()) };
    if draft.places(&step) {
        // Another version of the plugin has come with the same key.
        return;
    }
    draft.place(step);
    draft.event(Event::Trusted(Entrusted {
        certificate: signatory.recorded(),
        scope: vec![offer.plugin.id.name.to_string()],
        place: home.place().into(),
    }));
}

/// Binds the plugin's name to its publisher.
fn publish(draft: &mut Draft<'_>, offer: &Offer, signatory: &Signatory) {
    let name = &offer.plugin.id.name;
    let now = Publisher { name: name.clone(), certificate: signatory.recorded() };
    let bound = draft.publisher(name);
    if bound.as_ref() == Some(&now) {
        return;
    }
    if let Some(bound) = &bound {
        let (from, to) = (bound.certificate.clone(), now.certificate.clone());
        let what = Exception::Publisher { from, to };
        draft.event(Event::Allowed { plugin: offer.plugin.id.clone(), what });
    }
    draft.bind(bound.as_ref(), Some(&now));
}

/// Returns who signed what nobody vouches for.
fn whom(refusal: &signature::Refusal) -> String {
    match refusal {
        signature::Refusal::UnknownKey { key } => key.to_string(),
        _ => "nobody".to_owned(),
    }
}

/// Returns whom the plugin is bound to, or is about to be, if that is somebody else.
fn other_publisher(
    state: &HostState,
    offer: &Offer,
    signatory: &Signatory,
    others: &[Offer],
) -> Option<String> {
    let name = &offer.plugin.id.name;
    let bound = state.publisher(name).map(|publisher| publisher.certificate.as_str());
    let of_same = others.iter().filter(|other| other.plugin.id.name == *name);
    let beside = of_same.filter_map(|other| other.backing.signatory());
    let beside = beside.map(|signatory| signatory.certificate.as_str());
    let mut known = bound.into_iter().chain(beside);
    known.find(|known| *known != signatory.certificate.as_str()).map(str::to_owned)
}

/// Returns a name that the host knows and that a new name could be mistaken for.
fn look_alike(state: &HostState, name: &PluginName) -> Option<PluginName> {
    let registered = state.records.iter().map(|record| &record.plugin.id.name);
    let published = state.publishers.iter().map(|publisher| &publisher.name);
    let known: BTreeSet<&PluginName> = registered.chain(published).collect();
    if known.contains(name) {
        return None;
    }
    let near = |other: &&PluginName| strsim::osa_distance(other.as_str(), name.as_str()) == 1;
    known.into_iter().find(near).cloned()
}
