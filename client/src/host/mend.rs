//! Brings a package that a killed package manager left half-done back into order.
//!
//! An rpm that was killed in an update may leave both versions recorded. The same update again is then
//! refused, but installing over both takes the lower one off, and the higher one can be erased after.
//! Files that it had not renamed yet would be in the way. dpkg installs over whatever it left; what it
//! left of a removal it removes when told that the package need not be whole. Where only the package's
//! own script has failed, it is asked to run that once more.
//!
//! What cannot be finished is taken back ([`Host::take_back`]): a package's script that always fails must
//! not stand between the host and all other plugins (`threats-and-faults` F8).

use std::ffi::OsString;
use std::io;
use std::path::Path;

use super::backend::Family;
use super::commands::file;
use super::{Host, HostError, Ran};
use crate::plan::Item;

impl Host {
    /// Works towards what `item` should be after its package manager was killed at any moment; `files`
    /// is the folder with its package. Whether it got there is what [`Self::judge`] says.
    pub fn mend(
        &self,
        item: &Item,
        files: &Path,
        on: &mut dyn FnMut(&str),
    ) -> Result<Vec<Ran>, HostError> {
        let manager = self.manager()?;
        self.clear_leftovers(&item.folder)?;
        let mut ran = Vec::new();
        match manager.backend.family() {
            Family::Rpm => self.mend_rpm(item, files, &mut |command| {
                ran.push(self.attempt(command, on)?);
                Ok(())
            })?,
            Family::Dpkg => self.mend_dpkg(item, files, &mut |command| {
                ran.push(self.attempt(command, on)?);
                Ok(())
            })?,
        }
        Ok(ran)
    }

    /// Works back to what there was before `item`; `kept` is the package of then in the folder `files`.
    /// Whether it got there is what the database says.
    pub(crate) fn take_back(
        &self,
        item: &Item,
        kept: Option<String>,
        files: &Path,
        on: &mut dyn FnMut(&str),
    ) -> Result<(), HostError> {
        let is_dpkg = self.manager()?.backend.family() == Family::Dpkg;
        if is_dpkg && item.before.is_none() {
            return self.purge(&item.package, on);
        }
        let back = Item {
            sha256: kept,
            before: item.after.clone(),
            after: item.before.clone(),
            ..item.clone()
        };
        self.mend(&back, files, on).map(drop)
    }

    /// Has dpkg take away a package that was not there before. Where only scripts of the package itself
    /// are against it they are dropped: it was never configured, so that they have nothing to undo.
    fn purge(&self, package: &str, on: &mut dyn FnMut(&str)) -> Result<(), HostError> {
        let manager = self.manager()?;
        let purge = |words: &[&str]| {
            let mut command = manager.dpkg();
            command.extend(words.iter().map(OsString::from));
            command
                .extend(["--force-remove-reinstreq", "--purge", "--", package].map(OsString::from));
            command
        };
        if self.attempt(&purge(&[]), on)?.status.success() {
            return Ok(());
        }
        if !self.runner.ask(&purge(&["--no-act"]))?.ran.status.success() {
            return Ok(());
        }
        for script in ["prerm", "postrm"] {
            let scripts = self.places.root().join("var/lib/dpkg/info");
            match fs_err::remove_file(scripts.join(format!("{package}.{script}"))) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        self.attempt(&purge(&[]), on).map(drop)
    }

    /// Runs a command that is judged by what it leaves, also where it took too long and was ended.
    fn attempt(&self, command: &[OsString], on: &mut dyn FnMut(&str)) -> Result<Ran, HostError> {
        match self.patiently(command, on) {
            Err(HostError::TookTooLong { ran, .. }) => Ok(ran),
            ended => ended,
        }
    }

    /// Installs the wanted version over what is there, then erases all other versions: the files that
    /// only they have go with them.
    fn mend_rpm(
        &self,
        item: &Item,
        files: &Path,
        run: &mut dyn FnMut(&[OsString]) -> Result<(), HostError>,
    ) -> Result<(), HostError> {
        let manager = self.manager()?;
        if let Some(sha256) = &item.sha256 {
            let mut command = manager.rpm();
            command.extend(["--replacepkgs", "--oldpackage", "-U", "--"].map(OsString::from));
            command.push(file(files, sha256, item).into());
            run(&command)?;
        }
        for version in self.recorded(&item.package)? {
            if Some(&version) != item.after.as_ref() {
                let mut command = manager.rpm();
                command.extend(["--nodeps", "-e", "--"].map(OsString::from));
                command.push(format!("{}-{version}", item.package).into());
                run(&command)?;
            }
        }
        Ok(())
    }

    /// Returns every version of a package that rpm's database has.
    fn recorded(&self, package: &str) -> Result<Vec<String>, HostError> {
        let manager = self.manager()?;
        let mut command = manager.rpm();
        command
            .extend(["-q", "--qf", "%{NAME}\\t%{VERSION}-%{RELEASE}\\n", "--"].map(OsString::from));
        command.push(package.into());
        // A name that is not recorded is no failure; then no line has two fields.
        let text = self.runner.ask(&command)?.text;
        let rows = text.lines().filter_map(|line| line.split_once('\t'));
        Ok(rows.filter(|(name, _)| *name == package).map(|(_, version)| version.into()).collect())
    }

    /// Finishes what dpkg began, then installs or removes again.
    fn mend_dpkg(
        &self,
        item: &Item,
        files: &Path,
        run: &mut dyn FnMut(&[OsString]) -> Result<(), HostError>,
    ) -> Result<(), HostError> {
        let manager = self.manager()?;
        let mut command = manager.dpkg();
        match (&item.sha256, &item.after) {
            (Some(sha256), _) if !self.is_unpacked(item)? => {
                command.extend(["-i", "--"].map(OsString::from));
                command.push(file(files, sha256, item).into());
                run(&command)?;
            }
            (None, None) => {
                command.extend(["--force-remove-reinstreq", "-r", "--"].map(OsString::from));
                command.push(item.package.clone().into());
                run(&command)?;
            }
            // All files are there, or no package is that they could come from.
            _ => {}
        }
        let mut configure = manager.dpkg();
        configure.extend(["--configure", "-a"].map(OsString::from));
        run(&configure)
    }

    /// Whether dpkg has unpacked the wanted version and only lacks its scripts.
    fn is_unpacked(&self, item: &Item) -> Result<bool, HostError> {
        let packages = self.packages()?;
        let found = packages.iter().find(|package| package.package == item.package);
        Ok(found.is_some_and(|package| {
            package.condition.is_unconfigured() && Some(&package.version) == item.after.as_ref()
        }))
    }

    /// Removes files that a killed rpm had not renamed yet: `name;0123abcd`.
    pub(crate) fn clear_leftovers(&self, folder: &str) -> Result<(), HostError> {
        let mut folders = vec![self.places.plugins().join(folder)];
        while let Some(folder) = folders.pop() {
            if !fs_err::symlink_metadata(&folder).is_ok_and(|found| found.is_dir()) {
                continue;
            }
            for entry in fs_err::read_dir(&folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    folders.push(entry.path());
                } else if is_leftover(&entry.file_name().to_string_lossy()) {
                    fs_err::remove_file(entry.path())?;
                }
            }
        }
        Ok(())
    }
}

/// Whether rpm names files so before it renames them.
pub(super) fn is_leftover(name: &str) -> bool {
    let hexadecimal =
        |end: &str| end.len() == 8 && end.bytes().all(|byte| byte.is_ascii_hexdigit());
    name.rsplit_once(';').is_some_and(|(start, end)| !start.is_empty() && hexadecimal(end))
}
