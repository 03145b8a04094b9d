//! A plugin's `metadata.yaml` alone, as a package shows it before it is installed.

use serde_json::Value;

use super::files::as_json;
use super::metadata::{self, BadValue};
use super::side::METADATA;
use crate::Plugin;

/// Reads the text of a `metadata.yaml` as [`super::read`] does when its folder is there, except that
/// references to other files are not followed; or says what is wrong with it.
pub fn plugin_from(text: &str) -> Result<Plugin, String> {
    let document = plugin::yaml::parse(text).map_err(|error| error.to_string())?;
    let root = document.root.ok_or("it is blank")?;
    match as_json(METADATA, &root).map_err(|unfit| unfit.to_string())? {
        Value::Object(fields) => {
            metadata::plugin(&fields).map_err(|BadValue { message, .. }| message)
        }
        _ => Err(format!("expected a mapping, found {}", root.kind())),
    }
}
