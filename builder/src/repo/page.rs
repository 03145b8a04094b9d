//! The page for people: what is in the repository and how a host is told of it. One static file without
//! scripts, which a phone shows as well as a screen, in the light and in the dark.

use console::printable::Size;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use plugin::Format;

use super::tree::{Edition, timestamp};
use super::{Advisory, Item};
use crate::inspect::format_name;

const STYLE: &str = "\
:root{color-scheme:light dark;--line:#8884;--soft:#888;--bad:#c22}\
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}\
h1{margin-bottom:0}h2{margin-top:2rem}table{border-collapse:collapse;width:100%}\
th,td{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}\
pre{background:#8882;padding:.8rem;overflow-x:auto;border-radius:.3rem}\
small,.soft{color:var(--soft)}.bad{color:var(--bad)}article{border-left:.25rem solid var(--line);padding-left:.8rem}\
@media(max-width:36rem){thead{display:none}td{display:block;border:0;padding:0}\
tr{display:block;padding:.5rem 0;border-bottom:1px solid var(--line)}}";

/// Returns the page.
pub(super) fn page(edition: &Edition<'_>) -> String {
    let settings = edition.settings;
    let title = settings.label.as_ref().map_or(settings.name.as_str(), |label| label.as_str());
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                p.soft {
                    "Published " (timestamp(edition.time)) ", to be trusted until "
                    (timestamp(edition.end)) "."
                }
                (hosts(edition))
                (advisories(edition))
                (packages(edition))
            }
        }
    };
    page.into_string() + "\n"
}

/// How hosts are told of the repository.
fn hosts(edition: &Edition<'_>) -> Markup {
    let name = edition.settings.name.as_str();
    let url = edition.settings.url.as_ref().map_or("https://SERVER/PATH", |url| url.as_str());
    let url = url.trim_end_matches('/');
    let signer = edition.signer();
    html! {
        h2 { "Use it" }
        @if let Some(key) = &signer {
            p {
                "Everything here is signed. Get " a href="key.asc" { "the key" }
                " and compare its fingerprint with what you were told on another way: "
                code { (spaced(key)) }
            }
            pre { code { "curl -fsSLo " (name) ".asc " (url) "/key.asc\ngpg --show-keys " (name) ".asc" } }
        } @else {
            p.bad { strong { "This repository is not signed." } " Use it for tests only." }
        }
        h3 { "With dnf" }
        pre { code { (yum(name, url, signer.is_some())) } }
        h3 { "With apt" }
        pre { code { (apt(edition, name, url, signer.is_some())) } }
    }
}

fn yum(name: &str, url: &str, signed: bool) -> String {
    let (check, key) = if signed {
        (1, format!("gpgkey=file:///etc/pki/rpm-gpg/{name}.asc\n"))
    } else {
        (0, String::new())
    };
    let copy =
        if signed { format!("cp {name}.asc /etc/pki/rpm-gpg/{name}.asc\n") } else { String::new() };
    format!(
        "{copy}cat >/etc/yum.repos.d/{name}.repo <<'END'\n[{name}]\nname={name}\nbaseurl={url}/yum/\n\
         gpgcheck={check}\nrepo_gpgcheck={check}\n{key}END\ndnf install PACKAGE"
    )
}

fn apt(edition: &Edition<'_>, name: &str, url: &str, signed: bool) -> String {
    let settings = edition.settings;
    let components: Vec<_> = settings.components.iter().map(|it| it.as_str()).collect();
    let (copy, trust) = if signed {
        let key = format!("/etc/apt/keyrings/{name}.asc");
        (format!("install -D -m 644 {name}.asc {key}\n"), format!("Signed-By: {key}"))
    } else {
        (String::new(), "Trusted: yes".to_owned())
    };
    format!(
        "{copy}cat >/etc/apt/sources.list.d/{name}.sources <<'END'\nTypes: deb\nURIs: {url}/apt\n\
         Suites: {}\nComponents: {}\n{trust}\nEND\napt-get update && apt-get install PACKAGE",
        settings.suite,
        components.join(" ")
    )
}

fn advisories(edition: &Edition<'_>) -> Markup {
    let mut notices: Vec<_> = edition.notices.0.iter().collect();
    notices.sort_by(|a, b| (b.issued, &b.id).cmp(&(a.issued, &a.id)));
    html! {
        h2 { "Advisories" }
        @if notices.is_empty() { p.soft { "None." } }
        @for notice in notices { (advisory(notice)) }
    }
}

fn advisory(notice: &Advisory) -> Markup {
    html! {
        article id=(notice.id) {
            h3 { (notice.id) ": " (notice.title) }
            p {
                strong { (notice.severity.name()) } ", " (notice.issued)
                @for cve in &notice.cves { ", " (cve) }
            }
            @for paragraph in notice.description.split("\n\n").filter(|text| !text.trim().is_empty()) {
                p { (paragraph) }
            }
            @if !notice.fixes.is_empty() {
                p { "Fixed in " @for spec in &notice.fixes { code { (spec) } " " } }
            }
            @if !notice.withdraws.is_empty() {
                p.bad { "Withdrawn: " @for spec in &notice.withdraws { code { (spec) } " " } }
            }
            @if notice.reboot { p { "Hosts have to be started again." } }
            @if notice.restart { p { "Programs that use the plugin have to be started again." } }
            @for reference in &notice.references { p { (link(reference.as_str())) } }
        }
    }
}

/// Returns a reference, which can be followed where it is an address on the web.
fn link(reference: &str) -> Markup {
    let is_address = ["https://", "http://"].iter().any(|it| reference.starts_with(it));
    html! {
        @if is_address { a href=(reference) rel="noreferrer" { (reference) } } @else { (reference) }
    }
}

fn packages(edition: &Edition<'_>) -> Markup {
    html! {
        h2 { "Packages" }
        @if edition.items.is_empty() { p.soft { "None." } }
        table {
            thead { tr { th { "Name" } th { "Version" } th { "Package" } th { "Size" } } }
            tbody { @for item in edition.items { (package(edition, item)) } }
        }
    }
}

fn package(edition: &Edition<'_>, item: &Item) -> Markup {
    let path = match item.format() {
        Format::Rpm => format!("yum/{}", item.place()),
        Format::Deb => format!("apt/{}", item.place()),
        Format::Fp => format!("fp/{}", item.file),
    };
    html! {
        tr {
            td { strong { (item.name) } br; small { (item.title) } }
            td {
                (item.version)
                @if let Some(notice) = edition.notices.withdrawing(item) {
                    " " a.bad href={ "#" (notice.id) } { "withdrawn" }
                }
                @for notice in edition.notices.about(item) {
                    " " a href={ "#" (notice.id) } { "fixes " (notice.id) }
                }
            }
            td { a href=(path) { (item.file) } br; small { (format_name(item.format())) " sha256 " (item.sha256) } }
            td { (Size(item.size)) }
        }
    }
}

/// Returns a fingerprint in groups of four.
fn spaced(fingerprint: &str) -> String {
    let digits: Vec<char> = fingerprint.chars().collect();
    let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}
