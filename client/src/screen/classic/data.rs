//! The answers of the original server, as its client printed them.

use registry::Record;
use serde::Serialize;
use serde_json::ser::PrettyFormatter;
use serde_json::{Map, Serializer, Value, json};

use super::releases;

/// Returns a plugin with the fields that the server shows (`nailgun-api 3.1`).
pub(crate) fn plugin(record: &Record) -> Value {
    let plugin = &record.plugin;
    json!({
        "id": record.id,
        "name": plugin.id.name,
        "title": plugin.title,
        "version": plugin.id.version,
        "description": plugin.description,
        "releases": plugin.releases,
        "package_version": plugin.id.generation,
        "groups": plugin.groups,
        "authors": plugin.authors,
        "licenses": plugin.licenses,
        "homepage": plugin.homepage,
        "fuel_version": plugin.products,
        "is_hotpluggable": plugin.is_hotpluggable,
    })
}

/// Returns the server's list, `releases` replaced by its text.
pub(crate) fn rows<'a>(records: impl IntoIterator<Item = &'a Record>) -> Value {
    let row = |record: &Record| {
        let mut fields: Map<String, Value> = match plugin(record) {
            Value::Object(fields) => fields,
            _ => unreachable!("a plugin is an object"),
        };
        fields.insert("releases".to_owned(), releases(&record.plugin.releases).into());
        Value::Object(fields)
    };
    records.into_iter().map(row).collect()
}

/// Returns `value` as JSON whose levels are `indent` wide.
pub(crate) fn json(value: &Value, indent: usize) -> String {
    let blanks = vec![b' '; indent];
    let mut text = Vec::new();
    let formatter = PrettyFormatter::with_indent(&blanks);
    value
        .serialize(&mut Serializer::with_formatter(&mut text, formatter))
        .expect("memory takes all that is written");
    String::from_utf8(text).expect("JSON is UTF-8") + "\n"
}

/// Returns `value` as YAML.
pub(crate) fn yaml(value: &Value) -> String {
    serde_saphyr::to_string(value).expect("a JSON value can be written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_indented_as_asked() {
        assert_eq!(json(&json!([]), 4), "[]\n");
        assert_eq!(json(&json!({}), 4), "{}\n");
        assert_eq!(json(&Value::Null, 4), "null\n");
        assert_eq!(json(&json!([{ "id": 1 }]), 4), "[\n    {\n        \"id\": 1\n    }\n]\n");
    }

    #[test]
    fn yaml_is_one_document() {
        assert_eq!(yaml(&Value::Null).trim_end(), "null");
        assert_eq!(yaml(&json!([{ "id": 1, "name": "demo" }])), "- id: 1\n  name: demo\n");
    }
}
