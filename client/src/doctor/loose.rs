//! Who may change what only root should: found, and put right.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Gid, Mode, OFlags, Uid, fchmod, fchown, fstat, openat};
use rustix::io::Errno;

use super::examination::Loose;
use crate::{Places, ground};

/// Permissions of the group and of all others to write.
const OTHERS_WRITE: u32 = 0o022;

/// Looks at all that is below the state folder, the kept packages and the plugins root.
pub(super) fn find(places: &Places) -> io::Result<Vec<Loose>> {
    let mut found = Vec::new();
    let mut folders = Vec::new();
    for top in [places.state(), places.kept(), places.plugins().to_owned()] {
        judge(top, &mut found, &mut folders)?;
    }
    while let Some(folder) = folders.pop() {
        let entries = match fs_err::read_dir(folder) {
            // Nor can anyone else look who is not root.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => continue,
            // A command that is at work has taken it away, or put something else there.
            Err(error) if is_gone(&error) => continue,
            entries => entries?,
        };
        for entry in entries {
            judge(entry?.path(), &mut found, &mut folders)?;
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Judges one thing; what is a folder is to be looked into. A link's permissions mean nothing.
fn judge(path: PathBuf, found: &mut Vec<Loose>, folders: &mut Vec<PathBuf>) -> io::Result<()> {
    let at = match path.symlink_metadata() {
        Ok(at) => at,
        Err(error) if is_gone(&error) => return Ok(()),
        Err(error) => return Err(error),
    };
    if at.is_symlink() {
        return Ok(());
    }
    let owner = (at.uid() != 0).then_some(at.uid());
    let writable = ground::is_open(&at);
    if owner.is_some() || writable {
        found.push(Loose { path: path.clone(), owner, writable });
    }
    if at.is_dir() {
        folders.push(path);
    }
    Ok(())
}

/// Gives a file or folder to root and lets nobody else write to it. What has become a link is left alone.
pub(super) fn secure(path: &Path) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match openat(CWD, path, flags, Mode::empty()) {
        Ok(file) => file,
        Err(Errno::LOOP | Errno::NOENT) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    fchown(&file, Some(Uid::ROOT), Some(Gid::ROOT))?;
    // What the owner was allowed beyond files' permissions, it was not as root.
    let mode = fstat(&file)?.st_mode & 0o777 & !OTHERS_WRITE;
    Ok(fchmod(&file, Mode::from_raw_mode(mode))?)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_others_may_write_to_is_found_and_secured_and_links_are_not_followed() {
        let scratch = tempfile::tempdir().unwrap();
        let places = Places::new(scratch.path(), "/srv/plugins");
        let plugin = places.plugins().join("demo-1.0");
        fs_err::create_dir_all(&plugin).unwrap();
        fs_err::create_dir_all(places.state()).unwrap();
        let outside = scratch.path().join("outside");
        let set = |path: &Path, mode| {
            if !path.exists() {
                fs_err::write(path, "").unwrap();
            }
            fs_err::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
        };
        set(&outside, 0o666);
        fs_err::os::unix::fs::symlink(&outside, plugin.join("link")).unwrap();
        set(&plugin.join("good"), 0o755);
        set(&plugin.join("script"), 0o777);
        set(&places.state(), 0o757);
        // Only root can be told apart from others.
        let root = rustix::process::geteuid().is_root();
        if root {
            set(&plugin.join("theirs"), 0o644);
            std::os::unix::fs::chown(plugin.join("theirs"), Some(12), None).unwrap();
        }
        let names = || {
            let found = find(&places).unwrap();
            let loose = found.iter().filter(|at| at.writable || root);
            loose.map(|at| at.path.file_name().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let expected: &[&str] =
            if root { &["script", "theirs", "plugins"] } else { &["script", "plugins"] };
        assert_eq!(names(), expected);
        if root {
            for loose in find(&places).unwrap() {
                secure(&loose.path).unwrap();
            }
            secure(&plugin.join("link")).unwrap();
            assert_eq!(find(&places).unwrap(), []);
            assert_eq!(fs_err::metadata(&outside).unwrap().mode() & 0o777, 0o666);
            let script = fs_err::metadata(plugin.join("script")).unwrap();
            assert_eq!(script.mode() & 0o7777, 0o755);
        }
    }
}
