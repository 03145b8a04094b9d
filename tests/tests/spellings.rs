//! The historical spelling and the subcommands do the same; what is asked is answered on standard
//! output, and the exit status tells how it went.

use serde_json::Value;
use tests::{Plugin, built, command, finish, fpb};

#[test]
fn the_historical_spelling_creates_checks_and_builds() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let created = fpb(here, ["--create", "demo", "--package-version", "2.0.0"]).success();
    assert_eq!(created.lines().count(), 1, "{created}");
    let checked = fpb(here, ["--check", "demo"]).success();
    assert_eq!(checked.lines().count(), 1, "{checked}");
    let built = fpb(here, ["--debug", "--build", "demo/"]).success();
    assert_eq!(built.lines().count(), 1, "{built}");
    assert!(here.join("demo/demo-1.0-1.0.0-1.noarch.rpm").exists());
}

#[test]
fn wrong_usage_is_status_2_and_says_nothing_on_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let wrong: [&[&str]; 7] = [
        &[],
        &["--build", "a", "--check", "b"],
        &["--build", "a", "--package-version", "2.0.0"],
        &["--check", "a", "--package-version", "2.0.0"],
        &["build", "--check", "a"],
        &["--create"],
        &["--nonsense"],
    ];
    for arguments in wrong {
        let outcome = fpb(folder.path(), arguments).status(2);
        assert_eq!(outcome.stdout, "", "{arguments:?}");
        assert!(
            outcome.stderr.contains("Usage:") || outcome.stderr.contains("help: "),
            "{arguments:?}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn a_failure_is_neither_success_nor_usage_and_leaves_standard_output_empty() {
    let plugin = Plugin::create("demo", "5.0.0");
    plugin.edit("metadata.yaml", "title:", "titel:");
    for arguments in [["--check", "."], ["--build", "."], ["check", "."], ["build", "."]] {
        let outcome = fpb(&plugin.path(), arguments).status(1);
        assert_eq!(outcome.stdout, "", "{arguments:?}");
        assert!(outcome.stderr.contains("metadata.yaml:"), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("meant to be `title`"), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
    }
}

#[test]
fn json_is_one_object_in_success_and_in_failure() {
    let plugin = Plugin::create("demo", "5.0.0");
    let parse = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
    let good = parse(&fpb(&plugin.path(), ["check", ".", "--json"]).success());
    assert_eq!((&good["schema"], &good["ok"]), (&1.into(), &true.into()), "{good}");
    plugin.edit("metadata.yaml", "title:", "titel:");
    let bad = parse(&fpb(&plugin.path(), ["check", ".", "--json"]).status(1).stdout);
    assert_eq!(bad["ok"], false, "{bad}");
    let text = bad.to_string();
    assert!(text.contains("\"file\":\"metadata.yaml\"") && text.contains("\"line\":"), "{text}");
}

#[test]
fn the_program_also_answers_to_its_historical_name() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("fuel-plugin-builder");
    fs_err::os::unix::fs::symlink(built("fpb"), &link).unwrap();
    let mut help = command(link.to_str().unwrap(), ["--help"]);
    let text = finish(&mut help).success();
    assert!(text.contains("fuel-plugin-builder"), "{text}");
}

#[test]
fn paths_may_have_blanks_foreign_letters_and_a_trailing_slash() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().join("plugins à côté");
    fs_err::create_dir(&here).unwrap();
    fpb(&here, ["create", "./demo/"]).success();
    fpb(folder.path(), ["build", "plugins à côté/demo/"]).success();
    assert!(here.join("demo/demo-1.0-1.0.0-1.noarch.rpm").exists());
    fpb(&here.join("demo"), ["build", "."]).success();
}

#[test]
fn a_new_plugin_is_of_the_newest_package_version_and_of_no_unknown_one() {
    let folder = tempfile::tempdir().unwrap();
    fpb(folder.path(), ["create", "demo"]).success();
    let metadata = fs_err::read_to_string(folder.path().join("demo/metadata.yaml")).unwrap();
    assert!(metadata.contains("\npackage_version: '5.0.0'\n"), "{metadata}");
    for words in [["create", "other"], ["--create", "other"]] {
        let refused = fpb(folder.path(), words.into_iter().chain(["--package-version", "6.0.0"]));
        assert!(refused.stderr.contains("6.0.0"), "{}", refused.stderr);
        refused.status(2);
    }
    assert!(!folder.path().join("other").exists());
}

#[test]
fn a_finding_names_file_line_and_the_way_to_the_value() {
    let plugin = Plugin::create("demo", "5.0.0");
    plugin.edit("metadata.yaml", "mode: ['ha']", "mode: ['single']");
    let said = fpb(&plugin.path(), ["check", ".", "--json"]).status(1).stdout;
    let answer: Value = serde_json::from_str(&said).unwrap();
    let finding = &answer["results"][0];
    assert_eq!(finding["file"], "metadata.yaml", "{said}");
    assert_eq!(finding["path"], "releases -> 0 -> mode -> 0", "{said}");
    assert!(finding["line"].as_u64() > Some(1) && finding["column"].is_u64(), "{said}");
}
