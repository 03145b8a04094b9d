//! What `metadata.yaml` must say for its plugin to be registered (`nailgun-api 3.2, 6.4`).
//!
//! Looser than what the builder wants, but for names and versions, from which folders are named, and
//! for releases, by which plugins are matched with environments.

use std::fmt::Display;
use std::str::FromStr;

use plugin::PluginId;
use plugin::compatibility::is_release_version;
use serde_json::{Map, Value};

use crate::Plugin;

/// A value that is not as it must be.
#[derive(Debug)]
pub(super) struct BadValue {
    /// How it is reached: keys and indexes, from the top.
    pub(super) path: Vec<String>,
    /// What is wrong, beginning with that path.
    pub(super) message: String,
}

/// Returns the plugin that `fields` describe, the references in them resolved.
pub(super) fn plugin(fields: &Map<String, Value>) -> Result<Plugin, BadValue> {
    let top = Place { fields, path: Vec::new() };
    Ok(Plugin {
        id: PluginId {
            name: top.parsed("name")?,
            version: top.parsed("version")?,
            generation: top.parsed("package_version")?,
        },
        title: top.required("title", TEXT)?,
        description: top.optional("description", TEXT)?,
        releases: releases(&top)?,
        groups: top.optional("groups", TEXTS)?.unwrap_or_default(),
        authors: top.optional("authors", TEXTS)?.unwrap_or_default(),
        licenses: top.optional("licenses", TEXTS)?.unwrap_or_default(),
        homepage: top.optional("homepage", TEXT)?,
        products: top.required("fuel_version", TEXTS)?,
        is_hotpluggable: top.optional("is_hotpluggable", BOOLEAN)?.unwrap_or_default(),
    })
}

/// Whether an entry of `releases` defines a release of the product: it is no place to deploy to.
pub(super) fn is_definition(release: &Map<String, Value>) -> bool {
    release.get("is_release") == Some(&Value::Bool(true))
}

fn releases(top: &Place<'_>) -> Result<Vec<Map<String, Value>>, BadValue> {
    let mut releases = top.required("releases", MAPS)?;
    for (index, fields) in releases.iter().enumerate() {
        if !is_definition(fields) {
            check_release(&Place { fields, path: vec!["releases".to_owned(), index.to_string()] })?;
        }
    }
    releases.retain(|release| !is_definition(release));
    Ok(releases)
}

fn check_release(release: &Place<'_>) -> Result<(), BadValue> {
    release.required("os", TEXT)?;
    let version = release.required("version", TEXT)?;
    if !is_release_version(&version) {
        let wanted =
            "must be a platform and a product version with one dash between, as `mitaka-9.0`";
        return Err(release.bad("version", wanted));
    }
    release.optional("name", TEXT)?;
    release.optional("operating_system", TEXT)?;
    release.optional("mode", TEXTS)?;
    for key in ["repository_path", "deployment_scripts_path"] {
        let path = release.optional(key, TEXT)?.unwrap_or_default();
        if path.starts_with('/') || path.contains("://") || path.split('/').any(|p| p == "..") {
            return Err(release.bad(key, "must be a path inside the plugin"));
        }
    }
    Ok(())
}

/// What a value is read as.
struct Kind<T> {
    read: fn(&Value) -> Option<T>,
    says: &'static str,
}

const TEXT: Kind<String> = Kind { read: |value| value.as_str().map(str::to_owned), says: "text" };
const BOOLEAN: Kind<bool> = Kind { read: Value::as_bool, says: "true or false" };
const TEXTS: Kind<Vec<String>> = Kind {
    read: |value| value.as_array()?.iter().map(|text| Some(text.as_str()?.to_owned())).collect(),
    says: "a list of texts",
};
const MAPS: Kind<Vec<Map<String, Value>>> = Kind {
    read: |value| value.as_array()?.iter().map(|map| map.as_object().cloned()).collect(),
    says: "a list of mappings",
};

/// A mapping and how it is reached.
struct Place<'a> {
    fields: &'a Map<String, Value>,
    path: Vec<String>,
}

impl Place<'_> {
    fn required<T>(&self, key: &str, kind: Kind<T>) -> Result<T, BadValue> {
        self.optional(key, kind)?.ok_or_else(|| self.bad(key, "is missing"))
    }

    /// A key that is there must have a value: null is none.
    fn optional<T>(&self, key: &str, kind: Kind<T>) -> Result<Option<T>, BadValue> {
        let Some(value) = self.fields.get(key) else { return Ok(None) };
        match (kind.read)(value) {
            Some(value) => Ok(Some(value)),
            None => Err(self.bad(key, &format!("must be {}", kind.says))),
        }
    }

    fn parsed<T: FromStr<Err: Display>>(&self, key: &str) -> Result<T, BadValue> {
        let text = self.required(key, TEXT)?;
        text.parse().map_err(|error: T::Err| self.bad(key, &format!("cannot be read: {error}")))
    }

    fn bad(&self, key: &str, says: &str) -> BadValue {
        let path: Vec<String> = self.path.iter().cloned().chain([key.to_owned()]).collect();
        BadValue { message: format!("`{}` {says}", path.join(".")), path }
    }
}
