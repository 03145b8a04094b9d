//! A legacy plugin's files against its own list of digests (`fuel-formats 8`).

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::path::Path;

use packaging::digest::Hashing;
use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat, openat2};
use rustix::io::Errno;
use sha1::Sha1;

use super::{Deviation, Kind};

/// The list, in the plugin's folder.
const LIST: &str = "checksums.sha1";

/// The longest list that is read: more than the most files that a package may have need.
const LONGEST: u64 = 64 << 20;

/// Returns what is wrong with the plugin in `folder`, which the machine itself knows as `shown`. Files
/// are opened below the folder, wherever links in it lead.
pub(super) fn verify(folder: &Path, shown: &Path) -> io::Result<Vec<Deviation>> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = match openat(CWD, folder, flags, Mode::empty()) {
        Ok(folder) => folder,
        // That the folder is gone is told by comparing it with the registry.
        Err(Errno::NOENT | Errno::LOOP | Errno::NOTDIR) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let wrong = |path: &str, kind| Deviation { path: shown.join(path), kind };
    let list = match read_list(&folder)? {
        Ok(list) => list,
        Err(kind) => return Ok(vec![wrong(LIST, kind)]),
    };
    let mut found = Vec::new();
    for line in list.lines() {
        let Some((digest, path)) = line.split_once(' ') else {
            found.push(wrong(LIST, Kind::Changed));
            break;
        };
        // The list may have an outdated digest of itself.
        if path != LIST {
            found.extend(fault(&folder, digest, path)?.map(|kind| wrong(path, kind)));
        }
    }
    Ok(found)
}

/// Reads the list, or says what is wrong with it.
fn read_list(folder: &OwnedFd) -> io::Result<Result<String, Kind>> {
    let file = match open(folder, LIST)? {
        Ok(file) => file,
        Err(kind) => return Ok(Err(kind)),
    };
    let mut text = String::new();
    match file.take(LONGEST).read_to_string(&mut text) {
        Err(error) if error.kind() != io::ErrorKind::InvalidData => Err(error),
        Err(_) => Ok(Err(Kind::Changed)),
        Ok(0) => Ok(Err(Kind::Empty)),
        Ok(_) => Ok(Ok(text)),
    }
}

/// Returns what is wrong with a file that should have this digest.
fn fault(folder: &OwnedFd, digest: &str, path: &str) -> io::Result<Option<Kind>> {
    let file = match open(folder, path)? {
        Ok(file) => file,
        Err(kind) => return Ok(Some(kind)),
    };
    let mut file = Hashing::<_, Sha1>::new(file);
    io::copy(&mut file, &mut io::sink())?;
    let read = file.finish();
    Ok(match read.length {
        _ if read.digest == digest => None,
        0 => Some(Kind::Empty),
        _ => Some(Kind::Changed),
    })
}

/// Opens a file below the folder, or says what is wrong with it.
fn open(folder: &OwnedFd, path: &str) -> io::Result<Result<File, Kind>> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let beneath = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
    match openat2(folder, path, flags, Mode::empty(), beneath) {
        Ok(file) => {
            let file = File::from(file);
            Ok(if file.metadata()?.is_file() { Ok(file) } else { Err(Kind::Changed) })
        }
        Err(Errno::NOENT | Errno::NOTDIR) => Ok(Err(Kind::Missing)),
        // A link that leads out, or around.
        Err(Errno::XDEV | Errno::LOOP) => Ok(Err(Kind::Changed)),
        Err(Errno::ACCESS | Errno::PERM) => Ok(Err(Kind::Unreadable)),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digest of `abc`.
    const ABC: &str = "a9993e364706816aba3e25717850c26c9cd0d89d";
    /// The digest of nothing.
    const NOTHING: &str = "da39a3ee5e6b4b0d3255bfef95601890afd80709";

    #[test]
    fn files_are_compared_with_the_list_and_links_out_of_the_folder_are_not_followed() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("old-1.0.0");
        fs_err::create_dir_all(folder.join("scripts")).unwrap();
        for (path, text) in [
            ("good", "abc"),
            ("nothing", ""),
            ("empty", ""),
            ("changed", "abd"),
            ("scripts/x", "abc"),
        ] {
            fs_err::write(folder.join(path), text).unwrap();
        }
        fs_err::write(scratch.path().join("outside"), "abc").unwrap();
        fs_err::os::unix::fs::symlink("good", folder.join("link")).unwrap();
        fs_err::os::unix::fs::symlink("../outside", folder.join("out")).unwrap();
        let paths = [
            "changed",
            "empty",
            "gone/x",
            "good",
            "link",
            "out",
            "scripts",
            "scripts/x",
            "../outside",
        ];
        let lines: String = paths.iter().map(|path| format!("{ABC} {path}\n")).collect();
        fs_err::write(folder.join(LIST), format!("{lines}{NOTHING} nothing\n")).unwrap();

        let found = || verify(&folder, Path::new("/plugins")).unwrap();
        let told: Vec<String> =
            found().iter().map(|at| format!("{} {:?}", at.path.display(), at.kind)).collect();
        assert_eq!(
            told,
            [
                "/plugins/changed Changed",
                "/plugins/empty Empty",
                "/plugins/gone/x Missing",
                "/plugins/out Changed",
                "/plugins/scripts Changed",
                "/plugins/../outside Changed",
            ]
        );
        for (text, kind) in
            [(Some("x\n"), Kind::Changed), (Some(""), Kind::Empty), (None, Kind::Missing)]
        {
            match text {
                Some(text) => fs_err::write(folder.join(LIST), text).unwrap(),
                None => fs_err::remove_file(folder.join(LIST)).unwrap(),
            }
            assert_eq!(found().iter().map(|at| at.kind).collect::<Vec<_>>(), [kind], "{text:?}");
        }
    }
}
