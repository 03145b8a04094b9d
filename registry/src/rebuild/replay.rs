//! What the history says that the registry holds. Pure.

use std::collections::{BTreeMap, BTreeSet};

use plugin::PluginName;

use super::salvage::Salvage;
use crate::history::{Entry, Event, State as Known};
use crate::store::row::{HOLDS, LINKS, PLUGINS, PUBLISHERS, SOURCES};
use crate::{Hold, Link, Presence, Publisher, RecordId, Source};

/// What a registry holds, as far as history tells.
#[derive(Debug)]
pub(super) struct State {
    /// The entries: what each is, and whether its files are there.
    pub(super) records: BTreeMap<RecordId, Known>,
    /// What the small tables hold.
    pub(super) small: Small,
    /// The highest number ever given to an entry.
    pub(super) highest: RecordId,
}

/// What is not an entry, by what it is found by.
#[derive(Debug, Default)]
pub(super) struct Small {
    /// The symlink layer, by plugin and old version as they are written.
    pub(super) links: BTreeMap<(String, String), Link>,
    /// Plugins that are kept from updates.
    pub(super) holds: BTreeSet<Hold>,
    /// Who publishes plugins.
    pub(super) publishers: BTreeMap<PluginName, Publisher>,
    /// What is remembered of repositories.
    pub(super) sources: BTreeMap<String, Source>,
}

impl State {
    /// Puts together what was salvaged and what the history tells.
    ///
    /// A table that was read as a whole is believed over the history that the file itself knows; what
    /// only the audit copy knows came later, and is replayed on top.
    pub(super) fn of(salvage: &Salvage) -> Self {
        let entries: Vec<Entry> =
            salvage.history.values().filter_map(|chained| chained.parse().ok()).collect();
        let (known, later): (Vec<_>, Vec<_>) =
            entries.iter().partition(|entry| entry.transaction.0 <= salvage.newest);
        let mut state =
            Self { records: BTreeMap::new(), small: Small::default(), highest: salvage.highest };
        known.iter().for_each(|entry| state.replay(entry));
        state.believe(salvage);
        later.iter().for_each(|entry| state.replay(entry));
        state
    }

    fn believe(&mut self, salvage: &Salvage) {
        if salvage.is_whole(PLUGINS) {
            self.records.clear();
        }
        for (id, record) in &salvage.records {
            let known = Known {
                plugin: record.plugin.id.clone(),
                record: Some(*id),
                installed: record.presence == Presence::Present,
                package: None,
                voucher: record.voucher.clone(),
            };
            self.put(*id, known);
        }
        self.small.believe(salvage);
    }

    fn replay(&mut self, entry: &Entry) {
        for event in &entry.events {
            match event {
                Event::Plugin { before, after } => self.plugin(before.as_ref(), after.as_ref()),
                other => self.small.replay(other),
            }
        }
    }

    fn plugin(&mut self, before: Option<&Known>, after: Option<&Known>) {
        if let Some(id) = before.and_then(|before| before.record) {
            self.highest = self.highest.max(id);
            self.records.remove(&id);
        }
        if let Some((id, after)) = after.and_then(|after| Some((after.record?, after))) {
            self.put(id, after.clone());
        }
    }

    fn put(&mut self, id: RecordId, known: Known) {
        self.highest = self.highest.max(id);
        self.records.insert(id, known);
    }
}

impl Small {
    fn believe(&mut self, salvage: &Salvage) {
        if salvage.is_whole(LINKS) {
            self.links.clear();
        }
        if salvage.is_whole(HOLDS) {
            self.holds.clear();
        }
        if salvage.is_whole(PUBLISHERS) {
            self.publishers.clear();
        }
        if salvage.is_whole(SOURCES) {
            self.sources.clear();
        }
        salvage.links.iter().for_each(|link| self.link(link));
        self.holds.extend(salvage.holds.iter().cloned());
        salvage.publishers.iter().for_each(|publisher| self.bind(publisher));
        salvage.sources.iter().for_each(|source| self.remember(source));
    }

    fn replay(&mut self, event: &Event) {
        match event {
            Event::Link { before, after } => {
                if let Some(link) = before {
                    self.links.remove(&key(link));
                }
                after.iter().for_each(|link| self.link(link));
            }
            Event::Held(hold) => {
                self.holds.insert(hold.clone());
            }
            Event::Unheld(hold) => {
                self.holds.remove(hold);
            }
            Event::Publisher { before, after } => {
                if let Some(publisher) = before {
                    self.publishers.remove(&publisher.name);
                }
                after.iter().for_each(|publisher| self.bind(publisher));
            }
            Event::Source { before, after } => {
                if let Some(source) = before {
                    self.sources.remove(&source.name);
                }
                after.iter().for_each(|source| self.remember(source));
            }
            Event::Plugin { .. }
            | Event::Trusted(_)
            | Event::Distrusted(_)
            | Event::Allowed { .. }
            | Event::Repaired { .. } => {}
        }
    }

    fn link(&mut self, link: &Link) {
        self.links.insert(key(link), link.clone());
    }

    fn bind(&mut self, publisher: &Publisher) {
        self.publishers.insert(publisher.name.clone(), publisher.clone());
    }

    fn remember(&mut self, source: &Source) {
        self.sources.insert(source.name.clone(), source.clone());
    }
}

fn key(link: &Link) -> (String, String) {
    (link.name.to_string(), link.old.to_string())
}
