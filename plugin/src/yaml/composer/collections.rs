//! Lists and mappings, by indentation and between brackets.

use super::{Composed, Composer, Place};
use crate::yaml::Error;
use crate::yaml::construct::Content;
use crate::yaml::token::Kind;

impl Composer<'_> {
    pub(super) fn dashes(&mut self, indented: bool) -> Result<Content, Error> {
        let absent: fn(&Kind) -> bool = if indented {
            self.take()?;
            |next| matches!(next, Kind::Dash | Kind::BlockEnd)
        } else {
            |next| matches!(next, Kind::Dash | Kind::Key | Kind::Colon | Kind::BlockEnd)
        };
        let mut items = Vec::new();
        while self.passes(&Kind::Dash)? {
            items.push(self.node_unless(absent, Place::Block)?);
        }
        if indented {
            self.expect(&Kind::BlockEnd, "the list's next item or its end")?;
        }
        Ok(Content::List(items))
    }

    pub(super) fn block_map(&mut self) -> Result<Content, Error> {
        self.take()?;
        let absent = |next: &Kind| matches!(next, Kind::Key | Kind::Colon | Kind::BlockEnd);
        let mut entries = Vec::new();
        while self.passes(&Kind::Key)? {
            let key = self.node_unless(absent, Place::BlockValue)?;
            entries.push((key, self.value(absent, Place::BlockValue)?));
        }
        self.expect(&Kind::BlockEnd, "the mapping's next key or its end")?;
        Ok(Content::Map(entries))
    }

    /// Reads a colon and what stands behind it; nothing of that need be there.
    fn value(&mut self, absent: fn(&Kind) -> bool, place: Place) -> Result<Composed, Error> {
        if self.passes(&Kind::Colon)? { self.node_unless(absent, place) } else { self.empty() }
    }

    pub(super) fn flow_list(&mut self) -> Result<Content, Error> {
        self.take()?;
        let mut items = Vec::new();
        while !self.passes(&Kind::CloseList)? {
            if !items.is_empty() {
                self.expect(&Kind::Comma, "`,` or `]`")?;
                if self.passes(&Kind::CloseList)? {
                    break;
                }
            }
            items.push(if *self.peek()? == Kind::Key {
                self.lone_entry()?
            } else {
                self.node(Place::Flow)?
            });
        }
        Ok(Content::List(items))
    }

    /// Reads `key: value` in a list between brackets: a mapping of its own.
    fn lone_entry(&mut self) -> Result<Composed, Error> {
        let absent = |next: &Kind| matches!(next, Kind::Colon | Kind::Comma | Kind::CloseList);
        let absent_value = |next: &Kind| matches!(next, Kind::Comma | Kind::CloseList);
        let entry = |it: &mut Self| {
            it.take()?;
            let key = it.node_unless(absent, Place::Flow)?;
            Ok(Content::Map(vec![(key, it.value(absent_value, Place::Flow)?)]))
        };
        self.compose(None, |it| it.nested(entry))
    }

    pub(super) fn flow_map(&mut self) -> Result<Content, Error> {
        self.take()?;
        let absent = |next: &Kind| matches!(next, Kind::Colon | Kind::Comma | Kind::CloseMap);
        let absent_value = |next: &Kind| matches!(next, Kind::Comma | Kind::CloseMap);
        let mut entries = Vec::new();
        while !self.passes(&Kind::CloseMap)? {
            if !entries.is_empty() {
                self.expect(&Kind::Comma, "`,` or `}`")?;
                if self.passes(&Kind::CloseMap)? {
                    break;
                }
            }
            entries.push(if self.passes(&Kind::Key)? {
                let key = self.node_unless(absent, Place::Flow)?;
                (key, self.value(absent_value, Place::Flow)?)
            } else {
                (self.node(Place::Flow)?, self.empty()?)
            });
        }
        Ok(Content::Map(entries))
    }
}
