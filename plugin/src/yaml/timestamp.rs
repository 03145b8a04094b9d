//! Dates and times: how they are written, and whether the calendar has them.

/// Passes between `min` and `max` digits and returns their value.
fn number(text: &mut &str, min: usize, max: usize) -> Option<u32> {
    let length = text.bytes().take(max).take_while(u8::is_ascii_digit).count();
    if length < min {
        return None;
    }
    let (digits, rest) = text.split_at(length);
    *text = rest;
    digits.parse().ok()
}

/// Passes `wanted` if it is next.
fn passes(text: &mut &str, wanted: impl Fn(char) -> bool) -> bool {
    match text.strip_prefix(wanted) {
        Some(rest) => {
            *text = rest;
            true
        }
        None => false,
    }
}

/// Whether a text without quotes and tag is a date: `2001-02-03`, or with a time also `2001-2-3`.
pub(super) fn is_plain(text: &str) -> bool {
    let Some(fields) = fields(text) else { return false };
    fields.has_time || text.len() == "2001-02-03".len()
}

/// Whether `text` is a date, and one that the calendar has.
pub(super) fn is_valid(text: &str) -> bool {
    fields(text).is_some_and(|fields| fields.is_valid())
}

struct Fields {
    year: u32,
    month: u32,
    day: u32,
    has_time: bool,
    hour: u32,
    minute: u32,
    second: u32,
}

fn fields(mut text: &str) -> Option<Fields> {
    let text = &mut text;
    let year = number(text, 4, 4)?;
    let month = passes(text, |c| c == '-').then(|| number(text, 1, 2))??;
    let day = passes(text, |c| c == '-').then(|| number(text, 1, 2))??;
    let mut fields = Fields { year, month, day, has_time: false, hour: 0, minute: 0, second: 0 };
    if text.is_empty() {
        return Some(fields);
    }
    if !passes(text, |c| c == 'T' || c == 't') {
        skip_blanks(text).then_some(())?;
    }
    fields.has_time = true;
    fields.hour = number(text, 1, 2)?;
    fields.minute = passes(text, |c| c == ':').then(|| number(text, 2, 2))??;
    fields.second = passes(text, |c| c == ':').then(|| number(text, 2, 2))??;
    if passes(text, |c| c == '.') {
        *text = text.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    zone(text)?;
    Some(fields)
}

fn skip_blanks(text: &mut &str) -> bool {
    let before = text.len();
    *text = text.trim_start_matches([' ', '\t']);
    text.len() < before
}

/// Passes a time zone, if there is one, and expects the end.
fn zone(text: &mut &str) -> Option<()> {
    if text.is_empty() {
        return Some(());
    }
    skip_blanks(text);
    if !passes(text, |c| c == 'Z') {
        passes(text, |c| c == '-' || c == '+').then(|| number(text, 1, 2))??;
        if passes(text, |c| c == ':') {
            number(text, 2, 2)?;
        }
    }
    text.is_empty().then_some(())
}

impl Fields {
    fn is_valid(&self) -> bool {
        let divides = |years| self.year.is_multiple_of(years);
        let leap = divides(4) && (!divides(100) || divides(400));
        let days = match self.month {
            2 => 28 + u32::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return false,
        };
        let in_calendar = self.year > 0 && (1..=days).contains(&self.day);
        in_calendar && self.hour < 24 && self.minute < 60 && self.second < 60
    }
}
