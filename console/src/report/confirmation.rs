//! Asking the user before a change (`cli 1`, rule 6).

use std::io::{self, BufRead, IsTerminal, stderr, stdin};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::Report;
use crate::{Failure, Form, Interrupt};

/// What a user can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Do it.
    Yes,
    /// Leave it.
    No,
}

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "what was not confirmed must not be done"]
pub enum Confirmation {
    /// The user wants it.
    Yes,
    /// The user does not.
    No,
    /// There is nobody to ask.
    CannotAsk,
    /// The user stopped the command instead.
    Interrupted,
}

impl Report {
    /// Asks the user; only Enter stands for `default`, and the end of the input is no consent.
    pub fn confirm(
        &mut self,
        question: &str,
        default: Answer,
        interrupt: &Interrupt,
    ) -> Result<Confirmation, Failure> {
        let people = stdin().is_terminal() && stderr().is_terminal();
        if !people || self.form() != Form::Text {
            return Ok(Confirmation::CannotAsk);
        }
        let choice = match default {
            Answer::Yes => "[Y/n]",
            Answer::No => "[y/N]",
        };
        let prompt = format!("{} {choice} ", self.charset().line(question));
        let ask = || self.draw(&prompt);
        let answer = hear(&mut Attentive { interrupt }, default, ask);
        if interrupt.came() {
            self.draw("\n");
            return Ok(Confirmation::Interrupted);
        }
        answer.map_err(|error| self.program().broken(&error, false))
    }
}

/// Standard input of which nothing is read after an interrupt: then it is at its end.
struct Attentive<'a> {
    interrupt: &'a Interrupt,
}

/// How long a wait for the user may miss an interrupt that came just before it.
const GLANCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

impl Lines for Attentive<'_> {
    fn line(&mut self) -> io::Result<String> {
        let stdin = stdin();
        loop {
            if self.interrupt.came() {
                return Ok(String::new());
            }
            match poll(&mut [PollFd::new(&stdin, PollFlags::IN)], Some(&GLANCE)) {
                Ok(0) | Err(Errno::INTR) => {}
                Ok(_) => break,
                Err(error) => return Err(error.into()),
            }
        }
        let mut line = String::new();
        stdin.lock().read_line(&mut line)?;
        Ok(line)
    }
}

/// What answers come from.
trait Lines {
    /// Returns the next line with its end; nothing at the end of all.
    fn line(&mut self) -> io::Result<String>;
}

/// Reads lines of `input` until one is an answer, and calls `ask` before each.
fn hear(
    input: &mut impl Lines,
    default: Answer,
    mut ask: impl FnMut(),
) -> io::Result<Confirmation> {
    loop {
        ask();
        let line = input.line()?;
        if line.is_empty() {
            return Ok(Confirmation::No);
        }
        match (line.trim().to_ascii_lowercase().as_str(), default) {
            ("y" | "yes", _) | ("", Answer::Yes) => return Ok(Confirmation::Yes),
            ("n" | "no", _) | ("", Answer::No) => return Ok(Confirmation::No),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Lines for &[u8] {
        fn line(&mut self) -> io::Result<String> {
            let mut line = String::new();
            self.read_line(&mut line).map(|_| line)
        }
    }

    #[test]
    fn only_a_clear_answer_or_enter_ends_the_question() {
        let table = [
            ("y\n", Answer::No, Confirmation::Yes, 1),
            (" YES \n", Answer::No, Confirmation::Yes, 1),
            ("no\n", Answer::Yes, Confirmation::No, 1),
            ("\n", Answer::Yes, Confirmation::Yes, 1),
            ("\n", Answer::No, Confirmation::No, 1),
            ("perhaps\ny\n", Answer::No, Confirmation::Yes, 2),
            ("", Answer::Yes, Confirmation::No, 1),
        ];
        for (input, default, expected, times) in table {
            let mut asked = 0;
            let heard = hear(&mut input.as_bytes(), default, || asked += 1).unwrap();
            assert_eq!((heard, asked), (expected, times), "{input:?}");
        }
    }
}
