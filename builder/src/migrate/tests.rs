//! Migrations in memory: every generation to every newer one.

use super::*;

/// The metadata of a generation as its skeleton has it, with things that must survive.
fn metadata(generation: Generation) -> String {
    let mut text = format!(
        "# Plugin name\nname: demo\ntitle: Demo # title\nversion: '1.0.0'\ndescription: |\n  Two\n  \
         # lines\nfuel_version: ['{}', '10.0']\n",
        generation.lowest_product()
    );
    if generation >= Generation::V2 {
        text += "licenses: ['Apache-2.0']\nauthors: [Somebody]\nhomepage: ''\ngroups: []\n";
    }
    if generation >= Generation::V4 {
        text += "is_hotpluggable: true\n";
    }
    text + "\n# Where it runs\nreleases:\n  - os: ubuntu\n    version: mitaka-9.0\n\n\
            # Version of plugin package\npackage_version: '"
        + generation.as_str()
        + "'\n"
}

fn files(generation: Generation) -> Vec<(&'static str, String)> {
    let mut files = vec![
        ("metadata.yaml", metadata(generation)),
        ("environment_config.yaml", "attributes:\n  a: {}\n".to_owned()),
        ("tasks.yaml", "[]\n".to_owned()),
    ];
    if generation >= Generation::V3 {
        files.push(("deployment_tasks.yaml", "- id: demo\n".to_owned()));
    }
    files
}

fn value(text: &str, key: &str) -> Option<yaml::Value> {
    Some(yaml::parse(text).unwrap().root.unwrap().get(key)?.value.clone())
}

#[test]
fn every_jump_adds_what_is_required_and_keeps_the_rest() {
    for from in Generation::ALL {
        for to in Generation::ALL.into_iter().filter(|to| *to > from) {
            let mut draft = Draft::of(files(from));
            let migration = plan(&mut draft, to).unwrap();
            let text = draft.text("metadata.yaml").unwrap();
            let string = |text: &str| yaml::Value::String(text.to_owned());
            assert_eq!(value(text, "package_version"), Some(string(to.as_str())));
            for key in ["licenses", "authors", "homepage", "groups"] {
                assert!(value(text, key).is_some(), "{from} to {to}: {key}");
            }
            assert_eq!(value(text, "is_hotpluggable").is_some(), to >= Generation::V4);
            let deployment = draft.text("deployment_tasks.yaml");
            assert_eq!(deployment.is_some(), to >= Generation::V3);
            let removed: Vec<_> = migration
                .files
                .iter()
                .filter(|file| !file.created)
                .flat_map(|file| file.diff.lines().skip(2))
                .filter(|line| line.starts_with('-'))
                .collect();
            let version = format!("-package_version: '{from}'");
            let products = format!("-fuel_version: ['{}', '10.0']", from.lowest_product());
            assert_eq!(removed, [&products, &version], "{from} to {to}");
            assert_eq!(migration.steps.len(), to as usize - from as usize);
        }
    }
}

#[test]
fn the_way_makes_no_difference() {
    let mut jump = Draft::of(files(Generation::V1));
    plan(&mut jump, Generation::V5).unwrap();
    let mut walk = Draft::of(files(Generation::V1));
    for to in Generation::ALL {
        plan(&mut walk, to).unwrap();
    }
    assert_eq!(jump.files().collect::<Vec<_>>(), walk.files().collect::<Vec<_>>());
}

#[test]
fn the_same_version_is_nothing_to_do_and_an_older_one_refused() {
    let mut draft = Draft::of(files(Generation::V3));
    let migration = plan(&mut draft, Generation::V3).unwrap();
    assert!(migration.steps.is_empty() && migration.files.is_empty());
    assert_eq!(migration.to_string(), "package version 3.0.0 already; nothing to do\n");
    let error = plan(&mut draft, Generation::V2).unwrap_err();
    assert!(matches!(error, MigrateError::Older { .. }), "{error}");
}

/// A plugin of the first generation with little in it, but files that later ones read.
fn bare() -> Draft {
    Draft::of([
        (
            "metadata.yaml",
            "name: demo\r\nfuel_version:\r\n  - '6.0'\r\npackage_version: 1.0.0\r\n".to_owned(),
        ),
        ("environment_config.yaml", "attributes:\n  metadata: {}\n".to_owned()),
        ("node_roles.yaml", "# nothing yet\n".to_owned()),
        ("volumes.yaml", String::new()),
        ("components.yaml", "- name: x\n".to_owned()),
    ])
}

#[test]
fn a_migration_says_what_it_did_and_what_is_to_be_decided() {
    let migration = Migration { written: true, ..plan(&mut bare(), Generation::V5).unwrap() };
    insta::assert_snapshot!(migration, @r"
    migrated from package version 1.0.0 to 5.0.0

    1.0.0 -> 2.0.0
      changed  metadata.yaml: added `licenses: []`
      changed  metadata.yaml: added `authors: []`
      changed  metadata.yaml: added `homepage: ''`
      changed  metadata.yaml: added `groups: []`
      decide   metadata.yaml:4: name the licenses of the plugin
      decide   metadata.yaml:5: name the authors
      decide   metadata.yaml:6: give the address of the plugin's page
      decide   metadata.yaml:7: name the groups that fit: network, storage, storage::cinder, storage::glance, hypervisor, monitoring
      decide   metadata.yaml:9: packages are named by release line from 2.0.0 on: hosts keep an installed 1.0.0 package beside the new one until it is removed

    2.0.0 -> 3.0.0
      changed  deployment_tasks.yaml: created, without tasks
      changed  node_roles.yaml: given content, because it may no longer be empty
      changed  volumes.yaml: given content, because it may no longer be empty
      decide   deployment_tasks.yaml: tasks.yaml still runs; move tasks here that have to run during the deployment

    3.0.0 -> 4.0.0
      changed  metadata.yaml: added `is_hotpluggable: false`
      decide   metadata.yaml:8: say whether the plugin can be added to an environment that is already deployed
      decide   components.yaml: is read from 4.0.0 on; until now it was ignored: check that it is meant
      decide   environment_config.yaml:2: choose where the settings are shown, for example `group: other` under `attributes.metadata`

    4.0.0 -> 5.0.0
      changed  metadata.yaml: took 6.0 out of `fuel_version`: 5.0.0 begins with product 9.0
      changed  metadata.yaml: put 9.0 into `fuel_version`, because no other was left
      changed  metadata.yaml: `package_version` set to 5.0.0
      decide   metadata.yaml:2: keep an older release line of the plugin for product 6.0, if it is still used
      decide   metadata.yaml:2: try the plugin with product 9.0
      decide   metadata.yaml: name the releases of product 9.0 and above that the plugin is for
      decide   metadata.yaml: raise the version (`fpb bump`): packages of one version must be one and the same
    ");
}

#[test]
fn a_dry_run_shows_the_files_as_they_would_be() {
    let shown = plan(&mut bare(), Generation::V5).unwrap().to_string();
    let diffs = &shown[shown.find("---").unwrap()..];
    insta::assert_snapshot!(diffs, @r"
    --- /dev/null
    +++ b/deployment_tasks.yaml
    @@ -0,0 +1,3 @@
    +# Tasks of the deployment graph. None yet: the tasks of tasks.yaml still run, before and after the
    +# deployment. A task here can run in between, and says by `requires` and `required_for` when.
    +[]

    --- a/metadata.yaml
    +++ b/metadata.yaml
    @@ -1,4 +1,9 @@
     name: demo\r
     fuel_version:\r
    -  - '6.0'\r
    -package_version: 1.0.0\r
    +  - '9.0'\r
    +licenses: []\r
    +authors: []\r
    +homepage: ''\r
    +groups: []\r
    +is_hotpluggable: false\r
    +package_version: 5.0.0\r

    --- a/node_roles.yaml
    +++ b/node_roles.yaml
    @@ -1 +1,2 @@
     # nothing yet
    +{}

    --- a/volumes.yaml
    +++ b/volumes.yaml
    @@ -0,0 +1,2 @@
    +volumes_roles_mapping: {}
    +volumes: []
    ");
}

#[test]
fn what_cannot_be_edited_safely_names_its_file() {
    let cases = [
        (
            "fuel_version: []\nlicenses: []\nx: &v 2.0.0\npackage_version: *v\n",
            "`metadata.yaml`: line 4",
        ),
        ("a: [\npackage_version: 2.0.0\n", "`metadata.yaml`: "),
        ("package_version: 2.0\n", "`metadata.yaml` is missing or has no `package_version`"),
        ("package_version: 7.0.0\n", "`7.0.0` is not a package version"),
    ];
    for (text, expected) in cases {
        let mut draft = Draft::of([("metadata.yaml", text.to_owned())]);
        let error = plan(&mut draft, Generation::V5).unwrap_err().to_string();
        assert!(error.contains(expected), "{text:?}: {error}");
    }
}

#[test]
fn a_file_that_cannot_be_written_is_named_and_so_are_those_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut draft = Draft::of([]);
    for file in ["metadata.yaml", "node_roles.yaml", "tasks.yaml", "volumes.yaml"] {
        draft.edit(file, |_| Ok("new\n".to_owned())).unwrap();
    }
    // Nobody may write there.
    fs_err::os::unix::fs::symlink("/proc/version", folder.path().join("volumes.yaml")).unwrap();
    let failed = draft.write(folder.path()).unwrap_err().to_string();
    let expected =
        "`volumes.yaml` cannot be written; already written: `node_roles.yaml`, `tasks.yaml`";
    assert_eq!(failed, expected);
    assert!(!folder.path().join("metadata.yaml").exists());

    fs_err::remove_file(folder.path().join("volumes.yaml")).unwrap();
    draft.write(folder.path()).unwrap();
}
