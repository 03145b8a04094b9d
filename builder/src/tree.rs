//! The plugin's folder as what its package will hold (`fuel-formats 4.1`), before indexes are made.
//!
//! Names at the top that begin with a dot are left out, as is what earlier builds left. A symlink at
//! the top is replaced by what it leads to; deeper ones stay links, and must lead from their place in
//! the package to another one there. What group and others may do follows from what the owner may, so
//! that a package does not depend on the umask under which its sources were checked out.

pub(crate) mod leftovers;
pub(crate) mod links;
pub(crate) mod scripts;

use std::ffi::{OsStr, OsString};
use std::fs::Metadata;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use packaging::contents::Entry;
use packaging::{Content, Contents, Kind, Limits};
use rustix::fs::{Access, AtFlags, CWD, accessat};

use crate::{Code, Finding, ValuePath};
use leftovers::Leftovers;

/// Written anew by each build; a stale one is ignored.
pub(crate) const CHECKSUMS: &str = "checksums.sha1";

/// A plugin's folder as read.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// What is packaged.
    pub(crate) contents: Contents,
    /// What cannot be; where there is anything, `contents` is not to be used.
    pub(crate) findings: Vec<Finding>,
}

/// Reads the plugin's folder. What cannot be read is a finding, too.
pub(crate) fn read(directory: &Path, leftovers: &Leftovers, limits: &Limits) -> Tree {
    let mut tree = Tree::default();
    match fs_err::canonicalize(directory) {
        Ok(root) => {
            let mut walk = Walk { root: root.clone(), leftovers, limits, tree };
            walk.folder(&root, "");
            tree = walk.tree;
            leftovers.leave_out(&root, &mut tree.contents);
        }
        Err(error) => tree.findings.push(unreadable(".", &error)),
    }
    if tree.findings.is_empty() {
        tree.findings = links::check(&tree.contents);
    }
    tree
}

/// Returns a finding about the file at `path`, relative to the plugin.
pub(crate) fn finding(code: Code, path: &str, message: String, help: &str) -> Finding {
    Finding {
        code,
        file: path.to_owned(),
        span: None,
        path: ValuePath::default(),
        message,
        help: Some(help.to_owned()),
    }
}

fn unreadable(path: &str, error: &io::Error) -> Finding {
    let message = format!("cannot be read: {}", error.kind());
    finding(Code::Unreadable, path, message, "give yourself permission to read it")
}

struct Walk<'a> {
    root: PathBuf,
    leftovers: &'a Leftovers,
    limits: &'a Limits,
    tree: Tree,
}

impl Walk<'_> {
    /// Reads what is in `folder`, which is `path` in the package.
    fn folder(&mut self, folder: &Path, path: &str) {
        let names = match names(folder) {
            Ok(names) => names,
            Err(error) => return self.tree.findings.push(unreadable(path, &error)),
        };
        for name in names {
            let Some(text) = self.legible(path, &name) else { continue };
            if self.is_left_out(folder, path, text) {
                continue;
            }
            let path = if path.is_empty() { text.to_owned() } else { format!("{path}/{text}") };
            if self.has_room_for(&path)
                && let Err(error) = self.entry(&folder.join(&name), &path)
            {
                self.tree.findings.push(unreadable(&path, &error));
            }
        }
    }

    /// Returns a name as text, where it is one that lists of files can hold.
    fn legible<'n>(&mut self, path: &str, name: &'n OsStr) -> Option<&'n str> {
        let text = name.to_str().filter(|text| !text.chars().any(char::is_control));
        if text.is_none() {
            let file = Path::new(path).join(name).to_string_lossy().escape_debug().to_string();
            let message = "the name is not UTF-8 text without control characters".to_owned();
            self.find(Code::FileName, &file, message, "rename the file");
        }
        text
    }

    fn is_left_out(&self, folder: &Path, path: &str, name: &str) -> bool {
        let at_top = path.is_empty();
        at_top && (name.starts_with('.') || name == CHECKSUMS)
            || self.leftovers.include(&self.root, folder, name)
    }

    fn has_room_for(&mut self, path: &str) -> bool {
        let Limits { entries, depth, path: length, .. } = *self.limits;
        let (message, help) = if self.tree.contents.len() >= entries {
            (format!("the plugin has more than {entries} files"), "pack many small files together")
        } else if path.matches('/').count() >= depth {
            (
                format!("there are more than {depth} folders within each other"),
                "flatten the folders",
            )
        } else if path.len() > length {
            (format!("the path is longer than {length} bytes"), "shorten the names")
        } else {
            return true;
        };
        // Said once: what is too large is so in many places.
        if !self.tree.findings.iter().any(|finding| finding.message == message) {
            self.find(Code::TreeSize, path, message, help);
        }
        false
    }

    /// Takes in what is at `source`.
    fn entry(&mut self, source: &Path, path: &str) -> io::Result<()> {
        let metadata = fs_err::symlink_metadata(source)?;
        if !metadata.is_symlink() {
            return self.plain(source, path, &metadata);
        }
        if path.contains('/') {
            return self.link(source, path);
        }
        match self.resolve(source) {
            Ok(target) => {
                let metadata = fs_err::symlink_metadata(&target)?;
                self.plain(&target, path, &metadata)
            }
            Err((code, message, help)) => {
                self.find(code, path, message.to_owned(), help);
                Ok(())
            }
        }
    }

    /// Returns where a link at the top leads to, links on the way followed.
    fn resolve(&self, link: &Path) -> Result<PathBuf, (Code, &'static str, &'static str)> {
        let Ok(target) = fs_err::canonicalize(link) else {
            return Err((Code::DanglingLink, "the symlink leads nowhere", links::MEND));
        };
        if target.starts_with(&self.root) && target != self.root {
            return Ok(target);
        }
        let message = "the symlink leads out of the plugin, or to the plugin as a whole";
        Err((Code::EscapingLink, message, links::MEND))
    }

    /// Takes in what is no link.
    fn plain(&mut self, source: &Path, path: &str, metadata: &Metadata) -> io::Result<()> {
        let kind = if metadata.is_dir() {
            Kind::Folder
        } else if metadata.is_file() {
            accessat(CWD, source, Access::READ_OK, AtFlags::EACCESS)?;
            let content = Content::OnDisk(source.to_owned());
            Kind::File { size: metadata.len(), content }
        } else {
            let message =
                "this is a device, a socket or a pipe, which no package can hold".to_owned();
            self.find(Code::SpecialFile, path, message, "remove it");
            return Ok(());
        };
        let mode = self.mode(path, metadata);
        self.tree.contents.insert(path, Entry { mode, kind });
        if metadata.is_dir() {
            self.folder(source, path);
        }
        Ok(())
    }

    fn link(&mut self, source: &Path, path: &str) -> io::Result<()> {
        let target = fs_err::read_link(source)?;
        match target.to_str().filter(|text| !text.chars().any(char::is_control)) {
            Some(target) => {
                let kind = Kind::Link { target: target.to_owned() };
                self.tree.contents.insert(path, Entry { mode: 0o777, kind });
            }
            None => {
                let message = "the symlink's target is not UTF-8 text without control characters";
                self.find(Code::FileName, path, message.to_owned(), "rename the target");
            }
        }
        Ok(())
    }

    /// Returns the mode to be packaged: group and others may read and run what the owner may, and a
    /// folder is open to all, as under the most common umask. A folder's set-group-ID bit is how teams share a checkout: it
    /// is inherited by every folder made there, says nothing about the plugin and is dropped.
    fn mode(&mut self, path: &str, metadata: &Metadata) -> u32 {
        let mode = metadata.permissions().mode();
        let special = if metadata.is_dir() { mode & 0o5000 } else { mode & 0o7000 };
        if special != 0 {
            let message =
                format!("set-user-ID, set-group-ID or sticky bits: mode {:04o}", mode & 0o7777);
            self.find(Code::SpecialMode, path, message, "remove them with `chmod u-s,g-s,-t`");
        }
        let (owner, shared) = (mode & 0o700, mode & 0o500);
        if metadata.is_dir() { 0o755 } else { owner | shared >> 3 | shared >> 6 }
    }

    fn find(&mut self, code: Code, path: &str, message: String, help: &str) {
        self.tree.findings.push(finding(code, path, message, help));
    }
}

/// Returns the names in `folder`, sorted.
fn names(folder: &Path) -> io::Result<Vec<OsString>> {
    let mut names: Vec<_> = fs_err::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.file_name()))
        .collect::<io::Result<_>>()?;
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests;
