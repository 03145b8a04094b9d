//! A plugin to package, and short ways to write and read its package.

use std::io::Write;
use std::path::{Path, PathBuf};

use packaging::contents::Entry;
use packaging::{
    Blueprint, Compression, Contents, Hook, Hooks, Kind, Limits, Package, ReadError, WriteError,
};
use plugin::{Format, Generation};

use crate::demo;
use crate::tools::{command, output};

pub(crate) const TOP: &str = "/var/www/nailgun/plugins/demo-1.0";

/// Names that have broken shells, spec files and listings.
pub(crate) const ODD_NAMES: [&str; 5] = ["a b", "it's \"quoted\"", "-rf", "größe", "100%{name}"];

pub(crate) fn folder() -> Entry {
    Entry { mode: 0o755, kind: Kind::Folder }
}

pub(crate) fn link(target: &str) -> Entry {
    Entry { mode: 0o777, kind: Kind::Link { target: target.to_owned() } }
}

pub(crate) fn contents(version: &str) -> Contents {
    let mut contents = Contents::default();
    contents.insert_text("metadata.yaml", format!("name: demo\nversion: {version}\n").into_bytes());
    contents.insert_text("scripts/deploy.sh", *b"#!/bin/bash\necho\n");
    let deploy = contents.remove("scripts/deploy.sh").unwrap();
    contents.insert("scripts/deploy.sh", Entry { mode: 0o755, ..deploy });
    contents.insert("scripts/run", link("deploy.sh"));
    contents.insert("repositories/empty", folder());
    contents.insert_text("empty file", *b"");
    for name in ODD_NAMES {
        contents.insert_text(&format!("odd/{name}"), name.as_bytes());
    }
    contents
}

pub(crate) fn blueprint(generation: Generation, version: &str) -> Blueprint {
    Blueprint {
        title: "Über\n  100%{name}".to_owned(),
        description: "First line.\n\n%{nil}\"$(id)\" second.".to_owned(),
        licenses: vec!["Apache-2.0".to_owned(), "MIT".to_owned()],
        authors: vec!["A. Author".to_owned(), "B. Author".to_owned()],
        contents: contents(version),
        ..demo::blueprint(version, generation)
    }
}

/// A hook that writes its name and argument into a file of the host.
pub(crate) fn recording(name: &str) -> Option<Hook> {
    let body = format!("#!/bin/sh -e\necho {name} $1 '%{{name}}' >> /log\n");
    Some(Hook { interpreter: vec!["/bin/sh".to_owned(), "-e".to_owned()], body })
}

pub(crate) fn recording_hooks() -> Hooks {
    Hooks {
        before_install: recording("pre_install"),
        after_install: recording("post_install"),
        before_removal: recording("uninstall"),
    }
}

pub(crate) fn write_with(
    blueprint: &Blueprint,
    compression: Option<Compression>,
    level: Option<i32>,
) -> Result<Vec<u8>, WriteError> {
    demo::write(Format::Rpm, blueprint, compression, level)
}

pub(crate) fn write(blueprint: &Blueprint) -> Vec<u8> {
    demo::package(Format::Rpm, blueprint, None)
}

/// Writes into `folder` under the package's own name.
pub(crate) fn write_into(folder: &Path, blueprint: &Blueprint) -> PathBuf {
    let path = folder.join(packaging::file_name(Format::Rpm, blueprint).unwrap());
    fs_err::write(&path, write(blueprint)).unwrap();
    path
}

pub(crate) fn inspect(bytes: &[u8]) -> Result<Package, ReadError> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    packaging::inspect(&mut file, &Limits::default())
}

/// All that `visit` shows: paths and bytes.
pub(crate) fn visit(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, ReadError> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let mut seen = Vec::new();
    packaging::visit(&mut file, &Limits::default(), &mut |path, _, body| {
        let mut bytes = Vec::new();
        body.read_to_end(&mut bytes)?;
        seen.push((path.to_owned(), bytes));
        Ok(())
    })?;
    Ok(seen)
}

/// Asks rpm about a package file.
pub(crate) fn query(package: &Path, format: &str) -> String {
    output(command("rpm").args(["-qp", "--qf", format]).arg(package))
}
