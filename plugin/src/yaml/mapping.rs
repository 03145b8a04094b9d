//! Makes a mapping of its entries: merges, and lets the last of repeated keys win.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::composer::Composed;
use super::construct::Tag;
use super::{Duplicate, Entry, Error, Kind, Map, Node, Span, Value};

/// Where a key's entry is, and where the key stands if it is the mapping's own.
struct Slot {
    index: usize,
    own: Option<Span>,
}

/// Entries and where to find them.
#[derive(Default)]
struct Builder {
    map: Map,
    slots: HashMap<Key, Slot>,
}

/// Makes a mapping; merged entries come first and give way to its own.
pub(super) fn build(
    entries: Vec<(Composed, Composed)>,
    duplicates: &mut Vec<Duplicate>,
) -> Result<Map, Error> {
    let (merges, own): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|(key, _)| key.tag == Tag::Merge);
    let mut builder = Builder::default();
    for (_, merged) in merges {
        builder.merge(&merged.node)?;
    }
    for (key, value) in own {
        check_key(&key.node)?;
        value.expect_value()?;
        if let Some(duplicate) = builder.insert(key.node, value.node, true) {
            duplicates.push(duplicate);
        }
    }
    Ok(builder.map)
}

impl Builder {
    /// Adds the entries of a mapping, or of several of which the first to have a key wins.
    fn merge(&mut self, merged: &Node) -> Result<(), Error> {
        let sources = match &merged.value {
            Value::List(items) => items.iter().rev().map(|item| &**item).collect(),
            _ => vec![merged],
        };
        for source in sources {
            let Value::Map(map) = &source.value else {
                let message = format!("only mappings can be merged, found {}", source.kind());
                return Err(Error::at(source.span.start, message));
            };
            for Entry { key, value } in map.entries() {
                self.insert(Arc::clone(key), Arc::clone(value), false);
            }
        }
        Ok(())
    }

    /// Adds an entry or replaces the one that has its key.
    fn insert(&mut self, key: Arc<Node>, value: Arc<Node>, is_own: bool) -> Option<Duplicate> {
        let own = is_own.then_some(key.span);
        let index = self.map.entries.len();
        let Some(slot) = self.slots.get_mut(&Key(Arc::clone(&key))) else {
            self.slots.insert(Key(Arc::clone(&key)), Slot { index, own });
            self.map.entries.push(Entry { key, value });
            return None;
        };
        let first = std::mem::replace(&mut slot.own, own);
        let duplicate = first.zip(own).map(|(first, last)| {
            let key = key.as_str().map_or_else(|| key.kind().to_string(), str::to_owned);
            Duplicate { key, first, last }
        });
        self.map.entries[slot.index] = Entry { key, value };
        duplicate
    }
}

fn check_key(key: &Node) -> Result<(), Error> {
    let kind = key.kind();
    if !matches!(kind, Kind::List | Kind::Map) {
        return Ok(());
    }
    let error = Error::at(key.span.start, format!("{kind} cannot be a key"));
    Err(if kind == Kind::Map {
        error.help("put a text that begins with `{{` in quotes")
    } else {
        error.help("put a text that begins with `[` in quotes")
    })
}

/// A key, equal to others as in the original: `1`, `1.0` and `true` are one key.
struct Key(Arc<Node>);

/// What keys are compared by.
#[derive(PartialEq, Eq, Hash)]
enum Identity<'a> {
    Null,
    Integer(i64),
    Float(u64),
    Text(&'a [u8]),
    Timestamp(&'a str),
    /// Equal to nothing else: numbers beyond 64 bits, whose value is not kept.
    Node(*const Node),
}

impl Key {
    fn identity(&self) -> Identity<'_> {
        match &self.0.value {
            Value::Null => Identity::Null,
            Value::Boolean(value) => Identity::Integer(i64::from(*value)),
            Value::Integer(Some(value)) => Identity::Integer(*value),
            Value::Float(value) => {
                whole(*value).map_or(Identity::Float(value.to_bits()), Identity::Integer)
            }
            Value::String(text) => Identity::Text(text.as_bytes()),
            Value::Binary(bytes) => Identity::Text(bytes),
            Value::Timestamp(text) => Identity::Timestamp(text),
            Value::Integer(None) | Value::List(_) | Value::Map(_) => {
                Identity::Node(Arc::as_ptr(&self.0))
            }
        }
    }
}

/// Returns a float's value as an integer where it is one that floats hold exactly.
fn whole(value: f64) -> Option<i64> {
    const EXACT: f64 = (1_i64 << f64::MANTISSA_DIGITS) as f64;
    (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i64)
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.identity().hash(state);
    }
}
