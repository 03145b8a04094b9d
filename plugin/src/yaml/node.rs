//! The tree: nodes, their values and their places in the text.

use std::sync::Arc;

/// A place in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// Offset in bytes, counted from 0.
    pub offset: usize,
}

/// From where to where something stands; the end is just behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first character.
    pub start: Position,
    /// Behind the last character.
    pub end: Position,
}

/// A value and its place. An alias has the place of its anchor's value.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What was read.
    pub value: Value,
    /// Where it stands.
    pub span: Span,
}

/// What a node holds, resolved as YAML 1.1 does: `yes` is a boolean, `010` is 8, `1.0` a float.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true`, `yes`, `on` and their opposites.
    Boolean(bool),
    /// A whole number; `None` where it does not fit 64 bits.
    Integer(Option<i64>),
    /// A number with a fraction.
    Float(f64),
    /// A date or a time, as written.
    Timestamp(String),
    /// The bytes of a `!!binary`.
    Binary(Vec<u8>),
    /// Any other scalar.
    String(String),
    /// A sequence; also `!!pairs` and `!!omap`, whose items are lists of two.
    List(Vec<Arc<Node>>),
    /// A mapping; also `!!set`, whose values are null.
    Map(Map),
}

/// What kind of value a node holds, for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the variants are those of `Value`")]
pub enum Kind {
    Null,
    Boolean,
    Integer,
    Float,
    Timestamp,
    Binary,
    String,
    List,
    Map,
}

/// A mapping in the order of its text, merge keys applied, each key once (the last one wins).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    pub(super) entries: Vec<Entry>,
}

/// One key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key; usually, but not necessarily, a string.
    pub key: Arc<Node>,
    /// The value.
    pub value: Arc<Node>,
}

impl Node {
    /// Returns what kind of value this is.
    pub fn kind(&self) -> Kind {
        match self.value {
            Value::Null => Kind::Null,
            Value::Boolean(_) => Kind::Boolean,
            Value::Integer(_) => Kind::Integer,
            Value::Float(_) => Kind::Float,
            Value::Timestamp(_) => Kind::Timestamp,
            Value::Binary(_) => Kind::Binary,
            Value::String(_) => Kind::String,
            Value::List(_) => Kind::List,
            Value::Map(_) => Kind::Map,
        }
    }

    /// Returns the text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns a boolean's value.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Boolean(value) => Some(value),
            _ => None,
        }
    }

    /// Returns the items of a list.
    pub fn as_list(&self) -> Option<&[Arc<Self>]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// Returns a mapping.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// Returns the value under `key` where this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.get(key)
    }
}

impl Map {
    /// Returns the entries in the order of the text.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns the value under the string `key`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| entry.key.as_str() == Some(key)).map(|entry| &*entry.value)
    }

    /// Returns how many keys there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// The kind as a message names it: "an integer".
impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Null => "nothing (null)",
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
            Self::Float => "a number with a fraction",
            Self::Timestamp => "a date",
            Self::Binary => "binary data",
            Self::String => "a string",
            Self::List => "a list",
            Self::Map => "a mapping",
        })
    }
}
