//! Makes values of what tokens and tags say.

use super::composer::Composed;
use super::{Duplicate, Entry, Error, Map, Node, Position, Span, Value, mapping, scalar};
use std::sync::Arc;

/// What all tags of YAML itself begin with.
pub(super) const STANDARD: &str = "tag:yaml.org,2002:";

/// What kind of value a node is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// `!`: as if there were no tag and no quotes.
    Unspecific,
    Null,
    Boolean,
    Integer,
    Float,
    Timestamp,
    Binary,
    String,
    List,
    Map,
    Set,
    Pairs,
    /// The key `<<`.
    Merge,
    /// The key `=`.
    Equals,
}

/// What a node consists of.
#[derive(Debug)]
pub(super) enum Content {
    /// A text; `plain` where it has no quotes and is no block.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Composed>),
    Map(Vec<(Composed, Composed)>),
}

impl Tag {
    /// Returns what `name` means, given at `place`.
    pub(super) fn named(name: &str, place: Position) -> Result<Self, Error> {
        Ok(match name.strip_prefix(STANDARD) {
            None if name == "!" => Self::Unspecific,
            Some("null") => Self::Null,
            Some("bool") => Self::Boolean,
            Some("int") => Self::Integer,
            Some("float") => Self::Float,
            Some("timestamp") => Self::Timestamp,
            Some("binary") => Self::Binary,
            Some("str") => Self::String,
            Some("seq") => Self::List,
            Some("map") => Self::Map,
            Some("set") => Self::Set,
            Some("pairs" | "omap") => Self::Pairs,
            Some("merge") => Self::Merge,
            Some("value") => Self::Equals,
            Some(_) | None => return Err(unknown(name, place)),
        })
    }
}

fn unknown(name: &str, place: Position) -> Error {
    let shown = name.strip_prefix(STANDARD).map_or(name.to_owned(), |own| format!("!!{own}"));
    let error =
        Error::at(place, format!("the tag `{}` is not known", super::reader::shown(&shown)));
    if shown.starts_with("!!python/") {
        return error.help("tags that construct objects are refused");
    }
    error.help("use only the tags of YAML itself, or put a text that begins with `!` in quotes")
}

impl Content {
    /// Returns the nodes that this consists of.
    pub(super) fn parts(&self) -> impl Iterator<Item = &Composed> {
        let (items, entries): (&[Composed], &[(Composed, Composed)]) = match self {
            Self::Scalar { .. } => (&[], &[]),
            Self::List(items) => (items, &[]),
            Self::Map(entries) => (&[], entries),
        };
        items.iter().chain(entries.iter().flat_map(|(key, value)| [key, value]))
    }

    /// Returns the tag of this without one.
    fn implied_tag(&self, unquoted: bool) -> Tag {
        match self {
            Self::Scalar { text, plain } if *plain || unquoted => scalar::resolve(text),
            Self::Scalar { .. } => Tag::String,
            Self::List(_) => Tag::List,
            Self::Map(_) => Tag::Map,
        }
    }
}

/// Returns the value that `content` is with `tag`, and the tag that it has without one.
pub(super) fn value(
    tag: Option<Tag>,
    content: Content,
    span: Span,
    duplicates: &mut Vec<Duplicate>,
) -> Result<(Tag, Value), Error> {
    let help = if tag.is_none() { "put the text in quotes" } else { "remove the tag" };
    let tag = match tag {
        None => content.implied_tag(false),
        Some(Tag::Unspecific) => content.implied_tag(true),
        Some(tag) => tag,
    };
    let value = match (content, tag) {
        (Content::Scalar { text, .. }, _) => scalar::construct(tag, text)
            .map_err(|message| Error::at(span.start, message).help(help))?,
        (Content::List(items), Tag::List) => Value::List(list(items)?),
        (Content::List(items), Tag::Pairs) => {
            Value::List(items.iter().map(|item| pair(&item.node)).collect::<Result<_, Error>>()?)
        }
        (Content::Map(entries), Tag::Map) => Value::Map(mapping::build(entries, duplicates)?),
        (Content::Map(entries), Tag::Set) => {
            let mut map = mapping::build(entries, duplicates)?;
            for entry in &mut map.entries {
                entry.value = Arc::new(Node { value: Value::Null, span: entry.value.span });
            }
            Value::Map(map)
        }
        (Content::List(_), _) => {
            return Err(Error::at(span.start, "the tag does not fit a list").help(help));
        }
        (Content::Map(_), _) => {
            return Err(Error::at(span.start, "the tag does not fit a mapping").help(help));
        }
    };
    Ok((tag, value))
}

fn list(items: Vec<Composed>) -> Result<Vec<Arc<Node>>, Error> {
    items.into_iter().map(|item| item.expect_value().map(|()| item.node)).collect()
}

/// Returns a mapping's one entry as a list of two.
fn pair(node: &Node) -> Result<Arc<Node>, Error> {
    let entries = node.as_map().map_or(&[][..], Map::entries);
    let [Entry { key, value }] = entries else {
        return Err(Error::at(node.span.start, "a pair is a mapping with one key"));
    };
    let value = Value::List(vec![Arc::clone(key), Arc::clone(value)]);
    Ok(Arc::new(Node { value, span: node.span }))
}
