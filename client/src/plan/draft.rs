//! A plan in the making: collects what planners decide, and puts it in the order that plans have.
//!
//! The package manager first, then folders, links and guards in the order they were decided, then the
//! kept packages, one flush, and the registry.

use std::collections::{BTreeMap, BTreeSet};

use plugin::{Format, PluginId, PluginName};
use registry::history::{Entry, Event, State, Transaction};
use registry::{Change, Hold, Link, Presence, Publisher, Record, RecordId, Voucher};

use super::admit;
use super::present::Present;
use super::{Item, Plan, Refusal, Registration, Step, Transact, Verb};
use crate::offer::Provenance;
use crate::{HostState, Offer};

/// A plan in the making.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub(super) host: &'a HostState,
    /// The symlink layer as it will be.
    pub(super) links: BTreeSet<Link>,
    items: BTreeMap<u8, (Verb, Vec<Item>)>,
    online: bool,
    folders: Vec<Step>,
    settings: Vec<Step>,
    publishers: BTreeSet<Publisher>,
    guards: Vec<(Hold, bool)>,
    purge: Vec<String>,
    keep: Vec<String>,
    forget: Vec<String>,
    changes: Vec<Registration>,
    events: Vec<Event>,
    notes: Vec<String>,
    settled: Vec<PluginId>,
    gone: BTreeMap<String, PluginId>,
    next_record: RecordId,
}

impl<'a> Draft<'a> {
    /// Begins a plan.
    pub(super) fn new(host: &'a HostState) -> Self {
        Self {
            host,
            links: host.links.clone(),
            items: BTreeMap::new(),
            online: false,
            folders: Vec::new(),
            settings: Vec::new(),
            publishers: host.publishers.clone(),
            guards: Vec::new(),
            purge: Vec::new(),
            keep: Vec::new(),
            forget: Vec::new(),
            changes: Vec::new(),
            events: Vec::new(),
            notes: Vec::new(),
            settled: Vec::new(),
            gone: BTreeMap::new(),
            next_record: host.next_record,
        }
    }

    /// Says that a plugin is as it should be.
    pub(super) fn settle(&mut self, plugin: &PluginId) {
        self.settled.push(plugin.clone());
    }

    /// Adds what the administrator should know.
    pub(super) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Adds a change of the registry.
    pub(super) fn change(&mut self, change: Change) {
        self.changes.push(Registration::Change(change));
    }

    /// Adds what history will say.
    pub(super) fn event(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Adds what history will say of a plugin, unless nothing was and nothing is there.
    pub(super) fn plugin_event(&mut self, before: Option<State>, after: Option<State>) {
        let real = |state: &State| state.installed || state.record.is_some();
        let (before, after) = (before.filter(real), after.filter(real));
        if before.is_some() || after.is_some() {
            self.event(Event::Plugin { before, after });
        }
    }

    /// Returns a number that no entry has had.
    pub(super) fn new_record(&mut self) -> RecordId {
        let id = self.next_record;
        self.next_record = RecordId(id.0 + 1);
        id
    }

    /// Has the package manager install from an offer's file.
    pub(super) fn transact(&mut self, verb: Verb, offer: &Offer, before: Option<String>) {
        self.online |= matches!(offer.provenance, Provenance::Repository(_));
        let item = Item {
            package: offer.package.clone(),
            folder: offer.plugin.id.package_name().to_string(),
            format: offer.format,
            sha256: Some(offer.sha256.clone()),
            before,
            after: Some(offer.version.clone()),
            plugin_version: Some(offer.plugin.id.version.clone()),
        };
        self.push(verb, item);
    }

    fn push(&mut self, verb: Verb, item: Item) {
        // New packages and higher versions are one call.
        let rank = match verb {
            Verb::Remove => 0,
            Verb::Downgrade => 1,
            Verb::Reinstall => 2,
            Verb::Install | Verb::Upgrade => 3,
        };
        let (together, items) = self.items.entry(rank).or_insert((verb, Vec::new()));
        if *together != verb {
            *together = Verb::Install;
        }
        items.push(item);
    }

    /// Writes a file of settings, or takes it away.
    pub(super) fn place(&mut self, step: Step) {
        self.settings.push(step);
    }

    /// Returns who a plugin's name is bound to, as it will be.
    pub(super) fn publisher(&self, name: &PluginName) -> Option<Publisher> {
        self.publishers.iter().find(|publisher| publisher.name == *name).cloned()
    }

    /// Brings an offer's files. `verb` is for package managers; a legacy package is unpacked.
    pub(super) fn bring(&mut self, offer: &Offer, present: Option<&Present<'_>>, verb: Verb) {
        let id = &offer.plugin.id;
        if id.generation.is_legacy() {
            let folder = id.package_name().to_string();
            self.folders.push(Step::Unpack { sha256: offer.sha256.clone(), folder });
        } else {
            let before = present.and_then(|present| present.package);
            self.transact(verb, offer, before.map(|package| package.version.clone()));
        }
        // What is kept already is kept longer for it.
        self.keep.push(offer.sha256.clone());
        admit::tell(self, offer);
    }

    /// Registers an offer's plugin from its folder, once that is there.
    pub(super) fn adopt(&mut self, offer: &Offer, id: RecordId) {
        self.adopt_as(offer, id, offer.voucher.clone());
    }

    /// Registers the plugin that is there already in the version of an offer. Nobody vouches for what
    /// did not come from the offer.
    pub(super) fn adopt_present(&mut self, offer: &Offer, id: RecordId) {
        self.adopt_as(offer, id, Voucher::Unknown);
    }

    fn adopt_as(&mut self, offer: &Offer, id: RecordId, voucher: Voucher) {
        self.changes.push(Registration::Adopt {
            id,
            folder: offer.plugin.id.package_name().to_string(),
            plugin: Box::new(offer.plugin.clone()),
            origin: offer.provenance.origin(),
            voucher,
        });
    }

    /// Registers a plugin again from its folder.
    pub(super) fn read_again(&mut self, record: &Record) {
        self.changes.push(Registration::Adopt {
            id: record.id,
            folder: record.plugin.id.package_name().to_string(),
            plugin: Box::new(record.plugin.clone()),
            origin: record.origin.clone(),
            voucher: record.voucher.clone(),
        });
    }

    /// Takes a plugin's files away, saved copy and link included.
    pub(super) fn take_away(&mut self, present: &Present<'_>) -> Result<(), Refusal> {
        if let Some(link) = present.link {
            self.unlink(link, Restore::Drop);
        } else if let (Some(package), Some(format)) = (present.package, self.host.profile.format) {
            let item = Item {
                package: package.package.clone(),
                folder: package.folder.clone(),
                format,
                sha256: None,
                before: Some(package.version.clone()),
                after: None,
                plugin_version: None,
            };
            self.push(Verb::Remove, item);
        } else if present.is_installed() {
            // Its package may be in a database that nobody can read now.
            if self.host.profile.format.is_none() && !present.id.generation.is_legacy() {
                return Err(Refusal::NoPackageManager { plugin: present.id.clone() });
            }
            self.folders.push(Step::Discard { folder: present.folder.clone() });
        }
        self.gone.insert(present.folder.clone(), present.id.clone());
        Ok(())
    }

    /// Takes an entry away, or says that its files are gone.
    pub(super) fn forget_record(&mut self, record: &Record, keep: bool) {
        let id = record.id;
        if keep {
            self.change(Change::Mark { id, presence: Presence::Missing });
        } else {
            self.change(Change::Remove { id });
        }
    }

    /// Makes a link of the layer, or points it elsewhere. Nothing where it is so already.
    pub(super) fn link(&mut self, link: Link) {
        let before = self.link_of(&link);
        if before.as_ref() == Some(&link) {
            return;
        }
        if let Some(before) = &before {
            self.links.remove(before);
        }
        self.links.insert(link.clone());
        self.folders.push(Step::Link(link.clone()));
        self.change(Change::Link(link.clone()));
        self.event(Event::Link { before, after: Some(link) });
    }

    /// Returns the layer's entry for the same version, as it will be.
    pub(super) fn link_of(&self, link: &Link) -> Option<Link> {
        let same =
            |other: &&Link| other.name == link.name && other.old.as_str() == link.old.as_str();
        self.links.iter().find(same).cloned()
    }

    /// Undoes a link of the layer.
    pub(super) fn unlink(&mut self, link: &Link, restore: Restore) {
        self.links.remove(link);
        let restore = restore == Restore::Back;
        self.folders.push(Step::Unlink { link: link.clone(), restore });
        self.change(Change::Unlink { name: link.name.clone(), old: link.old.clone() });
        self.event(Event::Link { before: Some(link.clone()), after: None });
    }

    /// Binds a plugin's name to `after`, or frees it from `before`.
    pub(super) fn bind(&mut self, before: Option<&Publisher>, after: Option<&Publisher>) {
        match (before, after) {
            (_, Some(after)) => self.change(Change::Bind(after.clone())),
            (Some(before), None) => self.change(Change::Unbind { name: before.name.clone() }),
            (None, None) => return,
        }
        before.map(|before| self.publishers.remove(before));
        self.publishers.extend(after.cloned());
        self.event(Event::Publisher { before: before.cloned(), after: after.cloned() });
    }

    /// Keeps a line from updates, or lets it have them again; in the package manager too.
    pub(super) fn hold(&mut self, hold: &Hold, held: bool) {
        self.guards.push((hold.clone(), held));
        if held {
            self.change(Change::Hold(hold.clone()));
            self.event(Event::Held(hold.clone()));
        } else {
            self.change(Change::Unhold(hold.clone()));
            self.event(Event::Unheld(hold.clone()));
        }
    }

    /// Has the package manager's lock follow a held line whose version is another now.
    pub(super) fn guard_again(&mut self, hold: &Hold) {
        self.guards.push((hold.clone(), true));
    }

    /// Returns the packages to guard, by the names that they have or will have in the database.
    fn guard_steps(&self) -> Vec<Step> {
        let step = |(hold, held): &(Hold, bool)| {
            let folder = format!("{}-{}", hold.name, hold.line);
            let mut items = self.items.values().flat_map(|(_, items)| items);
            let package = match self.host.package_of(&folder) {
                Some(installed) => &installed.package,
                None => &items.find(|item| item.folder == folder)?.package,
            };
            Some(Step::Guard { package: package.clone(), hold: hold.clone(), held: *held })
        };
        self.guards.iter().filter_map(step).collect()
    }

    /// Drops a plugin's kept packages, and what the package manager would keep of it.
    pub(super) fn purge(&mut self, present: &Present<'_>) {
        if let (Some(package), Some(Format::Deb)) = (present.package, self.host.profile.format) {
            self.purge.push(package.package.clone());
        }
        let kept = &self.host.kept;
        let mine = kept.iter().filter(|kept| {
            let id = &kept.plugin;
            id.package_name().as_str() == present.folder
        });
        self.forget.extend(mine.map(|kept| kept.sha256.clone()));
    }

    /// Ends the plan, unless a folder that goes is the target of a link that stays.
    pub(super) fn finish(self) -> Result<Plan, Refusal> {
        self.finish_reversing(None)
    }

    /// Ends a plan that reverses a transaction.
    pub(super) fn finish_reversing(self, reverses: Option<Transaction>) -> Result<Plan, Refusal> {
        for (folder, target) in &self.gone {
            let needing = self.links.iter().filter(|link| link.folder == *folder);
            let olds: Vec<_> = needing.map(|link| link.old.clone()).collect();
            if !olds.is_empty() {
                return Err(Refusal::HasDependants { target: target.clone(), olds });
            }
        }
        let guards = self.guard_steps();
        let entry = Entry {
            transaction: self.host.next_transaction,
            time: self.host.call.time,
            actor: self.host.call.actor.clone(),
            command: self.host.call.command.clone(),
            reverses,
            events: self.events,
        };
        let online = self.online;
        let call = |(verb, items)| {
            Step::Transact(Transact { verb, items, online: online && verb != Verb::Remove })
        };
        let mut steps: Vec<_> = self.items.into_values().map(call).collect();
        steps.extend(self.purge.into_iter().map(|package| Step::Purge { package }));
        steps.extend(self.folders);
        steps.extend(self.settings);
        steps.extend(guards);
        if !self.keep.is_empty() {
            steps.push(Step::Keep { sha256: self.keep });
        }
        if !self.forget.is_empty() {
            steps.push(Step::Forget { sha256: self.forget });
        }
        if !steps.is_empty() {
            steps.push(Step::Flush);
        }
        if !self.changes.is_empty() || !entry.events.is_empty() {
            steps.push(Step::Register { changes: self.changes });
        }
        Ok(Plan { entry, steps, notes: self.notes, settled: self.settled })
    }
}

/// What becomes of the folder that a link of the layer stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Restore {
    /// It comes back.
    Back,
    /// It goes with the link.
    Drop,
}
