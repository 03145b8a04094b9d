//! Names of roles, and the forms in which tasks name them (`fuel-schemas 5.2, 5.5`).

use super::expression;
use super::place::Place;
use super::shape::{Either, Form, List, Shape, TEXTS, either, list_of};
use super::words;
use crate::Code;

/// Whether `text` is a name of letters, digits, `_` and `-`, as tasks and roles have.
pub(super) fn is_name(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    !text.is_empty() && text.bytes().all(allowed)
}

/// The same without capital letters, as names of addresses and parts of components' names are.
pub(super) fn is_lower_name(text: &str) -> bool {
    is_name(text) && !text.bytes().any(|b| b.is_ascii_uppercase())
}

/// The name of a role.
pub(super) static ROLE_NAME: Form = Form {
    code: Code::RoleName,
    fits: is_name,
    says: "a role's name: only letters, digits, `_` and `-` are allowed",
};

/// A list of role names.
pub(super) static NAMES: List = list_of(Shape::Form(&ROLE_NAME));

/// Roles in `tasks.yaml`.
pub(super) static FREE: Either = either(
    "a list of strings, '*' or 'master'",
    &[Shape::List(&TEXTS), Shape::OneOf(&["*", "master"])],
);

/// Roles in `deployment_tasks.yaml` of generation 3.
pub(super) static NAMED: Either = either(
    "a list of role names, '*' or 'master'",
    &[Shape::List(&NAMES), Shape::OneOf(&["*", "master"])],
)
.reported_whole();

/// Roles in `deployment_tasks.yaml` from generation 4 on.
pub(super) const MATCHING: Shape = Shape::Chosen(|node| match node.as_list() {
    Some(_) => Shape::List(&EXPRESSIONS),
    None => Shape::Rule(one_or_more),
});

static EXPRESSIONS: List = list_of(Shape::Rule(role));

fn one_or_more(place: &Place<'_>) {
    if place.node.as_str().is_some() {
        role(place);
    } else {
        let message =
            format!("expected a role or a list of roles, found {}", words::describe(place));
        place.report(Code::WrongType, message, words::in_quotes(place));
    }
}

/// A name, `*`, or a regular expression between slashes.
fn role(place: &Place<'_>) {
    let Some(text) = place.node.as_str() else { return Shape::Text.check(place) };
    if let Some(body) = expression_in(text) {
        if place.sheet.affords(body.len(), expression::MOST_TEXT)
            && let Some(complaint) = expression::complaint(body)
        {
            let message =
                format!("{} is not a regular expression: {complaint}", words::quote(text));
            place.report(Code::RoleExpression, message, None);
        }
    } else if text != "*" && !is_name(text) {
        let message = format!(
            "{} is not a role: expected a name of letters, digits, `_` and `-`, `*`, or a \
             regular expression between slashes",
            words::quote(text)
        );
        place.report(Code::RoleName, message, None);
    }
}

/// Returns what stands between slashes; the two may be one and the same.
pub(super) fn expression_in(role: &str) -> Option<&str> {
    let body = role.strip_prefix('/')?;
    if body.is_empty() { Some(body) } else { body.strip_suffix('/') }
}
