//! What a check finds.

use std::fmt;

use plugin::yaml::Span;

use console::printable;

use crate::Code;

/// One thing that is wrong, or doubtful, in a plugin's sources.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Which rule; also says how severe it is.
    pub code: Code,
    /// The file, relative to the plugin's folder: `metadata.yaml`.
    pub file: String,
    /// Where in the file; `None` where the file itself is the matter.
    pub span: Option<Span>,
    /// The value's path in the file; empty for the whole file.
    pub path: ValuePath,
    /// What is wrong: lower case, one clause, no full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// Whether a finding stops a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It does.
    Error,
    /// It does with `--strict` only.
    Warning,
}

/// How to get from the top of a file to a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValuePath(pub Vec<Step>);

/// One step of a [`ValuePath`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A key of a mapping.
    Key(String),
    /// An index into a list, from 0.
    Index(usize),
}

impl Finding {
    /// Whether a build stops here.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// Steps joined by ` -> `: `0 -> parameters -> timeout` (`fuel-schemas 1.4`), keys harmless for
/// terminals.
impl fmt::Display for ValuePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str(" -> ")?;
            }
            match step {
                Step::Key(key) => f.write_str(&printable::line(key))?,
                Step::Index(index) => write!(f, "{index}")?,
            }
        }
        Ok(())
    }
}
