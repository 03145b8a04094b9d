//! Both sides by folder name, and the decision for each name.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use plugin::{Generation, PluginId, PluginName};

use super::{Comparison, LinkFault, Outcome, Scope};
use crate::scan::{Content, Folder, Found};
use crate::{Change, Link, Origin, Presence, Record, RecordId, Voucher};

/// Disk, registry and symlink layer, each by the name of the folder, and what was decided so far.
pub(super) struct Compared<'a> {
    folders: BTreeMap<&'a str, &'a Content>,
    entries: BTreeMap<String, &'a Record>,
    layer: BTreeMap<String, &'a Link>,
    scope: &'a Scope,
    /// Who has which name and version.
    owners: HashMap<(&'a PluginName, &'a str), RecordId>,
    removals: Vec<Change>,
    replacements: Vec<Change>,
    additions: Vec<Change>,
    reports: Vec<Outcome>,
    unchanged: usize,
    next: RecordId,
}

impl<'a> Compared<'a> {
    pub(super) fn new(
        folders: &'a [Folder],
        records: &'a [Record],
        links: &'a BTreeSet<Link>,
        scope: &'a Scope,
    ) -> Self {
        let mut compared = Self {
            folders: folders.iter().map(|f| (f.name.as_str(), &f.content)).collect(),
            entries: BTreeMap::new(),
            layer: links.iter().map(|link| (old_folder(link), link)).collect(),
            scope,
            owners: HashMap::new(),
            removals: Vec::new(),
            replacements: Vec::new(),
            additions: Vec::new(),
            reports: Vec::new(),
            unchanged: 0,
            next: RecordId(0),
        };
        records.iter().for_each(|record| compared.add_entry(record));
        compared
    }

    /// Takes an entry in; one whose folder another entry has already is only reported.
    fn add_entry(&mut self, record: &'a Record) {
        let id = &record.plugin.id;
        let folder = id.package_name().to_string();
        let first = *self.entries.entry(folder.clone()).or_insert(record);
        if first.id != record.id && self.concerns(Some(record)) {
            self.reports.push(clash(folder, id, first.id));
        } else if !(self.scope.prune && self.is_gone(&folder) && self.concerns(Some(record))) {
            self.owners.insert((&id.name, id.version.as_str()), record.id);
        }
    }

    /// Decides name by name, in order, so that a release line comes before the legacy versions whose
    /// folders are named after it.
    pub(super) fn into_comparison(mut self, next: RecordId) -> Comparison {
        self.next = next;
        let names: BTreeSet<String> = (self.folders.keys().map(|name| (*name).to_owned()))
            .chain(self.entries.keys().cloned())
            .chain(self.layer.keys().cloned())
            .collect();
        for name in names {
            let record = self.entries.get(&name).copied();
            if self.concerns(record) {
                self.decide(name, record);
            }
        }
        let strays = self.folders.values().filter(|content| ***content == Content::Stray).count();
        Comparison {
            changes: [self.removals, self.replacements, self.additions].concat(),
            reports: self.reports,
            strays,
            unchanged: self.unchanged,
        }
    }

    fn concerns(&self, record: Option<&Record>) -> bool {
        match &self.scope.only {
            None => true,
            Some(ids) => record.is_some_and(|record| ids.contains(&record.id)),
        }
    }

    /// Whether neither a folder nor a link has this name, on disk or in the layer.
    fn is_gone(&self, folder: &str) -> bool {
        let on_disk = self.folders.get(folder).is_some_and(|content| **content != Content::Stray);
        !on_disk && !self.layer.contains_key(folder)
    }

    fn decide(&mut self, folder: String, record: Option<&'a Record>) {
        if let Some(link) = self.layer.get(&folder).copied() {
            return self.check_link(&folder, link, record);
        }
        let id = record.map(|record| record.id);
        match (self.folders.get(folder.as_str()).copied(), record) {
            (None | Some(Content::Stray), Some(record)) => self.miss(record),
            (None | Some(Content::Stray), None) => {}
            (Some(Content::Link { target }), _) => {
                self.reports.push(Outcome::ForeignLink { folder, target: target.clone(), id });
            }
            (Some(Content::Broken(why)), _) => {
                self.reports.push(Outcome::Broken { folder, id, why: why.clone() });
            }
            (Some(Content::Unchanged), Some(record)) => self.keep(record),
            (Some(Content::Unchanged), None) => {
                let why = "taken for unchanged, but not registered".to_owned();
                self.reports.push(Outcome::Broken { folder, id, why });
            }
            (Some(Content::Plugin(found)), Some(record)) => self.update(folder, record, found),
            (Some(Content::Plugin(found)), None) => self.register(folder, found),
        }
    }

    /// Reports a link that is not as recorded. The old version's entry is left alone.
    fn check_link(&mut self, folder: &str, link: &'a Link, record: Option<&'a Record>) {
        match (self.fault(folder, link), record) {
            (Some(fault), _) => self.reports.push(Outcome::Link { link: link.clone(), fault }),
            (None, Some(record)) => self.keep(record),
            (None, None) => {}
        }
    }

    fn fault(&self, folder: &str, link: &Link) -> Option<LinkFault> {
        match self.folders.get(folder) {
            None => Some(LinkFault::Absent),
            Some(Content::Link { target }) if *target != link.folder => {
                Some(LinkFault::Elsewhere { target: target.clone() })
            }
            Some(Content::Link { .. }) => match self.folders.get(link.folder.as_str()) {
                Some(Content::Plugin(_) | Content::Unchanged | Content::Broken(_)) => None,
                Some(Content::Link { .. } | Content::Stray) | None => Some(LinkFault::Dangling),
            },
            Some(_) => Some(LinkFault::Replaced),
        }
    }

    fn miss(&mut self, record: &Record) {
        let (id, plugin) = (record.id, record.plugin.id.clone());
        if self.scope.prune {
            self.removals.push(Change::Remove { id });
            return self.reports.push(Outcome::Pruned { id, plugin });
        }
        if record.presence == Presence::Present {
            self.replacements.push(Change::Mark { id, presence: Presence::Missing });
        }
        self.reports.push(Outcome::Missing { id, plugin });
    }

    /// Leaves an entry as it is, whose files are there.
    fn keep(&mut self, record: &Record) {
        if record.presence == Presence::Present {
            self.unchanged += 1;
            return;
        }
        let (id, plugin) = (record.id, record.plugin.id.clone());
        self.replacements.push(Change::Mark { id, presence: Presence::Present });
        self.reports.push(Outcome::Found { id, plugin });
    }

    fn update(&mut self, folder: String, record: &'a Record, found: &'a Found) {
        if record.plugin == found.plugin && record.fingerprint.as_ref() == Some(&found.fingerprint)
        {
            return self.keep(record);
        }
        if !self.claims(folder, found, record.id) {
            return;
        }
        let before = &record.plugin.id;
        self.owners.remove(&(&before.name, before.version.as_str()));
        self.own(found, record.id);
        let (id, plugin, from) = (record.id, found.plugin.id.clone(), before.version.clone());
        let order = plugin.version.cmp(&from);
        let known = if order.is_eq() { Some(record) } else { None };
        self.replacements.push(put(id, found, known));
        self.reports.push(match (order, record.presence) {
            (Ordering::Greater, _) => Outcome::Updated { id, plugin, from },
            (Ordering::Less, _) => Outcome::Downgraded { id, plugin, from },
            (Ordering::Equal, Presence::Missing) => Outcome::Found { id, plugin },
            (Ordering::Equal, Presence::Present) => Outcome::Refreshed { id, plugin },
        });
    }

    fn register(&mut self, folder: String, found: &'a Found) {
        let id = self.next;
        if !self.claims(folder, found, id) {
            return;
        }
        self.next = RecordId(id.0 + 1);
        self.own(found, id);
        self.additions.push(put(id, found, None));
        self.reports.push(Outcome::Registered { id, plugin: found.plugin.id.clone() });
    }

    /// Whether entry `id` may have the found name and version; reports the other entry that has them.
    fn claims(&mut self, folder: String, found: &'a Found, id: RecordId) -> bool {
        let plugin = &found.plugin.id;
        match self.owners.get(&(&plugin.name, plugin.version.as_str())) {
            Some(owner) if *owner != id => {
                let report = clash(folder, plugin, *owner);
                self.reports.push(report);
                false
            }
            _ => true,
        }
    }

    fn own(&mut self, found: &'a Found, id: RecordId) {
        self.owners.insert((&found.plugin.id.name, found.plugin.id.version.as_str()), id);
    }
}

/// Enters what was found; `known` is the entry of the same version, which says where it came from.
fn put(id: RecordId, found: &Found, known: Option<&Record>) -> Change {
    Change::Put {
        id,
        plugin: Box::new(found.plugin.clone()),
        kept: found.kept.clone(),
        fingerprint: Some(found.fingerprint.clone()),
        origin: known.map_or(Origin::Disk, |record| record.origin.clone()),
        voucher: known.map_or(Voucher::Unknown, |record| record.voucher.clone()),
    }
}

fn clash(folder: String, plugin: &PluginId, with: RecordId) -> Outcome {
    Outcome::Clash { folder, plugin: plugin.clone(), with }
}

/// Returns the name of the folder that is a link.
fn old_folder(link: &Link) -> String {
    let (name, version) = (link.name.clone(), link.old.clone());
    PluginId { name, version, generation: Generation::V1 }.package_name().to_string()
}
