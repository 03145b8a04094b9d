//! What the history says that the registry holds. Pure.

use std::collections::{BTreeMap, BTreeSet};

use plugin::PluginId;

use super::salvage::Salvage;
use crate::history::{Entry, Event, State as Before};
use crate::{Hold, Link, Presence, RecordId};

/// What a registry holds, as far as history tells.
#[derive(Debug)]
pub(super) struct State {
    /// The entries: what each is, and whether its files are there.
    pub(super) records: BTreeMap<RecordId, (PluginId, bool)>,
    /// The symlink layer, by plugin and old version as they are written.
    pub(super) links: BTreeMap<(String, String), Link>,
    /// Plugins that are kept from updates.
    pub(super) holds: BTreeSet<Hold>,
    /// The highest number ever given to an entry.
    pub(super) highest: RecordId,
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
        let mut state = Self {
            records: BTreeMap::new(),
            links: BTreeMap::new(),
            holds: BTreeSet::new(),
            highest: salvage.highest,
        };
        known.iter().for_each(|entry| state.replay(entry));
        state.believe(salvage);
        later.iter().for_each(|entry| state.replay(entry));
        state
    }

    fn believe(&mut self, salvage: &Salvage) {
        if salvage.is_whole("plugins") {
            self.records.clear();
        }
        if salvage.is_whole("links") {
            self.links.clear();
        }
        if salvage.is_whole("holds") {
            self.holds.clear();
        }
        for (id, record) in &salvage.records {
            let installed = record.presence == Presence::Present;
            self.put(*id, record.plugin.id.clone(), installed);
        }
        salvage.links.iter().for_each(|link| self.link(link));
        self.holds.extend(salvage.holds.iter().cloned());
    }

    fn replay(&mut self, entry: &Entry) {
        for event in &entry.events {
            match event {
                Event::Plugin { before, after } => self.plugin(before.as_ref(), after.as_ref()),
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
                Event::Repaired { .. } => {}
            }
        }
    }

    fn plugin(&mut self, before: Option<&Before>, after: Option<&Before>) {
        if let Some(id) = before.and_then(|before| before.record) {
            self.highest = self.highest.max(id);
            self.records.remove(&id);
        }
        if let Some((id, after)) = after.and_then(|after| Some((after.record?, after))) {
            self.put(id, after.plugin.clone(), after.installed);
        }
    }

    fn put(&mut self, id: RecordId, plugin: PluginId, installed: bool) {
        self.highest = self.highest.max(id);
        self.records.insert(id, (plugin, installed));
    }

    fn link(&mut self, link: &Link) {
        self.links.insert(key(link), link.clone());
    }
}

fn key(link: &Link) -> (String, String) {
    (link.name.to_string(), link.old.to_string())
}
