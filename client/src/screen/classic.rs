//! What the original clients print: tables byte by byte, and their server's answers (`fuel-client 2`).

mod data;
mod drawn;
mod fuel2;

pub(crate) use data::{json, plugin, rows, yaml};
pub(crate) use drawn::{boxed, plain};
pub(crate) use fuel2::drawn;

use registry::Record;
use serde_json::{Map, Value};

/// The columns of a list.
pub(crate) const COLUMNS: [&str; 5] = ["id", "name", "version", "package_version", "releases"];

/// A row of a list: a cell per column of [`COLUMNS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The plugin's number.
    pub(crate) id: i64,
    /// Its name, version, package version and releases.
    pub(crate) texts: [String; 4],
}

impl Row {
    /// Returns the row of a registered plugin.
    pub(crate) fn of(record: &Record) -> Self {
        let id = &record.plugin.id;
        Self {
            id: record.id.0,
            texts: [
                id.name.to_string(),
                id.version.to_string(),
                id.generation.to_string(),
                releases(&record.plugin.releases),
            ],
        }
    }

    /// Returns the cell in a column.
    pub(crate) fn cell(&self, column: usize) -> String {
        match column {
            0 => self.id.to_string(),
            other => self.texts[other - 1].clone(),
        }
    }
}

/// Returns releases in one line: per operating system, in order of first appearance, its versions.
///
/// The original fails where a release lacks either; here such a release is left out.
pub(crate) fn releases(releases: &[Map<String, Value>]) -> String {
    let mut systems: Vec<(&str, Vec<&str>)> = Vec::new();
    for release in releases {
        let text = |key| release.get(key).and_then(Value::as_str);
        let (Some(os), Some(version)) = (text("os"), text("version")) else { continue };
        match systems.iter_mut().find(|(known, _)| *known == os) {
            Some((_, versions)) => versions.push(version),
            None => systems.push((os, vec![version])),
        }
    }
    let parts: Vec<_> =
        systems.iter().map(|(os, versions)| format!("{os} ({})", versions.join(", "))).collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_gathered_by_operating_system() {
        let release = |os: &str, version: &str| {
            Map::from_iter([("os".into(), os.into()), ("version".into(), version.into())])
        };
        let table = [
            (vec![], ""),
            (vec![release("ubuntu", "mitaka-9.0")], "ubuntu (mitaka-9.0)"),
            (
                vec![
                    release("ubuntu", "mitaka-9.0"),
                    release("centos", "2015.1-8.0"),
                    Map::from_iter([("os".into(), "ubuntu".into())]),
                    release("ubuntu", "liberty-8.0"),
                ],
                "ubuntu (mitaka-9.0, liberty-8.0), centos (2015.1-8.0)",
            ),
        ];
        for (given, text) in table {
            assert_eq!(releases(&given), text);
        }
    }
}
