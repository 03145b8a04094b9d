//! The face for those who unpack packages of the oldest format: files, their digests, signatures.

use super::tree::{Edition, Source, Tree};
use super::{Error, Index, Item};

/// The folder of the face.
const FACE: &str = "fp";

/// Adds the packages, a signature beside each, and their digests as `sha256sum -c` reads them.
pub(super) fn add(tree: &mut Tree, edition: &Edition<'_>) -> Result<(), Error> {
    let mut sums = String::new();
    for item in edition.items.iter().filter(|item| item.index == Index::Fp) {
        tree.link(format!("{FACE}/{}", item.file), item);
        sums.push_str(&format!("{}  {}\n", item.sha256, item.file));
        add_signature(tree, edition, item)?;
    }
    tree.seal(edition, &format!("{FACE}/SHA256SUMS"), sums)
}

/// Signs a package, unless it is published with a signature by the same key.
fn add_signature(tree: &mut Tree, edition: &Edition<'_>, item: &Item) -> Result<(), Error> {
    let Some(seal) = edition.seal else { return Ok(()) };
    let path = format!("{FACE}/{}", item.file);
    let beside = format!("{path}.asc");
    if let Some(old) = edition.old.filter(|old| old.signed_by == edition.signer())
        && old.files.get(&path).is_some_and(|it| it.sha256 == item.sha256)
        && let Some(entry) = old.files.get(&beside)
        && edition.folder.join(super::PUBLIC).join(&beside).is_file()
    {
        tree.files.insert(beside, Source::Kept(entry.clone()));
        return Ok(());
    }
    let mut file = fs_err::File::open(edition.folder.join(item.place()))?.into_file();
    let signature = seal.detached(&mut file).map_err(Error::NotSigned)?;
    tree.put(beside, signature);
    Ok(())
}
