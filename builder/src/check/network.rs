//! `network_roles.yaml`: networks and their addresses (`fuel-schemas 9`).

use super::roles::is_lower_name;
use super::shape::{Form, List, Others, Shape, Table, list_of, optional, required, unchecked};
use crate::Code;

static VIP_NAME: Form = Form {
    code: Code::VipName,
    fits: is_lower_name,
    says: "a name: only a-z, 0-9, `_` and `-` are allowed",
};

static VIPS: List = list_of(Shape::Map(&Table {
    fields: &[&[
        required("name", Shape::Form(&VIP_NAME)),
        optional("namespace", Shape::Form(&VIP_NAME)),
        unchecked("alias"),
        unchecked("node_roles"),
    ]],
    others: Others::Ignored,
}));

static PROPERTIES: Table = Table {
    fields: &[&[
        required("subnet", Shape::Boolean),
        required("gateway", Shape::Boolean),
        required("vip", Shape::List(&VIPS)),
    ]],
    others: Others::Ignored,
};

static ROLES: List = list_of(Shape::Map(&Table {
    fields: &[&[
        required("id", Shape::Text),
        required("default_mapping", Shape::Text),
        required("properties", Shape::Map(&PROPERTIES)),
    ]],
    others: Others::Ignored,
}));

/// The top of the file.
pub(super) static TOP: Shape = Shape::List(&ROLES);
