//! Wherever `fpb` is called from: standard streams may be closed, the working folder gone, the
//! environment empty and the umask anything. The packages are the same to the last byte.

#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tests::{Outcome, Plugin, built, command, finish};

/// A plugin, a package of it, and a shell to call `fpb` from.
struct Stage {
    plugin: Plugin,
    package: PathBuf,
    bytes: Vec<u8>,
}

impl Stage {
    fn new() -> Self {
        let plugin = Plugin::create("demo", "5.0.0");
        let package = plugin.package("rpm");
        let bytes = fs_err::read(&package).unwrap();
        Self { plugin, package, bytes }
    }

    /// Runs `script`, in which `$fpb` is the program and `$plugin` the plugin, in its folder.
    fn run(&self, script: &str) -> Outcome {
        let mut shell = command("sh", ["-c", script]);
        shell.env("fpb", built("fpb")).env("plugin", self.plugin.path());
        finish(shell.current_dir(self.plugin.path())).harmless()
    }

    /// Makes sure that `script` builds the same package again.
    #[track_caller]
    fn builds_the_same(&self, script: &str) {
        fs_err::remove_file(&self.package).unwrap();
        let outcome = self.run(script);
        assert_eq!(outcome.status, Some(0), "{script}: {}", outcome.stderr);
        assert!(fs_err::read(&self.package).unwrap() == self.bytes, "{script}");
        assert_eq!(mode(&self.package), 0o644, "{script}");
    }
}

fn mode(path: &Path) -> u32 {
    fs_err::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn closed_streams_do_not_get_into_packages() {
    let stage = Stage::new();
    for closed in ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-", ">&- 2>&-"] {
        stage.builds_the_same(&format!("\"$fpb\" build . {closed}"));
        for verb in ["check .", "inspect demo-1.0-1.0.0-1.noarch.rpm"] {
            stage.run(&format!("\"$fpb\" {verb} {closed}")).status(0);
        }
    }
}

#[test]
fn neither_umask_nor_an_empty_environment_changes_a_package() {
    let stage = Stage::new();
    for script in [
        "umask 777; \"$fpb\" build .",
        "umask 000; \"$fpb\" build .",
        "TMPDIR=/nonexistent \"$fpb\" build .",
        "env -i \"$fpb\" build .",
        "env -i PATH= HOME=/nonexistent \"$fpb\" build .",
        "cd / && \"$fpb\" build \"$plugin\"",
        "LD_LIBRARY_PATH=. LANG=xx_XX.UTF-8 TZ=:/etc/passwd TERM= \"$fpb\" build .",
        "ulimit -n 16; \"$fpb\" build .",
    ] {
        stage.builds_the_same(script);
    }
}

#[test]
fn what_is_created_can_be_written_by_its_owner_only() {
    let stage = Stage::new();
    stage.run("umask 000; \"$fpb\" create ../other/made").success();
    let found = stage.run("find ../other/made -perm /022").success();
    assert_eq!(found, "");
    stage.run("umask 777; \"$fpb\" create ../other/also && \"$fpb\" build ../other/also").success();
}

#[test]
fn a_working_folder_that_is_gone_is_named_and_no_matter_for_absolute_paths() {
    let stage = Stage::new();
    let gone = "mkdir ../gone && cd ../gone && rmdir ../gone && ";
    stage.builds_the_same(&format!("{gone}\"$fpb\" build \"$plugin\""));
    for words in ["create demo", "build ."] {
        let refused = stage.run(&format!("{gone}\"$fpb\" {words}"));
        assert_eq!(refused.status, Some(1), "{words}");
        assert!(refused.stderr.contains("`.`"), "{words}: {}", refused.stderr);
    }
}
