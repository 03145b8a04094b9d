//! How findings are mended: data, merged and put in order before anything is done.

use std::path::PathBuf;

use registry::Link;
use serde::Serialize;

use super::Diagnosis;

/// A way to mend something. The order of the variants is the order in which cures are carried out: each
/// may rely on what stands before it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "cure")]
pub enum Cure {
    /// Gives files to root and lets nobody else write to them.
    Secure {
        /// Which.
        paths: Vec<PathBuf>,
    },
    /// Makes the registry anew from its audit copy and what is on the host.
    Rebuild,
    /// Finishes, or withdraws, what the journal says was under way.
    Recover,
    /// Has the package manager finish with packages, or forget the versions that an update left over.
    Mend {
        /// Their names in its database.
        packages: Vec<String>,
    },
    /// Installs the versions that are registered again, from kept packages.
    Reinstall {
        /// The plugins' folders.
        folders: Vec<String>,
    },
    /// Puts saved folders back where links lead nowhere.
    Unlink {
        /// The layer's entries.
        links: Vec<Link>,
    },
    /// Makes links anew that the layer has and the disk has not.
    Relink {
        /// The layer's entries.
        links: Vec<Link>,
    },
    /// Drops kept packages that are of no use.
    DropKept {
        /// Their SHA-256.
        sha256: Vec<String>,
    },
    /// Makes the registry say what is there, and takes the stamp away.
    Sync,
}

impl Cure {
    /// Takes in another cure of the same kind, or gives it back.
    fn absorb(&mut self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Mend { packages: all }, Self::Mend { packages: more })
            | (Self::Reinstall { folders: all }, Self::Reinstall { folders: more })
            | (Self::DropKept { sha256: all }, Self::DropKept { sha256: more }) => join(all, more),
            (Self::Unlink { links: all }, Self::Unlink { links: more })
            | (Self::Relink { links: all }, Self::Relink { links: more }) => join(all, more),
            (Self::Secure { paths: all }, Self::Secure { paths: more }) => join(all, more),
            (Self::Rebuild, Self::Rebuild)
            | (Self::Recover, Self::Recover)
            | (Self::Sync, Self::Sync) => None,
            (_, other) => Some(other),
        }
    }
}

fn join<T: Ord>(all: &mut Vec<T>, more: Vec<T>) -> Option<Cure> {
    all.extend(more);
    all.sort();
    all.dedup();
    None
}

/// Returns what mends all of a diagnosis: one cure of each kind, in order.
///
/// Whatever is done, a [`Cure::Sync`] comes last: what was mended may be what the registry did not know.
pub fn cures(diagnosis: &Diagnosis) -> Vec<Cure> {
    let mut all: Vec<Cure> = diagnosis.ills().filter_map(|ill| ill.cure.clone()).collect();
    if all.iter().any(|cure| matches!(cure, Cure::Rebuild | Cure::Recover | Cure::Mend { .. })) {
        all.push(Cure::Sync);
    }
    all.sort();
    let mut merged: Vec<Cure> = Vec::new();
    for cure in all {
        let rest = match merged.last_mut() {
            Some(last) => last.absorb(cure),
            None => Some(cure),
        };
        merged.extend(rest);
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::{Check, Finding, Severity};

    fn ill(cure: Cure) -> Finding {
        Finding::new(Check::Registry, Severity::Warn, String::new()).cured_by(cure)
    }

    #[test]
    fn cures_of_a_kind_are_one_and_stand_in_order() {
        let folders = |names: &[&str]| Cure::Reinstall {
            folders: names.iter().map(|&name| name.to_owned()).collect(),
        };
        let mend = Cure::Mend { packages: vec!["a-1.0".to_owned()] };
        let findings =
            [Cure::Sync, folders(&["b", "a"]), mend.clone(), Cure::Sync, folders(&["a"])];
        let diagnosis = Diagnosis { findings: findings.map(ill).into() };
        assert_eq!(cures(&diagnosis), [mend, folders(&["a", "b"]), Cure::Sync]);
    }
}
