//! What tells that none of the files that a plugin was read from has changed.
//!
//! A fingerprint names the generation, which says what side files there may be, and the patterns of
//! the plugin's `_path` keys, so that it can be taken again without reading a file. Files that are not
//! there count: one that appears changes it. Its lines: `<generation> <digest>`, then the patterns.

use std::collections::{BTreeMap, BTreeSet};

use plugin::Generation;
use sha2::{Digest, Sha256};

use super::side;
use super::tree::{Tree, Unreachable};
use crate::Fingerprint;

/// Which files a fingerprint is about.
#[derive(Debug)]
pub(super) struct Watch {
    /// Says which side files there may be.
    pub(super) generation: Generation,
    /// What `_path` keys say.
    pub(super) patterns: BTreeSet<String>,
}

/// What files look like, by path.
pub(super) type Looks = BTreeMap<String, String>;

/// Whether a folder's files still look as when `known` was taken.
pub(super) fn holds(known: &Fingerprint, tree: &Tree) -> bool {
    let Some(watch) = Watch::of(known) else { return false };
    watch.look(tree).is_ok_and(|looks| watch.fingerprint(&looks) == *known)
}

impl Watch {
    /// Returns what `known` is about; `None` where it is not of this form.
    fn of(known: &Fingerprint) -> Option<Self> {
        let mut lines = known.0.split('\n');
        let (generation, _) = lines.next()?.split_once(' ')?;
        let generation = generation.parse().ok()?;
        Some(Self { generation, patterns: lines.map(str::to_owned).collect() })
    }

    fn look(&self, tree: &Tree) -> Result<Looks, Unreachable> {
        let mut paths: Vec<String> = side::names(self.generation).map(str::to_owned).collect();
        for pattern in &self.patterns {
            paths.extend(tree.expand(pattern)?);
        }
        Ok(paths
            .into_iter()
            .map(|path| {
                let look = tree.look(&path);
                (path, look)
            })
            .collect())
    }

    /// Returns the fingerprint of files that look like this.
    pub(super) fn fingerprint(&self, looks: &Looks) -> Fingerprint {
        let mut digest = Sha256::new();
        for (path, look) in looks {
            // Neither a path nor a look holds a NUL.
            digest.update(format!("{path}\0{look}\0"));
        }
        let mut text = format!("{} {}", self.generation, hex::encode(digest.finalize()));
        for pattern in &self.patterns {
            text.push('\n');
            text.push_str(pattern);
        }
        Fingerprint(text)
    }
}
