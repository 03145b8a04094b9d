//! How a host is told of the repository. A click into a command marks all of it.

use maud::{Markup, html};

use crate::repo::tree::Edition;

/// What commands need to know of a repository.
struct Place<'a> {
    name: &'a str,
    url: &'a str,
    signed: bool,
}

/// Returns the key, and the ways by which hosts come to trust it and use the repository.
pub(super) fn section(edition: &Edition<'_>) -> Markup {
    let name = edition.settings.name.as_str();
    let url = edition.settings.url.as_ref().map_or("https://SERVER/PATH", |url| url.as_str());
    let signer = edition.signer();
    let place = Place { name, url: url.trim_end_matches('/'), signed: signer.is_some() };
    html! {
        section aria-labelledby="use" {
            h2 #use { "Add it to a host" }
            @match &signer {
                Some(key) => (key_of(&place, key)),
                None => p.alarm { strong { "This repository is not signed." } " Use it for tests only." },
            }
            div.ways {
                section.card {
                    h3 { "With " code { "plugins" } }
                    p { "Tells dnf or apt of the repository, "
                        @if place.signed { "shows its key and asks before it trusts that:" } @else { "for tests:" } }
                    (command(&format!("plugins repo add {}", place.url)))
                }
                section.card { h3 { "With dnf alone" } (command(&yum(&place))) }
                section.card { h3 { "With apt alone" } (command(&apt(edition, &place))) }
            }
        }
    }
}

fn key_of(place: &Place<'_>, key: &str) -> Markup {
    let fetch = format!(
        "curl -fsSLo {name}.asc {url}/key.asc\ngpg --show-keys {name}.asc",
        name = place.name,
        url = place.url
    );
    html! {
        section.card {
            h3 { "Everything here is signed with this key" }
            p.print { (spaced(key)) }
            p.soft {
                "Compare all of it with what you were told by other means: who can alter this page can alter the "
                a href="key.asc" { "certificate" } " too."
            }
            (command(&fetch))
        }
    }
}

/// Returns a command to copy.
fn command(text: &str) -> Markup {
    html! { pre { code { (text) } } }
}

fn yum(Place { name, url, signed }: &Place<'_>) -> String {
    let (copy, check, key) = if *signed {
        let place = format!("/etc/pki/rpm-gpg/{name}.asc");
        let copy = format!("install -D -m 644 {name}.asc {place}\n");
        (copy, 1, format!("gpgkey=file://{place}\n"))
    } else {
        (String::new(), 0, String::new())
    };
    format!(
        "{copy}cat >/etc/yum.repos.d/{name}.repo <<'END'\n[{name}]\nname={name}\nbaseurl={url}/yum/\n\
         gpgcheck={check}\nrepo_gpgcheck={check}\n{key}END\ndnf install PACKAGE"
    )
}

fn apt(edition: &Edition<'_>, Place { name, url, signed }: &Place<'_>) -> String {
    let settings = edition.settings;
    let components: Vec<_> = settings.components.iter().map(|it| it.as_str()).collect();
    let (copy, trust) = if *signed {
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

/// Returns a fingerprint in groups of four.
fn spaced(fingerprint: &str) -> String {
    let digits: Vec<char> = fingerprint.chars().collect();
    let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}
