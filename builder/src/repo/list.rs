//! What is in a repository, version by version.

use std::collections::BTreeSet;

use serde::Serialize;

use super::level::levels;
use super::{Error, Item, Level, Repository};
use crate::inspect::format_name;

/// One version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The plugin, or a package of none.
    pub name: String,
    /// Its release line.
    pub line: Option<String>,
    /// Its version.
    pub version: String,
    /// One line for people.
    pub title: String,
    /// What the versions of the product begin with that it fits.
    pub products: Vec<String>,
    /// How well it is supported, where there is anything to say.
    pub support: Option<Level>,
    /// In which formats it is there.
    pub formats: BTreeSet<&'static str>,
    /// The length of all its files.
    pub size: u64,
    /// The advisories that it mends.
    pub fixes: Vec<String>,
    /// The advisories that say that it is vulnerable.
    pub vulnerable: Vec<String>,
    /// The advisory that withdraws it.
    pub withdrawn: Option<String>,
    /// Its files.
    pub files: Vec<FileRow>,
}

/// One package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileRow {
    /// The name of the file.
    pub file: String,
    /// Its length.
    pub size: u64,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
}

impl Repository {
    /// Returns every version, in order.
    pub fn rows(&self) -> Result<Vec<Row>, Error> {
        let notices = self.advisories()?;
        let mut rows: Vec<Row> = Vec::new();
        let items = self.items()?;
        let levels = levels(&items, &notices);
        for (item, support) in items.into_iter().zip(levels) {
            let same = |row: &&mut Row| (&row.name, &row.version) == (&item.name, &item.version);
            if let Some(row) = rows.last_mut().filter(same) {
                row.add(item);
                continue;
            }
            let mut row = Row {
                name: item.name.clone(),
                line: item.line.clone(),
                version: item.version.clone(),
                title: item.title.clone(),
                products: Vec::new(),
                support,
                formats: BTreeSet::new(),
                size: 0,
                fixes: notices.about(&item).map(|it| it.id.to_string()).collect(),
                vulnerable: notices.endangering(&item).map(|it| it.id.to_string()).collect(),
                withdrawn: notices.withdrawing(&item).map(|it| it.id.to_string()),
                files: Vec::new(),
            };
            row.add(item);
            rows.push(row);
        }
        Ok(rows)
    }
}

impl Row {
    fn add(&mut self, item: Item) {
        self.formats.insert(format_name(item.format()));
        let new = item.products.into_iter().filter(|it| !self.products.contains(it));
        self.products.extend(new.collect::<Vec<_>>());
        self.size += item.size;
        self.files.push(FileRow { file: item.file, size: item.size, sha256: item.sha256 });
    }
}
