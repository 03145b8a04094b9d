//! Reads what can be read of a damaged file.
//!
//! A table is read from its lowest key up to the first page that is broken, and from the highest down to
//! it. Of the rows those count whose seal is whole, wherever they were found.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, OpenFlags, Row};

use crate::history::{Chained, rows};
use crate::store::open::{beside, connect, remove, sound};
use crate::store::row::{self, HOLDS, KEPT, LINKS, PLUGINS, PUBLISHERS, SOURCES};
use crate::store::table::{self, Order};
use crate::store::{Fault, Ledger, Problem, Table, change};
use crate::{Hold, Link, Publisher, Record, RecordId, Source, StoreError, schema};

/// More rows than a page of 4 KiB holds: each has a seal.
const ROWS_PER_PAGE: i64 = 128;

/// What was read.
#[derive(Debug)]
pub(super) struct Salvage {
    damaged: Option<Connection>,
    /// The tables that were read as a whole.
    whole: BTreeSet<Table>,
    /// Entries.
    pub(super) records: BTreeMap<RecordId, Record>,
    /// The symlink layer.
    pub(super) links: BTreeSet<Link>,
    /// Plugins that are kept from updates.
    pub(super) holds: BTreeSet<Hold>,
    /// Who publishes plugins.
    pub(super) publishers: BTreeSet<Publisher>,
    /// What is remembered of repositories.
    pub(super) sources: BTreeSet<Source>,
    /// The history, with what the audit copy adds to it.
    pub(super) history: BTreeMap<i64, Chained>,
    /// The newest transaction that the damaged file itself tells of.
    pub(super) newest: i64,
    /// The highest number given to an entry, where the file still says so.
    pub(super) highest: RecordId,
    /// What could not be read.
    pub(super) problems: Vec<String>,
}

impl Salvage {
    fn nothing() -> Self {
        Self {
            damaged: None,
            whole: BTreeSet::new(),
            records: BTreeMap::new(),
            links: BTreeSet::new(),
            holds: BTreeSet::new(),
            publishers: BTreeSet::new(),
            sources: BTreeSet::new(),
            history: BTreeMap::new(),
            newest: 0,
            highest: RecordId(0),
            problems: Vec::new(),
        }
    }

    /// Reads the file at `path`; nothing where there is none or where it is no database.
    pub(super) fn read(path: &Path) -> Result<Self, StoreError> {
        let mut salvage = Self::nothing();
        if path.symlink_metadata().is_err() {
            salvage.problems.push("the registry is missing".into());
            return Ok(salvage);
        }
        // No registry has these; with them SQLite would take its content from elsewhere.
        for foreign in ["-wal", "-shm"] {
            remove(&beside(path, foreign))?;
        }
        // For writing: SQLite undoes what a killed writer left unfinished, which no reader may.
        let damaged = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE);
        match damaged.and_then(|damaged| Ok((schema::found(&damaged)?, damaged))) {
            Ok((found, damaged)) => {
                if found > schema::KNOWN && schema::check(&damaged).is_ok() {
                    let (path, known) = (path.to_owned(), schema::KNOWN);
                    return Err(StoreError::NewerSchema { path, found, known });
                }
                salvage.tables(&damaged);
                salvage.damaged = Some(damaged);
            }
            Err(fault) => match fault.at(path) {
                StoreError::Damaged { problem, .. } => salvage.problems.push(problem),
                other => return Err(other),
            },
        }
        Ok(salvage)
    }

    /// Whether all of a table was read.
    pub(super) fn is_whole(&self, table: Table) -> bool {
        self.whole.contains(&table)
    }

    /// Takes a line of the audit copy in, if it is whole and new.
    pub(super) fn learn(&mut self, line: Chained) {
        if line.is_sound() && line.parse().is_ok() && line.number() > 0 {
            self.history.entry(line.number()).or_insert(line);
        }
    }

    fn tables(&mut self, damaged: &Connection) {
        let mut records = BTreeMap::new();
        self.sealed(damaged, PLUGINS, row::to_record, |record| {
            records.insert(record.id, record);
        });
        let mut kept = BTreeSet::new();
        self.sealed(damaged, KEPT, row::to_kept, |(id, _)| {
            kept.insert(id);
        });
        // What is not kept has to be read from the folder again.
        for record in records.values_mut().filter(|record| !kept.contains(&record.id)) {
            record.fingerprint = None;
        }
        self.records = records;
        self.links = self.small(damaged, LINKS, row::to_link);
        self.holds = self.small(damaged, HOLDS, row::to_hold);
        self.publishers = self.small(damaged, PUBLISHERS, row::to_publisher);
        self.sources = self.small(damaged, SOURCES, row::to_source);
        self.transactions(damaged);
    }

    fn small<T: Ord>(
        &mut self,
        damaged: &Connection,
        table: Table,
        parse: impl Fn(&Row<'_>) -> Result<T, Fault>,
    ) -> BTreeSet<T> {
        let mut found = BTreeSet::new();
        self.sealed(damaged, table, parse, |item| {
            found.insert(item);
        });
        found
    }

    fn transactions(&mut self, damaged: &Connection) {
        let mut history = BTreeMap::new();
        self.table(damaged, "history", |row| {
            let number = rows::sound(row)?.transaction.0;
            history.insert(number, rows::chained(row)?.1);
            Ok(())
        });
        self.newest = history.keys().next_back().copied().unwrap_or(0);
        self.history = history;
        match change::highest_record(damaged) {
            Ok(highest) => self.highest = RecordId(highest),
            Err(_) => self.problems.push("the highest number given is unknown".into()),
        }
    }

    /// Hands over what can be read of a table of sealed rows, some of it perhaps twice.
    fn sealed<T>(
        &mut self,
        damaged: &Connection,
        table: Table,
        parse: impl Fn(&Row<'_>) -> Result<T, Fault>,
        mut take: impl FnMut(T),
    ) {
        // Where the version itself is damaged, each table is looked for.
        let is_older = schema::check(damaged).is_ok_and(|version| version < table.since);
        if is_older
            || !self.table(damaged, table.name, |row| table.open(row, &parse).map(&mut take))
        {
            return;
        }
        match table.each(damaged, |_| Ok(())) {
            Ok(()) => {
                self.whole.insert(table);
            }
            Err(_) => self.problems.push(format!("rows of `{}` are missing", table.name)),
        }
    }

    /// Hands every row of a table over that can be read, some perhaps twice; returns whether all can.
    fn table(
        &mut self,
        damaged: &Connection,
        name: &str,
        mut take: impl FnMut(&Row<'_>) -> Result<(), Fault>,
    ) -> bool {
        let mut broken = 0;
        let read = from_both_ends(damaged, name, |row| broken += i64::from(take(row).is_err()));
        match read.and_then(|()| sound(damaged, &format!("quick_check({name})"))) {
            Ok(()) if broken == 0 => return true,
            Ok(()) => self.problems.push(format!("{broken} rows of `{name}` were not whole")),
            Err(_) => self.problems.push(format!("not all of `{name}` could be read")),
        }
        false
    }

    /// Copies what is kept of the entries with these numbers.
    pub(super) fn copy_kept(
        &self,
        ledger: &mut Ledger<'_>,
        wanted: &BTreeSet<RecordId>,
    ) -> Result<(), Fault> {
        let Some(damaged) = &self.damaged else { return Ok(()) };
        let mut copied = Ok(());
        // What cannot be read has been told already.
        let _ = from_both_ends(damaged, KEPT.name, |row| {
            let kept = KEPT.open(row, row::to_kept);
            if let (Ok((id, kept)), Ok(())) = (kept, &copied)
                && wanted.contains(&id)
            {
                copied = ledger.put(KEPT, &row::of_kept(id, &kept));
            }
        });
        copied
    }
}

/// Hands a table's rows over up to the first page that cannot be read, then those behind it.
///
/// # Errors
///
/// Where there was such a page.
fn from_both_ends(
    damaged: &Connection,
    table: &str,
    mut take: impl FnMut(&Row<'_>),
) -> Result<(), Fault> {
    // A crafted tree may lead in circles; a file of so many bytes has fewer rows.
    let pages: i64 = damaged.pragma_query_value(None, "page_count", |row| row.get(0))?;
    let mut left = pages.saturating_mul(ROWS_PER_PAGE);
    let mut take = |row: &Row<'_>| {
        left -= 1;
        take(row);
        if left > 0 { Ok(()) } else { Err(Problem::new("it has no end").into()) }
    };
    let ascending = table::each(damaged, table, Order::Ascending, &mut take);
    if ascending.is_err() {
        // That it ends at the broken page too is told already.
        let _ = table::each(damaged, table, Order::Descending, &mut take);
    }
    ascending
}
