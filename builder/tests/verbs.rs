//! A plugin's life from `create` to `build`, in both spellings.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_fpb");

/// The program in `folder`, in an environment of its own.
#[expect(clippy::disallowed_methods, reason = "the program under test is run from outside")]
fn fpb(folder: &Path, line: &str) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder).env_clear().env("LC_ALL", "C.UTF-8").env("PATH", "/usr/bin:/bin");
    command.stdin(Stdio::null()).args(line.split_whitespace());
    command
}

fn run(folder: &Path, line: &str) -> Output {
    fpb(folder, line).output().expect("the program can be started")
}

fn stdout(folder: &Path, line: &str) -> String {
    let output = run(folder, line);
    assert!(output.status.success(), "{line}: {output:?}");
    String::from_utf8(output.stdout).expect("output is UTF-8")
}

fn stderr(output: Output) -> String {
    String::from_utf8(output.stderr).expect("output is UTF-8")
}

/// A folder that holds the plugin `demo`, whose hook has this body.
fn with_hook(body: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    stdout(folder.path(), "create demo");
    let hook = folder.path().join("demo/pre_build_hook");
    fs_err::write(&hook, format!("#!/bin/sh\n{body}\n")).expect("the hook can be written");
    fs_err::set_permissions(&hook, PermissionsExt::from_mode(0o755)).expect("it is ours");
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs_err::read_dir(folder).expect("the folder is there");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn the_historical_spelling_ends_with_one_line_per_action() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(stdout(folder, "--create demo --package-version 4.0.0"), "Plugin is created\n");
    assert_eq!(stdout(folder, "--check demo/"), "Plugin is valid\n");
    assert_eq!(stdout(folder, "--debug --build=demo"), "Plugin is built\n");
    assert!(folder.join("demo/demo-1.0-1.0.0-1.noarch.rpm").is_file());
}

#[test]
fn subcommands_answer_with_what_they_made() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(stdout(folder, "new demo"), " created  demo\n");
    assert_eq!(stdout(folder, "check demo"), " checked  demo\n");
    let built = stdout(folder, "build demo --format rpm,deb -o out");
    let files: Vec<_> = built.lines().filter_map(|line| line.split_whitespace().nth(1)).collect();
    assert_eq!(files, ["out/demo-1.0-1.0.0-1.noarch.rpm", "out/demo-1.0_1.0.0-1_all.deb"]);
    assert!(stdout(folder, &format!("inspect {}", files[0])).contains("demo-1.0"));
    stdout(folder, &format!("diff {} {}", files[0], files[1]));
}

#[test]
fn a_line_break_in_a_folder_s_name_forges_no_line() {
    let parent = tempfile::tempdir().unwrap();
    let forged = parent.path().join("x\n built    y");
    fs_err::create_dir(&forged).unwrap();
    let plugin = forged.join("demo");
    let commands: [(&[&str], &str); 4] = [
        (&["create"], " created  "),
        (&["check"], " checked  "),
        (&["build"], " built    "),
        (&["--json", "check", "--strict"], "{"),
    ];
    for (words, begin) in commands {
        let output = fpb(parent.path(), "").args(words).arg(&plugin).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let (out, err) = (String::from_utf8(output.stdout.clone()).unwrap(), stderr(output));
        let shown: Vec<_> = out.lines().chain(err.lines()).collect();
        assert!(out.starts_with(begin) && out.lines().count() == 1, "{out}");
        assert!(!shown[1..].iter().any(|line| line.starts_with(" built")), "{shown:?}");
    }
    fs_err::write(plugin.join("metadata.yaml"), "").unwrap();
    let output = fpb(parent.path(), "--json check").arg(&plugin).output().unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["results"][0]["directory"], plugin.to_str().unwrap());
}

#[test]
fn parts_of_a_package_are_shown_alone() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    stdout(folder, "create demo");
    stdout(folder, "build demo --format deb");
    let package = "demo/demo-1.0_1.0.0-1_all.deb";
    let all = stdout(folder, &format!("inspect {package}"));
    let parts =
        [("--fields", "\nfields\n"), ("--integrity", "\nintegrity\n"), ("--files", "\nfiles\n")];
    for (option, title) in parts {
        let shown = stdout(folder, &format!("inspect {package} {option}"));
        for (other, heading) in parts {
            assert!(all.contains(heading), "{all}");
            assert_eq!(shown.contains(heading), heading == title, "{option} and {other}: {shown}");
        }
    }
}

#[test]
fn a_damaged_package_is_shown_and_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    stdout(folder, "create demo");
    stdout(folder, "build demo --format deb --compression none");
    fs_err::copy(folder.join("demo/demo-1.0_1.0.0-1_all.deb"), folder.join("good.deb")).unwrap();
    let mut package = fs_err::read(folder.join("good.deb")).unwrap();
    // One byte of a file in the payload, which nothing but digests can tell.
    let text = b"Please describe your plugin here";
    let place = package.windows(text.len()).rposition(|window| window == text).unwrap();
    package[place] = b'p';
    fs_err::write(folder.join("bad.deb"), package).unwrap();
    for line in ["inspect bad.deb", "inspect bad.deb --files", "diff good.deb bad.deb"] {
        let output = run(folder, line);
        assert_eq!(output.status.code(), Some(4), "{line}");
        let answer = String::from_utf8(output.stdout.clone()).unwrap();
        assert!(answer.contains("not hold"), "{line}: {answer}");
        let story = stderr(output);
        assert!(story.starts_with("error[F0911]: `bad.deb` is damaged\n"), "{line}: {story}");
    }
    let answer: serde_json::Value =
        serde_json::from_slice(&run(folder, "inspect bad.deb --json").stdout).unwrap();
    assert_eq!(answer["ok"], false);
    assert!(!answer["results"][0]["damage"].as_array().unwrap().is_empty());
}

#[test]
fn what_is_no_package_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs_err::write(folder.join("a"), "no package").unwrap();
    let output = run(folder, "inspect a");
    assert_eq!(output.status.code(), Some(1));
    let expected =
        "error[F0905]: `a` cannot be read\ncause: not a package: neither RPM, deb nor fp\n";
    assert_eq!(stderr(output), expected);
}

#[test]
fn versions_are_only_raised() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    stdout(folder, "create demo");
    for line in ["bump demo --to 1.0.0", "migrate demo --to 4.0.0"] {
        let output = run(folder, line);
        assert_eq!(output.status.code(), Some(4), "{line}");
        assert!(stderr(output).starts_with("error[F0910]: "), "{line}");
    }
}

#[test]
fn people_see_the_first_hundred_findings_of_a_file_and_machines_all() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    stdout(folder, "create demo");
    fs_err::write(folder.join("demo/tasks.yaml"), "- {}\n".repeat(150)).unwrap();
    let json = run(folder, "check demo --json").stdout;
    let answer: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let all = answer["results"].as_array().unwrap().len();
    let story = stderr(run(folder, "check demo"));
    assert_eq!(story.matches("--> demo/tasks.yaml:").count(), 100);
    let more = format!("... and {} more in `tasks.yaml` (`--json` lists all)\n", all - 100);
    assert!(all > 100 && story.contains(&more), "{story}");
}

#[test]
fn findings_are_marked_as_validation_and_stop_the_build() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    stdout(folder, "create demo");
    let metadata = folder.join("demo/metadata.yaml");
    let text = fs_err::read_to_string(&metadata).unwrap();
    fs_err::write(&metadata, text.replace("version: '1.0.0'", "version: 'one'")).unwrap();
    for line in ["check demo", "build demo", "--check demo", "--build demo"] {
        let output = run(folder, line);
        assert_eq!(output.status.code(), Some(1), "{line}");
        assert!(output.stdout.is_empty(), "{line}");
        let story = stderr(output);
        assert!(story.contains("--> demo/metadata.yaml:"), "{line}: {story}");
        assert!(story.contains("\n1 error, 0 warnings\n"), "{line}: {story}");
        assert!(story.contains("]: validation failed: 1 error in `demo`\n"), "{line}: {story}");
        let json = run(folder, &format!("{line} --json")).stdout;
        let answer: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(answer["results"][0]["file"], "metadata.yaml", "{line}");
        assert_eq!(answer["results"][0]["severity"], "error", "{line}");
        assert!(answer["results"][0]["line"].is_u64(), "{line}");
    }
}

#[test]
fn what_the_hook_says_is_shown_on_demand_and_where_it_fails() {
    let folder = with_hook(r"printf 'red \033[31m\n'");
    assert!(!stderr(run(folder.path(), "build demo")).contains("red"));
    for line in ["--build demo --debug", "build demo -vv"] {
        assert!(stderr(run(folder.path(), line)).contains("| red \\u{1b}[31m\n"), "{line}");
    }
    let folder = with_hook("echo last words; exit 3");
    let output = run(folder.path(), "build demo");
    assert_eq!(output.status.code(), Some(1));
    let story = stderr(output);
    assert!(story.starts_with("error[F0904]: ") && story.contains("| last words\n"), "{story}");
    stdout(folder.path(), "build demo --no-hooks");
}

#[test]
fn an_interrupted_build_leaves_nothing_behind() {
    let folder = with_hook("echo started; sleep 60");
    let plugin = folder.path().join("demo");
    let before = names(&plugin);
    let mut build =
        fpb(folder.path(), "build demo -vv -o out").stderr(Stdio::piped()).spawn().unwrap();
    let story = BufReader::new(build.stderr.take().unwrap());
    let mut lines = story.lines().map_while(Result::ok);
    assert!(lines.any(|line| line == "| started"));
    kill_process(Pid::from_child(&build), Signal::INT).unwrap();
    assert_eq!(build.wait().unwrap().code(), Some(130));
    assert!(lines.any(|line| line == "error[F0907]: interrupted; no package was replaced"));
    assert_eq!(names(&plugin), before);
    assert_eq!(names(folder.path()), ["demo"]);
}

#[test]
fn a_hook_that_will_not_end_is_killed_however_often_the_user_interrupts() {
    let folder = with_hook("trap '' INT TERM; echo $$; while :; do sleep 1; done");
    let mut build = fpb(folder.path(), "build demo -vv").stderr(Stdio::piped()).spawn().unwrap();
    let story = BufReader::new(build.stderr.take().unwrap());
    let mut lines = story.lines().map_while(Result::ok);
    let hook = lines.find_map(|line| line.strip_prefix("| ")?.parse::<i32>().ok());
    let hook = Pid::from_raw(hook.expect("the hook tells its number")).unwrap();
    for _ in 0..3 {
        kill_process(Pid::from_child(&build), Signal::INT).unwrap();
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(build.wait().unwrap().code(), Some(130));
    assert_eq!(test_kill_process(hook), Err(Errno::SRCH));
}

#[test]
fn names_of_any_bytes_are_paths_like_others() {
    use std::os::unix::ffi::OsStrExt;

    let folder = tempfile::tempdir().unwrap();
    stdout(folder.path(), "create demo");
    let odd = OsStr::from_bytes(b"a b \xff\n-x");
    #[expect(clippy::disallowed_methods, reason = "no plugin that matters is moved")]
    fs_err::rename(folder.path().join("demo"), folder.path().join(odd)).unwrap();
    for spelling in ["check", "--check"] {
        let output = fpb(folder.path(), spelling).arg(odd).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
}
