//! The files of a package in the order of its header and its payload.

use crate::contents::{Content, Kind};
use crate::{Blueprint, WriteError};

/// Permission bits of the package's own folder, and of links.
const FOLDER_MODE: u32 = 0o755;
const LINK_MODE: u32 = 0o777;

/// File types as in `st_mode`.
pub(super) const FOLDER: u32 = 0o040_000;
pub(super) const FILE: u32 = 0o100_000;
pub(super) const LINK: u32 = 0o120_000;

/// One file, folder or link.
#[derive(Debug)]
pub(super) struct Item<'a> {
    /// Where it lies on the host.
    pub(super) path: String,
    /// Type and permission bits.
    pub(super) mode: u32,
    /// Length of what the payload has of it.
    pub(super) size: u64,
    pub(super) body: Body<'a>,
}

/// What the payload has of an item.
#[derive(Clone, Copy, Debug)]
pub(super) enum Body<'a> {
    Folder,
    Link(&'a str),
    File(&'a Content),
}

/// All items, sorted bytewise by path as rpm wants them, the package's folder first.
#[derive(Debug)]
pub(super) struct Manifest<'a> {
    items: Vec<Item<'a>>,
    size: u64,
}

impl<'a> Manifest<'a> {
    /// Lists what `blueprint` puts onto the host.
    pub(super) fn new(blueprint: &'a Blueprint) -> Result<Self, WriteError> {
        let top = blueprint.id.folder();
        let mut items = Vec::with_capacity(blueprint.contents.len() + 1);
        let mode = FOLDER | FOLDER_MODE;
        items.push(Item { path: top.clone(), mode, size: 0, body: Body::Folder });
        for (path, entry) in blueprint.contents.iter() {
            let (mode, size, body) = match &entry.kind {
                Kind::Folder => (FOLDER | entry.mode, 0, Body::Folder),
                Kind::Link { target } => {
                    (LINK | LINK_MODE, target.len() as u64, Body::Link(target.as_str()))
                }
                Kind::File { size, content } => (FILE | entry.mode, *size, Body::File(content)),
            };
            items.push(Item { path: format!("{top}/{path}"), mode, size, body });
        }
        if u32::try_from(items.len()).is_err() {
            return Err(WriteError::Unrepresentable("more files than an RPM can list".to_owned()));
        }
        let size = items.iter().map(|item| item.size).sum();
        Ok(Self { items, size })
    }

    pub(super) fn items(&self) -> &[Item<'a>] {
        &self.items
    }

    /// Returns the lengths of all items together.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Whether lengths need 64 bits and the payload stripped records.
    pub(super) fn is_large(&self) -> bool {
        u32::try_from(self.size).is_err()
    }
}
