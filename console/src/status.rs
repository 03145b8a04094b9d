//! The exit statuses, one table for all programs (`cli 1`, "Exit status").

use crate::Spelling;

/// How a program ended, apart from success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Failed; nothing is changed.
    Failed,
    /// The command line is wrong, or a confirmation could not be asked for.
    Usage,
    /// What was named does not exist.
    NotFound,
    /// Refused by policy: signature, trust, order of versions, compatibility, damage.
    Refused,
    /// Something else is in the way.
    Conflict,
    /// The package manager or a repository failed.
    PackageManager,
    /// The lock was not obtained in time.
    Locked,
    /// Partly done; each result is listed.
    Partly,
    /// An inconsistent state was found.
    Inconsistent,
    /// There are updates.
    Updates,
    /// The user stopped it.
    Interrupted,
    /// Nobody reads the answer any more.
    ReaderGone,
}

/// Which numbers scripts expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statuses {
    /// One for each [`Status`].
    Detailed,
    /// Those of the original programs, which know neither 3 nor any up to 9.
    Historical,
}

/// A script that spells as of old reads statuses as of old.
impl From<Spelling> for Statuses {
    fn from(spelling: Spelling) -> Self {
        match spelling {
            Spelling::Subcommand => Self::Detailed,
            Spelling::Historical => Self::Historical,
        }
    }
}

impl Status {
    /// Returns the number that the process ends with.
    pub fn number(self, statuses: Statuses) -> u8 {
        match (statuses, self.detailed()) {
            (Statuses::Historical, 3..=9) => 1,
            (_, number) => number,
        }
    }

    fn detailed(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::Refused => 4,
            Self::Conflict => 5,
            Self::PackageManager => 6,
            Self::Locked => 7,
            Self::Partly => 8,
            Self::Inconsistent => 9,
            Self::Updates => 100,
            Self::Interrupted => 130,
            Self::ReaderGone => 141,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn historical_statuses_are_failure_usage_and_what_ends_a_command_from_outside() {
        let table = [
            (Status::Failed, 1, 1),
            (Status::Usage, 2, 2),
            (Status::NotFound, 3, 1),
            (Status::Refused, 4, 1),
            (Status::Conflict, 5, 1),
            (Status::PackageManager, 6, 1),
            (Status::Locked, 7, 1),
            (Status::Partly, 8, 1),
            (Status::Inconsistent, 9, 1),
            (Status::Updates, 100, 100),
            (Status::Interrupted, 130, 130),
            (Status::ReaderGone, 141, 141),
        ];
        for (status, detailed, historical) in table {
            assert_eq!(status.number(Spelling::Subcommand.into()), detailed, "{status:?}");
            assert_eq!(status.number(Spelling::Historical.into()), historical, "{status:?}");
        }
    }
}
