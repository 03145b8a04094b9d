//! Sweeps: a command of the client is struck at each of its system calls, recovered, and the host
//! compared with one that was not struck.
//!
//! A point is a call and one of its occurrences, in the client's own process or in the package manager's.
//! After the strike the host is recovered by a sync or, at every other point, by the same command again.
//! Then it must be where the command began or where it was going, with nothing left over and nothing
//! for the doctor (`threats-and-faults` I1–I7).

mod overtaken;
mod points;
mod seen;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use overtaken::overtake;
pub use seen::{Seen, see};

use crate::host::Host;
use crate::run::{Outcome, built, command, finish, run};
use crate::torture::torture;
use points::{CALLS, Point, sample};
use seen::names;

/// Who is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Victim {
    /// The client; the package manager lives on.
    Client,
    /// The package manager; the client lives on.
    PackageManager,
    /// The package manager and, with it, the client.
    Both,
}

/// How the host is recovered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Recovery {
    Sync,
    Again,
}

/// A state of the host in which nothing is under way.
#[derive(Debug)]
struct Rest {
    seen: Seen,
    /// What the doctor ends with.
    doctor: Option<i32>,
}

/// A command of the client on a host in a known state.
#[derive(Debug)]
pub struct Sweep<'a> {
    host: &'a Host,
    command: &'a [&'a str],
    packages: &'a [&'a str],
    scratch: tempfile::TempDir,
    start: Rest,
    goal: Rest,
    /// What a sync makes of the start and of the goal.
    synced: [Rest; 2],
    /// What the command makes of its goal.
    again: Rest,
    /// All names that may be there when nothing is under way.
    names: BTreeSet<PathBuf>,
}

impl<'a> Sweep<'a> {
    /// Keeps the host's present state as the start, runs `command` undisturbed for the goal, and goes
    /// back. `packages` are those whose recorded versions count.
    #[track_caller]
    pub fn new(host: &'a Host, command: &'a [&'a str], packages: &'a [&'a str]) -> Self {
        let scratch = tempfile::tempdir().expect("the temporary folder is writable");
        let kept = scratch.path().join("start");
        copy(&host.root(), &kept);
        let mut all = names(&host.root());
        let mut rest = || {
            all.extend(names(&host.root()));
            Rest { seen: see(host, packages), doctor: host.plugins(["doctor"]).status }
        };
        let start = rest();
        host.plugins(["sync", "--yes"]).success();
        let start_synced = rest();
        restore(&kept, &host.root());
        host.plugins(command).success();
        let goal = rest();
        copy(&host.root(), &scratch.path().join("goal"));
        host.plugins(["sync", "--yes"]).success();
        let goal_synced = rest();
        restore(&scratch.path().join("goal"), &host.root());
        // It may well be refused.
        host.plugins(command);
        let again = rest();
        let synced = [start_synced, goal_synced];
        let sweep =
            Self { host, command, packages, scratch, start, goal, synced, again, names: all };
        sweep.reset();
        sweep
    }

    /// Kills `victim` at `few` points, or at all where torture is wanted; returns how many that were.
    #[track_caller]
    pub fn kill(&self, victim: Victim, few: usize) -> usize {
        let points = self.points(victim);
        let few = if torture() { points.len() } else { few };
        self.strike(victim, &points, "signal=KILL", few)
    }

    /// Kills `victim` at `some` points.
    #[track_caller]
    pub fn kill_some(&self, victim: Victim, some: usize) -> usize {
        self.strike(victim, &self.points(victim), "signal=KILL", some)
    }

    /// Makes `few` of the client's own calls fail with `error`, or all.
    #[track_caller]
    pub fn fail(&self, error: &str, few: usize) -> usize {
        let mut points = self.points(Victim::Client);
        points.retain(Point::can_fail);
        let few = if torture() { points.len() } else { few };
        self.strike(Victim::Client, &points, &format!("error={error}"), few)
    }

    #[track_caller]
    fn strike(&self, victim: Victim, points: &[Point], how: &str, count: usize) -> usize {
        let mut struck = 0;
        for Point { call, occurrence } in sample(points, count) {
            let inject = format!("inject={call}:{how}:when={occurrence}");
            let outcome = self.trace(victim, Path::new("/dev/null"), &inject).harmless();
            let told = format!("{victim:?} {inject}: {:?} {}", outcome.status, outcome.stderr);
            self.check_truth(&told, &outcome);
            self.recover(&told, if struck % 2 == 0 { Recovery::Sync } else { Recovery::Again });
            self.reset();
            struck += 1;
        }
        struck
    }

    /// Returns the points of `victim`'s undisturbed run.
    #[track_caller]
    fn points(&self, victim: Victim) -> Vec<Point> {
        let log = self.scratch.path().join("trace");
        let outcome = self.trace(victim, &log, &format!("trace={CALLS}"));
        assert_eq!(outcome.status, Some(0), "{outcome:?}");
        self.reset();
        let points =
            points::read(&fs_err::read_to_string(&log).unwrap_or_default(), &self.host.root());
        assert!(!points.is_empty(), "{victim:?} makes no call: {outcome:?}");
        points
    }

    /// Runs the command with `victim` under `strace`.
    fn trace(&self, victim: Victim, log: &Path, expression: &str) -> Outcome {
        let options = ["-qq", "-o", text(log), "-e", expression];
        if victim != Victim::Client {
            let tools = self.scratch.path().join("tools");
            self.stand_in(&tools, victim, &options);
            return finish(self.host.client(self.command).env("PLUGINS_TOOLS", &tools));
        }
        finish(&mut traced(self.host, self.command, &options))
    }

    /// Puts a script in the package manager's place that traces its first change, and nothing else.
    fn stand_in(&self, folder: &Path, victim: Victim, options: &[&str]) {
        let tool = self.host.manager.tool();
        let options: Vec<String> = options.iter().map(|option| format!("'{option}'")).collect();
        let end = match victim {
            Victim::Both => "if test $ended -ge 128; then kill -9 $PPID; fi",
            Victim::PackageManager | Victim::Client => ":",
        };
        let script = format!(
            "case \" $* \" in\n*' --test '* | *' --no-act '* | *' -q '*) ;;\n\
             *' -U '* | *' -e '* | *' -i '* | *' -r '* | *' install '* | *' remove '* | *'grade '*)\n\
             if mkdir {once} 2>/dev/null; then\nstrace {options} -- /usr/bin/{tool} \"$@\"\n\
             ended=$?\n{end}\nexit $ended\nfi ;;\nesac\nexec /usr/bin/{tool} \"$@\"",
            once = folder.join("once").display(),
            options = options.join(" "),
        );
        // The mark of the strike before.
        let _ = fs_err::remove_dir(folder.join("once"));
        self.host.stand_in(folder, tool, &script);
    }

    /// Puts the start state back.
    fn reset(&self) {
        restore(&self.scratch.path().join("start"), &self.host.root());
    }

    /// Status 0 means that the goal is reached, 1 to 7 that nothing has changed (I5).
    #[track_caller]
    fn check_truth(&self, told: &str, outcome: &Outcome) {
        let expected = match outcome.status {
            Some(0) => &self.goal.seen,
            Some(1..=7) => &self.start.seen,
            _ => return,
        };
        let seen = see(self.host, self.packages);
        assert!(seen == *expected, "{told}\n{}", seen.difference(expected));
    }

    /// Has the next writing command clean up, and judges what there is then.
    #[track_caller]
    fn recover(&self, told: &str, recovery: Recovery) {
        let [start_synced, goal_synced] = &self.synced;
        let (outcome, rests) = match recovery {
            Recovery::Sync => {
                let outcome = self.host.plugins(["sync", "--yes"]);
                assert_eq!(outcome.status, Some(0), "{told}: {outcome:?}");
                (outcome, [start_synced, goal_synced])
            }
            // Where recovery reached the goal, the command itself finds nothing to do.
            Recovery::Again => (self.host.plugins(self.command), [&self.goal, &self.again]),
        };
        let seen = see(self.host, self.packages);
        let rest = rests.iter().find(|rest| rest.seen == seen).unwrap_or_else(|| {
            let [one, other] = rests.map(|rest| seen.difference(&rest.seen));
            panic!("{told}: {recovery:?} {outcome:?}\nfrom one: {one}\nfrom other: {other}")
        });
        let doctor = self.host.plugins(["doctor"]);
        assert_eq!(doctor.status, rest.doctor, "{told}: {recovery:?} {}", doctor.stdout);
        let left: Vec<_> = names(&self.host.root()).difference(&self.names).cloned().collect();
        assert!(left.is_empty(), "{told}: {recovery:?} left behind {left:?}\n{outcome:?}");
    }
}

/// Returns the command that runs the client on `host` under `strace`.
fn traced(host: &Host, arguments: &[&str], options: &[&str]) -> Command {
    let client = host.client(arguments);
    let mut strace = command("strace", options);
    strace.arg("--").arg(built("plugins")).args(client.get_args());
    for (name, value) in client.get_envs() {
        match value {
            Some(value) => strace.env(name, value),
            None => strace.env_remove(name),
        };
    }
    strace
}

fn restore(from: &Path, root: &Path) {
    fs_err::remove_dir_all(root).expect("the folder is ours");
    copy(from, root);
}

fn copy(from: &Path, to: &Path) {
    run("cp", ["-a", text(from), text(to)]).success();
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a UTF-8 path")
}
