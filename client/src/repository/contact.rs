//! First contact with a repository: the key that it offers, which is no trust yet.

use packaging::signature::{BadCertificates, Certificate, TrustStore};

use super::{Address, Transport, Unread};

/// Where a repository offers its certificate.
const KEY: &str = "key.asc";

/// A certificate that is offered, or was given by the administrator.
#[derive(Clone, Debug)]
pub struct Contact {
    /// It alone.
    pub trust: TrustStore,
    /// Whose it is.
    pub certificate: Certificate,
    /// It, armored.
    pub armored: String,
}

impl Contact {
    /// Reads the one certificate in `bytes`, which `file` has.
    ///
    /// # Errors
    ///
    /// Where there are several: which of them is meant would have to be guessed.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, Unread> {
        let malformed = |why: String| Unread::Malformed { file: file.to_owned(), why };
        let mut trust = TrustStore::default();
        trust.add(bytes).map_err(|error: BadCertificates| malformed(error.to_string()))?;
        let mut certificates = trust.certificates();
        let (Some(certificate), None) = (certificates.next(), certificates.next()) else {
            return Err(malformed(
                "it has several certificates, and a repository has one".to_owned(),
            ));
        };
        drop(certificates);
        let armored = trust.armored().map_err(|error| malformed(error.to_string()))?;
        let armored = String::from_utf8(armored).map_err(|error| malformed(error.to_string()))?;
        Ok(Self { trust, certificate, armored })
    }
}

/// Returns the certificate that the repository at `address` offers.
pub fn contact(transport: &Transport, address: &Address) -> Result<Contact, Unread> {
    Contact::read(KEY, &transport.get(address, KEY)?)
}
