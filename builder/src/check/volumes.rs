//! `volumes.yaml`: what roles put on disks (`fuel-schemas 8`).

use super::roles::ROLE_NAME;
use super::shape::{List, Others, Shape, Table, list_of, required, some_of, unchecked};

static ALLOCATIONS: List = some_of(Shape::Map(&Table {
    fields: &[&[
        required("allocate_size", Shape::OneOf(&["all", "min", "full-disk"])),
        required("id", Shape::Text),
    ]],
    others: Others::Ignored,
}));

static MAPPING: Table =
    Table { fields: &[], others: Others::Formed(&ROLE_NAME, &Shape::List(&ALLOCATIONS)) };

static VOLUMES: List = list_of(Shape::Map(&Table {
    fields: &[&[required("id", Shape::Text), required("type", Shape::Text)]],
    others: Others::Ignored,
}));

/// The top of the file.
pub(super) static TOP: Shape = Shape::Map(&Table {
    fields: &[&[
        required("volumes_roles_mapping", Shape::Map(&MAPPING)),
        required("volumes", Shape::List(&VOLUMES)),
        unchecked("rule_to_pick_boot_disk"),
    ]],
    others: Others::Ignored,
});
