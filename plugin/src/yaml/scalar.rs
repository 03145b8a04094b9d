//! What a scalar means in YAML 1.1, as the original resolves and constructs it.

use std::num::IntErrorKind;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::construct::Tag;
use super::reader::shown;
use super::{Value, timestamp};

/// Returns what a text without quotes and tag is.
pub(super) fn resolve(text: &str) -> Tag {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Tag::Null,
        "<<" => Tag::Merge,
        "=" => Tag::Equals,
        "yes" | "Yes" | "YES" | "no" | "No" | "NO" | "true" | "True" | "TRUE" | "false"
        | "False" | "FALSE" | "on" | "On" | "ON" | "off" | "Off" | "OFF" => Tag::Boolean,
        _ if is_float(text) => Tag::Float,
        _ if is_integer(text) => Tag::Integer,
        _ if timestamp::is_plain(text) => Tag::Timestamp,
        _ => Tag::String,
    }
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['-', '+']).unwrap_or(text)
}

fn is_digits(text: &str, allowed: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(allowed)
}

fn is_grouped(c: char) -> bool {
    c.is_ascii_digit() || c == '_'
}

/// Whether `text` is `:00` to `:59` once or more, leading zeros optional.
fn is_sexagesimal(text: &str) -> bool {
    let is_part = |part: &str| match part.as_bytes() {
        [digit] => digit.is_ascii_digit(),
        [b'0'..=b'5', digit] => digit.is_ascii_digit(),
        _ => false,
    };
    text.strip_prefix(':').is_some_and(|parts| parts.split(':').all(is_part))
}

fn is_integer(text: &str) -> bool {
    let text = unsigned(text);
    if let Some(digits) = text.strip_prefix("0b") {
        return is_digits(digits, |c| matches!(c, '0' | '1' | '_'));
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return is_digits(digits, |c| c.is_ascii_hexdigit() || c == '_');
    }
    if let Some(digits) = text.strip_prefix('0') {
        return digits.chars().all(|c| matches!(c, '0'..='7' | '_'));
    }
    let (digits, rest) = text.split_at(text.find(':').unwrap_or(text.len()));
    digits.starts_with(|c: char| c.is_ascii_digit())
        && is_digits(digits, is_grouped)
        && (rest.is_empty() || is_sexagesimal(rest))
}

fn is_float(text: &str) -> bool {
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let number = unsigned(text);
    if matches!(number, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let Some((whole, fraction)) = number.split_once('.') else { return false };
    if let Some(colon) = whole.find(':') {
        let (digits, rest) = whole.split_at(colon);
        return digits.starts_with(|c: char| c.is_ascii_digit())
            && is_digits(digits, is_grouped)
            && is_sexagesimal(rest)
            && fraction.chars().all(is_grouped);
    }
    let (fraction, exponent) = match fraction.split_once(['e', 'E']) {
        Some((fraction, exponent)) => (fraction, Some(exponent)),
        None => (fraction, None),
    };
    let is_exponent = |exponent: &str| {
        exponent.starts_with(['-', '+']) && is_digits(&exponent[1..], |c| c.is_ascii_digit())
    };
    let has_whole = whole.starts_with(|c: char| c.is_ascii_digit())
        && whole.chars().all(is_grouped)
        && fraction.chars().all(is_grouped);
    let only_fraction = text.starts_with('.') && is_digits(fraction, is_grouped);
    (has_whole || only_fraction) && exponent.is_none_or(is_exponent)
}

/// Returns the value of a scalar with `tag`, or why it has none.
pub(super) fn construct(tag: Tag, text: String) -> Result<Value, String> {
    match tag {
        Tag::Null => Some(Value::Null),
        Tag::String | Tag::Merge | Tag::Equals => return Ok(Value::String(text)),
        Tag::Boolean => boolean(&text).map(Value::Boolean),
        Tag::Integer => integer(&text).map(Value::Integer),
        Tag::Float => float(&text).map(Value::Float),
        Tag::Binary => binary(&text).map(Value::Binary),
        Tag::Timestamp => timestamp::is_valid(&text).then(|| Value::Timestamp(text.clone())),
        Tag::List | Tag::Map | Tag::Set | Tag::Pairs | Tag::Unspecific => None,
    }
    .ok_or_else(|| format!("`{}` is no {}", shown(&text), name(tag)))
}

fn name(tag: Tag) -> &'static str {
    match tag {
        Tag::Boolean => "boolean",
        Tag::Integer => "integer",
        Tag::Float => "number",
        Tag::Binary => "binary data in base64",
        Tag::Timestamp => "date",
        Tag::List | Tag::Pairs => "list",
        Tag::Map | Tag::Set => "mapping",
        Tag::Null | Tag::String | Tag::Merge | Tag::Equals | Tag::Unspecific => "text",
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "true" | "on" => Some(true),
        "no" | "false" | "off" => Some(false),
        _ => None,
    }
}

/// Returns a number's value; `Some(None)` where it does not fit 64 bits.
#[expect(clippy::option_option, reason = "no number, or one that is too large")]
fn integer(text: &str) -> Option<Option<i64>> {
    let text = text.replace('_', "");
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(&text)),
    };
    let (digits, radix) = if let Some(digits) = digits.strip_prefix("0b") {
        (digits, 2)
    } else if let Some(digits) = digits.strip_prefix("0x") {
        (digits, 16)
    } else if digits.starts_with('0') {
        (digits, 8)
    } else if digits.contains(':') {
        return sexagesimal(sign, digits);
    } else {
        (digits, 10)
    };
    bounded(i64::from_str_radix(&format!("{sign}{digits}"), radix))
}

#[expect(clippy::option_option, reason = "no number, or one that is too large")]
fn bounded(parsed: Result<i64, std::num::ParseIntError>) -> Option<Option<i64>> {
    match parsed {
        Ok(number) => Some(Some(number)),
        Err(error) => matches!(error.kind(), IntErrorKind::PosOverflow | IntErrorKind::NegOverflow)
            .then_some(None),
    }
}

#[expect(clippy::option_option, reason = "no number, or one that is too large")]
fn sexagesimal(sign: &str, digits: &str) -> Option<Option<i64>> {
    let mut total = Some(0_i64);
    for part in digits.split(':') {
        let part = bounded(part.parse())?;
        total = total.and_then(|total| total.checked_mul(60)?.checked_add(part?));
    }
    Some(if sign.is_empty() { total } else { total.and_then(i64::checked_neg) })
}

fn float(text: &str) -> Option<f64> {
    let text = text.replace('_', "").to_lowercase();
    let number = unsigned(&text);
    let value = match number {
        ".inf" => f64::INFINITY,
        ".nan" => f64::NAN,
        _ if number.contains(':') => number
            .split(':')
            .try_fold(0.0, |total, part| Some(total * 60.0 + part.parse::<f64>().ok()?))?,
        _ => number.parse().ok()?,
    };
    Some(if text.starts_with('-') { -value } else { value })
}

/// Decodes base64; characters that have no place there are passed over.
fn binary(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() {
        return None;
    }
    let is_code = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    BASE64_STANDARD.decode(text.chars().filter(is_code).collect::<String>()).ok()
}
