//! Takes packages in: each is copied through one open handle into a private folder, and judged there,
//! so that what is judged is what is installed (`threats-and-faults` A25).

use std::fs::{File, Permissions};
use std::io::{self, Read, Seek};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use packaging::digest::Hashing;
use packaging::{Limits, Package, durable};
use plugin::Format;
use registry::Plugin;
use rustix::fs::statvfs;
use sha2::Sha256;
use tempfile::{NamedTempFile, TempDir};

use super::shelf::{Label, Shelf, extension};
use super::{Offer, OfferError, Provenance, identity, payload};
use crate::{KeptPackage, Places};

/// The largest package that is taken, in bytes.
const LARGEST: u64 = 4 << 30;

/// Takes packages in.
#[derive(Debug)]
pub struct Intake {
    shelf: Shelf,
    kept: Shelf,
    /// Removes the folder in the end where nothing is to stay.
    _temporary: Option<TempDir>,
}

impl Intake {
    /// Returns an intake whose copies lie among the incoming packages until a plan keeps them.
    pub(crate) fn incoming(places: &Places) -> io::Result<Self> {
        make_incoming(places)?;
        Ok(Self::at(places.incoming(), places, None))
    }

    /// Returns an intake whose copies are gone with it: for dry runs.
    pub fn temporary(places: &Places) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        Ok(Self::at(folder.path().to_owned(), places, Some(folder)))
    }

    fn at(folder: PathBuf, places: &Places, temporary: Option<TempDir>) -> Self {
        Self { shelf: Shelf::new(folder), kept: Shelf::new(places.kept()), _temporary: temporary }
    }

    /// The private folder; what is fetched from a repository may be put there.
    pub fn folder(&self) -> &Path {
        self.shelf.folder()
    }

    /// Takes in the package at `path`.
    pub fn read(&self, path: &Path, provenance: Provenance) -> Result<Offer, OfferError> {
        self.judge(path, self.copy(path)?, provenance)
    }

    /// Takes in a package that was kept, which must not have changed since: nothing else of it is read
    /// before.
    pub fn kept(&self, kept: &KeptPackage) -> Result<Offer, OfferError> {
        let path = self.kept.package(&kept.sha256, kept.format);
        let mut copy = self.copy(&path)?;
        let mut content = Hashing::<_, Sha256>::new(copy.as_file_mut());
        io::copy(&mut content, &mut io::sink())?;
        if content.finish().digest != kept.sha256 {
            return Err(OfferError::Altered { sha256: kept.sha256.clone() });
        }
        copy.as_file_mut().rewind()?;
        self.judge(&path, copy, Provenance::Kept)
    }

    fn judge(
        &self,
        path: &Path,
        mut copy: NamedTempFile,
        provenance: Provenance,
    ) -> Result<Offer, OfferError> {
        let package = inspect(path, copy.as_file_mut())?;
        // A repository may name its files as it likes.
        if let Provenance::File(_) = provenance {
            check_extension(path, package.format)?;
        }
        let plugin = describe(path, &package)?;
        identity::check(path, &package, &plugin.id)?;
        if let Some(entry) = payload::foreign_entry(&package, &plugin.id) {
            return Err(OfferError::Foreign { path: path.to_owned(), entry: entry.to_owned() });
        }
        if let Some((entry, why)) = payload::harmful_entry(&package, &plugin.id) {
            let (path, entry) = (path.to_owned(), entry.to_owned());
            return Err(OfferError::Harmful { path, entry, why });
        }
        let file = self.put(copy, &package, &plugin)?;
        Ok(Offer {
            plugin,
            format: package.format,
            version: identity::full_version(&package),
            package: package.name,
            file,
            size: package.size,
            sha256: package.sha256,
            provenance,
        })
    }

    fn copy(&self, path: &Path) -> Result<NamedTempFile, OfferError> {
        let file = open(path)?;
        let size = file.metadata()?.len();
        let too_large = |size| OfferError::TooLarge { path: path.to_owned(), size, limit: LARGEST };
        if size > LARGEST {
            return Err(too_large(size));
        }
        self.check_space(size)?;
        let mut copy = NamedTempFile::new_in(self.folder())?;
        // It may grow meanwhile.
        let copied = io::copy(&mut file.take(LARGEST + 1), &mut copy)?;
        if copied > LARGEST {
            return Err(too_large(copied));
        }
        copy.as_file().sync_all()?;
        copy.as_file_mut().rewind()?;
        Ok(copy)
    }

    fn check_space(&self, size: u64) -> Result<(), OfferError> {
        let disk = statvfs(self.folder()).map_err(io::Error::from)?;
        let (available, needed) = (disk.f_bavail.saturating_mul(disk.f_frsize), size + size / 10);
        if available < needed {
            let folder = self.folder().to_owned();
            return Err(OfferError::NoSpace { folder, needed, available });
        }
        Ok(())
    }

    /// Gives a judged copy its name and label.
    fn put(
        &self,
        copy: NamedTempFile,
        package: &Package,
        plugin: &Plugin,
    ) -> Result<PathBuf, OfferError> {
        let path = self.shelf.package(&package.sha256, package.format);
        let copy = copy.into_temp_path();
        durable::supersede(&copy, &path)?;
        // The name is gone already; nothing is left to be removed.
        let _ = copy.keep();
        let label = Label {
            plugin: plugin.id.clone(),
            format: package.format,
            size: package.size,
            unpacked: payload::extent(package),
            transaction: None,
        };
        self.shelf.put_label(&package.sha256, &label)?;
        Ok(path)
    }
}

/// Makes the folder of incoming packages, which nobody else may look into.
pub(crate) fn make_incoming(places: &Places) -> io::Result<()> {
    fs_err::create_dir_all(places.state())?;
    let folder = places.incoming();
    match std::fs::DirBuilder::new().mode(0o700).create(&folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs_err::set_permissions(&folder, Permissions::from_mode(0o700))
        }
        made => made,
    }
}

/// Opens a regular file; opening anything else has no effect and never waits.
pub(super) fn open(path: &Path) -> Result<File, OfferError> {
    let nonblocking = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let mut options = fs_err::OpenOptions::new();
    options.read(true).options_mut().custom_flags(nonblocking);
    let file = match options.open(path) {
        Ok(file) => file.into_file(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(OfferError::Missing(path.to_owned()));
        }
        Err(error) => return Err(error.into()),
    };
    if file.metadata()?.is_file() { Ok(file) } else { Err(OfferError::NotAFile(path.to_owned())) }
}

/// Reads a package whose digests hold.
pub(super) fn inspect(path: &Path, copy: &mut File) -> Result<Package, OfferError> {
    let package = packaging::inspect(copy, &Limits::default())
        .map_err(|source| OfferError::Unreadable { path: path.to_owned(), source })?;
    if package.is_intact() {
        return Ok(package);
    }
    let broken = package.integrity.into_iter().filter(|item| item.holds == Some(false));
    let digests = broken.map(|item| item.name).collect();
    Err(OfferError::Damaged { path: path.to_owned(), digests })
}

/// Refuses a file whose name does not say which format it is.
fn check_extension(path: &Path, format: Format) -> Result<(), OfferError> {
    let promised = path.extension().unwrap_or_default();
    if promised.eq_ignore_ascii_case(extension(format)) {
        return Ok(());
    }
    Err(OfferError::Extension { path: path.to_owned(), format })
}

fn describe(path: &Path, package: &Package) -> Result<Plugin, OfferError> {
    let text = package.metadata.as_ref().ok_or_else(|| OfferError::NoMetadata(path.to_owned()))?;
    registry::scan::plugin_from(text)
        .map_err(|problem| OfferError::Metadata { path: path.to_owned(), problem })
}
