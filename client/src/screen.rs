//! What people see: tables, plans, sentences. Only text is made here; the report prints it.

pub(crate) mod classic;
pub(crate) mod deed;
pub(crate) mod doctor;
pub(crate) mod info;
pub(crate) mod key;
pub(crate) mod plan;
pub(crate) mod sync;
pub(crate) mod verify;

/// Returns how many there are, with the verb: `1 plugin is`, `2 plugins are`.
pub(crate) fn are(number: usize, noun: &str) -> String {
    let verb = if number == 1 { "is" } else { "are" };
    format!("{} {verb}", console::printable::count(number, noun))
}
