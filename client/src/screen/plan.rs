//! A plan, as it is shown before it is carried out.

use std::ffi::OsString;

use client::engine::{Fate, Recovered};
use client::plan::Registration;
use client::{Offer, Plan, Step};
use console::printable::Size;
use console::{Column, Table};
use plugin::PluginId;
use registry::history::Event;
use serde_json::{Value, json};

use super::deed::Deed;

/// Returns what a plan does, plugin by plugin.
pub(crate) fn deeds(plan: &Plan) -> Vec<Deed> {
    plan.entry.events.iter().filter_map(Deed::of).collect()
}

/// Returns the plugin that a plan is about: the one that it brings, or leaves as it is.
pub(crate) fn subject(plan: &Plan) -> Option<&PluginId> {
    let brought = plan.entry.events.iter().find_map(|event| match event {
        Event::Plugin { after: Some(after), .. } => Some(&after.plugin),
        _ => None,
    });
    brought.or(plan.settled.first())
}

/// Returns the table of a plan.
pub(crate) fn table(deeds: &[Deed], offers: &[Offer]) -> Table {
    let titles = ["plugin", "from", "to", "kind"].map(Column::left);
    let has_sizes = !offers.is_empty();
    let size = has_sizes.then(|| Column::right("size"));
    let mut table = Table::new(titles.into_iter().chain(size));
    for deed in deeds {
        let offer = offers.iter().find(|offer| Some(&offer.sha256) == deed.package.as_ref());
        let size = offer.map(|offer| Size(offer.size).to_string()).unwrap_or_default();
        let [plugin, from, to] = deed.cells();
        let kind = deed.kind.words().0.to_owned();
        table.row([plugin, from, to, kind].into_iter().chain(has_sizes.then_some(size)));
    }
    table
}

/// Returns a plan for machines.
pub(crate) fn object(plan: &Plan, lines: &[Vec<OsString>]) -> Value {
    let words =
        |line: &Vec<OsString>| line.iter().map(|w| w.to_string_lossy().into_owned()).collect();
    let lines: Vec<Vec<String>> = lines.iter().map(words).collect();
    json!({
        "transaction": plan.entry.transaction,
        "commands": lines,
        "steps": plan.steps.iter().map(step).collect::<Vec<_>>(),
        "notes": plan.notes,
    })
}

/// Returns a step for machines: all of it but what is kept of plugins' side files.
pub(crate) fn step(step: &Step) -> Value {
    let Step::Register { changes } = step else { return json!(step) };
    let change = |change: &Registration| {
        let mut change = json!(change);
        if let Some(put) = change.pointer_mut("/change/put").and_then(Value::as_object_mut) {
            put.remove("kept");
        }
        change
    };
    json!({ "register": { "changes": changes.iter().map(change).collect::<Vec<_>>() } })
}

/// Returns what became of a plan that an earlier process left behind.
pub(crate) fn recovered(recovered: &Recovered) -> String {
    let fate = match recovered.fate {
        Fate::Finished => "has been finished",
        Fate::Withdrawn => "has been withdrawn; all is as it was before",
        Fate::Partly => "could be done in part only",
        Fate::Pending => "is unfinished, and the next change goes on with it",
    };
    format!("note: `{}` had been cut off and {fate}.", recovered.command)
}

/// Returns what is told when a step is done: a word, and of what; `None` where people need not know.
pub(crate) fn done(step: &Step) -> Option<(&'static str, String)> {
    match step {
        Step::Unpack { folder, .. } => Some(("unpacked", folder.clone())),
        Step::Discard { folder } => Some(("deleted", folder.clone())),
        Step::Link(link) => {
            Some(("linked", format!("{}-{} -> {}", link.name, link.old, link.folder)))
        }
        Step::Unlink { link, restore: true } => {
            Some(("restored", format!("{}-{}", link.name, link.old)))
        }
        Step::Unlink { link, restore: false } => {
            Some(("unlinked", format!("{}-{}", link.name, link.old)))
        }
        Step::Register { .. } => Some(("recorded", "in the registry, flushed to disk".to_owned())),
        // Whether the package manager heeds a hold is told when the change is complete.
        Step::Guard { .. } => None,
        Step::Transact(_) | Step::Keep { .. } | Step::Forget { .. } | Step::Flush => None,
    }
}
