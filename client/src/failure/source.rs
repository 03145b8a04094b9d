//! What repositories say of themselves, and why it is not believed.

use client::repository::{BadAddress, BadCopy, BadName, Outdated, Unread};

use super::code::codes;
use super::{Code, Problem, general};

codes! {
    /// It cannot be had.
    UNREACHABLE = "P0701", PackageManager {
        title: "The repository cannot be had.",
        cause: "Its server does not answer, answers with a failure, or a file that every repository made by `fpb repo publish` has is not there.",
        effect: "Nothing was changed.",
        cure: "Compare the address with `plugins repo list`; proxies are taken from the usual variables.",
    }
    /// It goes on and on.
    OUT_OF_BOUNDS = "P0702", PackageManager {
        title: "The repository's server sends too much, or too slowly.",
        cause: "A file has more than 64 MiB, or less than 1 KiB a second came for as long as `network-timeout` says.",
        effect: "Nothing was changed.",
        cure: "Try again later, or from another server; raise `network-timeout` on a slow line.",
    }
    /// It leads off an encrypted way.
    DOWNGRADED = "P0703", Refused {
        title: "The repository's server leads to an address that is not encrypted.",
        cause: "An https address sends on to an http one, where anybody on the way can read and change what is sent.",
        effect: "Nothing was changed.",
        cure: "Mend the server, or add the repository by its real address.",
    }
    /// A signature does not count.
    UNTRUSTED = "P0704", Refused {
        title: "The repository is not signed by the key that the host has for it.",
        cause: "A file was altered, is not signed, or another key signed it; or the host no longer trusts the key.",
        effect: "Nothing was changed.",
        cure: "Ask who publishes it. A new key is taken by `plugins repo add` with its fingerprint.",
    }
    /// Not of a known shape.
    MALFORMED = "P0705", PackageManager {
        title: "The repository cannot be understood.",
        cause: "A file is not of the shape that is known here; a newer `fpb` may have made it.",
        effect: "Nothing was changed.",
        cure: "Use a newer `plugins`, or ask who publishes the repository.",
    }
    /// Files of different times.
    MIXED = "P0706", Refused {
        title: "The repository's files are not of one edition.",
        cause: "Files of different publications were put together, or the package manager was shown another edition.",
        effect: "Nothing was changed.",
        cure: "Where it is being published at this moment, try again. Else somebody shows old files: ask who publishes it.",
    }
    /// Older than what was seen.
    ROLLED_BACK = "P0707", Refused {
        title: "The repository shows an older edition than this host has seen.",
        cause: "A server lags behind, or somebody shows an old edition to hide a fix.",
        effect: "Nothing was changed.",
        cure: "Try again later. If its publisher really went back, remove the repository and add it again.",
    }
    /// From a time to come.
    FROM_THE_FUTURE = "P0708", Refused {
        title: "The repository's edition is dated in the future.",
        cause: "The publisher's clock, or this host's, is more than a day wrong. After such an edition nothing would ever be newer.",
        effect: "Nothing was changed.",
        cure: "Set the host's clock; if it is right, ask who publishes the repository.",
    }
    /// Its time is over.
    EXPIRED = "P0709", Refused {
        title: "The repository's edition is past its end.",
        cause: "Nothing was published for long, or somebody keeps newer editions from this host.",
        effect: "Nothing was changed.",
        cure: "Ask who publishes it. With `trust-policy: warn` it is told and used all the same.",
    }
    /// A copy that is not what was written.
    BAD_COPY = "P0710", Failed {
        title: "The copy of a repository's notices cannot be read.",
        cause: "A file below /var/lib/plugins/advisories is not what was written.",
        effect: "Nothing was changed.",
        cure: "`plugins repo refresh` writes it anew.",
    }
    /// Nobody reads repositories here.
    NO_REPOSITORIES = "P0711", Refused {
        title: "This host reads no repositories.",
        cause: "It has neither dnf, nor yum, nor apt.",
        effect: "Nothing was changed.",
        cure: "Install package files by their paths.",
    }
}

impl From<Unread> for Problem {
    fn from(error: Unread) -> Self {
        Self::from_error(code(&error), &error)
    }
}

fn code(error: &Unread) -> Code {
    match error {
        Unread::Unreachable { .. } => UNREACHABLE,
        Unread::Endless { .. } | Unread::Slow { .. } => OUT_OF_BOUNDS,
        Unread::Downgraded { .. } => DOWNGRADED,
        Unread::Untrusted { .. } => UNTRUSTED,
        Unread::Malformed { .. } => MALFORMED,
        Unread::Mixed(_) => MIXED,
    }
}

impl From<Outdated> for Problem {
    fn from(error: Outdated) -> Self {
        let code = match &error {
            Outdated::RolledBack { .. } => ROLLED_BACK,
            Outdated::Future { .. } => FROM_THE_FUTURE,
            Outdated::Expired { .. } => EXPIRED,
        };
        Self::from_error(code, &error)
    }
}

impl From<BadCopy> for Problem {
    fn from(error: BadCopy) -> Self {
        Self::from_error(BAD_COPY, &error).help("plugins repo refresh")
    }
}

impl From<BadAddress> for Problem {
    fn from(error: BadAddress) -> Self {
        Self::from_error(general::SPECIFICATION, &error)
    }
}

impl From<BadName> for Problem {
    fn from(error: BadName) -> Self {
        Self::from_error(general::SPECIFICATION, &error)
    }
}
