//! Differences of what stands around the payload: identity, fields, relations, scripts.

use std::collections::{BTreeMap, BTreeSet};

use packaging::Package;
use packaging::package::Script;
use plugin::Version;

use super::content::{Effort, text_change};
use super::{Change, Difference, ScriptChange, Side};
use crate::inspect::{PluginIdentity, relation_name};

/// Fields that are shown with the identity, or say when a package was made or how large it is, which
/// is no difference of its own.
const ELSEWHERE: [&str; 8] =
    ["Build Date", "Installed-Size", "Name", "Package", "Release", "Size", "Source RPM", "Version"];

pub(super) fn identity(old: &Side, new: &Side) -> Vec<Change> {
    let changes = [
        Change::of("format", Some(old.format), Some(new.format)),
        Change::of("name", Some(&old.name), Some(&new.name)),
        Change::of("version", Some(&old.version), Some(&new.version)),
        Change::of("release", old.release.as_deref(), new.release.as_deref()),
    ];
    changes.into_iter().flatten().collect()
}

pub(super) fn fields(old: &Package, new: &Package) -> Vec<Change> {
    let by_name = |package: &Package| {
        let mut fields = BTreeMap::<String, Vec<String>>::new();
        for (name, value) in &package.fields {
            if !ELSEWHERE.contains(&name.as_str()) {
                fields.entry(name.clone()).or_default().push(value.clone());
            }
        }
        fields.into_iter().map(|(name, values)| (name, values.join("\n"))).collect()
    };
    changes(&by_name(old), &by_name(new))
}

/// Returns the changes from one set of named values to another, sorted by name.
pub(super) fn changes(
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
) -> Vec<Change> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let value = |side: &BTreeMap<String, String>, name: &str| side.get(name).cloned();
    names
        .into_iter()
        .filter_map(|name| {
            Change::of(name, value(old, name).as_deref(), value(new, name).as_deref())
        })
        .collect()
}

pub(super) fn relations(old: &Package, new: &Package) -> Vec<Change> {
    let old: BTreeSet<_> = old.relations.iter().collect();
    let new: BTreeSet<_> = new.relations.iter().collect();
    old.symmetric_difference(&new)
        .map(|relation| {
            let (kind, expression) = *relation;
            let on = |side: &BTreeSet<_>| side.contains(relation).then(|| expression.clone());
            Change { name: relation_name(*kind).to_owned(), old: on(&old), new: on(&new) }
        })
        .collect()
}

pub(super) fn scripts(old: &Package, new: &Package) -> Vec<ScriptChange> {
    let by_name = |package: &Package| -> BTreeMap<String, String> {
        package
            .scripts
            .iter()
            .map(|script| (script.name.clone(), with_interpreter(script)))
            .collect()
    };
    let mut effort = Effort::default();
    let described = |change: Change| {
        let (old, new) = (change.old.unwrap_or_default(), change.new.unwrap_or_default());
        let text = text_change(&change.name, old.as_bytes(), new.as_bytes(), &mut effort);
        ScriptChange { name: change.name, text }
    };
    changes(&by_name(old), &by_name(new)).into_iter().map(described).collect()
}

/// Returns a script's text; where its first line names no interpreter, or another one than the header,
/// the header's comes first.
fn with_interpreter(script: &Script) -> String {
    let first = script.body.lines().next().and_then(|line| line.strip_prefix("#!"));
    if first.is_some_and(|first| first.split_whitespace().eq(&script.interpreter)) {
        return script.body.clone();
    }
    format!("#!{}\n{}", script.interpreter.join(" "), script.body)
}

/// Returns what a release engineer should not overlook.
pub(super) fn warnings(difference: &Difference, old: &Package, new: &Package) -> Vec<String> {
    let mut warnings = Vec::new();
    for (age, side) in [("old", &difference.old), ("new", &difference.new)] {
        for part in &side.damage {
            warnings.push(format!("the {age} package is damaged: {part} does not hold"));
        }
    }
    match (&difference.old.plugin, &difference.new.plugin) {
        (Some(old), Some(new)) => plugin_warnings(&mut warnings, difference, old, new),
        _ => warnings.push("a package has no metadata.yaml that can be read".to_owned()),
    }
    if old.format != new.format {
        warnings
            .push("the formats differ: fields, relations, scripts and files outside of the plugin's folder \
             are not compared".to_owned());
    }
    warnings
}

fn plugin_warnings(
    warnings: &mut Vec<String>,
    difference: &Difference,
    old: &PluginIdentity,
    new: &PluginIdentity,
) {
    if old.name != new.name {
        warnings.push("these are different plugins".to_owned());
        return;
    }
    let version = |side: &PluginIdentity| side.version.as_deref()?.parse::<Version>().ok();
    let (Some(old), Some(new)) = (version(old), version(new)) else {
        warnings.push("a version is missing or malformed".to_owned());
        return;
    };
    if old.line() != new.line() {
        warnings.push(format!(
            "the release lines differ ({} and {}): hosts install the packages side by side, neither \
             updates the other",
            old.line(),
            new.line()
        ));
    } else if new < old {
        warnings.push(format!("{new} is lower than {old}: hosts take it for a downgrade"));
    } else if new == old && !difference.same_content {
        warnings.push(format!("the content differs, but both are version {new}"));
    }
}
