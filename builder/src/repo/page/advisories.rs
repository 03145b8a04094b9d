//! What is wrong with versions in the repository, and what mends it.

use maud::{Markup, html};

use super::day;
use crate::repo::tree::Edition;
use crate::repo::{Advisory, Spec};

/// How many are shown at once; the others are unfolded.
const SHOWN: usize = 5;

/// Returns the advisories, the newest first.
pub(super) fn section(edition: &Edition<'_>) -> Markup {
    let mut notices: Vec<_> = edition.notices.0.iter().collect();
    notices.sort_by(|a, b| (b.issued, a.severity, &a.id).cmp(&(a.issued, b.severity, &b.id)));
    let (recent, earlier) = notices.split_at(notices.len().min(SHOWN));
    html! {
        section aria-labelledby="advisories" {
            h2 #advisories { "Security advisories" }
            @if recent.is_empty() { p.soft { "None." } }
            @for notice in recent { (advisory(notice)) }
            @if !earlier.is_empty() {
                details.more {
                    summary { (earlier.len()) " earlier" }
                    @for notice in earlier { (advisory(notice)) }
                }
            }
        }
    }
}

fn advisory(notice: &Advisory) -> Markup {
    let severity = notice.severity.name();
    let paragraphs =
        notice.description.split("\n\n").map(str::trim).filter(|text| !text.is_empty());
    html! {
        article id=(notice.id) class={ "card advisory " (severity) } {
            p.meta {
                span class={ "label " (severity) } { (severity) }
                span { (notice.id) }
                span.soft { (day(notice.issued)) }
            }
            h3 { (notice.title) }
            @for paragraph in paragraphs { p { (paragraph) } }
            dl {
                @if !notice.fixes.is_empty() { dt { "Fixed in" } dd { (specs(&notice.fixes)) } }
                @if !notice.withdraws.is_empty() {
                    dt { "Withdrawn" } dd.alarm { (specs(&notice.withdraws)) }
                }
                @if let Some(after) = after(notice) { dt { "Afterwards" } dd { (after) } }
                @if !notice.cves.is_empty() {
                    dt { "Known as" }
                    dd { @for (at, cve) in notice.cves.iter().enumerate() { @if at > 0 { ", " } (cve) } }
                }
                @if !notice.references.is_empty() {
                    dt { "More" }
                    dd { @for reference in &notice.references { (link(reference.as_str())) " " } }
                }
            }
        }
    }
}

fn after(notice: &Advisory) -> Option<&'static str> {
    match (notice.reboot, notice.restart) {
        (true, _) => Some("hosts have to be started again"),
        (false, true) => Some("programs that use the plugin have to be started again"),
        (false, false) => None,
    }
}

fn specs(specs: &[Spec]) -> Markup {
    html! { @for (at, spec) in specs.iter().enumerate() { @if at > 0 { ", " } (spec.name) " " (spec.version) } }
}

/// Returns a reference, which can be followed where it is an address on the web.
fn link(reference: &str) -> Markup {
    let is_address = ["https://", "http://"].iter().any(|it| reference.starts_with(it));
    html! {
        @if is_address { a href=(reference) rel="noreferrer" { (reference) } } @else { (reference) }
    }
}
