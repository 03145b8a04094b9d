//! The files of a new plugin: a table of what each package version has (`fuel-formats 3.1`).

use std::ops::RangeInclusive;

use plugin::{Generation, PluginName};

use Generation::{V1, V2, V3, V4, V5};

/// One file of the skeleton.
#[derive(Clone, Debug)]
pub(super) struct File {
    /// Where it goes, relative to the plugin's folder.
    pub(super) path: &'static str,
    /// Its permission bits.
    pub(super) mode: u32,
    generations: RangeInclusive<Generation>,
    template: &'static str,
}

impl File {
    /// Returns its text for the plugin called `name`.
    pub(super) fn text_for(&self, name: &PluginName) -> String {
        let underline = "=".repeat(name.as_str().len());
        self.template.replace("{{name}}", name.as_str()).replace("{{underline}}", &underline)
    }
}

/// Returns the files of a new plugin, sorted by path.
pub(super) fn files(generation: Generation) -> Vec<File> {
    let mut files: Vec<_> = scripts()
        .into_iter()
        .chain(texts())
        .filter(|file| file.generations.contains(&generation))
        .collect();
    files.sort_by_key(|file| file.path);
    files
}

/// A template of this crate, by its name below `templates`.
macro_rules! template {
    ($name:literal) => {
        include_str!(concat!("../../templates/", $name))
    };
}

fn scripts() -> [File; 2] {
    let script = |path, template| File { path, mode: 0o755, generations: V1..=V5, template };
    [
        script("deployment_scripts/deploy.sh", template!("deploy.sh")),
        script("pre_build_hook", template!("pre_build_hook")),
    ]
}

fn texts() -> Vec<File> {
    let text = |path, generations, template| File { path, mode: 0o644, generations, template };
    vec![
        text("LICENSE", V1..=V5, template!("LICENSE")),
        text("README.md", V1..=V5, template!("README.md")),
        text("bond_config.yaml", V5..=V5, template!("bond_config.yaml")),
        text("components.yaml", V4..=V5, template!("components.yaml")),
        text("deployment_scripts/deploy.pp", V3..=V5, template!("deploy.pp")),
        text("deployment_tasks.yaml", V3..=V3, template!("deployment_tasks-3.yaml")),
        text("deployment_tasks.yaml", V4..=V5, template!("deployment_tasks-4.yaml")),
        text("environment_config.yaml", V1..=V3, template!("environment_config-1.yaml")),
        text("environment_config.yaml", V4..=V5, template!("environment_config-4.yaml")),
        text("metadata.yaml", V1..=V1, template!("metadata-1.yaml")),
        text("metadata.yaml", V2..=V2, template!("metadata-2.yaml")),
        text("metadata.yaml", V3..=V3, template!("metadata-3.yaml")),
        text("metadata.yaml", V4..=V4, template!("metadata-4.yaml")),
        text("metadata.yaml", V5..=V5, template!("metadata-5.yaml")),
        text("network_roles.yaml", V3..=V5, template!("network_roles.yaml")),
        text("nic_config.yaml", V5..=V5, template!("nic_config.yaml")),
        text("node_config.yaml", V5..=V5, template!("node_config.yaml")),
        text("node_roles.yaml", V3..=V3, template!("node_roles-3.yaml")),
        text("node_roles.yaml", V4..=V5, template!("node_roles-4.yaml")),
        text("repositories/centos/.gitkeep", V1..=V5, ""),
        text("repositories/ubuntu/.gitkeep", V1..=V5, ""),
        text("tasks.yaml", V1..=V1, template!("tasks-1.yaml")),
        text("tasks.yaml", V2..=V2, template!("tasks-2.yaml")),
        text("tasks.yaml", V4..=V5, template!("tasks-4.yaml")),
        text("volumes.yaml", V3..=V3, template!("volumes-3.yaml")),
        text("volumes.yaml", V4..=V5, template!("volumes-4.yaml")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_generation_has_a_file_twice_or_a_mark_left() {
        let name: PluginName = "-1_x".parse().unwrap();
        for generation in Generation::ALL {
            let files = files(generation);
            assert!(files.is_sorted_by(|a, b| a.path < b.path), "{generation}: {files:?}");
            for file in files {
                assert!(!file.text_for(&name).contains("{{"), "{}", file.path);
            }
        }
    }
}
