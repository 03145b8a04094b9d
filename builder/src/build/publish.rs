//! Packages written under temporary names and put in place together.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::Path;

use fs_err::File;
use packaging::signature;
use packaging::{Blueprint, Settings, Written, durable};
use plugin::Format;

use super::earlier::{Earlier, remove_signature};
use super::{BuildError, BuiltPackage, Event, Request, Seal};

/// What is put in place, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Publication<'a> {
    /// What was asked for.
    pub(super) request: &'a Request,
    /// What the packages say and hold.
    pub(super) blueprint: &'a Blueprint,
    /// Where they go.
    pub(super) folder: &'a Path,
    /// What they replace there.
    pub(super) earlier: &'a Earlier,
    /// Who signs them.
    pub(super) seal: Option<Seal<'a>>,
}

impl Publication<'_> {
    /// Writes the packages, puts them in place and removes those that they replace.
    pub(super) fn publish(
        &self,
        formats: &[Format],
        on: &mut dyn FnMut(Event<'_>),
    ) -> Result<Vec<BuiltPackage>, BuildError> {
        let folder = File::open(self.folder)?;
        let packages = self.write(formats, &folder, on)?;
        let stale = self.remove_stale(&packages);
        let kept: Vec<_> = packages.iter().filter_map(|package| package.path.file_name()).collect();
        let left = self.earlier.remove(formats, &kept);
        // The lock ends with the file.
        drop(folder);
        for BuiltPackage { path, size, sha256, .. } in &packages {
            on(Event::Built { path: path.clone(), size: *size, sha256: sha256.clone() });
        }
        for problem in left.into_iter().chain(stale) {
            on(Event::Left { problem });
        }
        Ok(packages)
    }

    /// Writes the packages of all formats, then puts all in place: each is renamed only after those
    /// behind it have been, so the first rename comes when all are written.
    ///
    /// From there on `folder` is locked, so that builds rename and remove one after the other.
    fn write(
        &self,
        formats: &[Format],
        folder: &File,
        on: &mut dyn FnMut(Event<'_>),
    ) -> Result<Vec<BuiltPackage>, BuildError> {
        let Some((&format, others)) = formats.split_first() else {
            // Some network disks have no locks. There the marks of `Earlier` alone keep builds apart.
            let _ = folder.file().lock();
            durable::clear_leftovers(self.folder)?;
            return Ok(Vec::new());
        };
        let name = packaging::file_name(format, self.blueprint)?;
        let path = self.folder.join(&name);
        if !self.earlier.owns(&path, format)? {
            return Err(BuildError::Taken(path));
        }
        let mut packages = Vec::new();
        durable::replace::<BuildError>(&path, |out| {
            on(Event::Packaging { file: name, total_bytes: self.blueprint.contents.size() });
            let written = self.fill(format, out, on)?;
            let (Written { size, sha256 }, beside) = self.sign(written, out)?;
            packages.push(BuiltPackage { format, path: path.clone(), size, sha256 });
            let mut write_others = || {
                packages.extend(self.write(others, folder, on)?);
                Ok::<_, BuildError>(())
            };
            let Some(signature) = beside else { return write_others() };
            // It is there before the package is.
            durable::replace::<BuildError>(&signature::beside(&path), |out| {
                out.write_all(&signature)?;
                write_others()
            })
        })?;
        Ok(packages)
    }

    /// Signs a package that has no name yet. Returns what is in it then, and the signature that goes
    /// beside it.
    fn sign(
        &self,
        written: Written,
        out: &mut std::fs::File,
    ) -> Result<(Written, Option<Vec<u8>>), BuildError> {
        match self.seal {
            Some(Seal { signer, at }) => Ok(signature::seal(out, signer, at)?),
            None => Ok((written, None)),
        }
    }

    /// Removes the signatures of packages that unsigned ones have just replaced; returns why some could
    /// not be removed.
    fn remove_stale(&self, packages: &[BuiltPackage]) -> Vec<io::Error> {
        let unsigned = packages.iter().filter(|_| self.seal.is_none());
        unsigned.filter_map(|package| remove_signature(&package.path).err()).collect()
    }

    /// Writes one package.
    fn fill(
        &self,
        format: Format,
        out: &std::fs::File,
        on: &mut dyn FnMut(Event<'_>),
    ) -> Result<Written, BuildError> {
        let on = RefCell::new(on);
        let settings = Settings {
            compression: self.request.compression,
            level: self.request.level,
            scratch: self.folder,
            progress: &|bytes| (on.borrow_mut())(Event::Progress { bytes }),
        };
        Ok(packaging::write(format, self.blueprint, &settings, out)?)
    }
}
