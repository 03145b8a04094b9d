//! From pool to published tree.

use std::collections::BTreeMap;

use super::cache::Memory;
use super::lock::Lock;
use super::manifest::{Entry, MANIFEST, Manifest};
use super::pool::Pool;
use super::stage::Stage;
use super::tree::{Edition, Source, Tree, inputs, timestamp};
use super::{Error, Repository, Seal, apt, fp, matrix, page, yum};

/// How to publish.
#[expect(missing_debug_implementations, reason = "holds a key")]
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Who signs; `None` for a repository that nobody does.
    pub seal: Option<&'a dyn Seal>,
    /// The present, in seconds since 1970.
    pub now: u32,
    /// The time that the tree is to carry, where one is asked for.
    pub epoch: Option<u32>,
    /// Whether to publish again although nothing has changed.
    pub again: bool,
}

/// What was published.
#[derive(Clone, Debug)]
pub struct Published {
    /// The tree's manifest.
    pub manifest: Manifest,
    /// How many packages there are.
    pub packages: usize,
    /// How many advisories.
    pub advisories: usize,
    /// Whether anything was written.
    pub changed: bool,
}

impl Repository {
    /// Publishes what is in the pool, unless that is what is published already.
    pub fn publish(&self, request: &Request<'_>, lock: &Lock) -> Result<Published, Error> {
        self.check_key(request.seal)?;
        let stage = Stage::clear(&self.folder)?;
        self.clear_pool(lock)?;
        let memory = Memory::read(&self.folder);
        let pool = Pool::look(&self.folder, &memory)?;
        pool.remember(lock)?;
        let notices = self.advisories()?;
        let inputs = inputs(&self.settings, &pool, &notices);
        // A manifest that cannot be read is as good as none.
        let old = Manifest::read(&self.public()).unwrap_or_default();
        let (packages, advisories) = (pool.len(), notices.0.len());
        if let Some(manifest) = self.current(request, old.as_ref(), &inputs) {
            return Ok(Published { manifest, packages, advisories, changed: false });
        }
        let items = pool.items()?;
        // From here on every package is at hand, and the text about it only takes room.
        drop(pool);
        drop(memory);
        notices.check(&items)?;
        let time = time(request, old.as_ref());
        let edition = Edition {
            folder: &self.folder,
            settings: &self.settings,
            items: &items,
            notices: &notices,
            seal: request.seal,
            old: old.as_ref(),
            time,
            end: time.saturating_add(self.settings.valid_for_days.seconds()),
            inputs,
        };
        let mut tree = tree(&edition)?;
        let mut manifest = Manifest::of(&edition, &tree);
        manifest.previous.retain(|path, entry| entry.is_at(&self.public().join(path)));
        keep(&mut tree, &manifest.previous);
        tree.seal(&edition, MANIFEST, manifest.text())?;
        stage.build(&tree, time)?;
        stage.switch()?;
        Ok(Published { manifest, packages, advisories, changed: true })
    }

    /// Makes sure that the right key signs.
    fn check_key(&self, seal: Option<&dyn Seal>) -> Result<(), Error> {
        let Some(seal) = seal else { return Ok(()) };
        let given = seal.fingerprint();
        match &self.settings.key {
            Some(wanted) if wanted.as_str() != given => {
                Err(Error::OtherKey { wanted: wanted.to_string(), given })
            }
            _ => Ok(()),
        }
    }

    /// Returns what is published, where that need not be changed: it is made from the same things, is
    /// all there, and has more than half of its life before it.
    fn current(
        &self,
        request: &Request<'_>,
        old: Option<&Manifest>,
        inputs: &str,
    ) -> Option<Manifest> {
        let old = old?;
        let now = timestamp(request.epoch.unwrap_or(request.now));
        let fresh = now.duration_since(old.date) * 2 <= old.valid_until.duration_since(old.date);
        let signer = request.seal.map(Seal::fingerprint);
        let same = old.inputs == inputs && old.signed_by == signer;
        let whole = same && fresh && !request.again && old.is_there(&self.public());
        whole.then(|| old.clone())
    }
}

/// Returns the time that the tree carries. Hosts refuse to go back in time, so that without a time that
/// was asked for it is later than the last.
fn time(request: &Request<'_>, old: Option<&Manifest>) -> u32 {
    if let Some(epoch) = request.epoch {
        return epoch;
    }
    let last = old.and_then(|old| u32::try_from(old.date.as_second()).ok());
    last.map_or(request.now, |last| request.now.max(last.saturating_add(1)))
}

/// Returns all that is to be published but the manifest.
fn tree(edition: &Edition<'_>) -> Result<Tree, Error> {
    let mut tree = Tree::default();
    yum::add(&mut tree, edition)?;
    apt::add(&mut tree, edition)?;
    fp::add(&mut tree, edition)?;
    matrix::add(&mut tree, edition)?;
    if let Some(seal) = edition.seal {
        tree.put("key.asc", seal.certificate().map_err(Error::NotSigned)?);
    }
    tree.put("index.html", page::page(edition));
    Ok(tree)
}

/// Keeps what was published before.
fn keep(tree: &mut Tree, previous: &BTreeMap<String, Entry>) {
    for (path, entry) in previous {
        tree.files.insert(path.clone(), Source::Kept(entry.clone()));
    }
}
