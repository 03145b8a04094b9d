//! Which installed lines another version is looked for, and which of the available ones it is.

use plugin::{PluginId, PluginName, ReleaseLine, Version};

use super::Refusal;
use super::present::{Inventory, Present};
use super::refusal::PluginVersion;
use crate::HostState;
use crate::spec::Target;

/// A package that a repository, or the store of kept ones, has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Available {
    /// The plugin.
    pub name: PluginName,
    /// Its version.
    pub version: Version,
    /// The package's version as the package manager writes it.
    pub package_version: String,
    /// Where it is: a repository's identifier.
    pub repository: String,
}

/// An installed release line that another version is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The plugin.
    pub name: PluginName,
    /// Its release line.
    pub line: ReleaseLine,
    /// The package's name in the database.
    pub package: String,
    /// The version that is there.
    pub installed: Version,
    /// The one version that is wanted; `None` for the best.
    pub exactly: Option<Version>,
}

/// Returns the lines that repositories are to be asked about. Without targets: all new-format packages
/// that are not held. A version in a target is the one that is wanted, not the one that is there.
pub fn what_to_update(state: &HostState, targets: &[Target]) -> Result<Vec<Wanted>, Refusal> {
    let inventory = Inventory::new(state);
    if targets.is_empty() {
        let open = |there: &&Present<'_>| !state.is_held(&there.id.name, there.id.line());
        return Ok(inventory.all().filter(open).filter_map(|there| wanted(there, None)).collect());
    }
    let mut all: Vec<Wanted> = Vec::new();
    for target in targets {
        for found in of_target(state, &inventory, target)? {
            if !all.iter().any(|other| other.name == found.name && other.line == found.line) {
                all.push(found);
            }
        }
    }
    Ok(all)
}

fn of_target(
    state: &HostState,
    inventory: &Inventory<'_>,
    target: &Target,
) -> Result<Vec<Wanted>, Refusal> {
    let (line, exactly) = match target {
        Target::Name(_) => (None, None),
        Target::Line(_, line) => (Some(*line), None),
        Target::Exact(_, version) => (Some(version.line()), Some(version)),
    };
    let named = inventory.named(target.name());
    let fitting = named.iter().filter(|there| line.is_none_or(|line| there.id.line() == line));
    let fitting: Vec<_> = fitting.filter(|there| there.is_installed()).collect();
    let found: Vec<_> = fitting.iter().filter_map(|there| wanted(there, exactly)).collect();
    match (found.as_slice(), fitting.as_slice()) {
        ([], []) => Err(inventory.unknown(target)),
        ([], legacy) => Err(only_legacy(state, legacy)),
        (found, _) => match found.iter().find(|found| state.is_held(&found.name, found.line)) {
            Some(held) => Err(Refusal::Held { name: held.name.clone(), line: held.line }),
            None => Ok(found.to_vec()),
        },
    }
}

fn wanted(there: &Present<'_>, exactly: Option<&Version>) -> Option<Wanted> {
    let package = there.package?;
    Some(Wanted {
        name: there.id.name.clone(),
        line: there.id.line(),
        package: package.package.clone(),
        installed: package.plugin_version.clone(),
        exactly: exactly.cloned(),
    })
}

/// The instructions name the highest version that is there: what a fix will be is not known yet.
fn only_legacy(state: &HostState, legacy: &[&&Present<'_>]) -> Refusal {
    let highest = legacy.last().expect("asked with at least one");
    let lower = |there: &&&&Present<'_>| {
        there.id.version < highest.id.version && there.id.line() == highest.id.line()
    };
    Refusal::LegacyUpdate {
        offered: highest.id.clone(),
        installed: legacy.iter().filter(lower).map(|there| there.id.version.clone()).collect(),
        given: highest.id.to_string(),
        there: true,
        plugins: state.profile.plugins.clone(),
    }
}

/// Returns the highest version above the installed one, or the one asked for, if there is any. Only who
/// has a pre-release is offered another.
pub fn choose_higher<'a>(
    wanted: &Wanted,
    available: &'a [Available],
) -> Result<Option<&'a Available>, Refusal> {
    let on_pre_release = wanted.installed.pre_release().is_some();
    let best = best(wanted, available, |version| {
        *version > wanted.installed && (on_pre_release || version.pre_release().is_none())
    });
    match (&wanted.exactly, best) {
        (Some(exactly), None) if exactly.as_str() != wanted.installed.as_str() => {
            Err(not_available(wanted, exactly, available))
        }
        (_, best) => Ok(best),
    }
}

/// Returns the highest version below the installed one, or the one asked for.
pub fn choose_lower<'a>(
    wanted: &Wanted,
    available: &'a [Available],
) -> Result<&'a Available, Refusal> {
    best(wanted, available, |version| *version < wanted.installed).ok_or_else(|| {
        match &wanted.exactly {
            Some(exactly) => not_available(wanted, exactly, available),
            None => Refusal::NothingToChoose {
                name: wanted.name.clone(),
                line: wanted.line,
                installed: wanted.installed.clone(),
                direction: "lower",
            },
        }
    })
}

/// Returns the version to install of a plugin that the host need not have: the highest that a target
/// allows, released versions before pre-releases.
pub fn choose_new<'a>(
    target: &Target,
    available: &'a [Available],
) -> Result<&'a Available, Refusal> {
    let fits = |found: &&Available| {
        // Which package version it has does not matter for the match.
        let (name, version) = (found.name.clone(), found.version.clone());
        target.fits(&PluginId { name, version, generation: plugin::Generation::NEWEST })
    };
    available
        .iter()
        .filter(fits)
        .max_by_key(|found| (found.version.pre_release().is_none(), &found.version))
        .ok_or_else(|| Refusal::NotAvailable {
            target: target.clone(),
            available: of_name(target.name(), available),
        })
}

fn best<'a>(
    wanted: &Wanted,
    available: &'a [Available],
    fits: impl Fn(&Version) -> bool,
) -> Option<&'a Available> {
    let right = |found: &&Available| {
        found.name == wanted.name
            && found.version.line() == wanted.line
            && match &wanted.exactly {
                Some(exactly) => exactly.as_str() == found.version.as_str(),
                None => fits(&found.version),
            }
    };
    available.iter().filter(right).max_by_key(|found| &found.version)
}

fn not_available(wanted: &Wanted, exactly: &Version, available: &[Available]) -> Refusal {
    Refusal::NotAvailable {
        target: Target::Exact(wanted.name.clone(), exactly.clone()),
        available: of_name(&wanted.name, available),
    }
}

fn of_name(name: &PluginName, available: &[Available]) -> Vec<PluginVersion> {
    let same = available.iter().filter(|found| found.name == *name);
    same.map(|found| PluginVersion { name: found.name.clone(), version: found.version.clone() })
        .collect()
}
