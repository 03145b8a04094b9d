//! Packages that no honest tool makes, entry by entry.
//!
//! Every entry is written as given: nothing here checks a path, a link or a mode. The text that a
//! package is made with stands in all fields that people are shown.

use std::io::{self, Read};

use flate2::Compression;
use flate2::write::GzEncoder;
use rpm::FileOptions;
pub use tar::EntryType;
use tar::{Builder, Header};

/// What an entry's path may begin with to lie in the plugin's folder, whatever the format.
pub const TOP: &str = "TOP";

/// The plugin's name in a forged package.
const NAME: &str = "t-1.0";

/// A compressed archive being made, in memory.
type Tar = Builder<GzEncoder<Vec<u8>>>;

/// One entry of a forged package.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// What it is.
    pub kind: EntryType,
    /// Its path; [`TOP`] stands for the plugin's folder.
    pub path: &'a str,
    /// What a link leads to.
    pub target: &'a str,
    /// Its mode.
    pub mode: u32,
    /// How many zeros are in it.
    pub zeros: u64,
}

impl<'a> Entry<'a> {
    /// Returns an empty file.
    pub fn file(path: &'a str) -> Self {
        Self { kind: EntryType::Regular, path, target: "", mode: 0o644, zeros: 0 }
    }

    /// Returns an entry of another kind.
    pub fn other(kind: EntryType, path: &'a str, target: &'a str) -> Self {
        Self { kind, target, ..Self::file(path) }
    }
}

/// Returns any text as a string of YAML.
pub fn quoted(text: &str) -> String {
    let escaped: String = text.chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect();
    format!("\"{escaped}\"")
}

/// Makes an fp of `entries`.
pub fn fp(text: &str, entries: &[Entry<'_>]) -> Vec<u8> {
    tar(text, NAME, entries)
}

/// Makes a deb of `entries`.
pub fn deb(text: &str, entries: &[Entry<'_>]) -> Vec<u8> {
    let fields = format!(
        "Package: {NAME}\nVersion: 1.0.0-1\nArchitecture: all\nSection: {text}\nDescription: {text}\n"
    );
    let mut control = begin();
    add_file(&mut control, "./control", &fields);
    let control = finish(control);
    let data = tar(text, &format!("./var/www/nailgun/plugins/{NAME}"), entries);
    let mut package = ar::Builder::new(Vec::new());
    for (name, content) in
        [("debian-binary", &b"2.0\n"[..]), ("control.tar.gz", &control), ("data.tar.gz", &data)]
    {
        let mut header = ar::Header::new(name.into(), content.len() as u64);
        header.set_mode(0o100_644);
        package.append(&header, content).expect("memory takes it");
    }
    package.into_inner().expect("memory takes it")
}

/// Makes an rpm of the files, folders and symlinks among `entries`.
pub fn rpm(text: &str, entries: &[Entry<'_>]) -> Vec<u8> {
    // Its library refuses control characters, so that they are put in afterwards.
    let drives = text.contains(char::is_control);
    let stand_in = if drives { "~".repeat(text.len()) } else { text.to_owned() };
    let plain = |path: &str| if drives { path.replace(text, &stand_in) } else { path.to_owned() };
    let mut builder = rpm::PackageBuilder::new(NAME, "1.0.0", "MIT", "noarch", &stand_in);
    builder.description(&*stand_in).vendor(&*stand_in).url(&*stand_in).group(&*stand_in);
    builder.pre_install_script(&*stand_in);
    for entry in entries {
        let path = plain(entry.path).replace(TOP, &format!("/var/www/nailgun/plugins/{NAME}"));
        add_to_rpm(&mut builder, entry, path);
    }
    let mut bytes = Vec::new();
    builder.build().and_then(|package| package.write(&mut bytes)).expect("memory takes it");
    if drives {
        replace_all(&mut bytes, stand_in.as_bytes(), text.as_bytes());
    }
    bytes
}

fn add_to_rpm(builder: &mut rpm::PackageBuilder, entry: &Entry<'_>, path: String) {
    let mode = u16::try_from(entry.mode).expect("a mode is small");
    let added = match entry.kind {
        EntryType::Symlink => builder.with_symlink(FileOptions::symlink(path, entry.target)),
        EntryType::Directory => builder.with_dir_entry(FileOptions::dir(path)),
        _ => {
            let zeros = vec![0; usize::try_from(entry.zeros).expect("it fits into memory")];
            builder.with_file_contents(zeros, FileOptions::new(path).mode(0o100_000 | mode))
        }
    };
    added.expect("a file needs no more");
}

/// Puts `to` wherever `from`, which is as long, is.
fn replace_all(bytes: &mut [u8], from: &[u8], to: &[u8]) {
    for at in 0..bytes.len().saturating_sub(from.len()) {
        if bytes[at..].starts_with(from) {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
    }
}

fn tar(text: &str, top: &str, entries: &[Entry<'_>]) -> Vec<u8> {
    let mut tar = begin();
    let folder = header(&Entry::other(EntryType::Directory, "", ""), &format!("{top}/"), 0);
    tar.append(&folder, io::empty()).expect("memory takes it");
    let metadata = format!("name: t\nversion: '1.0.0'\ntitle: {}\n", quoted(text));
    add_file(&mut tar, &format!("{top}/metadata.yaml"), &metadata);
    for entry in entries {
        let path = entry.path.replace(TOP, top);
        if path.len() > 100 {
            tar.append_pax_extensions([("path", path.as_bytes())]).expect("memory takes it");
        }
        let mut header = header(entry, &path, entry.zeros);
        let target = entry.target.replace(TOP, top);
        header.as_old_mut().linkname[..target.len()].copy_from_slice(target.as_bytes());
        header.set_cksum();
        tar.append(&header, io::repeat(0).take(entry.zeros)).expect("memory takes it");
    }
    finish(tar)
}

fn begin() -> Tar {
    Builder::new(GzEncoder::new(Vec::new(), Compression::best()))
}

fn finish(tar: Tar) -> Vec<u8> {
    tar.into_inner().and_then(GzEncoder::finish).expect("memory takes it")
}

fn add_file(tar: &mut Tar, path: &str, text: &str) {
    let header = header(&Entry::file(path), path, text.len() as u64);
    tar.append(&header, text.as_bytes()).expect("memory takes it");
}

/// Returns an entry's header, with as much of its path as there is room for.
fn header(entry: &Entry<'_>, path: &str, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(entry.kind);
    header.set_size(size);
    header.set_mode(entry.mode);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    let room = path.len().min(100);
    header.as_old_mut().name[..room].copy_from_slice(&path.as_bytes()[..room]);
    header.set_cksum();
    header
}
