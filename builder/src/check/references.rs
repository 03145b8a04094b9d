//! What must fit across tasks and files: roles, ids (`fuel` B34).
//!
//! Only warnings, because other plugins and the product define roles and tasks too. A reference is
//! doubted where it is nearly, but not quite, one of the plugin's own ids.

use std::collections::BTreeSet;

use plugin::Generation;
use plugin::yaml::{Node, Span};

use super::place::{Place, Sheet};
use super::presence::Presence;
use super::roles::is_name;
use super::words;
use crate::{Code, Finding, Source};

/// Roles that releases of the product define.
const PRODUCT_ROLES: [&str; 16] = [
    "base-os",
    "ceph-osd",
    "cinder",
    "cinder-block-device",
    "cinder-vmware",
    "compute",
    "compute-vmware",
    "controller",
    "ironic",
    "master",
    "mongo",
    "primary-controller",
    "primary-mongo",
    "self",
    "virt",
    "zabbix-server",
];

/// Most ids or roles, and most bytes of a file, for which slips are looked for: each name is compared
/// with each. Real plugins have less than a tenth of it.
const MOST_COMPARED: usize = 300;
const MOST_BYTES: usize = 1 << 16;

/// Letters that an id must have before a near one is taken for it.
const LEAST_LETTERS: usize = 6;

/// Returns what is doubtful in the tasks and volumes of `source`.
pub(super) fn check(source: &Source, generation: Generation) -> Vec<Finding> {
    let own = own_roles(source);
    let mut findings = Vec::new();
    for name in ["tasks.yaml", "deployment_tasks.yaml", "volumes.yaml"] {
        let Some(file) = source.file(name) else { continue };
        let Some(root) = file.root() else { continue };
        if Presence::of(name, Some(generation)) == Presence::Unknown {
            continue;
        }
        let sheet = Sheet::new(file.name, &file.text, generation);
        let top = Place::top(root, &sheet);
        if name == "volumes.yaml" {
            check_volumes(&top, &own);
        } else {
            check_tasks(&top, &own);
        }
        findings.extend(sheet.into_findings());
    }
    findings
}

/// Returns the roles that `node_roles.yaml` defines.
fn own_roles(source: &Source) -> BTreeSet<&str> {
    let map = source.root("node_roles.yaml").and_then(Node::as_map);
    map.map_or(&[][..], |map| map.entries()).iter().filter_map(|entry| entry.key.as_str()).collect()
}

fn check_volumes(top: &Place<'_>, own: &BTreeSet<&str>) {
    let Some(mapping) = top.get("volumes_roles_mapping") else { return };
    for entry in mapping.entries() {
        if let Some(role) = entry.key.as_str() {
            check_role(&mapping.value(entry), entry.key.span, role, own);
        }
    }
}

fn check_tasks(top: &Place<'_>, own: &BTreeSet<&str>) {
    let mut ids = BTreeSet::new();
    for task in top.items() {
        report_duplicate(&task, &mut ids);
        for key in ["role", "roles"] {
            let Some(value) = task.get(key) else { continue };
            let report = |place: &Place<'_>| {
                if let Some(role) = place.node.as_str() {
                    check_role(place, place.node.span, role, own);
                }
            };
            report(&value);
            value.items().for_each(|item| report(&item));
        }
    }
    if ids.len() <= MOST_COMPARED && top.sheet.text.len() <= MOST_BYTES {
        top.items().for_each(|task| check_order(&task, &ids));
    }
}

fn report_duplicate<'a>(task: &Place<'a>, ids: &mut BTreeSet<&'a str>) {
    let Some(id) = task.text("id") else { return };
    if !ids.insert(id)
        && let Some(place) = task.get("id")
    {
        let message = format!("another task has the id {} too", words::quote(id));
        place.report(Code::DuplicateTask, message, None);
    }
}

/// Expressions and `*` are not names; `primary-x` is the first node of role `x`.
fn check_role(place: &Place<'_>, span: Span, role: &str, own: &BTreeSet<&str>) {
    let plain = role.strip_prefix("primary-").unwrap_or(role);
    let known = |name| own.contains(name) || PRODUCT_ROLES.contains(&name);
    if !is_name(role) || known(role) || known(plain) {
        return;
    }
    let compared = if place.sheet.text.len() > MOST_BYTES { 0 } else { MOST_COMPARED };
    let candidates = own.iter().copied().take(compared).chain(PRODUCT_ROLES);
    let help = words::did_you_mean(role, candidates)
        .unwrap_or_else(|| "define it in node_roles.yaml, unless another plugin does".to_owned());
    let message = format!("neither the plugin nor the product defines {}", words::quote(role));
    place.report_at(span, Code::UnknownRole, message, Some(help));
}

fn check_order(task: &Place<'_>, ids: &BTreeSet<&str>) {
    for key in ["requires", "required_for"] {
        let Some(list) = task.get(key) else { continue };
        list.items().for_each(|item| check_reference(&item, ids));
    }
    for key in ["cross-depends", "cross-depended-by"] {
        let Some(list) = task.get(key) else { continue };
        for relation in list.items() {
            if let Some(name) = relation.get("name") {
                check_reference(&name, ids);
            }
        }
    }
}

fn check_reference(place: &Place<'_>, ids: &BTreeSet<&str>) {
    let Some(name) = place.node.as_str() else { return };
    if !is_name(name) || ids.contains(name) {
        return;
    }
    let near = ids.iter().copied().filter(|id| is_slip(name, id));
    if let Some(meant) = words::nearest(name, near) {
        let message = format!("no task of the plugin has the id {}", words::quote(name));
        let help = format!("did you mean `{meant}`?");
        place.report(Code::UnknownTask, message, Some(help));
    }
}

/// Whether `name` can be a slip for `id`, rather than another of a series or of the product.
fn is_slip(name: &str, id: &str) -> bool {
    let letters = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "");
    id.len() >= LEAST_LETTERS
        && !name.starts_with(id)
        && !id.starts_with(name)
        && letters(name) != letters(id)
}
