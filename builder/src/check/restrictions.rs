//! Restrictions, which attributes and roles of several files have (`fuel-schemas 6.3`).

use plugin::yaml::{Kind, Node};

use super::place::Place;
use super::shape::{Either, List, Others, Shape, Table, either, optional, required, some_of};
use super::words;
use crate::Code;

static LONG: Table = Table {
    fields: &[&[
        required("condition", Shape::Text),
        optional("message", Shape::Text),
        optional("action", Shape::Text),
    ]],
    others: Others::Ignored,
};

static RESTRICTION: Either =
    either("a condition (a string) or a mapping", &[Shape::Text, Shape::Map(&LONG)]);

/// The value of `restrictions`.
pub(super) static RESTRICTIONS: List = some_of(Shape::Chosen(form));

fn form(node: &Node) -> Shape {
    if node.as_map().is_some_and(|map| map.len() == 1) {
        Shape::Rule(one_key)
    } else {
        Shape::Either(&RESTRICTION)
    }
}

/// A mapping of one key is condition -> message, unless the key says otherwise.
fn one_key(place: &Place<'_>) {
    for entry in place.entries() {
        let key = entry.key.as_str().unwrap_or_default();
        let suspect = match key {
            "action" | "message" => true,
            "condition" => entry.value.kind() != Kind::String,
            _ => false,
        };
        if suspect {
            let message = format!("{} is taken for a condition", words::quote(key));
            let help = "write the condition as a string under `condition`".to_owned();
            place.report_at(entry.key.span, Code::Restriction, message, Some(help));
        }
    }
}
