//! Ids of tasks, and how tasks refer to each other (`fuel-schemas 5.1, 5.3, 5.4`).

use super::roles::is_name;
use super::shape::{Either, Form, List, Others, Shape, Table, either, list_of, optional, required};
use crate::Code;

/// The id of a task.
pub(super) static TASK_ID: Form = Form {
    code: Code::TaskId,
    fits: is_name,
    says: "a task's id: only letters, digits, `_` and `-` are allowed",
};

/// The id of a task, or `*` for all.
pub(super) static ANY_ID: Form = Form {
    code: Code::TaskId,
    fits: |text| text == "*" || is_name(text),
    says: "a task's id: only letters, digits, `_` and `-` are allowed, or `*` alone",
};

/// A list of ids.
pub(super) static IDS: List = list_of(Shape::Form(&TASK_ID));

/// An expression that is computed when the product deploys.
pub(super) static EXPRESSION: Table =
    Table { fields: &[&[required("yaql_exp", Shape::Text)]], others: Others::Ignored };

/// The value of `cross-depends` and `cross-depended-by`.
pub(super) static RELATIONS: Either = either(
    "a list of relations or an expression (`yaql_exp`)",
    &[Shape::List(&RELATION_LIST), Shape::Map(&EXPRESSION)],
);

static RELATION_LIST: List = list_of(Shape::Map(&Table {
    fields: &[&[
        required("name", Shape::Either(&NAME)),
        optional("role", Shape::Either(&ROLE)),
        optional("policy", Shape::OneOf(&["all", "any"])),
    ]],
    others: Others::Ignored,
}));

static NAME: Either =
    either("a task's id or an expression (`yaql_exp`)", &[Shape::Text, Shape::Map(&EXPRESSION)]);

static ROLE: Either = either(
    "a role, a list of roles or an expression (`yaql_exp`)",
    &[Shape::Text, Shape::List(&ANYTHING), Shape::Map(&EXPRESSION)],
);

static ANYTHING: List = list_of(Shape::Any);
