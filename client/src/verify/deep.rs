//! A plugin's folder against the very package that it was installed from, as that was kept: each byte,
//! each mode, and nothing beside. What the package manager's database says of the files, which whoever
//! changed them may have changed too, has no part in it.

use std::collections::BTreeSet;
use std::fs::{File, Metadata};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use packaging::digest::Hashing;
use packaging::{Limits, Package, package};
use plugin::{Format, PLUGINS_ROOT, PluginId};
use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat, openat2};
use rustix::io::Errno;
use sha2::Sha256;

use super::{Deviation, Kind};
use crate::offer::shelf::Shelf;
use crate::{Host, HostState, KeptPackage};

/// Bits of a mode that say what kind of file it is.
const KIND: u32 = 0o170_000;

/// What a comparison with the kept package found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Deep {
    /// The package is kept and as it was; this is what differs.
    Compared {
        /// SHA-256 of the package.
        sha256: String,
        /// What is wrong.
        deviations: Vec<Deviation>,
    },
    /// No package of this version is kept.
    NotKept,
    /// The kept package is not what was kept.
    Altered {
        /// SHA-256 that it should have.
        sha256: String,
    },
}

/// Compares the folder of `plugin` with its kept package.
pub(super) fn compare(host: &Host, state: &HostState, plugin: &PluginId) -> io::Result<Deep> {
    let same = |kept: &&KeptPackage| {
        kept.plugin == *plugin && kept.plugin.version.as_str() == plugin.version.as_str()
    };
    let Some(kept) = state.kept.iter().find(same) else { return Ok(Deep::NotKept) };
    let sha256 = kept.sha256.clone();
    let Some(package) = read(host, kept)? else { return Ok(Deep::Altered { sha256 }) };
    let folder = plugin.package_name();
    let place = Folder {
        path: host.places().plugins().join(folder.as_str()),
        shown: state.profile.plugins.join(folder.as_str()),
        format: package.format,
    };
    Ok(Deep::Compared { sha256, deviations: place.deviations(&package)? })
}

/// Reads a kept package, unless it is not what was kept.
fn read(host: &Host, kept: &KeptPackage) -> io::Result<Option<Package>> {
    let path = Shelf::new(host.places().kept()).package(&kept.sha256, kept.format);
    let mut content = Hashing::<_, Sha256>::new(fs_err::File::open(&path)?.into_file());
    io::copy(&mut content, &mut io::sink())?;
    if content.finish().digest != kept.sha256 {
        return Ok(None);
    }
    let mut file = fs_err::File::open(&path)?.into_file();
    Ok(packaging::inspect(&mut file, &Limits::default()).ok())
}

/// A plugin's folder on the disk.
struct Folder {
    path: PathBuf,
    /// As the machine itself names it.
    shown: PathBuf,
    format: Format,
}

impl Folder {
    fn deviations(&self, package: &Package) -> io::Result<Vec<Deviation>> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let folder = match openat(CWD, &self.path, flags, Mode::empty()) {
            Ok(folder) => folder,
            // That the folder is gone is told by comparing it with the registry.
            Err(Errno::NOENT | Errno::LOOP | Errno::NOTDIR) => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut found = Vec::new();
        let mut expected = BTreeSet::new();
        for (path, entry) in &package.files {
            let Some(below) = self.below(Path::new(path)) else { continue };
            expected.insert(below);
            if let Some(kind) = self.fault(&folder, below, entry)? {
                found.push(Deviation { path: self.shown.join(below), kind });
            }
        }
        for below in listing(&self.path)? {
            if !expected.contains(&*below) {
                found.push(Deviation { path: self.shown.join(below), kind: Kind::Added });
            }
        }
        Ok(found)
    }

    /// Returns what of a package's path is in this folder; `None` of what a package has elsewhere, such as
    /// its changelog, and of the folder itself. What an fp says is below the usual plugins root.
    fn below<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        let usual = Path::new(PLUGINS_ROOT).join(self.path.file_name()?);
        let place = if self.format == Format::Fp { &usual } else { &self.shown };
        path.strip_prefix(place).ok().filter(|below| !below.as_os_str().is_empty())
    }

    /// Returns what is wrong with one entry, the gravest first.
    fn fault(
        &self,
        folder: &OwnedFd,
        below: &Path,
        entry: &package::File,
    ) -> io::Result<Option<Kind>> {
        let path = self.path.join(below);
        let metadata = match fs_err::symlink_metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) if is_absence(&error) => return Ok(Some(Kind::Missing)),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return Ok(Some(Kind::Unreadable));
            }
            Err(error) => return Err(error),
        };
        if metadata.mode() & KIND != entry.mode & KIND {
            return Ok(Some(Kind::Changed));
        }
        if entry.is_link() {
            let target = fs_err::read_link(&path)?;
            let right = entry.target.as_deref().is_some_and(|wanted| target == Path::new(wanted));
            return Ok((!right).then_some(Kind::Changed));
        }
        let content = if entry.is_regular() { content(folder, below, entry)? } else { None };
        Ok(content.or_else(|| self.rights(&metadata, entry)))
    }

    /// Compares owner and mode. What is unpacked from an fp gets those of ours.
    fn rights(&self, metadata: &Metadata, entry: &package::File) -> Option<Kind> {
        if self.format == Format::Fp {
            return None;
        }
        let of_root = entry.owner == "root:root";
        if of_root && (metadata.uid(), metadata.gid()) != (0, 0) {
            return Some(Kind::Owner);
        }
        (metadata.mode() & !KIND != entry.mode & !KIND).then_some(Kind::Mode)
    }
}

/// Compares a file's bytes, wherever links on the way lead: none is followed.
fn content(folder: &OwnedFd, below: &Path, entry: &package::File) -> io::Result<Option<Kind>> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
    let file = match openat2(folder, below, flags, Mode::empty(), resolve) {
        Ok(file) => File::from(file),
        Err(Errno::NOENT | Errno::NOTDIR) => return Ok(Some(Kind::Missing)),
        Err(Errno::XDEV | Errno::LOOP) => return Ok(Some(Kind::Changed)),
        Err(Errno::ACCESS | Errno::PERM) => return Ok(Some(Kind::Unreadable)),
        Err(error) => return Err(error.into()),
    };
    let mut file = Hashing::<_, Sha256>::new(file);
    io::copy(&mut file, &mut io::sink())?;
    let read = file.finish();
    Ok(match read.length {
        _ if Some(&read.digest) == entry.sha256.as_ref() => None,
        0 => Some(Kind::Empty),
        _ => Some(Kind::Changed),
    })
}

/// Returns every name in a folder, relative to it, sorted.
fn listing(folder: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        for entry in fs_err::read_dir(folder.join(&below))? {
            let entry = entry?;
            let path = below.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(path.clone());
            }
            found.insert(path);
        }
    }
    Ok(found)
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
