//! `fpb inspect`: what a package file says of itself.

mod display;
pub(crate) mod mode;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use packaging::package::{self, Relation};
use packaging::{Limits, Package, ReadError, signature};
use plugin::yaml;
use plugin::{Format, PLUGINS_ROOT};
use serde::Serialize;

use crate::verify;

/// Which lists an inspection has beside the identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sections {
    /// Header tags, control fields.
    pub fields: bool,
    /// What the package provides, requires …
    pub relations: bool,
    /// Scripts that run on the host.
    pub scripts: bool,
    /// The payload.
    pub files: bool,
    /// Digests and signatures.
    pub integrity: bool,
}

impl Sections {
    /// None of them.
    pub const NONE: Self =
        Self { fields: false, relations: false, scripts: false, files: false, integrity: false };
}

impl Default for Sections {
    /// All of them.
    fn default() -> Self {
        Self { fields: true, relations: true, scripts: true, files: true, integrity: true }
    }
}

/// A package file that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("`{}` cannot be read", .file.display())]
pub struct BadPackage {
    /// The file as named by the user.
    pub file: PathBuf,
    /// Why.
    pub source: ReadError,
}

/// A package file, for people and machines. A list that was not asked for is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// The file as named by the user.
    pub file: String,
    /// `rpm`, `deb` or `fp`.
    pub format: &'static str,
    /// How the payload is compressed.
    pub compression: String,
    /// Length of the file in bytes.
    pub size: u64,
    /// SHA-256 of the file.
    pub sha256: String,
    /// What the plugin's own metadata says; `None` where the package has none that can be read.
    pub plugin: Option<PluginIdentity>,
    /// What the package's header says.
    pub package: PackageIdentity,
    /// Header tags or control fields, in the format's own words and order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<Field>>,
    /// Relations to other packages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relations: Option<Vec<Related>>,
    /// Scripts in the order in which they run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scripts: Option<Vec<Script>>,
    /// What would be on a host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<Vec<FileEntry>>,
    /// How much that is; there even without `files`.
    pub totals: Totals,
    /// What the package's own digests and signatures say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integrity: Option<Vec<Integrity>>,
    /// The names of those that do not hold; there even without `integrity`.
    pub damage: Vec<String>,
}

/// What the embedded `metadata.yaml` says; a value that is no string is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PluginIdentity {
    /// The plugin's name.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Its package version.
    pub package_version: Option<String>,
    /// Its title.
    pub title: Option<String>,
}

/// Name, version and release of the package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PackageIdentity {
    /// The package's name: `demo-1.0`.
    pub name: String,
    /// Its version as the format orders it.
    pub version: String,
    /// Its release; `None` for fp.
    pub release: Option<String>,
}

/// A header tag or control field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Its name in the format's words.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// One relation to other packages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Related {
    /// `provides`, `requires`, `recommends`, `conflicts`, `replaces`.
    pub kind: &'static str,
    /// What it is about: `demo = 1.0`.
    pub expression: String,
}

/// A script of the package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Script {
    /// The format's name for it.
    pub name: String,
    /// Interpreter and arguments.
    pub interpreter: Vec<String>,
    /// Its text.
    pub body: String,
}

/// A file, folder or link of the payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileEntry {
    /// Absolute path on a host.
    pub path: String,
    /// Type and permissions as `ls` writes them: `-rw-r--r--`.
    pub mode: String,
    /// `user:group`.
    pub owner: String,
    /// Length in bytes.
    pub size: u64,
    /// When it was last changed, RFC 3339; `None` beyond the year 9999.
    pub time: Option<String>,
    /// SHA-256 of a regular file.
    pub sha256: Option<String>,
    /// What a link says.
    pub target: Option<String>,
}

/// Sums over the payload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Regular files.
    pub files: usize,
    /// Folders.
    pub folders: usize,
    /// Links.
    pub links: usize,
    /// All else, which no plugin should have.
    pub others: usize,
    /// Bytes of the regular files.
    pub bytes: u64,
}

/// One digest or signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Integrity {
    /// What it covers and how.
    pub name: String,
    /// Whether it holds; `None` where that was not judged.
    pub holds: Option<bool>,
    /// Of a signature the key that it says made it, in full.
    pub issuer: Option<String>,
}

/// Reads the package in `file` and returns what it says of itself.
pub fn inspect(file: &Path, limits: &Limits, sections: Sections) -> Result<Inspection, BadPackage> {
    let (_, mut package) = open(file, limits)?;
    let bad = |error: io::Error| BadPackage { file: file.to_owned(), source: error.into() };
    let detached = verify::beside(file).map_err(bad)?;
    let issuers = detached.as_deref().and_then(signature::issuers).unwrap_or_default();
    package.integrity.extend(
        issuers
            .into_iter()
            .map(|key| package::Integrity::signature("detached signature", Some(key))),
    );
    Ok(Inspection::new(&file.to_string_lossy(), package, sections))
}

/// Opens the package in `path` and reads all but its payload's bytes.
pub(crate) fn open(path: &Path, limits: &Limits) -> Result<(File, Package), BadPackage> {
    let opened = || {
        // Looked at before it is opened: opening a pipe would wait for its other end.
        if !fs_err::metadata(path)?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file").into());
        }
        let mut file = fs_err::File::open(path)?.into_file();
        let package = packaging::inspect(&mut file, limits)?;
        Ok((file, package))
    };
    opened().map_err(|source| BadPackage { file: path.to_owned(), source })
}

/// Returns the names of the digests and signatures that do not hold.
pub(crate) fn damage(package: &Package) -> Vec<String> {
    let broken = package.integrity.iter().filter(|part| part.holds == Some(false));
    broken.map(|part| part.name.clone()).collect()
}

impl Inspection {
    fn new(file: &str, package: Package, sections: Sections) -> Self {
        let totals = Totals::of(package.files.values());
        let damage = damage(&package);
        let fields = package.fields.into_iter().map(|(name, value)| Field { name, value });
        let relations = package
            .relations
            .into_iter()
            .map(|(kind, expression)| Related { kind: relation_name(kind), expression });
        let scripts = package.scripts.into_iter().map(|script| Script {
            name: script.name,
            interpreter: script.interpreter,
            body: script.body,
        });
        let integrity = package.integrity.into_iter().map(Integrity::from);
        let files = package.files.into_iter().map(|(path, file)| FileEntry::new(path, file));
        Self {
            file: file.to_owned(),
            format: format_name(package.format),
            compression: package.compression,
            size: package.size,
            sha256: package.sha256,
            plugin: package.metadata.as_deref().and_then(PluginIdentity::read),
            package: PackageIdentity {
                name: package.name,
                version: package.version,
                release: package.release,
            },
            fields: sections.fields.then(|| fields.collect()),
            relations: sections.relations.then(|| relations.collect()),
            scripts: sections.scripts.then(|| scripts.collect()),
            files: sections.files.then(|| files.collect()),
            totals,
            integrity: sections.integrity.then(|| integrity.collect()),
            damage,
        }
    }
}

impl From<package::Integrity> for Integrity {
    fn from(part: package::Integrity) -> Self {
        let issuer = part.issuer.map(|key| key.to_string());
        Self { name: part.name, holds: part.holds, issuer }
    }
}

impl PluginIdentity {
    /// Reads a `metadata.yaml`, which may break every rule of the checker.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let root = yaml::parse(text).ok()?.root?;
        let field = |key: &str| root.get(key)?.as_str().map(str::to_owned);
        Some(Self {
            name: field("name"),
            version: field("version"),
            package_version: field("package_version"),
            title: field("title"),
        })
    }
}

impl FileEntry {
    fn new(path: String, file: package::File) -> Self {
        Self {
            path,
            mode: mode::text(file.mode),
            owner: file.owner,
            size: file.size,
            time: rfc3339(file.time),
            sha256: file.sha256,
            target: file.target,
        }
    }
}

impl Totals {
    fn of<'a>(files: impl Iterator<Item = &'a package::File>) -> Self {
        let mut totals = Self::default();
        for file in files {
            match mode::kind(file.mode) {
                '-' => totals.files += 1,
                'd' => totals.folders += 1,
                'l' => totals.links += 1,
                _ => totals.others += 1,
            }
            totals.bytes = totals.bytes.saturating_add(file.size);
        }
        totals
    }
}

/// Returns the plugin's folder below the plugins root: where the first `metadata.yaml` lies.
pub(crate) fn plugin_folder(package: &Package) -> Option<String> {
    package.files.keys().find_map(|path| {
        let folder = path.strip_suffix("/metadata.yaml")?;
        let name = folder.strip_prefix(PLUGINS_ROOT)?.strip_prefix('/')?;
        (!name.contains('/')).then(|| folder.to_owned())
    })
}

fn rfc3339(seconds: u64) -> Option<String> {
    let time = Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?;
    Some(time.to_string())
}

/// Returns a format's name in commands and answers.
pub(crate) fn format_name(format: Format) -> &'static str {
    match format {
        Format::Fp => "fp",
        Format::Rpm => "rpm",
        Format::Deb => "deb",
    }
}

/// Returns a relation's name in answers.
pub(crate) fn relation_name(relation: Relation) -> &'static str {
    match relation {
        Relation::Provides => "provides",
        Relation::Requires => "requires",
        Relation::Recommends => "recommends",
        Relation::Conflicts => "conflicts",
        Relation::Replaces => "replaces",
    }
}
