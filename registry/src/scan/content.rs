//! Reads one plugin's folder.

use std::sync::Arc;

use plugin::yaml::{Node, Position};
use serde_json::Value;

use super::files::{Files, as_json};
use super::metadata::{self, BadValue};
use super::side::{self, METADATA};
use super::tree::Tree;
use super::unfit::{Place, Unfit};
use super::{Content, Found, defaults, fingerprint, references};
use crate::Fingerprint;

/// Says what a folder holds, `known` being its fingerprint when it was registered.
pub(super) fn read(tree: &Tree, folder: &str, known: Option<&Fingerprint>) -> Content {
    if known.is_some_and(|known| fingerprint::holds(known, tree)) {
        return Content::Unchanged;
    }
    match read_plugin(tree, folder) {
        Ok(found) => Content::Plugin(Box::new(found)),
        Err(unfit) => Content::Broken(unfit.to_string()),
    }
}

fn read_plugin(tree: &Tree, folder: &str) -> Result<Found, Unfit> {
    let mut files = Files::new(tree);
    let root = files.yaml(METADATA)?.ok_or(Unfit::NoMetadata)?;
    let Value::Object(fields) = as_json(METADATA, &root)? else {
        let message = format!("expected a mapping, found {}", root.kind());
        return Err(unfit(root.span.start, message));
    };
    let fields = references::resolve_all(fields, &mut files)?;
    let plugin = metadata::plugin(&fields)
        .map_err(|BadValue { path, message }| unfit(position(&root, &path), message))?;
    let expected = plugin.id.package_name();
    if expected.as_str() != folder {
        let (plugin, expected) = (plugin.id.to_string(), expected.to_string());
        return Err(Unfit::Folder { plugin, expected, folder: folder.to_owned() });
    }
    let generation = plugin.id.generation;
    let mut kept = side::read(generation, &mut files)?;
    defaults::complete(&mut kept, generation, folder);
    let (plugin, kept) = (Arc::new(plugin), kept.into());
    Ok(Found { plugin, kept, fingerprint: files.fingerprint(generation) })
}

fn unfit(at: Position, message: String) -> Unfit {
    Unfit::Value { file: METADATA.to_owned(), at: Place(at), message }
}

/// Returns where the value at `path` stands, or the last on the way to it that the file has.
fn position(root: &Node, path: &[String]) -> Position {
    let mut node = root;
    for part in path {
        let index = part.parse::<usize>().ok();
        let item = index.and_then(|index| node.as_list()?.get(index)).map(|item| &**item);
        match item.or_else(|| node.get(part)) {
            Some(next) => node = next,
            None => break,
        }
    }
    node.span.start
}
