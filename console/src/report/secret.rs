//! Asking for what must not be seen.

use std::io::{IsTerminal, stderr, stdin};

use super::Report;
use crate::{Failure, Form};

impl Report {
    /// Asks for a secret on the terminal, without echo; `None` where there is nobody to ask.
    ///
    /// To be called before [`crate::Interrupt::watch`], so that Ctrl-C ends the question.
    pub fn ask_secret(&mut self, question: &str) -> Result<Option<String>, Failure> {
        if !stdin().is_terminal() || !stderr().is_terminal() || self.form() != Form::Text {
            return Ok(None);
        }
        let prompt = format!("{}: ", self.charset().line(question));
        self.draw(&prompt);
        let answer = rpassword::read_password();
        answer.map(Some).map_err(|error| self.program().broken(&error, false))
    }
}
