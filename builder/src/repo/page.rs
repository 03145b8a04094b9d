//! The page for people: what is wrong, how a host is told of the repository, what is in it. One static
//! file without scripts that asks nobody for anything, which a phone shows as well as a screen, in the
//! light and in the dark.

mod advisories;
mod hosts;
mod plugins;

use console::printable::count;
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::matrix::MATRIX;
use super::tree::{Edition, timestamp};

const STYLE: &str = include_str!("page/style.css");

/// The browser is to fetch nothing, whatever a title or description says.
const CONTENT: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// Returns the page.
pub(super) fn page(edition: &Edition<'_>) -> String {
    let settings = edition.settings;
    let title = settings.label.as_ref().map_or(settings.name.as_str(), |label| label.as_str());
    let plugins = plugins::plugins(edition);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(CONTENT);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                (header(edition, title, plugins.len()))
                main {
                    (advisories::section(edition))
                    (hosts::section(edition))
                    (plugins::section(&plugins))
                }
                (footer(edition))
            }
        }
    };
    page.into_string() + "\n"
}

fn header(edition: &Edition<'_>, title: &str, plugins: usize) -> Markup {
    let advisories = match edition.notices.0.len() {
        1 => "1 advisory".to_owned(),
        number => format!("{number} advisories"),
    };
    html! {
        header {
            p.kind { "Plugin repository" }
            h1 { (title) }
            p.soft {
                (count(plugins, "plugin")) ", " (count(edition.items.len(), "package")) ". Published "
                (day(timestamp(edition.time))) ", to be trusted until " (day(timestamp(edition.end))) "."
            }
            nav aria-label="On this page" {
                a href="#advisories" { (advisories) }
                a href="#use" { "Add it to a host" }
                a href="#plugins" { "Plugins" }
            }
        }
    }
}

fn footer(edition: &Edition<'_>) -> Markup {
    html! {
        footer {
            p {
                "For programs: " a href=(MATRIX) { "versions and support" } ", "
                a href="apt/advisories.json" { "advisories" } ", " a href="manifest.json" { "all files" }
                @if edition.seal.is_some() { ", each with a signature beside it (" code { ".asc" } ")" }
                ". Made by " code { "fpb" } "."
            }
        }
    }
}

/// Returns a day as people write it.
fn day(time: Timestamp) -> Markup {
    html! { time datetime=(time) { (time.strftime("%-d %B %Y")) } }
}
