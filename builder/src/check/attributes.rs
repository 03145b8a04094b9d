//! `nic_config.yaml`, `bond_config.yaml` and `node_config.yaml` (`fuel-schemas 11, 12`).

use super::restrictions::RESTRICTIONS;
use super::roles::is_name;
use super::shape::{Form, Others, Shape, Table, optional, required};
use crate::Code;

static ATTRIBUTE_NAME: Form = Form {
    code: Code::AttributeName,
    fits: |text| is_name(text) && !text.starts_with("metadata"),
    says: "an attribute's name: letters, digits, `_` and `-`, not beginning with `metadata`",
};

static SECTION_NAME: Form = Form {
    code: Code::AttributeName,
    fits: is_name,
    says: "a section's name: only letters, digits, `_` and `-` are allowed",
};

static METADATA: Table = Table {
    fields: &[&[
        required("label", Shape::Text),
        optional("restrictions", Shape::List(&RESTRICTIONS)),
    ]],
    others: Others::Ignored,
};

static ATTRIBUTE: Table = Table {
    fields: &[&[
        required("label", Shape::Text),
        required("type", Shape::Text),
        required("value", Shape::Any),
        optional("description", Shape::Text),
        optional("restrictions", Shape::List(&RESTRICTIONS)),
    ]],
    others: Others::Ignored,
};

static ATTRIBUTES: Table = Table {
    fields: &[&[optional("metadata", Shape::Map(&METADATA))]],
    others: Others::Formed(&ATTRIBUTE_NAME, &Shape::Map(&ATTRIBUTE)),
};

/// The top of the files for network cards and bonds.
pub(super) static INTERFACE: Shape = Shape::Map(&ATTRIBUTES);

/// The top of the file for nodes.
pub(super) static NODE: Shape = Shape::Map(&Table {
    fields: &[],
    others: Others::Formed(&SECTION_NAME, &Shape::Map(&ATTRIBUTES)),
});
