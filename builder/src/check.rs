//! Every rule about a plugin's sources, all findings in one run.
//!
//! Each side file has a module whose tables say what may stand in it; `presence` says which files
//! must be there, `references` what must fit across files. The rest of the folder is read as what a
//! package will hold, so that a build has no other answer. Changes nothing and runs nothing; packages
//! in the plugin's repositories are opened by a build alone.

use std::collections::HashMap;
use std::path::Path;

use packaging::{Contents, Limits};
use plugin::yaml::{Document, Node, Span};
use plugin::{Generation, PluginName};

use crate::source::SIDE_FILES;
use crate::tree::leftovers::Leftovers;
use crate::tree::{self, Tree};
use crate::{Code, Finding, Source, Step, Unreadable, ValuePath};

mod alternatives;
mod attributes;
mod components;
mod deployment;
mod environment;
mod expression;
mod hooks;
mod metadata;
mod network;
mod nodes;
mod parameters;
mod place;
mod presence;
mod references;
mod relations;
mod releases;
mod restrictions;
mod roles;
mod shape;
mod table;
mod tasks;
mod volumes;
mod walk;
mod words;

use place::{Place, Sheet};
use presence::Presence;
use shape::Shape;

/// A plugin as checked: what is wrong or doubtful, and what its package will hold.
#[derive(Debug)]
pub(crate) struct Checked {
    /// All findings, by file and place.
    pub(crate) findings: Vec<Finding>,
    /// The files; not all of them where there are errors.
    pub(crate) contents: Contents,
}

/// Returns all that is wrong or doubtful in `source`, by file and place: what a build would find.
///
/// Where the metadata cannot tell the package version, only what all versions have in common is
/// checked.
pub fn check(source: &Source) -> Vec<Finding> {
    check_for(source, &source.directory).findings
}

/// Checks `source` for a build whose packages go to `output`.
pub(crate) fn check_for(source: &Source, output: &Path) -> Checked {
    let generation = metadata::generation(source.file("metadata.yaml"));
    let name = source.metadata().map(|metadata| metadata.id.name);
    let leftovers = Leftovers::of(name.as_ref(), output);
    let Tree { contents, mut findings } =
        tree::read(&source.directory, &leftovers, &Limits::default());
    let packaged = findings.is_empty().then_some(&contents);
    findings.extend(SIDE_FILES.iter().flat_map(|name| check_file(source, name, generation)));
    findings.extend(presence::documented_names(&source.directory));
    findings.extend(releases::check_paths(source, packaged));
    findings.extend(hooks::check_build_hook(&source.directory));
    if let Some(generation) = generation {
        findings.extend(references::check(source, generation));
        if generation.has_hooks() {
            findings.extend(hooks::check_install_hooks(&contents));
        }
    }
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    Checked { findings, contents }
}

/// Two plugins that a Debian host would take for one.
#[derive(Clone, Debug, PartialEq)]
pub struct Collision {
    /// Which of the sources came first.
    pub first: usize,
    /// The one that collides with it, in which the finding lies.
    pub second: usize,
    /// What is wrong.
    pub finding: Finding,
}

/// Returns the plugins among `sources` whose Debian package names are the same though their own
/// names are not.
pub fn collisions(sources: &[Source]) -> Vec<Collision> {
    let mut taken: HashMap<String, (usize, PluginName)> = HashMap::new();
    let mut collisions = Vec::new();
    for (second, source) in sources.iter().enumerate() {
        let Some(root) = source.root("metadata.yaml") else { continue };
        let Some(id) = source.metadata().map(|metadata| metadata.id) else { continue };
        let Some(package) = id.package_name().for_debian() else { continue };
        match taken.get(&package) {
            Some((first, name)) if *name != id.name => {
                let finding = collision(root, name, &id.name, &package);
                collisions.push(Collision { first: *first, second, finding });
            }
            Some(_) => {}
            None => {
                taken.insert(package, (second, id.name));
            }
        }
    }
    collisions
}

fn collision(root: &Node, first: &PluginName, second: &PluginName, package: &str) -> Finding {
    Finding {
        code: Code::NameCollision,
        file: "metadata.yaml".to_owned(),
        span: root.get("name").map(|name| name.span),
        path: ValuePath(vec![Step::Key("name".to_owned())]),
        message: format!("`{second}` and `{first}` would both be the Debian package `{package}`"),
        help: Some("rename one of the plugins".to_owned()),
    }
}

/// Checks one side file, there or not.
fn check_file(source: &Source, name: &'static str, generation: Option<Generation>) -> Vec<Finding> {
    let presence = Presence::of(name, generation);
    let Some(file) = source.file(name) else { return presence.absent(name) };
    if presence == Presence::Unknown {
        return presence::unused(name, generation);
    }
    match &file.document {
        Err(unreadable) => vec![unread(name, unreadable)],
        Ok(document) => match file.root() {
            None => presence.empty(name),
            Some(root) => {
                // Where the generation is unknown, the rules of the first are what all ask for.
                let generation = generation.unwrap_or(Generation::V1);
                let sheet = Sheet::new(name, &file.text, generation);
                check_content(document, &Place::top(root, &sheet));
                sheet.into_findings()
            }
        },
    }
}

fn check_content(document: &Document, top: &Place<'_>) {
    for duplicate in &document.duplicates {
        let message = format!("the key {} is given twice", words::quote(&duplicate.key));
        let help = format!("the one on line {} is used", duplicate.last.start.line);
        top.report_at(duplicate.first, Code::DuplicateKey, message, Some(help));
    }
    rules(top.sheet.file).check(top);
}

fn rules(name: &str) -> &'static Shape {
    match name {
        "metadata.yaml" => &metadata::TOP,
        "tasks.yaml" => &tasks::TOP,
        "environment_config.yaml" => &environment::TOP,
        "deployment_tasks.yaml" => &deployment::TOP,
        "network_roles.yaml" => &network::TOP,
        "node_roles.yaml" => &nodes::TOP,
        "volumes.yaml" => &volumes::TOP,
        "components.yaml" => &components::TOP,
        "node_config.yaml" => &attributes::NODE,
        _ => &attributes::INTERFACE,
    }
}

/// Says why a side file could not be read.
fn unread(name: &str, unreadable: &Unreadable) -> Finding {
    let at = |position| Some(Span { start: position, end: position });
    let (code, span, message, help) = match unreadable {
        Unreadable::Yaml(error) => {
            (Code::Yaml, at(error.position), error.message.clone(), error.help.clone())
        }
        Unreadable::Encoding(position) => {
            let help = "save the file as UTF-8".to_owned();
            (Code::Encoding, at(*position), "the file is not UTF-8 text".to_owned(), Some(help))
        }
        Unreadable::TooLarge => (Code::TooLarge, None, format!("the file is {unreadable}"), None),
        Unreadable::NotAFile => (Code::Unreadable, None, "not a regular file".to_owned(), None),
        Unreadable::Io(error) => {
            (Code::Unreadable, None, format!("cannot be read: {}", error.kind()), None)
        }
    };
    Finding { span, message, help, ..about_file(code, name) }
}

/// A finding about a file as a whole, yet without words.
fn about_file(code: Code, file: &str) -> Finding {
    Finding {
        code,
        file: file.to_owned(),
        span: None,
        path: ValuePath::default(),
        message: String::new(),
        help: None,
    }
}

/// Side files come in the order in which they are checked, all others behind them.
fn order(finding: &Finding) -> (usize, &str, usize) {
    let rank = SIDE_FILES.iter().position(|&name| name == finding.file);
    let offset = finding.span.map_or(0, |span| span.start.offset);
    (rank.unwrap_or(SIDE_FILES.len()), &finding.file, offset)
}
