//! Where in a text a value stands, and where another can be put.
//!
//! Answers are proposals: whoever edits reads the result again and compares.

use std::ops::Range;
use std::sync::Arc;

use plugin::yaml::{Document, Entry, Map, Node};

/// Returns where the text of `node` is, without the blanks that may end a plain scalar's span.
pub(super) fn place(text: &str, node: &Node) -> Range<usize> {
    let range = node.span.start.offset..node.span.end.offset;
    let length = text.get(range.clone()).map_or(range.len(), |written| written.trim_end().len());
    range.start..range.start + length
}

/// Returns the places where a new entry may be put behind `anchor`, best first, and the text to put
/// there.
pub(super) fn insertions(
    text: &str,
    document: &Document,
    anchor: &Entry,
    entry: &str,
) -> Vec<(usize, String)> {
    let start = document.root.as_ref().map_or(0, |root| root.span.start.offset);
    if text.get(start..).is_some_and(|rest| rest.starts_with('{')) {
        let behind = place(text, &anchor.value).end;
        return vec![(behind, format!(", {entry}")), (start + 1, format!("{entry}, "))];
    }
    let newline = line_end(text);
    let from = anchor.key.span.start;
    let next = document
        .root
        .iter()
        .filter_map(Node::as_map)
        .flat_map(Map::entries)
        .map(|entry| entry.key.span.start.offset)
        .filter(|offset| *offset > from.offset)
        .min()
        .map_or(text.len(), |offset| line_start(text, offset));
    let indent = " ".repeat(from.column - 1);
    let inserted = |at: usize| {
        let gap = if text[..at].ends_with('\n') { "" } else { newline };
        (at, format!("{gap}{indent}{entry}{newline}"))
    };
    content_end(text, from.offset..next, &indent).into_iter().chain([next]).map(inserted).collect()
}

/// Returns the end of the last line in `region` that belongs to the entry that begins it: not a
/// blank one, no end mark of the document, and no comment at the level of the keys, which is about
/// the next entry. `None` where entries share a line.
fn content_end(text: &str, region: Range<usize>, indent: &str) -> Option<usize> {
    let mut at = region.start;
    let mut end = at;
    for line in text.get(region)?.split_inclusive('\n') {
        at += line.len();
        let foreign = line.strip_prefix(indent).is_some_and(|rest| rest.starts_with('#'));
        if !(foreign || line.trim().is_empty() || line.starts_with("...")) {
            end = at;
        }
    }
    Some(end)
}

/// Returns the edits that take out the items that are not `kept`; some is.
pub(super) fn removals(
    text: &str,
    items: &[Arc<Node>],
    kept: &[bool],
) -> Vec<(Range<usize>, String)> {
    let last = kept.iter().rposition(|keep| *keep).unwrap_or(0);
    let mut edits = Vec::new();
    for (index, item) in items.iter().enumerate().filter(|(index, _)| !kept[*index]) {
        let own = place(text, item);
        let range = match block_line(text, &own) {
            Some(line) => line,
            None if index < last => own.start..place(text, &items[index + 1]).start,
            None => place(text, &items[index - 1]).end..own.end,
        };
        edits.push((range, String::new()));
    }
    edits
}

/// Returns the line of a block list's item that has it for itself.
fn block_line(text: &str, item: &Range<usize>) -> Option<Range<usize>> {
    let start = line_start(text, item.start);
    let end = text[item.end..].find('\n').map_or(text.len(), |at| item.end + at + 1);
    let dash = text.get(start..item.start)?.trim_start().strip_prefix('-')?;
    let rest = text[item.end..end].trim();
    (dash.trim().is_empty() && (rest.is_empty() || rest.starts_with('#'))).then_some(start..end)
}

fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

pub(super) fn line_end(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Returns `text` with all `edits` made; `None` where they overlap or are outside of it.
pub(super) fn splice(text: &str, mut edits: Vec<(Range<usize>, String)>) -> Option<String> {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for (range, new) in edits {
        out.push_str(text.get(at..range.start)?);
        out.push_str(&new);
        text.get(range.clone())?;
        at = range.end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}
