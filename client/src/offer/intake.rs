//! Takes packages in: each is copied through one open handle into a private folder, and judged there,
//! so that what is judged is what is installed (`threats-and-faults` A25).

use std::cell::RefCell;
use std::fs::{File, Permissions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use packaging::signature::{BadCertificates, TrustStore};
use packaging::{Limits, Package, ReadError, durable};
use plugin::Format;
use registry::{Plugin, Voucher};
use rustix::fs::statvfs;
use tempfile::{NamedTempFile, TempDir};

use super::shelf::{Label, Shelf, extension};
use super::vouch::Judged;
use super::{Offer, OfferError, Provenance, chain, identity, payload, scripts, vouch};
use crate::host::LISTS;
use crate::regular::{self, Unfit};
use crate::{HostState, KeptPackage, Places, Trust};

/// The largest package that is taken, in bytes.
const LARGEST: u64 = 4 << 30;

/// Takes packages in.
#[derive(Debug)]
pub struct Intake {
    shelf: Shelf,
    kept: Shelf,
    /// What repositories say of what was fetched from them.
    lists: PathBuf,
    /// An administrator may trust a further key while packages are taken in.
    trust: RefCell<Trust>,
    /// Removes the folder in the end where nothing is to stay.
    _temporary: Option<TempDir>,
}

impl Intake {
    /// Returns an intake whose copies lie among the incoming packages until a plan keeps them.
    pub(crate) fn incoming(places: &Places, state: &HostState) -> io::Result<Self> {
        make_incoming(places)?;
        Ok(Self::at(places.incoming(), places, &state.trust, None))
    }

    /// Returns an intake whose copies are gone with it: for dry runs.
    pub fn temporary(places: &Places, trust: &Trust) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        Ok(Self::at(folder.path().to_owned(), places, trust, Some(folder)))
    }

    fn at(folder: PathBuf, places: &Places, trust: &Trust, temporary: Option<TempDir>) -> Self {
        Self {
            lists: folder.join(LISTS),
            shelf: Shelf::new(folder),
            kept: Shelf::new(places.kept()),
            trust: RefCell::new(trust.clone()),
            _temporary: temporary,
        }
    }

    /// Trusts further keys from now on, for the plugins whose packages they vouch for here.
    pub fn accept(&self, keys: &TrustStore) -> Result<(), BadCertificates> {
        self.trust.borrow_mut().accept(keys)
    }

    /// The private folder; what is fetched from a repository may be put there.
    pub fn folder(&self) -> &Path {
        self.shelf.folder()
    }

    /// Takes in the package at `path`. Nothing of it but an RPM's header is read before its signature is
    /// known to count, or may be missing.
    pub fn read(&self, path: &Path, provenance: Provenance) -> Result<Offer, OfferError> {
        let mut copy = self.copy(path)?;
        let format = recognise(path, copy.as_file_mut())?;
        let beside = vouch::signature_of(path)?;
        let trust = self.trust.borrow();
        let verdict = match (&provenance, &beside) {
            // What a repository says of a deb is signed, not the deb.
            (Provenance::Repository(_), None) if path.extension() == Some("deb".as_ref()) => {
                let sha256 = vouch::digest_of(copy.as_file_mut())?;
                chain::judge(&self.lists, &trust, &sha256, Timestamp::now())?
            }
            _ => vouch::signed(&trust, copy.as_file_mut(), beside.as_deref())?,
        };
        vouch::admit(path, &trust, &verdict)?;
        self.judge(path, Judged { copy, format, verdict, beside }, provenance)
    }

    /// Takes in a package that was kept, which must not have changed since, and whose key must not have
    /// been taken back: nothing else of it is read before.
    pub fn kept(&self, kept: &KeptPackage) -> Result<Offer, OfferError> {
        let path = self.kept.package(&kept.sha256, kept.format);
        let mut copy = self.copy(&path)?;
        if vouch::digest_of(copy.as_file_mut())? != kept.sha256 {
            return Err(OfferError::Altered { sha256: kept.sha256.clone() });
        }
        let beside = vouch::read(&self.kept.signature(&kept.sha256, kept.format))?;
        let trust = self.trust.borrow();
        let verdict = match (&beside, &kept.voucher) {
            // It came from a repository whose index was signed.
            (None, Voucher::Key(key)) if kept.format != Format::Rpm => vouch::still(&trust, key),
            _ => vouch::signed(&trust, copy.as_file_mut(), beside.as_deref())?,
        };
        vouch::admit(&path, &trust, &verdict)?;
        let provenance = Provenance::Kept(kept.origin.clone());
        let format = kept.format;
        self.judge(&path, Judged { copy, format, verdict, beside }, provenance)
    }

    fn judge(
        &self,
        path: &Path,
        mut judged: Judged,
        provenance: Provenance,
    ) -> Result<Offer, OfferError> {
        let inspected = inspect(path, judged.copy.as_file_mut());
        let package = vouch::whole(path, inspected, &judged, &self.trust.borrow())?;
        vouch::covered(path, &package, &judged.verdict, &self.trust.borrow())?;
        // A repository may name its files as it likes.
        if let Provenance::File(_) = provenance {
            check_extension(path, package.format)?;
        }
        let plugin = describe(path, &package)?;
        identity::check(path, &package, &plugin.id)?;
        payload::check(path, &package, &plugin.id)?;
        let backing = vouch::backing(&self.trust.borrow(), &plugin.id.name, &mut judged)?;
        let label = Label {
            plugin: plugin.id.clone(),
            format: package.format,
            size: package.size,
            unpacked: payload::extent(&package),
            transaction: None,
            origin: provenance.origin(),
            voucher: backing.voucher(),
        };
        let file = self.put(judged, &package.sha256, &label)?;
        Ok(Offer {
            plugin,
            format: package.format,
            version: identity::full_version(&package),
            scripts: scripts::own(&package),
            package: package.name,
            file,
            size: package.size,
            sha256: package.sha256,
            provenance,
            voucher: backing.voucher(),
            backing,
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
    fn put(&self, judged: Judged, sha256: &str, label: &Label) -> Result<PathBuf, OfferError> {
        if let Some(signature) = &judged.beside {
            let path = self.shelf.signature(sha256, label.format);
            durable::replace::<io::Error>(&path, |file| file.write_all(signature))?;
        }
        let path = self.shelf.package(sha256, label.format);
        let copy = judged.copy;
        let copy = copy.into_temp_path();
        durable::supersede(&copy, &path)?;
        // The name is gone already; nothing is left to be removed.
        let _ = copy.keep();
        self.shelf.put_label(sha256, label)?;
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

/// Opens a regular file.
pub(super) fn open(path: &Path) -> Result<File, OfferError> {
    regular::open(path).map_err(|unfit| match unfit {
        Unfit::Io(error) if error.kind() == io::ErrorKind::NotFound => {
            OfferError::Missing(path.to_owned())
        }
        Unfit::Io(error) => error.into(),
        Unfit::NotAFile(_) | Unfit::TooLarge { .. } => OfferError::NotAFile(path.to_owned()),
    })
}

/// Refuses what does not even begin as a package does.
fn recognise(path: &Path, copy: &mut File) -> Result<Format, OfferError> {
    let mut start = Vec::new();
    Read::by_ref(copy).take(8).read_to_end(&mut start)?;
    copy.rewind()?;
    packaging::recognise(&start).ok_or_else(|| {
        let (path, source) = (path.to_owned(), ReadError::Unrecognised);
        OfferError::Unreadable { path, source }
    })
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
