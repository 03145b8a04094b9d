//! What can go wrong with `fpb`, put as failures.
//!
//! The kind decides exit status and code. Findings of the checker have codes of their own; these are
//! the `F09..` ones. `fpb explain` knows both.

mod kind;
mod repository;

use std::io::ErrorKind;
use std::path::Path;

use builder::inspect::BadPackage;
use console::Failure;
use packaging::ReadError;

use crate::environment::BadEpoch;

pub(crate) use kind::Kind;
pub(crate) use repository::repository;

/// Returns that the plugin breaks rules, with a label that tells failed validations from others.
pub(crate) fn invalid(problem: &str) -> Failure {
    Failure::new(Kind::Invalid, format!("validation failed: {problem}"))
}

/// Returns why a package could not be read.
pub(crate) fn unreadable(error: &BadPackage) -> Failure {
    let kind = match error.source {
        ReadError::Io(_) => Kind::Failed,
        ReadError::Damaged { .. } => Kind::Damaged,
        ReadError::Unrecognised | ReadError::Limit(_) | ReadError::Unsafe(_) => Kind::Unreadable,
    };
    let failure = Failure::from_error(kind, error);
    match &error.source {
        ReadError::Damaged { problem, .. } => Failure { causes: vec![problem.clone()], ..failure },
        _ => failure,
    }
}

/// Returns that the packages in `files` are damaged; `None` where there are none.
pub(crate) fn damaged(files: &[&str]) -> Option<Failure> {
    let names: Vec<_> = files.iter().map(|file| format!("`{file}`")).collect();
    let verb = match names.len() {
        0 => return None,
        1 => "is",
        _ => "are",
    };
    let message = format!("{} {verb} damaged", names.join(" and "));
    let help = "do not install it; fetch or build it again";
    Some(Failure::new(Kind::Damaged, message).help(help))
}

impl From<BadEpoch> for Failure {
    fn from(error: BadEpoch) -> Self {
        Self::from_error(Kind::Usage, &error).help("unset it, or set it as `date +%s` prints it")
    }
}

/// Fails where `path` names nothing.
pub(crate) fn require(path: &Path) -> Result<(), Failure> {
    match path.metadata() {
        Ok(_) => Ok(()),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Err(Failure::new(Kind::NotFound, format!("`{}` does not exist", path.display())))
        }
        Err(error) => {
            let message = format!("`{}` cannot be reached", path.display());
            Err(Failure::new(Kind::Failed, message).cause(error))
        }
    }
}

/// Fails where `path` is not the folder of a plugin.
pub(crate) fn require_folder(path: &Path) -> Result<(), Failure> {
    require(path)?;
    require_directory(path).map_err(|it| it.help("name the folder that holds `metadata.yaml`"))
}

/// Fails where `path` is not a folder.
pub(crate) fn require_directory(path: &Path) -> Result<(), Failure> {
    require(path)?;
    if path.is_dir() {
        return Ok(());
    }
    Err(Failure::new(Kind::Failed, format!("`{}` is not a folder", path.display())))
}
