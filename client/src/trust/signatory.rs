//! Who vouches for a package: a key that is trusted for it, one that is trusted for others, nobody.

use jiff::Timestamp;
use packaging::signature::{Fingerprint, Refusal};
use registry::{Certificate, Voucher};

use super::Scope;

/// A key that made a signature which holds, and what the host lets it do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signatory {
    /// The certificate.
    pub certificate: Fingerprint,
    /// The key that signed: the certificate's own or one below it.
    pub key: Fingerprint,
    /// Whom the certificate names first.
    pub user_id: Option<String>,
    /// When it signed.
    pub signed: Timestamp,
    /// What to know of the key nevertheless: a lower-case clause each.
    pub warnings: Vec<String>,
    /// What it is trusted for.
    pub scope: Scope,
    /// Its plugin's key file as it is to be, where it is trusted from this command on.
    pub adopted: Option<String>,
}

/// Who vouches for a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backing {
    /// A key that is trusted for it.
    Key(Signatory),
    /// A key that is trusted for other plugins.
    Beyond(Signatory),
    /// Nobody.
    Nobody(Refusal),
}

impl Signatory {
    /// Returns the certificate as the registry remembers it.
    pub fn recorded(&self) -> Certificate {
        let text = self.certificate.as_str();
        text.parse().expect("a trusted certificate has a whole fingerprint")
    }

    /// Returns the key for people: `Release <release@example.org> 9F3A...71C2`.
    pub fn shown(&self) -> String {
        match &self.user_id {
            Some(user_id) => format!("{user_id} {}", self.certificate.short()),
            None => self.certificate.short(),
        }
    }
}

impl Backing {
    /// Returns the key that vouches; `None` where none does that may.
    pub fn signatory(&self) -> Option<&Signatory> {
        match self {
            Self::Key(signatory) => Some(signatory),
            Self::Beyond(_) | Self::Nobody(_) => None,
        }
    }

    /// Returns what the registry remembers of it.
    pub fn voucher(&self) -> Voucher {
        match self {
            Self::Key(signatory) => Voucher::Key(signatory.recorded()),
            Self::Beyond(_) => Voucher::Unknown,
            Self::Nobody(_) => Voucher::Unsigned,
        }
    }
}
