//! Plugins from strangers, checked and built by `fpb`: whatever their folders hold, there is a clear
//! answer, in bounded time and memory, and nothing outside of the folder is touched or run.

use std::os::unix::fs::symlink;
use std::path::Path;

use tests::{Outcome, Plugin, bounded, forge, have, run};

const EVIL: &str = "evil\u{1b}]0;title\u{7}\u{1b}[2J\u{9b}31m\u{202e}txt";

fn check(plugin: &Plugin) -> Outcome {
    bounded(&plugin.path(), ["check", "."]).harmless()
}

#[test]
fn a_name_that_is_none_is_refused_and_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let long = "a".repeat(300);
    let names = [
        "$(id)",
        "a;b",
        "a b",
        "a\nb",
        "`id`",
        "Idap",
        "ldap.",
        "ünï",
        "а",
        "l\u{202e}dap",
        EVIL,
        &long,
    ];
    for name in names {
        let refused = bounded(folder.path(), ["create", "--", name]).harmless();
        assert_eq!((refused.status, &*refused.stdout), (Some(1), ""), "{name:?}");
        for field in ["name: 'demo'", "version: '1.0.0'"] {
            let plugin = Plugin::create("demo", "5.0.0");
            let (key, _) = field.split_once(':').unwrap();
            let value = forge::quoted(&format!("{name}/../../x"));
            plugin.edit("metadata.yaml", field, &format!("{key}: {value}"));
            check(&plugin).refusal(1, "metadata.yaml");
        }
    }
    assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn folders_may_be_called_like_options_and_commands() {
    let folder = tempfile::tempdir().unwrap();
    let plugin = Plugin::create("demo", "5.0.0");
    plugin.write("-x/$(touch x);`touch y`/ --root=\u{e9} '\"", "content");
    for name in ["-x", "--root=x", "$(touch x)", "a;touch x", " ", "*"] {
        let place = folder.path().join(name);
        run("cp", ["-r", plugin.path().to_str().unwrap(), place.to_str().unwrap()]).success();
        for verb in ["check", "build"] {
            bounded(folder.path(), [verb, "--", name]).harmless().success();
        }
        let package = format!("{name}/demo-1.0-1.0.0-1.noarch.rpm");
        let shown = bounded(folder.path(), ["inspect", "--", &package]).harmless().success();
        assert!(shown.contains("/-x/$(touch x);`touch y`/ --root="), "{shown}");
    }
    assert!(!folder.path().join("x").exists() && !folder.path().join("y").exists());
}

#[test]
fn a_yaml_bomb_is_a_finding_with_its_place() {
    let aliases: String = (1..14)
        .map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", ")))
        .collect();
    let merges: String = (1..3000)
        .map(|n| format!("a{n}: &a{n}\n  <<: [*a{0}, *a{0}]\n  y{n}: 1\n", n - 1))
        .collect();
    let bombs = [
        format!("a0: &a0 [x]\n{aliases}"),
        format!("a0: &a0 {{x: 1}}\n{merges}"),
        "a: &a [*a]".to_owned(),
        "[".repeat(200_000),
        "{a: ".repeat(200_000),
        "- ".repeat(200_000),
        "? ".repeat(200_000),
        (0..700).map(|n| " ".repeat(n) + "a:\n").collect(),
        (0..80_000).map(|n| format!("k{n}:\n")).collect(),
        ":".repeat(1_000_000),
        "x".repeat(2 << 20),
        "a: \0".to_owned(),
        "a: !!python/object/apply:os.system ['touch executed']".to_owned(),
        "a: !!python/name:os.system".to_owned(),
    ];
    let plugin = Plugin::create("demo", "5.0.0");
    for bomb in bombs {
        for file in ["metadata.yaml", "environment_config.yaml"] {
            let good = fs_err::read(plugin.path().join(file)).unwrap();
            plugin.write(file, &bomb);
            let said = check(&plugin).refusal(1, file);
            assert!(said.stderr.len() < 2000, "{}", said.stderr);
            plugin.write(file, good);
        }
    }
    assert!(!plugin.path().join("executed").exists());
    check(&plugin).success();
}

#[test]
fn what_leads_out_of_the_plugin_is_never_read_nor_written() {
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret");
    fs_err::write(&secret, "secret").unwrap();
    fs_err::write(outside.path().join("a.rpm"), "no package").unwrap();
    let state = || -> Vec<_> {
        let entries = fs_err::read_dir(outside.path()).unwrap().map(|entry| entry.unwrap());
        entries
            .map(|entry| (entry.file_name(), entry.metadata().unwrap().modified().unwrap()))
            .collect()
    };
    let before = state();
    let place = outside.path().to_str().unwrap();
    let up = format!("{}{place}", "../".repeat(20));
    for path in [place, &up, "/etc", "..", "link/", "repositories/ubuntu/../../.."] {
        for key in
            ["repository_path: repositories/ubuntu", "deployment_scripts_path: deployment_scripts/"]
        {
            let plugin = Plugin::create("demo", "5.0.0");
            symlink(outside.path(), plugin.path().join("link")).unwrap();
            let (name, _) = key.split_once(':').unwrap();
            plugin.edit("metadata.yaml", key, &format!("{name}: {path}"));
            let refused = bounded(&plugin.path(), ["build", "."]).harmless().status(1);
            assert_eq!(refused.stdout, "", "{path}");
            assert!(!plugin.path().join("demo-1.0-1.0.0-1.noarch.rpm").exists());
        }
    }
    for link in ["link", "deployment_scripts/link", "tasks.yaml"] {
        let plugin = Plugin::create("demo", "5.0.0");
        let place = plugin.path().join(link);
        let _ = fs_err::remove_file(&place);
        symlink(&secret, &place).unwrap();
        bounded(&plugin.path(), ["build", "."]).refusal(1, link);
    }
    assert_eq!(state(), before);
}

#[test]
fn what_no_package_can_hold_is_named() {
    let plugin = Plugin::create("demo", "5.0.0");
    let at = |name: &str| plugin.path().join(name);
    run("mkfifo", [at("pipe").to_str().unwrap()]).success();
    bounded(&plugin.path(), ["build", "."]).refusal(1, "pipe");
    fs_err::remove_file(at("pipe")).unwrap();

    plugin.write(EVIL, "").write("a\nb", "");
    let said = bounded(&plugin.path(), ["build", "."]).refusal(1, "a\\nb");
    assert!(said.stderr.contains("evil\\u{1b}]0;title"), "{}", said.stderr);
    for name in [EVIL, "a\nb"] {
        fs_err::remove_file(at(name)).unwrap();
    }

    plugin.write("x", "");
    run("chmod", ["4755", at("x").to_str().unwrap()]).success();
    bounded(&plugin.path(), ["build", "."]).refusal(1, "4755");
    run("chmod", ["755", at("x").to_str().unwrap()]).success();

    plugin.write(&format!("{}x", "d/".repeat(100)), "");
    bounded(&plugin.path(), ["build", "."]).refusal(1, "folders within each other");
}

#[test]
fn no_field_of_the_sources_drives_the_terminal() {
    let evil = forge::quoted(EVIL);
    let sources = Plugin::create("demo", "5.0.0");
    let text = fs_err::read_to_string(sources.path().join("metadata.yaml")).unwrap();
    let keys: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with([' ', '#', '-']))
        .filter_map(|line| line.split_once(": "))
        .map(|(key, _)| key)
        .collect();
    assert!(keys.len() > 9, "{keys:?}");
    for key in keys {
        for value in [evil.clone(), format!("[{evil}]"), format!("{{{evil}: {evil}}}")] {
            let line = text.lines().find(|line| line.starts_with(&format!("{key}:"))).unwrap();
            sources.write("metadata.yaml", text.replace(line, &format!("{key}: {value}")));
            check(&sources);
            let built = bounded(&sources.path(), ["build", "."]).harmless();
            if built.status == Some(0) {
                bounded(&sources.path(), ["inspect", "demo-1.0-1.0.0-1.noarch.rpm"])
                    .harmless()
                    .success();
            }
        }
    }
    sources.write("metadata.yaml", &text);
    for raw in
        [EVIL.to_owned(), format!("# {EVIL}\n- {EVIL}"), format!("- id: {evil}\n  type: {evil}")]
    {
        sources.write("deployment_tasks.yaml", raw);
        check(&sources).status(1);
    }
    sources.write("deployment_tasks.yaml", "[]");
    sources.write("pre_build_hook", format!("#!/bin/sh\necho '{EVIL}'\nexit 1\n"));
    bounded(&sources.path(), ["build", ".", "-vv"]).refusal(1, "evil");
}

#[test]
fn hooks_are_announced_kept_off_the_answer_and_left_out_on_request() {
    let plugin = Plugin::create("demo", "5.0.0");
    plugin.write("pre_build_hook", "#!/bin/sh\necho from the hook\necho aside >&2\ntouch made\n");
    let built = plugin.build(&["--no-hooks"]);
    assert!(!plugin.path().join("made").exists() && !built.stderr.contains("pre_build_hook"));
    built.success();
    let built = plugin.build(&["-vv"]);
    assert!(built.stderr.contains("pre_build_hook") && built.stderr.contains("from the hook"));
    assert!(!built.stdout.contains("from the hook") && !built.stdout.contains("aside"));
    assert!(plugin.path().join("made").exists());
    built.success();

    plugin.write("pre_build_hook", "#!/no/such/interpreter\n");
    plugin.build(&[]).refusal(1, "pre_build_hook");
}

#[test]
fn a_check_runs_nothing_and_changes_nothing() {
    let plugin = Plugin::create("demo", "5.0.0");
    plugin.write("pre_build_hook", "#!/bin/sh\ntouch made\n").write("checksums.sha1", "stale");
    let state = || run("find", [plugin.path().to_str().unwrap(), "-printf", "%p %T@ %C@ %m %s\n"]);
    let before = state().success();
    for words in [["check", "."], ["--check", "."]] {
        bounded(&plugin.path(), words).harmless().success();
    }
    assert_eq!(state().success(), before);
}

#[test]
fn plugins_as_people_write_them_build_or_say_what_to_mend() {
    let changed = |from: &str, to: &str| {
        let plugin = Plugin::create("demo", "5.0.0");
        plugin.edit("metadata.yaml", from, to);
        plugin
    };
    check(&changed("version: '1.0.0'", "version: 1.0.0-1"))
        .refusal(1, "`1.0.0-1` is not a version");
    check(&changed("['9.0', '10.0']", "['10']")).refusal(1, "`10` is not a version of the product");
    check(&changed("['9.0', '10.0']", "[9.0]")).refusal(1, "in quotes");
    let license = "licenses: ['Apache License Version 2.0']";
    check(&changed(license, "licenses:")).refusal(1, "expected a list");
    changed(license, "licenses: []").build(&["--format", "rpm,deb"]).success();

    let plugin = Plugin::create("demo", "5.0.0");
    plugin.edit("metadata.yaml", "Title for demo plugin", "Größe 大 👍 %{version} 100%");
    plugin.write("post_install.sh", "#!/bin/sh\n# Übergröße\necho \"é\"\n");
    plugin.build(&["--format", "rpm,deb"]).success();
    if have(&["rpm"]) {
        let package = plugin.path().join("demo-1.0-1.0.0-1.noarch.rpm");
        let summary = run("rpm", ["-qp", "--qf", "%{SUMMARY}", package.to_str().unwrap()]);
        assert_eq!(summary.success(), "Größe 大 👍 %{version} 100%");
    }
    plugin.write("post_install.sh", b"#!/bin/sh\necho \xe9\n");
    plugin.build(&[]).refusal(1, "post_install.sh");
    let empty = Plugin::create("demo", "5.0.0");
    fs_err::remove_file(empty.path().join("metadata.yaml")).unwrap();
    check(&empty).refusal(1, "metadata.yaml");
    check(&empty).refusal(1, "missing");
    assert!(!Path::new(&empty.path()).join("metadata.yaml").exists());
}
