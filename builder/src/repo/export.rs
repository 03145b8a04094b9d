//! The published tree on a medium: copied, synced, judged, and only then given its name.

use std::fs::FileTimes;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use jiff::Timestamp;
use packaging::durable;

use super::verify::published;
use super::{Error, MANIFEST, Manifest, Trust, Verified, verify};

/// Copies what the repository in `folder` has published to `target`, where nothing may be. Files that
/// are only kept for readers of the tree before are copied too, because the manifest names them.
pub fn export(
    folder: &Path,
    target: &Path,
    trust: Trust<'_>,
    now: Timestamp,
) -> Result<Verified, Error> {
    let source = published(folder);
    let Some(manifest) = Manifest::read(&source)? else { return Err(Error::Unpublished(source)) };
    if target.symlink_metadata().is_ok() {
        return Err(Error::Occupied(target.to_owned()));
    }
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    let staged = tempfile::Builder::new().prefix(".export-").tempdir_in(parent)?;
    fs_err::set_permissions(staged.path(), PermissionsExt::from_mode(0o755))?;
    let signature = format!("{MANIFEST}.asc");
    let own = [MANIFEST, &signature].into_iter().filter(|path| source.join(path).exists());
    let named = manifest.files.keys().chain(manifest.previous.keys()).map(String::as_str);
    for path in named.chain(own) {
        copy(&source.join(path), &staged.path().join(path))?;
    }
    let verified = verify(staged.path(), trust, now)?;
    durable::publish_folder(staged.path(), target)?;
    // It has its name now, and is nobody's scratch any more.
    let _ = staged.keep();
    Ok(Verified { folder: target.to_owned(), ..verified })
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let folder = to.parent().expect("every file is in the tree");
    fs_err::create_dir_all(folder)?;
    let mut input = fs_err::File::open(from)?;
    let mut output = fs_err::File::create_new(to)?.into_file();
    io::copy(&mut input, &mut output)?;
    output.set_permissions(PermissionsExt::from_mode(0o644))?;
    output.set_times(FileTimes::new().set_modified(input.metadata()?.modified()?))?;
    output.sync_all()?;
    fs_err::File::open(folder)?.sync_all()
}
