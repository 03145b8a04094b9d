//! A package of the pool: what it is, and what the indexes say of it.

use std::fs::File;
use std::io;
use std::path::Path;
use std::str::FromStr;

use debversion::Version as Rank;
use packaging::repository::{Candidate, Record, apt, yum};
use packaging::{Limits, Package, ReadError};
use plugin::compatibility::supported;
use plugin::{Format, Metadata, PluginId, ReleaseLine, Version, yaml};
use serde::{Deserialize, Serialize};

use super::Error;
use crate::inspect::{self, BadPackage};

/// A package of the pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The plugin, or where a package is of none, the package.
    pub name: String,
    /// The release line; `None` where the package is of no plugin.
    pub line: Option<String>,
    /// The version, as the plugin or else the package has it.
    pub version: String,
    /// The package's release.
    pub release: Option<String>,
    /// One line for people.
    pub title: String,
    /// What the versions of the product begin with that the plugin fits.
    pub products: Vec<String>,
    /// The name that its file has by the rules of its format.
    pub file: String,
    /// Its length.
    pub size: u64,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
    /// What the index of its format says of it.
    pub index: Index,
}

/// What an index says of a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Index {
    /// For yum.
    Rpm(Box<yum::Record>),
    /// For apt.
    Deb(Paragraph),
    /// For nobody: such packages are only listed.
    Fp,
}

/// A paragraph of an apt index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paragraph {
    /// The package's name.
    pub package: String,
    /// Its version.
    pub version: String,
    /// Its architecture.
    pub architecture: String,
    /// The component that it asks for.
    pub component: Option<String>,
    /// The paragraph itself.
    pub text: String,
}

impl Item {
    /// Reads the package in `path`, all of it, and checks the digests that it has.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        Self::of(&mut open(path)?, path)
    }

    /// Reads the package in `file`, which people know as `path`.
    pub(super) fn of(file: &mut File, path: &Path) -> Result<Self, Error> {
        let unreadable = |source| BadPackage { file: path.to_owned(), source };
        let candidate = Candidate::read(file, &Limits::default()).map_err(unreadable)?;
        let package = &candidate.package;
        let damage = inspect::damage(package);
        if !damage.is_empty() {
            return Err(Error::Damaged { file: path.to_owned(), what: damage.join(", ") });
        }
        let metadata = metadata(package);
        let (name, line, version) = match &metadata {
            Some(Metadata { id, .. }) => {
                (id.name.to_string(), Some(id.line().to_string()), id.version.to_string())
            }
            None => (package.name.clone(), None, package.version.clone()),
        };
        let file = file_name(package, &version);
        let unfit = |problem| Error::Unfit { file: path.to_owned(), problem };
        for word in [&name, &file] {
            check(word).map_err(unfit)?;
        }
        let products = metadata.as_ref().map(products).unwrap_or_default();
        let title = metadata.map(|it| it.title).or_else(|| summary(package)).unwrap_or_default();
        let place = format!("{}/{name}/{file}", super::POOL);
        let record = candidate.record(&place).map_err(unreadable)?;
        let index = Index::of(record).map_err(unfit)?;
        let Package { release, size, sha256, .. } = candidate.package;
        Ok(Self { name, line, version, release, title, products, file, size, sha256, index })
    }

    /// Returns its format.
    pub fn format(&self) -> Format {
        match self.index {
            Index::Rpm(_) => Format::Rpm,
            Index::Deb(_) => Format::Deb,
            Index::Fp => Format::Fp,
        }
    }

    /// Returns its path in a repository's folder, and in each face.
    pub(super) fn place(&self) -> String {
        format!("{}/{}/{}", super::POOL, self.name, self.file)
    }

    /// Returns `NAME==VERSION`.
    pub fn spec(&self) -> String {
        format!("{}=={}", self.name, self.version)
    }

    /// Returns what it is ordered by: name, line, version, then the file's name.
    pub(super) fn order(&self) -> impl Ord + use<> {
        let line = self.line.as_deref().and_then(|it| it.parse::<ReleaseLine>().ok());
        let release = self.release.as_deref().map(rank);
        let version = self.version.clone();
        (self.name.clone(), line, rank(&version), version, release, self.file.clone())
    }
}

impl Index {
    /// Returns what is kept of `record`, or why it cannot be.
    fn of(record: Record) -> Result<Self, String> {
        Ok(match record {
            Record::Fp => Self::Fp,
            Record::Rpm(record) => Self::Rpm(record),
            Record::Deb(record) => Self::Deb(Paragraph::of(*record)?),
        })
    }
}

impl Paragraph {
    fn of(record: apt::Record) -> Result<Self, String> {
        let text = String::from_utf8(record.paragraph);
        Ok(Self {
            package: record.package,
            version: record.version.to_string(),
            architecture: record.architecture,
            component: record.component,
            text: text.map_err(|_| "its control file is not UTF-8".to_owned())?,
        })
    }
}

/// Opens a package file for reading.
pub(super) fn open(path: &Path) -> Result<File, BadPackage> {
    let open = || {
        // Looked at before it is opened: opening a pipe would wait for its other end.
        if !fs_err::metadata(path)?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        Ok(fs_err::File::open(path)?.into_file())
    };
    open().map_err(|error| BadPackage { file: path.to_owned(), source: ReadError::Io(error) })
}

/// Returns what a version is ordered by; `None`, before all others, where Debian knows no such version.
pub(super) fn rank(version: &str) -> Option<Rank> {
    let managed = Version::from_str(version).map(|version| version.for_package_managers());
    managed.as_deref().unwrap_or(version).parse().ok()
}

/// Returns the metadata of the plugin that the package is of, by its name too.
fn metadata(package: &Package) -> Option<Metadata> {
    let root = yaml::parse(package.metadata.as_deref()?).ok()?.root?;
    let metadata = Metadata::from_yaml(&root)?;
    is_of(package, &metadata.id).then_some(metadata)
}

fn products(metadata: &Metadata) -> Vec<String> {
    let named: Vec<_> = metadata.products.iter().map(String::as_str).collect();
    let releases: Vec<_> = metadata.releases.iter().map(|it| it.version.as_str()).collect();
    let mut products: Vec<_> =
        supported(&named, &releases).into_iter().map(str::to_owned).collect();
    products.sort_by_cached_key(|product| rank(product));
    products
}

fn is_of(package: &Package, id: &PluginId) -> bool {
    let name = id.package_name();
    match package.format {
        Format::Deb => name.for_debian().as_ref() == Some(&package.name),
        Format::Rpm | Format::Fp => name.as_str() == package.name,
    }
}

fn summary(package: &Package) -> Option<String> {
    let wanted = if package.format == Format::Rpm { "Summary" } else { "Description" };
    let (_, text) = package.fields.iter().find(|(name, _)| name == wanted)?;
    Some(text.lines().next().unwrap_or_default().to_owned())
}

/// Returns the name that the package's file has by the rules of its format.
fn file_name(package: &Package, version: &str) -> String {
    let Package { name, version: managed, release, .. } = package;
    let release = release.as_deref();
    let architecture = package.fields.iter().find(|(name, _)| name == "Architecture");
    let architecture = architecture.map_or("all", |(_, value)| value);
    match package.format {
        Format::Rpm => format!("{name}-{managed}-{}.{architecture}.rpm", release.unwrap_or("0")),
        Format::Deb => {
            let version = release.map_or(managed.clone(), |release| format!("{managed}-{release}"));
            // The epoch is no part of a file's name.
            let version = version.split_once(':').map_or(&*version, |(_, rest)| rest);
            format!("{name}_{version}_{architecture}.deb")
        }
        Format::Fp => {
            let plugin = name.strip_suffix(&format!("-{version}"));
            let line = version.rsplit_once('.').map_or(version, |(line, _)| line);
            let plugin = plugin.or_else(|| name.strip_suffix(&format!("-{line}")));
            format!("{}-{version}.fp", plugin.unwrap_or(name))
        }
    }
}

/// Makes sure that `word` is safe as a file's name and in an address.
fn check(word: &str) -> Result<(), String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._+~^-".contains(c);
    if word.starts_with(|c: char| c.is_ascii_alphanumeric()) && word.chars().all(allowed) {
        return Ok(());
    }
    Err(format!("`{}` cannot be the name of a file on every server", word.escape_debug()))
}
