//! The tables of the original clients.

use console::printable;

use super::{COLUMNS, Row};

/// Returns the table of `fuel plugins`: no borders, blanks at the ends of lines kept.
pub(crate) fn plain(rows: &[Row]) -> String {
    let columns: Vec<_> = (0..COLUMNS.len()).collect();
    let widths = widths(rows, &columns);
    let header: Vec<_> = COLUMNS.iter().map(|title| (*title).to_owned()).collect();
    let rule: Vec<_> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let mut text = lines(&header, &widths) + &rule.join("-+-") + "\n";
    for row in rows {
        let cells: Vec<_> = columns.iter().map(|column| cell(row, *column)).collect();
        text += &lines(&cells, &widths);
    }
    text
}

/// Returns the table of `fuel2 plugins list`: in a box, numbers on the right; a blank line where there
/// is no row.
pub(crate) fn boxed(rows: &[Row], columns: &[usize]) -> String {
    if rows.is_empty() {
        return "\n".to_owned();
    }
    let widths = widths(rows, columns);
    let rule: String = widths.iter().map(|width| format!("+{}", "-".repeat(width + 2))).collect();
    let rule = rule + "+\n";
    let line = |cells: Vec<String>| {
        let padded = columns.iter().zip(&widths).zip(&cells).map(|((column, width), cell)| {
            if *column == 0 { format!("| {cell:>width$} ") } else { format!("| {cell:<width$} ") }
        });
        padded.collect::<String>() + "|\n"
    };
    let mut text = rule.clone();
    text += &line(columns.iter().map(|column| COLUMNS[*column].to_owned()).collect());
    text += &rule;
    for row in rows {
        text += &line(columns.iter().map(|column| one_line(row, *column)).collect());
    }
    text + &rule
}

/// Returns the lines of a row: as many as its highest cell has.
fn lines(cells: &[String], widths: &[usize]) -> String {
    let parts: Vec<Vec<&str>> = cells.iter().map(|cell| cell.split('\n').collect()).collect();
    let height = parts.iter().map(Vec::len).max().unwrap_or(1);
    let mut text = String::new();
    for at in 0..height {
        let padded: Vec<_> = parts
            .iter()
            .zip(widths)
            .map(|(part, width)| format!("{:<width$}", part.get(at).unwrap_or(&"")))
            .collect();
        text += &(padded.join(" | ") + "\n");
    }
    text
}

/// Returns each column's width: that of its widest line.
fn widths(rows: &[Row], columns: &[usize]) -> Vec<usize> {
    let widest = |text: &str| text.split('\n').map(|line| line.chars().count()).max().unwrap_or(0);
    let width = |column: &usize| {
        let cells = rows.iter().map(|row| widest(&cell(row, *column)));
        cells.max().unwrap_or(0).max(COLUMNS[*column].len())
    };
    columns.iter().map(width).collect()
}

/// Returns a cell that cannot drive the terminal.
fn cell(row: &Row, column: usize) -> String {
    printable::lines(&row.cell(column)).into_owned()
}

fn one_line(row: &Row, column: usize) -> String {
    cell(row, column).replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: i64, name: &str, releases: &str) -> Row {
        let texts = [name, "1.0.2", "4.0.0", releases];
        Row { id, texts: texts.map(str::to_owned) }
    }

    #[test]
    fn the_plain_table_is_the_originals_byte_by_byte() {
        let rows = [row(1, "demo", "ubuntu (mitaka-9.0, liberty-8.0)"), row(20, "x", "y")];
        assert_eq!(
            plain(&rows),
            "id | name | version | package_version | releases                        \n\
             ---+------+---------+-----------------+---------------------------------\n\
             1  | demo | 1.0.2   | 4.0.0           | ubuntu (mitaka-9.0, liberty-8.0)\n\
             20 | x    | 1.0.2   | 4.0.0           | y                               \n"
        );
    }

    #[test]
    fn a_plain_table_without_rows_has_header_and_rule() {
        assert_eq!(
            plain(&[]),
            "id | name | version | package_version | releases\n\
             ---+------+---------+-----------------+---------\n"
        );
    }

    #[test]
    fn a_cell_with_line_breaks_takes_several_lines() {
        let text = plain(&[row(1, "demo", "a\nlonger line")]);
        let last: Vec<_> = text.lines().skip(2).collect();
        assert_eq!(
            last,
            [
                "1  | demo | 1.0.2   | 4.0.0           | a          ",
                "   |      |         |                 | longer line",
            ]
        );
    }

    #[test]
    fn a_package_cannot_drive_the_terminal() {
        assert!(plain(&[row(1, "demo", "\x1b[2J")]).contains(r"\u{1b}[2J"));
    }

    #[test]
    fn the_boxed_table_has_numbers_on_the_right() {
        assert_eq!(boxed(&[], &[0]), "\n");
        assert_eq!(
            boxed(&[row(7, "demo", "y"), row(10, "x", "")], &[0, 1, 4]),
            "+----+------+----------+\n\
             | id | name | releases |\n\
             +----+------+----------+\n\
             |  7 | demo | y        |\n\
             | 10 | x    |          |\n\
             +----+------+----------+\n"
        );
    }
}
