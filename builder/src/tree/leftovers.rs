//! What builds leave in the folder that packages go to, and at the plugin's top, where they go unless
//! told otherwise: no part of the plugin, wherever the next packages go.
//!
//! Packages are told by their whole names, never by how these begin: `demo-extra` is another plugin.

use std::path::{Path, PathBuf};

use packaging::Contents;
use plugin::{Format, PluginName, Version};

use crate::release::is_release;

/// Names of files under way begin so.
const STAGED: &str = ".fpb-";

/// What the name of a signature beside a package ends with.
const SIGNATURE: &str = ".asc";

/// Tells what in a folder was left there by builds of a plugin, or is being made by one.
#[derive(Debug, Default)]
pub(crate) struct Leftovers {
    /// Where packages go, without links; `None` where that is not there yet.
    folder: Option<PathBuf>,
    plugin: Option<PluginName>,
}

impl Leftovers {
    /// Of `plugin`, whose packages go to `folder`.
    pub(crate) fn of(plugin: Option<&PluginName>, folder: &Path) -> Self {
        Self { folder: fs_err::canonicalize(folder).ok(), plugin: plugin.cloned() }
    }

    /// Whether `name` in `folder` of the plugin at `root` is one.
    pub(super) fn include(&self, root: &Path, folder: &Path, name: &str) -> bool {
        let is_output = self.folder.as_deref() == Some(folder);
        let package = name.strip_suffix(SIGNATURE).unwrap_or(name);
        let is_package = |plugin| format_of(package, plugin).is_some();
        is_output && name.starts_with(STAGED)
            || (is_output || folder == root) && self.plugin.as_ref().is_some_and(is_package)
    }

    /// Takes the folder itself out of what was read at `root`, and those that lead to it, where they
    /// hold nothing else: where packages go has no place in them.
    pub(super) fn leave_out(&self, root: &Path, contents: &mut Contents) {
        let inner = self.folder.as_ref().and_then(|folder| folder.strip_prefix(root).ok());
        for folder in inner.into_iter().flat_map(Path::ancestors).filter_map(Path::to_str) {
            if folder.is_empty() || contents.below(folder).next().is_some() {
                break;
            }
            contents.remove(folder);
        }
    }
}

/// Returns the format of a package of `plugin` by its file name (`fuel-formats 1.4`), which may be
/// of any version and of any builder: `~` before a pre-release is ours.
pub(crate) fn format_of(name: &str, plugin: &PluginName) -> Option<Format> {
    let rest = |plugin: &str| name.strip_prefix(plugin)?.strip_prefix('-');
    if let Some(version) = rest(plugin.as_str()).and_then(|rest| rest.strip_suffix(".fp")) {
        return self::version(version).map(|_| Format::Fp);
    }
    if let Some(rest) = rest(plugin.as_str()).and_then(|rest| rest.strip_suffix(".noarch.rpm")) {
        let (line, rest) = rest.split_once('-')?;
        return is_line_version_release(line, rest).then_some(Format::Rpm);
    }
    let debian = plugin.as_str().replace('_', "-");
    let (line, rest) = rest(&debian)?.strip_suffix("_all.deb")?.split_once('_')?;
    is_line_version_release(line, rest).then_some(Format::Deb)
}

/// Whether `rest` is `version-release` of a version on `line`, which for legacy plugins is the
/// version itself.
fn is_line_version_release(line: &str, rest: &str) -> bool {
    let Some((version, release)) = rest.split_once('-') else { return false };
    let on_line = self::version(version)
        .is_some_and(|version| version.line().to_string() == line || version.as_str() == line);
    on_line && is_release(release)
}

fn version(text: &str) -> Option<Version> {
    let pre_release = text.split_once('~').filter(|(_, mark)| mark.starts_with(['a', 'b']));
    match pre_release {
        Some((release, mark)) => format!("{release}{mark}").parse().ok(),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_tell_the_packages_of_a_plugin() {
        let plugin: PluginName = "my_p".parse().unwrap();
        let cases = [
            ("my_p-1.0.2.fp", Some(Format::Fp)),
            ("my_p-1.0.fp", Some(Format::Fp)),
            ("my_p-1.0-1.0.2-1.noarch.rpm", Some(Format::Rpm)),
            ("my_p-1.0-1.0.0b2-1.noarch.rpm", Some(Format::Rpm)),
            ("my_p-1.0-1.0.0~b2-7.el7.noarch.rpm", Some(Format::Rpm)),
            ("my-p-1.0_1.0.2-1_all.deb", Some(Format::Deb)),
            ("my-p-1.0.0b2_1.0.0~b2-1_all.deb", Some(Format::Deb)),
            ("my_p-1.0_1.0.2-1_all.deb", None),
            ("my_p-extra-1.0.2.fp", None),
            ("my_p-2-1.0.fp", None),
            ("my_p-extra-1.0-1.0.2-1.noarch.rpm", None),
            ("my_p-1.1-1.0.2-1.noarch.rpm", None),
            ("my_p-1.0-1.0.2-1-1.noarch.rpm", None),
            ("my_p-1.0-1.0.2-.noarch.rpm", None),
            ("my_p-1.0-1.0.2~1-1.noarch.rpm", None),
            ("my_p-1.0-1.0.2-1.x86_64.rpm", None),
            ("my_p-1.0-1.0.2-1.src.rpm", None),
            ("my_p-notes.fp", None),
            ("my_p.fp", None),
            ("xmy_p-1.0.fp", None),
        ];
        for (name, format) in cases {
            assert_eq!(format_of(name, &plugin), format, "{name}");
        }
    }

    #[test]
    fn an_output_folder_within_the_plugin_is_no_part_of_it() {
        let plugin = tempfile::tempdir().unwrap();
        let output = plugin.path().join("out/dist");
        fs_err::create_dir_all(&output).unwrap();
        let leftovers = Leftovers::of(None, &output);
        let root = fs_err::canonicalize(plugin.path()).unwrap();
        let mut contents = Contents::default();
        contents.insert_text("out/dist/file", *b"");
        leftovers.leave_out(&root, &mut contents);
        assert!(contents.get("out/dist").is_some());
        contents.remove("out/dist/file");
        leftovers.leave_out(&root, &mut contents);
        assert!(contents.is_empty(), "{contents:?}");
    }
}
