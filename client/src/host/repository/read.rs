//! What dnf and apt say of packages in repositories.
//!
//! A plugin's package is `NAME-LINE` in a version on that line; what is not so is none.

use std::collections::BTreeMap;

use plugin::{PluginName, ReleaseLine};

use super::Available;
use crate::host::database::plugin_version;

/// Reads `demo-1.0\t1.0.2-1\tmain`.
pub(super) fn dnf_row(line: &str) -> Option<Available> {
    let [package, version, repository] = *line.split('\t').collect::<Vec<_>>() else { return None };
    let (name, _) = package.rsplit_once('-')?;
    available(name.parse().ok()?, package, version, repository)
}

/// Reads ` demo-1.0 | 1.0.2-1 | file:/srv/repo  Packages`; `plugins` says which packages are one.
pub(super) fn apt_row(line: &str, plugins: &BTreeMap<&str, PluginName>) -> Option<Available> {
    let [package, version, source] = *line.split('|').collect::<Vec<_>>() else { return None };
    let repository = source.trim().strip_suffix("Packages")?.trim();
    let (package, version) = (package.trim(), version.trim());
    available(plugins.get(package)?.clone(), package, version, repository)
}

/// Reads which plugin each package is from the fields of packages.
pub(super) fn plugins(fields: &str) -> impl Iterator<Item = (&str, PluginName)> {
    fields.split("\n\n").filter_map(|package| {
        let field = |name: &str| {
            package.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        };
        Some((field("Package")?, field("Plugin-Name")?.parse().ok()?))
    })
}

/// Returns the release line that a package's name ends with.
pub(super) fn line_of(package: &str) -> Option<ReleaseLine> {
    package.rsplit_once('-')?.1.parse().ok()
}

fn available(
    plugin: PluginName,
    package: &str,
    version: &str,
    repository: &str,
) -> Option<Available> {
    if line_of(package)? != plugin_version(version)?.line() {
        return None;
    }
    let [package, version, repository] = [package, version, repository].map(str::to_owned);
    Some(Available { plugin, package, version, repository })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(found: Option<Available>) -> Option<String> {
        let found = found?;
        Some(format!("{} {} {} {}", found.plugin, found.package, found.version, found.repository))
    }

    #[test]
    fn only_rows_of_plugins_are_read() {
        let table = [
            ("my_demo-1.0\t1.0.2-1\tmain", Some("my_demo my_demo-1.0 1.0.2-1 main")),
            ("my_demo-1.0\t1.0.2~b1-1\tmain", Some("my_demo my_demo-1.0 1.0.2~b1-1 main")),
            ("gtk-3.0\t3.24.1-1\tmain", None),
            ("bash\t5.2.0-1\tmain", None),
            ("Last metadata expiration check: 0:00:01 ago", None),
        ];
        for (line, expected) in table {
            assert_eq!(told(dnf_row(line)).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn a_deb_says_itself_which_plugin_it_is() {
        let fields = "Package: my-demo-1.0\nVersion: 1.0.2-1\nPlugin-Name: my_demo\n\n\
                      Package: other-1.0\nVersion: 1.0.0-1\n";
        let plugins: BTreeMap<&str, PluginName> = plugins(fields).collect();
        let table = [
            (
                " my-demo-1.0 |  1.0.2-1 | file:/srv ./ Packages",
                Some("my_demo my-demo-1.0 1.0.2-1 file:/srv ./"),
            ),
            (" my-demo-1.0 |  1.0.2-1 | file:/srv ./ Sources", None),
            (" other-1.0 |  1.0.0-1 | file:/srv ./ Packages", None),
        ];
        for (line, expected) in table {
            assert_eq!(told(apt_row(line, &plugins)).as_deref(), expected, "{line}");
        }
    }
}
