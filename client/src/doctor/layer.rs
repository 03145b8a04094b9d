//! The symlink layer: what the registry says of it, what is on disk, and what was saved.

use std::collections::BTreeSet;

use registry::Link;
use registry::scan::Content;

use super::packages::or_well;
use super::{Check, Cure, Examination, Finding, Severity};

/// D08.
pub(super) fn layer(seen: &Examination) -> Vec<Finding> {
    let mut found: Vec<Finding> =
        seen.host.links.iter().filter_map(|link| entry(seen, link)).collect();
    let ours: BTreeSet<String> = seen.host.links.iter().map(place).collect();
    for folder in &seen.host.folders {
        if let Content::Link { target } = &folder.content
            && !ours.contains(&folder.name)
        {
            let sentence = format!("{} is a link to {target}, not made by us", folder.name);
            found.push(warn(sentence).about([&folder.name]));
        }
    }
    for saved in seen.saved.iter().flatten().filter(|saved| !ours.contains(*saved)) {
        let sentence = format!("{saved} is saved, and nothing is linked in its place");
        found.push(warn(sentence).about([saved]));
    }
    or_well(found, Check::Layer, "every link leads where it should")
}

/// Judges one entry of the layer.
fn entry(seen: &Examination, link: &Link) -> Option<Finding> {
    let place = place(link);
    let at = seen.host.folder(&place).map(|folder| &folder.content);
    let target = seen.host.folder(&link.folder).map(|folder| &folder.content);
    let is_saved = seen.saved.as_ref().is_none_or(|saved| saved.contains(&place));
    let whole = matches!(target, Some(Content::Plugin(_) | Content::Unchanged));
    let finding = if !whole {
        fail(format!("{place} is linked to {}, which is not there", link.folder))
            .cured_by(is_saved.then(|| Cure::Unlink { links: vec![link.clone()] }))
    } else if !matches!(at, Some(Content::Link { target }) if *target == link.folder) {
        let is = match at {
            None => "is not there".to_owned(),
            Some(Content::Link { target }) => format!("leads to {target}"),
            Some(_) => "is no link".to_owned(),
        };
        fail(format!("{place} should lead to {} and {is}", link.folder))
            .cured_by(Cure::Relink { links: vec![link.clone()] })
    } else if !is_saved {
        warn(format!("{place} was linked, and what it held before is not saved any more"))
    } else {
        return None;
    };
    Some(finding.about([place]))
}

/// Returns the folder that an entry of the layer makes a link.
fn place(link: &Link) -> String {
    format!("{}-{}", link.name, link.old)
}

fn warn(sentence: String) -> Finding {
    Finding::new(Check::Layer, Severity::Warn, sentence)
}

fn fail(sentence: String) -> Finding {
    Finding::new(Check::Layer, Severity::Fail, sentence)
}
