//! What each package version asks for beyond the one before it (`fuel-schemas 1.5, 2, 4–8`).

use plugin::yaml::{self, Node};
use plugin::{Generation, Version};

use super::MigrateError;
use super::draft::Draft;
use crate::edit;

const METADATA: &str = "metadata.yaml";

/// A key of `metadata.yaml` that became required.
struct Required {
    path: &'static [&'static str],
    /// The keys that it is put behind: the first that is there.
    after: &'static [&'static str],
    neutral: &'static str,
    decide: &'static str,
}

const REQUIRED_SINCE_2: [Required; 4] = [
    Required {
        path: &["licenses"],
        after: &["fuel_version"],
        neutral: "[]",
        decide: "name the licenses of the plugin",
    },
    Required {
        path: &["authors"],
        after: &["licenses"],
        neutral: "[]",
        decide: "name the authors",
    },
    Required {
        path: &["homepage"],
        after: &["authors"],
        neutral: "''",
        decide: "give the address of the plugin's page",
    },
    Required {
        path: &["groups"],
        after: &["homepage"],
        neutral: "[]",
        decide: "name the groups that fit: network, storage, storage::cinder, storage::glance, \
                 hypervisor, monitoring",
    },
];

const REQUIRED_SINCE_4: Required = Required {
    path: &["is_hotpluggable"],
    after: &["groups"],
    neutral: "false",
    decide: "say whether the plugin can be added to an environment that is already deployed",
};

/// A file that the checker begins to read, and the least content that it accepts.
struct SideFile {
    name: &'static str,
    neutral: &'static str,
}

const SINCE_3: [SideFile; 4] = [
    SideFile { name: "deployment_tasks.yaml", neutral: "[]" },
    SideFile { name: "network_roles.yaml", neutral: "[]" },
    SideFile { name: "node_roles.yaml", neutral: "{}" },
    SideFile { name: "volumes.yaml", neutral: "volumes_roles_mapping: {}\nvolumes: []" },
];

const SINCE_4: [SideFile; 1] = [SideFile { name: "components.yaml", neutral: "[]" }];

const SINCE_5: [SideFile; 3] = [
    SideFile { name: "bond_config.yaml", neutral: "{}" },
    SideFile { name: "nic_config.yaml", neutral: "{}" },
    SideFile { name: "node_config.yaml", neutral: "{}" },
];

/// What a new `deployment_tasks.yaml` holds.
const NO_TASKS: &str = "\
# Tasks of the deployment graph. None yet: the tasks of tasks.yaml still run, before and after the
# deployment. A task here can run in between, and says by `requires` and `required_for` when.
[]";

/// Takes the step to `generation` from the one before it.
pub(super) fn take(draft: &mut Draft, generation: Generation) -> Result<(), MigrateError> {
    match generation {
        Generation::V1 => Ok(()),
        Generation::V2 => to_2(draft),
        Generation::V3 => to_3(draft),
        Generation::V4 => to_4(draft),
        Generation::V5 => awaken(draft, &SINCE_5, Generation::V5),
    }
}

/// Does what depends on the last step alone.
pub(super) fn finish(draft: &mut Draft, to: Generation) -> Result<(), MigrateError> {
    products(draft, to)?;
    draft.decide(
        METADATA,
        &["releases"],
        format!(
            "name the releases of product {} and above that the plugin is for",
            to.lowest_product()
        ),
    );
    draft.decide(
        METADATA,
        &["version"],
        "raise the version (`fpb bump`): packages of one version must be one and the same",
    );
    draft.edit(METADATA, |text| edit::set(text, "package_version", to.as_str()))?;
    draft.changed_note(METADATA, &["package_version"], format!("`package_version` set to {to}"));
    Ok(())
}

fn to_2(draft: &mut Draft) -> Result<(), MigrateError> {
    for key in &REQUIRED_SINCE_2 {
        add(draft, key)?;
    }
    draft.decide(
        METADATA,
        &["package_version"],
        "packages are named by release line from 2.0.0 on: hosts keep an installed 1.0.0 package \
         beside the new one until it is removed",
    );
    Ok(())
}

fn to_3(draft: &mut Draft) -> Result<(), MigrateError> {
    if draft.text("deployment_tasks.yaml").is_none() {
        draft.edit("deployment_tasks.yaml", |text| edit::fill(text, NO_TASKS))?;
        draft.changed_note("deployment_tasks.yaml", &[], "created, without tasks");
        draft.decide(
            "deployment_tasks.yaml",
            &[],
            "tasks.yaml still runs; move tasks here that have to run during the deployment",
        );
    }
    awaken(draft, &SINCE_3, Generation::V3)?;
    for hook in draft.hooks() {
        draft.decide(hook, &[], "runs on the host from 3.0.0 on; until now it was only packaged");
    }
    Ok(())
}

fn to_4(draft: &mut Draft) -> Result<(), MigrateError> {
    add(draft, &REQUIRED_SINCE_4)?;
    awaken(draft, &SINCE_4, Generation::V4)?;
    settings_group(draft);
    old_tasks(draft);
    Ok(())
}

/// Adds a key that became required, where it is missing.
fn add(draft: &mut Draft, required: &Required) -> Result<(), MigrateError> {
    let key = required.path[0];
    if root(draft, METADATA).is_some_and(|root| root.get(key).is_some()) {
        return Ok(());
    }
    let neutral = required.neutral;
    draft.edit(METADATA, |text| edit::insert(text, required.after, key, neutral))?;
    draft.changed_note(METADATA, required.path, format!("added `{key}: {neutral}`"));
    draft.decide(METADATA, required.path, required.decide);
    Ok(())
}

/// Gives content to empty files that must no longer be empty, and says which others begin to count.
fn awaken(
    draft: &mut Draft,
    files: &'static [SideFile],
    since: Generation,
) -> Result<(), MigrateError> {
    for SideFile { name, neutral } in files {
        // A file that the step itself has made is not news.
        let Some(old) = draft.old_text(name) else { continue };
        let empty = yaml::parse(old).is_ok_and(|document| document.root.is_none());
        if empty {
            draft.edit(name, |text| edit::fill(text, neutral))?;
            draft.changed_note(name, &[], "given content, because it may no longer be empty");
        } else {
            draft.decide(
                name,
                &[],
                format!(
                    "is read from {since} on; until now it was ignored: check that it is meant"
                ),
            );
        }
    }
    Ok(())
}

/// Takes out product releases that the package version is too new for.
fn products(draft: &mut Draft, to: Generation) -> Result<(), MigrateError> {
    const KEY: &[&str] = &["fuel_version"];
    let base: Version = to.lowest_product().parse().expect("products are versions");
    let too_old = |product: &str| product.parse::<Version>().is_ok_and(|product| product < base);
    let removed: Vec<String> = listed_products(draft).into_iter().filter(|p| too_old(p)).collect();
    if removed.is_empty() {
        return Ok(());
    }
    let emptied = removed.len() == listed_products(draft).len();
    draft.edit(METADATA, |text| {
        edit::narrow(text, "fuel_version", |product| !too_old(product), to.lowest_product())
    })?;
    let list = removed.join(", ");
    draft.changed_note(
        METADATA,
        KEY,
        format!("took {list} out of `fuel_version`: {to} begins with product {base}"),
    );
    draft.decide(
        METADATA,
        KEY,
        format!("keep an older release line of the plugin for product {list}, if it is still used"),
    );
    if emptied {
        draft.changed_note(
            METADATA,
            KEY,
            format!("put {base} into `fuel_version`, because no other was left"),
        );
        draft.decide(METADATA, KEY, format!("try the plugin with product {base}"));
    }
    Ok(())
}

fn listed_products(draft: &Draft) -> Vec<String> {
    let items = root(draft, METADATA)
        .and_then(|root| Some(root.get("fuel_version")?.as_list()?.to_vec()))
        .unwrap_or_default();
    items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

/// From 4.0.0 on, settings are shown in groups.
fn settings_group(draft: &mut Draft) {
    const FILE: &str = "environment_config.yaml";
    let grouped = root(draft, FILE).map(|root| {
        let attributes = root.get("attributes");
        attributes.is_none_or(|a| a.get("metadata").and_then(|m| m.get("group")).is_some())
    });
    if grouped == Some(false) {
        draft.decide(
            FILE,
            &["attributes", "metadata"],
            "choose where the settings are shown, for example `group: other` under \
             `attributes.metadata`",
        );
    }
}

/// From 4.0.0 on, tasks have versions, and those of 2.0.0 cross nodes.
fn old_tasks(draft: &mut Draft) {
    const FILE: &str = "deployment_tasks.yaml";
    let Some(root) = root(draft, FILE) else { return };
    let tasks = root.as_list().unwrap_or_default();
    let old = tasks.iter().filter(|task| task.get("version").is_none()).count();
    if old > 0 {
        draft.decide(
            FILE,
            &[],
            format!(
                "{old} of {} tasks have no `version`: with `version: 2.0.0` they can depend on \
                 tasks of other nodes (`cross-depends`, `cross-depended-by`)",
                tasks.len()
            ),
        );
    }
}

fn root(draft: &Draft, file: &str) -> Option<Node> {
    yaml::parse(draft.text(file)?).ok()?.root
}
