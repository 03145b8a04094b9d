//! All that is known of a plugin, one field per line.

use client::listing::{Info, Told};
use console::printable::Size;

use super::deed::Deed;

/// Returns the lines.
pub(crate) fn text(info: &Info) -> String {
    let fields = &info.fields;
    let list = |texts: &[String]| texts.join(", ");
    let package = |one: &client::listing::Package| format!("{} ({})", one.version, Size(one.size));
    let kept: Vec<_> = info.kept_packages.iter().map(package).collect();
    let link = |link: &registry::Link| format!("{}-{} -> {}", link.name, link.old, link.folder);
    let links: Vec<_> = info.links_from.iter().chain(&info.links_to).map(link).collect();
    let rows = [
        ("name", fields.name.to_string()),
        ("version", fields.version.to_string()),
        ("line", info.row.line.to_string()),
        ("number", fields.id.to_string()),
        ("title", fields.title.clone()),
        ("description", fields.description.clone().unwrap_or_default()),
        ("format", info.row.format.clone()),
        ("state", info.row.state()),
        ("source", info.row.source.to_string()),
        ("signed", super::key::told(&info.row.signed)),
        ("folder", info.folder.display().to_string()),
        ("releases", info.row.releases.clone()),
        ("product", list(&fields.fuel_version)),
        ("groups", list(&fields.groups)),
        ("authors", list(&fields.authors)),
        ("licenses", list(&fields.licenses)),
        ("homepage", fields.homepage.clone().unwrap_or_default()),
        ("files for", list(&info.kept_fields)),
        ("links", list(&links)),
        ("kept", list(&kept)),
    ];
    let mut text = String::new();
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        text += &format!("{name:<12} {}\n", console::printable::line(value));
    }
    for told in &info.advisories {
        text += &format!("{:<12} {}\n", "advisory", console::printable::line(&advisory(told)));
    }
    for entry in &info.history {
        let deeds: Vec<_> = entry.events.iter().filter_map(Deed::of).collect();
        for deed in deeds.iter().filter(|deed| deed.name == fields.name) {
            let number = entry.transaction.0;
            text +=
                &format!("{:<12} {number}: {} {}\n", "history", deed.kind.words().1, deed.line());
        }
    }
    text
}

/// Returns a notice in one line: `EX-1 (critical): Passwords in the log; fixed in 1.0.4`.
pub(crate) fn advisory(told: &Told) -> String {
    let Told { id, severity, title, withdraws, fix } = told;
    let withdrawn = if *withdraws { "; this version is withdrawn" } else { "" };
    let fixed = fix.as_ref().map(|fix| format!("; fixed in {fix}")).unwrap_or_default();
    format!("{id} ({severity}): {title}{withdrawn}{fixed}")
}
