//! The pool changed: packages added, removed, pruned.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use packaging::digest::{Hashed, Hashing};
use packaging::durable;
use sha2::Sha256;

use super::lock::Lock;
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
    /// before each is copied.
    pub fn add(
        &self,
        files: &[PathBuf],
        lock: &Lock,
        progress: &mut dyn FnMut(&Path),
    ) -> Result<Vec<Added>, Error> {
        self.clear_pool(lock)?;
        let items = self.read_pool(lock)?;
        let mut there: BTreeMap<_, _> =
            items.into_iter().map(|item| (item.file.clone(), item)).collect();
        let mut added = Vec::new();
        for file in files {
            let item = Item::read(file)?;
            self.check_architecture(file, &item)?;
            let new = is_new(&item, there.get(&item.file))?;
            there.insert(item.file.clone(), item.clone());
            added.push(Added { file: file.clone(), item, new });
        }
        for added in added.iter().filter(|added| added.new) {
            progress(&added.file);
            self.copy(added)?;
        }
        self.read_pool(lock)?;
        Ok(added)
    }

    /// Refuses a package that no index of the repository would have.
    fn check_architecture(&self, file: &Path, item: &Item) -> Result<(), Error> {
        let Index::Deb(paragraph) = &item.index else { return Ok(()) };
        let architecture = &paragraph.architecture;
        let known = self.settings.architectures.iter().any(|it| it.as_str() == architecture);
        if known || architecture == "all" {
            return Ok(());
        }
        let problem = format!("the repository has no architecture `{architecture}`");
        Err(Error::Unfit { file: file.to_owned(), problem })
    }

    /// Copies a package into the pool; what arrives there is what was read.
    fn copy(&self, Added { file, item, .. }: &Added) -> Result<(), Error> {
        let path = self.folder.join(item.place());
        let folder = path.parent().expect("a place has a folder");
        if !folder.exists() {
            fs_err::create_dir_all(folder)?;
            fs_err::File::open(self.pool())?.sync_all()?;
        }
        let mut input = Hashing::<_, Sha256>::new(fs_err::File::open(file)?);
        durable::replace(&path, |out| {
            io::copy(&mut input, out)?;
            let Hashed { digest, .. } = input.finish();
            if digest == item.sha256 {
                return Ok(());
            }
            let problem = "it changed while it was read".to_owned();
            Err(Error::Unfit { file: file.clone(), problem })
        })
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
        self.read_pool(lock)?;
        Ok(())
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

/// Whether `item` is not the package that is `there` already.
fn is_new(item: &Item, there: Option<&Item>) -> Result<bool, Error> {
    match there {
        None => Ok(true),
        Some(there) if there.sha256 == item.sha256 => Ok(false),
        Some(there) => Err(Error::Conflict {
            file: item.file.clone(),
            there: there.sha256.clone(),
            new: item.sha256.clone(),
        }),
    }
}
