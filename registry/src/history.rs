//! What happened on this host: one entry per transaction, chained by digest.
//!
//! Each entry's digest covers the entry and the digest before it, so that an entry that was altered,
//! dropped or moved breaks the chain (`threats-and-faults` A34).

mod chain;
pub(crate) mod rows;

use std::fmt;
use std::path::PathBuf;

use jiff::Timestamp;
use plugin::{PluginId, PluginName};
use serde::{Deserialize, Serialize};

pub use chain::Break;
pub(crate) use chain::{Chained, verify};

use crate::{Certificate, Hold, Link, Publisher, RecordId, Source, Voucher};

/// A transaction's number. Numbers grow; a transaction that failed leaves a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Transaction(pub i64);

impl fmt::Display for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which entries of the history are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only what concerned this plugin.
    pub plugin: Option<PluginName>,
    /// Only what was planned then or later.
    pub since: Option<Timestamp>,
    /// No more than so many, the newest.
    pub limit: Option<usize>,
}

impl Filter {
    fn takes(&self, entry: &Entry) -> bool {
        self.since.is_none_or(|since| entry.time >= since)
            && self.plugin.as_ref().is_none_or(|name| entry.concerns(name))
    }
}

/// What one command did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number.
    pub transaction: Transaction,
    /// When it was planned.
    pub time: Timestamp,
    /// Who gave the command: a user's name or number, with the one behind `sudo` where there is one.
    pub actor: String,
    /// The command as it was given, without the program's path.
    pub command: String,
    /// The transaction that this one reversed.
    pub reverses: Option<Transaction>,
    /// What changed, in order.
    pub events: Vec<Event>,
}

impl Entry {
    /// Whether anything of the plugin changed.
    pub fn concerns(&self, name: &PluginName) -> bool {
        self.events.iter().any(|event| event.name() == Some(name))
    }
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A plugin: installed, updated, downgraded, removed, registered, unregistered.
    Plugin {
        /// What was there before; `None` where nothing was.
        before: Option<State>,
        /// What is there now; `None` where nothing is.
        after: Option<State>,
    },
    /// A link of the symlink layer was made (`after`), changed, or undone (`before`).
    Link {
        /// The link before.
        before: Option<Link>,
        /// The link now.
        after: Option<Link>,
    },
    /// Updates were forbidden.
    Held(Hold),
    /// Updates were allowed again.
    Unheld(Hold),
    /// A plugin's name was bound to a publisher (`after`), to another, or freed (`before`).
    Publisher {
        /// The publisher before.
        before: Option<Publisher>,
        /// The publisher now.
        after: Option<Publisher>,
    },
    /// What a repository shows was remembered anew, or forgotten.
    Source {
        /// What was remembered before.
        before: Option<Source>,
        /// What is remembered now.
        after: Option<Source>,
    },
    /// A certificate was trusted.
    Trusted(Trust),
    /// It is trusted no more.
    Distrusted(Trust),
    /// An administrator allowed what the policy forbids, this once.
    Allowed {
        /// The plugin that was brought all the same.
        plugin: PluginId,
        /// What was allowed.
        what: Exception,
    },
    /// Something was mended that is no plugin's version, link or hold.
    Repaired {
        /// What: a clause in the past tense.
        what: String,
    },
}

impl Event {
    /// Returns the plugin that it is about; an event that says nothing before or after is about none.
    pub fn name(&self) -> Option<&PluginName> {
        match self {
            Self::Plugin { before, after } => {
                after.as_ref().or(before.as_ref()).map(|state| &state.plugin.name)
            }
            Self::Link { before, after } => {
                after.as_ref().or(before.as_ref()).map(|link| &link.name)
            }
            Self::Held(hold) | Self::Unheld(hold) => Some(&hold.name),
            Self::Publisher { before, after } => {
                after.as_ref().or(before.as_ref()).map(|publisher| &publisher.name)
            }
            Self::Allowed { plugin, .. } => Some(&plugin.name),
            Self::Source { .. } | Self::Trusted(_) | Self::Distrusted(_) => None,
            Self::Repaired { .. } => None,
        }
    }
}

/// A plugin as it was before or after a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Which plugin.
    pub plugin: PluginId,
    /// Its number in the registry; `None` where it was not registered.
    pub record: Option<RecordId>,
    /// Whether its files were there.
    pub installed: bool,
    /// SHA-256 of the package file that brought it, hexadecimal, where that is known.
    pub package: Option<String>,
    /// Who vouches for it.
    #[serde(default)]
    pub voucher: Voucher,
}

/// A certificate that is trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trust {
    /// Which.
    pub certificate: Certificate,
    /// For which plugins: patterns.
    pub scope: Vec<String>,
    /// The file that has it.
    pub place: PathBuf,
}

/// What an administrator can allow though the policy forbids it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exception {
    /// That nobody vouches for the package, or nobody who is trusted.
    Unsigned,
    /// Scripts that are not those which we generate.
    Scripts,
    /// Another publisher than the plugin had.
    Publisher {
        /// Who published it.
        from: Certificate,
        /// Who does now.
        to: Certificate,
    },
    /// A version that was withdrawn.
    Withdrawn {
        /// What says so.
        advisory: String,
    },
    /// Metadata of a repository that are past their time.
    Outdated,
}
