//! Running programs: the client's only door to them.
//!
//! A program is named by its absolute path and gets a vector, no input, the C locale, a fixed `PATH`, a
//! process group of its own and nothing of our environment but proxies. What it prints goes to a
//! nameless file in memory, where we read it: when we are killed, a transaction under way goes on and
//! nothing breaks under it, as a pipe would.

mod follower;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{MemfdFlags, OFlags, memfd_create};
use rustix::process::{Pid, Signal, kill_process_group};

use super::HostError;
use super::backend::FOLDERS;
use follower::Follower;

/// How long we look away at most while a program runs.
const TICK: Duration = Duration::from_millis(50);

/// How long a program may clean up that is told to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a question may take.
const QUESTION: Duration = Duration::from_secs(300);

/// Variables of ours that programs get.
const PASSED_ON: [&str; 8] = [
    "http_proxy",
    "https_proxy",
    "ftp_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "FTP_PROXY",
    "NO_PROXY",
];

/// Variables that programs get from us.
const FIXED: [(&str, &str); 6] = [
    ("HOME", "/root"),
    ("TERM", "dumb"),
    ("LC_ALL", "C"),
    ("LANGUAGE", "C"),
    ("DEBIAN_FRONTEND", "noninteractive"),
    ("APT_LISTCHANGES_FRONTEND", "none"),
];

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// The program and its arguments.
    pub command: Vec<OsString>,
    /// Its exit status, or the signal that ended it.
    pub status: ExitStatus,
    /// The last lines that it printed, at most 20.
    pub last: Vec<String>,
}

/// What a program answered.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// Everything on its standard output.
    pub(super) text: String,
    /// How it ended, with the last lines of its standard error.
    pub(super) ran: Ran,
}

impl Answer {
    /// The text of a program that ended well.
    pub(super) fn success(self) -> Result<String, HostError> {
        if self.ran.status.success() { Ok(self.text) } else { Err(HostError::Failed(self.ran)) }
    }
}

/// Runs programs in one environment.
#[derive(Clone, Debug)]
pub(super) struct Runner {
    environment: Vec<(OsString, OsString)>,
    log: PathBuf,
    limit: Option<Duration>,
    folder: PathBuf,
}

impl Runner {
    pub(super) fn new(
        ours: &[(OsString, OsString)],
        log: PathBuf,
        limit: Option<Duration>,
    ) -> Self {
        let path = ("PATH".into(), FOLDERS.join(":").into());
        let fixed = FIXED.iter().map(|(name, value)| (name.into(), value.into()));
        let kept = ours.iter().filter(|(name, _)| PASSED_ON.iter().any(|known| name == known));
        let environment = [path].into_iter().chain(fixed).chain(kept.cloned()).collect();
        Self { environment, log, limit, folder: PathBuf::from("/") }
    }

    /// Returns a runner whose programs also get the variable `name`.
    pub(super) fn with(&self, name: &str, value: &OsStr) -> Self {
        let mut runner = self.clone();
        runner.environment.push((name.into(), value.to_owned()));
        runner
    }

    /// Returns a runner whose programs begin in `folder`.
    pub(super) fn inside(&self, folder: &Path) -> Self {
        Self { folder: folder.to_owned(), ..self.clone() }
    }

    /// Asks a program for something.
    pub(super) fn ask(&self, command: &[OsString]) -> Result<Answer, HostError> {
        let (text, complaints) = (scratch()?, scratch()?);
        let mut group = self.start(command, &text, &complaints)?;
        let mut quiet = Follower::new(complaints, Some(QUESTION));
        let ran = group.follow(command, &mut quiet, &mut |_| ())?;
        Ok(Answer { text: String::from_utf8_lossy(&whole(&text)?).into_owned(), ran })
    }

    /// Has a program change something. `on` hears each line, on either stream; the log gets them all.
    pub(super) fn change(
        &self,
        command: &[OsString],
        on: &mut dyn FnMut(&str),
    ) -> Result<Ran, HostError> {
        let mut log = self.open_log()?;
        writeln!(log, "+ {}", shown(command))?;
        let output = scratch()?;
        let mut group = self.start(command, &output, &output)?;
        let mut follower = Follower::new(output, self.limit);
        let ran = group.follow(command, &mut follower, &mut |line| {
            on(line);
            // A full disk must not take the transaction with it.
            let _ = writeln!(log, "{line}");
        })?;
        let _ = writeln!(log, "= {}", ran.status);
        Ok(ran)
    }

    fn open_log(&self) -> io::Result<File> {
        if let Some(folder) = self.log.parent() {
            fs_err::create_dir_all(folder)?;
        }
        let mut options = fs_err::OpenOptions::new();
        options.append(true).create(true);
        // Opening a pipe must not wait for its other end.
        let nonblocking = OFlags::NONBLOCK.bits().cast_signed();
        options.options_mut().mode(0o640).custom_flags(nonblocking);
        Ok(options.open(&self.log)?.into_parts().0)
    }

    fn start(&self, command: &[OsString], out: &File, err: &File) -> Result<Group, HostError> {
        let (program, arguments) = command.split_first().expect("a command has a program");
        #[expect(clippy::disallowed_methods, reason = "this is the door that the lint names")]
        let child = Command::new(program)
            .args(arguments)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(err.try_clone()?)
            .process_group(0)
            .spawn()
            .map_err(|source| HostError::Start { program: program.into(), source })?;
        Ok(Group { child })
    }
}

/// A running program with all that it started.
struct Group {
    child: Child,
}

impl Group {
    /// Passes lines on until the program has ended.
    fn follow(
        &mut self,
        command: &[OsString],
        follower: &mut Follower,
        on: &mut dyn FnMut(&str),
    ) -> Result<Ran, HostError> {
        let started = Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            let status = self.child.try_wait()?;
            follower.read(status.is_some(), on)?;
            if let Some(status) = status {
                return Ok(follower.ran(command, status));
            }
            if let Some(limit) = follower.limit.filter(|limit| started.elapsed() > *limit) {
                let status = self.end()?;
                follower.read(true, on)?;
                return Err(HostError::TookTooLong { ran: follower.ran(command, status), limit });
            }
            thread::sleep(pause);
            pause = (pause * 2).min(TICK);
        }
    }

    /// Tells the group to end, and kills what does not.
    fn end(&mut self) -> io::Result<ExitStatus> {
        let group = Pid::from_child(&self.child);
        // The group may just have ended by itself.
        let _ = kill_process_group(group, Signal::TERM);
        let asked = Instant::now();
        while self.child.try_wait()?.is_none() && asked.elapsed() < PATIENCE {
            thread::sleep(TICK);
        }
        let _ = kill_process_group(group, Signal::KILL);
        self.child.wait()
    }
}

/// A file in memory that no other program can open.
fn scratch() -> io::Result<File> {
    Ok(File::from(memfd_create("output", MemfdFlags::CLOEXEC)?))
}

fn whole(file: &File) -> io::Result<Vec<u8>> {
    let length = file.metadata()?.len();
    let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    file.read_exact_at(&mut bytes, 0)?;
    Ok(bytes)
}

/// A command as it can be pasted into a shell.
pub fn shown(command: &[OsString]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    let quoted = command.iter().map(|word| {
        let word = word.to_string_lossy();
        if !word.is_empty() && word.chars().all(plain) {
            return word.into_owned();
        }
        format!("'{}'", word.replace('\'', r"'\''"))
    });
    quoted.collect::<Vec<_>>().join(" ")
}

/// The words of a command.
pub(super) fn words<S: AsRef<OsStr>>(
    program: &Path,
    words: impl IntoIterator<Item = S>,
) -> Vec<OsString> {
    let words = words.into_iter().map(|word| word.as_ref().to_owned());
    [program.as_os_str().to_owned()].into_iter().chain(words).collect()
}
