//! The text of changed files, line by line, within bounds.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;

use packaging::{Limits, ReadError};
use similar::TextDiff;

use super::files::Names;
use super::{FileChange, TextChange, embedded};

/// Most bytes of a file that is compared line by line.
const FILE: u64 = 256 << 10;

/// Most bytes of all such files of both packages together.
const TOTAL: u64 = 16 << 20;

/// Most lines of a diff that are kept.
const SHOWN: usize = 2_000;

/// Returns the paths of the files to compare line by line; says of the others why they are not.
pub(super) fn wanted(changed: &mut [FileChange]) -> BTreeSet<String> {
    let mut wanted = BTreeSet::new();
    let mut total = 0;
    for change in changed.iter_mut().filter(|change| change.is_of_content()) {
        let size = change.old_size.saturating_add(change.new_size);
        let obstacle = if embedded::is_package(&change.path) {
            Some("a package of the same name and version, but other content")
        } else if change.old_size.max(change.new_size) > FILE {
            Some("too large to be shown")
        } else if total + size > TOTAL {
            Some("not shown: too many large changes")
        } else {
            None
        };
        match obstacle {
            Some(note) => change.text = Some(TextChange::without_diff(note)),
            None => {
                total += size;
                wanted.insert(change.path.clone());
            }
        }
    }
    wanted
}

/// Reads the `wanted` files of a package.
pub(super) fn collect(
    file: &mut File,
    limits: &Limits,
    names: &Names,
    wanted: &BTreeSet<String>,
) -> Result<BTreeMap<String, Vec<u8>>, ReadError> {
    let mut contents = BTreeMap::new();
    packaging::visit(file, limits, &mut |path, _, bytes| {
        if let Some(path) = names.shorten(path).filter(|path| wanted.contains(*path)) {
            let mut content = Vec::new();
            bytes.take(FILE).read_to_end(&mut content)?;
            contents.insert(path.to_owned(), content);
        }
        Ok(())
    })?;
    Ok(contents)
}

/// Puts the diffs of the files that were read from both packages into `changed`.
pub(super) fn compare(
    changed: &mut [FileChange],
    old: &BTreeMap<String, Vec<u8>>,
    new: &BTreeMap<String, Vec<u8>>,
) {
    let mut effort = Effort::default();
    for change in changed {
        if let (Some(old), Some(new)) = (old.get(&change.path), new.get(&change.path)) {
            change.text = Some(text_change(&change.path, old, new, &mut effort));
        }
    }
}

/// How much more comparing may be done.
///
/// The time for two texts grows with the square of the lines between the first and the last that
/// differ. A clock would bound it too, but then one input could have two outputs.
#[derive(Debug)]
pub(super) struct Effort {
    left: u64,
}

impl Default for Effort {
    fn default() -> Self {
        Self { left: 2_000_000_000 }
    }
}

impl Effort {
    /// Most for one pair of texts: 10,000 lines each.
    const ONE: u64 = 20_000 * 20_000;

    /// Whether `old` and `new` can still be compared.
    fn allows(&mut self, old: &str, new: &str) -> bool {
        let same = old.lines().zip(new.lines()).take_while(|(old, new)| old == new).count();
        let (old, new) = (old.lines().skip(same), new.lines().skip(same));
        let (old, new): (Vec<_>, Vec<_>) = (old.collect(), new.collect());
        let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new);
        let lines = (old.len() + new.len() - 2 * tail.count()) as u64;
        let cost = lines.saturating_mul(lines);
        let allowed = cost <= self.left.min(Self::ONE);
        self.left -= if allowed { cost } else { 0 };
        allowed
    }
}

/// Returns how the text `name` differs.
pub(super) fn text_change(name: &str, old: &[u8], new: &[u8], effort: &mut Effort) -> TextChange {
    let (Some(old), Some(new)) = (text(old), text(new)) else {
        return TextChange::without_diff("binary");
    };
    if !effort.allows(old, new) {
        return TextChange::without_diff("too much to be compared line by line");
    }
    let side = |side: &str| format!("{side}/{name}");
    let whole =
        TextDiff::from_lines(old, new).unified_diff().header(&side("a"), &side("b")).to_string();
    let cut = whole.match_indices('\n').nth(SHOWN - 1).map(|(at, _)| at + 1);
    let Some(end) = cut.filter(|end| *end < whole.len()) else {
        return TextChange { diff: Some(whole), note: None };
    };
    let missing = whole[end..].lines().count();
    let note = Some(format!("{missing} more lines of the diff are not shown"));
    TextChange { diff: Some(whole[..end].to_owned()), note }
}

/// Returns what is text in `bytes`.
fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

impl TextChange {
    fn without_diff(note: &str) -> Self {
        Self { diff: None, note: Some(note.to_owned()) }
    }
}
