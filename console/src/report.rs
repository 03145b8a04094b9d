//! The only printer.
//!
//! The answer goes to standard output, the story to standard error. In the machine forms there is no
//! story; everything is collected and printed as one object at the end. A stream that fails is written
//! to no more, and [`Report::finish`] says so by the exit status: commands need not care. That a change
//! was made and cannot be told is not the status of a change that was not made.

mod confirmation;
mod envelope;
mod progress;
mod secret;
mod table;

use std::io::{self, Stderr, Stdout, Write, stderr, stdout};

use anstream::AutoStream;
use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;
use serde_json::Value;

pub use confirmation::{Answer, Confirmation};
pub use table::{Column, Table};

use crate::{Charset, Failure, Form, Manner, Program, Spelling, Status, Statuses, Verbosity};
use envelope::Envelope;
use progress::Progress;

/// Columns where the terminal's are not known.
const WIDTH: usize = 100;

/// Collects and prints what a command has to say.
#[derive(Debug)]
pub struct Report {
    manner: Manner,
    out: AutoStream<Stdout>,
    err: AutoStream<Stderr>,
    envelope: Envelope,
    progress: Option<Progress>,
    ending: Option<Status>,
    broken: Option<io::Error>,
}

impl Report {
    /// Returns a report on which nothing stands.
    pub fn new(manner: Manner) -> Self {
        Self {
            manner,
            out: AutoStream::new(stdout(), manner.color),
            err: AutoStream::new(stderr(), manner.color),
            envelope: Envelope::new(manner.command),
            progress: None,
            ending: None,
            broken: None,
        }
    }

    /// Adds to the answer: `text` for people, `result` for machines.
    pub fn answer(&mut self, text: &str, result: &impl Serialize) {
        self.result(result);
        self.line(text);
    }

    /// Adds to the answer what people are shown as part of something else, such as a table.
    pub fn result(&mut self, result: &impl Serialize) {
        // Nobody reads them then, and there may be thousands.
        if self.manner.form != Form::Text {
            self.envelope.results.push(envelope::value(result));
        }
    }

    /// Prints lines of the answer that machines find elsewhere in it.
    ///
    /// The historical spelling has one line for an answer, see [`Self::success`]; there these are a
    /// part of the story.
    pub fn line(&mut self, text: &str) {
        let lines = self.manner.charset.lines(text.trim_end()) + "\n";
        match self.manner.spelling {
            Spelling::Subcommand => self.print(&lines),
            Spelling::Historical if self.manner.verbosity >= Verbosity::Normal => self.draw(&lines),
            Spelling::Historical => {}
        }
    }

    /// Prints a document of our own making, byte by byte.
    pub fn document(&mut self, text: &str) {
        self.envelope.results.push(Value::from(text));
        self.print(text);
    }

    /// Prints the one line that the historical spelling ends with.
    pub fn success(&mut self, line: &str) {
        if self.manner.spelling == Spelling::Historical {
            self.print(&format!("{line}\n"));
        }
    }

    /// Says that something was written.
    pub fn changed(&mut self) {
        self.envelope.changed = true;
    }

    /// Prints a table for people; machines get each row by [`Self::result`].
    pub fn table(&mut self, table: &Table) {
        let text = table.text(self.manner.charset);
        self.print(&text);
    }

    /// Prints a table as a part of the story.
    pub fn preview(&mut self, table: &Table) {
        if self.manner.verbosity >= Verbosity::Normal {
            let text = table.text(self.manner.charset);
            self.draw(&text);
        }
    }

    /// Tells lines of the story, however little is to be told.
    pub fn tell(&mut self, text: &str) {
        let lines = self.manner.charset.lines(text.trim_end()) + "\n";
        self.draw(&lines);
    }

    /// Tells lines of the story that are harmless already and may hold colors; those are taken out
    /// again where they are not wanted.
    pub fn draw(&mut self, text: &str) {
        if self.manner.form == Form::Text && self.broken.is_none() {
            self.broken = self.err.write_all(text.as_bytes()).err();
        }
    }

    /// Tells of a finished step: ` checked  demo`.
    pub fn step(&mut self, done: &str, what: &str) {
        if self.manner.verbosity >= Verbosity::Normal {
            let what = self.manner.charset.line(what);
            self.draw(&format!(" {done:<8} {what}\n"));
        }
    }

    /// Tells of something that only those who asked for `verbosity` care about.
    pub fn detail(&mut self, verbosity: Verbosity, what: &str) {
        if self.manner.verbosity >= verbosity {
            let what = self.manner.charset.line(what);
            self.draw(&format!("{what}\n"));
        }
    }

    /// Streams an event to machines that asked for events.
    pub fn event(&mut self, event: &impl Serialize) {
        if self.manner.form == Form::JsonLines {
            let line = format!("{}\n", envelope::value(event));
            self.write_out(&line);
        }
    }

    /// Begins a long step.
    pub fn begin(&mut self, what: &str, total_bytes: u64) {
        let wanted = self.manner.bars
            && self.manner.form == Form::Text
            && self.manner.verbosity >= Verbosity::Normal
            && progress::has_room();
        let name = self.manner.charset.line(what);
        self.progress = wanted.then(|| Progress::begin(name.into_owned(), total_bytes));
    }

    /// Goes on with the long step.
    pub fn advance(&mut self, bytes: u64) {
        if let Some(progress) = &mut self.progress {
            progress.advance(bytes);
        }
    }

    /// Ends the long step.
    pub fn end(&mut self) {
        self.progress = None;
    }

    /// Tells of something that failed without keeping the work from success.
    pub fn warning(&mut self, failure: &Failure) {
        let object = envelope::warning(failure);
        self.event(&serde_json::json!({ "event": "warning", "warning": object }));
        self.envelope.warnings.push(object);
        self.explain(AnsiColor::Yellow, "warning", failure);
    }

    /// Adds to what machines read of what was noticed on the way.
    pub fn push_warning(&mut self, warning: Value) {
        self.envelope.warnings.push(warning);
    }

    /// Tells machines how a change is made.
    pub fn plan(&mut self, plan: Value) {
        self.event(&serde_json::json!({ "event": "plan", "plan": plan }));
        self.envelope.plan = Some(plan);
    }

    /// Makes what was noticed so far what was asked for.
    pub fn warnings_are_the_answer(&mut self) {
        self.envelope.results.append(&mut self.envelope.warnings);
    }

    /// Makes the command end with `status`, although it succeeds.
    pub fn ending(&mut self, status: Status) {
        self.ending = Some(status);
    }

    /// Returns the program that reports.
    pub fn program(&self) -> &'static Program {
        self.manner.program
    }

    /// Returns how the command was spelled.
    pub fn spelling(&self) -> Spelling {
        self.manner.spelling
    }

    /// Returns which exit statuses are expected.
    pub fn statuses(&self) -> Statuses {
        self.manner.statuses
    }

    /// Returns what standard output looks like.
    pub fn form(&self) -> Form {
        self.manner.form
    }

    /// Returns what the terminal can show.
    pub fn charset(&self) -> Charset {
        self.manner.charset
    }

    /// Returns the columns that the story has.
    pub fn width(&self) -> usize {
        progress::terminal_width().map_or(WIDTH, |width| usize::from(width).max(40))
    }

    /// Ends the report with how it went; returns the exit status.
    pub fn finish(mut self, outcome: Result<(), Failure>) -> u8 {
        self.progress = None;
        let mut status = self.ending.map_or(0, |status| self.number(status));
        if let Err(failure) = outcome {
            status = self.number(failure.status);
            self.envelope.fail(&failure);
            self.explain(AnsiColor::Red, "error", &failure);
        }
        self.print_envelope();
        self.settle(status)
    }

    /// Prints what the parser of the command line has to say: help or a complaint.
    pub fn parsed(mut self, message: &clap::Error) -> u8 {
        let styled = message.render();
        if !message.use_stderr() {
            self.write_out(&styled.ansi().to_string());
            return self.settle(0);
        }
        let plain = styled.to_string();
        let (complaint, _) = plain.split_once("\n\n").unwrap_or((&plain, ""));
        let complaint = complaint.strip_prefix("error: ").unwrap_or("a command is missing");
        let failure = self.manner.program.misused(complaint);
        self.envelope.fail(&failure);
        let label = format!("error[{}]:", failure.code);
        self.draw(&styled.ansi().to_string().replacen("error:", &label, 1));
        self.print_envelope();
        let status = self.number(failure.status);
        self.settle(status)
    }

    /// Flushes, and returns `status` unless a stream failed.
    fn settle(mut self, status: u8) -> u8 {
        let flushed = self.out.flush();
        match self.broken.take().or(flushed.err()) {
            None => status,
            Some(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.number(Status::ReaderGone)
            }
            Some(error) => {
                let failure = self.manner.program.broken(&error, self.envelope.changed);
                self.explain(AnsiColor::Red, "error", &failure);
                status.max(self.number(failure.status))
            }
        }
    }

    fn number(&self, status: Status) -> u8 {
        status.number(self.manner.statuses)
    }

    fn explain(&mut self, color: AnsiColor, label: &str, failure: &Failure) {
        let charset = self.manner.charset;
        let label = format!("{label}[{}]", failure.code);
        self.draw(&labelled(color, &label, &charset.line(&failure.message)));
        for line in &failure.output {
            self.draw(&format!("  | {}\n", charset.line(line)));
        }
        for cause in &failure.causes {
            self.draw(&labelled(AnsiColor::Yellow, "cause", &charset.line(cause)));
        }
        if let Some(help) = &failure.help {
            self.draw(&labelled(AnsiColor::Cyan, "help", &charset.lines(help)));
        }
    }

    fn print_envelope(&mut self) {
        let printed = match self.manner.form {
            Form::Text => return,
            Form::Json | Form::JsonLines => self.envelope.json() + "\n",
            Form::Yaml => self.envelope.yaml(),
        };
        self.write_out(&printed);
    }

    /// Prints a part of the answer for people.
    fn print(&mut self, text: &str) {
        if self.manner.form == Form::Text {
            self.write_out(text);
        }
    }

    fn write_out(&mut self, text: &str) {
        if self.broken.is_none() {
            self.broken = self.out.write_all(text.as_bytes()).err();
        }
    }
}

fn labelled(color: AnsiColor, label: &str, text: &str) -> String {
    let style = Style::new().bold().fg_color(Some(color.into()));
    format!("{style}{label}{style:#}: {text}\n")
}
