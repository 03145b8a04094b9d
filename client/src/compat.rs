//! Which registered plugins fit an environment, or a version of the product that is planned
//! (`nailgun-api 4.3`).

use std::collections::BTreeMap;

use plugin::compatibility::{Environment, Fit, Support, Target, supports};
use plugin::{PluginId, PluginName, Version};
use registry::{Plugin, Record, RecordId};
use serde::Serialize;
use serde_json::Value;

/// What becomes of one plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its number.
    pub id: RecordId,
    /// Its name.
    pub name: PluginName,
    /// The registered version.
    pub version: Version,
    /// Whether it fits.
    pub verdict: Verdict,
    /// Where it does not fit: the newest version on its line that is offered and does.
    pub update: Option<Version>,
    /// Why it does not fit: a lower-case clause.
    pub reason: Option<String>,
}

/// Whether a plugin fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It does.
    Ok,
    /// It does not, and a newer version of its line does.
    Update,
    /// It does not.
    Blocked,
}

/// Judges all plugins for a version of the product; `newer` are plugins that could be updated to.
pub fn with_product(product: &str, records: &[Record], newer: &[Plugin]) -> Vec<Row> {
    judge(records, newer, |plugin| {
        let products: Vec<&str> = plugin.products.iter().map(String::as_str).collect();
        let releases: Vec<&str> = targets(plugin).iter().map(|target| target.version).collect();
        match supports(product, &products, &releases) {
            Support::Supported => None,
            Support::Products(named) => Some(only("supports", &named, "no product")),
            Support::Releases(named) => Some(only("is released for", &named, "no product")),
        }
    })
}

/// Judges all plugins for an environment; `newer` are plugins that could be updated to.
pub fn with_environment(
    environment: &Environment,
    records: &[Record],
    newer: &[Plugin],
) -> Vec<Row> {
    judge(records, newer, |plugin| match environment.judge(&targets(plugin)) {
        Fit::Fits => None,
        Fit::NoReleases => Some("is released for nothing".to_owned()),
        Fit::System(named) => Some(only("is released for", &named, "no operating system")),
        Fit::Version(named) => Some(only("is released for", &named, "no version")),
        Fit::Mode(named) => Some(only("fits the modes", &named, "none")),
    })
}

/// Whether any plugin stands in the way.
pub fn any_blocked(rows: &[Row]) -> bool {
    rows.iter().any(|row| row.verdict == Verdict::Blocked)
}

/// Judges plugins by `against`, which says what is against one.
fn judge(
    records: &[Record],
    newer: &[Plugin],
    against: impl Fn(&Plugin) -> Option<String>,
) -> Vec<Row> {
    let mut offers: BTreeMap<_, Vec<&PluginId>> = BTreeMap::new();
    // A legacy package updates none, and no legacy plugin is updated.
    for offer in newer.iter().filter(|offer| !offer.id.generation.is_legacy()) {
        if against(offer).is_none() {
            offers.entry((&offer.id.name, offer.id.line())).or_default().push(&offer.id);
        }
    }
    let row = |record: &Record| {
        let id = &record.plugin.id;
        let reason = against(&record.plugin);
        let on_line = offers.get(&(&id.name, id.line())).into_iter().flatten();
        let update = on_line
            .filter(|offer| {
                reason.is_some() && !id.generation.is_legacy() && offer.version > id.version
            })
            .map(|offer| offer.version.clone())
            .max();
        let verdict = match (&reason, &update) {
            (None, _) => Verdict::Ok,
            (Some(_), Some(_)) => Verdict::Update,
            (Some(_), None) => Verdict::Blocked,
        };
        let (name, version) = (id.name.clone(), id.version.clone());
        Row { id: record.id, name, version, verdict, update, reason }
    };
    records.iter().map(row).collect()
}

/// Returns a plugin's releases as the rules of compatibility take them.
fn targets(plugin: &Plugin) -> Vec<Target<'_>> {
    fn text(value: Option<&Value>) -> &str {
        value.and_then(Value::as_str).unwrap_or_default()
    }
    plugin
        .releases
        .iter()
        .map(|release| {
            let modes = release.get("mode").and_then(Value::as_array);
            Target {
                os: text(release.get("os").or_else(|| release.get("operating_system"))),
                version: text(release.get("version")),
                modes: modes.into_iter().flatten().filter_map(Value::as_str).collect(),
            }
        })
        .collect()
}

fn only(begins: &str, named: &[String], none: &str) -> String {
    if named.is_empty() {
        format!("{begins} {none}")
    } else {
        format!("{begins} {} only", named.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use plugin::Generation;

    use super::*;
    use crate::listing::sample::{id, plugin, record};

    fn other(text: &str, generation: Generation, product: &str) -> Plugin {
        let mut plugin = plugin(id(text, generation));
        plugin.products = vec![product.to_owned()];
        let version = format!("mitaka-{product}").into();
        plugin.releases[0].insert("version".to_owned(), version);
        plugin
    }

    /// Returns rows as `name verdict update reason`.
    fn told(rows: &[Row]) -> Vec<String> {
        let row = |row: &Row| {
            let update = row.update.as_ref().map(Version::as_str).unwrap_or_default();
            let reason = row.reason.as_deref().unwrap_or_default();
            format!("{} {:?} {update} {reason}", row.name, row.verdict).trim_end().to_owned()
        };
        rows.iter().map(row).collect()
    }

    #[test]
    fn a_plugin_blocks_a_product_unless_it_or_a_newer_one_of_its_line_supports_it() {
        let records = [
            record(1, id("fits==1.0.0", Generation::V4)),
            record(2, id("late==1.0.0", Generation::V4)),
            record(3, id("old==1.0.0", Generation::V1)),
        ]
        .map(|mut record| {
            let product = if record.plugin.id.name.as_str() == "fits" { "9.0" } else { "8.0" };
            let own = record.plugin.id.clone();
            record.plugin = other(&own.to_string(), own.generation, product).into();
            record
        });
        let newer = [
            other("late==1.0.2", Generation::V5, "9.0"),
            other("late==1.0.1", Generation::V5, "9.0"),
            other("late==1.1.0", Generation::V5, "9.0"),
            other("old==1.0.1", Generation::V1, "9.0"),
        ];
        let rows = with_product("9.0", &records, &newer);
        assert_eq!(
            told(&rows),
            ["fits Ok", "late Update 1.0.2 supports 8.0 only", "old Blocked  supports 8.0 only"]
        );
        assert!(any_blocked(&rows));
        assert!(!any_blocked(&with_product("9.0", &records[..2], &newer)));
    }

    #[test]
    fn an_environment_is_told_what_it_fails_at() {
        let records = [record(1, id("demo==1.0.0", Generation::V4))];
        let judged = |os: &str, release: &str, mode: &str| {
            let environment = Environment {
                os: os.to_owned(),
                release: release.to_owned(),
                mode: mode.to_owned(),
            };
            told(&with_environment(&environment, &records, &[])).remove(0)
        };
        assert_eq!(judged("Ubuntu", "mitaka-9.0.1", "ha_compact"), "demo Ok");
        assert_eq!(
            judged("centos", "mitaka-9.0", "ha"),
            "demo Blocked  is released for ubuntu only"
        );
        assert_eq!(
            judged("ubuntu", "mitaka-9.1", "ha"),
            "demo Blocked  is released for mitaka-9.0 only"
        );
        assert_eq!(
            judged("ubuntu", "mitaka-9.0", "multinode"),
            "demo Blocked  fits the modes ha only"
        );
    }
}
