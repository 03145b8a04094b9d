//! What notices about security say of plans.
//!
//! `update --security` goes, as `dnf upgrade --security` does, to the highest version of each plugin for
//! which a notice names a fix above what is installed. A version that a notice withdraws is passed over
//! where there is a choice, and refused where it was asked for.

use std::collections::BTreeMap;

use plugin::PluginName;
use registry::history::{Event, Exception, State};

use super::{Available, Plan, Refusal, Wanted};
use crate::repository::Notices;
use crate::trust::Allowances;

/// Which notices a plan's changes mend, by plugin and version: their names, the worst first.
pub type Mended = BTreeMap<(PluginName, String), Vec<String>>;

/// Lets a plan through that brings no withdrawn version, or only those that are allowed.
pub fn heed(mut plan: Plan, notices: &Notices, allowed: Allowances) -> Result<Plan, Refusal> {
    let mut allowances = Vec::new();
    for after in brought(&plan) {
        let id = &after.plugin;
        let Some(advisory) = notices.withdrawing(&id.name, &id.version) else { continue };
        let refusal = Refusal::Withdrawn { plugin: id.clone(), advisory: advisory.id.clone() };
        if !allowed.vulnerable {
            return Err(refusal);
        }
        plan.notes.push(refusal.to_string());
        let what = Exception::Withdrawn { advisory: advisory.id.clone() };
        allowances.push(Event::Allowed { plugin: id.clone(), what });
    }
    plan.entry.events.extend(allowances);
    Ok(plan)
}

/// Returns the states that a plan brings about.
fn brought(plan: &Plan) -> Vec<State> {
    let version = |state: &State| (state.plugin.version.clone(), state.package.clone());
    let events = plan.entry.events.iter();
    let new = events.filter_map(|event| match event {
        Event::Plugin { before, after: Some(after) } if after.installed => {
            let same =
                before.as_ref().is_some_and(|it| it.installed && version(it) == version(after));
            (!same).then(|| after.clone())
        }
        _ => None,
    });
    new.collect()
}

/// Returns what a plan mends.
pub fn mended(plan: &Plan, notices: &Notices) -> Mended {
    let mut all = Mended::new();
    for event in &plan.entry.events {
        let Event::Plugin { before: Some(before), after: Some(after) } = event else { continue };
        let (name, to) = (&after.plugin.name, &after.plugin.version);
        let found = notices.mended(name, &before.plugin.version, to);
        if before.installed && after.installed && !found.is_empty() {
            let ids = found.into_iter().map(|advisory| advisory.id.clone()).collect();
            all.insert((name.clone(), to.to_string()), ids);
        }
    }
    all
}

/// Keeps the lines for which a fix is known.
pub fn in_need(wanted: Vec<Wanted>, notices: &Notices) -> Vec<Wanted> {
    let in_need = |one: &Wanted| !notices.open(&one.name, &one.installed).is_empty();
    wanted.into_iter().filter(in_need).collect()
}

/// Whether a version is there to be chosen.
pub fn may_be_chosen(one: &Available, notices: &Notices, allowed: Allowances) -> bool {
    allowed.vulnerable || notices.withdrawing(&one.name, &one.version).is_none()
}
