//! Plugins that words fit, among those that are registered and those that repositories have.

use std::collections::BTreeSet;

use plugin::{PluginName, ReleaseLine, Version};
use registry::{Record, RecordId};
use serde::Serialize;

use crate::host::{Described, plugin_version};

/// A plugin that all words fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// Its number; `None` where it is not registered.
    pub id: Option<RecordId>,
    /// Its name.
    pub name: PluginName,
    /// Its release line.
    pub line: ReleaseLine,
    /// Its version.
    pub version: Version,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub description: Option<String>,
    /// The repository that has it; `None` of a registered one.
    pub repository: Option<String>,
}

/// Returns the plugins whose name, title or description has every one of `words`, in capitals or not:
/// by name, the highest version first. What is registered is not told again as available.
pub fn search(words: &[String], records: &[Record], available: Vec<Described>) -> Vec<Hit> {
    let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let mut hits: Vec<Hit> = records.iter().map(registered).collect();
    let known: BTreeSet<_> =
        hits.iter().map(|hit| (hit.name.clone(), hit.version.to_string())).collect();
    let new = |hit: &Hit| !known.contains(&(hit.name.clone(), hit.version.to_string()));
    hits.extend(available.into_iter().filter_map(offered).filter(new));
    hits.retain(|hit| fits(hit, &words));
    hits.sort_by(|one, other| {
        let names = one.name.cmp(&other.name);
        names.then_with(|| other.version.cmp(&one.version)).then_with(|| one.id.cmp(&other.id))
    });
    hits
}

fn registered(record: &Record) -> Hit {
    let plugin = &record.plugin;
    Hit {
        id: Some(record.id),
        name: plugin.id.name.clone(),
        line: plugin.id.line(),
        version: plugin.id.version.clone(),
        title: plugin.title.clone(),
        description: plugin.description.clone(),
        repository: None,
    }
}

fn offered(found: Described) -> Option<Hit> {
    let version = plugin_version(&found.package.version)?;
    Some(Hit {
        id: None,
        name: found.package.plugin,
        line: version.line(),
        version,
        title: found.title,
        description: Some(found.description).filter(|text| !text.is_empty()),
        repository: Some(found.package.repository),
    })
}

fn fits(hit: &Hit, words: &[String]) -> bool {
    let description = hit.description.as_deref().unwrap_or_default();
    let text = format!("{}\n{}\n{description}", hit.name, hit.title).to_lowercase();
    words.iter().all(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use plugin::Generation;

    use super::*;
    use crate::host::Available;
    use crate::listing::sample::{id, record};

    fn described(package: &str, version: &str, title: &str) -> Described {
        let (name, _) = package.rsplit_once('-').unwrap();
        Described {
            package: Available {
                plugin: name.parse().unwrap(),
                package: package.to_owned(),
                version: format!("{version}-1"),
                repository: "main".to_owned(),
            },
            title: title.to_owned(),
            description: "Users from a directory".to_owned(),
        }
    }

    #[test]
    fn every_word_has_to_fit_somewhere_and_nothing_is_told_twice() {
        let records = [record(3, id("demo==1.0.2", Generation::V4))];
        let available = || {
            vec![
                described("demo-1.0", "1.0.2", "Demo"),
                described("demo-1.0", "1.0.10~b1", "Demo"),
                described("ldap-1.0", "1.0.0", "Directory"),
            ]
        };
        let told = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            let hits = search(&words, &records, available()).into_iter();
            hits.map(|hit| format!("{} {} {:?}", hit.name, hit.version, hit.id.map(|id| id.0)))
                .collect::<Vec<_>>()
        };
        let [new, old] = ["demo 1.0.10b1 None", "demo 1.0.2 Some(3)"];
        assert_eq!(told(&["DEMO"]), [new, old]);
        assert_eq!(told(&["directory"]), [new, "ldap 1.0.0 None"]);
        assert_eq!(told(&["users", "ldap"]), ["ldap 1.0.0 None"]);
        assert_eq!(told(&["nothing"]), [] as [String; 0]);
    }
}
