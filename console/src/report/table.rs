//! Tables for people: columns aligned, two blanks between, no borders.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use crate::Charset;

/// Stands between two columns.
const GAP: &str = "  ";

/// A column of a table: its title, and the side on which its cells stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    title: String,
    side: Side,
}

/// A side of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

impl Column {
    /// Returns a column of text.
    pub fn left(title: &str) -> Self {
        Self { title: title.to_uppercase(), side: Side::Left }
    }

    /// Returns a column of numbers.
    pub fn right(title: &str) -> Self {
        Self { title: title.to_uppercase(), side: Side::Right }
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
        let mut widths: Vec<_> = self.columns.iter().map(|column| column.title.width()).collect();
        for cells in &self.rows {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = charset.line(cell).width().max(*width);
            }
        }
        let mut text = String::new();
        self.draw(
            &mut text,
            self.columns.iter().map(|column| column.title.as_str().into()),
            &widths,
        );
        for cells in &self.rows {
            self.draw(&mut text, cells.iter().map(|cell| charset.line(cell)), &widths);
        }
        text
    }

    fn draw<'a>(
        &self,
        text: &mut String,
        cells: impl Iterator<Item = Cow<'a, str>>,
        widths: &[usize],
    ) {
        for ((cell, width), column) in cells.zip(widths).zip(&self.columns) {
            let blanks = " ".repeat(width.saturating_sub(cell.width()));
            let (before, after) = match column.side {
                Side::Left => ("", blanks.as_str()),
                Side::Right => (blanks.as_str(), ""),
            };
            text.extend([before, &cell, after, GAP]);
        }
        text.truncate(text.trim_end_matches(' ').len());
        text.push('\n');
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
