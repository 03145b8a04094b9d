//! Keeping release lines from updates.

use std::collections::BTreeSet;

use registry::Hold;

use super::draft::Draft;
use super::present::Inventory;
use super::{Plan, Refusal};
use crate::HostState;
use crate::spec::Target;

/// Decides how to keep plugins from updates, or why not. A name stands for all its lines.
pub fn hold(state: &HostState, targets: &[Target]) -> Result<Plan, Refusal> {
    let inventory = Inventory::new(state);
    let mut draft = Draft::new(state);
    for line in lines(&inventory, targets)? {
        if state.holds.contains(&line) {
            settle(&mut draft, &inventory, &line);
        } else {
            draft.hold(&line, true);
        }
    }
    draft.finish()
}

/// Decides how to let plugins have updates again, or why not. A name stands for all its held lines.
pub fn unhold(state: &HostState, targets: &[Target]) -> Result<Plan, Refusal> {
    let inventory = Inventory::new(state);
    let mut draft = Draft::new(state);
    let mut seen = BTreeSet::new();
    for target in targets {
        let held: Vec<_> = state.holds.iter().filter(|held| covers(target, held)).collect();
        if held.is_empty() {
            for line in lines(&inventory, std::slice::from_ref(target))? {
                settle(&mut draft, &inventory, &line);
            }
        }
        for line in held {
            if seen.insert(line) {
                draft.hold(line, false);
            }
        }
    }
    draft.finish()
}

fn lines(inventory: &Inventory<'_>, targets: &[Target]) -> Result<BTreeSet<Hold>, Refusal> {
    let mut all = BTreeSet::new();
    for target in targets {
        let named = inventory.named(target.name());
        let fitting = named.iter().filter(|there| target.fits(&there.id));
        let before = all.len();
        let mut found = false;
        for there in fitting {
            found = true;
            all.insert(Hold { name: there.id.name.clone(), line: there.id.line() });
        }
        if !found && all.len() == before {
            return Err(inventory.unknown(target));
        }
    }
    Ok(all)
}

fn covers(target: &Target, held: &Hold) -> bool {
    *target.name() == held.name
        && match target {
            Target::Name(_) => true,
            Target::Line(_, line) => *line == held.line,
            Target::Exact(_, version) => version.line() == held.line,
        }
}

fn settle(draft: &mut Draft<'_>, inventory: &Inventory<'_>, line: &Hold) {
    for there in inventory.named(&line.name) {
        if there.id.line() == line.line {
            draft.settle(&there.id);
        }
    }
}
