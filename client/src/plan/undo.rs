//! The reversal of a transaction: its events back to front, from kept packages, with the registry's
//! numbers as they were.
//!
//! An event is reversed only while the host is as the event left it. One whose object is as it was
//! before the event is done already, so that an undo may be given twice.

mod reverse;

use std::collections::BTreeSet;

use plugin::{PluginId, PluginName};
use registry::history::{Entry, Event, State, Transaction};
use registry::{Link, Publisher};

use super::draft::{Draft, Restore};
use super::present::{Inventory, same};
use super::{Plan, Refusal, admit, trust};
use crate::{HostState, Offer};
use reverse::{Need, reverse};

/// Returns the newest transaction that changed something, is not undone and is itself no undo; of those
/// that concern `name`, where one is given.
pub fn newest<'a>(history: &'a [Entry], name: Option<&PluginName>) -> Option<&'a Entry> {
    let mut sorted: Vec<_> = history.iter().collect();
    sorted.sort_by_key(|entry| std::cmp::Reverse(entry.transaction));
    // Newest first, so that the undo of an undo is met before what it undid.
    let mut undone: BTreeSet<Transaction> = BTreeSet::new();
    sorted.into_iter().find(|entry| {
        let stands = !undone.contains(&entry.transaction);
        if stands {
            undone.extend(entry.reverses);
        }
        stands
            && entry.reverses.is_none()
            && entry.events.iter().any(is_change)
            && name.is_none_or(|name| entry.events.iter().any(|event| concerns(event, name)))
    })
}

/// Whether an event left the host other than it was in a way that can be wanted back.
fn is_change(event: &Event) -> bool {
    match event {
        Event::Plugin { .. } | Event::Link { .. } | Event::Held(_) | Event::Unheld(_) => true,
        Event::Publisher { .. } | Event::Trusted(_) | Event::Distrusted(_) => true,
        // What has been seen of a repository stays known, whatever becomes of what came from there.
        Event::Repaired { .. } | Event::Source { .. } | Event::Allowed { .. } => false,
    }
}

fn concerns(event: &Event, name: &PluginName) -> bool {
    match event {
        Event::Plugin { before, after } => {
            before.iter().chain(after).any(|state| state.plugin.name == *name)
        }
        Event::Link { before, after } => before.iter().chain(after).any(|link| link.name == *name),
        other => other.name() == Some(name),
    }
}

/// A package that an undo installs from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    /// The plugin in it.
    pub plugin: PluginId,
    /// SHA-256 of the package that brought it, where that is known.
    pub sha256: Option<String>,
}

/// Returns the packages that an undo of `entry` installs from: kept ones, or where they are not kept
/// those that a repository has of the same version.
pub fn packages_for(state: &HostState, entry: &Entry) -> Vec<Sought> {
    let inventory = Inventory::new(state);
    let mut sought = Vec::new();
    for event in &entry.events {
        let Event::Plugin { before: Some(before), after } = event else { continue };
        let current = current(state, &inventory, before, after.as_ref());
        if alike(current.as_ref(), Some(before)) && !is_reinstall(before, after.as_ref()) {
            continue;
        }
        if Need::of(before, after.as_ref()) == Need::Package {
            sought.push(Sought { plugin: before.plugin.clone(), sha256: before.package.clone() });
        }
    }
    sought
}

/// Decides how to reverse a transaction, or why not. `offers` are those of the
/// packages that [`packages_for`] names which could be had.
pub fn undo(state: &HostState, entry: &Entry, offers: &[Offer]) -> Result<Plan, Refusal> {
    if entry.events.is_empty() {
        return Err(Refusal::NothingToUndo);
    }
    for (position, offer) in offers.iter().enumerate() {
        admit::check(state, offer, &offers[..position])?;
    }
    let inventory = Inventory::new(state);
    let mut draft = Draft::new(state);
    for event in entry.events.iter().rev() {
        match event {
            Event::Held(hold) if state.holds.contains(hold) => draft.hold(hold, false),
            Event::Unheld(hold) if !state.holds.contains(hold) => draft.hold(hold, true),
            Event::Held(_) | Event::Unheld(_) => {}
            Event::Source { .. } | Event::Allowed { .. } => {}
            Event::Repaired { what } => {
                let transaction = entry.transaction.0;
                return Err(Refusal::Repair { transaction, what: what.clone() });
            }
            Event::Trusted(event) => trust::untrust(&mut draft, event),
            Event::Distrusted(event) => trust::trust_again(&mut draft, event)?,
            Event::Publisher { before, after } => {
                bind(&mut draft, before.as_ref(), after.as_ref(), entry.transaction)?;
            }
            Event::Link { before, after } => {
                relink(&mut draft, before.as_ref(), after.as_ref(), entry.transaction)?;
            }
            Event::Plugin { before, after } => {
                let Some(either) = after.as_ref().or(before.as_ref()) else { continue };
                let now = current(state, &inventory, either, after.as_ref());
                let folder = either.plugin.package_name();
                let there = inventory.at(folder.as_str());
                let again =
                    before.as_ref().is_some_and(|state| is_reinstall(state, after.as_ref()));
                if alike(now.as_ref(), before.as_ref()) && !again {
                    draft.settle(&either.plugin);
                } else if alike(now.as_ref(), after.as_ref()) {
                    reverse(&mut draft, there, before.as_ref(), after.as_ref(), offers)?;
                } else {
                    return Err(Refusal::Diverged {
                        subject: either.plugin.name.to_string(),
                        expected: told(after.as_ref()),
                        found: told(now.as_ref()),
                        transaction: entry.transaction.0,
                    });
                }
            }
        }
    }
    draft.finish_reversing(Some(entry.transaction))
}

fn relink(
    draft: &mut Draft<'_>,
    before: Option<&Link>,
    after: Option<&Link>,
    transaction: Transaction,
) -> Result<(), Refusal> {
    let Some(either) = after.or(before) else { return Ok(()) };
    let now = draft.link_of(either);
    if now.as_ref() == before {
        return Ok(());
    }
    if now.as_ref() != after {
        let to = |link: Option<&Link>| match link {
            Some(link) => format!("a link to {}", link.target),
            None => "no link".to_owned(),
        };
        return Err(Refusal::Diverged {
            subject: format!("the folder of {} {}", either.name, either.old),
            expected: to(after),
            found: to(now.as_ref()),
            transaction: transaction.0,
        });
    }
    match (before, after) {
        (Some(before), _) => draft.link(before.clone()),
        (None, Some(after)) => draft.unlink(after, Restore::Back),
        (None, None) => {}
    }
    Ok(())
}

fn bind(
    draft: &mut Draft<'_>,
    before: Option<&Publisher>,
    after: Option<&Publisher>,
    transaction: Transaction,
) -> Result<(), Refusal> {
    let Some(either) = after.or(before) else { return Ok(()) };
    let now = draft.host.publisher(&either.name);
    if now == before {
        return Ok(());
    }
    if now != after {
        let by = |publisher: Option<&Publisher>| match publisher {
            Some(publisher) => format!("bound to {}", publisher.certificate),
            None => "not bound".to_owned(),
        };
        return Err(Refusal::Diverged {
            subject: format!("the name {}", either.name),
            expected: by(after),
            found: by(now),
            transaction: transaction.0,
        });
    }
    draft.bind(after, before);
    Ok(())
}

/// Returns how the plugin of an event is now; `None` where it is neither installed nor registered.
fn current(
    state: &HostState,
    inventory: &Inventory<'_>,
    either: &State,
    after: Option<&State>,
) -> Option<State> {
    let plugin = &after.unwrap_or(either).plugin;
    let there = inventory.at(plugin.package_name().as_str())?;
    Some(there.state(&state.kept)).filter(|state| state.installed || state.record.is_some())
}

/// Whether two states are the same but for the package, which is not always known.
fn alike(a: Option<&State>, b: Option<&State>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => {
            same(&a.plugin, &b.plugin) && a.record == b.record && a.installed == b.installed
        }
        (None, None) => true,
        _ => false,
    }
}

/// Whether the event replaced a package by another of the same version.
fn is_reinstall(before: &State, after: Option<&State>) -> bool {
    after.is_some_and(|after| {
        alike(Some(before), Some(after))
            && before.installed
            && before.package.is_some()
            && before.package != after.package
    })
}

fn told(state: Option<&State>) -> String {
    match state {
        None => "not there".to_owned(),
        Some(state) => {
            let files = if state.installed { "installed" } else { "without files" };
            match state.record {
                Some(id) => format!("{files} as {} with id {id}", state.plugin.version),
                None => format!("{files} as {}, not registered", state.plugin.version),
            }
        }
    }
}
