//! A picture of a folder, to compare with another.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Returns every name below `folder` with what is there: a file's bytes, a link's target, modes. Two
/// equal answers mean that nothing changed.
pub fn tree(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs_err::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.expect("the folder is ours").path();
            let metadata = path.symlink_metadata().expect("nobody else is here");
            let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions());
            let content = if metadata.is_symlink() {
                format!("{:?}", fs_err::read_link(&path).expect("a link"))
            } else if metadata.is_file() {
                let bytes = fs_err::read(&path).expect("the file is ours");
                format!("{} {:x}", bytes.len(), crc(&bytes))
            } else {
                folders.push(path.clone());
                String::new()
            };
            found.insert(path, format!("{mode:o} {content}"));
        }
    }
    found
}

/// Tells two contents apart; nobody forges any here.
fn crc(bytes: &[u8]) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
