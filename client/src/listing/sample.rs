//! Hosts made up for tests.

use std::collections::BTreeSet;

use plugin::{Generation, PluginId};
use registry::history::Transaction;
use registry::scan::{Content, Folder, Found};
use registry::{Fingerprint, Kept, Link, Origin, Plugin, Presence, Record, RecordId, Voucher};

use crate::{Call, Condition, HostState, Installed, KeptPackage, Profile};

/// Returns `demo==1.0.2` of generation 4, or whatever else is named.
pub(crate) fn id(text: &str, generation: Generation) -> PluginId {
    let (name, version) = text.split_once("==").expect("name and version");
    let (name, version) = (name.parse().expect("a name"), version.parse().expect("a version"));
    PluginId { name, version, generation }
}

pub(crate) fn plugin(id: PluginId) -> Plugin {
    let releases = r#"[{"os": "ubuntu", "version": "mitaka-9.0", "mode": ["ha"]}]"#;
    Plugin {
        id,
        title: "Demo".to_owned(),
        description: None,
        releases: serde_json::from_str(releases).expect("it is JSON"),
        groups: vec![],
        authors: vec![],
        licenses: vec![],
        homepage: None,
        products: vec!["9.0".to_owned()],
        is_hotpluggable: false,
    }
}

pub(crate) fn record(number: i64, id: PluginId) -> Record {
    Record {
        id: RecordId(number),
        plugin: plugin(id),
        presence: Presence::Present,
        origin: Origin::File,
        voucher: Voucher::Unknown,
        fingerprint: None,
    }
}

/// Returns the folder in which a plugin is as it is registered.
pub(crate) fn unchanged(name: &str) -> Folder {
    Folder { name: name.to_owned(), content: Content::Unchanged }
}

/// Returns the folder in which a plugin was read.
pub(crate) fn read(id: PluginId) -> Folder {
    let name = id.package_name().to_string();
    let fingerprint = Fingerprint(String::new());
    let found = Found { plugin: plugin(id), kept: Kept::new(), fingerprint };
    Folder { name, content: Content::Plugin(Box::new(found)) }
}

pub(crate) fn symlink(name: &str, target: &str) -> Folder {
    Folder { name: name.to_owned(), content: Content::Link { target: target.to_owned() } }
}

pub(crate) fn link(name: &str, old: &str, target: &str) -> Link {
    let (old, target) = (old.parse().expect("a version"), target.parse().expect("a version"));
    let folder = format!("{name}-{target}");
    Link { name: name.parse().expect("a name"), old, target, folder }
}

/// Returns the package that owns `folder`.
pub(crate) fn package(folder: &str, version: &str) -> Installed {
    Installed {
        package: folder.to_owned(),
        folder: folder.to_owned(),
        version: format!("{version}-1"),
        plugin_version: version.parse().expect("a version"),
        condition: Condition::Whole,
    }
}

pub(crate) fn kept(plugin: PluginId) -> KeptPackage {
    KeptPackage {
        plugin,
        format: plugin::Format::Rpm,
        sha256: "5d21".to_owned(),
        size: 1024,
        origin: Origin::File,
        voucher: Voucher::Unknown,
    }
}

/// Returns a host on which `demo-1.0` and the legacy `old==1.0.0` and `old==1.0.1` are as they should be.
pub(crate) fn host() -> HostState {
    let demo = || id("demo==1.0.2", Generation::V4);
    let old = |version: &str| id(&format!("old=={version}"), Generation::V1);
    HostState {
        profile: Profile {
            product: Some("9.0".to_owned()),
            format: Some(plugin::Format::Rpm),
            plugins: "/var/www/nailgun/plugins".into(),
        },
        packages: vec![package("demo-1.0", "1.0.2")],
        folders: ["demo-1.0", "old-1.0.0", "old-1.0.1"].map(unchanged).into(),
        records: vec![record(3, demo()), record(5, old("1.0.0")), record(7, old("1.0.1"))],
        links: BTreeSet::new(),
        holds: BTreeSet::new(),
        publishers: BTreeSet::new(),
        sources: BTreeSet::new(),
        trust: crate::Trust::default(),
        kept: vec![kept(demo())],
        next_record: RecordId(8),
        next_transaction: Transaction(9),
        call: Call {
            time: "2026-02-03T04:05:06Z".parse().expect("a time"),
            actor: "root".to_owned(),
            command: "plugins doctor".to_owned(),
        },
    }
}
