//! Signatures on what is no package: indexes of repositories, lists, statements.

use std::io::{self, Cursor, Read, Seek, Write};
use std::time::SystemTime;

use jiff::Timestamp;
use sequoia_openpgp as openpgp;

use openpgp::packet::signature::SignatureBuilder;
use openpgp::parse::Parse;
use openpgp::parse::stream::VerifierBuilder;
use openpgp::serialize::stream::{Message, Signer as Writer};
use openpgp::types::{HashAlgorithm, SignatureType};

use super::policy::Policy;
use super::signer::{Key, NotSigned, Signer};
use super::trust::Judge;
use super::{Refusal, Signed, TrustStore, Verdict, agent};

/// What a text that is signed within begins with.
const CLEAR: &[u8] = b"-----BEGIN PGP SIGNED MESSAGE-----";

impl Signer {
    /// Returns the certificate, armored, as those who verify have to be given it.
    pub fn certificate(&self) -> io::Result<Vec<u8>> {
        self.trust().armored()
    }

    /// Returns an armored signature to stand beside `content`, made at the time `at`; gpg takes its own
    /// present time. What comes out has been judged as anybody would judge it.
    pub fn sign_beside<R: Read + Seek + Send + Sync>(
        &self,
        content: &mut R,
        at: Timestamp,
    ) -> Result<Vec<u8>, NotSigned> {
        Ok(self.sign(content, at)?.armored()?)
    }

    /// Returns `text` with a signature around it, made and judged as those that stand beside.
    pub fn sign_within(&self, text: &str, at: Timestamp) -> Result<Vec<u8>, NotSigned> {
        let signed = match &self.key {
            Key::Held(key) => clear(key, text, at)?,
            Key::Agent => agent::clear(&self.fingerprint(), text)?,
        };
        // gpg may be a moment ahead of a time that was taken before.
        match self.trust().judge_within(&signed, at.max(Timestamp::now())) {
            Ok(_) => Ok(signed),
            Err(refusal) => Err(NotSigned::Refused(refusal)),
        }
    }
}

fn clear(key: &openpgp::crypto::KeyPair, text: &str, at: Timestamp) -> Result<Vec<u8>, NotSigned> {
    let failed = |error: openpgp::anyhow::Error| NotSigned::Key(error.to_string());
    let mut bytes = Vec::new();
    let template = SignatureBuilder::new(SignatureType::Text);
    let mut writer = Writer::with_template(Message::new(&mut bytes), key.clone(), template)
        .and_then(|writer| writer.cleartext().hash_algo(HashAlgorithm::SHA256))
        .and_then(|writer| writer.creation_time(SystemTime::from(at)).build())
        .map_err(failed)?;
    writer.write_all(text.as_bytes())?;
    writer.finalize().map_err(failed)?;
    Ok(bytes)
}

impl TrustStore {
    /// Says at time `at` what the detached `signatures`, armored or binary, are worth as signatures
    /// over `content`, from its beginning on.
    pub fn judge_beside(
        &self,
        content: &mut (impl Read + Send + Sync),
        signatures: &[u8],
        at: Timestamp,
    ) -> Verdict {
        self.judge(signatures, content, at)
    }

    /// Returns who signed a text that has its signature around it, and the text.
    pub fn judge_within(&self, signed: &[u8], at: Timestamp) -> Result<(Signed, String), Refusal> {
        // The library would also take messages of other kinds, and text in front of the signed one.
        if !signed.starts_with(CLEAR) {
            return Err(Refusal::Malformed);
        }
        let policy = Policy::new();
        let judge = Judge::new(self, at);
        let mut verifier = VerifierBuilder::from_bytes(signed)
            .and_then(|builder| builder.with_policy(&policy, SystemTime::from(at), judge))
            .map_err(|_| Refusal::Malformed)?;
        let mut text = Cursor::new(Vec::new());
        let read = io::copy(&mut verifier, &mut text);
        let verdict = verifier.into_helper().verdict().unwrap_or(Err(Refusal::Malformed))?;
        read.map_err(|_| Refusal::Malformed)?;
        let text = String::from_utf8(text.into_inner()).map_err(|_| Refusal::Malformed)?;
        Ok((verdict, text))
    }
}
