//! A plugin's `metadata.yaml` as types (`fuel-schemas 2`).

use crate::yaml::{Node, Value};
use crate::{Generation, PluginId};

/// What `metadata.yaml` says of a plugin.
#[derive(Clone, Debug)]
pub struct Metadata {
    /// Name, version and package version.
    pub id: PluginId,
    /// One line for people.
    pub title: String,
    /// What the plugin is for.
    pub description: String,
    /// Product releases that it fits, as written.
    pub products: Vec<String>,
    /// Licenses; empty in generation 1.
    pub licenses: Vec<String>,
    /// Authors; empty in generation 1.
    pub authors: Vec<String>,
    /// Where the plugin lives on the web.
    pub homepage: Option<String>,
    /// The package's own release: `build_version`, from generation 3 on, as text.
    pub build: Option<String>,
    /// Where it can be deployed.
    pub releases: Vec<Release>,
}

/// One entry of `releases`.
#[derive(Clone, Debug)]
pub struct Release {
    /// The nodes' operating system.
    pub os: OperatingSystem,
    /// `<platform>-<product>`, for example `mitaka-9.0`.
    pub version: String,
    /// Folder of the repository with packages for the nodes, relative to the plugin.
    pub repository: String,
    /// Folder of the deployment scripts, relative to the plugin.
    pub scripts: String,
}

/// An operating system of nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OperatingSystem {
    /// Takes debs.
    Ubuntu,
    /// Takes RPMs.
    Centos,
}

impl Metadata {
    /// Reads checked metadata.
    ///
    /// `None` where the rules of `fuel-schemas 2` do not hold: the checker says which, and where.
    pub fn from_yaml(root: &Node) -> Option<Self> {
        let generation: Generation = text(root, "package_version")?.parse().ok()?;
        let id = PluginId {
            name: text(root, "name")?.parse().ok()?,
            version: text(root, "version")?.parse().ok()?,
            generation,
        };
        // Generation 1 does not know these keys, so they may hold anything there.
        let optional_texts = |key| match root.get(key) {
            Some(node) if !generation.is_legacy() => texts(node),
            _ => Some(Vec::new()),
        };
        Some(Self {
            id,
            title: text(root, "title")?.to_owned(),
            description: text(root, "description")?.to_owned(),
            products: texts(root.get("fuel_version")?)?,
            licenses: optional_texts("licenses")?,
            authors: optional_texts("authors")?,
            homepage: text(root, "homepage").map(str::to_owned),
            build: if generation.has_hooks() {
                root.get("build_version").and_then(scalar)
            } else {
                None
            },
            releases: root
                .get("releases")?
                .as_list()?
                .iter()
                .map(|r| Release::from_yaml(r))
                .collect::<Option<_>>()?,
        })
    }
}

impl Release {
    fn from_yaml(node: &Node) -> Option<Self> {
        Some(Self {
            os: match text(node, "os")? {
                "ubuntu" => OperatingSystem::Ubuntu,
                "centos" => OperatingSystem::Centos,
                _ => return None,
            },
            version: text(node, "version")?.to_owned(),
            repository: text(node, "repository_path")?.to_owned(),
            scripts: text(node, "deployment_scripts_path")?.to_owned(),
        })
    }
}

fn text<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key)?.as_str()
}

fn texts(node: &Node) -> Option<Vec<String>> {
    node.as_list()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

/// Returns a `build_version`, which may be written as text or as a number.
fn scalar(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(Some(number)) => Some(number.to_string()),
        Value::Float(number) => Some(format!("{number:?}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = "\
name: demo_plugin
title: Demo
version: 1.2.3
package_version: '4.0.0'
description: Shows how
fuel_version: ['8.0', '9.0']
licenses: [Apache-2.0]
authors: [A. N. Author]
homepage: https://example.com
groups: []
is_hotpluggable: false
build_version: 7
releases:
- os: ubuntu
  version: mitaka-9.0
  mode: [ha]
  deployment_scripts_path: scripts/
  repository_path: repositories/ubuntu
";

    fn read(text: &str) -> Option<Metadata> {
        Metadata::from_yaml(&crate::yaml::parse(text).unwrap().root.unwrap())
    }

    #[test]
    fn all_that_metadata_says_is_read() {
        let metadata = read(FULL).unwrap();
        assert_eq!(metadata.id.name.to_string(), "demo_plugin");
        assert_eq!(metadata.id.version.to_string(), "1.2.3");
        assert_eq!((&*metadata.title, &*metadata.description), ("Demo", "Shows how"));
        assert_eq!(metadata.products, ["8.0", "9.0"]);
        assert_eq!((metadata.licenses.len(), metadata.authors.len()), (1, 1));
        assert_eq!(metadata.homepage.as_deref(), Some("https://example.com"));
        assert_eq!(metadata.build.as_deref(), Some("7"));
        let [release] = &*metadata.releases else { panic!("one release") };
        assert_eq!(release.os, OperatingSystem::Ubuntu);
        assert_eq!(release.version, "mitaka-9.0");
        assert_eq!(release.repository, "repositories/ubuntu");
        assert_eq!(release.scripts, "scripts/");
    }

    #[test]
    fn what_a_generation_does_not_know_is_left_out() {
        let first = FULL.replace("'4.0.0'", "'1.0.0'").replace("licenses: [Apache-2.0]\n", "");
        let metadata = read(&first).unwrap();
        assert_eq!((metadata.build, metadata.licenses), (None, Vec::new()));
    }

    #[test]
    fn values_that_break_a_rule_are_not_read() {
        let changes = [
            ("name: demo_plugin", "name: Demo Plugin"),
            ("title: Demo", "title: 1"),
            ("title: Demo\n", ""),
            ("version: 1.2.3", "version: 1.2"),
            ("'4.0.0'", "'4.0.1'"),
            ("['8.0', '9.0']", "[8.0, 9.0]"),
            ("['8.0', '9.0']", "'8.0'"),
            ("[Apache-2.0]", "Apache-2.0"),
            ("os: ubuntu", "os: Ubuntu"),
            ("repository_path: repositories/ubuntu", "repository_path: null"),
            ("releases:\n-", "releases:\n "),
        ];
        for (from, to) in changes {
            assert!(read(&FULL.replacen(from, to, 1)).is_none(), "{from} -> {to}");
        }
    }
}
