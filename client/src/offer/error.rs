//! Why a file is no offer.

use std::io;
use std::path::PathBuf;

use packaging::ReadError;
use packaging::signature::Refusal;
use plugin::{Format, Generation};

use crate::trust::Policy;

/// Why a file is no offer. Nothing but a copy of it has been made, and that is gone.
#[derive(Debug, thiserror::Error)]
pub enum OfferError {
    /// It is not there.
    #[error("there is no file `{}`", .0.display())]
    Missing(PathBuf),
    /// A folder, a device, a pipe.
    #[error("`{}` is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// It is larger than any package may be.
    #[error("`{}` has {size} bytes, a package at most {limit}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its length.
        size: u64,
        /// The most that is taken.
        limit: u64,
    },
    /// The copy would not fit.
    #[error("`{}` has {available} bytes left, the copy of the package needs {needed}", folder.display())]
    NoSpace {
        /// Where the copy was to be.
        folder: PathBuf,
        /// What it needs.
        needed: u64,
        /// What there is.
        available: u64,
    },
    /// A file could not be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It cannot be read as a package, or holds what no package may.
    #[error("`{}` cannot be used", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ReadError,
    },
    /// Nobody who is trusted vouches for it. It has not been read.
    #[error("`{}` is refused: {refusal}", path.display())]
    Untrusted {
        /// The file.
        path: PathBuf,
        /// What is the matter with its signature.
        refusal: Refusal,
        /// How strict the host is.
        policy: Policy,
    },
    /// A signature that has no room for one.
    #[error("the signature `{}` has {size} bytes, and a signature at most {limit}", path.display())]
    Overlong {
        /// The signature.
        path: PathBuf,
        /// Its length.
        size: u64,
        /// The most that is taken.
        limit: u64,
    },
    /// Its own digests contradict it.
    #[error("`{}` is damaged: its {} does not match", path.display(), digests.join(", "))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Which digests.
        digests: Vec<String>,
    },
    /// Its name does not say which format it is of.
    #[error("the content of `{}` is {}, and its name does not end so", path.display(), article(*format))]
    Extension {
        /// The file.
        path: PathBuf,
        /// What it is.
        format: Format,
    },
    /// There is no metadata in it.
    #[error("`{}` is no plugin: it has no `metadata.yaml` in a folder of the plugins root", .0.display())]
    NoMetadata(PathBuf),
    /// Its metadata cannot be read, or is of a package version that nobody knows.
    #[error("`{}`: `metadata.yaml`: {problem}", path.display())]
    Metadata {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A package version in a format that does not carry it.
    #[error("`{}` is {}, in which package version {generation} is not delivered", path.display(), article(*format))]
    WrongFormat {
        /// The file.
        path: PathBuf,
        /// What it is.
        format: Format,
        /// What is in it.
        generation: Generation,
    },
    /// Package and plugin do not agree on what it is.
    #[error("`{}`: the package's {what} is `{}`, its plugin's `{expected}`", path.display(), found.escape_debug())]
    Identity {
        /// The file.
        path: PathBuf,
        /// `name` or `version`.
        what: &'static str,
        /// What the package has.
        found: String,
        /// What it should have.
        expected: String,
    },
    /// It would put a file where no plugin's package may.
    #[error("`{}` would install `{}`, which is outside its plugin's folder", path.display(), entry.escape_debug())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// The entry.
        entry: String,
    },
    /// It would put something harmful where it may put files.
    #[error("`{}` would install `{}`, which {why}", path.display(), entry.escape_debug())]
    Harmful {
        /// The file.
        path: PathBuf,
        /// The entry.
        entry: String,
        /// What is the matter with it.
        why: &'static str,
    },
    /// A kept package is not what it was when it was kept.
    #[error("the kept package {sha256} has changed since it was kept")]
    Altered {
        /// Its digest then.
        sha256: String,
    },
}

fn article(format: Format) -> &'static str {
    match format {
        Format::Fp => "an fp package",
        Format::Rpm => "an RPM",
        Format::Deb => "a Debian package",
    }
}
