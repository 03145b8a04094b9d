//! Finds what is wrong with a host, and says how it is mended.
//!
//! The shell gathers an [`Examination`]: facts, read once, of one moment. A check is a pure function
//! from it to [`Finding`]s; all of them stand in one table, which is [`Check`]. A finding carries its
//! [`Cure`], and the cures of a whole diagnosis are put in the order in which they help each other by
//! [`cures`].

mod cure;
mod drift;
mod examination;
mod files;
mod gather;
mod kept;
mod layer;
mod loose;
mod packages;
mod product;
mod registry;
mod repair;
mod room;
mod sources;
mod trust;

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

pub use cure::{Cure, cures};
pub use examination::{Examination, KeptFault, Loose, RegistryFacts, Room, Unfinished};
pub use gather::{ExamineError, examine};
pub use repair::{RepairError, Repaired, repair};

/// One check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// D01: the registry's integrity, schema and chain of history.
    Registry,
    /// D02: a journal that was left behind.
    Journal,
    /// D03: several versions of one package are recorded.
    Duplicates,
    /// D04: the package manager did not finish with a package.
    HalfInstalled,
    /// D05: files are not there.
    MissingFiles,
    /// D06: files have other content.
    ChangedFiles,
    /// D07: files have lost their content.
    EmptyFiles,
    /// D08: the symlink layer and what it saved.
    Layer,
    /// D09: who may write to what only root may.
    Ownership,
    /// D10: registered but absent.
    Absent,
    /// D11: present but unregistered.
    Unregistered,
    /// D12: registry, package database and metadata disagree on a version.
    Versions,
    /// D13: a trigger asked for a sync that never came.
    Stamp,
    /// D14: keys that expire, are revoked or weak, and plugins that nobody vouches for.
    Trust,
    /// D15: what repositories showed last is older than it may be.
    Sources,
    /// D16: the clock is before the newest recorded event.
    Clock,
    /// D17: plugins that do not fit the host's product.
    Product,
    /// D18: disk or inodes are short.
    Room,
    /// D20: kept packages are gone or altered.
    KeptPackages,
    /// D21: installed versions that security notices speak of.
    Advisories,
}

/// A check's row in the table of checks.
struct Entry {
    id: &'static str,
    title: &'static str,
    find: Find,
}

/// What a check is: from what was seen to what was found.
type Find = fn(&Examination) -> Vec<Finding>;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// All is well.
    Ok,
    /// It works, and should be seen to.
    Warn,
    /// A plugin or the registry does not work.
    Fail,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which check.
    pub check: Check,
    /// Where: `registry`, `files` …
    pub title: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it is: a lower-case clause.
    pub sentence: String,
    /// The plugins, folders or files that it is about.
    pub subjects: Vec<String>,
    /// How it is mended; `None` where there is nothing to mend, or only a person can.
    pub cure: Option<Cure>,
}

/// What all checks found: for each at least one finding, if only that all is well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// In the order of the checks.
    pub findings: Vec<Finding>,
}

impl Check {
    /// All checks, in order.
    pub const ALL: [Self; 20] = [
        Self::Registry,
        Self::Journal,
        Self::Duplicates,
        Self::HalfInstalled,
        Self::MissingFiles,
        Self::ChangedFiles,
        Self::EmptyFiles,
        Self::Layer,
        Self::Ownership,
        Self::Absent,
        Self::Unregistered,
        Self::Versions,
        Self::Stamp,
        Self::Trust,
        Self::Sources,
        Self::Clock,
        Self::Product,
        Self::Room,
        Self::KeptPackages,
        Self::Advisories,
    ];

    /// Returns its identifier: `D03`.
    pub fn id(self) -> &'static str {
        self.entry().id
    }

    /// Returns the word that its findings stand under.
    pub fn title(self) -> &'static str {
        self.entry().title
    }

    /// Whether its facts take a pass over every file of every plugin.
    pub fn reads_files(self) -> bool {
        use Check::{ChangedFiles, EmptyFiles, MissingFiles, Ownership};
        matches!(self, MissingFiles | ChangedFiles | EmptyFiles | Ownership)
    }

    /// Whether it can tell anything when the registry cannot be read.
    fn needs_registry(self) -> bool {
        matches!(
            self,
            Self::Layer | Self::Absent | Self::Unregistered | Self::Versions | Self::Clock
        )
    }

    fn entry(self) -> Entry {
        let (id, title, find): (_, _, Find) = match self {
            Self::Registry => ("D01", "registry", registry::integrity),
            Self::Journal => ("D02", "journal", registry::journal),
            Self::Duplicates => ("D03", "package db", packages::duplicates),
            Self::HalfInstalled => ("D04", "package db", packages::unfinished),
            Self::MissingFiles => ("D05", "files", files::missing),
            Self::ChangedFiles => ("D06", "files", files::changed),
            Self::EmptyFiles => ("D07", "files", files::empty),
            Self::Layer => ("D08", "links", layer::layer),
            Self::Ownership => ("D09", "ownership", files::ownership),
            Self::Absent => ("D10", "drift", drift::absent),
            Self::Unregistered => ("D11", "drift", drift::unregistered),
            Self::Versions => ("D12", "drift", drift::versions),
            Self::Stamp => ("D13", "sync", registry::stamp),
            Self::Trust => ("D14", "trust", trust::trust),
            Self::Sources => ("D15", "sources", sources::sources),
            Self::Clock => ("D16", "clock", registry::clock),
            Self::Product => ("D17", "product", product::product),
            Self::Room => ("D18", "room", room::room),
            Self::KeptPackages => ("D20", "kept", kept::kept),
            Self::Advisories => ("D21", "advisories", sources::advisories),
        };
        Entry { id, title, find }
    }
}

/// Carries out the checks `wanted` on `examination`, in their order.
pub fn diagnose(examination: &Examination, wanted: &[Check]) -> Diagnosis {
    let mut findings = Vec::new();
    for check in Check::ALL {
        let blind = check.needs_registry() && !examination.registry.is_readable();
        if wanted.contains(&check) && !blind {
            findings.extend((check.entry().find)(examination));
        }
    }
    Diagnosis { findings }
}

impl Diagnosis {
    /// Whether there is nothing to see to.
    pub fn is_clean(&self) -> bool {
        self.ills().next().is_none()
    }

    /// Returns what is not well.
    pub fn ills(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity > Severity::Ok)
    }

    /// Returns how many of the ills can be mended.
    pub fn repairable(&self) -> usize {
        self.ills().filter(|finding| finding.cure.is_some()).count()
    }
}

impl Finding {
    /// Says that all is well, and how that is.
    fn well(check: Check, sentence: impl Into<String>) -> Self {
        Self::new(check, Severity::Ok, sentence.into())
    }

    fn new(check: Check, severity: Severity, sentence: String) -> Self {
        let title = check.title();
        Self { check, title, severity, sentence, subjects: Vec::new(), cure: None }
    }

    fn about(mut self, subjects: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.subjects = subjects.into_iter().map(Into::into).collect();
        self
    }

    fn cured_by(mut self, cure: impl Into<Option<Cure>>) -> Self {
        self.cure = cure.into();
        self
    }
}

/// An identifier that is no check's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no check", .0.escape_debug())]
pub struct UnknownCheck(pub String);

impl FromStr for Check {
    type Err = UnknownCheck;

    fn from_str(text: &str) -> Result<Self, UnknownCheck> {
        Self::ALL
            .into_iter()
            .find(|check| check.id().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownCheck(text.to_owned()))
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Serialize for Check {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

#[cfg(test)]
mod tests;
