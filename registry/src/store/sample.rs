//! Registries for tests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use plugin::{Generation, PluginId};
use serde_json::{Map, Value, json};

use crate::history::{Entry, Event, Filter, State, Transaction};
use crate::{
    Certificate, Change, Fingerprint, Hold, Kept, Link, Origin, Plugin, Publisher, Reader, Record,
    RecordId, Source, Store, StoreError, Voucher,
};

pub(crate) fn id(name: &str, version: &str, generation: Generation) -> PluginId {
    PluginId { name: name.parse().unwrap(), version: version.parse().unwrap(), generation }
}

pub(crate) fn plugin(name: &str, version: &str, generation: Generation) -> Plugin {
    let release: Map<String, Value> =
        serde_json::from_value(json!({"os": "ubuntu", "version": "liberty-9.0", "mode": ["ha"]}))
            .unwrap();
    Plugin {
        id: id(name, version, generation),
        title: format!("The {name} — with ünïcode"),
        description: Some("What it is for.".repeat(5)),
        releases: vec![release; 2],
        groups: vec!["network".into(), "storage".into()],
        authors: vec!["A. Author <a@example.org>".into()],
        licenses: vec!["Apache License, Version 2.0".into()],
        homepage: None,
        products: vec!["9.0".into(), "10.0".into()],
        is_hotpluggable: true,
    }
}

pub(crate) fn kept(size: usize) -> Kept {
    Kept::from([
        ("attributes_metadata".into(), json!({"attributes": {"text": "x".repeat(size)}})),
        ("tasks".into(), json!([{"id": "deploy", "retries": 3, "share": 0.5}, null])),
    ])
}

pub(crate) fn put(id: i64, plugin: Plugin) -> Change {
    Change::Put {
        id: RecordId(id),
        kept: kept(2000),
        fingerprint: Some(Fingerprint(format!("stats of {}", plugin.id))),
        origin: Origin::Repository("updates".into()),
        voucher: Voucher::Key(certificate()),
        plugin: Box::new(plugin),
    }
}

pub(crate) fn entry(number: i64, events: Vec<Event>) -> Entry {
    Entry {
        transaction: Transaction(number),
        time: jiff::Timestamp::from_second(1_800_000_000 + number).unwrap(),
        actor: "root".into(),
        command: format!("plugins install number-{number}"),
        reverses: None,
        events,
    }
}

pub(crate) fn put_event(record: i64, plugin: &PluginId) -> Event {
    let state = State {
        plugin: plugin.clone(),
        record: Some(RecordId(record)),
        installed: true,
        package: None,
        voucher: Voucher::Key(certificate()),
    };
    Event::Plugin { before: None, after: Some(state) }
}

pub(crate) fn link(name: &str) -> Link {
    Link {
        name: name.parse().unwrap(),
        old: "0.9.1".parse().unwrap(),
        target: "1.0.1".parse().unwrap(),
        folder: format!("{name}-1.0"),
    }
}

pub(crate) fn hold(name: &str) -> Hold {
    Hold { name: name.parse().unwrap(), line: "1.0".parse().unwrap() }
}

pub(crate) fn certificate() -> Certificate {
    "0123456789ABCDEF0123456789ABCDEF01234567".parse().unwrap()
}

pub(crate) fn publisher(name: &str) -> Publisher {
    Publisher { name: name.parse().unwrap(), certificate: certificate() }
}

pub(crate) fn source(name: &str) -> Source {
    let date = jiff::Timestamp::from_second(1_800_000_000).unwrap();
    Source {
        name: name.to_owned(),
        url: format!("https://example.org/{name}/"),
        certificate: Some(certificate()),
        date,
        valid_until: Some(jiff::Timestamp::from_nanosecond(1_800_086_400_000_000_001).unwrap()),
        checked: date,
        revision: None,
    }
}

/// Makes a registry with `count` plugins, each by a transaction of its own; every fifth has a link,
/// a hold, a publisher and a repository.
pub(crate) fn fill(path: &Path, count: i64) {
    let mut store = Store::open(path).unwrap();
    for number in 1..=count {
        let name = format!("plugin_{number}");
        let plugin = plugin(&name, "1.0.1", Generation::V5);
        let mut events = vec![put_event(number, &plugin.id)];
        let mut changes = vec![put(number, plugin)];
        if number % 5 == 0 {
            events.push(Event::Link { before: None, after: Some(link(&name)) });
            events.push(Event::Held(hold(&name)));
            events.push(Event::Publisher { before: None, after: Some(publisher(&name)) });
            events.push(Event::Source { before: None, after: Some(source(&name)) });
            changes.extend([Change::Link(link(&name)), Change::Hold(hold(&name))]);
            changes.extend([Change::Bind(publisher(&name)), Change::Remember(source(&name))]);
        }
        store.apply(&changes, Some(&entry(number, events))).unwrap();
    }
}

/// All that a registry shows.
#[derive(Debug, PartialEq)]
pub(crate) struct Everything {
    pub(crate) records: Vec<Record>,
    pub(crate) kept: BTreeMap<RecordId, Kept>,
    pub(crate) fingerprints: BTreeMap<String, Fingerprint>,
    pub(crate) links: BTreeSet<Link>,
    pub(crate) holds: BTreeSet<Hold>,
    pub(crate) publishers: BTreeSet<Publisher>,
    pub(crate) sources: BTreeSet<Source>,
    pub(crate) history: Vec<Entry>,
    pub(crate) next: (RecordId, Transaction),
}

pub(crate) fn everything(reader: &Reader) -> Result<Everything, StoreError> {
    let records = reader.records()?;
    let mut kept = BTreeMap::new();
    for record in &records {
        kept.extend(reader.kept(record.id)?.map(|kept| (record.id, kept)));
    }
    Ok(Everything {
        records,
        kept,
        fingerprints: reader.fingerprints()?,
        links: reader.links()?,
        holds: reader.holds()?,
        publishers: reader.publishers()?,
        sources: reader.sources()?,
        history: reader.history(&Filter::default())?,
        next: (reader.next_record()?, reader.next_transaction()?),
    })
}

/// Returns every file of a folder with its content and its time.
pub(crate) fn listing(folder: &Path) -> BTreeMap<String, (Vec<u8>, std::time::SystemTime)> {
    let files = fs_err::read_dir(folder).unwrap().map(|file| {
        let file = file.unwrap();
        let content = fs_err::read(file.path()).unwrap();
        let time = file.metadata().unwrap().modified().unwrap();
        (file.file_name().to_string_lossy().into_owned(), (content, time))
    });
    files.collect()
}

/// A repeatable series of numbers.
#[derive(Debug)]
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 16) % end as u64) as usize
    }
}
