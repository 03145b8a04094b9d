//! Which files a generation asks for, allows and does not know (`fuel-schemas 1.5`).

use std::path::Path;

use plugin::Generation;

use super::about_file;
use crate::{Code, Finding};

/// What a generation thinks of a side file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// Must be there and have content.
    Required,
    /// Must be there and may be empty.
    RequiredMaybeEmpty,
    /// May be there, then with content.
    Optional,
    /// May be there and may be empty.
    OptionalMaybeEmpty,
    /// Means nothing to it.
    Unknown,
}

impl Presence {
    /// Without a generation only the files that all of them have count, and none must be there but
    /// the metadata.
    pub(super) fn of(name: &str, generation: Option<Generation>) -> Self {
        let from = |first: Generation, presence| {
            if generation >= Some(first) { presence } else { Self::Unknown }
        };
        match name {
            "metadata.yaml" => Self::Required,
            "environment_config.yaml" if generation.is_none() => Self::OptionalMaybeEmpty,
            "environment_config.yaml" => Self::RequiredMaybeEmpty,
            "tasks.yaml" => match generation {
                Some(Generation::V1 | Generation::V2) => Self::Required,
                Some(Generation::V3) => Self::Optional,
                Some(Generation::V4 | Generation::V5) => Self::OptionalMaybeEmpty,
                None => Self::Unknown,
            },
            "deployment_tasks.yaml" => from(Generation::V3, Self::Required),
            "network_roles.yaml" | "node_roles.yaml" | "volumes.yaml" => {
                from(Generation::V3, Self::Optional)
            }
            "components.yaml" => from(Generation::V4, Self::Optional),
            _ => from(Generation::V5, Self::Optional),
        }
    }

    /// Returns what is wrong when the file is not there.
    pub(super) fn absent(self, name: &str) -> Vec<Finding> {
        match self {
            Self::Required | Self::RequiredMaybeEmpty => {
                let message = "the file is missing".to_owned();
                let help = match name {
                    "environment_config.yaml" => Some("create it; it may be empty".to_owned()),
                    "deployment_tasks.yaml" => Some("create it; `[]` is enough".to_owned()),
                    _ => None,
                };
                vec![Finding { message, help, ..about_file(Code::MissingFile, name) }]
            }
            Self::Optional | Self::OptionalMaybeEmpty | Self::Unknown => Vec::new(),
        }
    }

    /// Returns what is wrong when the file has no content.
    pub(super) fn empty(self, name: &str) -> Vec<Finding> {
        let help = match self {
            Self::Required => "fill it; comments do not count",
            Self::Optional => "remove it, or fill it; comments do not count",
            Self::RequiredMaybeEmpty | Self::OptionalMaybeEmpty | Self::Unknown => {
                return Vec::new();
            }
        };
        let (message, help) = ("the file is empty".to_owned(), Some(help.to_owned()));
        vec![Finding { message, help, ..about_file(Code::EmptyFile, name) }]
    }
}

/// Warns of a file that only a newer generation reads.
pub(super) fn unused(name: &str, generation: Option<Generation>) -> Vec<Finding> {
    let reads = |newer: &Generation| Presence::of(name, Some(*newer)) != Presence::Unknown;
    let (Some(generation), Some(first)) = (generation, Generation::ALL.into_iter().find(reads))
    else {
        return Vec::new();
    };
    let message = format!("package version {generation} does not read this file");
    let help = Some(format!("raise `package_version` to {first}, or remove the file"));
    vec![Finding { message, help, ..about_file(Code::UnusedFile, name) }]
}

/// Warns of files named as in documents, which no program reads.
pub(super) fn documented_names(directory: &Path) -> Vec<Finding> {
    ["bond", "nic", "node"]
        .into_iter()
        .map(|subject| (format!("{subject}_attributes.yaml"), subject))
        .filter(|(name, _)| directory.join(name).exists())
        .map(|(name, subject)| Finding {
            message: "no program reads a file of this name".to_owned(),
            help: Some(format!("rename it to {subject}_config.yaml")),
            ..about_file(Code::DocumentedName, &name)
        })
        .collect()
}
