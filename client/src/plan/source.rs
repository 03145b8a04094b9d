//! Making repositories known to a host, remembering what they show, and forgetting them.

use std::collections::{BTreeMap, BTreeSet};

use registry::history::{Entry, Event, Trust};
use registry::{Certificate, Change, Source};

use super::{Plan, Refusal, Registration, Step};
use crate::HostState;
use crate::repository::{self, Connection, Side};

/// What a host has of repositories and their files.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The repositories that were added.
    pub sources: BTreeSet<Source>,
    /// Of the files that the repository in question may have, those that are there: below the root.
    pub files: BTreeMap<String, String>,
    /// Whether rpm accepts packages by its key.
    pub key: bool,
    /// Whether rpm has that key from us.
    pub brought: bool,
    /// Whether something else on the host is vouched for by its key too.
    pub shared: bool,
    /// Whether rpm has the key that it had until now from us, and nothing else needs that.
    pub former: bool,
    /// The file, below the root, in which dnf has another repository of its name.
    pub rival: Option<String>,
}

impl Known {
    fn source(&self, name: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.name == name)
    }
}

/// Decides how to make a repository known, or why not. `source` is what is remembered of it then, and
/// `document` its notices.
pub fn connect(
    state: &HostState,
    known: &Known,
    connection: &Connection,
    source: &Source,
    document: &str,
) -> Result<Plan, Refusal> {
    let before = known.source(&connection.name);
    let certificate = source.certificate.clone().expect("what was read was signed");
    if let (Side::Yum, Some(path)) = (connection.side, &known.rival) {
        let (name, path) = (connection.name.clone(), path.clone());
        return Err(Refusal::SourceTaken { name, path });
    }
    let mut steps = Vec::new();
    for (path, content) in repository::configuration(connection) {
        match known.files.get(&path) {
            Some(there) if *there == content => continue,
            // Who wrote it had something in mind.
            Some(_) if before.is_none() => {
                return Err(Refusal::SourceTaken { name: connection.name.clone(), path });
            }
            _ => steps.push(Step::Place { path, content: Some(content) }),
        }
    }
    if connection.side == Side::Yum && !known.key {
        let (fingerprint, key) = (certificate.to_string(), Some(connection.armored.clone()));
        // What rpm refuses is to be known before anything has happened.
        let path = repository::brought(&fingerprint);
        steps.insert(0, Step::Key { fingerprint, certificate: key });
        steps.push(Step::Place { path, content: Some(String::new()) });
    }
    let same =
        before.is_some_and(|it| it.url == source.url && it.certificate == source.certificate);
    if steps.is_empty() && same {
        return Ok(plan(state, Vec::new(), Vec::new()));
    }
    let (path, content) = (repository::copy(&connection.name), Some(document.to_owned()));
    steps.push(Step::Place { path, content });
    let mut events = vec![Event::Source { before: before.cloned(), after: Some(source.clone()) }];
    let former = before.and_then(|it| it.certificate.as_ref()).filter(|it| **it != certificate);
    if let Some(former) = former {
        if known.former {
            steps.extend(without(former));
        }
        events.push(distrusted(&connection.name, former));
    }
    events.push(Event::Trusted(repository::trusted(connection, certificate)));
    Ok(plan(state, with_registry(steps, vec![Change::Remember(source.clone())]), events))
}

/// Decides how to forget a repository, its files and its key, or why not.
pub fn disconnect(state: &HostState, known: &Known, name: &str) -> Result<Plan, Refusal> {
    let Some(source) = known.source(name) else {
        let known = known.sources.iter().map(|source| source.name.clone()).collect();
        return Err(Refusal::UnknownSource { name: name.to_owned(), known });
    };
    let mut notes = Vec::new();
    let mut steps = Vec::new();
    for path in repository::owned(name) {
        match known.files.get(&path) {
            None => continue,
            Some(text) if is_settings(&path) && !repository::is_ours(text) => {
                notes.push(format!("`/{path}` was edited by hand and stays"));
            }
            Some(_) => steps.push(Step::Place { path, content: None }),
        }
    }
    let mut events = vec![Event::Source { before: Some(source.clone()), after: None }];
    if let Some(certificate) = &source.certificate {
        if known.key && known.brought && !known.shared {
            steps.extend(without(certificate));
        }
        events.push(distrusted(name, certificate));
        notes.push(format!("what its key {certificate} vouched for needs another key from now on"));
    }
    let forget = Change::Forget { name: name.to_owned() };
    let mut plan = plan(state, with_registry(steps, vec![forget]), events);
    plan.notes = notes;
    Ok(plan)
}

/// Decides how to remember what repositories show now; nothing of it is history.
pub fn remember(state: &HostState, shown: &[(Source, String)]) -> Plan {
    let copies = shown.iter().map(|(source, document)| Step::Place {
        path: repository::copy(&source.name),
        content: Some(document.clone()),
    });
    let changes = shown.iter().map(|(source, _)| Change::Remember(source.clone())).collect();
    let steps =
        if shown.is_empty() { Vec::new() } else { with_registry(copies.collect(), changes) };
    plan(state, steps, Vec::new())
}

/// Takes a key from rpm that rpm has from us.
fn without(certificate: &Certificate) -> [Step; 2] {
    let fingerprint = certificate.to_string();
    let path = repository::brought(&fingerprint);
    [Step::Key { fingerprint, certificate: None }, Step::Place { path, content: None }]
}

/// Tells that a repository's key counts no more.
fn distrusted(name: &str, certificate: &Certificate) -> Event {
    let place = format!("/{}", repository::certificate_of(name)).into();
    Event::Distrusted(Trust { certificate: certificate.clone(), scope: Vec::new(), place })
}

fn is_settings(path: &str) -> bool {
    path.ends_with(".repo") || path.ends_with(".sources")
}

fn with_registry(mut steps: Vec<Step>, changes: Vec<Change>) -> Vec<Step> {
    if !steps.is_empty() {
        steps.push(Step::Flush);
    }
    let changes = changes.into_iter().map(Registration::Change).collect();
    steps.push(Step::Register { changes });
    steps
}

fn plan(state: &HostState, steps: Vec<Step>, events: Vec<Event>) -> Plan {
    let entry = Entry {
        transaction: state.next_transaction,
        time: state.call.time,
        actor: state.call.actor.clone(),
        command: state.call.command.clone(),
        reverses: None,
        events,
    };
    Plan { entry, steps, notes: Vec::new(), settled: Vec::new() }
}
