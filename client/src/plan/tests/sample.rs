//! Small hosts, the packages offered to them, and what a plan makes of them.
//!
//! A plugin is written `demo 1.0.2 new` or `demo 2.0.0 old`.

use std::path::PathBuf;

use ::plugin::{Format, Generation, PluginId, PluginName, Version};
use registry::history::{Entry, Transaction};
use registry::scan::{Content, Folder, Found};
use registry::{
    Change, Fingerprint, Kept, Link, Origin, Plugin, Presence, Record, RecordId, Voucher,
};

use crate::offer::Provenance;
use crate::plan::{Plan, Registration, Step};
use crate::trust::{Backing, Scope, Signatory};
use crate::{Call, Condition, HostState, Installed, KeptPackage, Offer, Profile, Trust};

/// An RPM host of product 6.1 with nothing on it.
pub(super) fn empty() -> HostState {
    HostState {
        profile: Profile {
            product: Some("6.1".to_owned()),
            format: Some(Format::Rpm),
            plugins: PathBuf::from(::plugin::PLUGINS_ROOT),
        },
        packages: Vec::new(),
        folders: Vec::new(),
        records: Vec::new(),
        links: [].into(),
        holds: [].into(),
        publishers: [].into(),
        sources: [].into(),
        kept: Vec::new(),
        trust: Trust::default(),
        next_record: RecordId(1),
        next_transaction: Transaction(1),
        call: Call {
            time: jiff::Timestamp::UNIX_EPOCH,
            actor: "root".to_owned(),
            command: "plugins".to_owned(),
        },
    }
}

/// A host with these plugins, registered in this order from id 1 on.
pub(super) fn with(plugins: &[&str]) -> HostState {
    let mut host = empty();
    for plugin in plugins {
        put(&mut host, &offer(plugin));
        let id = host.next_record;
        host.next_record = RecordId(id.0 + 1);
        enter(&mut host, id, &metadata(plugin));
    }
    host
}

pub(super) fn metadata(text: &str) -> Plugin {
    let words: Vec<_> = text.split(' ').collect();
    let generation = if words[2] == "old" { Generation::V1 } else { Generation::V4 };
    Plugin {
        id: PluginId {
            name: words[0].parse().unwrap(),
            version: words[1].parse().unwrap(),
            generation,
        },
        title: text.to_owned(),
        description: None,
        releases: Vec::new(),
        groups: Vec::new(),
        authors: Vec::new(),
        licenses: Vec::new(),
        homepage: None,
        products: Vec::new(),
        is_hotpluggable: false,
    }
}

pub(super) fn offer(text: &str) -> Offer {
    let plugin = metadata(text);
    let legacy = plugin.id.generation.is_legacy();
    Offer {
        format: if legacy { Format::Fp } else { Format::Rpm },
        package: plugin.id.package_name().to_string(),
        version: if legacy {
            plugin.id.version.to_string()
        } else {
            format!("{}-1", plugin.id.version.for_package_managers())
        },
        file: PathBuf::from("/incoming"),
        size: 1,
        sha256: format!("digest of {text}"),
        provenance: Provenance::File(PathBuf::from(format!("./{}", text.replace(' ', "-")))),
        voucher: Voucher::Key(CERTIFICATE.parse().unwrap()),
        backing: Backing::Key(signatory(CERTIFICATE)),
        scripts: Vec::new(),
        plugin,
    }
}

/// The publisher of all offers that do not say otherwise.
pub(super) const CERTIFICATE: &str = "0123456789ABCDEF0123456789ABCDEF01234567";

/// A key that is trusted for all plugins, without scripts.
pub(super) fn signatory(certificate: &str) -> Signatory {
    Signatory {
        certificate: certificate.parse().unwrap(),
        key: certificate.parse().unwrap(),
        user_id: Some("Release".to_owned()),
        signed: jiff::Timestamp::UNIX_EPOCH,
        warnings: Vec::new(),
        scope: Scope::of(vec!["*".parse().unwrap()]),
        adopted: None,
    }
}

/// Has an offer's files on the host.
pub(super) fn put(host: &mut HostState, offer: &Offer) {
    let id = &offer.plugin.id;
    let name = id.package_name().to_string();
    host.folders.retain(|folder| folder.name != name);
    let found = Found {
        plugin: offer.plugin.clone(),
        kept: Kept::new(),
        fingerprint: Fingerprint(id.to_string()),
    };
    host.folders.push(Folder { name: name.clone(), content: Content::Plugin(Box::new(found)) });
    host.folders.sort_by(|a, b| a.name.cmp(&b.name));
    if !id.generation.is_legacy() {
        host.packages.retain(|package| package.folder != name);
        host.packages.push(Installed {
            package: name.clone(),
            folder: name,
            version: offer.version.clone(),
            plugin_version: id.version.clone(),
            condition: Condition::Whole,
        });
        host.packages.sort_by(|a, b| a.package.cmp(&b.package));
    }
    host.kept.retain(|kept| kept.sha256 != offer.sha256);
    host.kept.push(KeptPackage {
        plugin: id.clone(),
        format: offer.format,
        sha256: offer.sha256.clone(),
        size: 1,
        origin: offer.provenance.origin(),
        voucher: offer.voucher.clone(),
    });
    host.kept.sort_by(|a, b| a.sha256.cmp(&b.sha256));
}

fn enter(host: &mut HostState, id: RecordId, plugin: &Plugin) {
    host.records.retain(|record| record.id != id);
    host.records.push(Record {
        id,
        plugin: plugin.clone(),
        presence: Presence::Present,
        origin: Origin::File,
        voucher: Voucher::Unknown,
        fingerprint: Some(Fingerprint(plugin.id.to_string())),
    });
    host.records.sort_by_key(|record| record.id);
}

/// A host as it is seen: folders that are as they were registered are not read again.
pub(super) fn seen(host: &HostState) -> HostState {
    let mut host = host.clone();
    for folder in &mut host.folders {
        let Content::Plugin(found) = &folder.content else { continue };
        let registered = |record: &Record| {
            record.plugin == found.plugin && record.fingerprint.as_ref() == Some(&found.fingerprint)
        };
        if host.records.iter().any(registered) {
            folder.content = Content::Unchanged;
        }
    }
    host
}

/// Has a folder of the plugins root be something.
pub(super) fn set(host: &mut HostState, name: &str, content: Content) {
    host.folders.retain(|folder| folder.name != name);
    host.folders.push(Folder { name: name.to_owned(), content });
    host.folders.sort_by(|a, b| a.name.cmp(&b.name));
}

/// A host as a plan leaves it, and the entry that history gets.
pub(super) fn after(host: &HostState, plan: &Plan) -> (HostState, Entry) {
    let mut host = host.clone();
    for step in &plan.steps {
        carry_out(&mut host, step);
    }
    host.next_transaction = Transaction(host.next_transaction.0 + 1);
    (host, plan.entry.clone())
}

fn carry_out(host: &mut HostState, step: &Step) {
    match step {
        Step::Transact(call) => {
            for item in &call.items {
                match &item.sha256 {
                    Some(digest) => put(host, &of_digest(digest)),
                    None => {
                        host.packages.retain(|package| package.package != item.package);
                        host.folders.retain(|folder| folder.name != item.folder);
                    }
                }
            }
        }
        Step::Unpack { sha256, .. } => put(host, &of_digest(sha256)),
        Step::Discard { folder } => host.folders.retain(|other| other.name != *folder),
        Step::Link(link) => {
            let target = link.folder.clone();
            set(host, &format!("{}-{}", link.name, link.old), Content::Link { target });
        }
        Step::Unlink { link, restore } => {
            let name = format!("{}-{}", link.name, link.old);
            host.folders.retain(|folder| folder.name != name);
            if *restore {
                put(host, &offer(&format!("{} {} old", link.name, link.old)));
            }
        }
        Step::Forget { sha256 } => host.kept.retain(|kept| !sha256.contains(&kept.sha256)),
        Step::Purge { .. } | Step::Guard { .. } | Step::Keep { .. } | Step::Flush => {}
        Step::Place { .. } | Step::Key { .. } => {}
        Step::Register { changes } => changes.iter().for_each(|change| register(host, change)),
    }
}

fn of_digest(digest: &str) -> Offer {
    offer(digest.strip_prefix("digest of ").unwrap())
}

fn register(host: &mut HostState, change: &Registration) {
    let same =
        |link: &Link, name: &PluginName, old: &Version| link.name == *name && link.old == *old;
    match change {
        Registration::Adopt { id, plugin, .. }
        | Registration::Change(Change::Put { id, plugin, .. }) => {
            host.next_record = host.next_record.max(RecordId(id.0 + 1));
            enter(host, *id, plugin);
        }
        Registration::Change(Change::Mark { id, presence }) => {
            let record = host.records.iter_mut().find(|record| record.id == *id).unwrap();
            record.presence = *presence;
        }
        Registration::Change(Change::Remove { id }) => {
            host.records.retain(|record| record.id != *id);
        }
        Registration::Change(Change::Link(link)) => {
            host.links.retain(|other| !same(other, &link.name, &link.old));
            host.links.insert(link.clone());
        }
        Registration::Change(Change::Unlink { name, old }) => {
            host.links.retain(|other| !same(other, name, old));
        }
        Registration::Change(Change::Hold(hold)) => {
            host.holds.insert(hold.clone());
        }
        Registration::Change(Change::Unhold(hold)) => {
            host.holds.remove(hold);
        }
        Registration::Change(Change::Bind(publisher)) => {
            host.publishers.retain(|other| other.name != publisher.name);
            host.publishers.insert(publisher.clone());
        }
        Registration::Change(Change::Unbind { name }) => {
            host.publishers.retain(|other| other.name != *name);
        }
        Registration::Change(Change::Remember(source)) => {
            host.sources.retain(|other| other.name != source.name);
            host.sources.insert(source.clone());
        }
        Registration::Change(Change::Forget { name }) => {
            host.sources.retain(|other| other.name != *name);
        }
    }
}

/// A host in words: `1: demo 1.0.2`, `demo-1.0 holds 1.0.2`.
pub(super) fn told(host: &HostState) -> Vec<String> {
    let records = host
        .records
        .iter()
        .map(|record| format!("{}: {} {:?}", record.id, record.plugin.id, record.presence));
    let folders = host.folders.iter().map(|folder| match &folder.content {
        Content::Plugin(found) => format!("{} holds {}", folder.name, found.plugin.id.version),
        Content::Link { target } => format!("{} -> {target}", folder.name),
        other => format!("{} {other:?}", folder.name),
    });
    let packages =
        host.packages.iter().map(|package| format!("{} {}", package.package, package.version));
    let links = host
        .links
        .iter()
        .map(|link| format!("{} {} means {} in {}", link.name, link.old, link.target, link.folder));
    let holds = host.holds.iter().map(|hold| format!("held {}-{}", hold.name, hold.line));
    records.chain(folders).chain(packages).chain(links).chain(holds).collect()
}
