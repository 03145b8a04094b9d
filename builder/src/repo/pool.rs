//! The pool: packages by name, each under the name that its format gives it.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use packaging::durable;

use super::cache::{self, Entry, Memory, Remembered, Stamp};
use super::lock::Lock;
use super::parallel::try_map;
use super::{Error, Item, POOL, Repository};

/// Where packages are copied before all of them are known to be good.
pub(super) const INCOMING: &str = ".incoming";

/// The packages of a pool; those that are remembered are not read.
pub(super) struct Pool<'a> {
    folder: PathBuf,
    packages: BTreeMap<String, Known<'a>>,
    /// Whether what is remembered is not this.
    changed: bool,
}

/// What is known of a package.
enum Known<'a> {
    Before(Remembered<'a>),
    Now(Stamp, Box<Item>),
}

impl<'a> Pool<'a> {
    /// Looks at every package in the pool of `folder`, and reads those that `memory` has not.
    pub(super) fn look(folder: &Path, memory: &'a Memory) -> Result<Self, Error> {
        let mut remembered = memory.entries();
        let before = remembered.len();
        let mut packages = BTreeMap::new();
        let mut new = Vec::new();
        for place in places(folder)? {
            let stamp = Stamp::of(&fs_err::metadata(folder.join(&place))?);
            match remembered.remove(place.as_str()).filter(|known| known.stamp == stamp) {
                Some(known) => drop(packages.insert(place, Known::Before(known))),
                None => new.push((place, stamp)),
            }
        }
        let changed = before != packages.len() || !new.is_empty();
        let items = try_map(&new, |(place, _)| read(folder, place))?;
        let items = items.into_iter().map(Box::new);
        packages.extend(
            new.into_iter().zip(items).map(|((at, stamp), item)| (at, Known::Now(stamp, item))),
        );
        Ok(Self { folder: folder.to_owned(), packages, changed })
    }

    /// Returns how many packages there are.
    pub(super) fn len(&self) -> usize {
        self.packages.len()
    }

    /// Returns place and SHA-256 of each package, sorted.
    pub(super) fn digests(&self) -> impl Iterator<Item = (&str, &str)> {
        self.packages.iter().map(|(place, known)| (place.as_str(), known.sha256()))
    }

    /// Returns how long the packages are.
    pub(super) fn sizes(&self) -> impl Iterator<Item = u64> {
        self.packages.values().map(|known| match known {
            Known::Before(known) => known.stamp.size,
            Known::Now(_, item) => item.size,
        })
    }

    /// Returns the package at `place`.
    pub(super) fn item(&self, place: &str) -> Result<Item, Error> {
        match &self.packages[place] {
            Known::Now(_, item) => Ok(Item::clone(item)),
            Known::Before(known) => known.item().map_or_else(|| read(&self.folder, place), Ok),
        }
    }

    /// Returns every package, in order.
    pub(super) fn items(&self) -> Result<Vec<Item>, Error> {
        let places: Vec<_> = self.packages.keys().collect();
        let mut items = try_map(&places, |place| self.item(place))?;
        items.sort_by_cached_key(Item::order);
        Ok(items)
    }

    /// Takes in a package that was just put at its place.
    pub(super) fn insert(&mut self, item: Item) -> Result<(), Error> {
        let place = item.place();
        let stamp = Stamp::of(&fs_err::metadata(self.folder.join(&place))?);
        self.packages.insert(place, Known::Now(stamp, Box::new(item)));
        self.changed = true;
        Ok(())
    }

    /// Remembers what is known, where that is anything new.
    pub(super) fn remember(&self, _: &Lock) -> Result<(), Error> {
        if !self.changed {
            return Ok(());
        }
        let entries = self.packages.iter().map(|(place, known)| (place.as_str(), known.into()));
        cache::write(&self.folder, &entries.collect())
    }
}

impl Known<'_> {
    fn sha256(&self) -> &str {
        match self {
            Self::Before(known) => known.sha256,
            Self::Now(_, item) => &item.sha256,
        }
    }
}

impl<'a> From<&'a Known<'_>> for Entry<'a> {
    fn from(known: &'a Known<'_>) -> Self {
        match known {
            Known::Before(known) => known.into(),
            Known::Now(stamp, item) => Entry::new(*stamp, item),
        }
    }
}

impl Repository {
    /// Returns every package, in order, without writing anything.
    pub fn items(&self) -> Result<Vec<Item>, Error> {
        Pool::look(&self.folder, &Memory::read(&self.folder))?.items()
    }

    /// Looks at the pool, and remembers what its packages say.
    pub(super) fn refresh(&self, lock: &Lock) -> Result<(), Error> {
        Pool::look(&self.folder, &Memory::read(&self.folder))?.remember(lock)
    }

    /// Removes what killed processes left in the pool.
    pub(super) fn clear_pool(&self, _: &Lock) -> Result<(), Error> {
        durable::clear_leftovers(&self.folder)?;
        match fs_err::remove_dir_all(self.folder.join(INCOMING)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// Reads the package at `place`, which has to be its own.
fn read(folder: &Path, place: &str) -> Result<Item, Error> {
    let path = folder.join(place);
    let item = Item::read(&path)?;
    if item.place() == place {
        return Ok(item);
    }
    let problem = format!("it belongs to `{}`; use `fpb repo add`", item.place());
    Err(Error::Unfit { file: path, problem })
}

/// Returns the places of all packages.
fn places(folder: &Path) -> Result<Vec<String>, Error> {
    let pool = folder.join(POOL);
    let mut places = Vec::new();
    for name in names(&pool)? {
        for file in names(&pool.join(&name))? {
            places.push(format!("{POOL}/{name}/{file}"));
        }
    }
    Ok(places)
}

/// Returns the names in `folder` that are not hidden; none where it is not there.
pub(super) fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let entries = match fs_err::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        match entry.file_name().into_string() {
            Ok(name) if name.starts_with('.') => {}
            Ok(name) => names.push(name),
            Err(_) => {
                let problem = "its name is not UTF-8".to_owned();
                return Err(Error::Unfit { file: entry.path(), problem });
            }
        }
    }
    names.sort_unstable();
    Ok(names)
}
