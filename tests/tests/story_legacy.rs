//! An administrator still has plugins in the old format: they are unpacked, each version beside the
//! others, and are neither updated nor downgraded.

use std::path::Path;

use tests::forge::{self, Entry};
use tests::{Host, Outcome, Plugin, repack, run, tree};

#[test]
fn the_old_format_installs_as_ever_and_is_said_to_be_old() {
    for host in Host::quick() {
        let plugin = Plugin::create("old", "1.0.0");
        let package = plugin.release("1.0.0", "fp");
        let outcome = host.plugins(["--install", &package]).status(0);
        assert_eq!(outcome.stdout, format!("Plugin {package} was successfully installed.\n"));
        assert!(outcome.stderr.contains("deprecated"), "{}", outcome.stderr);
        assert_eq!(host.registry(), ["1 old 1.0.0"]);
        let removed = host.plugins(["--remove", "old==1.0.0"]).status(0);
        assert_eq!(removed.stdout, "Plugin old==1.0.0 was successfully removed.\n");
        assert!(removed.stderr.contains("deprecated"), "{}", removed.stderr);
        assert!(!host.plugins_root().join("old-1.0.0").exists());
        assert!(host.registry().is_empty());
    }
}

#[test]
fn an_installed_version_is_replaced_by_force_only() {
    for host in Host::quick() {
        let plugin = Plugin::create("old", "1.0.0");
        let package = plugin.release("1.0.0", "fp");
        host.plugins(["--install", &package]).success();
        let files = tree(&host.plugins_root());
        let altered = host.plugins_root().join("old-1.0.0/tasks.yaml");
        fs_err::write(&altered, "[]").unwrap();
        host.refuses(&["--install", &package], 1, "othing to do");
        host.plugins(["--install", &package, "--force"]).success();
        assert_eq!(files, tree(&host.plugins_root()));
        assert_eq!(host.registry(), ["1 old 1.0.0"]);
    }
}

#[test]
fn updates_and_downgrades_of_the_old_format_are_refused_with_instructions() {
    for host in Host::quick() {
        let plugin = Plugin::create("old", "1.0.0");
        let [first, second, third] =
            ["2.0.0", "2.0.1", "2.0.2"].map(|version| plugin.release(version, "fp"));
        host.plugins(["install", &second, "--yes"]).success();
        host.refuses(&["downgrade", &first, "--yes"], 4, "old");
        let refused = host.refuses(&["update", &third, "--yes"], 4, "old package format");
        // Our own command, and what it stands for.
        for part in [format!("plugins install {third}"), "plugins link".into(), "ln -s".into()] {
            assert!(refused.stderr.contains(&part), "no `{part}` in {}", refused.stderr);
        }
        host.refuses(&["--update", &third], 1, "plugins link");
    }
}

/// Takes a package apart, lets `alter` work on its folder and puts it together again.
fn altered(package: &str, to: &Path, alter: impl FnOnce(&Path)) -> String {
    let folder = to.with_extension("folder");
    fs_err::create_dir_all(&folder).expect("the folder is ours");
    let folder_text = folder.to_str().expect("a UTF-8 path");
    run("tar", ["-C", folder_text, "-xf", package]).success();
    alter(&folder);
    let to = to.to_str().expect("a UTF-8 path").to_owned();
    let names = fs_err::read_dir(&folder).expect("the folder is ours");
    let names: Vec<_> = names.map(|entry| entry.expect("readable").file_name()).collect();
    let mut arguments = ["-C", folder_text, "-czf", &to].map(std::ffi::OsString::from).to_vec();
    arguments.extend(names);
    run("tar", arguments).success();
    repack::sign(Path::new(&to))
}

#[test]
fn contents_that_are_not_those_of_the_list_of_checksums_are_refused() {
    for host in Host::quick() {
        let plugin = Plugin::create("old", "1.0.0");
        let package = plugin.release("1.0.0", "fp");
        let forged = altered(&package, &host.beside("old-1.0.0.fp"), |folder| {
            fs_err::write(folder.join("old-1.0.0/deployment_scripts/deploy.sh"), "evil").unwrap();
        });
        host.refuses(&["install", &forged, "--yes"], 4, "checksums.sha1");
        let honest = altered(&package, &host.beside("same-1.0.0.fp"), |_| ());
        host.changes(&["install", &honest, "--yes"]);
    }
}

#[test]
fn what_would_leave_its_folder_never_reaches_the_host() {
    for host in Host::quick() {
        let entries: [&[Entry<'_>]; 4] = [
            &[Entry::file("TOP/../../evil")],
            &[Entry::file("/evil")],
            &[Entry::file("other-1.0/evil")],
            &[Entry::other(forge::EntryType::Symlink, "TOP/out", "/"), Entry::file("TOP/out/evil")],
        ];
        for entries in entries {
            let package = host.beside("evil.fp");
            fs_err::write(&package, forge::fp("text", entries)).unwrap();
            let package = package.to_str().unwrap();
            let before = host.everything();
            let refused: Outcome = host.plugins(["install", package, "--yes"]);
            assert!(matches!(refused.status, Some(1 | 4)), "{refused:?}");
            host.is_as(&before);
        }
    }
}
