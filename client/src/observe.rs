//! Reads the machine once.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use registry::scan::{ScanError, scan};
use registry::store::{Reader, StoreError};
use registry::{Fingerprint, Record};

use crate::host::{Host, HostError};
use crate::trust::{Allowances, Policy};
use crate::{Call, HostState, Profile, Trust, kept};

/// What is asked of a machine.
#[derive(Clone, Debug)]
pub struct Question {
    /// Who asks, when, for what.
    pub call: Call,
    /// The product's version, as the settings have it.
    pub product: Option<String>,
    /// How much of the machine is looked at.
    pub depth: Depth,
    /// How strict the host is.
    pub policy: Policy,
    /// What the command is allowed beyond that.
    pub allowed: Allowances,
}

/// How much of a machine is looked at; each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// The registry and the kept packages.
    Registry,
    /// The plugins root.
    Folders,
    /// The package manager's database.
    Packages,
}

/// Why the machine could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Unobserved {
    /// The registry.
    #[error(transparent)]
    Registry(#[from] StoreError),
    /// The plugins root.
    #[error(transparent)]
    Folders(#[from] ScanError),
    /// The package database.
    #[error(transparent)]
    Packages(#[from] HostError),
    /// The kept packages.
    #[error(transparent)]
    Kept(#[from] io::Error),
    /// The trusted keys.
    #[error(transparent)]
    Trust(io::Error),
}

/// Reads the machine. What is not looked at is empty.
pub fn observe(host: &Host, reader: &Reader, question: Question) -> Result<HostState, Unobserved> {
    let places = host.places();
    let plugins = places.plugins().strip_prefix(places.root()).expect("it is below the root");
    let profile = Profile {
        product: question.product,
        format: host.backend().map(crate::host::Backend::format),
        plugins: Path::new("/").join(plugins),
    };
    let records = reader.records()?;
    let folders = if question.depth >= Depth::Folders {
        scan(places.plugins(), &fingerprints(&records))?
    } else {
        Vec::new()
    };
    let packages = if question.depth >= Depth::Packages { host.packages()? } else { Vec::new() };
    Ok(HostState {
        profile,
        packages,
        folders,
        records,
        links: reader.links()?,
        holds: reader.holds()?,
        publishers: reader.publishers()?,
        sources: reader.sources()?,
        kept: kept::list(places)?,
        trust: Trust::read(places, question.policy, question.allowed).map_err(Unobserved::Trust)?,
        next_record: reader.next_record()?,
        next_transaction: reader.next_transaction()?,
        call: question.call,
    })
}

/// Returns what the registered plugins' folders looked like, by the folders' names.
fn fingerprints(records: &[Record]) -> BTreeMap<String, Fingerprint> {
    let known = |record: &Record| {
        let fingerprint = record.fingerprint.clone()?;
        Some((record.plugin.id.package_name().to_string(), fingerprint))
    };
    records.iter().filter_map(known).collect()
}
