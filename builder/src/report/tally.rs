//! How many findings there are, and whether warnings stop the work.

use std::fmt;
use std::ops::AddAssign;

use builder::{Finding, Severity};
use console::printable::count;

/// How many findings stop the work and how many do not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Those that do.
    pub(crate) errors: usize,
    /// Those that do not.
    pub(crate) warnings: usize,
}

/// Whether warnings count as errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// They do not.
    Lenient,
    /// They do.
    Strict,
}

impl From<bool> for Strictness {
    fn from(strict: bool) -> Self {
        if strict { Self::Strict } else { Self::Lenient }
    }
}

impl Strictness {
    /// Returns how severe `finding` is.
    pub(super) fn severity(self, finding: &Finding) -> Severity {
        match self {
            Self::Strict => Severity::Error,
            Self::Lenient => finding.severity(),
        }
    }
}

impl Tally {
    /// Counts one more.
    pub(super) fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.errors += other.errors;
        self.warnings += other.warnings;
    }
}

/// `2 errors, 1 warning`
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", count(self.errors, "error"), count(self.warnings, "warning"))
    }
}
