//! A plan, as it is shown before it is carried out.

use std::ffi::OsString;

use client::engine::{Fate, Recovered};
use client::plan::advisory::Mended;
use client::trust::Backing;
use client::{Offer, Plan, Step};
use console::printable::Size;
use console::{Column, Table};
use plugin::PluginId;
use registry::history::Event;
use serde_json::{Value, json};

use super::deed::Deed;

/// Returns what a plan does, plugin by plugin, and which notices about security that mends.
pub(crate) fn deeds(plan: &Plan, mended: &Mended) -> Vec<Deed> {
    let deeds = plan.entry.events.iter().filter_map(Deed::of);
    deeds.map(|deed| deed.mending(mended)).collect()
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
    let more = has_sizes.then(|| [Column::right("size"), Column::left("signed by")]);
    let mut table = Table::new(titles.into_iter().chain(more.into_iter().flatten()));
    for deed in deeds {
        let offer = offers.iter().find(|offer| Some(&offer.sha256) == deed.package.as_ref());
        let size = offer.map(|offer| Size(offer.size).to_string()).unwrap_or_default();
        let [plugin, from, to] = deed.cells();
        let kind = deed.word().to_owned();
        let signed = offer.map(|offer| signed_by(&offer.backing)).unwrap_or_default();
        let more = has_sizes.then_some([size, signed]);
        table.row([plugin, from, to, kind].into_iter().chain(more.into_iter().flatten()));
    }
    table
}

/// Returns who vouches for a package: `Release <release@example.org> 9F3A...71C2 (trusted for demo*)`.
fn signed_by(backing: &Backing) -> String {
    match backing {
        Backing::Key(signatory) => {
            format!("{} (trusted for {})", signatory.shown(), signatory.scope)
        }
        Backing::Beyond(signatory) => format!("{} (not trusted for this)", signatory.shown()),
        Backing::Nobody(_) => "nobody".to_owned(),
    }
}

/// Returns what a plan installs from, for machines: who vouches for it, and what of it runs.
fn package(offer: &Offer) -> Value {
    let signatory = offer.backing.signatory();
    json!({
        "name": offer.plugin.id.name,
        "version": offer.plugin.id.version,
        "sha256": offer.sha256,
        "signed": offer.voucher,
        "owner": signatory.map(|signatory| &signatory.user_id),
        "key": signatory.map(|signatory| &signatory.key),
        "signed_at": signatory.map(|signatory| signatory.signed),
        "trusted_for": signatory.map(|signatory| &signatory.scope),
        "scripts": offer.scripts,
    })
}

/// Returns a plan for machines.
pub(crate) fn object(plan: &Plan, lines: &[Vec<OsString>], offers: &[Offer]) -> Value {
    let words =
        |line: &Vec<OsString>| line.iter().map(|w| w.to_string_lossy().into_owned()).collect();
    let lines: Vec<Vec<String>> = lines.iter().map(words).collect();
    json!({
        "transaction": plan.entry.transaction,
        "commands": lines,
        "steps": plan.steps,
        "notes": plan.notes,
        "packages": offers.iter().map(package).collect::<Vec<_>>(),
    })
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
        Step::Purge { package } => Some(("purged", package.clone())),
        Step::Register { .. } => Some(("recorded", "in the registry, flushed to disk".to_owned())),
        Step::Place { path, content: Some(_) } => Some(("wrote", format!("/{path}"))),
        Step::Place { path, content: None } => Some(("deleted", format!("/{path}"))),
        Step::Key { fingerprint, certificate: Some(_) } => {
            Some(("accepted", format!("key {fingerprint}, by rpm")))
        }
        Step::Key { fingerprint, certificate: None } => {
            Some(("dropped", format!("key {fingerprint}, by rpm")))
        }
        // Whether the package manager heeds a hold is told when the change is complete.
        Step::Guard { .. } => None,
        Step::Transact(_) | Step::Keep { .. } | Step::Forget { .. } | Step::Flush => None,
    }
}
