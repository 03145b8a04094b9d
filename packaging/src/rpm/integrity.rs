//! What a package's digests say about it, and which signatures it has.

use ::rpm::{IndexSignatureTag, IndexTag};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::archive::judged;
use super::front::Front;
use super::listing::Listed;
use super::unpack::Unpacked;
use crate::package::Integrity;
use crate::signature::{Fingerprint, issuers};

/// The signatures that a package may carry, over its header or over all of it.
const SIGNATURES: [(IndexSignatureTag, &str); 5] = [
    (IndexSignatureTag::RPMSIGTAG_OPENPGP, "header signature OpenPGP"),
    (IndexSignatureTag::RPMSIGTAG_RSA, "header signature RSA"),
    (IndexSignatureTag::RPMSIGTAG_DSA, "header signature DSA or EdDSA"),
    (IndexSignatureTag::RPMSIGTAG_PGP, "header and payload signature RSA"),
    (IndexSignatureTag::RPMSIGTAG_GPG, "header and payload signature DSA"),
];

/// What the digest of the payload in the header is called: by it a signature over the header covers
/// the payload.
pub(crate) const PAYLOAD_DIGEST: &str = "payload sha256";

/// Judges every digest that the package has over itself, and names its signatures.
pub(super) fn judge(front: &Front, listed: &[Listed], unpacked: &Unpacked) -> Vec<Integrity> {
    let signature = &front.metadata.signature;
    let text = |tag| signature.get_entry_data_as_string(tag).ok();
    let md5 = signature.get_entry_data_as_binary(IndexSignatureTag::RPMSIGTAG_MD5).ok();
    let header = front.header();
    let archive = &unpacked.archive;
    let checks = [
        (
            "header sha1",
            text(IndexSignatureTag::RPMSIGTAG_SHA1)
                .map(|it| it == hex::encode(Sha1::digest(header))),
        ),
        (
            "header sha256",
            text(IndexSignatureTag::RPMSIGTAG_SHA256)
                .map(|it| it == hex::encode(Sha256::digest(header))),
        ),
        ("header and payload md5", md5.map(|it| unpacked.md5.as_deref() == Some(it))),
        (PAYLOAD_DIGEST, payload_digest(front).map(|it| it == unpacked.payload)),
        ("package size", front.length().map(|it| it == unpacked.size)),
        ("archive size", front.archive_length().map(|it| it == archive.length)),
        // Reading has compared them all.
        ("file digests", listed.iter().any(|item| judged(item).is_some()).then_some(true)),
    ];
    let judged = checks
        .into_iter()
        .filter_map(|(name, holds)| holds.map(|holds| Integrity::digest(name, holds)));
    let signatures = SIGNATURES.into_iter().filter(|(tag, _)| signature.entry_is_present(*tag));
    judged
        .chain(signatures.map(|(tag, name)| Integrity::signature(name, issuer(front, tag))))
        .collect()
}

/// Returns the key that a signature names; of a list of signatures the first.
fn issuer(front: &Front, tag: IndexSignatureTag) -> Option<Fingerprint> {
    let header = &front.metadata.signature;
    let list = || front.metadata.raw_signatures().ok()?.first().map(|it| it.to_vec());
    let bytes = match header.get_entry_data_as_binary(tag) {
        Ok(bytes) => bytes.to_vec(),
        Err(_) => list()?,
    };
    issuers(&bytes)?.into_iter().next()
}

fn payload_digest(front: &Front) -> Option<&str> {
    let header = &front.metadata.header;
    let digests = header.get_entry_data_as_string_array(IndexTag::RPMTAG_PAYLOADSHA256).ok()?;
    digests.first().copied()
}
