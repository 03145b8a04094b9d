//! The pool changed: packages added, removed, pruned.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use packaging::durable;

use super::arrival::Arrival;
use super::cache::Memory;
use super::lock::Lock;
use super::parallel::try_map;
use super::pool::Pool;
use super::{Advisory, Error, Index, Item, Notices, Repository, Spec};

/// What came of adding a file.
#[derive(Clone, Debug)]
pub struct Added {
    /// The file.
    pub file: PathBuf,
    /// What it is.
    pub item: Item,
    /// Whether it was not there before.
    pub new: bool,
}

/// How many versions of a release line stay.
pub type Keep = NonZeroUsize;

/// Packages that are to go.
#[derive(Clone, Debug)]
#[must_use = "nothing has been removed yet"]
pub struct Removal {
    /// The packages.
    pub items: Vec<Item>,
}

impl Repository {
    /// Adds the packages in `files`: all of them, or none where one cannot be added. Calls `progress`
    /// for each that is new, before it gets its place.
    ///
    /// Each is copied once and read from the copy, so that what is in the pool is what was read. All
    /// copies are on the disk before the first gets its place.
    pub fn add(
        &self,
        files: &[PathBuf],
        lock: &Lock,
        progress: &mut dyn FnMut(&Path),
    ) -> Result<Vec<Added>, Error> {
        self.clear_pool(lock)?;
        let memory = Memory::read(&self.folder);
        let mut pool = Pool::look(&self.folder, &memory)?;
        let arrival = Arrival::begin(self, &pool)?;
        let files: Vec<_> = files.iter().enumerate().collect();
        let items = try_map(&files, |(number, file)| arrival.take(*number, file))?;
        let mut there = arrival.there();
        let (mut added, mut moves) = (Vec::new(), Vec::new());
        for ((number, file), item) in files.into_iter().zip(items) {
            let new = is_new(&item, there.get(&item.file))?;
            if new {
                there.insert(item.file.clone(), item.sha256.clone());
                moves.push((arrival.path(number), self.folder.join(item.place())));
                progress(file);
            }
            added.push(Added { file: file.clone(), item, new });
        }
        self.make_folders(&moves)?;
        durable::publish_files(&moves)?;
        drop(arrival);
        for added in added.iter().filter(|added| added.new) {
            pool.insert(added.item.clone())?;
        }
        pool.remember(lock)?;
        Ok(added)
    }

    /// Refuses a package that no index of the repository would have.
    pub(super) fn check_architecture(&self, file: &Path, item: &Item) -> Result<(), Error> {
        let Index::Deb(paragraph) = &item.index else { return Ok(()) };
        let architecture = &paragraph.architecture;
        let known = self.settings.architectures.iter().any(|it| it.as_str() == architecture);
        if known || architecture == "all" {
            return Ok(());
        }
        let problem = format!("the repository has no architecture `{architecture}`");
        Err(Error::Unfit { file: file.to_owned(), problem })
    }

    /// Makes the folders in the pool that are missing for what is to be moved there.
    fn make_folders(&self, moves: &[(PathBuf, PathBuf)]) -> Result<(), Error> {
        let folders: BTreeSet<_> = moves.iter().filter_map(|(_, to)| to.parent()).collect();
        let mut missing = folders.iter().filter(|folder| !folder.exists()).peekable();
        if missing.peek().is_none() {
            return Ok(());
        }
        missing.try_for_each(fs_err::create_dir_all)?;
        Ok(fs_err::File::open(self.pool())?.sync_all()?)
    }

    /// Says what removing the versions `specs` would remove.
    pub fn removal(&self, specs: &[Spec]) -> Result<Removal, Error> {
        let items = self.items()?;
        let notices = self.advisories()?;
        if let Some(spec) = specs.iter().find(|spec| !items.iter().any(|it| spec.names(it))) {
            return Err(Error::NotThere(spec.to_string()));
        }
        let is_named = |item: &Item| specs.iter().any(|spec| spec.names(item));
        let items: Vec<_> = items.into_iter().filter(is_named).collect();
        check_unneeded(&items, &notices)?;
        Ok(Removal { items })
    }

    /// Says what would be removed so that `keep` versions of each release line stay, the newest. A
    /// version that an advisory names as a fix stays too.
    pub fn pruning(&self, keep: Keep) -> Result<Removal, Error> {
        let notices = self.advisories()?;
        let mut lines: BTreeMap<_, Vec<Item>> = BTreeMap::new();
        for item in self.items()? {
            // fp packages of all lines stand side by side; so do packages of no plugin.
            lines.entry((item.name.clone(), item.line.clone())).or_default().push(item);
        }
        let mut items = Vec::new();
        for line in lines.into_values() {
            items.extend(surplus(line, keep));
        }
        items.retain(|item| notices.about(item).next().is_none());
        Ok(Removal { items })
    }

    /// Removes what `removal` says, as far as it is still there and not needed by now.
    pub fn remove(&self, removal: &Removal, lock: &Lock) -> Result<(), Error> {
        check_unneeded(&removal.items, &self.advisories()?)?;
        for item in &removal.items {
            let path = self.folder.join(item.place());
            match fs_err::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
            let folder = path.parent().expect("a place has a folder");
            // Fails where other versions are left.
            let _ = std::fs::remove_dir(folder);
        }
        self.clear_pool(lock)?;
        self.refresh(lock)
    }
}

/// Returns the items of one line that are older than its newest `keep` versions.
fn surplus(line: Vec<Item>, keep: Keep) -> Vec<Item> {
    let mut versions: Vec<&str> = line.iter().map(|item| item.version.as_str()).collect();
    versions.dedup();
    let Some(first) = versions.len().checked_sub(keep.get()) else { return Vec::new() };
    let Some(oldest) = versions.get(first).map(|&version| version.to_owned()) else {
        return Vec::new();
    };
    line.into_iter().take_while(|item| item.version != oldest).collect()
}

/// Refuses to remove what an advisory tells hosts to install.
fn check_unneeded(items: &[Item], notices: &Notices) -> Result<(), Error> {
    for item in items {
        if let Some(Advisory { id, .. }) = notices.about(item).next() {
            return Err(Error::Needed { spec: item.spec(), advisory: id.to_string() });
        }
    }
    Ok(())
}

/// Whether `item` is not the package that is there already, of which `there` is the SHA-256.
fn is_new(item: &Item, there: Option<&String>) -> Result<bool, Error> {
    match there {
        None => Ok(true),
        Some(there) if *there == item.sha256 => Ok(false),
        Some(there) => Err(Error::Conflict {
            file: item.file.clone(),
            there: there.clone(),
            new: item.sha256.clone(),
        }),
    }
}
