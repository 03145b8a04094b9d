//! What dnf and apt say of packages in repositories.
//!
//! A plugin's package is `NAME-LINE` in a version on that line; what is not so is none.

use std::collections::BTreeMap;

use plugin::{PluginName, ReleaseLine};

use super::{Available, Described};
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

/// Reads a row, a title and a description, as records of dnf have them.
pub(super) fn dnf_record(record: &str) -> Option<Described> {
    let [row, title, description] = *record.split('\x1f').collect::<Vec<_>>() else { return None };
    let [title, description] = [title, description].map(|text| text.trim().to_owned());
    Some(Described { package: dnf_row(row.trim_start())?, title, description })
}

/// Reads title and description of each package and version from the fields of packages.
pub(super) fn descriptions(fields: &str) -> impl Iterator<Item = ((&str, &str), (String, String))> {
    fields.split("\n\n").filter_map(|package| {
        let field = |name: &str| {
            package.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        };
        // Lists of other languages name theirs `Description-en`.
        let mut lines = package.lines().skip_while(|line| !line.starts_with("Description"));
        let title = lines.next()?.split_once(": ")?.1.to_owned();
        let rest = lines.take_while(|line| line.starts_with(' ')).map(str::trim);
        let rest: Vec<&str> = rest.map(|line| if line == "." { "" } else { line }).collect();
        Some(((field("Package")?, field("Version")?), (title, rest.join("\n"))))
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
    fn what_packages_say_of_themselves_may_have_many_lines() {
        let record = "\ndemo-1.0\t1.0.2-1\tmain\x1fDemo\x1fFirst\nsecond";
        let found = dnf_record(record).unwrap();
        assert_eq!((&*found.title, &*found.description), ("Demo", "First\nsecond"));
        assert_eq!(dnf_record("\n"), None);
        let fields = "Package: demo-1.0\nVersion: 1.0.2-1\nDescription: Demo\n First\n .\n second\n\
                      Plugin-Name: demo\n\nPackage: other\nVersion: 1\n";
        let found: Vec<_> = descriptions(fields).collect();
        let text = ("Demo".to_owned(), "First\n\nsecond".to_owned());
        assert_eq!(found, [(("demo-1.0", "1.0.2-1"), text)]);
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
