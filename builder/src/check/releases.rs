//! The releases in `metadata.yaml` and the folders that they name (`fuel-schemas 2.1, 3`).

use std::path::{Component, Path};

use packaging::Contents;
use plugin::Generation;

use super::place::{Place, Sheet};
use super::shape::{List, Others, Shape, Table, list_of, required};
use super::words;
use crate::tree::links;
use crate::{Code, Finding, Source};

static MODES: List = list_of(Shape::OneOf(&["ha", "multinode"]));

static RELEASE: Table = Table {
    fields: &[&[
        required("os", Shape::OneOf(&["ubuntu", "centos"])),
        required("version", Shape::Text),
        required("mode", Shape::List(&MODES)),
        required("deployment_scripts_path", Shape::Text),
        required(REPOSITORY, Shape::Text),
    ]],
    others: Others::Ignored,
};

/// The value of `releases`.
pub(super) static RELEASES: List = list_of(Shape::Map(&RELEASE));

const REPOSITORY: &str = "repository_path";

const PATHS: [&str; 2] = ["deployment_scripts_path", REPOSITORY];

/// Where a path of a release leads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Folder,
    File,
    Nothing,
    Outside,
}

/// Reports paths that lead nowhere or out of the plugin, and repositories that `packaged`, if that
/// is known, has not.
///
/// A link counts as what it points at, so one that dangles leads nowhere.
pub(super) fn check_paths(source: &Source, packaged: Option<&Contents>) -> Vec<Finding> {
    let Some(file) = source.file("metadata.yaml") else { return Vec::new() };
    let Some(root) = file.root() else { return Vec::new() };
    let sheet = Sheet::new(file.name, &file.text, Generation::V1);
    if let Some(releases) = Place::top(root, &sheet).get("releases") {
        for release in releases.items() {
            check_release(&release, &source.directory);
            if let Some(contents) = packaged {
                check_repository(&release, &source.directory, contents);
            }
        }
    }
    sheet.into_findings()
}

fn check_release(release: &Place<'_>, directory: &Path) {
    let mut missing = Vec::new();
    for value in PATHS.iter().filter_map(|key| release.get(key)) {
        let Some(path) = value.node.as_str() else { continue };
        match target(directory, path) {
            Target::Folder => {}
            Target::Nothing => missing.push((value.node.span, path)),
            Target::Outside => report_outside(&value, path),
            Target::File => {
                let message = format!("{} is a file, not a folder", words::quote(path));
                value.report(Code::PathNotFolder, message, None);
            }
        }
    }
    if let Some(&(span, _)) = missing.first() {
        let paths = words::list(missing.iter().map(|&(_, path)| path));
        let message = format!("the plugin has no {paths}");
        let help = "create it, or correct the path".to_owned();
        release.report_at(span, Code::PathMissing, message, Some(help));
    }
}

/// Reports a repository that is there but does not get into the package.
fn check_repository(release: &Place<'_>, directory: &Path, contents: &Contents) {
    let Some(value) = release.get(REPOSITORY) else { return };
    let Some(path) = value.node.as_str() else { return };
    if target(directory, path) == Target::Folder && links::resolve(contents, path).is_err() {
        let message = format!("{} is not packaged", words::quote(path));
        let help = "choose a name that does not begin with a dot".to_owned();
        value.report(Code::PathMissing, message, Some(help));
    }
}

fn report_outside(place: &Place<'_>, path: &str) {
    let message = format!("{} leads out of the plugin's folder", words::quote(path));
    let help = "give a path relative to the plugin's folder".to_owned();
    place.report(Code::PathOutside, message, Some(help));
}

fn target(directory: &Path, path: &str) -> Target {
    if leaves(Path::new(path)) {
        return Target::Outside;
    }
    let joined = directory.join(path);
    match (fs_err::canonicalize(directory), fs_err::canonicalize(&joined)) {
        (Ok(top), Ok(real)) if !real.starts_with(&top) => Target::Outside,
        (Ok(_), Ok(real)) if real.is_dir() => Target::Folder,
        (Ok(_), Ok(_)) => Target::File,
        _ => Target::Nothing,
    }
}

/// Whether `path` is absolute or climbs above where it begins, whatever is on disk.
fn leaves(path: &Path) -> bool {
    let mut depth = 0_usize;
    for component in path.components() {
        match component {
            Component::RootDir | Component::Prefix(_) => return true,
            Component::CurDir => {}
            Component::Normal(_) => depth += 1,
            Component::ParentDir => match depth.checked_sub(1) {
                Some(above) => depth = above,
                None => return true,
            },
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_inside_whatever_links_are_in_its_way() {
        let outer = tempfile::tempdir().unwrap();
        let plugin = outer.path().join("plugin");
        fs_err::create_dir_all(plugin.join("repositories/ubuntu")).unwrap();
        fs_err::write(plugin.join("file"), "").unwrap();
        for (to, name) in [
            ("repositories", "inside"),
            ("..", "outside"),
            ("nowhere", "dangling"),
            ("loop", "loop"),
            ("/etc", "absolute"),
        ] {
            std::os::unix::fs::symlink(to, plugin.join(name)).unwrap();
        }
        let is = |path: &str| target(&plugin, path);
        for path in ["", ".", "repositories/ubuntu/", "./repositories/../inside/ubuntu"] {
            assert!(is(path) == Target::Folder, "{path}");
        }
        for path in ["/etc", "..", "../plugin", "a/../../b", "outside", "absolute", "outside/x/.."]
        {
            assert!(matches!(is(path), Target::Outside | Target::Nothing), "{path}");
        }
        for path in ["/etc", "..", "../plugin", "a/../../b", "outside", "absolute"] {
            assert!(is(path) == Target::Outside, "{path}");
        }
        for path in ["missing", "dangling", "loop", "file/x", "a\0b"] {
            assert!(is(path) == Target::Nothing, "{path:?}");
        }
        assert!(is("file") == Target::File);
    }
}
