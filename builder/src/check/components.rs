//! `components.yaml`: parts of the product that a plugin brings or fits (`fuel-schemas 10`).

use super::roles::is_lower_name;
use super::shape::{Form, List, Others, Shape, Table, list_of, optional, required};
use crate::Code;

const KINDS: [&str; 4] = ["hypervisor", "network", "storage", "additional_service"];

static NAME: Form = Form {
    code: Code::ComponentName,
    fits: |text| parts(text).is_some_and(|(inner, last)| inner && is_lower_name(last)),
    says: "a component's name such as `network:neutron:vlan`",
};

static RELATED_NAME: Form = Form {
    code: Code::ComponentName,
    fits: |text| {
        parts(text)
            .is_some_and(|(inner, last)| inner && (matches!(last, "" | "*") || is_lower_name(last)))
    },
    says: "a component's name such as `network:neutron:vlan` or `network:neutron:*`",
};

static RELATIONS: List = list_of(Shape::Map(&Table {
    fields: &[&[required("name", Shape::Form(&RELATED_NAME)), optional("message", Shape::Text)]],
    others: Others::Ignored,
}));

static ANYTHING: List = list_of(Shape::Any);

static COMPONENTS: List = list_of(Shape::Map(&Table {
    fields: &[&[
        required("name", Shape::Form(&NAME)),
        required("label", Shape::Text),
        optional("description", Shape::Text),
        optional("compatible", Shape::List(&RELATIONS)),
        optional("requires", Shape::List(&RELATIONS)),
        optional("incompatible", Shape::List(&RELATIONS)),
        optional("bind", Shape::List(&ANYTHING)),
        optional("weight", Shape::Any),
    ]],
    others: Others::Refused,
}));

/// The top of the file.
pub(super) static TOP: Shape = Shape::List(&COMPONENTS);

/// Returns the last part of `kind:part:part`, and whether those before it are sound.
fn parts(text: &str) -> Option<(bool, &str)> {
    let (kind, rest) = text.split_once(':')?;
    let (inner, last) = rest.rsplit_once(':').map_or((None, rest), |(a, b)| (Some(a), b));
    let sound =
        KINDS.contains(&kind) && inner.is_none_or(|inner| inner.split(':').all(is_lower_name));
    Some((sound, last))
}
