//! The only printer.
//!
//! The answer goes to standard output, the story to standard error. In the machine forms there is no
//! story; everything is collected and printed as one object at the end. A stream that fails is written
//! to no more, and [`Report::finish`] says so by the exit status: commands need not care.

mod envelope;
mod finding;
mod manner;
mod progress;
mod tally;
mod text;

use std::collections::BTreeMap;
use std::io::{self, Stderr, Stdout, Write, stderr, stdout};
use std::path::Path;

use anstream::AutoStream;
use builder::{Finding, Severity, Source, printable};
use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;
use serde_json::Value;

pub(crate) use manner::{Form, Manner, Verbosity};
pub(crate) use tally::{Strictness, Tally};
pub(crate) use text::{Charset, count};

use crate::cli::Spelling;
use crate::failure::{Failure, Kind};
use envelope::Envelope;
use finding::Drawing;
use progress::Progress;
use text::one_line;

/// Columns where the terminal's are not known.
const WIDTH: usize = 100;

/// Findings in one file that people are shown: nobody reads more in one go.
const MOST: usize = 100;

/// Collects and prints what a command has to say.
#[derive(Debug)]
pub(crate) struct Report {
    manner: Manner,
    out: AutoStream<Stdout>,
    err: AutoStream<Stderr>,
    envelope: Envelope,
    progress: Option<Progress>,
    broken: Option<io::Error>,
}

impl Report {
    /// Returns a report on which nothing stands.
    pub(crate) fn new(manner: Manner) -> Self {
        Self {
            manner,
            out: AutoStream::new(stdout(), manner.color),
            err: AutoStream::new(stderr(), manner.color),
            envelope: Envelope::new(manner.command),
            progress: None,
            broken: None,
        }
    }

    /// Adds to the answer: `text` for people, `result` for machines.
    pub(crate) fn answer(&mut self, text: &str, result: &impl Serialize) {
        self.envelope.results.push(envelope::value(result));
        self.line(text);
    }

    /// Prints lines of the answer that machines find elsewhere in it.
    ///
    /// The historical spelling has one line for an answer, see [`Self::success`]; there these are a
    /// part of the story.
    pub(crate) fn line(&mut self, text: &str) {
        let lines = text::harmless(text.trim_end(), self.manner.charset) + "\n";
        match self.manner.spelling {
            Spelling::Subcommand => self.print(&lines),
            Spelling::Historical if self.manner.verbosity >= Verbosity::Normal => self.tell(&lines),
            Spelling::Historical => {}
        }
    }

    /// Prints a document of our own making, byte by byte.
    pub(crate) fn document(&mut self, text: &str) {
        self.envelope.results.push(Value::from(text));
        self.print(text);
    }

    /// Prints the one line that the historical spelling ends with.
    pub(crate) fn success(&mut self, line: &str) {
        if self.manner.spelling == Spelling::Historical {
            self.print(&format!("{line}\n"));
        }
    }

    /// Says that something was written.
    pub(crate) fn changed(&mut self) {
        self.envelope.changed = true;
    }

    /// Tells how many findings there are.
    pub(crate) fn summary(&mut self, tally: Tally) {
        self.tell(&format!("{tally}\n"));
    }

    /// Tells of a finished step: ` checked  demo`.
    pub(crate) fn step(&mut self, done: &str, what: &str) {
        if self.manner.verbosity >= Verbosity::Normal {
            let what = one_line(what, self.manner.charset);
            self.tell(&format!(" {done:<8} {what}\n"));
        }
    }

    /// Tells of something that only those who asked for `verbosity` care about.
    pub(crate) fn detail(&mut self, verbosity: Verbosity, what: &str) {
        if self.manner.verbosity >= verbosity {
            let what = one_line(what, self.manner.charset);
            self.tell(&format!("{what}\n"));
        }
    }

    /// Streams an event to machines that asked for events.
    pub(crate) fn event(&mut self, event: &impl Serialize) {
        if self.manner.form == Form::JsonLines {
            let line = format!("{}\n", envelope::value(event));
            self.write_out(&line);
        }
    }

    /// Begins a long step.
    pub(crate) fn begin(&mut self, what: &str, total_bytes: u64) {
        let wanted = self.manner.bars
            && self.manner.form == Form::Text
            && self.manner.verbosity >= Verbosity::Normal
            && progress::has_room();
        let name = one_line(what, self.manner.charset);
        self.progress = wanted.then(|| Progress::begin(name, total_bytes));
    }

    /// Goes on with the long step.
    pub(crate) fn advance(&mut self, bytes: u64) {
        if let Some(progress) = &mut self.progress {
            progress.advance(bytes);
        }
    }

    /// Ends the long step.
    pub(crate) fn end(&mut self) {
        self.progress = None;
    }

    /// Shows what was found in `source` and counts it; for machines, findings are what was asked for
    /// where they stop the work.
    pub(crate) fn findings(
        &mut self,
        source: &Source,
        findings: &[Finding],
        strictness: Strictness,
    ) -> Tally {
        let mut tally = Tally::default();
        let mut shown = BTreeMap::new();
        for finding in findings {
            let severity = strictness.severity(finding);
            tally.add(severity);
            let of_file = shown.entry(&*finding.file).or_insert(0);
            *of_file += 1;
            if *of_file <= MOST {
                self.show(source, finding, severity);
            }
            self.collect(source, finding, severity);
        }
        for (file, number) in shown.into_iter().filter(|(_, number)| *number > MOST) {
            let more = format!("... and {} more in `{file}` (`--json` lists all)", number - MOST);
            self.tell(&format!("{}\n", one_line(&more, self.manner.charset)));
        }
        tally
    }

    /// Tells of something that failed without keeping the work from success.
    pub(crate) fn warning(&mut self, failure: &Failure) {
        let object = envelope::warning(failure);
        self.event(&serde_json::json!({ "event": "warning", "warning": object }));
        self.envelope.warnings.push(object);
        self.explain(AnsiColor::Yellow, "warning", failure);
    }

    /// Makes the findings so far what was asked for.
    pub(crate) fn findings_are_the_answer(&mut self) {
        self.envelope.results.append(&mut self.envelope.warnings);
    }

    /// Ends the report with how it went; returns the exit status.
    pub(crate) fn finish(mut self, outcome: Result<(), Failure>) -> u8 {
        self.progress = None;
        let mut status = 0;
        if let Err(failure) = outcome {
            status = failure.kind.status(self.manner.spelling);
            self.envelope.fail(&failure);
            self.explain(AnsiColor::Red, "error", &failure);
        }
        self.print_envelope();
        self.settle(status)
    }

    /// Prints what the parser of the command line has to say: help or a complaint.
    pub(crate) fn parsed(mut self, message: &clap::Error) -> u8 {
        let styled = message.render();
        if !message.use_stderr() {
            self.write_out(&styled.ansi().to_string());
            return self.settle(0);
        }
        let plain = styled.to_string();
        let (complaint, _) = plain.split_once("\n\n").unwrap_or((&plain, ""));
        let complaint = complaint.strip_prefix("error: ").unwrap_or("a command is missing");
        self.envelope.fail(&Failure::new(Kind::Usage, complaint).help("see `fpb --help`"));
        let label = format!("error[{}]:", Kind::Usage.code());
        self.tell(&styled.ansi().to_string().replacen("error:", &label, 1));
        self.print_envelope();
        let status = Kind::Usage.status(self.manner.spelling);
        self.settle(status)
    }

    /// Flushes, and returns `status` unless a stream failed.
    fn settle(mut self, status: u8) -> u8 {
        let flushed = self.out.flush();
        match self.broken.take().or(flushed.err()) {
            None => status,
            Some(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                Kind::ReaderGone.status(self.manner.spelling)
            }
            Some(error) => {
                let failure = Failure::from_error(Kind::Failed, &error);
                self.explain(AnsiColor::Red, "error", &failure);
                status.max(failure.kind.status(self.manner.spelling))
            }
        }
    }

    /// Keeps a finding for machines; there may be more than people would wait for.
    fn collect(&mut self, source: &Source, finding: &Finding, severity: Severity) {
        if self.manner.form != Form::Text {
            let object = envelope::finding(&source.directory, finding, severity);
            self.event(&serde_json::json!({ "event": "finding", "finding": object }));
            self.envelope.warnings.push(object);
        }
    }

    fn show(&mut self, source: &Source, finding: &Finding, severity: Severity) {
        if self.manner.form != Form::Text {
            return;
        }
        let path = source.directory.join(&finding.file).display().to_string();
        let text = source.file(&finding.file).map_or("", |file| &file.text);
        let width = progress::terminal_width().map_or(WIDTH, |width| usize::from(width).max(40));
        let drawing = Drawing { charset: self.manner.charset, width };
        self.tell(&finding::draw(finding, severity, &path, text, drawing));
    }

    fn explain(&mut self, color: AnsiColor, label: &str, failure: &Failure) {
        let charset = self.manner.charset;
        let label = format!("{label}[{}]", failure.kind.code());
        self.tell(&labelled(color, &label, &one_line(&failure.sentence(), charset)));
        for line in &failure.output {
            self.tell(&format!("  | {}\n", one_line(line, charset)));
        }
        for cause in &failure.causes {
            self.tell(&labelled(AnsiColor::Yellow, "cause", &one_line(cause, charset)));
        }
        if let Some(help) = &failure.help {
            self.tell(&labelled(AnsiColor::Cyan, "help", &text::harmless(help, charset)));
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

    /// Prints a part of the story.
    fn tell(&mut self, text: &str) {
        if self.manner.form == Form::Text && self.broken.is_none() {
            self.broken = self.err.write_all(text.as_bytes()).err();
        }
    }

    fn write_out(&mut self, text: &str) {
        if self.broken.is_none() {
            self.broken = self.out.write_all(text.as_bytes()).err();
        }
    }
}

/// Returns a path for people, on one line. What machines read has it as it is.
pub(crate) fn path(path: &Path) -> String {
    printable::line(&path.to_string_lossy()).into_owned()
}

fn labelled(color: AnsiColor, label: &str, text: &str) -> String {
    let style = Style::new().bold().fg_color(Some(color.into()));
    format!("{style}{label}{style:#}: {text}\n")
}
