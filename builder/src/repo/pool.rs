//! The pool: packages by name, each under the name that its format gives it.

use std::io;
use std::path::Path;

use packaging::durable;

use super::cache::Cache;
use super::lock::Lock;
use super::{Error, Item, POOL, Repository};

impl Repository {
    /// Returns every package, in order, without writing anything.
    pub fn items(&self) -> Result<Vec<Item>, Error> {
        Ok(self.scan()?.0)
    }

    /// Returns every package, in order, and remembers what they say.
    pub(super) fn read_pool(&self, _: &Lock) -> Result<Vec<Item>, Error> {
        let (items, mut cache) = self.scan()?;
        cache.write(&self.folder)?;
        Ok(items)
    }

    fn scan(&self) -> Result<(Vec<Item>, Cache), Error> {
        let mut cache = Cache::read(&self.folder);
        let places = places(&self.folder)?;
        cache.retain(&places);
        let mut items = Vec::with_capacity(places.len());
        for place in &places {
            let item = cache.look_up(&self.folder, place)?;
            if item.place() != *place {
                let problem = format!("it belongs to `{}`; use `fpb repo add`", item.place());
                return Err(Error::Unfit { file: self.folder.join(place), problem });
            }
            items.push(item);
        }
        items.sort_by(Item::compare);
        Ok((items, cache))
    }

    /// Removes what killed processes left in the pool.
    pub(super) fn clear_pool(&self, _: &Lock) -> Result<(), Error> {
        durable::clear_leftovers(&self.folder)?;
        for folder in names(&self.pool())? {
            durable::clear_leftovers(&self.pool().join(folder))?;
        }
        Ok(())
    }
}

/// Returns the places of all packages, sorted.
fn places(folder: &Path) -> Result<Vec<String>, Error> {
    let pool = folder.join(POOL);
    let mut places = Vec::new();
    for name in names(&pool)? {
        for file in names(&pool.join(&name))? {
            places.push(format!("{POOL}/{name}/{file}"));
        }
    }
    places.sort_unstable();
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
