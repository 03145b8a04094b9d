//! `node_roles.yaml`: the roles that a plugin brings (`fuel-schemas 7`).

use super::restrictions::RESTRICTIONS;
use super::roles::ROLE_NAME;
use super::shape::{
    Either, List, Others, Shape, TEXTS, Table, either, optional, required, some_of, unchecked,
};

static CONFLICTS: Either =
    either("a list of strings or '*'", &[Shape::List(&TEXTS), Shape::OneOf(&["*"])]);

static COUNT: Either = either("an integer or a string", &[Shape::Text, Shape::Integer]);

static OVERRIDES: List = some_of(Shape::Map(&Table {
    fields: &[&[
        required("condition", Shape::Text),
        optional("min", Shape::Either(&COUNT)),
        optional("max", Shape::Either(&COUNT)),
        optional("recommended", Shape::Either(&COUNT)),
        optional("message", Shape::Text),
    ]],
    others: Others::Ignored,
}));

static LIMITS: Table = Table {
    fields: &[&[
        optional("condition", Shape::Text),
        optional("min", Shape::Either(&COUNT)),
        optional("max", Shape::Either(&COUNT)),
        optional("recommended", Shape::Either(&COUNT)),
        optional("overrides", Shape::List(&OVERRIDES)),
    ]],
    others: Others::Ignored,
};

static ROLE: Table = Table {
    fields: &[&[
        required("name", Shape::Text),
        required("description", Shape::Text),
        optional("conflicts", Shape::Either(&CONFLICTS)),
        optional("has_primary", Shape::Boolean),
        optional("public_ip_required", Shape::Boolean),
        optional("update_required", Shape::List(&TEXTS)),
        optional("update_once", Shape::List(&TEXTS)),
        optional("weight", Shape::Integer),
        optional("limits", Shape::Map(&LIMITS)),
        optional("restrictions", Shape::List(&RESTRICTIONS)),
        unchecked("fault_tolerance"),
        unchecked("tags"),
        unchecked("group"),
    ]],
    others: Others::Ignored,
};

/// The top of the file.
pub(super) static TOP: Shape =
    Shape::Map(&Table { fields: &[], others: Others::Formed(&ROLE_NAME, &Shape::Map(&ROLE)) });
