//! Sorts of failures: exit status, stable code and explanation, each in one `match`.

use console::{Explanation, Status};

use crate::program::FPB;

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
    /// A file is not signed by somebody who is trusted, or its signature is not good enough.
    Untrusted,
    /// There is no key to sign with.
    Key,
    /// Some files were signed and others not.
    Partly,
    /// Any other: a disk that is full, a folder that must not be written.
    Failed,
    /// The user stopped it.
    Interrupted,
    /// Nobody reads the answer any more.
    ReaderGone,
    /// A fault of the program itself.
    Internal,
    /// Something else is where this was to be.
    Conflict,
    /// Another process writes to the repository.
    Locked,
    /// A file of a repository breaks rules.
    Repository,
    /// A published repository is not what clients need.
    Unsound,
    /// A package cannot be served by the repository.
    Unservable,
    /// The key is not the right one, or did not sign.
    Unsigned,
}

impl Kind {
    /// All kinds.
    pub(crate) const ALL: [Self; 20] = [
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
        Self::Untrusted,
        Self::Key,
        Self::Partly,
        Self::Conflict,
        Self::Locked,
        Self::Repository,
        Self::Unsound,
        Self::Unservable,
        Self::Unsigned,
    ];
}

impl console::Kind for Kind {
    fn status(self) -> Status {
        match self {
            Self::Usage => Status::Usage,
            Self::NotFound => Status::NotFound,
            Self::Damaged
            | Self::Refused
            | Self::Untrusted
            | Self::Unsound
            | Self::Unservable
            | Self::Unsigned => Status::Refused,
            Self::Conflict => Status::Conflict,
            Self::Locked => Status::Locked,
            Self::Invalid
            | Self::Hook
            | Self::Unreadable
            | Self::Key
            | Self::Failed
            | Self::Internal
            | Self::Repository => Status::Failed,
            Self::Partly => Status::Partly,
            Self::Interrupted => Status::Interrupted,
            Self::ReaderGone => Status::ReaderGone,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Usage => FPB.usage,
            Self::NotFound => "F0902",
            Self::Invalid => "F0903",
            Self::Hook => "F0904",
            Self::Unreadable => "F0905",
            Self::Failed => FPB.failed,
            Self::Interrupted => "F0907",
            Self::ReaderGone => "F0908",
            Self::Internal => FPB.internal,
            Self::Refused => "F0910",
            Self::Damaged => "F0911",
            Self::Untrusted => "F0912",
            Self::Key => "F0913",
            Self::Partly => "F0914",
            Self::Conflict => "F0920",
            Self::Locked => "F0921",
            Self::Repository => "F0922",
            Self::Unsound => "F0923",
            Self::Unservable => "F0924",
            Self::Unsigned => "F0925",
        }
    }

    fn explanation(self) -> Explanation {
        match self {
            Self::Usage => USAGE,
            Self::NotFound => NOT_FOUND,
            Self::Invalid => INVALID,
            Self::Hook => HOOK,
            Self::Unreadable => UNREADABLE,
            Self::Damaged => DAMAGED,
            Self::Refused => REFUSED,
            Self::Untrusted => UNTRUSTED,
            Self::Key => KEY,
            Self::Partly => PARTLY,
            Self::Failed => FAILED,
            Self::Interrupted => INTERRUPTED,
            Self::ReaderGone => READER_GONE,
            Self::Internal => INTERNAL,
            Self::Conflict => CONFLICT,
            Self::Locked => LOCKED,
            Self::Repository => REPOSITORY,
            Self::Unsound => UNSOUND,
            Self::Unservable => UNSERVABLE,
            Self::Unsigned => UNSIGNED,
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

const UNTRUSTED: Explanation = Explanation {
    title: "Nobody who is trusted vouches for the file as it is.",
    cause: "It is unsigned, altered, or signed with a key that is unknown, weak, revoked or expired.",
    effect: "The file must not be installed. The exit status is 4.",
    cure: "Fetch it again, or name the signer's certificate with `--trust` once you have checked it.",
};

const KEY: Explanation = Explanation {
    title: "There is no key to sign with.",
    cause: "The key file has no secret key that may sign now, or the passphrase does not unlock it.",
    effect: "No file was signed, and no package built.",
    cure: "Name a file with one secret key, or the fingerprint of a key that gpg holds.",
};

const PARTLY: Explanation = Explanation {
    title: "Some files were signed and others not.",
    cause: "The system refused something, or a file changed, when others were signed already.",
    effect: "Each file is either signed or as it was. The exit status is 8.",
    cure: "Mend the cause and run the command again: what is signed is left alone.",
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

const CONFLICT: Explanation = Explanation {
    title: "Something else is there already.",
    cause: "The repository has the same name and version with other content, or has to keep it.",
    effect: "Nothing was changed. The exit status is 5.",
    cure: "Raise the version: what hosts have seen under a name must not change.",
};

const LOCKED: Explanation = Explanation {
    title: "Another process writes to the repository.",
    cause: "Only one may at a time, and it did not end within `--lock-timeout`.",
    effect: "Nothing was changed. The exit status is 7.",
    cure: "Wait for it; the lock ends with its process and need not be removed.",
};

const REPOSITORY: Explanation = Explanation {
    title: "A file of the repository breaks rules.",
    cause: "`repo.yaml` or an advisory has an unknown key or a value that cannot be.",
    effect: "Nothing was changed; what is published stays as it is.",
    cure: "Mend the file at the line and column that are named.",
};

const UNSOUND: Explanation = Explanation {
    title: "The published repository is not sound.",
    cause: "A signature is missing or bad, the time is over, or a file is not what an index says.",
    effect: "Clients refuse it, or parts of it. The exit status is 4; each problem is listed.",
    cure: "Publish it again, with `--refresh`, and copy it whole before it is published again.",
};

const UNSERVABLE: Explanation = Explanation {
    title: "The package cannot be served by the repository.",
    cause: "No index would have its architecture, or its name cannot be part of an address.",
    effect: "No package was added. The exit status is 4.",
    cure: "Add the architecture to `repo.yaml`, or build the package anew.",
};

const UNSIGNED: Explanation = Explanation {
    title: "The repository could not be signed.",
    cause: "The key is not the one that `repo.yaml` names, is locked, or cannot sign.",
    effect: "What was published before is as it was. The exit status is 4.",
    cure: "Give the right key, or name another in `repo.yaml` and tell those who use the repository.",
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use console::{Kind as _, Spelling};

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
            (Kind::Untrusted, 4, 1),
            (Kind::Key, 1, 1),
            (Kind::Partly, 8, 1),
            (Kind::Conflict, 5, 1),
            (Kind::Locked, 7, 1),
            (Kind::Repository, 1, 1),
            (Kind::Unsound, 4, 1),
            (Kind::Unservable, 4, 1),
            (Kind::Unsigned, 4, 1),
            (Kind::Interrupted, 130, 130),
            (Kind::ReaderGone, 141, 141),
        ];
        for (kind, subcommand, historical) in table {
            assert_eq!(kind.status().number(Spelling::Subcommand.into()), subcommand, "{kind:?}");
            assert_eq!(kind.status().number(Spelling::Historical.into()), historical, "{kind:?}");
        }
    }

    #[test]
    fn no_code_is_used_twice() {
        let codes: BTreeSet<_> = Kind::ALL.into_iter().map(Kind::code).collect();
        assert_eq!(codes.len(), Kind::ALL.len());
    }
}
