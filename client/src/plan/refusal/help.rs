//! What to do after a refusal: commands that can be pasted.

use std::path::Path;

use plugin::{Format, PluginId, Version};

use super::{Obstacle, Refusal, list};
use crate::plan::layer;
use crate::spec::quoted;

impl Refusal {
    /// Returns the command to run next, alone on the first line; what it is for, or what to do by hand,
    /// on those after it. `None` where no command helps.
    pub fn help(&self) -> Option<String> {
        match (self.command(), self.elaboration()) {
            (Some(command), Some(more)) => Some(format!("{command}\n{more}")),
            (command, more) => command.or(more),
        }
    }

    /// Returns the command to run next, as it can be pasted into a shell.
    pub fn command(&self) -> Option<String> {
        Some(match self {
            Self::NotInstalled { given, .. }
            | Self::OtherLine { given, .. }
            | Self::LegacyOverNew { given, .. }
            | Self::LegacyDowngrade { given, linked: false, .. }
            | Self::LegacyUpdate { given, there: false, .. } => format!("plugins install {given}"),
            Self::LegacyUpdate { offered, installed, .. } => layer::command(offered, installed)?,
            Self::Older { given, .. } => format!("plugins downgrade {given}"),
            Self::Newer { given, .. } => format!("plugins update {given}"),
            Self::SameVersion { offered, .. } => format!("plugins remove {offered}"),
            Self::AlreadyThere { plugin, unregistered: true, .. } => {
                format!("plugins register {plugin}")
            }
            Self::AlreadyThere { given, .. }
            | Self::FolderTaken { given, what: Obstacle::Broken(_), .. } => {
                format!("plugins install --strategy always {given}")
            }
            Self::PackageNameTaken { folder, .. } => format!("plugins remove {folder}"),
            Self::Held { name, line } => format!("plugins unhold {name}-{line}"),
            Self::NotAvailable { target, .. } => {
                format!("plugins list --available {}", target.name())
            }
            Self::ThroughLink { plugin: PluginId { name, version, .. }, .. } => {
                format!("plugins unlink {name}=={version}")
            }
            Self::HasDependants { target: PluginId { name, .. }, .. }
            | Self::OvertakenLinks { target: PluginId { name, .. }, .. }
            | Self::LegacyDowngrade { offered: PluginId { name, .. }, .. } => {
                format!("plugins unlink {name}")
            }
            Self::LinkOtherLine { name, old, target } => {
                format!("plugins link --force {name}=={old} --to {target}")
            }
            Self::LinkToLink { target, effective } => {
                format!("plugins link {} --to {effective}", target.name)
            }
            Self::LinkNotLegacy { plugin: PluginId { name, .. } }
            | Self::LinkNotLower { name, .. }
            | Self::NothingToLink { name, .. }
            | Self::NotLinked { name, .. }
            | Self::NothingToChoose { name, .. } => format!("plugins info {name}"),
            _ => return self.general_command(),
        })
    }

    /// Returns the command for refusals that say little of what would help.
    fn general_command(&self) -> Option<String> {
        let command = match self {
            Self::WrongFormat { taken: Some(Format::Rpm), .. } => "fpb build --format rpm DIR",
            Self::WrongFormat { taken: Some(Format::Deb), .. } => "fpb build --format deb DIR",
            Self::WrongCarrier { .. } => "fpb build DIR",
            Self::Unknown { near: None, .. }
            | Self::NotRegistered { near: None, .. }
            | Self::UnknownRecord(_) => "plugins list",
            Self::Repair { .. } => "plugins history",
            Self::FolderTaken { .. }
            | Self::Unfinished { .. }
            | Self::Diverged { .. }
            | Self::Broken { .. }
            | Self::Misplaced { .. } => "plugins doctor",
            Self::UnknownSource { .. } => "plugins repo list",
            Self::Withdrawn { plugin, .. } => return Some(format!("plugins info {}", plugin.name)),
            Self::NotOnDisk { target, .. } => return Some(format!("plugins install {target}")),
            Self::NoPackageManager { .. } => "plugins config show --origin",
            Self::KeptMissing { plugin, .. } => return Some(format!("plugins install {plugin}")),
            _ => return None,
        };
        Some(command.to_owned())
    }

    /// Returns what a command alone does not say.
    fn elaboration(&self) -> Option<String> {
        Some(match self {
            Self::Unknown { near: Some(near), .. }
            | Self::NotRegistered { near: Some(near), .. } => {
                format!("did you mean `{near}`?")
            }
            Self::Unknown { target, present, .. } if !present.is_empty() => {
                format!("`{}` is here as {}", target.name(), list(present))
            }
            Self::Withdrawn { .. } => {
                "another version is wanted; `--allow-vulnerable` brings this one all the same"
                    .to_owned()
            }
            Self::SourceTaken { .. } => "give the repository another name with `--name`".to_owned(),
            Self::OutOfScope { offered, .. } => format!(
                "`plugins trust list` shows scopes; if this key is to publish `{0}`, give it to \
                 `plugins trust add --for {0}`",
                offered.name
            ),
            Self::OtherPublisher { .. } => "compare both with what the publisher says of itself; \
                if the plugin has changed hands, repeat the command with `--accept-publisher`"
                .to_owned(),
            Self::OwnScripts { given, .. } => format!(
                "`fpb inspect {given}` shows them; then repeat the command with `--allow-scripts`, or \
                 say `scripts: true` in the scope of the key"
            ),
            Self::WiderScope { wider, .. } => format!(
                "`plugins trust add` the key for the names that are to stay, then \
                 `plugins trust remove --for '{wider}'`"
            ),
            Self::Ambiguous { candidates, .. } => format!("name one of them: {}", list(candidates)),
            Self::WrongFormat { plugin, taken: Some(_), .. } => {
                format!("builds {plugin} from its sources as this host takes it")
            }
            Self::LegacyDowngrade { linked: true, .. } => {
                "brings back what the folders had before they became links".to_owned()
            }
            Self::LegacyDowngrade { .. } => "puts it beside the versions that are there".to_owned(),
            Self::LegacyUpdate { offered, installed, there, plugins, .. } => {
                let command = if *there { None } else { layer::command(offered, installed) };
                by_hand(command, offered, installed, plugins)?
            }
            _ => return None,
        })
    }
}

/// Returns the steps that do by hand what `plugins link` does (`fuel 4.5`, rule 12). The old folders are
/// moved out of the plugins root first: there, each would count as a plugin, and a link made onto one
/// would end up inside it.
fn by_hand(
    command: Option<String>,
    offered: &PluginId,
    olds: &[Version],
    root: &Path,
) -> Option<String> {
    if olds.is_empty() {
        return None;
    }
    let saved = root.with_file_name("plugins.saved");
    let mut lines: Vec<String> = command.into_iter().collect();
    lines.push("or by hand, once the new version is installed:".to_owned());
    lines.push(format!("mkdir -p {}", quoted(&saved)));
    for old in olds {
        let folder = format!("{}-{old}", offered.name);
        let (from, to) = (root.join(&folder), saved.join(&folder));
        lines.push(format!("mv {} {}", quoted(&from), quoted(&to)));
        lines.push(format!("ln -s {} {}", offered.package_name(), quoted(&from)));
    }
    Some(lines.join("\n"))
}
