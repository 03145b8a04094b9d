//! A place in a side file: a value, how it was reached, and where to report what is wrong with it.
//!
//! Paths are built only when something is reported: a path as long as its file would otherwise be
//! copied for every value below it.

use std::cell::{Cell, RefCell};

use plugin::Generation;
use plugin::yaml::{Entry, Node, Span, Value};

use super::words;
use crate::{Code, Finding, Step, ValuePath};

/// One file under check, and what has been found in it.
pub(super) struct Sheet<'a> {
    pub(super) file: &'static str,
    pub(super) text: &'a str,
    pub(super) generation: Generation,
    findings: RefCell<Vec<Finding>>,
    spent: Cell<usize>,
}

/// A value of a [`Sheet`].
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) node: &'a Node,
    pub(super) sheet: &'a Sheet<'a>,
    trail: Option<&'a Self>,
    step: Hop<'a>,
}

/// A step that has not been written out yet.
#[derive(Clone, Copy)]
enum Hop<'a> {
    Top,
    Key(&'a Node),
    Name(&'a str),
    Index(usize),
}

impl<'a> Sheet<'a> {
    pub(super) fn new(file: &'static str, text: &'a str, generation: Generation) -> Self {
        Self { file, text, generation, findings: RefCell::default(), spent: Cell::default() }
    }

    /// Returns a sheet for trying something out on the same text.
    pub(super) fn scratch(&self) -> Self {
        Self::new(self.file, self.text, self.generation)
    }

    pub(super) fn add(&self, finding: Finding) {
        self.findings.borrow_mut().push(finding);
    }

    /// Whether so much more may be looked at closely, of all that may be in one file.
    pub(super) fn affords(&self, bytes: usize, most: usize) -> bool {
        self.spent.set(self.spent.get().saturating_add(bytes));
        self.spent.get() <= most
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.findings.into_inner()
    }

    /// Returns what is written at `span`.
    pub(super) fn source(&self, span: Span) -> &'a str {
        self.text.get(span.start.offset..span.end.offset).unwrap_or_default()
    }
}

impl<'a> Place<'a> {
    pub(super) fn top(node: &'a Node, sheet: &'a Sheet<'a>) -> Self {
        Self { node, sheet, trail: None, step: Hop::Top }
    }

    /// Returns the same place, reporting to another sheet of the same file.
    pub(super) fn on<'b>(&'b self, sheet: &'b Sheet<'b>) -> Place<'b>
    where
        'a: 'b,
    {
        Place { sheet, ..*self }
    }

    /// Returns the value under `key`.
    pub(super) fn get<'b>(&'b self, key: &'b str) -> Option<Place<'b>>
    where
        'a: 'b,
    {
        self.node.get(key).map(|node| self.below(node, Hop::Name(key)))
    }

    /// Returns the text under `key`.
    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.node.get(key)?.as_str()
    }

    /// Returns the items of a list; of anything else none.
    pub(super) fn items<'b>(&'b self) -> impl Iterator<Item = Place<'b>>
    where
        'a: 'b,
    {
        let items = self.node.as_list().unwrap_or_default().iter().enumerate();
        items.map(|(index, node)| self.below(node, Hop::Index(index)))
    }

    /// Returns the entries of a mapping; of anything else none.
    pub(super) fn entries(&self) -> &'a [Entry] {
        self.node.as_map().map_or(&[], |map| map.entries())
    }

    /// Returns the value of one of [`Self::entries`].
    pub(super) fn value<'b>(&'b self, entry: &'b Entry) -> Place<'b>
    where
        'a: 'b,
    {
        self.below(&entry.value, Hop::Key(&entry.key))
    }

    fn below<'b>(&'b self, node: &'b Node, step: Hop<'b>) -> Place<'b>
    where
        'a: 'b,
    {
        Place { node, sheet: self.sheet, trail: Some(self), step }
    }

    /// Reports the value itself.
    pub(super) fn report(&self, code: Code, message: String, help: Option<String>) {
        self.report_at(self.node.span, code, message, help);
    }

    /// Reports something inside the value that has no path of its own, such as a key.
    pub(super) fn report_at(&self, span: Span, code: Code, message: String, help: Option<String>) {
        let (file, path) = (self.sheet.file.to_owned(), self.path());
        self.sheet.add(Finding { code, file, span: Some(span), path, message, help });
    }

    /// Reports something missing: at the first key of a mapping, where there is one.
    pub(super) fn report_missing(&self, message: String) {
        let start = Span { start: self.node.span.start, end: self.node.span.start };
        let span = self.entries().first().map_or(start, |entry| entry.key.span);
        self.report_at(span, Code::MissingKey, message, None);
    }

    /// Returns how many steps lead here from the top of the file.
    pub(super) fn depth(&self) -> usize {
        std::iter::successors(self.trail, |place| place.trail).count()
    }

    /// Returns the steps that lead here from the top of the file.
    pub(super) fn path(&self) -> ValuePath {
        let mut steps = Vec::new();
        let mut place = Some(self);
        while let Some(here) = place {
            steps.extend(match here.step {
                Hop::Top => None,
                Hop::Key(key) => Some(Step::Key(here.key_text(key))),
                Hop::Name(name) => Some(Step::Key(name.to_owned())),
                Hop::Index(index) => Some(Step::Index(index)),
            });
            place = here.trail;
        }
        steps.reverse();
        ValuePath(steps)
    }

    /// Returns a key as text; one that is no string as it is written.
    pub(super) fn key_text(&self, key: &Node) -> String {
        match &key.value {
            Value::String(text) => words::clip(text),
            _ => words::clip(self.sheet.source(key.span)),
        }
    }
}
