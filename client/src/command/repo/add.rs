//! `plugins repo add`

use std::path::PathBuf;

use clap::{Args, ValueHint};
use client::engine::End;
use client::plan::{Known, connect};
use client::repository::{self, Address, Connection, Contact, Transport};
use client::trust::{Home, Pattern, Scope};
use client::{Depth, Host};
use console::{Answer, Report};
use packaging::signature::Fingerprint;
use serde_json::json;

use crate::command::allow::{agree, content};
use crate::command::change::{Aim, Task, change};
use crate::command::editions::Watch;
use crate::failure::{Problem, general};
use crate::session::Session;

/// Which repository.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins repo add https://plugins.example.org
  plugins repo add https://plugins.example.org --key release.asc --for 'ldap*' --for demo
  plugins repo add /srv/plugins/public --name local --accept-fingerprint 9F3A6C1B…71C2 --yes")]
pub(super) struct Arguments {
    /// Where it is served, or the folder
    #[arg(value_name = "URL|DIR", value_hint = ValueHint::AnyPath)]
    place: String,
    /// What the host calls it [default: what it calls itself]
    #[arg(long)]
    name: Option<String>,
    /// File with its certificate [default: the one that it offers]
    #[arg(long, value_name = "CERTFILE", value_hint = ValueHint::FilePath)]
    key: Option<PathBuf>,
    /// Plugins that the key is trusted for, as patterns [default: *]
    #[arg(long = "for", value_name = "PATTERN", num_args = 1..)]
    scope: Vec<Pattern>,
    /// The key's whole fingerprint, as its owner told it
    #[arg(long, value_name = "FPR")]
    accept_fingerprint: Option<Fingerprint>,
}

/// Makes a repository known.
pub(super) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let settings = session.settings()?;
    let host = session.host(&settings)?;
    let watch = Watch::new(session, &settings, &host)?;
    let (address, side): (Address, _) = (arguments.place.parse()?, watch.side()?);
    let transport = watch.transport();
    let contact = offered(arguments, &transport, &address)?;
    // That it was taken back may be known here, and not be said by who offers it.
    let mut keys = watch.trust.keys().only(|it| *it == contact.certificate.fingerprint);
    keys.extend(&contact.trust).map_err(|error| Problem::from_error(general::FAILED, &error))?;
    let edition = repository::read(&transport, &address, side, &keys, watch.now)?;
    let name = repository::name(arguments.name.as_ref().unwrap_or(&edition.name))?;
    let before = watch.source(&name);
    let same_key = before.is_some_and(|it| it.certificate.as_ref() == Some(&edition.certificate));
    let seen = before.filter(|_| same_key);
    let notes = repository::judge(&name, &edition, seen, watch.now, watch.expiry())?;
    let present = before.and_then(|_| present_scope(&watch, &name, &contact));
    let scope = scope(arguments, present.as_ref());
    let needs_agreement = !same_key || Some(&scope) != present.as_ref();
    if needs_agreement && !session.options.dry_run && !session.options.assume_no {
        report.tell(&format!("repository   {name}, to be trusted for {scope}"));
        let former = before.and_then(|it| it.certificate.as_ref()).filter(|_| !same_key);
        if let Some(former) = former {
            report.tell(&format!("  in the place of {former}, which vouches for it no more"));
        }
        agree(&keys, arguments.accept_fingerprint.as_ref(), report)?;
    }
    let source = edition.source(&name, &address, watch.now);
    let connection = Connection {
        name: name.clone(),
        address,
        side,
        suite: edition.suite.clone(),
        components: edition.components.clone(),
        armored: contact.armored,
        scope,
    };
    // Who has compared a fingerprint has said yes.
    let agreed = session.unasked(false);
    let session = if needs_agreement { &agreed } else { session };
    let task = Task::new(Depth::Registry, Answer::Yes, Aim::Registry);
    let outcome = change(session, report, &task, &mut |desk| {
        let known = known(desk.host, &watch, &name, edition.certificate.as_str())?;
        let mut plan = connect(desk.state, &known, &connection, &source, &edition.document)?;
        plan.notes.extend(notes.clone());
        Ok(plan.into())
    })?;
    if let End::Applied(_) = outcome.end {
        host.refresh(&name)?;
        let text = format!("added repository `{name}`, signed by {}", edition.certificate);
        report.answer(&text, &json!({ "repository": source, "scope": connection.scope.plugins }));
    }
    Ok(())
}

/// Returns the certificate that was given, or is offered.
fn offered(
    arguments: &Arguments,
    transport: &Transport,
    address: &Address,
) -> Result<Contact, Problem> {
    let Some(file) = &arguments.key else { return Ok(repository::contact(transport, address)?) };
    Ok(Contact::read(&file.display().to_string(), &content(file)?)?)
}

/// Returns what the repository's own file of keys is trusted for. What other files say of the same key was
/// not said of the repository, and scripts that one key may bring another may not.
fn present_scope(watch: &Watch<'_>, name: &str, contact: &Contact) -> Option<Scope> {
    let home = Home::Named(name.to_owned());
    let file = watch.trust.files().iter().find(|file| file.home == home)?;
    Some(match file.has(&contact.certificate.fingerprint) {
        true => file.scope.clone(),
        false => Scope::of(file.scope.plugins.clone()),
    })
}

/// Returns what the key is to be trusted for: what was asked for, else what it is, else all.
fn scope(arguments: &Arguments, present: Option<&Scope>) -> Scope {
    match present {
        _ if !arguments.scope.is_empty() => Scope::of(arguments.scope.clone()),
        Some(present) => present.clone(),
        None => Scope::of(vec!["*".parse().expect("it is a pattern")]),
    }
}

/// Returns what the host has of a repository's files and key.
pub(super) fn known(
    host: &Host,
    watch: &Watch<'_>,
    name: &str,
    certificate: &str,
) -> Result<Known, Problem> {
    let failed = |error: std::io::Error| Problem::from_error(general::FAILED, &error);
    let has = |it: &registry::Source, key: &str| {
        it.certificate.as_ref().is_some_and(|it| it.as_str() == key)
    };
    let others = |key: &str| watch.sources.iter().any(|it| it.name != name && has(it, key));
    let before = watch.source(name).and_then(|it| it.certificate.as_ref());
    let former = before.map(|it| it.as_str()).filter(|it| *it != certificate && !others(it));
    let former = former.filter(|it| repository::is_brought(host.places(), it));
    Ok(Known {
        sources: watch.sources.clone(),
        files: repository::files_of(host.places(), name).map_err(failed)?,
        key: host.accepts_key(certificate)?,
        brought: repository::is_brought(host.places(), certificate),
        shared: others(certificate),
        rival: repository::rival(host.places(), name).map_err(failed)?,
        former: former.map_or(Ok(false), |it| host.accepts_key(it))?,
    })
}
