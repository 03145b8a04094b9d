//! Decisions: from what the machine is and what is asked for to the steps that lead there. Pure.
//!
//! One planner per verb. A planner looks at a [`HostState`](crate::HostState) and nothing else, and gives a [`Plan`] or a
//! [`Refusal`]; in either case nothing has changed yet. The package manager's transaction comes first
//! among the steps, folders and links next, the registry last, so that it only ever says what is true.

mod admit;
pub mod advisory;
mod choose;
mod draft;
mod gate;
mod hold;
mod install;
mod layer;
mod link;
mod present;
mod refusal;
mod register;
mod remove;
mod shift;
mod source;
mod step;
mod sync;
mod trust;
mod undo;

use std::collections::BTreeSet;

use plugin::PluginId;
use registry::history::{Entry, Event};
use serde::{Deserialize, Serialize};

pub use choose::{Available, Wanted, choose_higher, choose_lower, choose_new, what_to_update};
pub use hold::{hold, unhold};
pub use install::{Strategy, install};
pub use link::{Crossing, link, unlink};
pub use refusal::{Obstacle, PluginVersion, Refusal, Sort};
pub use register::{Registered, register, unregister};
pub use remove::{RemoveOptions, remove};
pub use shift::{downgrade, update};
pub use source::{Known, connect, disconnect, remember};
pub use step::{Item, Registration, Step, Transact, Verb};
pub use sync::{Synced, sync};
pub use trust::{brought_by, distrust, entrust};
pub use undo::{Sought, newest, packages_for, undo};

/// What is to be done, in order. It is carried out by the engine or dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a plan is to be applied or shown"]
pub struct Plan {
    /// What history will say of it; without events where nothing changes but what is kept.
    pub entry: Entry,
    /// The steps.
    pub steps: Vec<Step>,
    /// What the administrator should know before it begins: a lower-case clause each.
    pub notes: Vec<String>,
    /// Plugins that are as they were asked to be, so that nothing is done about them.
    pub settled: Vec<PluginId>,
}

impl Plan {
    /// Whether there is nothing to do: the goal holds already.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Leaves the registry as it is about plugins that the plan brings; a later sync enters them.
    pub fn without_registration(mut self) -> Self {
        let mut new = BTreeSet::new();
        for step in &mut self.steps {
            let Step::Register { changes } = step else { continue };
            changes.retain(|change| match change {
                Registration::Adopt { id, .. } => !new.insert(*id),
                Registration::Change(_) => true,
            });
        }
        self.steps.retain(|step| !matches!(step, Step::Register { changes } if changes.is_empty()));
        for event in &mut self.entry.events {
            let Event::Plugin { before, after: Some(after) } = event else { continue };
            if after.record.is_some_and(|id| new.contains(&id)) {
                after.record = before.as_ref().and_then(|before| before.record);
            }
        }
        // What was to be registered alone changes nothing now.
        self.entry.events.retain(|event| match event {
            Event::Plugin { before, after } => before != after || after.is_none(),
            _ => true,
        });
        self
    }
}

#[cfg(test)]
mod tests;
