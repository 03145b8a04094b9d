//! `plugins compat`

use std::collections::BTreeSet;
use std::fmt;

use clap::{ArgGroup, Args};
use client::compat::{self, Verdict};
use console::printable::count;
use console::{Column, Report, Table};
use plugin::Version;
use plugin::compatibility::Environment;
use registry::{Plugin, Record, RecordId};

use super::offers::higher;
use crate::failure::{Problem, machine};
use crate::session::Session;

/// With what plugins are to go.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("with").required(true).args(["product_version", "os"]),
    after_help = "\
Examples:
  plugins compat --product-version 9.0
  plugins compat --product-version 10.0 --available
  plugins compat --os ubuntu --release mitaka-9.0 --mode ha_compact"
)]
pub(crate) struct Arguments {
    /// A version of the product that is planned
    #[arg(long, value_name = "VERSION")]
    product_version: Option<Version>,
    /// An environment's operating system
    #[arg(long, requires = "release")]
    os: Option<String>,
    /// An environment's release: PLATFORM-PRODUCT
    #[arg(long, requires = "os")]
    release: Option<String>,
    /// An environment's mode
    #[arg(long, default_value = "ha", requires = "os")]
    mode: String,
    /// Also look for newer versions in repositories; their packages are fetched and read
    #[arg(long)]
    available: bool,
}

/// Shows which plugins fit.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let settings = session.settings()?;
    let records = session.reader(&session.places(&settings)?)?.records()?;
    let aim = Aim::of(arguments);
    let mut rows = aim.judge(&records, &[]);
    if arguments.available {
        let blocked = rows.iter().filter(|row| row.verdict == Verdict::Blocked).map(|row| row.id);
        let blocked: BTreeSet<RecordId> = blocked.collect();
        let blocked = records.iter().filter(|record| blocked.contains(&record.id));
        let blocked: Vec<_> = blocked.map(|record| &record.plugin.id).collect();
        let newer = higher(
            &session.host(&settings)?,
            &session.trust(&settings)?,
            &blocked,
            session.reach(),
        )?;
        rows = aim.judge(&records, &newer);
    }
    report.table(&table(&rows));
    rows.iter().for_each(|row| report.result(row));
    let blocked = rows.iter().filter(|row| row.verdict == Verdict::Blocked).count();
    if blocked == 0 {
        return Ok(());
    }
    let verb = if blocked == 1 { "does" } else { "do" };
    let message = format!("{} {verb} not fit {aim}", count(blocked, "plugin"));
    Err(Problem::new(machine::BLOCKED, message))
}

/// What plugins are to go with.
enum Aim<'a> {
    Product(&'a str),
    Environment(Environment),
}

impl<'a> Aim<'a> {
    fn of(arguments: &'a Arguments) -> Self {
        match (&arguments.product_version, &arguments.os, &arguments.release) {
            (_, Some(os), Some(release)) => Self::Environment(Environment {
                os: os.clone(),
                release: release.clone(),
                mode: arguments.mode.clone(),
            }),
            (product, ..) => {
                Self::Product(product.as_ref().map(Version::as_str).unwrap_or_default())
            }
        }
    }

    fn judge(&self, records: &[Record], newer: &[Plugin]) -> Vec<compat::Row> {
        match self {
            Self::Product(product) => compat::with_product(product, records, newer),
            Self::Environment(environment) => compat::with_environment(environment, records, newer),
        }
    }
}

impl fmt::Display for Aim<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Product(product) => write!(f, "product {product}"),
            Self::Environment(Environment { os, release, mode }) => {
                write!(f, "{os} {release} {mode}")
            }
        }
    }
}

fn table(rows: &[compat::Row]) -> Table {
    let mut table = Table::new(["name", "version", "verdict", "because"].map(Column::left));
    for row in rows {
        let verdict = match row.verdict {
            Verdict::Ok => "ok",
            Verdict::Update => "update",
            Verdict::Blocked => "BLOCKED",
        };
        let because = match (&row.reason, &row.update) {
            (_, Some(version)) => format!("needs {version}"),
            (Some(reason), None) => reason.clone(),
            (None, None) => String::new(),
        };
        table.row([row.name.to_string(), row.version.to_string(), verdict.to_owned(), because]);
    }
    table
}
