//! The program as its users meet it: words in, streams and exit status out.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::process::{Command, Output, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_fpb");

/// The program in an environment of its own.
#[expect(clippy::disallowed_methods, reason = "the program under test is run from outside")]
fn fpb<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(PROGRAM);
    command.env_clear().env("LC_ALL", "C.UTF-8").stdin(Stdio::null()).args(arguments);
    command
}

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

fn run(line: &str) -> Output {
    fpb(words(line)).output().expect("the program can be started")
}

fn status(line: &str) -> i32 {
    run(line).status.code().expect("not killed by a signal")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("output is UTF-8")
}

fn json(line: &str) -> serde_json::Value {
    serde_json::from_slice(&run(line).stdout).expect("the answer is JSON")
}

#[test]
fn wrong_usage_ends_with_2_and_says_why_on_stderr_only() {
    let lines = [
        "",
        "--json",
        "--bogus",
        "bulid x",
        "build",
        "build a b",
        "--build",
        "--create",
        "--build a --check b",
        "--check a --check b",
        "--build a --package-version 5.0.0",
        "--check a --package-version 5.0.0",
        "--create a --package-version 9.0.0",
        "build --check a",
        "--check a check",
        "--build a build",
        "--build a b",
        "--check a b",
        "check a --color pink",
        "check a -q -v",
        "bump a --patch --to 1.0.1",
        "migrate a",
        "build builder --format tar",
    ];
    for line in lines {
        let output = run(line);
        assert_eq!(output.status.code(), Some(2), "{line}");
        if line != "--json" {
            assert!(output.stdout.is_empty(), "{line}");
            assert!(!output.stderr.is_empty(), "{line}");
        }
    }
}

#[test]
fn without_an_action_usage_is_shown_under_the_name_that_was_called() {
    for name in ["fpb", "fuel-plugin-builder"] {
        let output = fpb([""; 0]).arg0(name).output().unwrap();
        let usage = format!("Usage: {name} [OPTIONS] <COMMAND>");
        assert!(text(&output.stderr).contains(&usage), "{}", text(&output.stderr));
    }
}

#[test]
fn a_mistyped_command_is_answered_with_the_nearest_one() {
    assert!(text(&run("bulid x").stderr).contains("a similar subcommand exists: 'build'"));
    assert!(text(&run("build x --strct").stderr).contains("a similar argument exists: '--strict'"));
}

#[test]
fn what_does_not_exist_is_3_and_1_in_the_historical_spelling() {
    for (line, expected) in [
        ("check no/such", 3),
        ("build no/such", 3),
        ("inspect no/such", 3),
        ("diff no/such Cargo.toml", 3),
        ("migrate no/such --to 5.0.0", 3),
        ("bump no/such", 3),
        ("explain F9999", 3),
        ("check Cargo.toml", 1),
        ("--check no/such", 1),
        ("--build=no/such", 1),
        ("--debug --build no/such", 1),
    ] {
        let output = run(line);
        assert_eq!(output.status.code(), Some(expected), "{line}");
        assert!(output.stdout.is_empty(), "{line}");
        assert!(text(&output.stderr).starts_with("error[F09"), "{line}");
    }
}

#[test]
fn machines_get_one_object_whatever_happens() {
    for (line, command, code) in [
        ("check no/such --json", "check", "F0902"),
        ("--json --check no/such", "check", "F0902"),
        ("explain F9999 --json-lines", "explain", "F0902"),
        ("bulid --json", "fpb", "F0901"),
        ("--build a --check b --json", "fpb", "F0901"),
    ] {
        let answer = json(line);
        assert_eq!(answer["schema"], 1, "{line}");
        assert_eq!(answer["command"], command, "{line}");
        assert_eq!(answer["ok"], false, "{line}");
        assert_eq!(answer["error"]["code"], code, "{line}");
        assert!(run(line).stderr.is_empty(), "{line}");
    }
    let answer = json("explain f0902 --json");
    assert_eq!(answer["ok"], true);
    assert_eq!(answer["results"][0]["code"], "F0902");
    assert!(answer["error"].is_null());
    assert!(text(&run("explain f0902 --yaml").stdout).starts_with("schema: 1\ncommand: explain\n"));
}

#[test]
fn a_reader_that_went_away_ends_the_program_silently() {
    for line in ["--help", "build --help", "explain F0902", "man", "completions bash", "--version"]
    {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = fpb(words(line)).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
        let output = output.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(141), "{line}");
        assert_eq!(text(&output.stderr), "", "{line}");
    }
}

#[test]
fn an_answer_that_cannot_be_written_is_a_failure() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = fpb(["--version"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn color_is_used_where_it_was_asked_for_only() {
    let escapes = |command: &mut Command| command.output().unwrap().stderr.contains(&0x1b);
    assert!(!escapes(&mut fpb(["check", "no"])));
    assert!(escapes(&mut fpb(["check", "no", "--color=always"])));
    assert!(escapes(fpb(["check", "no"]).env("FPB_COLOR", "always")));
    assert!(escapes(fpb(["check", "no"]).env("CLICOLOR_FORCE", "1")));
    assert!(!escapes(fpb(["check", "no", "--color=never"]).env("CLICOLOR_FORCE", "1")));
    assert!(!escapes(fpb(["check", "no"]).env("NO_COLOR", "1").env("CLICOLOR_FORCE", "1")));
}

#[test]
fn a_locale_without_unicode_gets_ascii() {
    let output = fpb(["check", "dé\u{1b}[31m"]).env("LC_ALL", "C").output().unwrap();
    insta::assert_snapshot!(text(&output.stderr), @r"error[F0902]: `d\u{e9}\u{1b}[31m` does not exist");
}

#[test]
fn a_time_that_is_none_is_refused_before_anything_is_built() {
    let output = fpb(["build", "src"]).env("SOURCE_DATE_EPOCH", "now").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(text(&output.stderr), @"
    error[F0901]: SOURCE_DATE_EPOCH is `now`, which is not a number of seconds from 0 to 4294967295
    help: unset it, or set it as `date +%s` prints it
    ");
}

#[test]
fn the_version_is_one_line() {
    let expected = format!("fpb {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(text(&run("--version").stdout), expected);
    assert_eq!(text(&run("-V").stdout), expected);
}

#[test]
fn shells_take_their_completion_scripts() {
    assert!(text(&run("completions bash").stdout).contains("complete -F _fpb"));
    assert!(text(&run("completions zsh").stdout).starts_with("#compdef fpb"));
    assert!(text(&run("completions fish").stdout).contains("complete -c fpb"));
    for (shell, line) in [
        ("bash", "complete -F _fpb -o bashdefault -o default fuel-plugin-builder\n"),
        ("zsh", "#compdef fpb fuel-plugin-builder\n"),
        ("fish", "complete -c fuel-plugin-builder -w fpb\n"),
    ] {
        assert!(text(&run(&format!("completions {shell}")).stdout).contains(line), "{shell}");
    }
    assert_eq!(status("completions tcsh"), 2);
}

#[test]
fn man_writes_a_page_per_command() {
    let folder = tempfile::tempdir().unwrap();
    let output = fpb([OsStr::new("man"), "-o".as_ref(), folder.path().as_ref()]).output().unwrap();
    assert!(output.status.success());
    let mut pages: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|page| page.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    assert_eq!(
        pages.join(" "),
        "fpb-advisory-add.1 fpb-advisory-list.1 fpb-advisory-remove.1 fpb-advisory-show.1 \
         fpb-advisory.1 fpb-build.1 fpb-bump.1 fpb-check.1 fpb-completions.1 fpb-create.1 \
         fpb-diff.1 fpb-explain.1 fpb-inspect.1 fpb-key-create.1 fpb-key.1 fpb-man.1 fpb-migrate.1 fpb-repo-add.1 \
         fpb-repo-export.1 fpb-repo-init.1 fpb-repo-list.1 fpb-repo-prune.1 fpb-repo-publish.1 \
         fpb-repo-remove.1 fpb-repo-verify.1 fpb-repo.1 fpb-sign.1 fpb-verify.1 fpb.1"
    );
}

#[test]
fn short_help_fits_a_screen_and_long_help_tells_all() {
    let output = run("-h");
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(text(&output.stdout), @"
    Creates, checks and builds plugins

    Usage: fpb [OPTIONS] <COMMAND>

    Commands:
      create       Make a plugin skeleton [alias: new]
      check        Report all that is wrong with plugins
      build        Make a plugin's packages
      inspect      Show what is in a package
      diff         Show what differs between two packages
      key          Make keys to sign with
      sign         Sign packages
      verify       Say who signed packages
      migrate      Move a plugin to a newer package version
      bump         Raise a plugin's version
      repo         Keep a repository of packages for yum and apt
      advisory     Tell hosts about security fixes
      explain      Explain the codes of findings and failures
      completions  Print a completion script for a shell
      man          Print the man page, or write one per command
      help         Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help (see more with '--help')
      -V, --version  Print version

    Examples:
      fpb create my_plugin        make a plugin skeleton
      fpb check my_plugin         report all that is wrong with it
      fpb build my_plugin         make its package

    Historical spelling:
      fpb --create NAME [--package-version VERSION]
      fpb --check DIR
      fpb --build DIR [--debug]
    ");
    let long = text(&run("--help").stdout);
    for option in
        words("--json --json-lines --yaml --quiet --verbose --debug --color --no-progress")
    {
        assert!(long.contains(option), "{long}");
    }
    let verbs = "create check build inspect diff sign verify migrate bump repo advisory explain \
                 completions man";
    for verb in words(verbs) {
        let help = text(&run(&format!("{verb} -h")).stdout);
        assert!(help.contains("\nExamples:\n  fpb "), "{help}");
        assert!(help.lines().count() <= 30, "{help}");
        let long = text(&run(&format!("{verb} --help")).stdout);
        assert!(long.contains("--json-lines"), "{long}");
        assert_eq!(text(&run(&format!("help {verb}")).stdout), long);
    }
}

#[test]
fn codes_are_listed_with_their_titles() {
    let list = text(&run("explain").stdout);
    assert_eq!(list, text(&run("explain --list").stdout));
    assert!(list.starts_with("F0101  error    The file is not readable YAML.\n"), "{list}");
    assert_eq!(
        json("explain --json")["results"].as_array().map(Vec::len),
        Some(list.lines().count())
    );
    for shell in ["bash", "zsh"] {
        let script = text(&run(&format!("completions {shell}")).stdout);
        assert!(script.contains("F0911") && script.contains("4.0.0"), "{shell}");
    }
}
