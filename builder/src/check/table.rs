//! Walks mappings: keys that are missing, unknown or no names.

use plugin::yaml::Entry;

use super::place::Place;
use super::shape::{Field, Form, Others, Table};
use super::walk::wrong_type;
use super::words;
use crate::Code;

impl Table {
    /// Reports what is wrong with the keys and values at `place`.
    pub(super) fn check(&self, place: &Place<'_>) {
        if place.node.as_map().is_none() {
            return wrong_type(place, "a mapping", None);
        }
        let mut absent = Vec::new();
        for field in self.all_fields() {
            let value = place.get(field.key);
            if value.is_none() && !field.required {
                absent.push(field.key);
            }
            if field.since > place.sheet.generation {
                continue;
            }
            match value {
                Some(value) => field.shape.check(&value),
                None if field.required => self.report_missing(place, field.key),
                None => {}
            }
        }
        for entry in place.entries() {
            if !entry.key.as_str().is_some_and(|key| self.knows(key)) {
                self.check_other(place, entry, &absent);
            }
        }
    }

    fn all_fields(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().copied().flatten()
    }

    fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.all_fields().map(|field| field.key)
    }

    fn knows(&self, key: &str) -> bool {
        self.keys().any(|known| known == key)
    }

    fn report_missing(&self, place: &Place<'_>, key: &str) {
        let near = |entry: &&Entry| match entry.key.as_str() {
            Some(other) => !self.knows(other) && words::nearest(other, [key]).is_some(),
            None => false,
        };
        let message = format!("the key `{key}` is missing");
        match place.entries().iter().find(near) {
            Some(entry) => {
                let written = words::quote(&place.key_text(&entry.key));
                let help = format!("is {written} meant to be `{key}`?");
                place.report_at(entry.key.span, Code::MissingKey, message, Some(help));
            }
            None => place.report_missing(message),
        }
    }

    /// Checks a key that is no field; `absent` are the fields that may be missing and are.
    fn check_other(&self, place: &Place<'_>, entry: &Entry, absent: &[&str]) {
        match &self.others {
            Others::Ignored => report_mistyped(place, entry, absent),
            Others::Refused => self.report_extra(place, entry),
            Others::Named(shape) => shape.check(&place.value(entry)),
            Others::Formed(form, shape) => {
                report_name(place, entry, form);
                shape.check(&place.value(entry));
            }
        }
    }

    fn report_extra(&self, place: &Place<'_>, entry: &Entry) {
        let key = place.key_text(&entry.key);
        let message = format!("{} is not a key that is allowed here", words::quote(&key));
        let help = words::did_you_mean(&key, self.keys())
            .unwrap_or_else(|| format!("allowed are {}", words::list(self.keys())));
        place.report_at(entry.key.span, Code::ExtraKey, message, Some(help));
    }
}

/// Warns of an unknown key that is nearly a known one; a required one has been reported as missing.
fn report_mistyped(place: &Place<'_>, entry: &Entry, absent: &[&str]) {
    let Some(key) = entry.key.as_str() else { return };
    if let Some(help) = words::did_you_mean(key, absent.iter().copied()) {
        let message = format!("{} is not a known key", words::quote(key));
        place.report_at(entry.key.span, Code::MistypedKey, message, Some(help));
    }
}

/// Reports a key that is no name of the form.
fn report_name(place: &Place<'_>, entry: &Entry, form: &Form) {
    let key = place.key_text(&entry.key);
    if entry.key.as_str().is_none() {
        let kind = entry.key.kind();
        let message = format!("expected a name as key, found {kind} ({})", words::quote(&key));
        let help = format!("write '{}' in quotes", words::show(&key));
        place.report_at(entry.key.span, Code::KeyNotText, message, Some(help));
    } else if !entry.key.as_str().is_some_and(form.fits) {
        let message = format!("{} is not {}", words::quote(&key), form.says);
        place.report_at(entry.key.span, form.code, message, None);
    }
}
