//! The list of `fuel2`: chosen columns, sorted, in one of several forms.

use serde_json::{Map, Value, json};

use super::{COLUMNS, Row, boxed, data};
use crate::command::list::{Drawing, Form};

/// Returns `rows` as `drawing` asks.
pub(crate) fn drawn(mut rows: Vec<Row>, drawing: &Drawing) -> String {
    let position =
        |name: &String| COLUMNS.iter().position(|column| column == name).unwrap_or_default();
    let sort: Vec<_> = drawing.sort.iter().map(position).collect();
    rows.sort_by_cached_key(|row| sort.iter().map(|column| key(row, *column)).collect::<Vec<_>>());
    let columns: Vec<_> = if drawing.columns.is_empty() {
        (0..COLUMNS.len()).collect()
    } else {
        drawing.columns.iter().map(position).collect()
    };
    match drawing.form {
        Form::Table => boxed(&rows, &columns),
        Form::Json => data::json(&objects(&rows, &columns), 2),
        Form::Yaml => data::yaml(&objects(&rows, &columns)),
        Form::Csv => csv(&rows, &columns),
        Form::Value => lines(&rows, &columns),
    }
}

/// Returns what a column is sorted by: numbers as numbers.
fn key(row: &Row, column: usize) -> (i64, String) {
    if column == 0 { (row.id, String::new()) } else { (0, row.cell(column)) }
}

fn objects(rows: &[Row], columns: &[usize]) -> Value {
    let value =
        |row: &Row, column| if column == 0 { json!(row.id) } else { json!(row.cell(column)) };
    let object = |row: &Row| {
        let fields = columns.iter().map(|at| (COLUMNS[*at].to_owned(), value(row, *at)));
        Value::Object(fields.collect::<Map<_, _>>())
    };
    rows.iter().map(object).collect()
}

fn csv(rows: &[Row], columns: &[usize]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let header: Vec<_> = columns.iter().map(|column| quoted(COLUMNS[*column])).collect();
    let mut text = header.join(",") + "\n";
    for row in rows {
        let cell =
            |at: &usize| if *at == 0 { row.cell(0) } else { quoted(&printed(&row.cell(*at))) };
        text += &(columns.iter().map(cell).collect::<Vec<_>>().join(",") + "\n");
    }
    text
}

fn lines(rows: &[Row], columns: &[usize]) -> String {
    let line = |row: &Row| {
        let cells: Vec<_> = columns.iter().map(|column| printed(&row.cell(*column))).collect();
        cells.join(" ") + "\n"
    };
    rows.iter().map(line).collect()
}

fn printed(text: &str) -> String {
    console::printable::lines(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        let row = |id, name: &str, version: &str| Row {
            id,
            texts: [name, version, "4.0.0", "ubuntu (a, \"b\")"].map(str::to_owned),
        };
        vec![row(10, "b", "1.0.0"), row(9, "c", "1.0.0"), row(2, "a", "2.0.0")]
    }

    fn shown(form: Form, columns: &[&str], sort: &[&str]) -> String {
        let texts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        drawn(rows(), &Drawing { form, columns: texts(columns), sort: texts(sort) })
    }

    #[test]
    fn rows_are_sorted_by_columns_numbers_as_numbers() {
        assert_eq!(shown(Form::Value, &["id", "name"], &["id"]), "2 a\n9 c\n10 b\n");
        assert_eq!(shown(Form::Value, &["name"], &["version", "name"]), "b\nc\na\n");
    }

    #[test]
    fn forms_for_machines_quote_what_is_no_number() {
        assert_eq!(
            shown(Form::Csv, &["id", "releases"], &["id"]).lines().take(2).collect::<Vec<_>>(),
            [r#""id","releases""#, r#"2,"ubuntu (a, ""b"")""#]
        );
        let json: Value = serde_json::from_str(&shown(Form::Json, &[], &["id"])).unwrap();
        assert_eq!(json[0]["id"], 2);
        assert_eq!(json[0].as_object().unwrap().len(), 5);
    }
}
