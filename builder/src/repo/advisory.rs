//! Notices about security: what is wrong with a plugin and which version mends it.
//!
//! Each is a file of its own, `advisories/ID.yaml`, which people may edit: it is checked whenever it
//! is read.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use jiff::Timestamp;
use packaging::durable;
use serde::{Deserialize, Serialize};

use super::lock::Lock;
use super::settings::{self, Line, Word};
use super::{ADVISORIES, Error, Item, Repository, pool};

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advisory {
    /// Its name.
    pub id: Word,
    /// How bad it is.
    pub severity: Severity,
    /// One line.
    pub title: Line,
    /// What is wrong and what to do.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// When it was published.
    pub issued: Timestamp,
    /// The versions that mend it.
    pub fixes: Vec<Spec>,
    /// Versions that nobody should install any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdraws: Vec<Spec>,
    /// What it is about, as the world calls it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cves: Vec<Word>,
    /// Where more is to be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Line>,
    /// Whether hosts have to be started again.
    #[serde(default)]
    pub reboot: bool,
    /// Whether the programs that use the plugin have to be.
    #[serde(default)]
    pub restart: bool,
}

/// How bad it is, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the terms are those of all distributions")]
pub enum Severity {
    Critical,
    Important,
    Moderate,
    Low,
}

/// `demo==1.0.3`
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Spec {
    /// The plugin, or a package of none.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A text that names no version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not of the form NAME==VERSION", .0.escape_debug())]
pub struct BadSpec(String);

/// All notices of a repository, sorted by name.
#[derive(Clone, Debug, Default)]
pub struct Notices(pub Vec<Advisory>);

impl Severity {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Critical, Self::Important, Self::Moderate, Self::Low];

    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Important => "important",
            Self::Moderate => "moderate",
            Self::Low => "low",
        }
    }

    /// Returns its name as yum has it.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Critical => "Critical",
            Self::Important => "Important",
            Self::Moderate => "Moderate",
            Self::Low => "Low",
        }
    }
}

impl FromStr for Spec {
    type Err = BadSpec;

    fn from_str(text: &str) -> Result<Self, BadSpec> {
        let bad = || BadSpec(text.to_owned());
        let (name, version) = text.split_once("==").ok_or_else(bad)?;
        let plain = |c: char| c.is_ascii_graphic() && c != '=';
        if name.is_empty()
            || version.is_empty()
            || !(name.chars().chain(version.chars())).all(plain)
        {
            return Err(bad());
        }
        Ok(Self { name: name.to_owned(), version: version.to_owned() })
    }
}

impl TryFrom<String> for Spec {
    type Error = BadSpec;

    fn try_from(text: String) -> Result<Self, BadSpec> {
        text.parse()
    }
}

impl From<Spec> for String {
    fn from(spec: Spec) -> Self {
        spec.to_string()
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=={}", self.name, self.version)
    }
}

impl Spec {
    /// Whether `item` is of this version.
    pub fn names(&self, item: &Item) -> bool {
        self.name == item.name && self.version == item.version
    }
}

impl Advisory {
    /// Makes sure that its fixes are among `items`.
    fn check(&self, items: &[Item]) -> Result<(), Error> {
        match self.fixes.iter().find(|spec| !items.iter().any(|it| spec.names(it))) {
            Some(spec) => Err(Error::NotThere(spec.to_string())),
            None => Ok(()),
        }
    }

    /// Returns what is wrong with it in itself.
    fn problem(&self) -> Option<String> {
        if self.fixes.is_empty() && self.withdraws.is_empty() {
            return Some("it neither fixes nor withdraws anything".to_owned());
        }
        let bad = self.description.chars().find(|&c| c.is_control() && c != '\n' && c != '\t');
        bad.map(|c| format!("`description` has the character {c:?}"))
    }
}

impl Notices {
    /// Makes sure that all fixes are among `items`.
    pub(super) fn check(&self, items: &[Item]) -> Result<(), Error> {
        self.0.iter().try_for_each(|it| it.check(items))
    }

    /// Returns the notices that `item` mends.
    pub fn about<'a>(&'a self, item: &'a Item) -> impl Iterator<Item = &'a Advisory> {
        self.0.iter().filter(|it| it.fixes.iter().any(|spec| spec.names(item)))
    }

    /// Returns the notice that withdraws `item`, if one does.
    pub fn withdrawing(&self, item: &Item) -> Option<&Advisory> {
        self.0.iter().find(|it| it.withdraws.iter().any(|spec| spec.names(item)))
    }
}

impl Repository {
    /// Returns all notices.
    pub fn advisories(&self) -> Result<Notices, Error> {
        let folder = self.folder.join(ADVISORIES);
        let names = pool::names(&folder)?;
        let files = names.iter().filter(|name| name.ends_with(".yaml"));
        let read = |name: &String| read(&folder.join(name));
        Ok(Notices(files.map(read).collect::<Result<_, _>>()?))
    }

    /// Adds a notice, whose fixes are in the pool; returns whether it is new.
    pub fn add_advisory(&self, advisory: &Advisory, lock: &Lock) -> Result<bool, Error> {
        let file = self.advisory_file(&advisory.id);
        if let Some(problem) = advisory.problem() {
            return Err(Error::BadFile { file, line: 1, column: 1, problem });
        }
        if file.exists() {
            let known = read(&file)?;
            // When it was added is not what the caller says.
            if (Advisory { issued: known.issued, ..advisory.clone() }) == known {
                return Ok(false);
            }
            return Err(Error::AdvisoryExists(advisory.id.to_string()));
        }
        self.refresh(lock)?;
        advisory.check(&self.items()?)?;
        fs_err::create_dir_all(self.folder.join(ADVISORIES))?;
        let text = settings::yaml(advisory);
        durable::replace(&file, |out| out.write_all(text.as_bytes()))?;
        Ok(true)
    }

    /// Returns the notice `id`.
    pub fn advisory(&self, id: &Word) -> Result<Advisory, Error> {
        let file = self.advisory_file(id);
        if file.exists() { read(&file) } else { Err(Error::NoAdvisory(id.to_string())) }
    }

    /// Takes the notice `id` back.
    pub fn remove_advisory(&self, id: &Word, _: &Lock) -> Result<(), Error> {
        match fs_err::remove_file(self.advisory_file(id)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(Error::NoAdvisory(id.to_string()))
            }
            removed => Ok(removed?),
        }
    }

    fn advisory_file(&self, id: &Word) -> PathBuf {
        self.folder.join(ADVISORIES).join(format!("{id}.yaml"))
    }
}

fn read(file: &Path) -> Result<Advisory, Error> {
    let advisory: Advisory = settings::parse(file, &fs_err::read_to_string(file)?)?;
    let name = file.file_stem().and_then(|name| name.to_str());
    let problem = match advisory.problem() {
        None if name == Some(advisory.id.as_str()) => return Ok(advisory),
        None => format!("`id` is `{}`, which is not the file's name", advisory.id),
        Some(problem) => problem,
    };
    Err(Error::BadFile { file: file.to_owned(), line: 1, column: 1, problem })
}
