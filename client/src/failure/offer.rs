//! Why a file is no offer: one code for each [`OfferError`].

use client::OfferError;
use packaging::ReadError;

use super::code::codes;

codes! {
    /// No such file.
    MISSING = "P0101", NotFound {
        title: "There is no such package file.",
        cause: "The path names nothing that exists.",
        effect: "Nothing was changed.",
        cure: "Mind the current folder and the spelling of the path.",
    }
    /// A folder or device.
    NOT_A_FILE = "P0102", Failed {
        title: "This is not a file.",
        cause: "A package is a regular file.",
        effect: "Nothing was changed.",
        cure: "Name the package itself.",
    }
    /// Larger than any package.
    TOO_LARGE = "P0103", Refused {
        title: "The file is too large for a package.",
        cause: "Packages have a limit of size, which real ones do not reach.",
        effect: "Nothing was changed.",
        cure: "Look at the file with `fpb inspect`.",
    }
    /// No room for the copy.
    NO_SPACE = "P0104", Failed {
        title: "There is no room for the package.",
        cause: "A private copy of the package is made before it is installed.",
        effect: "Nothing was changed.",
        cure: "Make room on the file system that is named.",
    }
    /// No package.
    UNREADABLE = "P0105", Failed {
        title: "The file cannot be read as a package.",
        cause: "It is not a package, is damaged, or holds what no package may.",
        effect: "Nothing was changed.",
        cure: "Fetch or build the package again; `fpb inspect` tells more.",
    }
    /// Digests that do not hold.
    DAMAGED = "P0106", Refused {
        title: "The package is damaged.",
        cause: "A digest that it carries does not fit its content.",
        effect: "Nothing was changed.",
        cure: "Fetch or build the package again and compare its SHA-256.",
    }
    /// A name of another format.
    EXTENSION = "P0107", Refused {
        title: "The file's name and content do not agree.",
        cause: "Its ending is not that of the package format that it has.",
        effect: "Nothing was changed.",
        cure: "Rename the file if it comes from whom you trust.",
    }
    /// A package that is no plugin.
    NO_METADATA = "P0108", Refused {
        title: "The package is not a plugin.",
        cause: "There is no metadata.yaml in a folder of the plugins root.",
        effect: "Nothing was changed.",
        cure: "Install other packages with the package manager.",
    }
    /// Metadata that cannot be taken.
    METADATA = "P0109", Refused {
        title: "The plugin's metadata cannot be taken.",
        cause: "It breaks a rule, or is of a package version that is not known.",
        effect: "Nothing was changed.",
        cure: "Check the plugin with `fpb check`, and mind that plugins itself may be too old for it.",
    }
    /// A package version in the wrong format.
    CARRIER = "P0110", Refused {
        title: "The package's version and format do not go together.",
        cause: "Package version 1.0.0 comes as .fp, all others as RPM or deb.",
        effect: "Nothing was changed.",
        cure: "Build the package again with `fpb build`.",
    }
    /// Package and plugin disagree.
    IDENTITY = "P0111", Refused {
        title: "The package is not what it says.",
        cause: "Name or version of the package and of the plugin in it do not agree.",
        effect: "Nothing was changed.",
        cure: "Do not install it; build the package again with `fpb build`.",
    }
    /// A file outside the plugin's folder.
    FOREIGN = "P0112", Refused {
        title: "The package would write outside the plugin's folder.",
        cause: "It has files where no plugin may put any.",
        effect: "Nothing was changed.",
        cure: "Do not install it; `fpb inspect --files` shows where it writes.",
    }
    /// A kept package that changed.
    ALTERED = "P0113", Refused {
        title: "A kept package is not what it was.",
        cause: "Its content has changed since it was kept.",
        effect: "Nothing was changed.",
        cure: "`plugins doctor --repair` drops it; install the version from its package.",
    }
    /// Not the file that was meant.
    DIGEST = "P0114", Refused {
        title: "The package is not the one that was meant.",
        cause: "Its SHA-256 is not the one that was given with `--sha256`.",
        effect: "Nothing was changed.",
        cure: "Fetch the package again.",
    }
    /// Something that no package may hold.
    HARMFUL = "P0115", Refused {
        title: "The package holds something harmful.",
        cause: "A path or a link leaves the plugin's folder, or a file is a device, set-uid or open to everyone.",
        effect: "Nothing was changed.",
        cure: "Do not install it; `fpb inspect --files` shows what it holds.",
    }
}

/// Returns the code of what is no offer.
pub(super) fn code(error: &OfferError) -> super::Code {
    match error {
        OfferError::Io(_) => super::general::FAILED,
        OfferError::Missing(_) => MISSING,
        OfferError::NotAFile(_) => NOT_A_FILE,
        OfferError::TooLarge { .. } => TOO_LARGE,
        OfferError::NoSpace { .. } => NO_SPACE,
        OfferError::Unreadable { source: ReadError::Unsafe(_), .. }
        | OfferError::Harmful { .. } => HARMFUL,
        OfferError::Unreadable { .. } => UNREADABLE,
        OfferError::Damaged { .. } => DAMAGED,
        OfferError::Extension { .. } => EXTENSION,
        OfferError::NoMetadata(_) => NO_METADATA,
        OfferError::Metadata { .. } => METADATA,
        OfferError::WrongFormat { .. } => CARRIER,
        OfferError::Identity { .. } => IDENTITY,
        OfferError::Foreign { .. } => FOREIGN,
        OfferError::Altered { .. } => ALTERED,
    }
}
