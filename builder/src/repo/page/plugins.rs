//! What is in the repository, plugin by plugin, the newest version first.

use console::printable::Size;
use maud::{Markup, html};
use plugin::Format;

use crate::repo::level::{Level, levels};
use crate::repo::tree::Edition;
use crate::repo::{Advisory, Item};

/// A plugin, or a package of none.
pub(super) struct Plugin<'a> {
    name: &'a str,
    title: &'a str,
    versions: Vec<Version<'a>>,
}

/// The packages of a version.
struct Version<'a> {
    items: &'a [Item],
    level: Option<Level>,
    /// What is said against it.
    against: Vec<&'a Advisory>,
    /// What it mends.
    fixes: Vec<&'a Advisory>,
}

/// Returns the plugins of a repository.
pub(super) fn plugins<'a>(edition: &Edition<'a>) -> Vec<Plugin<'a>> {
    let mut levels = levels(edition.items, edition.notices).into_iter();
    let plugins = edition.items.chunk_by(|a, b| a.name == b.name);
    plugins
        .map(|items| {
            let mut versions: Vec<_> = items
                .chunk_by(|a, b| a.version == b.version)
                .map(|items| Version::of(edition, items, levels.by_ref().take(items.len()).max()))
                .collect();
            versions.reverse();
            let title = items.last().map_or("", |item| item.title.as_str());
            Plugin { name: &items[0].name, title, versions }
        })
        .collect()
}

impl<'a> Version<'a> {
    fn of(edition: &Edition<'a>, items: &'a [Item], level: Option<Option<Level>>) -> Self {
        let notices = edition.notices;
        let mut against: Vec<_> = notices.withdrawing(&items[0]).into_iter().collect();
        if level == Some(Some(Level::Secadv)) {
            against.extend(notices.endangering(&items[0]));
        }
        let fixes = notices.about(&items[0]).collect();
        Self { items, level: level.flatten(), against, fixes }
    }
}

/// Returns the list of all plugins.
pub(super) fn section(plugins: &[Plugin<'_>]) -> Markup {
    html! {
        section aria-labelledby="plugins" {
            h2 #plugins { "Plugins" }
            @if plugins.is_empty() { p.soft { "None." } }
            @for plugin in plugins {
                article.card.plugin {
                    h3 { (plugin.name) }
                    p.soft { (plugin.title) }
                    table aria-label={ "Versions of " (plugin.name) } {
                        thead {
                            tr {
                                th scope="col" { "Version" }
                                th scope="col" { "Products" }
                                th scope="col" { "Support" }
                                th scope="col" { "Packages" }
                            }
                        }
                        tbody { @for version in &plugin.versions { (row(version)) } }
                    }
                }
            }
        }
    }
}

fn row(version: &Version<'_>) -> Markup {
    let first = &version.items[0];
    let mut products: Vec<&str> = Vec::new();
    for product in version.items.iter().flat_map(|item| &item.products) {
        if !products.contains(&product.as_str()) {
            products.push(product);
        }
    }
    html! {
        tr {
            th scope="row" { (first.version) }
            td { @if products.is_empty() { "–" } @else { (products.join(", ")) } }
            td { (support(version)) }
            td {
                ul { @for item in version.items { (package(item)) } }
                details {
                    summary { "SHA-256" }
                    @for item in version.items { code { (item.sha256) "  " (item.file) } }
                }
            }
        }
    }
}

fn support(version: &Version<'_>) -> Markup {
    let (class, text) = match version.level {
        Some(Level::Current) => ("current", "current"),
        Some(Level::OutOfDate) => ("", "out of date"),
        Some(Level::Secadv) => ("secadv", "vulnerable"),
        Some(Level::Withdrawn) => ("withdrawn", "withdrawn"),
        None => return html! { "–" },
    };
    html! {
        span class={ "label " (class) } { (text) }
        @for notice in &version.against { small { a href={ "#" (notice.id) } { (notice.id) } } }
        @for notice in &version.fixes { small { "fixes " a href={ "#" (notice.id) } { (notice.id) } } }
    }
}

fn package(item: &Item) -> Markup {
    let path = match item.format() {
        Format::Rpm => format!("yum/{}", item.place()),
        Format::Deb => format!("apt/{}", item.place()),
        Format::Fp => format!("fp/{}", item.file),
    };
    html! { li { a href=(path) { (item.file) } " " span.soft { (Size(item.size)) } } }
}
