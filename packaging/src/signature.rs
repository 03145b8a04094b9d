//! Signatures on packages: made, and judged by one policy. The only place that knows OpenPGP.
//!
//! An RPM is signed within: over its header, which has the digest of its payload. Any other file gets
//! a detached signature beside it, `FILE.asc`. Either way whoever verifies knows that every byte that
//! matters is as it was signed: [`verify()`] also checks all digests of a package, and one whose
//! digests fail is never [`Signed`].
//!
//! What is accepted is written down in `docs/signing.md`, and decided at a time that the caller names.

mod agent;
mod create;
mod document;
mod file;
mod fingerprint;
mod key;
mod policy;
mod signer;
mod standing;
mod trust;
mod verdict;
mod verify;

pub use agent::AgentError;
pub use create::{NewKey, NotCreated};
pub use file::{Candidate, SignError, State, beside, seal};
pub use fingerprint::{BadFingerprint, Fingerprint};
pub use key::{KeyError, Passphrase, SecretKey};
pub use signer::{NotSigned, Signer};
pub use standing::Standing;
pub use trust::{BadCertificates, Certificate, TrustStore};
pub use verdict::{Refusal, Signed, Verdict, Warning};
pub use verify::{Judged, covers_payload, issuers, judge, verify};
