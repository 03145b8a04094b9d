//! Anchors, and the aliases that stand for their values.

use super::{Anchor, Composed, Composer};
use crate::yaml::reader::{MAX_DEPTH, shown};
use crate::yaml::token::{Kind, Token};
use crate::yaml::{Error, Position};

impl Composer<'_> {
    pub(super) fn open_anchor(&mut self, name: &str, start: Position) -> Result<(), Error> {
        let anchor = Anchor { line: start.line, composed: None };
        match self.anchors.insert(name.to_owned(), anchor) {
            None => Ok(()),
            Some(first) => {
                let line = first.line;
                let message =
                    format!("the anchor `{}` is already used in line {line}", shown(name));
                Err(Error::at(start, message).help("give one of the two another name"))
            }
        }
    }

    pub(super) fn alias(&mut self) -> Result<Composed, Error> {
        let Token { kind, span } = self.take()?;
        let Kind::Alias(name) = kind else { return self.unexpected("an alias") };
        let Some(anchor) = self.anchors.get(&name) else {
            let error = Error::at(
                span.start,
                format!("no anchor `&{}` stands before this alias", shown(&name)),
            );
            let near = self.anchors.keys().filter(|known| is_near(known, &name)).min();
            return Err(match near {
                Some(near) => error.help(format!("did you mean `*{}`?", shown(near))),
                None => error.help("put a text that begins with `*` in quotes"),
            });
        };
        let Some(composed) = anchor.composed.clone() else {
            return Err(Error::at(
                span.start,
                format!("the value of `&{}` contains itself", shown(&name)),
            ));
        };
        if self.depth + composed.height > MAX_DEPTH {
            return Err(Error::too_deep(span.start));
        }
        self.count(composed.weight, span.start)?;
        Ok(composed)
    }
}

/// Whether two names differ in letter case, separators or one end only.
fn is_near(a: &str, b: &str) -> bool {
    let plain = |name: &str| name.to_ascii_lowercase().replace(['-', '_'], "");
    let (a, b) = (plain(a), plain(b));
    a.starts_with(&b) || b.starts_with(&a)
}
