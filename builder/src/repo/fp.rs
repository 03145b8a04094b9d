//! The face for those who unpack packages of the oldest format: files, their digests, signatures.
//!
//! Such a package is a `.tar.gz` and is there under that ending too, because it is what those ask for
//! who find it by `plugins.properties`.

use super::tree::{Edition, Source, Tree};
use super::{Error, Index, Item};

/// The folder of the face.
const FACE: &str = "fp";

/// Adds the packages, a signature beside each, and their digests as `sha256sum -c` reads them.
pub(super) fn add(tree: &mut Tree, edition: &Edition<'_>) -> Result<(), Error> {
    let mut sums = String::new();
    for item in edition.items.iter().filter(|item| item.index == Index::Fp) {
        tree.link(format!("{FACE}/{}", item.file), item);
        tree.link(archive(base(item)), item);
        sums.push_str(&format!("{}  {}\n", item.sha256, item.file));
        add_signature(tree, edition, item)?;
    }
    tree.seal(edition, &format!("{FACE}/SHA256SUMS"), sums)
}

/// Returns the name of a package's file without its ending.
pub(super) fn base(item: &Item) -> &str {
    item.file.strip_suffix(".fp").unwrap_or(&item.file)
}

/// Returns where the package is under the ending that others look for.
pub(super) fn archive(base: &str) -> String {
    format!("{FACE}/{base}.tar.gz")
}

/// Returns where the face is on a server.
pub(super) fn address(url: &str) -> String {
    format!("{}/{FACE}/", url.trim_end_matches('/'))
}

/// Signs a package under both its names, unless it is published with a signature by the same key.
fn add_signature(tree: &mut Tree, edition: &Edition<'_>, item: &Item) -> Result<(), Error> {
    let Some(seal) = edition.seal else { return Ok(()) };
    let path = format!("{FACE}/{}", item.file);
    let signature = match published(edition, item, &path) {
        Some(signature) => signature,
        None => {
            let mut file = fs_err::File::open(edition.folder.join(item.place()))?.into_file();
            seal.detached(&mut file).map_err(Error::NotSigned)?.into_bytes()
        }
    };
    for path in [path, archive(base(item))] {
        tree.put(format!("{path}.asc"), signature.clone());
    }
    Ok(())
}

/// Returns the signature that is published beside `path`, where that is still the same package and key.
fn published(edition: &Edition<'_>, item: &Item, path: &str) -> Option<Vec<u8>> {
    let old = edition.old.filter(|old| old.signed_by == edition.signer())?;
    let beside = format!("{path}.asc");
    old.files.get(path).filter(|it| it.sha256 == item.sha256)?;
    let entry = old.files.get(&beside)?;
    let bytes = fs_err::read(edition.folder.join(super::PUBLIC).join(&beside)).ok()?;
    (Source::Bytes(bytes.clone().into()).entry() == *entry).then_some(bytes)
}
