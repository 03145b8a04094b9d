//! Which package managers the machine has.

use std::path::PathBuf;

use super::backend::{Backend, Tools};
use super::run::{Runner, words};
use super::{HostError, Options};

/// A package manager's program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Whose it is.
    pub backend: Backend,
    /// Where it is.
    pub path: PathBuf,
    /// What it says its version is; `None` where it says none.
    pub version: Option<String>,
}

/// Finds the package managers of the machine, whatever the root folder is, and asks for their versions.
pub fn programs(options: &Options) -> Result<Vec<Program>, HostError> {
    let tools = Tools::new(options.tools.clone());
    // Only what changes something is logged.
    let runner = Runner::new(&options.environment, PathBuf::new(), options.time_limit);
    let mut found = Vec::new();
    for backend in Backend::all() {
        if let Some(path) = tools.find(backend.program()) {
            let answer = runner.ask(&words(&path, ["--version"]))?;
            found.push(Program { backend, version: version(&answer.text), path });
        }
    }
    Ok(found)
}

/// Reads the version from what a program says of itself: the first word of the first line that begins
/// with a digit.
fn version(text: &str) -> Option<String> {
    let words = text.lines().next()?.split_whitespace();
    let mut words = words.map(|word| word.trim_end_matches('.'));
    words.find(|word| word.starts_with(|c: char| c.is_ascii_digit())).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_manager_says_its_version_in_its_own_way() {
        let table = [
            ("4.14.0\n  Installed: rpm-0:4.18.0\n", Some("4.14.0")),
            ("dnf5 version 5.2.6.0\n", Some("5.2.6.0")),
            ("RPM version 4.18.0\n", Some("4.18.0")),
            ("apt 2.6.1 (amd64)\nSupported modules:\n", Some("2.6.1")),
            (
                "Debian 'dpkg' package management program version 1.21.22 (amd64).\n",
                Some("1.21.22"),
            ),
            ("broken\n1.0\n", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(version(text).as_deref(), expected, "{text}");
        }
    }
}
