//! What `plugins list` and `plugins info` show, as values.
//!
//! A listing is made of what the registry says alone: no package manager is asked and no folder read,
//! so that a thousand plugins take a few milliseconds. What the machine says comes in from outside, as
//! [`drift`], for those who want to wait for it.

pub mod drift;
mod files;
mod info;
mod releases;
#[cfg(test)]
pub(crate) mod sample;
mod search;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use plugin::{Format, Generation, PluginName, ReleaseLine, Version};
use registry::{Hold, Link, Origin, Presence, Record, RecordId, Voucher};
use serde::{Serialize, Serializer};

use crate::plan::Available;
use crate::repository::Notices;

pub use drift::Drift;
pub use files::{Files, NoFiles, files, own};
pub use info::{Beside, Fields, Info, Package, Told, info, told};
pub use releases::releases;
pub use search::{Hit, search};

/// What the registry says, and in which format the host's package manager takes plugins.
#[derive(Clone, Copy, Debug)]
pub struct Book<'a> {
    /// The entries, by number.
    pub records: &'a [Record],
    /// The symlink layer.
    pub links: &'a BTreeSet<Link>,
    /// Plugins that are kept from updates.
    pub holds: &'a BTreeSet<Hold>,
    /// `None` where the host has no package manager; then a plugin is shown in its generation's own.
    pub format: Option<Format>,
}

/// Which rows are wanted. The default is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only plugins with these names, where any are given.
    pub names: BTreeSet<PluginName>,
    /// Only the entries with these numbers, where any are given.
    pub ids: BTreeSet<RecordId>,
    /// Only those kept from updates.
    pub held: bool,
    /// Only those that differ from what is installed.
    pub drifted: bool,
}

/// One registered plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its number.
    pub id: RecordId,
    /// Its name.
    pub name: PluginName,
    /// Its release line.
    pub line: ReleaseLine,
    /// The registered version.
    pub version: Version,
    /// The version whose files are served, where the symlink layer makes that another (`fuel 4.5`
    /// rule 9).
    pub effective_version: Option<Version>,
    /// Its package version.
    pub package_version: Generation,
    /// `rpm 4`: the package's format, and the first number of the package version.
    pub format: String,
    /// How it is with it; never empty, the most pressing first.
    pub states: Vec<State>,
    /// Where its version came from.
    pub source: Source,
    /// Who vouches for it.
    pub signed: Voucher,
    /// `ubuntu (mitaka-9.0, liberty-8.0)`.
    pub releases: String,
}

/// How it is with a registered plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Its files are gone.
    Missing,
    /// What is installed is not what is registered.
    Drifted,
    /// It is kept from updates.
    Held,
    /// Its folder is a link to another version's.
    Linked,
    /// It is registered, and there is nothing else to say.
    Registered,
}

/// Where a version came from: `file`, `repo:main`, `disk`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source(pub Origin);

/// Returns the rows that `filter` lets through, by number. What differs from the machine is told by
/// `drift`, which is empty where nobody looked.
pub fn rows(book: &Book<'_>, drift: &[Drift], filter: &Filter) -> Vec<Row> {
    let layer: BTreeMap<(&PluginName, &Version), &Version> =
        book.links.iter().map(|link| ((&link.name, &link.old), &link.target)).collect();
    let drifted: BTreeSet<RecordId> = drift.iter().filter_map(Drift::record).collect();
    let wanted = |record: &&Record| {
        (filter.ids.is_empty() || filter.ids.contains(&record.id))
            && (filter.names.is_empty() || filter.names.contains(&record.plugin.id.name))
    };
    book.records
        .iter()
        .filter(wanted)
        .map(|record| {
            let id = &record.plugin.id;
            let effective = layer.get(&(&id.name, &id.version)).copied();
            row(book, record, drifted.contains(&record.id), effective)
        })
        .filter(|row| !filter.held || row.states.contains(&State::Held))
        .filter(|row| !filter.drifted || row.states.contains(&State::Drifted))
        .collect()
}

/// A newer version of a registered plugin on its release line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Update {
    /// The plugin's number.
    pub id: RecordId,
    /// Its name.
    pub name: PluginName,
    /// Its release line.
    pub line: ReleaseLine,
    /// The registered version.
    pub from: Version,
    /// The newest version.
    pub to: Version,
    /// The repository that has it.
    pub repository: String,
    /// Whether the plugin is kept from updates.
    pub held: bool,
    /// The notices about security that it mends, the worst first.
    pub advisories: Vec<String>,
}

/// Adds to `updates` what notices about security say: which of them mend something, and fixes that the
/// package manager has not read of yet.
pub fn with_fixes(book: &Book<'_>, mut updates: Vec<Update>, notices: &Notices) -> Vec<Update> {
    updates.retain(|update| notices.withdrawing(&update.name, &update.to).is_none());
    for record in book.records.iter().filter(|it| !it.plugin.id.generation.is_legacy()) {
        let id = &record.plugin.id;
        let Some((fix, repository)) = notices.best_fix(&id.name, &id.version) else { continue };
        let known = updates.iter().position(|update| update.id == record.id);
        if known.is_some_and(|at| updates[at].to >= *fix) {
            continue;
        }
        let hold = Hold { name: id.name.clone(), line: id.line() };
        let update = Update {
            id: record.id,
            held: book.holds.contains(&hold),
            name: hold.name,
            line: hold.line,
            from: id.version.clone(),
            to: fix.clone(),
            repository: repository.to_owned(),
            advisories: Vec::new(),
        };
        match known {
            Some(at) => updates[at] = update,
            None => updates.push(update),
        }
    }
    updates.sort_by_key(|update| update.id);
    for update in &mut updates {
        let mended = notices.mended(&update.name, &update.from, &update.to);
        update.advisories = mended.into_iter().map(|advisory| advisory.id.clone()).collect();
    }
    updates
}

/// Returns the updates that `available` has, by number. Legacy plugins are not updated.
pub fn updates(book: &Book<'_>, available: &[Available]) -> Vec<Update> {
    let mut newest: BTreeMap<(&PluginName, ReleaseLine), &Available> = BTreeMap::new();
    for offer in available {
        let best = newest.entry((&offer.name, offer.version.line())).or_insert(offer);
        if offer.version > best.version {
            *best = offer;
        }
    }
    let update = |record: &Record| {
        let id = &record.plugin.id;
        let hold = Hold { name: id.name.clone(), line: id.line() };
        let offer = newest.get(&(&id.name, hold.line))?;
        let is_update = !id.generation.is_legacy() && offer.version > id.version;
        is_update.then(|| Update {
            id: record.id,
            held: book.holds.contains(&hold),
            name: hold.name,
            line: hold.line,
            from: id.version.clone(),
            to: offer.version.clone(),
            repository: offer.repository.clone(),
            advisories: Vec::new(),
        })
    };
    book.records.iter().filter_map(update).collect()
}

/// A version that a repository has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Offered {
    /// The plugin's name.
    pub name: PluginName,
    /// Its release line.
    pub line: ReleaseLine,
    /// The version.
    pub version: Version,
    /// The repository that has it.
    pub repository: String,
    /// The version that is registered on this line; `None` where there is none, and for legacy plugins,
    /// which no repository has.
    pub registered: Option<Version>,
}

/// Returns what repositories have, beside what is registered: by name, the highest version first.
pub fn offered(records: &[Record], available: Vec<Available>) -> Vec<Offered> {
    let registered: BTreeMap<_, _> = records
        .iter()
        .map(|record| &record.plugin.id)
        .filter(|id| !id.generation.is_legacy())
        .map(|id| ((&id.name, id.line()), &id.version))
        .collect();
    let mut all: Vec<Offered> = available
        .into_iter()
        .map(|found| {
            let line = found.version.line();
            Offered {
                registered: registered.get(&(&found.name, line)).map(|version| (*version).clone()),
                name: found.name,
                line,
                version: found.version,
                repository: found.repository,
            }
        })
        .collect();
    all.sort_by(|one, other| {
        one.name.cmp(&other.name).then_with(|| other.version.cmp(&one.version))
    });
    all
}

fn row(book: &Book<'_>, record: &Record, drifted: bool, effective: Option<&Version>) -> Row {
    let id = &record.plugin.id;
    // Only the folders of legacy versions can be links.
    let effective = effective.filter(|_| id.generation.is_legacy());
    let hold = Hold { name: id.name.clone(), line: id.line() };
    let conditions = [
        (State::Missing, record.presence == Presence::Missing),
        (State::Drifted, drifted),
        (State::Held, book.holds.contains(&hold)),
        (State::Linked, effective.is_some()),
    ];
    let mut states: Vec<State> =
        conditions.into_iter().filter_map(|(state, holds)| holds.then_some(state)).collect();
    if states.is_empty() {
        states.push(State::Registered);
    }
    Row {
        id: record.id,
        name: hold.name,
        line: hold.line,
        version: id.version.clone(),
        effective_version: effective.cloned(),
        package_version: id.generation,
        format: format(id.generation, book.format),
        states,
        source: Source(record.origin.clone()),
        signed: record.voucher.clone(),
        releases: releases(&record.plugin.releases),
    }
}

/// Returns `rpm 4`: what kind of package a plugin of this generation is on this host.
fn format(generation: Generation, host: Option<Format>) -> String {
    let format = match host {
        Some(format) if !generation.is_legacy() => format,
        _ => generation.format(),
    };
    let name = match format {
        Format::Fp => "fp",
        Format::Rpm => "rpm",
        Format::Deb => "deb",
    };
    let number = generation.as_str().split('.').next().unwrap_or_default();
    format!("{name} {number}")
}

impl Row {
    /// Returns what stands in the column of states: `held, linked -> 2.0.2`.
    pub fn state(&self) -> String {
        let word = |state: &State| match (state, &self.effective_version) {
            (State::Linked, Some(version)) => format!("linked -> {version}"),
            (state, _) => state.to_string(),
        };
        self.states.iter().map(word).collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "missing",
            Self::Drifted => "drifted",
            Self::Held => "held",
            Self::Linked => "linked",
            Self::Registered => "registered",
        })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Origin::File => f.write_str("file"),
            Origin::Repository(name) => write!(f, "repo:{name}"),
            Origin::Disk => f.write_str("disk"),
        }
    }
}

impl Serialize for Source {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests;
