//! Differences of the embedded `metadata.yaml`, value by value.

use std::collections::{BTreeMap, BTreeSet};

use packaging::Package;
use plugin::yaml::{self, Node, Value};

use super::{Change, headers};

/// Returns the values that differ by their path: `releases -> 0 -> version`. A text that cannot be
/// read counts as having no values; its file shows up among the files.
pub(super) fn compare(old: &Package, new: &Package) -> Vec<Change> {
    headers::changes(&values(old), &values(new))
}

/// Returns the folders of the repositories that the metadata of either package names.
pub(super) fn repositories(packages: &[&Package]) -> BTreeSet<String> {
    let roots = packages.iter().filter_map(|package| root(package));
    let mut folders = BTreeSet::new();
    for root in roots {
        let releases = root.get("releases").and_then(Node::as_list).unwrap_or_default();
        let paths = releases.iter().filter_map(|release| release.get("repository_path")?.as_str());
        folders.extend(paths.map(|path| {
            let parts = path.split('/').filter(|part| !matches!(*part, "" | "."));
            parts.collect::<Vec<_>>().join("/")
        }));
    }
    folders
}

fn root(package: &Package) -> Option<Node> {
    yaml::parse(package.metadata.as_deref()?).ok()?.root
}

/// Returns all values of a package's metadata by path.
fn values(package: &Package) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    if let Some(root) = root(package) {
        flatten(&root, String::new(), &mut values);
    }
    values
}

fn flatten(node: &Node, path: String, values: &mut BTreeMap<String, String>) {
    let below = |step: &str| {
        if path.is_empty() { step.to_owned() } else { format!("{path} -> {step}") }
    };
    match &node.value {
        Value::List(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                flatten(item, below(&index.to_string()), values);
            }
        }
        Value::Map(map) if !map.is_empty() => {
            for entry in map.entries() {
                flatten(&entry.value, below(&scalar(&entry.key)), values);
            }
        }
        _ => {
            values.insert(path, scalar(node));
        }
    }
}

/// Returns a value without parts as text.
fn scalar(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::Integer(Some(value)) => value.to_string(),
        Value::Integer(None) => "a large number".to_owned(),
        Value::Float(value) => format!("{value:?}"),
        Value::Timestamp(text) => text.clone(),
        Value::Binary(bytes) => format!("{} bytes of binary data", bytes.len()),
        Value::String(text) => text.clone(),
        Value::List(_) => "[]".to_owned(),
        Value::Map(_) => "{}".to_owned(),
    }
}
