//! Sorts of failures: exit status, stable code and explanation, each in one `match`.

use builder::code::Explanation;

use crate::cli::Spelling;

/// Sorts of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The command line is wrong.
    Usage,
    /// A file or folder that was named is not there.
    NotFound,
    /// The plugin breaks rules.
    Invalid,
    /// The plugin's hook or a program that it needs failed.
    Hook,
    /// A package is no package, or too damaged to be read.
    Unreadable,
    /// A package can be read, but is not what it was when it was made.
    Damaged,
    /// What was asked for goes against the order of versions.
    Refused,
    /// Any other: a disk that is full, a folder that must not be written.
    Failed,
    /// The user stopped it.
    Interrupted,
    /// Nobody reads the answer any more.
    ReaderGone,
    /// A fault of the program itself.
    Internal,
}

impl Kind {
    /// All kinds.
    pub(crate) const ALL: [Self; 11] = [
        Self::Usage,
        Self::NotFound,
        Self::Invalid,
        Self::Hook,
        Self::Unreadable,
        Self::Failed,
        Self::Interrupted,
        Self::ReaderGone,
        Self::Internal,
        Self::Refused,
        Self::Damaged,
    ];

    /// Returns the exit status; scripts in the historical spelling know neither 3 nor 4.
    pub(crate) fn status(self, spelling: Spelling) -> u8 {
        match self {
            Self::Usage => 2,
            Self::NotFound if spelling == Spelling::Subcommand => 3,
            Self::Damaged | Self::Refused if spelling == Spelling::Subcommand => 4,
            Self::NotFound
            | Self::Damaged
            | Self::Refused
            | Self::Invalid
            | Self::Hook
            | Self::Unreadable
            | Self::Failed
            | Self::Internal => 1,
            Self::Interrupted => 130,
            Self::ReaderGone => 141,
        }
    }

    /// Returns the stable code.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Usage => "F0901",
            Self::NotFound => "F0902",
            Self::Invalid => "F0903",
            Self::Hook => "F0904",
            Self::Unreadable => "F0905",
            Self::Failed => "F0906",
            Self::Interrupted => "F0907",
            Self::ReaderGone => "F0908",
            Self::Internal => "F0909",
            Self::Refused => "F0910",
            Self::Damaged => "F0911",
        }
    }

    /// Returns what the code means.
    pub(crate) fn explanation(self) -> Explanation {
        match self {
            Self::Usage => USAGE,
            Self::NotFound => NOT_FOUND,
            Self::Invalid => INVALID,
            Self::Hook => HOOK,
            Self::Unreadable => UNREADABLE,
            Self::Damaged => DAMAGED,
            Self::Refused => REFUSED,
            Self::Failed => FAILED,
            Self::Interrupted => INTERRUPTED,
            Self::ReaderGone => READER_GONE,
            Self::Internal => INTERNAL,
        }
    }
}

const USAGE: Explanation = Explanation {
    title: "The command line is wrong.",
    cause: "An option or command is unknown, missing, or does not go with another.",
    effect: "Nothing was done. The exit status is 2.",
    cure: "Compare with `fpb --help` or `fpb COMMAND --help`.",
};

const NOT_FOUND: Explanation = Explanation {
    title: "There is no such file or folder.",
    cause: "A path on the command line names nothing that exists.",
    effect: "Nothing was done. The exit status is 3, in the historical spelling 1.",
    cure: "Mind the current folder and the spelling of the path.",
};

const INVALID: Explanation = Explanation {
    title: "The plugin breaks rules.",
    cause: "The checker found at least one error, or with `--strict` a warning.",
    effect: "No package was built; packages from earlier builds are as they were.",
    cure: "Mend each finding; `fpb explain` tells more about its code.",
};

const HOOK: Explanation = Explanation {
    title: "The plugin's hook failed.",
    cause: "A program that the plugin runs before its build is missing or ended with a failure.",
    effect: "No package was built. What the hook changed in the folder remains changed.",
    cure: "Build with `-vv` to see what the hook says, or without it: `--no-hooks`.",
};

const UNREADABLE: Explanation = Explanation {
    title: "The package cannot be read.",
    cause: "The file is no package of a known format, or is damaged, or exceeds a limit.",
    effect: "Nothing was changed.",
    cure: "Fetch or build the package again and compare its SHA-256.",
};

const DAMAGED: Explanation = Explanation {
    title: "The package is damaged.",
    cause: "It breaks its format's rules, or a digest that it carries does not fit its content.",
    effect: "What was shown of it must not be trusted. The exit status is 4.",
    cure: "Fetch or build the package again and compare its SHA-256.",
};

const REFUSED: Explanation = Explanation {
    title: "There is no higher version to go to.",
    cause: "`bump` only raises a plugin's version, `migrate` its package version.",
    effect: "Nothing was changed. The exit status is 4.",
    cure: "Ask for a higher version, or take the older state from your version control.",
};

const FAILED: Explanation = Explanation {
    title: "The work could not be done.",
    cause: "The system refused something: a permission, room on the disk, a path in use.",
    effect: "Files that existed are as they were.",
    cure: "The lines that begin with `cause:` name what the system refused.",
};

const INTERRUPTED: Explanation = Explanation {
    title: "The command was interrupted.",
    cause: "Ctrl-C was pressed, or the program was told to terminate.",
    effect: "Unfinished files were removed; packages from earlier builds are as they were.",
    cure: "Run the command again.",
};

const READER_GONE: Explanation = Explanation {
    title: "The reader went away.",
    cause: "The program that read the output ended first, as in `fpb inspect FILE | head`.",
    effect: "The rest of the output is lost. The exit status is 141.",
    cure: "Nothing, usually.",
};

const INTERNAL: Explanation = Explanation {
    title: "This is a fault of fpb itself.",
    cause: "The program met a state that its authors held to be impossible.",
    effect: "Files are replaced whole or not at all, so none is half written.",
    cure: "Report it, with the command line and what it prints with `-vv`.",
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_historical_spelling_knows_three_statuses_and_the_signals() {
        let table = [
            (Kind::Usage, 2, 2),
            (Kind::NotFound, 3, 1),
            (Kind::Invalid, 1, 1),
            (Kind::Hook, 1, 1),
            (Kind::Unreadable, 1, 1),
            (Kind::Failed, 1, 1),
            (Kind::Internal, 1, 1),
            (Kind::Damaged, 4, 1),
            (Kind::Refused, 4, 1),
            (Kind::Interrupted, 130, 130),
            (Kind::ReaderGone, 141, 141),
        ];
        for (kind, subcommand, historical) in table {
            assert_eq!(kind.status(Spelling::Subcommand), subcommand, "{kind:?}");
            assert_eq!(kind.status(Spelling::Historical), historical, "{kind:?}");
        }
    }

    #[test]
    fn no_code_is_used_twice() {
        let codes: BTreeSet<_> = Kind::ALL.into_iter().map(Kind::code).collect();
        assert_eq!(codes.len(), Kind::ALL.len());
    }
}
