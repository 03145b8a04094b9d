//! Whether a package's files are as they were installed, by the package manager's own check.

use std::ffi::OsString;
use std::path::PathBuf;

use super::backend::Family;
use super::run::Answer;
use super::{Host, HostError};

/// What is wrong with one file of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    /// The file, as the machine itself names it.
    pub path: PathBuf,
    /// What is wrong.
    pub fault: Fault,
    /// Whether the file is for the administrator to edit.
    pub is_config: bool,
}

/// What can be wrong with a file; the gravest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// It is not there.
    Missing,
    /// It is there and has no bytes, as after a power cut.
    Empty,
    /// Its bytes are others, or it is another kind of file.
    Changed,
    /// It cannot be read.
    Unreadable,
    /// Its owner or group is another.
    Owner,
    /// Its permissions are others.
    Mode,
    /// Something else, such as capabilities.
    Other,
}

impl Host {
    /// Returns what is wrong with the files of an installed package, sorted by path.
    pub fn verify_files(&self, package: &str) -> Result<Vec<FileProblem>, HostError> {
        let answer = self.check_files(&[package])?;
        let mut problems: Vec<_> = answer.text.lines().filter_map(problem).collect();
        // rpm ends with 1 also where a file only has another time.
        let names_a_file = answer.text.lines().any(|line| line.contains(" /"));
        if !names_a_file && !answer.ran.status.success() {
            return Err(HostError::Failed(answer.ran));
        }
        for problem in problems.iter_mut().filter(|problem| problem.fault == Fault::Changed) {
            if self.is_empty(&problem.path) {
                problem.fault = Fault::Empty;
            }
        }
        problems.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(problems)
    }

    /// Whether nothing at all is wrong with the files of installed packages: one question for all. What
    /// is wrong with which of them has to be asked of each.
    pub fn are_intact(&self, packages: &[&str]) -> Result<bool, HostError> {
        if packages.is_empty() {
            return Ok(true);
        }
        let answer = self.check_files(packages)?;
        Ok(answer.ran.status.success() && answer.text.is_empty())
    }

    fn check_files(&self, packages: &[&str]) -> Result<Answer, HostError> {
        let manager = self.manager()?;
        let (mut command, words): (_, &[&str]) = match manager.backend.family() {
            Family::Rpm => (manager.rpm(), &["-V", "--nodeps", "--noscripts", "--"]),
            Family::Dpkg => (manager.dpkg(), &["-V", "--"]),
        };
        command.extend(words.iter().chain(packages).map(OsString::from));
        self.runner.ask(&command)
    }

    fn is_empty(&self, path: &std::path::Path) -> bool {
        let path = self.places.root().join(path.strip_prefix("/").unwrap_or(path));
        fs_err::symlink_metadata(path).is_ok_and(|found| found.is_file() && found.len() == 0)
    }
}

/// Reads `S.5....T.  c /path` or `missing     /path`; `None` for a file that only has another time.
fn problem(line: &str) -> Option<FileProblem> {
    let at = line.find(" /")?;
    let (found, path) = (&line[..at], &line[at + 1..]);
    let mut words = found.split_whitespace();
    let signs = words.next()?;
    let has = |sign: char| signs.contains(sign);
    let fault = match () {
        () if signs == "missing" => Fault::Missing,
        () if has('S') || has('5') || has('L') || has('D') => Fault::Changed,
        () if !signs.starts_with("??5") && has('?') => Fault::Unreadable,
        () if has('U') || has('G') => Fault::Owner,
        () if has('M') => Fault::Mode,
        () if has('P') => Fault::Other,
        () => return None,
    };
    // rpm adds a remark to a missing file that it may not look for.
    let path = path.split(" (Permission denied)").next().unwrap_or(path);
    Some(FileProblem { path: path.into(), fault, is_config: words.any(|word| word == "c") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_both_checks_are_read() {
        let table = [
            ("missing     /a/b", Some((Fault::Missing, false))),
            ("missing   c /a/b", Some((Fault::Missing, true))),
            ("S.5....T.  c /a/b", Some((Fault::Changed, true))),
            ("??5??????   /a/b", Some((Fault::Changed, false))),
            (".M.......    /a/b", Some((Fault::Mode, false))),
            (".....UG..    /a/b", Some((Fault::Owner, false))),
            (".......T.    /a/b", None),
            ("..?......    /a/b", Some((Fault::Unreadable, false))),
            ("package demo-1.0 is not installed", None),
        ];
        for (line, expected) in table {
            let found = problem(line).map(|problem| {
                assert_eq!(problem.path, PathBuf::from("/a/b"));
                (problem.fault, problem.is_config)
            });
            assert_eq!(found, expected, "{line}");
        }
    }
}
