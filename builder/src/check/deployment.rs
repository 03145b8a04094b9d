//! `deployment_tasks.yaml`: tasks in the graph of a deployment (`fuel-schemas 5`).
//!
//! Generation 3 asks most types for a role; from 4 on none does, but a task without one is doubtful.

use plugin::Generation;
use plugin::yaml::Node;

use super::parameters as of;
use super::place::Place;
use super::relations::{ANY_ID, IDS, RELATIONS, TASK_ID};
use super::roles;
use super::shape::{
    Field, Form, List, Others, Shape, Table, list_of, optional, required, unchecked,
};
use super::tasks::STAGE;
use crate::Code;

const TYPE: Shape = Shape::OneOf(&[
    "puppet",
    "shell",
    "group",
    "skipped",
    "copy_files",
    "sync",
    "upload_file",
    "stage",
    "reboot",
]);

const COMMON: &[Field] = &[
    required("id", ID),
    required("type", TYPE),
    optional("requires", Shape::List(&IDS)),
    optional("required_for", Shape::List(&IDS)),
    optional("version", Shape::Form(&TASK_VERSION)).since(Generation::V4),
    optional("cross-depends", Shape::Either(&RELATIONS)).since(Generation::V4),
    optional("cross-depended-by", Shape::Either(&RELATIONS)).since(Generation::V4),
    optional("stage", STAGE).since(Generation::V4),
    optional("tasks", Shape::List(&ANY_IDS)).since(Generation::V4),
    optional("reexecute_on", Shape::List(&EVENTS)).since(Generation::V4),
    unchecked("condition"),
    unchecked("test_pre"),
    unchecked("test_post"),
    unchecked("strategy"),
    unchecked("fault_tolerance"),
    unchecked("refresh_on"),
];

const ID: Shape = Shape::Since(Generation::V4, &Shape::Form(&ANY_ID), &Shape::Form(&TASK_ID));

static ANY_IDS: List = list_of(Shape::Form(&ANY_ID));

static EVENTS: List = list_of(Shape::OneOf(&["deploy_changes"]));

static TASK_VERSION: Form = Form {
    code: Code::TaskVersion,
    fits: |text| {
        let parts = || text.split('.');
        let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        parts().count() == 3 && parts().all(number)
    },
    says: "a task's version: three numbers with dots, such as `2.1.0`",
};

/// Who runs a task, in generation 3.
const ROLE: &[Field] = &[required("role", Shape::Either(&roles::NAMED))];

const ROLE_OR_GROUPS: &[Field] = &[
    optional("role", Shape::Either(&roles::NAMED)),
    optional("groups", Shape::List(&roles::NAMES)),
];

/// Who runs a task, from generation 4 on.
const ROLES: &[Field] = &[
    optional("role", roles::MATCHING),
    optional("roles", roles::MATCHING),
    optional("groups", roles::MATCHING),
];

static TASKS: List = list_of(Shape::Rule(task));

/// The top of the file.
pub(super) static TOP: Shape = Shape::List(&TASKS);

fn task(place: &Place<'_>) {
    let kind = place.text("type").unwrap_or_default();
    if place.sheet.generation >= Generation::V4 {
        modern(kind).check(place);
        report_no_role(place, kind);
    } else {
        early(kind).check(place);
    }
}

/// A task's rules: those of all tasks, who runs it, and its parameters.
const fn table(fields: &'static [&'static [Field]]) -> Table {
    Table { fields, others: Others::Ignored }
}

/// Returns the rules of generation 3.
fn early(kind: &str) -> Shape {
    static PUPPET: Table =
        table(&[COMMON, ROLE_OR_GROUPS, &[optional("parameters", Shape::Map(&of::PUPPET))]]);
    static SHELL: Table = table(&[COMMON, ROLE, &[optional("parameters", Shape::Map(&of::SHELL))]]);
    static GROUP: Table =
        table(&[COMMON, ROLE, &[optional("parameters", Shape::Map(&of::EARLY_GROUP))]]);
    static COPY_FILES: Table =
        table(&[COMMON, ROLE, &[required("parameters", Shape::Map(&of::COPY_FILES))]]);
    static SYNC: Table = table(&[COMMON, ROLE, &[required("parameters", Shape::Map(&of::SYNC))]]);
    static UPLOAD_FILE: Table =
        table(&[COMMON, ROLE, &[required("parameters", Shape::Map(&of::UPLOAD_FILE))]]);
    static REBOOT: Table = table(&[COMMON, &[optional("parameters", Shape::Map(&of::REBOOT))]]);
    static OTHER: Table = table(&[COMMON, &[unchecked("parameters"), unchecked("role")]]);
    Shape::Map(match kind {
        "puppet" => &PUPPET,
        "shell" => &SHELL,
        "group" => &GROUP,
        "copy_files" => &COPY_FILES,
        "sync" => &SYNC,
        "upload_file" => &UPLOAD_FILE,
        "reboot" => &REBOOT,
        _ => &OTHER,
    })
}

/// Returns the rules from generation 4 on.
fn modern(kind: &str) -> Shape {
    static PUPPET: Table =
        table(&[COMMON, ROLES, &[optional("parameters", Shape::Map(&of::PUPPET))]]);
    static SHELL: Table =
        table(&[COMMON, ROLES, &[optional("parameters", Shape::Map(&of::SHELL))]]);
    static COPY_FILES: Table =
        table(&[COMMON, ROLES, &[required("parameters", Shape::Map(&of::COPY_FILES))]]);
    static SYNC: Table = table(&[COMMON, ROLES, &[required("parameters", Shape::Map(&of::SYNC))]]);
    static UPLOAD_FILE: Table =
        table(&[COMMON, ROLES, &[required("parameters", Shape::Map(&of::UPLOAD_FILE))]]);
    static REBOOT: Table =
        table(&[COMMON, ROLES, &[optional("parameters", Shape::Map(&of::REBOOT))]]);
    static OTHER: Table =
        table(&[COMMON, ROLES, &[optional("parameters", Shape::Map(&of::OTHER))]]);
    Shape::Map(match kind {
        "puppet" => &PUPPET,
        "shell" => &SHELL,
        "copy_files" => &COPY_FILES,
        "sync" => &SYNC,
        "upload_file" => &UPLOAD_FILE,
        "reboot" => &REBOOT,
        _ => &OTHER,
    })
}

fn report_no_role(place: &Place<'_>, kind: &str) {
    let filled = |node: &Node| match node.as_list() {
        Some(items) => !items.is_empty(),
        None => node.as_str().is_none_or(|text| !text.is_empty()),
    };
    let mut keys = ["roles", "groups", "role"].into_iter();
    let has_role = keys.any(|key| place.node.get(key).is_some_and(filled));
    if kind != "stage" && place.node.as_map().is_some() && !has_role {
        let span = place.node.get("id").unwrap_or(place.node).span;
        let message = "no `roles`, `groups` or `role` says which nodes run the task".to_owned();
        let help = "add `roles`, or make it a task of type `stage`".to_owned();
        place.report_at(span, Code::NoRole, message, Some(help));
    }
}
