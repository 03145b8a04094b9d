//! How a report is made: in which form, how much of it, how colored.

use anstream::ColorChoice;

use crate::{Charset, Program, Statuses};

/// How the user spelled the action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// `fpb build DIR`
    Subcommand,
    /// `fpb --build DIR`
    Historical,
}

/// What standard output is to look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Text,
    /// One JSON object.
    Json,
    /// A JSON object per event, the answer last.
    JsonLines,
    /// One YAML document.
    Yaml,
}

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Answers, findings and failures only.
    Quiet,
    /// Each finished step too.
    Normal,
    /// What is about to be done too.
    Verbose,
    /// Programs that are run and what they say too.
    Debug,
}

/// How a report is made.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// The program.
    pub program: &'static Program,
    /// The command, for the machine forms.
    pub command: &'static str,
    /// How the command was spelled.
    pub spelling: Spelling,
    /// Which exit statuses scripts expect.
    pub statuses: Statuses,
    /// What standard output is to look like.
    pub form: Form,
    /// How much is told.
    pub verbosity: Verbosity,
    /// When to color.
    pub color: ColorChoice,
    /// What the terminal can show.
    pub charset: Charset,
    /// Whether bars may be drawn.
    pub bars: bool,
}
