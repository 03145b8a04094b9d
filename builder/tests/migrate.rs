//! Migrations of whole plugins, judged by the checker.
#![expect(clippy::unwrap_used, reason = "a sample that cannot be written fails the test")]

use std::path::Path;

use builder::edit::Effect;
use builder::migrate::{MigrateError, migrate};
use builder::{Finding, Severity, Source, check};
use plugin::Generation;
use tempfile::TempDir;

const HEAD: &str = "\
# Plugin name
name: demo
title: Title for demo plugin
# Plugin version
version: '1.0.0'
description: Enable to use plugin X for Fuel
";

const SETTINGS: &str = "\
attributes:
  demo_text:
    value: 'Set default value'
    label: 'Text field'
    description: 'Description for text field'
    weight: 25
    type: \"text\"
";

const TASKS: &str = "\
# This tasks will be applied on controller nodes
- role: ['controller']
  stage: post_deployment
  type: shell
  parameters:
    cmd: bash deploy.sh
    timeout: 42
- role: '*'
  stage: pre_deployment
  type: shell
  parameters:
    cmd: echo all > /tmp/plugin.all
    timeout: 42
";

const DEPLOYMENT: &str = "\
- id: demo
  type: group
  role: [demo]
  parameters:
    strategy:
      type: parallel
- id: demo-deployment-puppet
  type: puppet
  groups: [demo]
  required_for: [deploy_end]
  requires: [deploy_start]
  parameters:
    puppet_manifest: deploy.pp
    puppet_modules: .
    timeout: 3600
";

const ROLES: &str = "\
demo:
  name: Demo role
  description: A role
  has_primary: false
  public_ip_required: false
  weight: 1000
";

const VOLUMES: &str = "\
volumes_roles_mapping:
  demo:
    - {allocate_size: min, id: os}
volumes: []
";

const NETWORKS: &str = "\
- id: example_net_role
  default_mapping: public
  properties:
    subnet: true
    gateway: false
    vip:
      - {name: vip_name, namespace: haproxy}
";

const COMPONENTS: &str = "\
- name: additional_service:demo
  label: Demo
  compatible: []
";

fn metadata(generation: Generation) -> String {
    let mut text = format!("{HEAD}fuel_version: ['{}']\n", generation.lowest_product());
    if generation >= Generation::V2 {
        text += "licenses: ['Apache License Version 2.0']\nauthors: ['Somebody']\n";
        text += "homepage: 'https://example.com/demo'\ngroups: []\n";
    }
    if generation >= Generation::V4 {
        text += "is_hotpluggable: false\n";
    }
    text + "\n# The plugin is compatible with releases in the list\nreleases:\n  - os: ubuntu\n    \
            version: mitaka-9.0\n    mode: ['ha']\n    \
            deployment_scripts_path: deployment_scripts/\n    \
            repository_path: repositories/ubuntu\n\n# Version of plugin package\n\
            package_version: '"
        + generation.as_str()
        + "'\n"
}

/// Writes a plugin of a generation with all that it may have.
fn plugin(generation: Generation) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs_err::write(folder.path().join(name), text).unwrap();
    fs_err::create_dir_all(folder.path().join("repositories/ubuntu")).unwrap();
    fs_err::create_dir(folder.path().join("deployment_scripts")).unwrap();
    write("deployment_scripts/deploy.sh", "#!/bin/bash\n");
    write("deployment_scripts/deploy.pp", "notice('demo')\n");
    write("metadata.yaml", &metadata(generation));
    write("environment_config.yaml", SETTINGS);
    write("tasks.yaml", TASKS);
    if generation >= Generation::V3 {
        write("deployment_tasks.yaml", DEPLOYMENT);
        write("node_roles.yaml", ROLES);
        write("volumes.yaml", VOLUMES);
        write("network_roles.yaml", NETWORKS);
    }
    if generation >= Generation::V4 {
        write("components.yaml", COMPONENTS);
    }
    folder
}

fn errors(folder: &Path) -> Vec<Finding> {
    let mut findings = check::check(&Source::read(folder).unwrap());
    findings.retain(|finding| finding.severity() == Severity::Error);
    findings
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs_err::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_valid_plugin_stays_valid_through_every_jump() {
    for from in Generation::ALL {
        for to in Generation::ALL.into_iter().filter(|to| *to >= from) {
            let folder = plugin(from);
            assert_eq!(errors(folder.path()), [], "{from}");
            let migration = migrate(folder.path(), to, Effect::Write).unwrap();
            assert_eq!(migration.unsolved, [], "{from} to {to}");
            assert_eq!(errors(folder.path()), [], "{from} to {to}");
            assert_eq!(migration.written, from != to);
            let again = migrate(folder.path(), to, Effect::Write).unwrap();
            assert!(again.steps.is_empty() && !again.written);
        }
    }
}

#[test]
fn a_dry_run_reports_the_same_and_writes_nothing() {
    let folder = plugin(Generation::V1);
    let before = names(folder.path());
    let mut dry = migrate(folder.path(), Generation::V5, Effect::DryRun).unwrap();
    assert_eq!(names(folder.path()), before);
    let text = fs_err::read_to_string(folder.path().join("metadata.yaml")).unwrap();
    assert_eq!(text, metadata(Generation::V1));
    let real = migrate(folder.path(), Generation::V5, Effect::Write).unwrap();
    dry.written = true;
    assert_eq!(dry, real);
}

#[test]
fn what_only_the_new_rules_refuse_is_left_to_a_person() {
    let folder = plugin(Generation::V2);
    // Legal while nobody read it, and while `retries` was not looked at.
    fs_err::write(folder.path().join("node_roles.yaml"), "demo: nothing\n").unwrap();
    let tasks = TASKS.replacen("timeout: 42\n", "timeout: 42\n    retries: often\n", 1);
    fs_err::write(folder.path().join("tasks.yaml"), tasks).unwrap();
    assert_eq!(errors(folder.path()), []);
    let migration = migrate(folder.path(), Generation::V3, Effect::Write).unwrap();
    let places: Vec<_> = migration.unsolved.iter().map(|left| (&*left.file, left.line)).collect();
    assert_eq!(places, [("tasks.yaml", Some(8)), ("node_roles.yaml", Some(1))]);
}

#[test]
fn a_file_that_cannot_be_read_stops_everything() {
    let folder = plugin(Generation::V1);
    fs_err::write(folder.path().join("tasks.yaml"), "a: [\n").unwrap();
    let error = migrate(folder.path(), Generation::V5, Effect::Write).unwrap_err();
    assert!(matches!(error, MigrateError::Unreadable { file: "tasks.yaml", .. }), "{error}");
    assert!(!folder.path().join("deployment_tasks.yaml").exists());
}

#[test]
fn hooks_that_begin_to_run_are_a_decision_and_links_stay_links() {
    let folder = plugin(Generation::V2);
    let at = |name: &str| folder.path().join(name);
    fs_err::write(at("post_install.sh"), "true\n").unwrap();
    fs_err::create_dir(at("shared")).unwrap();
    fs_err::os::unix::fs::symlink("shared/metadata.yaml", at("link")).unwrap();
    #[expect(clippy::disallowed_methods, reason = "moves a sample, replaces nothing")]
    fs_err::rename(at("metadata.yaml"), at("shared/metadata.yaml")).unwrap();
    #[expect(clippy::disallowed_methods, reason = "moves a sample, replaces nothing")]
    fs_err::rename(at("link"), at("metadata.yaml")).unwrap();
    let migration = migrate(folder.path(), Generation::V3, Effect::Write).unwrap();
    let decided: Vec<_> = migration.steps[0].decide.iter().map(|d| &*d.file).collect();
    assert!(decided.contains(&"post_install.sh"), "{decided:?}");
    assert!(fs_err::symlink_metadata(at("metadata.yaml")).unwrap().is_symlink());
    let text = fs_err::read_to_string(at("shared/metadata.yaml")).unwrap();
    assert!(text.ends_with("package_version: '3.0.0'\n"));
}
