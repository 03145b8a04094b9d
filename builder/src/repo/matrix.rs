//! `plugins.properties`: which versions of which plugins there are, for which versions of the product,
//! and how well they are supported (`trusted-install 12`).
//!
//! One file answers for all plugins. Of each version it has a range, which is from the lowest to the
//! highest product that the plugin fits, and in a key of our own (`productVersions`) what versions of
//! the product begin with, exactly. What can be fetched by the rules of such files is a `.tar.gz` with
//! a signature beside it: of our packages those of the oldest format.

use std::collections::BTreeMap;

use java_properties::{PropertiesError, PropertiesIter, PropertiesWriter};
use plugin::{Format, Version};

use super::level::{Level, levels};
use super::tree::{Edition, Tree};
use super::{Error, Item, fp};

/// The file at the top of a published tree; its signature is beside it.
pub(super) const MATRIX: &str = "plugins.properties";

/// The largest number that a version may have in such files.
const LARGEST: u64 = 9999;

const HEAD: [&str; 2] = [
    "Which versions there are, for which versions of the product (Min <= product < Max; exactly those",
    "that begin with one of productVersions), and how well each is supported.",
];

/// What is said of one version.
#[derive(Debug, Default)]
struct Row<'a> {
    products: Vec<&'a str>,
    level: Option<Level>,
    /// The package that can be fetched.
    archive: Option<&'a Item>,
}

/// Plugins, and their versions by number.
type Rows<'a> = BTreeMap<&'a str, BTreeMap<[u64; 3], Row<'a>>>;

/// Adds the file.
pub(super) fn add(tree: &mut Tree, edition: &Edition<'_>) -> Result<(), Error> {
    let text = text(&rows(edition), edition.settings.url.as_ref().map(|url| url.as_str()))
        .expect("memory takes what is written, and a comment has no line end");
    tree.seal(edition, MATRIX, text)
}

fn rows<'a>(edition: &Edition<'a>) -> Rows<'a> {
    let mut rows = Rows::new();
    for (item, level) in edition.items.iter().zip(levels(edition.items, edition.notices)) {
        let Some(number) = number(item) else { continue };
        let row = rows.entry(&item.name).or_default().entry(number).or_default();
        let new = item.products.iter().map(String::as_str);
        row.products
            .extend(new.filter(|product| !row.products.contains(product)).collect::<Vec<_>>());
        row.level = row.level.max(level);
        if item.format() == Format::Fp {
            row.archive = Some(item);
        }
    }
    rows
}

/// Returns a version as such files can name it: three numbers. Previews and packages of no plugin have
/// no name there.
fn number(item: &Item) -> Option<[u64; 3]> {
    item.line.as_ref()?;
    let version: Version = item.version.parse().ok()?;
    let number = version.numbers();
    (version.pre_release().is_none() && number.iter().all(|it| *it <= LARGEST)).then_some(number)
}

fn text(rows: &Rows<'_>, url: Option<&str>) -> Result<Vec<u8>, PropertiesError> {
    let mut text = Vec::new();
    let mut out = PropertiesWriter::new(&mut text);
    for line in HEAD {
        out.write_comment(line)?;
    }
    for (name, versions) in rows {
        let spelt: Vec<_> = versions.keys().map(|version| spelt(*version)).collect();
        out.write(&format!("{name}.versions"), &spelt.join(" "))?;
        for (row, version) in versions.values().zip(&spelt) {
            for (key, value) in row.values(url) {
                out.write(&format!("{name}.{key}.{version}"), &value)?;
            }
        }
    }
    out.finish()?;
    Ok(text)
}

impl Row<'_> {
    /// Returns what is said of the version, by the first part of the key.
    fn values(&self, url: Option<&str>) -> Vec<(&'static str, String)> {
        let mut values = Vec::new();
        if let Some((min, max)) = range(&self.products) {
            values.extend([("hostVersionMin", min), ("hostVersionMax", max)]);
            values.push(("productVersions", self.products.join(" ")));
        }
        values.extend(self.level.map(|level| ("supportLevel", level.to_string())));
        if let Some(item) = self.archive {
            values.extend(url.map(|url| ("downloadURL", fp::address(url))));
            values.push(("baseName", fp::base(item).to_owned()));
            values.push(("sha256", item.sha256.clone()));
        }
        values
    }
}

/// Returns the lowest version that begins with one of `products`, and the first that is above all
/// that do. Those that are no numbers cannot be told.
fn range(products: &[&str]) -> Option<(String, String)> {
    let numbers: Vec<Vec<u64>> = products.iter().filter_map(|product| numbers(product)).collect();
    let filled = |parts: &[u64]| [0, 1, 2].map(|at| parts.get(at).copied().unwrap_or_default());
    let above = |mut parts: Vec<u64>| {
        *parts.last_mut().expect("a text has a part") += 1;
        filled(&parts)
    };
    let min = numbers.iter().map(|parts| filled(parts)).min()?;
    let max = numbers.into_iter().map(above).max()?;
    Some((spelt(min), spelt(max)))
}

/// Returns the numbers of `9.0`: at most three, each with room for one more.
fn numbers(product: &str) -> Option<Vec<u64>> {
    let parts: Vec<u64> =
        product.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    (parts.len() <= 3 && parts.iter().all(|part| *part < LARGEST)).then_some(parts)
}

fn spelt([major, minor, patch]: [u64; 3]) -> String {
    format!("{major}.{minor}.{patch}")
}

/// Reads which files can be fetched by a file of this kind: their names, without ending, and SHA-256.
pub(super) fn archives(bytes: &[u8]) -> Result<Vec<(String, String)>, PropertiesError> {
    let mut values = BTreeMap::new();
    PropertiesIter::new(bytes).read_into(|key, value| {
        values.insert(key, value);
    })?;
    let archive = |(key, base): (&String, &String)| {
        let (plugin, version) = key.split_once(".baseName.")?;
        let digest = values.get(&format!("{plugin}.sha256.{version}"))?;
        Some((base.clone(), digest.clone()))
    };
    Ok(values.iter().filter_map(archive).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_all_versions_that_begin_with_a_product_and_end_before_the_next() {
        let table: [(&[&str], &str); 8] = [
            (&["9.0"], "9.0.0 9.1.0"),
            (&["9"], "9.0.0 10.0.0"),
            (&["9.0.1"], "9.0.1 9.0.2"),
            (&["10.0", "8.0", "9.0"], "8.0.0 10.1.0"),
            (&["9.0.1", "9"], "9.0.0 10.0.0"),
            (&["9.0", "master"], "9.0.0 9.1.0"),
            (&["9.0.0.1", "9.9999", "9.-1", ""], ""),
            (&[], ""),
        ];
        for (products, expected) in table {
            let found = range(products).map(|(min, max)| format!("{min} {max}"));
            assert_eq!(found.unwrap_or_default(), expected, "{products:?}");
        }
    }
}
