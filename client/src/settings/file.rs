//! One file of settings.

use std::path::{Path, PathBuf};

use plugin::yaml::{self, Position};

use super::key::{self, Key, Value};

/// A setting as a file gives it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Given {
    /// Which.
    pub(super) name: &'static str,
    /// What it is set to.
    pub(super) value: Value,
    /// Where, counted from 1.
    pub(super) line: usize,
}

/// A file of settings that cannot be taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadFile {
    /// It cannot be read.
    #[error("settings cannot be read")]
    Io(#[source] std::io::Error),
    /// Something in it is wrong.
    #[error("{}:{}:{}: {message}", file.display(), position.line, position.column)]
    Wrong {
        /// The file.
        file: PathBuf,
        /// The place.
        position: Position,
        /// What is wrong.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
}

/// Reads the settings in `file`.
pub(super) fn read(file: &Path) -> Result<Vec<Given>, BadFile> {
    let text = fs_err::read_to_string(file).map_err(BadFile::Io)?;
    parse(file, &text)
}

fn parse(file: &Path, text: &str) -> Result<Vec<Given>, BadFile> {
    let wrong = |position, message: String, help| BadFile::Wrong {
        file: file.to_owned(),
        position,
        message,
        help,
    };
    let document =
        yaml::parse(text).map_err(|error| wrong(error.position, error.message, error.help))?;
    if let Some(twice) = document.duplicates.first() {
        return Err(wrong(twice.last.start, format!("`{}` is set twice", twice.key), None));
    }
    let Some(root) = document.root else { return Ok(Vec::new()) };
    let Some(map) = root.as_map() else {
        let message = format!("expected settings, found {}", root.kind());
        return Err(wrong(root.span.start, message, Some("write `name: value`".to_owned())));
    };
    let entries = map.entries().iter().map(|entry| {
        let key = known(entry.key.as_str().unwrap_or_default()).map_err(|help| {
            let name = entry.key.as_str().unwrap_or("this");
            wrong(entry.key.span.start, format!("`{name}` is not a known setting"), Some(help))
        })?;
        let value = key.read(&entry.value).map_err(|problem| {
            wrong(entry.value.span.start, format!("`{}`: {problem}", key.name), None)
        })?;
        Ok(Given { name: key.name, value, line: entry.key.span.start.line })
    });
    entries.collect()
}

fn known(name: &str) -> Result<&'static Key, String> {
    key::find(name).ok_or_else(|| match key::nearest(name) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`plugins config show` lists all settings".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        match parse(Path::new("/etc/plugins/plugins.yaml"), text).unwrap_err() {
            error @ BadFile::Wrong { .. } => {
                let BadFile::Wrong { help, .. } = &error else { unreachable!() };
                format!("{error} / {}", help.as_deref().unwrap_or("-"))
            }
            BadFile::Io(error) => panic!("{error}"),
        }
    }

    #[test]
    fn settings_are_read_with_their_lines() {
        let text = "# ours\nlock-timeout: 5\npackage-manager-options: [--setopt=a=b]\n\
                    tools: /opt/tools\nproduct-version: '9.0'\nkeep-size: 1KiB\n";
        let given = parse(Path::new("x"), text).unwrap();
        let shown: Vec<_> =
            given.iter().map(|one| format!("{} {}={}", one.line, one.name, one.value)).collect();
        assert_eq!(
            shown,
            [
                "2 lock-timeout=5",
                "3 package-manager-options=--setopt=a=b",
                "4 tools=/opt/tools",
                "5 product-version=9.0",
                "6 keep-size=1024",
            ]
        );
        assert_eq!(parse(Path::new("x"), "# nothing\n").unwrap(), []);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place_and_the_cure() {
        insta::assert_snapshot!(problem("a: 1\n"), @"/etc/plugins/plugins.yaml:1:1: `a` is not a known setting / `plugins config show` lists all settings");
        insta::assert_snapshot!(problem("\nlock-timout: 1\n"), @"/etc/plugins/plugins.yaml:2:1: `lock-timout` is not a known setting / did you mean `lock-timeout`?");
        insta::assert_snapshot!(problem("lock-timeout: soon\n"), @"/etc/plugins/plugins.yaml:1:15: `lock-timeout`: expected a whole number / -");
        insta::assert_snapshot!(problem("product-version: 9.0\n"), @"/etc/plugins/plugins.yaml:1:18: `product-version`: expected a text: write it in quotes / -");
        insta::assert_snapshot!(problem("plugins-root: [a]\n"), @"/etc/plugins/plugins.yaml:1:15: `plugins-root`: expected an absolute path, found a list / -");
        insta::assert_snapshot!(problem("keep-size: 1\nkeep-size: 2\n"), @"/etc/plugins/plugins.yaml:2:1: `keep-size` is set twice / -");
        insta::assert_snapshot!(problem("- a\n"), @"/etc/plugins/plugins.yaml:1:1: expected settings, found a list / write `name: value`");
    }
}
