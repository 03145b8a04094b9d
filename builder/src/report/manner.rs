//! How a report is made: in which form, how much of it, how colored.

use anstream::ColorChoice;

use super::text::Charset;
use crate::cli::Spelling;

/// What standard output is to look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
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
pub(crate) enum Verbosity {
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
pub(crate) struct Manner {
    /// The command, for the machine forms.
    pub(crate) command: &'static str,
    /// How the command was spelled.
    pub(crate) spelling: Spelling,
    /// What standard output is to look like.
    pub(crate) form: Form,
    /// How much is told.
    pub(crate) verbosity: Verbosity,
    /// When to color.
    pub(crate) color: ColorChoice,
    /// What the terminal can show.
    pub(crate) charset: Charset,
    /// Whether bars may be drawn.
    pub(crate) bars: bool,
}
