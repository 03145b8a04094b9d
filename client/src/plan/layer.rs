//! How the symlink layer follows what happens to the plugins it leads to (`fuel 4.5`, rule 4).

use plugin::{PluginId, Version};
use registry::Link;

use super::Refusal;
use super::draft::Draft;
use super::present::Inventory;

/// Points the layer at a version that arrives: links that lead into its folder anyway, and those on
/// its line that led to a lower version. Refused where a folder would get content that is not newer
/// than its own.
pub(super) fn arrive(draft: &mut Draft<'_>, arriving: &PluginId) -> Result<(), Refusal> {
    follow(draft, arriving)?;
    let lower = |link: &&Link| {
        link.name == arriving.name
            && link.target.line() == arriving.line()
            && link.target < arriving.version
            && link.old < arriving.version
    };
    for link in draft.links.iter().filter(lower).cloned().collect::<Vec<_>>() {
        draft.link(to(&link, arriving));
    }
    Ok(())
}

/// Has links that lead into a folder know the version that it will have.
pub(super) fn follow(draft: &mut Draft<'_>, arriving: &PluginId) -> Result<(), Refusal> {
    let folder = arriving.package_name();
    let into = |link: &&Link| link.folder == folder.as_str();
    let links: Vec<_> = draft.links.iter().filter(into).cloned().collect();
    let overtaken: Vec<_> = links
        .iter()
        .filter(|link| link.old >= arriving.version)
        .map(|link| link.old.clone())
        .collect();
    if !overtaken.is_empty() {
        return Err(Refusal::OvertakenLinks { target: arriving.clone(), olds: overtaken });
    }
    for link in links {
        draft.link(to(&link, arriving));
    }
    Ok(())
}

/// Notes how lower legacy versions that stand beside get the content of one that arrives.
pub(super) fn mention(draft: &mut Draft<'_>, inventory: &Inventory<'_>, arriving: &PluginId) {
    let beside: Vec<_> = inventory
        .legacy_on(&arriving.name, arriving.line())
        .into_iter()
        .filter(|old| old.link.is_none() && old.id.version < arriving.version)
        .map(|old| old.id.version.clone())
        .collect();
    let Some(command) = command(arriving, &beside) else { return };
    let (name, to) = (&arriving.name, &arriving.version);
    let (keep, them) = match beside.len() {
        1 => ("keeps what it has", "it"),
        _ => ("keep what they have", "them"),
    };
    let olds: Vec<_> = beside.iter().map(Version::as_str).collect();
    let olds = olds.join(", ");
    draft.note(format!("{name} {olds} {keep}; to give {them} the content of {to}: {command}"));
}

/// Returns the command that gives `olds` the content of `target`; `None` where there are none.
pub(super) fn command(target: &PluginId, olds: &[Version]) -> Option<String> {
    let (name, to) = (&target.name, &target.version);
    let given: String = olds.iter().map(|old| format!(" {name}=={old}")).collect();
    (!olds.is_empty()).then(|| format!("plugins link{given} --to {to}"))
}

/// Returns a link with another target.
pub(super) fn to(link: &Link, target: &PluginId) -> Link {
    Link {
        name: link.name.clone(),
        old: link.old.clone(),
        target: target.version.clone(),
        folder: target.package_name().to_string(),
    }
}
