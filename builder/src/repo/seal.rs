//! Who signs a repository, and who judges what was signed.

use std::io::{Read, Seek};

use jiff::Timestamp;
use packaging::signature::{NotSigned, Signer, TrustStore};

/// What can be signed: its bytes from the first on.
pub trait Signable: Read + Seek + Send + Sync {}

impl<T: Read + Seek + Send + Sync> Signable for T {}

/// A key that signs a repository.
pub trait Seal {
    /// Returns the key's fingerprint: upper-case hexadecimal digits.
    fn fingerprint(&self) -> String;

    /// Returns the certificate as hosts have to be given it: armored.
    fn certificate(&self) -> Result<String, String>;

    /// Returns the armored signature that stands beside `content`.
    fn detached(&self, content: &mut dyn Signable) -> Result<String, String>;

    /// Returns `text` with a signature around it.
    fn clear(&self, text: &str) -> Result<String, String>;
}

/// The keys that a client has been given.
pub trait Judge {
    /// Says why `signature` is not a good one of `content`.
    fn detached(&self, content: &mut dyn Signable, signature: &[u8]) -> Result<(), String>;

    /// Returns the text that was signed, or says why the signature is not good.
    fn clear(&self, signed: &[u8]) -> Result<String, String>;
}

/// A key of ours, and the present.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key.
    pub signer: Signer,
    /// When it signs.
    pub at: Timestamp,
}

impl Seal for Key {
    fn fingerprint(&self) -> String {
        self.signer.fingerprint().as_str().to_owned()
    }

    fn certificate(&self) -> Result<String, String> {
        text(self.signer.certificate().map_err(NotSigned::from))
    }

    fn detached(&self, mut content: &mut dyn Signable) -> Result<String, String> {
        text(self.signer.sign_beside(&mut content, self.at))
    }

    fn clear(&self, content: &str) -> Result<String, String> {
        text(self.signer.sign_within(content, self.at))
    }
}

/// Returns what was signed as text, or why nothing was.
fn text(signed: Result<Vec<u8>, NotSigned>) -> Result<String, String> {
    let why = |error: &dyn std::error::Error| match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    };
    let bytes = signed.map_err(|error| why(&error))?;
    String::from_utf8(bytes).map_err(|error| why(&error))
}

/// Keys that are trusted, and the present.
#[derive(Clone, Debug)]
pub struct Keys {
    /// The keys.
    pub trust: TrustStore,
    /// When they are asked.
    pub at: Timestamp,
}

impl Judge for Keys {
    fn detached(&self, mut content: &mut dyn Signable, signature: &[u8]) -> Result<(), String> {
        let verdict = self.trust.judge_beside(&mut content, signature, self.at);
        verdict.map(drop).map_err(|refusal| refusal.to_string())
    }

    fn clear(&self, signed: &[u8]) -> Result<String, String> {
        let verdict = self.trust.judge_within(signed, self.at);
        verdict.map(|(_, text)| text).map_err(|refusal| refusal.to_string())
    }
}
