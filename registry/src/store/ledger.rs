//! Writes rows, and keeps the sum of each table's seals.
//!
//! A seal shows that a row was altered. The sum shows that one is gone, or is one from earlier: it is a
//! sealed counter that follows every row which is written or taken away, so that no write has to read a
//! table. It goes into the registry once, at the end of a transaction.

use std::collections::BTreeMap;

use rusqlite::Connection;
use rusqlite::types::Value;

use super::row;
use super::table::{self, Order, Seal, Table};
use super::{Fault, Problem};
use crate::schema;

/// The sum of seals, of which it takes as much as a counter holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sum(i64);

impl Sum {
    /// Adds the seal of a row that is there.
    pub(crate) fn add(&mut self, seal: &Seal) {
        self.0 = self.0.wrapping_add(Self::of(seal));
    }

    fn subtract(&mut self, seal: &Seal) {
        self.0 = self.0.wrapping_sub(Self::of(seal));
    }

    fn of(seal: &Seal) -> i64 {
        let first = seal.first_chunk().expect("a seal is longer than a number");
        i64::from_be_bytes(*first)
    }

    /// Makes sure that it is the sum of all of a table's rows.
    pub(crate) fn check(self, connection: &Connection, table: Table) -> Result<(), Fault> {
        let counted = row::counter(connection, &counter(table))?.unwrap_or(0);
        if counted == self.0 || schema::found(connection)? < schema::SUMS {
            return Ok(());
        }
        let name = table.name;
        Err(Problem::new(format!("a row of `{name}` is missing, or is one of earlier")).into())
    }
}

fn counter(table: Table) -> String {
    format!("sum of {}", table.name)
}

/// Writes rows in a transaction.
#[derive(Debug)]
#[must_use = "what it wrote is damage until it is closed"]
pub(crate) struct Ledger<'c> {
    connection: &'c Connection,
    changes: BTreeMap<Table, Sum>,
}

impl<'c> Ledger<'c> {
    /// Begins to write.
    pub(crate) fn open(connection: &'c Connection) -> Self {
        Self { connection, changes: BTreeMap::new() }
    }

    /// Writes down the sums of what was written.
    pub(crate) fn close(self) -> Result<(), Fault> {
        for (table, Sum(change)) in self.changes {
            let counter = counter(table);
            let before = row::counter(self.connection, &counter)?.unwrap_or(0);
            row::count(self.connection, &counter, before.wrapping_add(change))?;
        }
        Ok(())
    }

    /// Adds a row.
    pub(crate) fn insert(&mut self, table: Table, columns: &[Value]) -> Result<(), Fault> {
        let seal = table.insert(self.connection, columns)?;
        self.changes.entry(table).or_default().add(&seal);
        Ok(())
    }

    /// Adds a row or replaces the one with its key.
    pub(crate) fn put(&mut self, table: Table, columns: &[Value]) -> Result<(), Fault> {
        self.take(table, &columns[..table.key.len()])?;
        self.insert(table, columns)
    }

    /// Takes the row with a key away, if it is there.
    pub(crate) fn take(&mut self, table: Table, key: &[Value]) -> Result<(), Fault> {
        if let Some(seal) = table.delete(self.connection, key)? {
            self.changes.entry(table).or_default().subtract(&seal);
        }
        Ok(())
    }

    /// Changes one column of the row with a key, if it is there; rows that refer to it stay.
    pub(crate) fn alter(
        &mut self,
        table: Table,
        key: &[Value],
        (column, value): (usize, Value),
    ) -> Result<(), Fault> {
        let Some((before, after)) = table.alter(self.connection, key, column, value)? else {
            return Ok(());
        };
        let sum = self.changes.entry(table).or_default();
        sum.subtract(&before);
        sum.add(&after);
        Ok(())
    }

    /// Counts rows in that were written before there were sums.
    pub(crate) fn count_in(&mut self, table: Table) -> Result<(), Fault> {
        let sum = self.changes.entry(table).or_default();
        table::each(self.connection, table.name, Order::Ascending, |row| {
            sum.add(&table.seal_of(row)?);
            Ok(())
        })
    }
}
