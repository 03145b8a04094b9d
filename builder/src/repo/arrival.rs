//! Packages on their way into the pool: copied beside it, and read there.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, Seek};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use packaging::digest::Hashing;
use sha2::Sha256;
use tempfile::TempDir;

use super::pool::{INCOMING, Pool};
use super::{Error, Item, Repository, item};

/// The folder that packages are copied to. It goes away with what is left in it.
pub(super) struct Arrival<'a> {
    repository: &'a Repository,
    pool: &'a Pool<'a>,
    folder: TempDir,
    /// How long the packages of the pool are, and where each is by its SHA-256.
    sizes: BTreeSet<u64>,
    places: HashMap<&'a str, &'a str>,
}

impl<'a> Arrival<'a> {
    /// Makes the folder.
    pub(super) fn begin(repository: &'a Repository, pool: &'a Pool<'a>) -> Result<Self, Error> {
        let mut builder = tempfile::Builder::new();
        let folder = builder.prefix(INCOMING).rand_bytes(0).tempdir_in(&repository.folder)?;
        Ok(Self {
            repository,
            pool,
            folder,
            sizes: pool.sizes().collect(),
            places: pool.digests().map(|(place, sha256)| (sha256, place)).collect(),
        })
    }

    /// Returns the SHA-256 of each package in the pool by the name of its file.
    pub(super) fn there(&self) -> BTreeMap<String, String> {
        let name = |place: &str| place.rsplit_once('/').map_or(place, |(_, name)| name).to_owned();
        let digests = self.pool.digests();
        digests.map(|(place, sha256)| (name(place), sha256.to_owned())).collect()
    }

    /// Returns where the file `number` was copied to.
    pub(super) fn path(&self, number: usize) -> PathBuf {
        self.folder.path().join(number.to_string())
    }

    /// Takes `file` in; returns what it is. One that the pool has is only hashed.
    pub(super) fn take(&self, number: usize, file: &Path) -> Result<Item, Error> {
        let mut input = item::open(file)?;
        if let Some(place) = self.place_of(&mut input)? {
            return self.pool.item(place);
        }
        let mut copy = copy(&mut input, &self.path(number))?;
        let item = Item::of(&mut copy, file)?;
        self.repository.check_architecture(file, &item)?;
        Ok(item)
    }

    /// Returns where in the pool there is a package with the bytes of `input`.
    fn place_of(&self, input: &mut File) -> Result<Option<&str>, Error> {
        // Most new packages are told by their length alone.
        if !self.sizes.contains(&input.metadata()?.len()) {
            return Ok(None);
        }
        let mut hashing = Hashing::<_, Sha256>::new(&mut *input);
        io::copy(&mut hashing, &mut io::sink())?;
        let digest = hashing.finish().digest;
        input.rewind()?;
        Ok(self.places.get(digest.as_str()).copied())
    }
}

/// Copies `input`; where the disk can, the copy shares its blocks.
fn copy(input: &mut File, path: &Path) -> io::Result<File> {
    let mut options = fs_err::OpenOptions::new();
    let copy = options.read(true).write(true).create_new(true).open(path)?;
    let mut copy = copy.into_file();
    io::copy(input, &mut copy)?;
    copy.set_permissions(PermissionsExt::from_mode(0o644))?;
    Ok(copy)
}
