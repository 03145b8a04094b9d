//! Why a file is no offer: one code for each [`OfferError`].

use client::OfferError;
use client::trust::Policy;
use packaging::ReadError;
use packaging::signature::Refusal as Untrusted;

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
    /// No signature.
    UNSIGNED = "P0116", Refused {
        title: "The package is not signed.",
        cause: "An RPM has its signature within; a deb and an fp have it beside them, in FILE.asc.",
        effect: "Nothing was changed; the package was not read.",
        cure: "Ask for a signed package, or sign your own with `fpb sign`. Hosts whose `trust-policy` is legacy take it with `--allow-unsigned`.",
    }
    /// A signature by somebody.
    UNKNOWN_KEY = "P0117", Refused {
        title: "The package is signed with a key that is not trusted.",
        cause: "No file of keys below /etc/plugins has it.",
        effect: "Nothing was changed; the package was not read.",
        cure: "Get the publisher's certificate on a way that you trust, compare its fingerprint, and give it to `plugins trust add`, or to this command with `--key`.",
    }
    /// A signature that does not count.
    BAD_SIGNATURE = "P0118", Refused {
        title: "The package's signature does not count.",
        cause: "The content is not what was signed, or the key is weak, revoked, expired or cannot sign. No policy and no option makes up for that.",
        effect: "Nothing was changed; the package was not read.",
        cure: "Fetch the package and its signature again; if they stay so, tell the publisher. docs/signing.md has all cases.",
    }
    /// A key that was offered and not accepted.
    NOT_ACCEPTED = "P0119", Refused {
        title: "The key that was offered has not been accepted.",
        cause: "A new key is trusted when somebody has compared its whole fingerprint: at a terminal, or with `--accept-fingerprint`. `--yes` is no such comparison.",
        effect: "Nothing was changed.",
        cure: "Compare the fingerprint with what the publisher says of itself elsewhere, and give it in full to `--accept-fingerprint`.",
    }
    /// A file that is no certificate.
    NO_CERTIFICATE = "P0120", Failed {
        title: "The file is no certificate.",
        cause: "It holds no OpenPGP certificate that can be read, or more than can be compared.",
        effect: "Nothing was changed.",
        cure: "Export it with `gpg --armor --export FINGERPRINT`.",
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
        OfferError::Overlong { .. } => BAD_SIGNATURE,
        OfferError::Untrusted { refusal, .. } => match refusal {
            Untrusted::Unsigned => UNSIGNED,
            Untrusted::UnknownKey { .. } => UNKNOWN_KEY,
            _ => BAD_SIGNATURE,
        },
    }
}

/// Returns what to do about what is no offer.
pub(super) fn help(error: &OfferError) -> Option<String> {
    let OfferError::Untrusted { refusal, policy, .. } = error else { return None };
    let unsigned = match policy {
        Policy::Legacy => "to take it all the same, this once: `--allow-unsigned`".to_owned(),
        stricter => format!(
            "the setting `trust-policy` is {} here; `--allow-unsigned` works where it is legacy",
            stricter.name()
        ),
    };
    match refusal {
        Untrusted::Unsigned => Some(unsigned),
        Untrusted::UnknownKey { .. } => Some(format!(
            "if you have the publisher's certificate: `plugins trust add CERTFILE --for NAME`, or \
             `--key CERTFILE`\n{unsigned}"
        )),
        _ => None,
    }
}
