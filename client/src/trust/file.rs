//! Files of keys: `trust/PLUGIN/truststore.asc` and `trust.d/NAME.asc` with its scope, `NAME.yaml`.

use std::fs::Metadata;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use packaging::signature::{Fingerprint, TrustStore};
use plugin::PluginName;
use rustix::process::geteuid;
use serde::{Deserialize, Serialize};

use super::scope::{Pattern, Scope};
use crate::ground::is_open;
use crate::regular::{self, Unfit};

/// Keys of many publishers fit into this.
const LARGEST: u64 = 1 << 20;

/// The name of a plugin's own key file.
const TRUST_STORE: &str = "truststore.asc";

/// A file of keys that are trusted.
#[derive(Clone, Debug)]
pub struct KeyFile {
    /// Where it is.
    pub path: PathBuf,
    /// Which file it is.
    pub home: Home,
    /// What its keys are trusted for.
    pub scope: Scope,
    /// Its keys.
    pub keys: TrustStore,
}

/// A file that trusts nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distrusted {
    /// Where it is.
    pub path: PathBuf,
    /// Why: a lower-case clause.
    pub reason: String,
}

/// Which file of keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Home {
    /// A plugin's own; its scope is that plugin.
    Plugin(PluginName),
    /// One with a scope beside it, by its name without `.asc`.
    Named(String),
}

impl Home {
    /// Returns where its keys are, below the folder of keys and scopes.
    pub fn keys(&self, folder: &Path) -> PathBuf {
        match self {
            Self::Plugin(name) => folder.join("trust").join(name.as_str()).join(TRUST_STORE),
            Self::Named(name) => folder.join("trust.d").join(format!("{name}.asc")),
        }
    }

    /// Returns where its scope is; a plugin's own has none.
    pub fn scope(&self, folder: &Path) -> Option<PathBuf> {
        match self {
            Self::Plugin(_) => None,
            Self::Named(name) => Some(folder.join("trust.d").join(format!("{name}.yaml"))),
        }
    }

    /// Returns where its scope is, below the folder of keys and scopes.
    pub(crate) fn scope_place(&self) -> Option<String> {
        self.scope(Path::new("")).map(|path| path.display().to_string())
    }

    /// Returns what history calls it: `trust.d/NAME.asc`.
    pub fn place(&self) -> String {
        self.keys(Path::new("")).display().to_string()
    }

    /// Returns the file that history calls `place`.
    pub fn of_place(place: &str) -> Option<Self> {
        if let Some(name) = place.strip_prefix("trust.d/").and_then(|it| it.strip_suffix(".asc")) {
            return Self::named(name);
        }
        let name = place.strip_prefix("trust/")?.strip_suffix(TRUST_STORE)?.strip_suffix('/')?;
        name.parse().ok().map(Self::Plugin)
    }

    /// Returns the file with a scope that is called `name`, if that is safe as a file's name.
    pub fn named(name: &str) -> Option<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.@+".contains(c);
        let safe = !name.is_empty() && !name.starts_with('.') && name.chars().all(plain);
        safe.then(|| Self::Named(name.to_owned()))
    }
}

impl KeyFile {
    /// Whether it has a certificate.
    pub fn has(&self, certificate: &Fingerprint) -> bool {
        self.keys.certificates().any(|one| one.fingerprint == *certificate)
    }
}

/// Reads all files below `folder`, sorted by path.
pub(super) fn read_all(folder: &Path) -> io::Result<Vec<Result<KeyFile, Distrusted>>> {
    let mut found = Vec::new();
    for plugin in names_in(&folder.join("trust"))? {
        let path = folder.join("trust").join(&plugin);
        let home = match plugin.parse() {
            Ok(name) => Home::Plugin(name),
            Err(_) => {
                found.push(Err(distrusted(&path, "its name is no plugin's")));
                continue;
            }
        };
        if home.keys(folder).symlink_metadata().is_ok() {
            found.push(read(folder, home));
        }
    }
    for name in names_in(&folder.join("trust.d"))? {
        let Some(stem) = name.strip_suffix(".asc") else { continue };
        found.push(match Home::named(stem) {
            Some(home) => read(folder, home),
            None => Err(distrusted(&folder.join("trust.d").join(&name), "its name is odd")),
        });
    }
    Ok(found)
}

/// Reads the certificates that were trusted once. What cannot be read is not there to be brought back.
pub(super) fn read_put_by(folder: &Path) -> io::Result<TrustStore> {
    let mut keys = TrustStore::default();
    for name in names_in(folder)? {
        if let Ok(bytes) = content(folder, &folder.join(name)) {
            let _ = keys.add(&bytes);
        }
    }
    Ok(keys)
}

fn names_in(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs_err::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn read(folder: &Path, home: Home) -> Result<KeyFile, Distrusted> {
    let path = home.keys(folder);
    let mut keys = TrustStore::default();
    let bytes = content(folder, &path)?;
    keys.add(&bytes).map_err(|error| distrusted(&path, &error.to_string()))?;
    let scope = match (&home, home.scope(folder)) {
        (Home::Plugin(name), _) => Scope::of(vec![Pattern::exactly(name)]),
        (Home::Named(_), None) => Scope::default(),
        (Home::Named(name), Some(scope)) => {
            if scope.symlink_metadata().is_err() {
                let reason = format!("there is no scope `{name}.yaml` beside it");
                return Err(distrusted(&path, &reason));
            }
            let text = String::from_utf8(content(folder, &scope)?)
                .map_err(|_| distrusted(&scope, "it is not UTF-8"))?;
            Scope::parse(&text).map_err(|bad| distrusted(&scope, &bad.to_string()))?
        }
    };
    Ok(KeyFile { path, home, scope, keys })
}

/// Reads a file that only root can have written, below folders of which the same is true.
fn content(folder: &Path, path: &Path) -> Result<Vec<u8>, Distrusted> {
    let refused = |reason: String| distrusted(path, &reason);
    let failed = |error: io::Error| distrusted(path, &error.to_string());
    for above in path.ancestors().skip(1).take_while(|above| above.starts_with(folder)) {
        let metadata = fs_err::metadata(above).map_err(failed)?;
        if !is_roots(&metadata) {
            return Err(refused(format!("others than root may write to `{}`", above.display())));
        }
    }
    let file = regular::open(path).map_err(|unfit| match unfit {
        Unfit::Io(error) => failed(error),
        Unfit::NotAFile(_) | Unfit::TooLarge { .. } => refused("it is not a file".to_owned()),
    })?;
    let metadata = file.metadata().map_err(failed)?;
    if !is_roots(&metadata) {
        return Err(refused("others than root may write to it".to_owned()));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LARGEST {
        return Err(refused("it is too large".to_owned()));
    }
    Ok(bytes)
}

fn is_roots(metadata: &Metadata) -> bool {
    let is_ours = metadata.uid() == 0 || metadata.uid() == geteuid().as_raw();
    is_ours && !is_open(metadata)
}

fn distrusted(path: &Path, reason: &str) -> Distrusted {
    Distrusted { path: path.to_owned(), reason: reason.to_owned() }
}
