//! Whose packages a host takes: keys with a scope, the policy, and what one command is allowed beyond it.
//!
//! Keys are files that an administrator put, or had put, below [`Places::trust`]. What several files say
//! of one certificate is put together: its scopes add up, and a revocation in any of them counts. A file
//! that others than root could have written, or that has no scope, trusts nothing and is told of.

mod file;
mod scope;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use packaging::Limits;
use packaging::signature::{self, BadCertificates, Fingerprint, Refusal, Signed, TrustStore};
use plugin::PluginName;
use registry::{Certificate, Voucher};
use serde::{Deserialize, Serialize};

use crate::Places;

pub use file::{Distrusted, Home, KeyFile};
pub use scope::{BadPattern, BadScope, Pattern, Scope};

/// How strict a host is (setting `trust-policy`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    /// Who is not trusted is told of, and may be allowed for one command.
    Legacy,
    /// Packages are signed by trusted keys; their own scripts are shown.
    Warn,
    /// They are, and have no scripts of their own unless their key may.
    #[default]
    Strict,
}

/// What one command is allowed although the policy is against it. Nothing of it is remembered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowances {
    /// Packages that nobody vouches for, under [`Policy::Legacy`].
    pub unsigned: bool,
    /// Scripts that packages bring.
    pub scripts: bool,
    /// Packages by another publisher than the one that a plugin is bound to.
    pub publisher: bool,
    /// Versions that an advisory withdraws.
    pub vulnerable: bool,
}

/// What a host trusts.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// How strict it is.
    pub policy: Policy,
    /// What the command is allowed beyond that.
    pub allowed: Allowances,
    files: Vec<KeyFile>,
    distrusted: Vec<Distrusted>,
    /// All certificates of the files.
    known: TrustStore,
    /// Certificates that the administrator has agreed to in this very command.
    accepted: TrustStore,
    /// Certificates that were trusted once.
    put_by: TrustStore,
    /// The folders of keys and of what was put by, below the root folder.
    folders: [PathBuf; 2],
}

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

impl Trust {
    /// Reads the keys of a host.
    pub fn read(places: &Places, policy: Policy, allowed: Allowances) -> io::Result<Self> {
        let below_root =
            |path: PathBuf| path.strip_prefix(places.root()).map(Path::to_owned).unwrap_or(path);
        let folders = [below_root(places.trust()), below_root(places.put_by())];
        let put_by = file::read_put_by(&places.put_by())?;
        let mut trust = Self { policy, allowed, folders, put_by, ..Self::default() };
        let found = file::read_all(&places.trust())?;
        for one in found {
            match one {
                Ok(file) => trust.push(file),
                Err(distrusted) => trust.distrusted.push(distrusted),
            }
        }
        Ok(trust)
    }

    fn push(&mut self, file: KeyFile) {
        match self.known.extend(&file.keys) {
            Ok(()) => self.files.push(file),
            Err(error) => {
                self.distrusted.push(Distrusted { path: file.path, reason: error.to_string() });
            }
        }
    }

    /// Returns the files of keys, sorted by path.
    pub fn files(&self) -> &[KeyFile] {
        &self.files
    }

    /// Returns the files that trust nothing, and why.
    pub fn distrusted(&self) -> &[Distrusted] {
        &self.distrusted
    }

    /// Returns certificates that were trusted once.
    pub(crate) fn put_by(&self) -> &TrustStore {
        &self.put_by
    }

    /// Returns where a file of keys or of their scope is, below the root folder.
    pub(crate) fn path(&self, place: &str) -> String {
        self.folders[0].join(place).display().to_string()
    }

    /// Returns where a certificate is put by, below the root folder.
    pub(crate) fn put_by_path(&self, certificate: &Fingerprint) -> String {
        self.folders[1].join(format!("{certificate}.asc")).display().to_string()
    }

    /// Returns all certificates that are trusted for anything, each as all files together tell it.
    pub fn keys(&self) -> &TrustStore {
        &self.known
    }

    /// Returns what a certificate is trusted for, by all files together; nothing where none has it.
    pub fn scope_of(&self, certificate: &Fingerprint) -> Scope {
        let with = self.files.iter().filter(|file| file.has(certificate));
        with.fold(Scope::default(), |sum, file| sum.and(&file.scope))
    }

    /// Returns the keys that are trusted for a plugin.
    pub fn keys_for(&self, name: &PluginName) -> TrustStore {
        self.known.only(|certificate| self.scope_of(certificate).takes(name))
    }

    /// Trusts further certificates, for this command and whatever plugin they vouch for in it.
    pub fn accept(&mut self, certificates: &TrustStore) -> Result<(), BadCertificates> {
        self.accepted.extend(certificates)
    }

    /// Judges the signature of a package, of which nothing is read before but an RPM's header.
    pub fn judge(
        &self,
        file: &mut File,
        beside: Option<&[u8]>,
        at: Timestamp,
    ) -> io::Result<signature::Verdict> {
        signature::judge(file, beside, &self.everyone(), at, &Limits::default())
    }

    /// Judges the signatures beside a package by the keys that are trusted for `name` alone.
    pub fn judge_for(
        &self,
        name: &PluginName,
        file: &mut File,
        beside: &[u8],
        at: Timestamp,
    ) -> io::Result<Result<Signatory, Refusal>> {
        let keys = self.keys_for(name);
        let verdict = signature::judge(file, Some(beside), &keys, at, &Limits::default())?;
        Ok(verdict.map(|signed| self.signatory(&signed)))
    }

    /// Whether the command may go on with a package that nobody vouches for.
    pub fn tolerates(&self, refusal: &Refusal) -> bool {
        let nobody = matches!(refusal, Refusal::Unsigned | Refusal::UnknownKey { .. });
        nobody && self.policy == Policy::Legacy && self.allowed.unsigned
    }

    /// Judges the signature beside a document, such as a repository's index, by the keys whose scope has
    /// at least one plugin; which plugins it may speak of is [`Signatory::scope`].
    pub fn judge_document(
        &self,
        content: &mut (impl Read + Send + Sync),
        signatures: &[u8],
        at: Timestamp,
    ) -> Result<Signatory, Refusal> {
        let signed = self.known.judge_beside(content, signatures, at)?;
        Ok(self.signatory(&signed))
    }

    /// Judges a text with its signature around it as [`Trust::judge_document`] does; returns the text.
    pub fn judge_text(&self, signed: &[u8], at: Timestamp) -> Result<(Signatory, String), Refusal> {
        let (signed, text) = self.known.judge_within(signed, at)?;
        Ok((self.signatory(&signed), text))
    }

    /// Says whether the owner of a certificate that vouched for a package once, when what was signed is
    /// not here any more, still may.
    pub(crate) fn still(
        &self,
        certificate: &Fingerprint,
        at: Timestamp,
    ) -> Result<Signatory, Refusal> {
        let unknown = || Refusal::UnknownKey { key: certificate.clone() };
        let standing = self.known.standing(certificate, at).ok_or_else(unknown)?;
        if standing.is_revoked {
            return Err(Refusal::Revoked { key: certificate.clone() });
        }
        let user_ids = self.known.certificates().find(|one| one.fingerprint == *certificate);
        Ok(Signatory {
            certificate: certificate.clone(),
            key: certificate.clone(),
            user_id: user_ids.and_then(|one| one.user_ids.into_iter().next()),
            signed: at,
            warnings: Vec::new(),
            scope: self.scope_of(certificate),
            adopted: None,
        })
    }

    /// Says whether a key that signed a package of `name` may.
    pub fn backing(&self, name: &PluginName, mut signatory: Signatory) -> Backing {
        // A key that may bring scripts for one plugin need not for another.
        signatory.scope.scripts = self.files.iter().any(|file| {
            file.has(&signatory.certificate) && file.scope.takes(name) && file.scope.scripts
        });
        if signatory.scope.takes(name) {
            return Backing::Key(signatory);
        }
        let accepted = self.accepted.only(|one| *one == signatory.certificate);
        if accepted.is_empty() {
            return Backing::Beyond(signatory);
        }
        let adopted = self.adopted(name, &accepted);
        let scope = Scope::of(vec![Pattern::exactly(name)]);
        Backing::Key(Signatory { scope, adopted, ..signatory })
    }

    /// Returns a plugin's own key file with further certificates in it.
    fn adopted(&self, name: &PluginName, certificates: &TrustStore) -> Option<String> {
        let home = Home::Plugin(name.clone());
        let mut keys = TrustStore::default();
        for file in self.files.iter().filter(|file| file.home == home) {
            keys.extend(&file.keys).ok()?;
        }
        keys.extend(certificates).ok()?;
        String::from_utf8(keys.armored().ok()?).ok()
    }

    /// Returns what is known of the key that made a signature.
    pub fn signatory(&self, signed: &Signed) -> Signatory {
        Signatory {
            certificate: signed.fingerprint.clone(),
            key: signed.key.clone(),
            user_id: signed.user_id.clone(),
            signed: signed.time,
            warnings: signed.warnings.iter().map(ToString::to_string).collect(),
            scope: self.scope_of(&signed.fingerprint),
            adopted: None,
        }
    }

    fn everyone(&self) -> TrustStore {
        let mut everyone = self.known.clone();
        // Both are certificates that the library has put together before.
        everyone.extend(&self.accepted).expect("one certificate can be put together with itself");
        everyone
    }
}

impl Policy {
    /// Returns the word that settings use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Legacy => "legacy",
            Self::Warn => "warn",
            Self::Strict => "strict",
        }
    }
}

impl std::str::FromStr for Policy {
    type Err = UnknownPolicy;

    fn from_str(text: &str) -> Result<Self, UnknownPolicy> {
        [Self::Legacy, Self::Warn, Self::Strict]
            .into_iter()
            .find(|policy| policy.name() == text)
            .ok_or_else(|| UnknownPolicy(text.to_owned()))
    }
}

/// A word that is no policy's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no trust policy: strict, warn or legacy", .0.escape_debug())]
pub struct UnknownPolicy(String);

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

/// Returns the certificates of several files by fingerprint, each with the files that have it.
pub fn by_certificate(trust: &Trust) -> BTreeMap<Fingerprint, Vec<&KeyFile>> {
    let mut found = BTreeMap::<_, Vec<_>>::new();
    for file in trust.files() {
        for certificate in file.keys.certificates() {
            found.entry(certificate.fingerprint).or_default().push(file);
        }
    }
    found
}

#[cfg(test)]
mod tests;
