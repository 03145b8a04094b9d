//! Where a repository is.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use reqwest::Url;

/// What `fpb repo publish` made: in a folder, or where that is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A web server's.
    Web(Url),
}

/// A text that says of no place where a repository could be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no address of a repository: {why}", text.escape_debug())]
pub struct BadAddress {
    text: String,
    why: &'static str,
}

impl FromStr for Address {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let bad = |why| BadAddress { text: text.to_owned(), why };
        // These go into settings where blanks and signs have a meaning.
        let plain = |c: char| c.is_ascii_alphanumeric() || "/._+~@:=%-[]".contains(c);
        if !text.chars().all(plain) {
            return Err(bad("package managers take letters, digits and `/._+~@:=%-` alone"));
        }
        if let Some(path) = text.strip_prefix("file://") {
            return folder(Path::new(path)).ok_or_else(|| bad("the path is not absolute"));
        }
        if !text.contains("://") {
            let path = std::path::absolute(text).map_err(|_| bad("the path is empty"))?;
            return folder(&path).ok_or_else(|| bad("the path is not absolute"));
        }
        let url: Url = text.parse().map_err(|_| bad("it cannot be read"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(bad("expected https://, http://, file:// or a folder"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("everybody on the host could read the password in it"));
        }
        Ok(Self::Web(url))
    }
}

fn folder(path: &Path) -> Option<Address> {
    path.is_absolute().then(|| Address::Folder(path.components().collect()))
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => write!(f, "file://{}", path.display()),
            Self::Web(url) => f.write_str(url.as_str().trim_end_matches('/')),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_that_package_managers_take_are_addresses() {
        let table = [
            ("https://example.org/plugins/", Some("https://example.org/plugins")),
            ("http://[::1]:8080", Some("http://[::1]:8080")),
            ("file:///srv//plugins/", Some("file:///srv/plugins")),
            ("/srv/plugins/", Some("file:///srv/plugins")),
            ("file://srv/plugins", None),
            ("ftp://example.org/", None),
            ("https://me:secret@example.org/", None),
            ("https://example.org/a b", None),
            ("/srv/a\nenabled=0", None),
            ("/srv/$releasever", None),
            ("", None),
        ];
        for (text, expected) in table {
            let shown = text.parse::<Address>().map(|address| address.to_string());
            assert_eq!(shown.ok().as_deref(), expected, "{text}");
        }
    }
}
