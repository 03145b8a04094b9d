//! Packages written under temporary names and put in place together.

use std::cell::RefCell;
use std::path::Path;

use fs_err::File;
use packaging::{Blueprint, Settings, Written, durable};
use plugin::Format;

use super::earlier::Earlier;
use super::{BuildError, BuiltPackage, Event, Request};

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
        let kept: Vec<_> = packages.iter().filter_map(|package| package.path.file_name()).collect();
        let left = self.earlier.remove(formats, &kept);
        // The lock ends with the file.
        drop(folder);
        for BuiltPackage { path, size, sha256, .. } in &packages {
            on(Event::Built { path: path.clone(), size: *size, sha256: sha256.clone() });
        }
        for problem in left {
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
            let Written { size, sha256 } = self.fill(format, out, on)?;
            let path = path.clone();
            packages.push(BuiltPackage { format, path, size, sha256 });
            packages.extend(self.write(others, folder, on)?);
            Ok(())
        })?;
        Ok(packages)
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
