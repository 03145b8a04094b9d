//! How well versions are supported (`trusted-install 12.5`), as far as that follows from what is in the
//! repository and from its advisories.
//!
//! A fix speaks for its release line: all versions below it there are vulnerable. Of the versions of a
//! line that nothing is said against, the newest is current.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use plugin::{ReleaseLine, Version};
use serde::Serialize;

use super::{Advisory, Item, Notices, Spec};

/// How well a version is supported, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Level {
    /// The newest of its release line.
    Current,
    /// There is a newer one.
    OutOfDate,
    /// An advisory is mended by a newer one.
    Secadv,
    /// An advisory takes it back.
    Withdrawn,
}

impl Level {
    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Current => "Current",
            Self::OutOfDate => "OutOfDate",
            Self::Secadv => "Secadv",
            Self::Withdrawn => "Withdrawn",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Returns the level of each of `items`, which are in order; `None` where there is nothing to say: the
/// package is of no plugin, or it is a preview.
pub(super) fn levels(items: &[Item], notices: &Notices) -> Vec<Option<Level>> {
    let said = Said::of(notices);
    let mut levels = Vec::with_capacity(items.len());
    for line in items.chunk_by(|a, b| (&a.name, &a.line) == (&b.name, &b.line)) {
        let named: Vec<_> = line.iter().map(|item| said.of_item(item)).collect();
        let good = line.iter().zip(&named).filter(|(_, named)| named.is_none());
        let newest = good.filter_map(|(item, _)| version(item)).filter(is_final).max();
        levels.extend(line.iter().zip(named).map(|(item, named)| {
            let version = version(item)?;
            named.or_else(|| match &newest {
                Some(newest) if version < *newest => Some(Level::OutOfDate),
                _ => is_final(&version).then_some(Level::Current),
            })
        }));
    }
    levels
}

impl Notices {
    /// Returns the notices that say that `item` is vulnerable.
    pub fn endangering<'a>(&'a self, item: &'a Item) -> impl Iterator<Item = &'a Advisory> {
        let version = version(item);
        self.0.iter().filter(move |notice| {
            notice.fixes.iter().filter(|spec| spec.name == item.name).any(|spec| {
                let fix: Option<Version> = spec.version.parse().ok();
                fix.zip(version.as_ref())
                    .is_some_and(|(fix, it)| fix.line() == it.line() && *it < fix)
            })
        })
    }
}

/// What advisories say, for quick answers.
struct Said<'a> {
    /// The highest fix of each line.
    fixes: BTreeMap<(&'a str, ReleaseLine), Version>,
    withdrawn: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Said<'a> {
    fn of(notices: &'a Notices) -> Self {
        let mut fixes = BTreeMap::<_, Version>::new();
        for Spec { name, version } in notices.0.iter().flat_map(|notice| &notice.fixes) {
            let Ok(version) = version.parse::<Version>() else { continue };
            let highest = fixes.entry((name.as_str(), version.line())).or_insert(version.clone());
            *highest = version.max(highest.clone());
        }
        let withdrawn = notices.0.iter().flat_map(|notice| &notice.withdraws);
        let withdrawn = withdrawn.map(|it| (it.name.as_str(), it.version.as_str())).collect();
        Self { fixes, withdrawn }
    }

    /// Returns what is said against `item`.
    fn of_item(&self, item: &Item) -> Option<Level> {
        if self.withdrawn.contains(&(item.name.as_str(), item.version.as_str())) {
            return Some(Level::Withdrawn);
        }
        let version = version(item)?;
        let fix = self.fixes.get(&(item.name.as_str(), version.line()))?;
        (version < *fix).then_some(Level::Secadv)
    }
}

/// Returns the version of the plugin that `item` is of.
fn version(item: &Item) -> Option<Version> {
    item.line.as_ref().and_then(|_| item.version.parse().ok())
}

fn is_final(version: &Version) -> bool {
    version.pre_release().is_none()
}
