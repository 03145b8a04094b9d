//! Tables for people: columns aligned, two blanks between, no borders.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table as Drawn};

use crate::Charset;

/// Blanks between two columns.
const GAP: u16 = 2;

/// A column of a table: its title, and the side on which its cells stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    title: String,
    alignment: CellAlignment,
}

impl Column {
    /// Returns a column of text.
    pub fn left(title: &str) -> Self {
        Self { title: title.to_uppercase(), alignment: CellAlignment::Left }
    }

    /// Returns a column of numbers.
    pub fn right(title: &str) -> Self {
        Self { title: title.to_uppercase(), alignment: CellAlignment::Right }
    }
}

/// A table, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Returns a table that has no row yet.
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self { columns: columns.into_iter().collect(), rows: Vec::new() }
    }

    /// Adds a row: a cell for each column.
    pub fn row<C: Into<String>>(&mut self, cells: impl IntoIterator<Item = C>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the lines, each cell harmless.
    pub(super) fn text(&self, charset: Charset) -> String {
        let mut drawn = Drawn::new();
        drawn.load_style(NOTHING).set_header(self.columns.iter().map(|column| &column.title));
        for cells in &self.rows {
            drawn.add_row(cells.iter().map(|cell| charset.line(cell)));
        }
        for (drawn, column) in drawn.column_iter_mut().zip(&self.columns) {
            drawn.set_padding((0, GAP)).set_cell_alignment(column.alignment);
        }
        drawn.trim_fmt() + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Table {
        let mut table =
            Table::new([Column::right("id"), Column::left("name"), Column::left("state")]);
        table.row(["3", "ldap", "enabled"]);
        table.row(["10", "日本\u{1b}[31m", ""]);
        table
    }

    #[test]
    fn columns_are_aligned_whatever_their_cells_hold() {
        insta::assert_snapshot!(sample().text(Charset::Unicode), @r"
        ID  NAME            STATE
         3  ldap            enabled
        10  日本\u{1b}[31m
        ");
        insta::assert_snapshot!(sample().text(Charset::Ascii), @r"
        ID  NAME                        STATE
         3  ldap                        enabled
        10  \u{65e5}\u{672c}\u{1b}[31m
        ");
    }
}
