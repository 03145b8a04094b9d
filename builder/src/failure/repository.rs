//! What can go wrong with repositories, put as failures.

use builder::repo::Error;
use console::Failure;

use super::{Kind, unreadable};

/// Returns why nothing was done with a repository.
pub(crate) fn repository(error: Error) -> Failure {
    if let Error::Package(package) = &error {
        return unreadable(package);
    }
    let failure = Failure::from_error(kind(&error), &error);
    let failure = match &error {
        Error::Conflict { there, new, .. } => {
            failure.cause(format!("there: sha256 {there}")).cause(format!("new:   sha256 {new}"))
        }
        _ => failure,
    };
    match help(&error) {
        Some(help) => failure.help(help),
        None => failure,
    }
}

fn kind(error: &Error) -> Kind {
    match error {
        Error::Io(_) | Error::Foreign(_) | Error::Layered(_) => Kind::Failed,
        Error::Package(_) | Error::Unreadable { .. } => Kind::Unreadable,
        Error::Damaged { .. } => Kind::Damaged,
        Error::Unfit { .. } => Kind::Unservable,
        Error::BadFile { .. } => Kind::Repository,
        Error::NoRepository(_)
        | Error::Unpublished(_)
        | Error::NoAdvisory(_)
        | Error::NotThere(_) => Kind::NotFound,
        Error::Exists(_)
        | Error::Occupied(_)
        | Error::Conflict { .. }
        | Error::AdvisoryExists(_)
        | Error::Needed { .. } => Kind::Conflict,
        Error::Locked(_) => Kind::Locked,
        Error::NoKey => Kind::Usage,
        Error::OtherKey { .. } | Error::NotSigned(_) => Kind::Unsigned,
        Error::Unsound { .. } => Kind::Unsound,
    }
}

fn help(error: &Error) -> Option<&'static str> {
    Some(match error {
        Error::NoRepository(_) => "make one with `fpb repo init`, or name it with `--repo`",
        Error::Unpublished(_) => "publish it with `fpb repo publish`",
        Error::Foreign(_) => {
            "publish as the user who did before, or give you the folder with `chown -R`"
        }
        Error::Layered(_) => {
            "replace the folder by a copy of itself, or move the repository to a volume"
        }
        Error::Conflict { .. } => "build the package with a higher version or release",
        Error::NotThere(_) => "see what is there with `fpb repo list`",
        Error::NoAdvisory(_) => "see what is there with `fpb advisory list`",
        Error::AdvisoryExists(_) => "give it another name, or edit its file in `advisories`",
        Error::Needed { .. } => "remove the advisory first",
        Error::Locked(_) => "wait for it, or give it more time with `--lock-timeout`",
        Error::NoKey => "name a key with `--key`, or say `--unsigned`",
        _ => return None,
    })
}
