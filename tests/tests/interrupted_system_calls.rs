//! Killed at any system call, or told by any of them that the disk fails, a build leaves every package
//! as it was or whole and new, and the next build clears what was left.
//!
//! A point is a call and one of its occurrences. All are tried where `DOVETAIL_TORTURE` is set, some of
//! them otherwise.

#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tests::{Outcome, Plugin, built, command, finish, have, torture};

/// Calls that change something, or see that somebody else did.
const CALLS: &str = "openat,write,pwrite64,copy_file_range,sendfile,lseek,ftruncate,fchmod,fsync,\
                     fdatasync,flock,linkat,rename,renameat,renameat2,unlink,unlinkat,mkdir,close";

/// Calls by which a disk says that it fails.
const DISK: &str = "openat,write,pwrite64,copy_file_range,sendfile,ftruncate,fchmod,fsync,fdatasync,\
                    linkat,rename,renameat,renameat2";

/// A plugin with packages from before its last change.
struct Stage {
    plugin: Plugin,
    formats: &'static str,
    out: TempDir,
    /// Each package: its path, its old bytes and its new ones.
    packages: Vec<(PathBuf, Vec<u8>, Vec<u8>)>,
}

impl Stage {
    fn new(generation: &str, formats: &'static str) -> Self {
        let plugin = Plugin::create("demo", generation);
        let out = tempfile::tempdir().unwrap();
        let mut stage = Self { plugin, formats, out, packages: Vec::new() };
        let old = stage.build_whole();
        stage.plugin.edit("metadata.yaml", "title: ", "title: New ");
        let new = stage.build_whole();
        stage.packages =
            old.into_iter().zip(new).map(|((path, old), (_, new))| (path, old, new)).collect();
        stage.reset();
        stage
    }

    /// Arguments of the build, whose packages are not among its sources.
    fn arguments(&self) -> [&str; 7] {
        let out = self.out.path().to_str().unwrap();
        ["build", ".", "--no-hooks", "--format", self.formats, "-o", out]
    }

    fn build_whole(&self) -> Vec<(PathBuf, Vec<u8>)> {
        tests::fpb(&self.plugin.path(), self.arguments()).success();
        self.names().into_iter().map(|path| (path.clone(), fs_err::read(path).unwrap())).collect()
    }

    fn names(&self) -> Vec<PathBuf> {
        let entries = fs_err::read_dir(self.out.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        names.sort();
        names
    }

    /// Puts the old packages back.
    fn reset(&self) {
        for (path, old, _) in &self.packages {
            if fs_err::read(path).unwrap() != *old {
                fs_err::write(path, old).unwrap();
            }
        }
    }

    fn trace(&self, log: &Path, expression: &str) -> Outcome {
        let log = log.to_str().unwrap();
        let fpb = built("fpb");
        let mut strace = command("strace", ["-f", "-qq", "-o", log, "-e", expression]);
        strace.arg("--").arg(fpb).args(self.arguments());
        finish(strace.current_dir(self.plugin.path()))
    }

    /// Returns the points at which one of `calls` is made: the call and its occurrence.
    fn points(&self, calls: &str) -> Vec<(String, usize)> {
        let log = self.plugin.path().with_extension("trace");
        self.trace(&log, &format!("trace={calls}")).success();
        self.reset();
        let text = fs_err::read_to_string(&log).unwrap();
        let mut points: Vec<(String, usize)> = Vec::new();
        for line in text.lines() {
            let Some((call, _)) = line.split_once('(') else { continue };
            let call = call.rsplit(' ').next().unwrap().to_owned();
            let before = points.iter().filter(|(other, _)| *other == call).count();
            points.push((call, before + 1));
        }
        let step = if torture() { 1 } else { 7 };
        points.into_iter().step_by(step).collect()
    }

    /// Builds with `fault` at a point; makes sure that every package is old or new.
    #[track_caller]
    fn strike(&self, (call, occurrence): &(String, usize), fault: &str) -> Outcome {
        let inject = format!("inject={call}:{fault}:when={occurrence}");
        let outcome = self.trace(Path::new("/dev/null"), &inject);
        for (path, old, new) in &self.packages {
            let left = fs_err::read(path).unwrap();
            assert!(left == *old || left == *new, "{inject}: {}", path.display());
            // 8: built, but nobody could be told.
            assert!(left == *new || !matches!(outcome.status, Some(0 | 8)), "{inject}: not built");
        }
        outcome
    }

    /// Makes sure that nothing is there but the packages.
    #[track_caller]
    fn is_clean(&self, after: &str) {
        let packages: Vec<_> = self.packages.iter().map(|(path, ..)| path.clone()).collect();
        assert_eq!(self.names(), packages, "{after}");
    }
}

fn stages() -> [Stage; 2] {
    [Stage::new("5.0.0", "rpm,deb"), Stage::new("1.0.0", "fp,deb")]
}

#[test]
fn torture_killed_at_any_system_call_a_build_leaves_old_packages_or_new_ones() {
    if !have(&["strace"]) {
        return;
    }
    for stage in stages() {
        let points = stage.points(CALLS);
        for point in &points {
            stage.strike(point, "signal=KILL");
            stage.reset();
        }
        eprintln!("{}: killed at {} points", stage.formats, points.len());
        assert!(points.len() > 10);
        stage.build_whole();
        stage.is_clean("a whole build after those that were killed");
    }
}

#[test]
fn torture_whichever_call_the_disk_fails_a_build_says_so_and_cleans_up() {
    if !have(&["strace"]) {
        return;
    }
    for stage in stages() {
        let points = stage.points(DISK);
        let mut failed = 0;
        for fault in ["error=EIO", "error=ENOSPC"] {
            for point in &points {
                let outcome = stage.strike(point, fault).harmless();
                let status = outcome.status;
                assert!(matches!(status, Some(0 | 1 | 8 | 127)), "{point:?} {fault}: {outcome:?}");
                stage.is_clean(&format!("{fault} at {point:?}"));
                failed += usize::from(status != Some(0));
                stage.reset();
            }
        }
        eprintln!("{}: {failed} of {} failures stopped the build", stage.formats, 2 * points.len());
        assert!(failed > 0);
    }
}
