//! Tokens that turn out to be keys when a colon follows.

use super::Scanner;
use crate::yaml::{Error, Position};

/// How many characters a key without `?` may have.
const MAX_KEY: usize = 1024;

/// A token that is a key if a colon follows.
#[derive(Clone, Copy, Debug)]
pub(super) struct PossibleKey {
    /// How many tokens were cut before it.
    pub(super) token: usize,
    /// Whether nothing but a key can stand there.
    required: bool,
    pub(super) place: Position,
    characters: usize,
}

impl Scanner<'_> {
    /// Forgets keys that would go over a line's end or become too long.
    pub(super) fn drop_stale_keys(&mut self) -> Result<(), Error> {
        let (line, characters) = (self.cursor.place().line, self.cursor.characters());
        for slot in &mut self.keys {
            let is_stale =
                |key: &PossibleKey| key.place.line != line || characters - key.characters > MAX_KEY;
            if let Some(key) = slot.take_if(|key| is_stale(key)) {
                key.expect_optional()?;
            }
        }
        Ok(())
    }

    /// Remembers that the next token might be a key.
    pub(super) fn note_key(&mut self) -> Result<(), Error> {
        if self.key_allowed {
            self.forget_key()?;
            let key = PossibleKey {
                token: self.taken + self.tokens.len(),
                required: !self.in_brackets() && self.indentation == self.cursor.indentation(),
                place: self.cursor.place(),
                characters: self.cursor.characters(),
            };
            *self.key() = Some(key);
        }
        Ok(())
    }

    pub(super) fn forget_key(&mut self) -> Result<(), Error> {
        self.key().take().map_or(Ok(()), PossibleKey::expect_optional)
    }

    pub(super) fn key(&mut self) -> &mut Option<PossibleKey> {
        self.keys.last_mut().expect("the block's own key is never removed")
    }
}

impl PossibleKey {
    fn expect_optional(self) -> Result<(), Error> {
        if !self.required {
            return Ok(());
        }
        Err(Error::at(self.place, "expected a key with a colon and a space behind it")
            .help("indent the line further if it belongs to the text before"))
    }

    /// Returns how many characters stand before it on its line.
    pub(super) fn indentation(&self) -> isize {
        isize::try_from(self.place.column - 1).expect("a text is shorter than half the memory")
    }
}
