//! The plugin's `pre_build_hook`: the only program that `fpb` runs.
//!
//! The hook gets no input and a process group of its own. When the build is left while it runs, be it
//! by unwinding from a callback, the group is told to end and killed a second later. What it prints is
//! passed on line by line; a long line in pieces.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, PipeReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::Access;
use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process_group};

/// Its name in the plugin's folder.
pub const NAME: &str = "pre_build_hook";

/// How often the caller hears of a hook that prints nothing.
const TICK: Duration = Duration::from_millis(100);

/// How long a process that outlives the hook keeps us listening, and a hook may clean up when it is
/// told to end.
const PATIENCE: Duration = Duration::from_secs(1);

/// Bytes after which a line is passed on in pieces.
const LINE: u64 = 8192;

/// Lines of output that an error repeats.
const LAST_LINES: usize = 20;

/// A hook that is there to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    path: PathBuf,
    folder: PathBuf,
}

/// What a running hook does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// It printed a line, on either stream.
    Line(String),
    /// It printed nothing for a while.
    Silence,
}

/// Why a hook did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    /// It cannot be run: often its interpreter is missing.
    #[error("`{}` cannot be run", path.display())]
    Start {
        /// The hook.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It ran and failed.
    #[error("`{NAME}` failed: {status}")]
    Failed {
        /// Its exit status, or the signal that ended it.
        status: ExitStatus,
        /// The last lines that it printed, at most 20.
        output: Vec<String>,
    },
    /// Its output or its end could not be followed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Hook {
    /// Returns the hook of the plugin in `directory`; `None` where there is none that can be executed.
    pub fn find(directory: &Path) -> io::Result<Option<Self>> {
        let folder = fs_err::canonicalize(directory)?;
        let path = folder.join(NAME);
        let executable = path.is_file() && rustix::fs::access(&path, Access::EXEC_OK).is_ok();
        Ok(executable.then_some(Self { path, folder }))
    }

    /// Returns where the hook is, absolute.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs the hook in the plugin's folder until it ends. `on` hears of it several times a second and
    /// may unwind.
    pub fn run(&self, on: &mut dyn FnMut(Output)) -> Result<(), HookError> {
        let (mut group, output) =
            self.start().map_err(|source| HookError::Start { path: self.path.clone(), source })?;
        let (sender, lines) = sync_channel(16);
        thread::spawn(move || pass_on(output, &sender));
        let mut last = VecDeque::new();
        let status = group.follow(&lines, &mut |output| {
            if let Output::Line(line) = &output {
                if last.len() == LAST_LINES {
                    last.pop_front();
                }
                last.push_back(line.clone());
            }
            on(output);
        })?;
        if status.success() {
            return Ok(());
        }
        Err(HookError::Failed { status, output: last.into() })
    }

    /// Starts the hook; one without an interpreter line is run by the shell.
    fn start(&self) -> io::Result<(Group, PipeReader)> {
        match self.spawn(self.path.as_ref(), None) {
            Err(error) if Errno::from_io_error(&error) == Some(Errno::NOEXEC) => {
                self.spawn("/bin/sh".as_ref(), Some(&self.path))
            }
            started => started,
        }
    }

    fn spawn(&self, program: &Path, argument: Option<&Path>) -> io::Result<(Group, PipeReader)> {
        let (reader, writer) = io::pipe()?;
        #[expect(clippy::disallowed_methods, reason = "this is the door that the lint names")]
        let child = Command::new(program)
            .args(argument)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(writer.try_clone()?)
            .stderr(writer)
            .process_group(0)
            .spawn()?;
        Ok((Group { child, ended: false }, reader))
    }
}

/// The hook's processes; ended on drop, unless the hook has ended by itself.
struct Group {
    child: Child,
    ended: bool,
}

impl Group {
    /// Passes the hook's output on until it has ended.
    fn follow(
        &mut self,
        lines: &Receiver<String>,
        on: &mut dyn FnMut(Output),
    ) -> io::Result<ExitStatus> {
        let mut over: Option<(ExitStatus, Instant)> = None;
        loop {
            let heard = lines.recv_timeout(TICK);
            if over.is_none() {
                over = self.child.try_wait()?.map(|status| (status, Instant::now()));
                self.ended = over.is_some();
            }
            match (heard, over) {
                (Ok(_), Some((status, since))) if since.elapsed() > PATIENCE => return Ok(status),
                (Ok(line), _) => on(Output::Line(line)),
                (Err(_), Some((status, _))) => return Ok(status),
                (Err(reason), None) => {
                    on(Output::Silence);
                    if reason == RecvTimeoutError::Disconnected {
                        // It has closed its output, and needs a moment to end.
                        thread::sleep(TICK / 20);
                    }
                }
            }
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        // Nobody is left to hear of a failure here, and the hook may just have ended.
        let group = Pid::from_child(&self.child);
        let _ = kill_process_group(group, Signal::TERM);
        let asked = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && asked.elapsed() < PATIENCE {
            thread::sleep(TICK / 20);
        }
        let _ = kill_process_group(group, Signal::KILL);
        let _ = self.child.wait();
    }
}

/// Reads lines until the output ends or nobody listens.
fn pass_on(output: PipeReader, lines: &SyncSender<String>) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    while let Ok(1..) = output.by_ref().take(LINE).read_until(b'\n', &mut line) {
        let text = String::from_utf8_lossy(&line);
        if lines.send(text.trim_end_matches(['\n', '\r']).to_owned()).is_err() {
            return;
        }
        line.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
    use std::sync::Mutex;

    use super::*;

    /// A program cannot be executed while any process has it open for writing, as one that another
    /// test is just starting would for a moment.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

    fn with_hook<T>(text: &str, work: impl FnOnce(&Path, &Hook) -> T) -> T {
        let _alone = ONE_AT_A_TIME.lock();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        fs_err::write(&path, text).unwrap();
        assert_eq!(Hook::find(folder.path()).unwrap(), None, "not executable yet");
        fs_err::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
        work(folder.path(), &Hook::find(folder.path()).unwrap().unwrap())
    }

    fn run(hook: &Hook) -> (Result<(), HookError>, Vec<String>) {
        let mut lines = Vec::new();
        let result = hook.run(&mut |output| {
            if let Output::Line(line) = output {
                lines.push(line);
            }
        });
        (result, lines)
    }

    #[test]
    fn a_hook_runs_in_the_plugin_without_input_and_is_heard() {
        let text = "#!/bin/sh\necho $# \"$(cat)\" >made; pwd; echo problem >&2; printf 'a\\377'";
        with_hook(text, |folder, hook| {
            let (result, lines) = run(hook);
            result.unwrap();
            let here = fs_err::canonicalize(folder).unwrap().display().to_string();
            assert_eq!(lines, [here.as_str(), "problem", "a\u{fffd}"]);
            assert_eq!(fs_err::read_to_string(folder.join("made")).unwrap(), "0 \n");
        });
    }

    #[test]
    fn without_an_interpreter_line_the_shell_runs_it() {
        with_hook("echo $0 | sed 's,.*/,,'", |_, hook| assert_eq!(run(hook).1, [NAME]));
    }

    #[test]
    fn a_failure_tells_the_status_and_the_last_lines() {
        with_hook("#!/bin/sh\nseq 30\nexit 3", |_, hook| {
            let Err(HookError::Failed { status, output }) = run(hook).0 else { panic!("passed") };
            assert_eq!(status.code(), Some(3));
            assert_eq!((output[0].as_str(), output.len()), ("11", 20));
        });
        with_hook("#!/bin/sh\nkill -TERM $$", |_, hook| {
            let error = run(hook).0.unwrap_err();
            assert_eq!(error.to_string(), "`pre_build_hook` failed: signal: 15 (SIGTERM)");
        });
        with_hook("#!/no/such/interpreter\n", |_, hook| {
            assert!(matches!(run(hook).0, Err(HookError::Start { .. })));
        });
    }

    #[test]
    fn a_line_without_end_comes_in_pieces_and_a_process_left_behind_is_not_waited_for() {
        with_hook(
            "#!/bin/sh\nhead -c 20000 /dev/zero | tr '\\0' a\necho; sleep 20 &",
            |_, hook| {
                let started = Instant::now();
                let (result, lines) = run(hook);
                result.unwrap();
                assert_eq!(lines.iter().map(String::len).collect::<Vec<_>>(), [8192, 8192, 3616]);
                assert!(started.elapsed() < Duration::from_secs(15));
            },
        );
    }

    #[test]
    fn leaving_the_build_ends_the_hook_and_its_children() {
        let text = "#!/bin/sh\ntrap 'touch cleaned; exit 1' TERM\n(trap '' TERM; sleep 60) &\necho $!\nwait";
        with_hook(text, |folder, hook| {
            let mut child = None;
            let left = catch_unwind(AssertUnwindSafe(|| {
                hook.run(&mut |output| match output {
                    Output::Line(line) => child = line.parse::<i32>().ok(),
                    Output::Silence if child.is_none() => {}
                    Output::Silence => resume_unwind(Box::new("interrupted")),
                })
            }));
            assert!(left.is_err());
            assert!(folder.join("cleaned").exists());
            let stat = format!("/proc/{}/stat", child.expect("the hook tells its child"));
            let gone = || match fs_err::read_to_string(&stat) {
                Ok(text) => text.contains(") Z "),
                Err(_) => true,
            };
            let started = Instant::now();
            while !gone() {
                assert!(started.elapsed() < Duration::from_secs(30), "the child lives on");
                thread::sleep(TICK);
            }
        });
    }
}
