//! Keys of `metadata.yaml` that stand for the content of files (`nailgun-api 6.3`).
//!
//! `tasks_path: data/*.yaml` becomes `tasks`: what the file holds, or what all of them hold together.
//! A key whose value names a folder stays, and so do the two paths of a release, and all that defines a
//! release of the product. What the files hold is taken as it is: no keys are resolved in it.

use serde_json::{Map, Value};

use super::files::Files;
use super::metadata::is_definition;
use super::unfit::Unfit;

const SUFFIX: &str = "_path";

/// Keys that name folders, whether these are there or not.
const EXEMPT: [&str; 2] = ["repository_path", "deployment_scripts_path"];

/// Returns `value` with all references replaced.
pub(super) fn resolve(value: Value, files: &mut Files<'_>) -> Result<Value, Unfit> {
    Ok(match value {
        Value::Array(items) => {
            let items = items.into_iter().map(|item| resolve(item, files));
            Value::Array(items.collect::<Result<_, _>>()?)
        }
        Value::Object(fields) => Value::Object(resolve_all(fields, files)?),
        other => other,
    })
}

/// Returns a mapping with all references replaced.
pub(super) fn resolve_all(
    fields: Map<String, Value>,
    files: &mut Files<'_>,
) -> Result<Map<String, Value>, Unfit> {
    if is_definition(&fields) {
        return Ok(fields);
    }
    let mut resolved = Map::new();
    for (key, value) in fields {
        match (stem(&key), value) {
            (Some(stem), Value::String(path)) if !names_folder(&path, files)? => {
                let values = files.referenced(&path)?;
                resolved.insert(stem.to_owned(), join(values, &path)?);
            }
            (_, value) => {
                resolved.insert(key, resolve(value, files)?);
            }
        }
    }
    Ok(resolved)
}

/// Returns what remains of a key that may be a reference.
fn stem(key: &str) -> Option<&str> {
    let stem = key.strip_suffix(SUFFIX)?;
    (!stem.is_empty() && !EXEMPT.contains(&key)).then_some(stem)
}

/// Whether `path`, which must stay inside the plugin, names a folder.
fn names_folder(path: &str, files: &mut Files<'_>) -> Result<bool, Unfit> {
    let leaves = path.starts_with('/') || path.split('/').any(|part| part == "..");
    if path.is_empty() || leaves || path.chars().any(char::is_control) {
        return Err(Unfit::Reference(path.to_owned()));
    }
    Ok(files.is_folder(path))
}

/// Joins what several files hold: lists one behind the other, the keys of mappings together, of which
/// the last of a kind wins. Files that hold nothing add nothing.
fn join(values: Vec<Value>, pattern: &str) -> Result<Value, Unfit> {
    let mut values = values.into_iter().filter(|value| !value.is_null());
    let Some(first) = values.next() else { return Ok(Value::Null) };
    values.try_fold(first, |joined, value| match (joined, value) {
        (Value::Array(mut items), Value::Array(more)) => {
            items.extend(more);
            Ok(Value::Array(items))
        }
        (Value::Object(mut fields), Value::Object(more)) => {
            fields.extend(more);
            Ok(Value::Object(fields))
        }
        _ => Err(Unfit::Mixed { pattern: pattern.to_owned() }),
    })
}
