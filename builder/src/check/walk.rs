//! Walks shapes: single values and lists.
//!
//! Every breach is reported. Recursion goes as deep as the shapes, not as the file.

use std::collections::HashSet;

use plugin::yaml::{Kind, Value};

use super::place::Place;
use super::shape::{Form, List, Shape};
use super::words;
use crate::Code;

impl Shape {
    /// Reports all that does not fit at `place`.
    pub(super) fn check(&self, place: &Place<'_>) {
        match self {
            Self::Any => {}
            Self::Text => expect(place, Kind::String, words::in_quotes),
            Self::FullText => full_text(place),
            Self::Boolean => expect(place, Kind::Boolean, |at| words::without_quotes(at.node)),
            Self::Integer => expect(place, Kind::Integer, |at| words::without_quotes(at.node)),
            Self::Natural => natural(place),
            Self::OneOf(words) => one_of(place, words),
            Self::Form(form) => form.check(place),
            Self::List(list) => list.check(place),
            Self::Map(table) => table.check(place),
            Self::Either(either) => either.check(place),
            Self::Since(generation, new, old) => {
                if place.sheet.generation >= *generation { new } else { old }.check(place);
            }
            Self::Chosen(choose) => choose(place.node).check(place),
            Self::Rule(rule) => rule(place),
        }
    }
}

/// Reports a value that is not of `kind`.
fn expect(place: &Place<'_>, kind: Kind, help: fn(&Place<'_>) -> Option<String>) {
    if place.node.kind() != kind {
        wrong_type(place, &kind.to_string(), help(place));
    }
}

/// Reports a value that is not what was `expected`.
pub(super) fn wrong_type(place: &Place<'_>, expected: &str, help: Option<String>) {
    let message = format!("expected {expected}, found {}", words::describe(place));
    place.report(Code::WrongType, message, help);
}

fn full_text(place: &Place<'_>) {
    if place.node.as_str() == Some("") {
        place.report(Code::TooShort, "the text is empty".to_owned(), None);
    } else {
        Shape::Text.check(place);
    }
}

fn natural(place: &Place<'_>) {
    let negative = match place.node.value {
        Value::Integer(Some(number)) => number < 0,
        Value::Integer(None) => place.sheet.source(place.node.span).starts_with('-'),
        _ => return Shape::Integer.check(place),
    };
    if negative {
        let number = place.sheet.source(place.node.span);
        let message = format!("{} is less than 0", words::quote(number));
        place.report(Code::TooSmall, message, None);
    }
}

fn one_of(place: &Place<'_>, allowed: &[&str]) {
    let Some(text) = place.node.as_str() else { return Shape::Text.check(place) };
    if !allowed.contains(&text) {
        let allowed_list = words::list(allowed.iter().copied());
        let message = format!("{} is not one of {allowed_list}", words::quote(text));
        let help = words::did_you_mean(text, allowed.iter().copied());
        place.report(Code::NotAllowed, message, help);
    }
}

impl Form {
    fn check(&self, place: &Place<'_>) {
        let Some(text) = place.node.as_str() else { return Shape::Text.check(place) };
        if !(self.fits)(text) {
            let message = format!("{} is not {}", words::quote(text), self.says);
            place.report(self.code, message, None);
        }
    }
}

impl List {
    fn check(&self, place: &Place<'_>) {
        let Some(items) = place.node.as_list() else {
            let help =
                place.node.as_str().map(|text| format!("write a list: [{}]", words::show(text)));
            return wrong_type(place, "a list", help);
        };
        if items.len() < self.least {
            place.report(Code::TooShort, "the list is empty".to_owned(), None);
        }
        place.items().for_each(|item| self.items.check(&item));
        if self.unique {
            report_repeated(place);
        }
    }
}

/// Only strings are compared: whatever else a list of unique words holds is reported anyway.
fn report_repeated(place: &Place<'_>) {
    let mut seen = HashSet::new();
    for item in place.node.as_list().unwrap_or_default() {
        if let Some(text) = item.as_str().filter(|&text| !seen.insert(text)) {
            let message = format!("{} is in the list twice", words::quote(text));
            place.report_at(item.span, Code::Repeated, message, None);
        }
    }
}
