//! YAML values as JSON, in which the registry keeps them.
//!
//! Keys become the text that the original's JSON has for them: `1`, `true`, `null`, `1.0`; of two that
//! become the same text the last one wins. Dates stay as they are written, and bytes become text where
//! they are UTF-8. What JSON has no number for is refused: more than 64 bits, not-a-number, infinity.

use plugin::yaml::{Node, Position, Value as Yaml};
use serde_json::{Number, Value};

/// A value that JSON cannot carry.
#[derive(Debug)]
pub(super) struct Unsayable {
    /// Where it stands.
    pub(super) at: Position,
    /// Why not.
    pub(super) message: &'static str,
}

/// Returns what `node` is in JSON.
pub(super) fn json(node: &Node) -> Result<Value, Unsayable> {
    Ok(match &node.value {
        Yaml::Null => Value::Null,
        Yaml::Boolean(value) => Value::Bool(*value),
        Yaml::Integer(number) => Value::Number(integer(node, *number)?.into()),
        Yaml::Float(number) => Number::from_f64(*number)
            .map(Value::Number)
            .ok_or_else(|| unsayable(node, "only finite numbers can be stored"))?,
        Yaml::Timestamp(text) | Yaml::String(text) => Value::String(text.clone()),
        Yaml::Binary(bytes) => Value::String(text(node, bytes)?),
        Yaml::List(items) => {
            Value::Array(items.iter().map(|item| json(item)).collect::<Result<_, _>>()?)
        }
        Yaml::Map(map) => {
            let entry = |(name, value): (&Node, &Node)| Ok((key(name)?, json(value)?));
            let entries = map.entries().iter().map(|entry| (&*entry.key, &*entry.value));
            Value::Object(entries.map(entry).collect::<Result<_, _>>()?)
        }
    })
}

fn key(node: &Node) -> Result<String, Unsayable> {
    Ok(match &node.value {
        Yaml::Null => "null".to_owned(),
        Yaml::Boolean(value) => value.to_string(),
        Yaml::Integer(number) => integer(node, *number)?.to_string(),
        // Digits with a fraction, as in Python: `1.0`, not `1`.
        Yaml::Float(number) => format!("{number:?}"),
        Yaml::Timestamp(text) | Yaml::String(text) => text.clone(),
        Yaml::Binary(bytes) => text(node, bytes)?,
        Yaml::List(_) | Yaml::Map(_) => {
            return Err(unsayable(node, "a list or a mapping cannot be a key"));
        }
    })
}

fn integer(node: &Node, number: Option<i64>) -> Result<i64, Unsayable> {
    number.ok_or_else(|| unsayable(node, "the number does not fit 64 bits"))
}

fn text(node: &Node, bytes: &[u8]) -> Result<String, Unsayable> {
    let text = str::from_utf8(bytes).map_err(|_| unsayable(node, "the data are not UTF-8"))?;
    Ok(text.to_owned())
}

fn unsayable(node: &Node, message: &'static str) -> Unsayable {
    Unsayable { at: node.span.start, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, &'static str> {
        let root = plugin::yaml::parse(text).unwrap().root.unwrap();
        json(&root).map(|value| value.to_string()).map_err(|error| error.message)
    }

    #[test]
    fn yaml_becomes_the_json_that_the_original_makes_of_it() {
        let table = [
            ("[1, 1.5, yes, ~, text]", r#"[1,1.5,true,null,"text"]"#),
            ("{1: a, 1.5: b, yes: c, ~: d}", r#"{"1.5":"b","null":"d","true":"c"}"#),
            ("{no: a, 010: b, 2.0: c}", r#"{"2.0":"c","8":"b","false":"a"}"#),
            ("{1: a, '1': b}", r#"{"1":"b"}"#),
            ("[2001-02-03]", r#"["2001-02-03"]"#),
            ("- 2001-02-03 04:05:06", r#"["2001-02-03 04:05:06"]"#),
            ("!!binary aGk=", r#""hi""#),
            ("!!pairs [a: 1, a: 2]", r#"[["a",1],["a",2]]"#),
            ("!!set {a, b}", r#"{"a":null,"b":null}"#),
        ];
        for (yaml, json) in table {
            assert_eq!(read(yaml).as_deref(), Ok(json), "{yaml}");
        }
    }

    #[test]
    fn what_json_has_no_value_for_is_refused() {
        for yaml in ["[.nan]", "[-.inf]", "[99999999999999999999]", "{99999999999999999999: 1}"] {
            assert!(read(yaml).is_err(), "{yaml}");
        }
        assert_eq!(read("!!binary /w=="), Err("the data are not UTF-8"));
    }
}
