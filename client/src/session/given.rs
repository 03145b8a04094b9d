//! What was named on the command line: packages, plugins, entries.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use client::spec::{self, BadSpec};
use client::{Refusal, Spec, Target};
use console::{Report, Spelling, Status, Statuses};
use registry::{Record, RecordId};

use super::Session;
use crate::failure::{Problem, general};

impl Session<'_> {
    /// Returns what is `given` on the command line, then what stands in the file `list`.
    pub(crate) fn listed(
        &self,
        given: &[OsString],
        list: Option<&Path>,
    ) -> Result<Vec<OsString>, Problem> {
        let mut all = given.to_vec();
        let Some(list) = list else { return Ok(all) };
        let text = fs_err::read_to_string(list).map_err(|error| {
            let code = match error.kind() {
                io::ErrorKind::NotFound => general::NOT_FOUND,
                _ => general::FAILED,
            };
            Problem::from_error(code, &error)
        })?;
        let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
        let before = all.len();
        all.extend(lines.filter(|line| !line.is_empty()).map(OsString::from));
        if all.len() == before {
            let message = format!("`{}` names nothing", list.display());
            return Err(Problem::new(general::SPECIFICATION, message));
        }
        Ok(all)
    }

    /// Reads what administrators name packages and plugins by; in the historical spelling, a file.
    pub(crate) fn package_specs(
        &self,
        texts: &[OsString],
        report: &Report,
    ) -> Result<Vec<Spec>, Problem> {
        let read = |text: &OsString| match (text.to_str(), report.spelling()) {
            (Some(text), Spelling::Subcommand) => {
                Spec::parse(text).map_err(|error| malformed(&error, report))
            }
            _ => Ok(Spec::File(PathBuf::from(text))),
        };
        texts.iter().map(read).collect()
    }

    /// Reads names of plugins, which in the historical spelling are `NAME==VERSION` alone.
    pub(crate) fn targets(
        &self,
        texts: &[OsString],
        report: &Report,
    ) -> Result<Vec<Target>, Problem> {
        read_all(texts, report, |text| match report.spelling() {
            Spelling::Historical => Target::exact(text),
            Spelling::Subcommand => Target::parse(text),
        })
    }

    /// Reads names of plugins on the disk: `NAME==VERSION` or `NAME-LINE`.
    pub(crate) fn registrable(
        &self,
        texts: &[OsString],
        report: &Report,
    ) -> Result<Vec<Target>, Problem> {
        read_all(texts, report, Target::registrable)
    }

    /// Returns the numbers of the plugins that `targets` name, of all where there are none.
    pub(crate) fn records(
        &self,
        records: &[Record],
        targets: &[Target],
    ) -> Result<BTreeSet<RecordId>, Problem> {
        let mut found = BTreeSet::new();
        for target in targets {
            let before = found.len();
            let fitting = records.iter().filter(|record| target.fits(&record.plugin.id));
            found.extend(fitting.map(|record| record.id));
            if found.len() == before && !records.iter().any(|r| target.fits(&r.plugin.id)) {
                let known = records.iter().map(|record| record.plugin.id.name.as_str());
                let near = spec::nearest(target.name().as_str(), known);
                let near = near.and_then(|name| name.parse().ok());
                return Err(Refusal::NotRegistered { target: target.clone(), near }.into());
            }
        }
        Ok(found)
    }
}

fn read_all(
    texts: &[OsString],
    report: &Report,
    read: impl Fn(&str) -> Result<Target, BadSpec>,
) -> Result<Vec<Target>, Problem> {
    let read =
        |text: &OsString| read(&text.to_string_lossy()).map_err(|error| malformed(&error, report));
    texts.iter().map(read).collect()
}

/// Returns that a text names no plugin; scripts of old expect status 1 for it.
fn malformed(error: &dyn std::error::Error, report: &Report) -> Problem {
    let mut problem = Problem::from_error(general::SPECIFICATION, error);
    if report.statuses() == Statuses::Historical {
        problem.0.status = Status::Failed;
    }
    match report.spelling() {
        Spelling::Subcommand => problem,
        Spelling::Historical => problem.help("write NAME==VERSION: demo==1.0.2"),
    }
}
