//! Why nothing was learnt from a repository.

use packaging::signature;

/// Why nothing was learnt from a repository. The host has not changed.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// It cannot be had.
    #[error("`{place}` cannot be had: {why}")]
    Unreachable {
        /// Address of the file.
        place: String,
        /// What was in the way.
        why: String,
    },
    /// More than any repository has to say of itself.
    #[error("`{place}` has more than {limit} bytes, and was not read to its end")]
    Endless {
        /// Address of the file.
        place: String,
        /// How much was read.
        limit: u64,
    },
    /// It comes so slowly that it may never end.
    #[error("`{place}` comes too slowly, and was given up after {seconds} s")]
    Slow {
        /// Address of the file.
        place: String,
        /// For how long.
        seconds: u64,
    },
    /// From an encrypted address to one that is not.
    #[error("`{place}` leads on to `{to}`, which is not encrypted")]
    Downgraded {
        /// Address of the file.
        place: String,
        /// Where it leads.
        to: String,
    },
    /// The signature does not count.
    #[error("`{file}` of the repository is not to be trusted: {refusal}")]
    Untrusted {
        /// The file.
        file: String,
        /// Why.
        refusal: signature::Refusal,
    },
    /// Signed, and not of a shape that is known here.
    #[error("`{file}` of the repository cannot be understood: {why}")]
    Malformed {
        /// The file.
        file: String,
        /// What is wrong.
        why: String,
    },
    /// Files of different editions (`threats-and-faults` A7).
    #[error("the repository's files are not of one edition: {0}")]
    Mixed(String),
}
