//! Puts tokens together to nodes, and knows what anchors stand for.
//!
//! Recursive, but never deeper than [`MAX_DEPTH`]. An alias shares its anchor's node and adds its
//! whole weight to the count, so that a text cannot stand for more than [`MAX_NODES`].

mod anchors;
mod collections;

use std::collections::HashMap;
use std::sync::Arc;

use super::construct::{self, Content, Tag};
use super::reader::{MAX_DEPTH, MAX_NODES};
use super::scanner::Scanner;
use super::token::{Directive, Kind, Token};
use super::{Document, Duplicate, Error, Node, Position, Span};

/// A node while it is being put to its place.
#[derive(Clone, Debug)]
pub(super) struct Composed {
    pub(super) node: Arc<Node>,
    /// What it means as a key.
    pub(super) tag: Tag,
    /// How many nodes it consists of.
    weight: usize,
    /// How many levels of lists and mappings it has.
    height: usize,
}

impl Composed {
    /// Refuses what only means something as a key.
    pub(super) fn expect_value(&self) -> Result<(), Error> {
        if !matches!(self.tag, Tag::Merge | Tag::Equals) {
            return Ok(());
        }
        let message = "`<<` and `=` mean something only as keys";
        Err(Error::at(self.node.span.start, message).help("put them in quotes"))
    }
}

/// What may stand at a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Between brackets.
    Flow,
    /// Outside brackets.
    Block,
    /// Behind a key outside brackets: a list there need not be indented.
    BlockValue,
}

/// An anchor and a tag.
#[derive(Default)]
struct Properties {
    anchor: Option<String>,
    tag: Option<Tag>,
}

/// What an anchor stands for; nothing yet while that is being read.
#[derive(Debug)]
struct Anchor {
    line: usize,
    composed: Option<Composed>,
}

/// The tokens, and what has been learnt of the document.
#[derive(Debug)]
pub(super) struct Composer<'t> {
    scanner: Scanner<'t>,
    /// Behind the last token.
    end: Position,
    /// What the handles of tags stand for.
    handles: HashMap<String, String>,
    anchors: HashMap<String, Anchor>,
    nodes: usize,
    depth: usize,
    duplicates: Vec<Duplicate>,
}

impl<'t> Composer<'t> {
    /// Prepares to read `text`.
    pub(super) fn new(text: &'t str) -> Self {
        let handles = [("!", "!"), ("!!", construct::STANDARD)];
        Self {
            scanner: Scanner::new(text),
            end: Position { line: 1, column: 1, offset: 0 },
            handles: handles.map(|(handle, tag)| (handle.to_owned(), tag.to_owned())).into(),
            anchors: HashMap::new(),
            nodes: 0,
            depth: 0,
            duplicates: Vec::new(),
        }
    }

    /// Reads the text's one document.
    pub(super) fn document(mut self) -> Result<Document, Error> {
        let root = match self.peek()? {
            Kind::End => None,
            Kind::Directive(_) | Kind::DocumentStart => Some(self.explicit_document()?),
            _ => Some(self.node(Place::Block)?),
        };
        while *self.peek()? == Kind::DocumentEnd {
            self.take()?;
        }
        match self.peek()? {
            Kind::End => {}
            Kind::DocumentStart => {
                return Err(Error::at(self.place()?, "a second document begins here")
                    .help("a file has one document: remove this line"));
            }
            _ => return self.unexpected("the end of the file"),
        }
        self.anchors.clear();
        root.iter().try_for_each(Composed::expect_value)?;
        let root = root.map(|composed| Arc::unwrap_or_clone(composed.node));
        Ok(Document { root, duplicates: self.duplicates })
    }

    fn explicit_document(&mut self) -> Result<Composed, Error> {
        self.directives()?;
        if *self.peek()? != Kind::DocumentStart {
            return self.unexpected("`---` behind the lines with `%`");
        }
        self.take()?;
        match self.peek()? {
            Kind::Directive(_) | Kind::DocumentStart | Kind::DocumentEnd | Kind::End => {
                self.empty()
            }
            _ => self.node(Place::Block),
        }
    }

    fn directives(&mut self) -> Result<(), Error> {
        let mut seen = Vec::new();
        while let Kind::Directive(_) = self.peek()? {
            let Token { kind, span } = self.take()?;
            let Kind::Directive(directive) = kind else { continue };
            let name = match directive {
                Directive::Unknown => continue,
                Directive::Version(major) => {
                    if major.trim_start_matches('0') != "1" {
                        return Err(Error::at(span.start, "the version of YAML must be 1.1"));
                    }
                    "%YAML".to_owned()
                }
                Directive::Handle(handle, tag) => {
                    self.handles.insert(handle.clone(), tag);
                    handle
                }
            };
            if seen.contains(&name) {
                return Err(Error::at(span.start, format!("`{name}` is set twice")));
            }
            seen.push(name);
        }
        Ok(())
    }

    fn peek(&mut self) -> Result<&Kind, Error> {
        Ok(&self.scanner.peek()?.kind)
    }

    fn place(&mut self) -> Result<Position, Error> {
        Ok(self.scanner.peek()?.span.start)
    }

    fn take(&mut self) -> Result<Token, Error> {
        let token = self.scanner.take()?;
        if token.kind != Kind::BlockEnd {
            self.end = self.end.max(token.span.end);
        }
        Ok(token)
    }

    /// Says what stands where `expected` should.
    fn unexpected<T>(&mut self, expected: &str) -> Result<T, Error> {
        let place = self.place()?;
        let found = self.peek()?;
        let error = Error::at(place, format!("expected {expected}, found {found}"));
        Err(match found {
            Kind::End if expected.starts_with("`,`") => error.help("a bracket is never closed"),
            _ if expected.starts_with("`,`") => {
                error.help("put a comma before it, or the whole text in quotes")
            }
            Kind::BlockMap | Kind::BlockList | Kind::Key | Kind::Dash => {
                error.help("check how this line and those before are indented")
            }
            Kind::Scalar { .. } => error.help("put the whole text in quotes"),
            _ => error,
        })
    }

    /// Reads the node that stands next.
    fn node(&mut self, place: Place) -> Result<Composed, Error> {
        if let Kind::Alias(_) = self.peek()? {
            return self.alias();
        }
        let properties = self.properties()?;
        if let Some(name) = &properties.anchor {
            let start = self.place()?;
            self.open_anchor(name, start)?;
        }
        let may_be_empty = properties.anchor.is_some() || properties.tag.is_some();
        let composed = self.compose(properties.tag, |it| it.content(place, may_be_empty))?;
        if let Some(anchor) = properties.anchor.and_then(|name| self.anchors.get_mut(&name)) {
            anchor.composed = Some(composed.clone());
        }
        Ok(composed)
    }

    /// Makes a node of what `read` reads.
    fn compose(
        &mut self,
        tag: Option<Tag>,
        read: impl FnOnce(&mut Self) -> Result<(Content, usize), Error>,
    ) -> Result<Composed, Error> {
        let start = self.place()?;
        let nodes = self.nodes;
        let (content, height) = read(self)?;
        let empty = matches!(&content, Content::Scalar { text, plain: true } if text.is_empty());
        let span = Span { start: if empty { self.end } else { start }, end: self.end };
        let (tag, value) = construct::value(tag, content, span, &mut self.duplicates)?;
        self.count(1, span.start)?;
        let node = Arc::new(Node { value, span });
        Ok(Composed { node, tag, weight: self.nodes - nodes, height })
    }

    /// Reads an anchor and a tag, in either order.
    fn properties(&mut self) -> Result<Properties, Error> {
        let mut properties = Properties::default();
        loop {
            match self.peek()? {
                Kind::Anchor(_) if properties.anchor.is_none() => {}
                Kind::Tag { .. } if properties.tag.is_none() => {}
                _ => return Ok(properties),
            }
            let Token { kind, span } = self.take()?;
            match kind {
                Kind::Anchor(name) => properties.anchor = Some(name),
                Kind::Tag { handle: None, suffix } => {
                    properties.tag = Some(Tag::named(&suffix, span.start)?);
                }
                Kind::Tag { handle: Some(handle), suffix } => {
                    let Some(prefix) = self.handles.get(&handle) else {
                        let message = format!("no `%TAG` says what `{handle}` stands for");
                        return Err(Error::at(span.start, message));
                    };
                    properties.tag = Some(Tag::named(&format!("{prefix}{suffix}"), span.start)?);
                }
                _ => {}
            }
        }
    }

    /// Reads what follows the properties, and says how many levels it has.
    fn content(&mut self, place: Place, may_be_empty: bool) -> Result<(Content, usize), Error> {
        let in_block = place != Place::Flow;
        match self.peek()? {
            Kind::Scalar { .. } => {
                let Kind::Scalar { text, plain } = self.take()?.kind else {
                    return self.unexpected("a text");
                };
                Ok((Content::Scalar { text, plain }, 0))
            }
            Kind::Dash if place == Place::BlockValue => self.nested(|it| it.dashes(false)),
            Kind::BlockList if in_block => self.nested(|it| it.dashes(true)),
            Kind::BlockMap if in_block => self.nested(Self::block_map),
            Kind::OpenList => self.nested(Self::flow_list),
            Kind::OpenMap => self.nested(Self::flow_map),
            _ if may_be_empty => Ok((Content::Scalar { text: String::new(), plain: true }, 0)),
            _ => self.unexpected("a value"),
        }
    }

    fn nested(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Content, Error>,
    ) -> Result<(Content, usize), Error> {
        if self.depth == MAX_DEPTH {
            return Err(Error::too_deep(self.place()?));
        }
        self.depth += 1;
        let content = read(self)?;
        self.depth -= 1;
        let height = 1 + content.parts().map(|part| part.height).max().unwrap_or(0);
        Ok((content, height))
    }

    fn empty(&mut self) -> Result<Composed, Error> {
        self.count(1, self.end)?;
        let span = Span { start: self.end, end: self.end };
        let node = Arc::new(Node { value: super::Value::Null, span });
        Ok(Composed { node, tag: Tag::Null, weight: 1, height: 0 })
    }

    /// Reads a node unless `absent` holds for the next token.
    fn node_unless(&mut self, absent: fn(&Kind) -> bool, place: Place) -> Result<Composed, Error> {
        if absent(self.peek()?) { self.empty() } else { self.node(place) }
    }

    /// Passes `wanted` if it is next.
    fn passes(&mut self, wanted: &Kind) -> Result<bool, Error> {
        let is_next = self.peek()? == wanted;
        if is_next {
            self.take()?;
        }
        Ok(is_next)
    }

    fn expect(&mut self, wanted: &Kind, message: &str) -> Result<(), Error> {
        if self.passes(wanted)? { Ok(()) } else { self.unexpected(message) }
    }

    fn count(&mut self, nodes: usize, place: Position) -> Result<(), Error> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes <= MAX_NODES {
            return Ok(());
        }
        Err(Error::at(place, format!("the file stands for more than {MAX_NODES} values")))
    }
}
