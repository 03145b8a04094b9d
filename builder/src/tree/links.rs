//! Symlinks within a package, resolved as a host will: from the place that each has there, which
//! need not be the place that it has on the author's disk.

use std::collections::VecDeque;

use packaging::{Contents, Kind};

use crate::tree::finding;
use crate::{Code, Finding};

/// What to do about a link.
pub(super) const MEND: &str =
    "replace it with the file itself, or with a relative link to a file of the plugin";

/// As many links as Linux follows for one path.
const MOST_LINKS: usize = 40;

/// Why a path leads to no file or folder of the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Astray {
    /// It is absolute, or a link on the way is.
    Absolute,
    /// It leaves the package's folder.
    Escaping,
    /// There is nothing, or a link that leads to itself.
    Nowhere,
}

/// Returns what is wrong with the links of `contents`.
pub(crate) fn check(contents: &Contents) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, entry) in contents.iter() {
        let Kind::Link { target } = &entry.kind else { continue };
        let (code, problem) = match resolve(contents, path) {
            Ok(_) => continue,
            Err(Astray::Absolute) => (Code::AbsoluteLink, "leads to an absolute path"),
            Err(Astray::Escaping) => (Code::EscapingLink, "leads out of the plugin"),
            Err(Astray::Nowhere) => (Code::DanglingLink, "leads nowhere in the package"),
        };
        let message = format!("the symlink to `{}` {problem}", target.escape_debug());
        findings.push(finding(code, path, message, MEND));
    }
    findings
}

/// Returns the path that `path`, relative to the package's folder, really is: without `.`, `..` and
/// links. Empty for the package's folder.
pub(crate) fn resolve(contents: &Contents, path: &str) -> Result<String, Astray> {
    let mut real: Vec<String> = Vec::new();
    let mut ahead = parts(path)?;
    let mut followed = 0;
    while let Some(part) = ahead.pop_front() {
        match part.as_str() {
            "" | "." => continue,
            ".." => {
                real.pop().ok_or(Astray::Escaping)?;
                continue;
            }
            _ => real.push(part),
        }
        match contents.get(&real.join("/")).map(|entry| &entry.kind) {
            Some(Kind::Link { target }) => {
                followed += 1;
                if followed > MOST_LINKS {
                    return Err(Astray::Nowhere);
                }
                real.pop();
                let mut target = parts(target)?;
                target.append(&mut ahead);
                ahead = target;
            }
            Some(Kind::Folder) => {}
            Some(Kind::File { .. }) if ahead.is_empty() => {}
            Some(Kind::File { .. }) | None => return Err(Astray::Nowhere),
        }
    }
    Ok(real.join("/"))
}

fn parts(path: &str) -> Result<VecDeque<String>, Astray> {
    if path.starts_with('/') {
        return Err(Astray::Absolute);
    }
    Ok(path.split('/').map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use packaging::contents::Entry;

    use super::*;

    fn contents(links: &[(&str, &str)]) -> Contents {
        let mut contents = Contents::default();
        contents.insert_text("dir/file", *b"");
        contents.insert("dir/sub", Entry { mode: 0o755, kind: Kind::Folder });
        for (path, target) in links {
            let kind = Kind::Link { target: (*target).to_owned() };
            contents.insert(path, Entry { mode: 0o777, kind });
        }
        contents
    }

    #[test]
    fn links_are_resolved_from_their_place_in_the_package() {
        let cases = [
            ("file", Ok("dir/file")),
            ("./sub/../file", Ok("dir/file")),
            ("../dir/sub/", Ok("dir/sub")),
            ("..", Ok("")),
            ("chain", Ok("dir/file")),
            ("folder/file", Ok("dir/file")),
            ("../../dir/file", Err(Astray::Escaping)),
            ("../..", Err(Astray::Escaping)),
            ("out/file", Err(Astray::Escaping)),
            ("/etc/passwd", Err(Astray::Absolute)),
            ("host/passwd", Err(Astray::Absolute)),
            ("nowhere", Err(Astray::Nowhere)),
            ("../checksums.sha1", Err(Astray::Nowhere)),
            ("file/..", Err(Astray::Nowhere)),
            ("ring", Err(Astray::Nowhere)),
            ("link", Err(Astray::Nowhere)),
        ];
        for (target, expected) in cases {
            let contents = contents(&[
                ("dir/link", target),
                ("dir/chain", "chain2"),
                ("dir/chain2", "file"),
                ("dir/folder", "../dir"),
                ("dir/out", "../.."),
                ("dir/host", "/etc"),
                ("dir/ring", "ring2"),
                ("dir/ring2", "ring"),
            ]);
            let expected = expected.map(str::to_owned);
            assert_eq!(resolve(&contents, "dir/link"), expected, "{target}");
        }
    }

    #[test]
    fn each_bad_link_is_found_with_its_code() {
        let contents = contents(&[("a", "/etc"), ("b", "../x"), ("c", "no"), ("d", "dir")]);
        let codes: Vec<_> = check(&contents).into_iter().map(|f| (f.file, f.code)).collect();
        let expected =
            [("a", Code::AbsoluteLink), ("b", Code::EscapingLink), ("c", Code::DanglingLink)];
        assert_eq!(codes, expected.map(|(file, code)| (file.to_owned(), code)));
    }
}
