//! `fpb bump`: raises a plugin's version in `metadata.yaml`.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use packaging::durable;
use plugin::yaml::{self, Node};
use plugin::{BadName, BadVersion, Generation, PluginId, UnknownGeneration, Version};
use serde::Serialize;

pub use crate::edit::Effect;
use crate::edit::{self, EditError};
use console::printable;

use crate::Source;

/// The version to go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The next one on the same release line.
    NextPatch,
    /// This one, which must be higher.
    To(Version),
}

/// What a bump does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bump {
    /// The plugin's name.
    pub plugin: String,
    /// The version before.
    pub old: String,
    /// The version after.
    pub new: String,
    /// Whether the release line is another one: then hosts see another package, and no update.
    pub line_changed: bool,
    /// The package's name before.
    pub old_package: String,
    /// The package's name after.
    pub new_package: String,
    /// Whether the file was written.
    pub written: bool,
}

/// Why a version was not raised. Nothing has been changed.
#[derive(Debug, thiserror::Error)]
pub enum BumpError {
    /// The file could not be read or replaced.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// There is no `metadata.yaml`.
    #[error("`{}` is missing", .0.display())]
    Missing(PathBuf),
    /// `metadata.yaml` is no text that can be edited.
    #[error("`{}` cannot be read: {problem}", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        problem: String,
    },
    /// The file cannot be edited.
    #[error("`{}`: {source}", .file.display())]
    Edit {
        /// The file.
        file: PathBuf,
        /// Why.
        source: EditError,
    },
    /// The present name is none.
    #[error(transparent)]
    Name(#[from] BadName),
    /// The present version is none.
    #[error(transparent)]
    Version(#[from] BadVersion),
    /// The package version is unknown.
    #[error(transparent)]
    Generation(#[from] UnknownGeneration),
    /// The present version is the last on its release line.
    #[error("no version follows {0} on its release line: numbers have at most 10 digits")]
    Last(Box<Version>),
    /// The new version is not above the old one.
    #[error("version {new} is not higher than the present {old}")]
    NotHigher {
        /// The version that is there.
        old: Box<Version>,
        /// The version that was asked for.
        new: Box<Version>,
    },
}

/// Raises the version of the plugin in `directory`; every other byte of `metadata.yaml` stays.
pub fn bump(directory: &Path, target: &Target, effect: Effect) -> Result<Bump, BumpError> {
    let file = directory.join("metadata.yaml");
    let source = Source::read(directory)?;
    let metadata = source.file("metadata.yaml").ok_or_else(|| BumpError::Missing(file.clone()))?;
    if let Err(problem) = &metadata.document {
        return Err(BumpError::Unreadable { file, problem: problem.to_string() });
    }
    let (edited, mut bump) = raise(&metadata.text, target).map_err(|problem| match problem {
        BumpError::Edit { source, .. } => BumpError::Edit { file: file.clone(), source },
        other => other,
    })?;
    if effect == Effect::Write {
        durable::rewrite::<io::Error>(&file, |out| out.write_all(edited.as_bytes()))?;
        bump.written = true;
    }
    Ok(bump)
}

/// Returns the text of `metadata.yaml` with its version raised, and what that means.
fn raise(text: &str, target: &Target) -> Result<(String, Bump), BumpError> {
    let old = identity(text)?;
    let version = match target {
        Target::NextPatch => old
            .version
            .next_patch()
            .ok_or_else(|| BumpError::Last(Box::new(old.version.clone())))?,
        Target::To(version) => version.clone(),
    };
    if version <= old.version {
        return Err(BumpError::NotHigher { old: Box::new(old.version), new: Box::new(version) });
    }
    let edited = edit::set(text, "version", version.as_str()).map_err(in_metadata)?;
    let new = PluginId { version, ..old.clone() };
    let bump = Bump {
        plugin: old.name.to_string(),
        old: old.version.to_string(),
        new: new.version.to_string(),
        line_changed: old.line() != new.line(),
        old_package: old.package_name().to_string(),
        new_package: new.package_name().to_string(),
        written: false,
    };
    Ok((edited, bump))
}

/// Returns which plugin a `metadata.yaml` describes.
fn identity(text: &str) -> Result<PluginId, BumpError> {
    let document = yaml::parse(text).map_err(|error| in_metadata(error.into()))?;
    let root = document.root.as_ref().ok_or_else(|| in_metadata(EditError::NotAMapping))?;
    let field = |key: &str| string(root, text, key).map_err(in_metadata);
    Ok(PluginId {
        name: field("name")?.parse()?,
        version: field("version")?.parse()?,
        generation: field("package_version")?.parse::<Generation>()?,
    })
}

fn string<'a>(root: &'a Node, text: &str, key: &str) -> Result<&'a str, EditError> {
    let node = root.get(key).ok_or_else(|| EditError::Missing(key.to_owned()))?;
    node.as_str().ok_or_else(|| EditError::Kind {
        key: key.to_owned(),
        line: edit::line_of(text, &[key]).unwrap_or(node.span.start.line),
        found: node.kind(),
        expected: "a string (in quotes)",
    })
}

fn in_metadata(source: EditError) -> BumpError {
    BumpError::Edit { file: PathBuf::from("metadata.yaml"), source }
}

/// `demo 1.0.0 -> 1.0.1`, and the packages where their names differ.
impl fmt::Display for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { plugin, old, new, old_package, new_package, .. } = self;
        writeln!(f, "{plugin} {} -> {}", printable::line(old), printable::line(new))?;
        if old_package == new_package {
            return writeln!(f, "  package  {new_package}, updates {old} in place");
        }
        writeln!(f, "  package  {old_package} -> {new_package}")?;
        let why = if self.line_changed { "another release line" } else { "package version 1.0.0" };
        writeln!(f, "  note     {why}: installs beside the old version, does not update it")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(version: &str) -> String {
        format!("name: demo\r\nversion: {version} # keep\r\npackage_version: '5.0.0'\r\n")
    }

    fn to(version: &str) -> Target {
        Target::To(version.parse().unwrap())
    }

    #[test]
    fn only_the_version_changes_and_keeps_its_quotes() {
        let cases = [
            ("1.0.0", Target::NextPatch, "1.0.1"),
            ("'1.0'", Target::NextPatch, "'1.0.1'"),
            ("\"1.0.9\"", Target::NextPatch, "\"1.0.10\""),
            ("1.0.0b1", Target::NextPatch, "1.0.0"),
            ("1.0.0", to("1.1"), "'1.1'"),
            ("!!str 1.0", to("2.0"), "!!str 2.0"),
        ];
        for (old, target, new) in cases {
            let (edited, _) = raise(&metadata(old), &target).unwrap();
            assert_eq!(edited, metadata(new), "{old} to {target:?}");
        }
    }

    #[test]
    fn another_line_is_another_package() {
        let (_, bump) = raise(&metadata("1.0.9"), &to("1.1.0")).unwrap();
        assert!(bump.line_changed);
        assert_eq!((&*bump.old_package, &*bump.new_package), ("demo-1.0", "demo-1.1"));
        assert_eq!(
            bump.to_string(),
            "demo 1.0.9 -> 1.1.0\n  package  demo-1.0 -> demo-1.1\n  \
             note     another release line: installs beside the old version, does not update it\n"
        );
    }

    #[test]
    fn what_cannot_be_raised_safely_is_refused() {
        let shared = "name: demo\nx: &v 1.0.0\nversion: *v\npackage_version: '5.0.0'\n";
        let twice = "name: demo\nversion: 1.0.0\npackage_version: '5.0.0'\nversion: 1.0.1\n";
        let refused = [
            (metadata("1.0.1"), to("1.0.1"), "version 1.0.1 is not higher than the present 1.0.1"),
            (metadata("1.0.9999999999"), Target::NextPatch, "no version follows 1.0.9999999999"),
            (metadata("1.0"), Target::NextPatch, "`version` is a number with a fraction"),
            (metadata("'1'"), Target::NextPatch, "`1` is not a version"),
            (shared.to_owned(), Target::NextPatch, "line 3: `version` cannot be changed"),
            (twice.to_owned(), Target::NextPatch, "`version` is given twice, in lines 2 and 4"),
            ("name: demo\n".to_owned(), Target::NextPatch, "`version` is missing"),
        ];
        for (text, target, message) in refused {
            let error = raise(&text, &target).unwrap_err().to_string();
            assert!(error.contains(message), "{error:?}, not {message:?}");
        }
    }

    #[test]
    fn a_dry_run_writes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("metadata.yaml");
        fs_err::write(&file, metadata("1.0.0")).unwrap();
        assert!(!bump(folder.path(), &Target::NextPatch, Effect::DryRun).unwrap().written);
        assert_eq!(fs_err::read_to_string(&file).unwrap(), metadata("1.0.0"));
        assert!(bump(folder.path(), &Target::NextPatch, Effect::Write).unwrap().written);
        assert_eq!(fs_err::read_to_string(&file).unwrap(), metadata("1.0.1"));
        fs_err::remove_file(&file).unwrap();
        let missing = bump(folder.path(), &Target::NextPatch, Effect::Write);
        assert!(matches!(missing, Err(BumpError::Missing(_))));
    }
}
