//! `metadata.yaml` (`fuel-schemas 2, 3`). Its releases have a file of their own.

use plugin::yaml::{Kind, Value};
use plugin::{BadVersion, Generation, Metadata, PluginName, UnknownGeneration, Version};

use super::place::Place;
use super::releases::RELEASES;
use super::shape::{Form, List, Others, Shape, TEXTS, Table, list_of, optional, required};
use super::words;
use crate::release::is_release;
use crate::{Code, Finding, SideFile};

static NAME: Form = Form {
    code: Code::PluginName,
    fits: |text| text.parse::<PluginName>().is_ok(),
    says: "a plugin name: only a-z, 0-9, `_` and `-` are allowed",
};

/// Groups of plugins; the last came with generation 4.
const GROUP_NAMES: &[&str] = &[
    "network",
    "storage",
    "storage::cinder",
    "storage::glance",
    "hypervisor",
    "monitoring",
    "equipment",
];

static GROUPS: List = List {
    items: Shape::Since(
        Generation::V4,
        &Shape::OneOf(GROUP_NAMES),
        &Shape::OneOf(GROUP_NAMES.split_at(6).0),
    ),
    least: 0,
    unique: true,
};

static FUEL_VERSIONS: List = list_of(Shape::Rule(fuel_version));

static METADATA: Table = Table {
    fields: &[&[
        required("name", Shape::Form(&NAME)),
        required("title", Shape::Text),
        required("version", Shape::Rule(version)),
        required("package_version", Shape::Text),
        required("description", Shape::Text),
        required("fuel_version", Shape::List(&FUEL_VERSIONS)),
        required("releases", Shape::List(&RELEASES)),
        required("licenses", Shape::List(&TEXTS)).since(Generation::V2),
        required("authors", Shape::List(&TEXTS)).since(Generation::V2),
        required("homepage", Shape::Text).since(Generation::V2),
        required("groups", Shape::List(&GROUPS)).since(Generation::V2),
        required("is_hotpluggable", Shape::Boolean).since(Generation::V4),
        optional("build_version", Shape::Rule(build_version)).since(Generation::V3),
    ]],
    others: Others::Ignored,
};

/// The top of the file.
pub(super) static TOP: Shape = Shape::Rule(top);

/// Most characters of a value that servers store.
const WIDTHS: [(&str, usize); 5] =
    [("name", 100), ("title", 100), ("version", 32), ("package_version", 32), ("description", 400)];

/// Texts that become headers of packages.
const HEADERS: [&str; 5] = ["title", "description", "homepage", "licenses", "authors"];

/// Returns the generation that `metadata.yaml` names.
pub(super) fn generation(file: Option<&SideFile>) -> Option<Generation> {
    file?.root()?.get("package_version")?.as_str()?.parse().ok()
}

/// Where the generation is unknown, only what all of them ask for is checked.
fn top(place: &Place<'_>) {
    Shape::Map(&METADATA).check(place);
    if let Some(version) = place.get("package_version") {
        match version.node.as_str().map(str::parse) {
            Some(Ok(generation)) => report_old_products(place, generation),
            Some(Err(error)) => report_unknown(&version, &error),
            None => {}
        }
    }
    report_widths(place);
    for header in HEADERS.iter().filter_map(|key| place.get(key)) {
        report_controls(&header);
        header.items().for_each(|item| report_controls(&item));
    }
    report_authors(place);
    report_debian_name(place);
}

fn report_unknown(place: &Place<'_>, error: &UnknownGeneration) {
    let major = |text: &str| text.chars().next();
    let near = |known: &Generation| major(known.as_str()) == major(&error.0);
    let help = Generation::ALL.into_iter().find(near).map(|near| format!("did you mean `{near}`?"));
    place.report(Code::PackageVersion, error.to_string(), help);
}

fn version(place: &Place<'_>) {
    let Some(text) = place.node.as_str() else { return Shape::Text.check(place) };
    if let Err(error) = text.parse::<Version>() {
        let help = match error {
            BadVersion::Shape(_) => Some("write two or three numbers, for example '1.0.0'".into()),
            BadVersion::TooLong(_) => None,
        };
        place.report(Code::PluginVersion, error.to_string(), help);
    }
}

fn fuel_version(place: &Place<'_>) {
    let Some(text) = place.node.as_str() else { return Shape::Text.check(place) };
    if text.parse::<Version>().is_err() {
        let message = format!("{} is not a version of the product", words::quote(text));
        place.report(Code::FuelVersion, message, Some("write for example '9.0'".to_owned()));
    }
}

/// Reports products that are too old for `generation`.
fn report_old_products(place: &Place<'_>, generation: Generation) {
    let lowest = generation.lowest_product();
    let base: Version = lowest.parse().expect("the lowest products are versions");
    let Some(products) = place.get("fuel_version") else { return };
    for product in products.items() {
        let Some(text) = product.node.as_str() else { continue };
        if text.parse().is_ok_and(|version: Version| version < base) {
            let message = format!(
                "package version {generation} needs product {lowest} or newer, not {}",
                words::quote(text)
            );
            let help = format!("remove {}, or use an older `package_version`", words::quote(text));
            product.report(Code::FuelVersionTooLow, message, Some(help));
        }
    }
}

/// As text it becomes part of a file name and of package headers.
fn build_version(place: &Place<'_>) {
    let text = match &place.node.value {
        Value::String(text) => text.clone(),
        Value::Integer(Some(number)) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        _ => return no_release(place),
    };
    if !is_release(&text) {
        let message = format!("{} cannot be a package's release", words::quote(&text));
        let help =
            "begin with a letter or digit; use letters, digits and `.`, `_`, `+`, `~`".to_owned();
        place.report(Code::BuildVersion, message, Some(help));
    }
}

/// An empty text would be refused, too.
fn no_release(place: &Place<'_>) {
    let sheet = place.sheet.scratch();
    Shape::Text.check(&place.on(&sheet));
    let help = "write a release such as '1', or leave the key out";
    for finding in sheet.into_findings() {
        place.sheet.add(Finding { help: Some(help.to_owned()), ..finding });
    }
}

fn report_widths(place: &Place<'_>) {
    for (key, most) in WIDTHS {
        let Some(value) = place.get(key) else { continue };
        let length = value.node.as_str().map_or(0, |text| text.chars().count());
        if length > most {
            let message = format!("{length} characters are more than the {most} of servers");
            value.report(Code::TooWide, message, None);
        }
    }
}

fn report_controls(place: &Place<'_>) {
    let Some(text) = place.node.as_str() else { return };
    let odd = |c: &char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.contains('\0') {
        place.report(Code::NulCharacter, "the text holds the character NUL".to_owned(), None);
    } else if let Some(c) = text.chars().find(odd) {
        let message = format!("the text holds the control character U+{:04X}", u32::from(c));
        place.report(Code::ControlCharacter, message, None);
    }
}

fn report_authors(place: &Place<'_>) {
    let authors = place.get("authors");
    let Some(authors) = authors.filter(|at| at.node.as_list().is_some_and(<[_]>::is_empty)) else {
        return;
    };
    let help = "name a person or a company".to_owned();
    authors.report(Code::NoAuthors, "`authors` is empty".to_owned(), Some(help));
}

fn report_debian_name(place: &Place<'_>) {
    let Some(metadata) = Metadata::from_yaml(place.node) else { return };
    if metadata.id.package_name().for_debian().is_some() {
        return;
    }
    if let Some(name) = place.get("name").filter(|name| name.node.kind() == Kind::String) {
        let message = "Debian packages cannot have this name".to_owned();
        let help = "begin the name with a letter or a digit".to_owned();
        name.report(Code::DebianName, message, Some(help));
    }
}
