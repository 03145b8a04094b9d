//! A dry run, which nothing can be seen of afterwards.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::machine::Machine;
use crate::scenarios::ALL;

#[test]
fn a_dry_run_plans_and_changes_nothing() {
    for name in ["legacy-replace", "link", "package-install"] {
        let scenario = ALL.iter().find(|scenario| scenario.name == name).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let packages = tempfile::tempdir().unwrap();
        let machine = Machine::new(folder.path().join("start"));
        (scenario.prepare)(&machine, packages.path());
        let before = stats(machine.root());
        let outcome = machine
            .rehearse(&|state, intake| (scenario.plan)(state, intake, packages.path()))
            .unwrap();
        assert!(!outcome.plan.is_empty());
        assert_eq!(stats(machine.root()), before, "{name}");
    }
}

/// Returns all of a tree but the package databases, which their own readers lock.
fn stats(path: &Path) -> BTreeMap<std::path::PathBuf, (u64, i64, i64)> {
    let mut found = BTreeMap::new();
    let metadata = fs_err::symlink_metadata(path).unwrap();
    let changed = (metadata.ino(), metadata.mtime(), metadata.mtime_nsec());
    if metadata.is_dir() {
        for entry in fs_err::read_dir(path).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name();
            if name != ".rpmdb" && name != "rpm" && name != "log" {
                found.extend(stats(&entry.path()));
            }
        }
    } else {
        found.insert(path.to_owned(), changed);
    }
    found
}
