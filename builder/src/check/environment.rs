//! `environment_config.yaml`: the settings that users see (`fuel-schemas 6`).

use plugin::Generation;

use super::restrictions::RESTRICTIONS;
use super::shape::{
    Either, List, Others, Shape, Table, either, list_of, optional, required, unchecked,
};

static METADATA: Table = Table {
    fields: &[&[
        optional("label", Shape::Text),
        optional("weight", Shape::Integer),
        optional("toggleable", Shape::Boolean),
        optional("enabled", Shape::Boolean),
        optional("restrictions", Shape::List(&RESTRICTIONS)),
        optional("group", Shape::OneOf(&GROUPS)).since(Generation::V4),
    ]],
    others: Others::Ignored,
};

const GROUPS: [&str; 8] = [
    "general",
    "security",
    "compute",
    "network",
    "storage",
    "logging",
    "openstack_services",
    "other",
];

static WORDS: List =
    list_of(Shape::Either(&either("a string or a boolean", &[Shape::Text, Shape::Boolean])));

static GENERATED: Table =
    Table { fields: &[&[optional("generator", Shape::Text)]], others: Others::Ignored };

static VALUE: Either = either(
    "a string, a boolean, a list of these or a mapping",
    &[Shape::Text, Shape::Boolean, Shape::List(&WORDS), Shape::Map(&GENERATED)],
)
.reported_whole();

static CHOICES: List = list_of(Shape::Map(&Table {
    fields: &[&[
        required("data", Shape::Text),
        required("label", Shape::Text),
        unchecked("description"),
        unchecked("restrictions"),
    ]],
    others: Others::Ignored,
}));

static ATTRIBUTE: Table = Table {
    fields: &[&[
        required("type", Shape::Text),
        required("label", Shape::Text),
        required("weight", Shape::Integer),
        required("value", Shape::Either(&VALUE)),
        optional("restrictions", Shape::List(&RESTRICTIONS)),
        optional("values", Shape::List(&CHOICES)),
        unchecked("description"),
        unchecked("regex"),
        unchecked("min"),
        unchecked("max"),
    ]],
    others: Others::Ignored,
};

static ATTRIBUTES: Table = Table {
    fields: &[&[optional("metadata", Shape::Map(&METADATA))]],
    others: Others::Named(&Shape::Map(&ATTRIBUTE)),
};

/// The top of the file.
pub(super) static TOP: Shape = Shape::Map(&Table {
    fields: &[&[optional("attributes", Shape::Map(&ATTRIBUTES))]],
    others: Others::Ignored,
});
