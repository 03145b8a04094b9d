//! Who vouches for a deb that came by name: the chain from a signed `InRelease` in apt's lists over the
//! digest of an index to the digest of the package.
//!
//! apt has checked all of this by the keys that apt trusts; here it is checked by ours.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use packaging::digest::Hashing;
use packaging::repository::apt;
use packaging::signature::Refusal;
use sha2::Sha256;

use crate::Places;

/// What ends the names of signed releases among apt's lists.
const RELEASE: &str = "InRelease";

/// The most that is read of a release, and of an index.
const LARGEST_RELEASE: u64 = 16 << 20;
const LARGEST_INDEX: u64 = 64 << 20;

/// Why nobody vouches for a package.
#[derive(Debug, thiserror::Error)]
pub enum Unlisted {
    /// The lists cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// No release that `judge` takes leads to it.
    #[error("no repository whose signature counts lists it")]
    Nobody {
        /// Why the releases that were looked at do not count: the list's name, and why.
        refused: Vec<(String, Refusal)>,
    },
}

/// Returns who vouches for the package with this SHA-256: whom `judge` makes out of each signed release
/// that leads to it. At least one.
pub fn vouched<T>(
    places: &Places,
    sha256: &str,
    judge: &dyn Fn(&[u8]) -> Result<(T, String), Refusal>,
) -> Result<Vec<T>, Unlisted> {
    let lists = places.root().join("var/lib/apt/lists");
    let (mut found, mut refused) = (Vec::new(), Vec::new());
    for name in releases(&lists)? {
        let mut signed = Vec::new();
        fs_err::File::open(lists.join(&name))?.take(LARGEST_RELEASE).read_to_end(&mut signed)?;
        match judge(&signed) {
            Ok((signer, text)) => {
                let start = name.strip_suffix(RELEASE).unwrap_or(&name);
                if leads_to(&lists, start, &text, sha256)? {
                    found.push(signer);
                }
            }
            Err(refusal) => refused.push((name, refusal)),
        }
    }
    if found.is_empty() { Err(Unlisted::Nobody { refused }) } else { Ok(found) }
}

/// Returns the names of all signed releases, sorted.
fn releases(lists: &Path) -> io::Result<Vec<String>> {
    let entries = match fs_err::read_dir(lists) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let names: Vec<_> = entries.map(|entry| Ok(entry?.file_name())).collect::<io::Result<_>>()?;
    let mut names: Vec<_> = names
        .iter()
        .filter_map(|name| OsStr::to_str(name))
        .filter(|name| name.ends_with(RELEASE))
        .map(str::to_owned)
        .collect();
    names.sort();
    Ok(names)
}

/// Whether a release names an index, the names of whose lists begin with `start`, that has the package.
fn leads_to(lists: &Path, start: &str, release: &str, sha256: &str) -> io::Result<bool> {
    let Ok(contents) = apt::contents(release) else { return Ok(false) };
    let digests = contents.sections.iter().find(|section| section.title == "SHA256");
    for (digest, length, path) in digests.iter().flat_map(|section| &section.indexes) {
        // apt unpacks what it fetched.
        let name = format!("{start}{}", path.replace('/', "_"));
        let list = lists.join(&name);
        if path.ends_with("Packages")
            && list.is_file()
            && has(&list, sha256, (digest, *length))?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether an index lists a package, and is itself the one that the release names.
fn has(list: &Path, sha256: &str, said: (&str, u64)) -> io::Result<bool> {
    let file = fs_err::File::open(list)?.take(LARGEST_INDEX);
    let mut lines = BufReader::new(Hashing::<_, Sha256>::new(file));
    let (mut line, mut found) = (Vec::new(), false);
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let digest = line.strip_prefix(b"SHA256:").map(<[u8]>::trim_ascii);
        found |= digest.is_some_and(|it| it.eq_ignore_ascii_case(sha256.as_bytes()));
    }
    let whole = lines.into_inner().finish();
    Ok(found && whole.length == said.1 && whole.digest.eq_ignore_ascii_case(said.0))
}

#[cfg(test)]
mod tests {
    use super::super::edition::sha256;
    use super::*;

    #[test]
    fn a_package_is_vouched_for_by_an_unbroken_chain_alone() {
        let root = tempfile::tempdir().unwrap();
        let places = Places::new(root.path(), "/plugins");
        let lists = root.path().join("var/lib/apt/lists");
        fs_err::create_dir_all(&lists).unwrap();
        let digest = "ab".repeat(32);
        let index = format!("Package: demo-1.0\nSHA256: {digest}\n\n");
        let name = |end: &str| lists.join(format!("srv_apt_dists_stable_{end}"));
        fs_err::write(name("main_binary-amd64_Packages"), &index).unwrap();
        let (said, length) = (sha256(index.as_bytes()), index.len());
        let release = format!("Suite: stable\nSHA256:\n {said} {length} main/binary-amd64/Packages\n");
        fs_err::write(name(RELEASE), &release).unwrap();
        let judge = |bytes: &[u8]| Ok(("us", String::from_utf8(bytes.to_vec()).unwrap()));

        assert_eq!(vouched(&places, &digest, &judge).unwrap(), ["us"]);
        assert!(vouched(&places, &"cd".repeat(32), &judge).is_err(), "not in the list");
        let refused = vouched::<()>(&places, &digest, &|_| Err(Refusal::Unsigned)).unwrap_err();
        let Unlisted::Nobody { refused } = refused else { panic!("{refused}") };
        assert_eq!(refused.len(), 1, "the release's signature does not count");

        fs_err::write(name("main_binary-amd64_Packages"), index.replace("demo", "dema")).unwrap();
        assert!(vouched(&places, &digest, &judge).is_err(), "the list is another");
    }
}
