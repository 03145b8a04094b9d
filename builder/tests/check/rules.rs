//! Every rule of the checker, as tables of input and findings in `rules/*.txt`.
//!
//! A case is a line `== GENERATION FILE: what it shows`, the file's text, and a line `=> …` for each
//! finding. Of `metadata.yaml` only the keys that differ from the small plugin's are given.

use std::collections::HashSet;

use std::os::unix::fs::PermissionsExt;

use builder::{Code, Finding, Source, check};
use fs_err::os::unix::fs::symlink;

use crate::sample::{Sample, metadata, show};

const TABLES: [&str; 6] = [
    include_str!("rules/metadata.txt"),
    include_str!("rules/tasks.txt"),
    include_str!("rules/environment.txt"),
    include_str!("rules/deployment.txt"),
    include_str!("rules/roles.txt"),
    include_str!("rules/others.txt"),
];

#[test]
fn every_rule_finds_what_its_table_says() {
    for table in TABLES {
        let actual: String = cases(table).map(|case| run(case).0).collect();
        assert_eq!(actual, table, "the table as it would be right:\n{actual}");
    }
}

#[test]
fn every_code_is_produced() {
    let in_tables = TABLES.iter().flat_map(|table| cases(table)).flat_map(|case| run(case).1);
    let samples = [unreadable_files(), odd_files(), bad_hooks()];
    let elsewhere = samples.iter().flat_map(Sample::check);
    let collision = collision().into_iter().map(|collision| collision.finding);
    let findings = in_tables.chain(elsewhere).chain(collision);
    let produced: HashSet<Code> = findings.map(|finding| finding.code).collect();
    for code in Code::ALL.iter().filter(|code| code.as_str() < "F0300") {
        assert!(produced.contains(code), "nothing produces {code}");
    }
}

#[test]
fn the_complete_plugin_has_no_fault() {
    assert_eq!(Sample::complete().check(), []);
}

#[test]
fn files_that_cannot_be_read_are_findings() {
    assert_eq!(
        shown(&unreadable_files()),
        [
            "=> F0105 metadata.yaml [] the file is missing",
            "=> F0102 environment_config.yaml:2:1 [] the file is not UTF-8 text (save the file as UTF-8)",
        ]
    );
    assert_eq!(
        shown(&odd_files()),
        [
            "=> F0105 environment_config.yaml [] the file is missing (create it; it may be empty)",
            "=> F0103 deployment_tasks.yaml [] not a regular file",
            "=> F0104 volumes.yaml [] the file is larger than 1048576 bytes",
        ]
    );
}

#[test]
fn hooks_that_cannot_be_packaged_are_findings() {
    assert_eq!(
        shown(&bad_hooks()),
        [
            "=> F0143 post_install.sh [] the lines end with carriage returns, which packages leave out (save the file with plain line feeds)",
            "=> F0143 pre_build_hook [] the interpreter's name ends with a carriage return (save the file with plain line feeds)",
            "=> F0140 pre_install.sh [] the hook is not UTF-8 text (save the script as UTF-8; let it call a program from the plugin's folder)",
            "=> F0308 uninstall.sh [] the interpreter `python3` is not an absolute path (write where it is on hosts, as in `#!/bin/bash` or `#!/usr/bin/env python3`)",
        ]
    );
    let sample = Sample::small(5);
    sample.write("uninstall.sh", "#!/opt/venv/bin/python -u\n");
    assert_eq!(
        shown(&sample),
        [
            "=> F0309 uninstall.sh [] no Debian package is known to bring the interpreter `/opt/venv/bin/python -u`, so no deb can be built (use a well-known one, such as `/bin/sh` or `/usr/bin/python3`)",
        ]
    );
    sample.write("pre_install.sh", "#!/bin/sh\necho größer\n");
    sample.write("uninstall.sh", "");
    assert_eq!(sample.check(), []);
}

#[test]
fn the_check_finds_what_a_build_would_find_in_the_tree() {
    let sample = odd_tree();
    assert_eq!(
        shown(&sample),
        [
            "=> F0306 scripts.d/a [] the symlink to `/etc` leads to an absolute path (replace it with the file itself, or with a relative link to a file of the plugin)",
            "=> F0304 scripts.d/b [] the symlink to `nowhere` leads nowhere in the package (replace it with the file itself, or with a relative link to a file of the plugin)",
            "=> F0305 scripts.d/c [] the symlink to `../..` leads out of the plugin (replace it with the file itself, or with a relative link to a file of the plugin)",
            "=> F0304 scripts.d/d [] the symlink to `scripts` leads nowhere in the package (replace it with the file itself, or with a relative link to a file of the plugin)",
            "=> F0103 uninstall.sh [] not a regular file",
        ]
    );
    fs_err::remove_dir_all(sample.path().join("scripts.d")).unwrap();
    assert_eq!(
        shown(&sample),
        [
            "=> F0126 metadata.yaml:13:89 [releases -> 0 -> repository_path] `.hidden/ubuntu` is not packaged (choose a name that does not begin with a dot)",
            "=> F0103 uninstall.sh [] not a regular file",
        ]
    );
}

#[test]
fn plugins_that_debian_takes_for_one_collide() {
    let collisions = collision();
    assert_eq!(collisions.len(), 1);
    assert_eq!((collisions[0].first, collisions[0].second), (0, 2));
    assert_eq!(
        collisions[0].finding.message,
        "`my-plugin` and `my_plugin` would both be the Debian package `my-plugin-1.0`"
    );
}

/// Two spellings of one name, two releases of one plugin, and another release line.
fn collision() -> Vec<check::Collision> {
    let samples = [
        "name: my_plugin\n",
        "name: my_plugin\nversion: 1.0.3\n",
        "name: my-plugin\n",
        "name: my-plugin\nversion: 2.0.0\n",
    ]
    .map(|changes| {
        let sample = Sample::small(5);
        sample.write("metadata.yaml", metadata(5, changes));
        sample
    });
    let sources: Vec<_> = samples.iter().map(|s| Source::read(s.path()).unwrap()).collect();
    check::collisions(&sources)
}

fn unreadable_files() -> Sample {
    let sample = Sample::small(5);
    fs_err::remove_file(sample.path().join("metadata.yaml")).unwrap();
    sample.write("environment_config.yaml", b"a: 1\n\xff");
    sample.write("tasks.yaml", " ".repeat(2 << 20));
    sample
}

fn odd_files() -> Sample {
    let sample = Sample::small(5);
    fs_err::remove_file(sample.path().join("environment_config.yaml")).unwrap();
    fs_err::remove_file(sample.path().join("deployment_tasks.yaml")).unwrap();
    fs_err::create_dir(sample.path().join("deployment_tasks.yaml")).unwrap();
    sample.write("volumes.yaml", " ".repeat(2 << 20));
    sample
}

fn bad_hooks() -> Sample {
    let sample = Sample::small(5);
    sample.write("pre_install.sh", b"#!/bin/sh\n# gr\xf6\xdfer\n");
    sample.write("post_install.sh", "#!/bin/sh\r\ntrue\r\n");
    sample.write("uninstall.sh", "#!python3\n");
    sample.write("pre_build_hook", "#!/bin/sh\r\n");
    let executable = PermissionsExt::from_mode(0o755);
    fs_err::set_permissions(sample.path().join("pre_build_hook"), executable).unwrap();
    sample
}

/// What can be told of the files that are no YAML.
fn odd_tree() -> Sample {
    let sample = Sample::small(5);
    let at = |name: &str| sample.path().join(name);
    fs_err::create_dir(at("uninstall.sh")).unwrap();
    fs_err::create_dir_all(at(".hidden/ubuntu")).unwrap();
    fs_err::create_dir(at("scripts.d")).unwrap();
    for (target, link) in [("/etc", "a"), ("nowhere", "b"), ("../..", "c"), ("scripts", "d")] {
        symlink(target, at("scripts.d").join(link)).unwrap();
    }
    let releases = "releases:\n- {os: ubuntu, version: a, mode: [], deployment_scripts_path: \
         scripts, repository_path: .hidden/ubuntu}\n";
    sample.write("metadata.yaml", metadata(5, releases));
    sample
}

fn shown(sample: &Sample) -> Vec<String> {
    sample.check().iter().map(|finding| show(finding).trim_end().to_owned()).collect()
}

/// Splits a table at its blank lines.
fn cases(table: &str) -> impl Iterator<Item = &str> {
    table.split_inclusive("\n\n")
}

/// Returns `case` as it would be with the findings that there really are, and those.
fn run(case: &str) -> (String, Vec<Finding>) {
    let (title, rest) = case.split_once('\n').unwrap();
    let (head, _) = title.strip_prefix("== ").unwrap().split_once(':').unwrap();
    let (generation, file) = head.split_once(' ').unwrap();
    let generation = generation.parse().unwrap();
    let text: String = rest
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("=>") && *line != "\n")
        .collect();

    let sample = Sample::small(generation);
    match file {
        "metadata.yaml" => sample.write(file, metadata(generation, &text)),
        _ => sample.write(file, &text),
    }
    let findings = sample.check();
    let lines: String = findings.iter().map(show).collect();
    (format!("{title}\n{text}{lines}\n"), findings)
}
