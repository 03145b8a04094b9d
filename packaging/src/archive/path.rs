//! Which paths and links a package may have (`threats-and-faults` A18, A19, A22).

use crate::{Limits, ReadError};

/// Returns a path of an archive in its one normal form: relative, no empty part, no `.` or `..`.
/// The archive's root is the empty text.
pub(super) fn normal(bytes: &[u8], limits: &Limits) -> Result<String, ReadError> {
    if bytes.len() > limits.path {
        return Err(ReadError::Limit(format!("a path of {} bytes", bytes.len())));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| {
        ReadError::Unsafe(format!("the path `{}` is not UTF-8", bytes.escape_ascii()))
    })?;
    let inner = text.strip_prefix("./").unwrap_or(text);
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    if inner == "." || (inner.is_empty() && text == "./") {
        return Ok(String::new());
    }
    check_parts(inner, text, limits)?;
    Ok(inner.to_owned())
}

fn check_parts(path: &str, written: &str, limits: &Limits) -> Result<(), ReadError> {
    let refuse =
        |why: &str| Err(ReadError::Unsafe(format!("the path `{}` {why}", written.escape_debug())));
    if path.starts_with('/') {
        return refuse("is absolute");
    }
    if path.chars().any(char::is_control) {
        return refuse("has a control character");
    }
    for (depth, part) in path.split('/').enumerate() {
        match part {
            "" | "." => return refuse("is not in normal form"),
            ".." => return refuse("has `..`"),
            _ if part.len() > limits.name => {
                return Err(ReadError::Limit(format!("a name of {} bytes", part.len())));
            }
            _ if depth > limits.depth => {
                return Err(ReadError::Limit(format!("folders {depth} deep")));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Makes sure that the symbolic link at `path` stays below the first `floor` parts of its path.
///
/// A target climbs first and descends then: with `..` behind a name, which may itself be a link, the
/// text alone would not tell where it leads.
pub(super) fn check_link(path: &str, target: &str, floor: usize) -> Result<(), ReadError> {
    let refuse = |why: &str| {
        let (path, target) = (path.escape_debug(), target.escape_debug());
        Err(ReadError::Unsafe(format!("the link `{path}` to `{target}` {why}")))
    };
    if target.is_empty() || target.chars().any(char::is_control) {
        return refuse("has no proper target");
    }
    // Outside of a plugin's folder a link may name a place of the host.
    if target.starts_with('/') && floor > 0 {
        return refuse("is absolute");
    }
    let parts = || target.split('/').filter(|part| !matches!(*part, "" | "."));
    let climbs = parts().take_while(|part| *part == "..").count();
    if parts().skip(climbs).any(|part| part == "..") {
        return refuse("has `..` behind a name");
    }
    let depth = path.matches('/').count();
    if climbs > 0 && depth < floor + climbs {
        return refuse("leaves its folder");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_normal_form_or_none() {
        let limits = Limits { path: 40, name: 10, depth: 3, ..Limits::default() };
        let good = [("a", "a"), ("./a/b/", "a/b"), ("./", ""), (".", ""), ("-x/ü y'", "-x/ü y'")];
        for (written, path) in good {
            assert_eq!(normal(written.as_bytes(), &limits).unwrap(), path, "{written}");
        }
        let bad = [
            "",
            "/",
            "/a",
            "//a",
            ".//a",
            "a//b",
            "a/./b",
            "././a",
            "..",
            "../a",
            "a/..",
            "a/../b",
            "a\nb",
            "a\0",
            "a//",
            "a/b/c/d/e",
            "aaaaaaaaaaa",
            "\u{1b}[1m",
        ];
        for written in bad {
            assert!(normal(written.as_bytes(), &limits).is_err(), "{written:?} passed");
        }
        assert!(normal(b"\xff", &limits).is_err());
        assert!(normal(&[b'a'; 41], &limits).is_err());
    }

    #[test]
    fn a_link_stays_below_its_floor() {
        let good = [
            ("top/a", "b", 1),
            ("top/d/a", "../b", 1),
            ("top/d/e/a", "../../b/c", 1),
            ("top/a", "./b", 1),
            ("etc/a", "/usr/a", 0),
            ("usr/lib/a", "../../etc", 0),
        ];
        for (path, target, floor) in good {
            assert!(check_link(path, target, floor).is_ok(), "{path} -> {target} refused");
        }
        let bad = [
            ("top/a", "..", 1),
            ("top/a", "../other", 1),
            ("top/d/a", "../../x", 1),
            ("top/a", "/etc/passwd", 1),
            ("top/a", "b/../../..", 1),
            ("top/a", "", 1),
            ("a", "..", 0),
            ("top/a", "b\n", 1),
        ];
        for (path, target, floor) in bad {
            assert!(check_link(path, target, floor).is_err(), "{path} -> {target} passed");
        }
    }
}
