//! Cuts a text into tokens.
//!
//! Most of YAML's difficulty is that a key is only known as one by the colon behind it. So wherever
//! a key might begin, the scanner remembers the token, looks ahead to the end of the line (1,024
//! characters at most), and puts [`Kind::Key`] before it when a colon turns up.

mod keys;

use std::collections::VecDeque;

use keys::PossibleKey;

use super::cursor::{Cursor, ends_word};
use super::token::{Kind, Token};
use super::{Error, MAX_DEPTH, Span, block, plain, properties, quoted};

/// The text and what has been learnt of it.
#[derive(Debug)]
pub(super) struct Scanner<'t> {
    cursor: Cursor<'t>,
    /// Cut, not yet taken.
    tokens: VecDeque<Token>,
    taken: usize,
    /// How far the innermost block is indented; -1 outside all.
    indentation: isize,
    outer: Vec<isize>,
    /// One for the block and one for each open bracket.
    keys: Vec<Option<PossibleKey>>,
    key_allowed: bool,
    done: bool,
}

impl<'t> Scanner<'t> {
    /// Stands at the beginning of `text`.
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            cursor: Cursor::new(text),
            tokens: VecDeque::new(),
            taken: 0,
            indentation: -1,
            outer: Vec::new(),
            keys: vec![None],
            key_allowed: true,
            done: false,
        }
    }

    /// Returns the next token.
    pub(super) fn peek(&mut self) -> Result<&Token, Error> {
        while self.needs_more()? {
            self.fetch()?;
        }
        Ok(self.tokens.front().expect("the end of the text is never taken"))
    }

    /// Takes the next token; to be called where that is not the end of the text.
    pub(super) fn take(&mut self) -> Result<Token, Error> {
        self.peek()?;
        self.taken += 1;
        Ok(self.tokens.pop_front().expect("there is a next token"))
    }

    /// Whether the next token is not known, or not yet known to be no key.
    fn needs_more(&mut self) -> Result<bool, Error> {
        if self.tokens.is_empty() {
            return Ok(!self.done);
        }
        let is_next = |key: &PossibleKey| key.token == self.taken;
        if !self.keys.iter().flatten().any(is_next) {
            return Ok(false);
        }
        self.drop_stale_keys()?;
        Ok(self.keys.iter().flatten().any(|key| key.token == self.taken))
    }

    fn in_brackets(&self) -> bool {
        self.keys.len() > 1
    }

    /// Cuts off one token, with those that follow from where it stands.
    fn fetch(&mut self) -> Result<(), Error> {
        self.skip_to_token();
        self.drop_stale_keys()?;
        self.close_blocks(self.cursor.indentation());
        let Some(c) = self.cursor.peek() else { return self.fetch_end() };
        if self.cursor.indentation() == 0 {
            if c == '%' {
                return self.fetch_directive();
            }
            if self.cursor.is_at_marker() {
                return self.fetch_marker(c);
            }
        }
        let in_brackets = self.in_brackets();
        let alone = ends_word(self.cursor.second());
        match c {
            '[' => self.open(Kind::OpenList),
            '{' => self.open(Kind::OpenMap),
            ']' => self.close(Kind::CloseList),
            '}' => self.close(Kind::CloseMap),
            ',' => self.fetch_comma(),
            '-' if alone => self.fetch_dash(),
            '?' if alone || in_brackets => self.fetch_key(),
            ':' if alone || in_brackets => self.fetch_colon(),
            '|' | '>' if !in_brackets => self.fetch_block(),
            '*' | '&' => self.fetch_after_key_place(properties::scan_anchor),
            '!' => self.fetch_after_key_place(properties::scan_tag),
            '\'' | '"' => self.fetch_quoted(),
            '#' | '|' | '>' | '%' | '@' | '`' | '\t' => Err(self.no_token(c)),
            _ => self.fetch_plain(),
        }
    }

    fn no_token(&self, c: char) -> Error {
        if c == '\t' {
            return Error::at(self.cursor.place(), "found a tab where only spaces may stand")
                .help("replace the tab by spaces");
        }
        let shown = if c == '`' { "a backtick".to_owned() } else { format!("`{c}`") };
        Error::at(self.cursor.place(), format!("a text without quotes cannot begin with {shown}"))
            .help("put the text in quotes")
    }

    /// Passes spaces, comments and line breaks; tabs never stand between tokens.
    fn skip_to_token(&mut self) {
        loop {
            self.cursor.skip_spaces_and_comment();
            if self.cursor.take_break().is_none() {
                return;
            }
            if !self.in_brackets() {
                self.key_allowed = true;
            }
        }
    }

    /// Adds a token of `characters` characters.
    fn push(&mut self, kind: Kind, characters: usize) {
        let start = self.cursor.place();
        for _ in 0..characters {
            self.cursor.advance();
        }
        self.tokens.push_back(Token { kind, span: Span { start, end: self.cursor.place() } });
    }

    /// Ends the blocks that are indented further than `column`.
    fn close_blocks(&mut self, column: isize) {
        while !self.in_brackets() && self.indentation > column {
            self.indentation = self.outer.pop().unwrap_or(-1);
            self.push(Kind::BlockEnd, 0);
        }
    }

    /// Begins a block at `column` unless one is open there.
    fn opens_block(&mut self, column: isize) -> bool {
        let opens = !self.in_brackets() && self.indentation < column;
        if opens {
            self.outer.push(self.indentation);
            self.indentation = column;
        }
        opens
    }

    fn fetch_end(&mut self) -> Result<(), Error> {
        self.close_blocks(-1);
        self.forget_key()?;
        self.keys.fill(None);
        self.push(Kind::End, 0);
        self.done = true;
        Ok(())
    }

    fn fetch_directive(&mut self) -> Result<(), Error> {
        self.close_blocks(-1);
        self.forget_key()?;
        self.key_allowed = false;
        self.scan(properties::scan_directive)
    }

    fn fetch_marker(&mut self, c: char) -> Result<(), Error> {
        self.close_blocks(-1);
        self.forget_key()?;
        self.key_allowed = false;
        self.push(if c == '-' { Kind::DocumentStart } else { Kind::DocumentEnd }, 3);
        Ok(())
    }

    fn open(&mut self, kind: Kind) -> Result<(), Error> {
        self.note_key()?;
        if self.keys.len() > MAX_DEPTH {
            return Err(Error::too_deep(self.cursor.place()));
        }
        self.keys.push(None);
        self.key_allowed = true;
        self.push(kind, 1);
        Ok(())
    }

    fn close(&mut self, kind: Kind) -> Result<(), Error> {
        self.forget_key()?;
        if !self.in_brackets() {
            let message = format!("{kind} closes nothing");
            return Err(Error::at(self.cursor.place(), message));
        }
        self.keys.pop();
        self.key_allowed = false;
        self.push(kind, 1);
        Ok(())
    }

    fn fetch_comma(&mut self) -> Result<(), Error> {
        self.key_allowed = true;
        self.forget_key()?;
        self.push(Kind::Comma, 1);
        Ok(())
    }

    fn fetch_dash(&mut self) -> Result<(), Error> {
        if !self.in_brackets() && !self.key_allowed {
            return Err(Error::at(self.cursor.place(), "a list item is not allowed here")
                .help("begin the list on a line of its own"));
        }
        if self.opens_block(self.cursor.indentation()) {
            self.push(Kind::BlockList, 0);
        }
        self.key_allowed = true;
        self.forget_key()?;
        self.push(Kind::Dash, 1);
        Ok(())
    }

    fn fetch_key(&mut self) -> Result<(), Error> {
        if !self.in_brackets() && !self.key_allowed {
            return Err(Error::at(self.cursor.place(), "a key with `?` is not allowed here"));
        }
        if self.opens_block(self.cursor.indentation()) {
            self.push(Kind::BlockMap, 0);
        }
        self.key_allowed = !self.in_brackets();
        self.forget_key()?;
        self.push(Kind::Key, 1);
        Ok(())
    }

    fn fetch_colon(&mut self) -> Result<(), Error> {
        if let Some(key) = self.key().take() {
            let at = key.token - self.taken;
            let span = Span { start: key.place, end: key.place };
            self.tokens.insert(at, Token { kind: Kind::Key, span });
            if self.opens_block(key.indentation()) {
                self.tokens.insert(at, Token { kind: Kind::BlockMap, span });
            }
            self.key_allowed = false;
        } else {
            if !self.in_brackets() && !self.key_allowed {
                return Err(Error::at(self.cursor.place(), "a colon is not allowed here")
                    .help("put a text that contains `: ` in quotes, or indent the line like its neighbours"));
            }
            if self.opens_block(self.cursor.indentation()) {
                self.push(Kind::BlockMap, 0);
            }
            self.key_allowed = !self.in_brackets();
        }
        self.push(Kind::Colon, 1);
        Ok(())
    }

    /// Reads an anchor or a tag, which may be the beginning of a key.
    fn fetch_after_key_place(
        &mut self,
        scan: impl Fn(&mut Cursor<'t>) -> Result<Kind, Error>,
    ) -> Result<(), Error> {
        self.note_key()?;
        self.key_allowed = false;
        self.scan(scan)
    }

    fn scan(&mut self, scan: impl Fn(&mut Cursor<'t>) -> Result<Kind, Error>) -> Result<(), Error> {
        let start = self.cursor.place();
        let kind = scan(&mut self.cursor)?;
        self.tokens.push_back(Token { kind, span: Span { start, end: self.cursor.place() } });
        Ok(())
    }

    fn fetch_block(&mut self) -> Result<(), Error> {
        self.key_allowed = true;
        self.forget_key()?;
        let (text, span) = block::scan(&mut self.cursor, self.indentation)?;
        self.tokens.push_back(Token { kind: Kind::Scalar { text, plain: false }, span });
        Ok(())
    }

    fn fetch_quoted(&mut self) -> Result<(), Error> {
        self.note_key()?;
        self.key_allowed = false;
        let (text, span) = quoted::scan(&mut self.cursor)?;
        self.tokens.push_back(Token { kind: Kind::Scalar { text, plain: false }, span });
        Ok(())
    }

    fn fetch_plain(&mut self) -> Result<(), Error> {
        self.note_key()?;
        let in_brackets = self.in_brackets();
        let found = plain::scan(&mut self.cursor, in_brackets, self.indentation + 1)?;
        self.key_allowed = found.at_new_line;
        let kind = Kind::Scalar { text: found.text, plain: true };
        self.tokens.push_back(Token { kind, span: found.span });
        Ok(())
    }
}
