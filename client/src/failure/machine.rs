//! What fails on the machine: programs, lock, journal; and what looking finds.

use client::doctor::ExamineError;
use client::engine::EngineError;
use client::host::{HostError, LockError, Ran};
use client::listing::NoFiles;
use client::verify::VerifyError;
use client::{Applied, Reached, StepFailed, Stopped, Unobserved, Unsafe};
use console::{Failure, Status};

use super::code::codes;
use super::{Code, Problem, general};

codes! {
    /// The host does not say what it is.
    AMBIGUOUS_HOST = "P0301", Failed {
        title: "The host's package manager is not known.",
        cause: "The root folder has several package databases, or none and no trace of one.",
        effect: "Nothing was changed.",
        cure: "Name the package manager with the setting `package-manager`.",
    }
    /// A program is not there.
    TOOL_MISSING = "P0302", PackageManager {
        title: "A program that is needed is not installed.",
        cause: "The package manager, or a tool of its family, is not in the usual places.",
        effect: "Nothing was changed.",
        cure: "Install it, or name its folder with the setting `tools`.",
    }
    /// Only legacy plugins fit.
    NO_PACKAGE_MANAGER = "P0303", Refused {
        title: "The host has no package manager.",
        cause: "Without one only plugins of package version 1.0.0 can be installed.",
        effect: "Nothing was changed.",
        cure: "Install the .fp package of the plugin.",
    }
    /// A program cannot be run.
    NOT_STARTED = "P0304", PackageManager {
        title: "A program cannot be run.",
        cause: "The system refused to start it.",
        effect: "What had begun is in the journal; the next command that changes something finishes it or takes it back.",
        cure: "The lines that begin with `cause:` name why.",
    }
    /// The package manager failed.
    TOOL_FAILED = "P0305", PackageManager {
        title: "The package manager failed.",
        cause: "It ended with a failure; its last lines are quoted.",
        effect: "What had begun is in the journal; the next command that changes something finishes it or takes it back.",
        cure: "Mend what it complains of; all that it said is in /var/log/plugins.log.",
    }
    /// The package manager took too long.
    TOO_LONG = "P0306", PackageManager {
        title: "The package manager was ended because it took too long.",
        cause: "It did not end within the time that the setting `package-manager-timeout` gives it, and was ended with all that it had started.",
        effect: "Packages that it left half done were mended, or are in the journal: the next command that changes something finishes them or takes them back.",
        cure: "The last lines that it said tell what it waited for, often a package's own script; /var/log/plugins.log has them all.",
    }
    /// Another program has the package database.
    DATABASE_BUSY = "P0307", PackageManager {
        title: "The package database is in use.",
        cause: "Another package manager is at work.",
        effect: "Nothing was changed.",
        cure: "Wait for it, or raise `--lock-timeout`.",
    }
    /// The package manager would refuse.
    REHEARSAL = "P0308", Conflict {
        title: "The package manager would refuse the change.",
        cause: "Another package needs what is to go, or a package lacks what it needs.",
        effect: "Nothing was changed.",
        cure: "Install what is needed first, or remove what needs it.",
    }
    /// The host is not one of the product's.
    WRONG_HOST = "P0309", Refused {
        title: "The host is not one for plugins.",
        cause: "The package that the setting `require-package` names is not installed.",
        effect: "Nothing was changed.",
        cure: "Run the command on the right host, or change the setting.",
    }
    /// A plugin does not fit.
    BLOCKED = "P0430", Refused {
        title: "Plugins do not fit.",
        cause: "At least one plugin supports neither the product version nor the environment that was asked about.",
        effect: "Nothing was changed.",
        cure: "Update these plugins, or remove them first.",
    }
    /// Another command is at work.
    LOCKED = "P0501", Locked {
        title: "Another command is at work.",
        cause: "One command changes a host at a time; the one that holds the lock is named.",
        effect: "Nothing was changed.",
        cure: "Wait for it, or raise `--lock-timeout`.",
    }
    /// The journal cannot be used.
    JOURNAL = "P0502", Inconsistent {
        title: "The journal cannot be used.",
        cause: "What an earlier command left behind cannot be read.",
        effect: "Nothing was changed.",
        cure: "`plugins doctor` tells what it is about.",
    }
    /// A step of the plan failed.
    STEP_FAILED = "P0503", Failed {
        title: "A step failed.",
        cause: "The system refused something in the middle of a change.",
        effect: "What had begun is in the journal; the next command that changes something finishes it or takes it back.",
        cure: "Mend what the `cause:` lines name and run `plugins doctor --repair`.",
    }
    /// A plan left behind cannot be finished.
    RECOVERY = "P0504", Inconsistent {
        title: "What an earlier command left unfinished cannot be finished.",
        cause: "A step of it fails again.",
        effect: "The host is as that command left it.",
        cure: "`plugins doctor` tells what is wrong.",
    }
    /// A step did its work and had something to say.
    WARNED = "P0505", Partly {
        title: "The change is complete, but for something small.",
        cause: "A script of a package failed, or a package could not be kept for undo.",
        effect: "The plugin is as it was asked to be.",
        cure: "The message says what to look at; `plugins doctor` tells more.",
    }
    /// Others may have written to the state folder.
    UNSAFE_STATE = "P0506", Inconsistent {
        title: "The state folder is not root's alone.",
        cause: "A folder or file there may be written by others, or is a link or something else that no command makes.",
        effect: "Nothing was changed, and nothing that was found there was heeded.",
        cure: "Find out who put it there; `plugins doctor --repair` gives what is open back to root.",
    }
    /// The files of a package are in place and its script fails.
    UNCONFIGURED = "P0507", Partly {
        title: "The change is complete, but a package's own script fails.",
        cause: "The package manager has all files in place and calls the package half-configured.",
        effect: "The plugin is as it was asked to be, as far as its files and the registry go.",
        cure: "Mend what the script lacks; `plugins doctor --repair` has it run again.",
    }
    /// The host is not well.
    ILL = "P0601", Inconsistent {
        title: "Something is wrong with the host.",
        cause: "At least one check of `plugins doctor` or `plugins verify` found something.",
        effect: "Nothing was changed.",
        cure: "`plugins doctor --repair` mends what can be mended.",
    }
    /// The registry is not what is on the disk.
    NOT_IN_STEP = "P0602", Partly {
        title: "The registry does not agree with the disk.",
        cause: "Something other than this program changed plugins, and no sync came after it.",
        effect: "Nothing was changed: it was only looked.",
        cure: "`plugins sync` makes the registry agree.",
    }
    /// A folder is no plugin.
    BROKEN_PLUGIN = "P0603", Partly {
        title: "A folder in the plugins root cannot be read.",
        cause: "Its metadata is missing or damaged.",
        effect: "All other plugins were synchronized.",
        cure: "Install the plugin again or move the folder away.",
    }
}

impl From<HostError> for Problem {
    fn from(error: HostError) -> Self {
        let failure = Failure::from_error(host(&error), &error);
        Self(match &error {
            HostError::Failed(ran)
            | HostError::TookTooLong { ran, .. }
            | HostError::Busy(ran)
            | HostError::Rehearsal(ran) => quoting(failure, ran),
            _ => failure,
        })
    }
}

fn host(error: &HostError) -> Code {
    match error {
        HostError::Ambiguous { .. } => AMBIGUOUS_HOST,
        HostError::Missing(_) => TOOL_MISSING,
        HostError::NoPackageManager => NO_PACKAGE_MANAGER,
        HostError::Start { .. } => NOT_STARTED,
        HostError::Failed(_) => TOOL_FAILED,
        HostError::TookTooLong { .. } => TOO_LONG,
        HostError::Busy(_) => DATABASE_BUSY,
        HostError::Rehearsal(_) => REHEARSAL,
        HostError::Io(_) => general::FAILED,
    }
}

/// Tells of packages that are in place and whose scripts fail.
pub(crate) fn unconfigured(applied: &Applied) -> Problem {
    let packages = applied.unconfigured.join(", ");
    let message = format!("the change is complete, but a script fails of {packages}");
    Failure::new(UNCONFIGURED, message)
        .output(applied.complaints.clone())
        .help("mend what the script lacks, then run `plugins doctor --repair`")
        .into()
}

/// Adds the last lines of a program.
pub(super) fn quoting(failure: Failure, ran: &Ran) -> Failure {
    failure.output(ran.last.clone())
}

impl From<LockError> for Problem {
    fn from(error: LockError) -> Self {
        match error {
            LockError::Held(_) => Failure::from_error(LOCKED, &error)
                .help("wait for it, or wait longer with `--lock-timeout SECONDS`")
                .into(),
            LockError::Io(ref cause) if cause.kind() == std::io::ErrorKind::PermissionDenied => {
                super::not_allowed()
            }
            LockError::NotAFile(_) | LockError::Io(_) => failed(&error),
        }
    }
}

impl From<Unsafe> for Problem {
    fn from(error: Unsafe) -> Self {
        let failure = Failure::from_error(UNSAFE_STATE, &error);
        Self(match error {
            Unsafe::Open(_) => failure.help("plugins doctor --repair"),
            Unsafe::Settings(ref path) => {
                failure.help(format!("look at it, then: chmod go-w {}", client::spec::quoted(path)))
            }
            Unsafe::NotAFolder(_) | Unsafe::NotAFile(_) => {
                failure.help("move it away and run the command again")
            }
            Unsafe::Io(_) => return failed(&error),
        })
    }
}

impl From<EngineError<Self>> for Problem {
    fn from(error: EngineError<Self>) -> Self {
        match error {
            EngineError::Lock(error) => error.into(),
            EngineError::Ground(error) => error.into(),
            EngineError::Registry(error) => error.into(),
            EngineError::Observation(error) => error.into(),
            EngineError::Command(problem) => problem,
            EngineError::Stopped(stopped) => stopped.into(),
            EngineError::Intake(error) => failed(&error),
            EngineError::Journal(_) => {
                Failure::from_error(JOURNAL, &error).help("plugins doctor --repair").into()
            }
            EngineError::Recovery { .. } => {
                Failure::from_error(RECOVERY, &error).help("plugins doctor --repair").into()
            }
            EngineError::Leftovers(_) => {
                Failure::from_error(general::FAILED, &error).help("plugins doctor --repair").into()
            }
        }
    }
}

impl From<Unobserved> for Problem {
    fn from(error: Unobserved) -> Self {
        match error {
            Unobserved::Registry(error) => error.into(),
            Unobserved::Packages(error) => error.into(),
            Unobserved::Folders(_) | Unobserved::Kept(_) | Unobserved::Trust(_) => failed(&error),
        }
    }
}

impl From<ExamineError> for Problem {
    fn from(error: ExamineError) -> Self {
        match error {
            ExamineError::Unobserved(error) => error.into(),
            ExamineError::Verify(error) => error.into(),
            ExamineError::Layer(_) | ExamineError::File(_) => failed(&error),
        }
    }
}

impl From<VerifyError> for Problem {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Host(error) => error.into(),
            VerifyError::File(_) => failed(&error),
        }
    }
}

/// The cause decides the code, the state that was reached the exit status.
impl From<Stopped> for Problem {
    fn from(stopped: Stopped) -> Self {
        let Stopped { reached, source } = stopped;
        let failure = match source {
            StepFailed::Host(error) => Self::from(error).0,
            StepFailed::Registry(error) => Self::from(error).0,
            StepFailed::PackageManager(ran) => {
                let failure = Failure::new(TOOL_FAILED, "the package manager failed");
                quoting(failure.cause(format!("it ended with {}", ran.status)), &ran)
            }
            StepFailed::Interrupted => Failure::new(general::INTERRUPTED, "interrupted"),
            other => Failure::from_error(STEP_FAILED, &other),
        };
        Self(match reached {
            Reached::Start => failure.cause(reached),
            Reached::Partly { .. } => {
                Failure { status: Status::Partly, ..failure.cause(reached) }.help("plugins sync")
            }
            Reached::Unfinished => {
                Failure { status: Status::Inconsistent, ..failure.cause(reached) }
                    .help("plugins doctor --repair")
            }
        })
    }
}

impl From<NoFiles> for Problem {
    fn from(error: NoFiles) -> Self {
        match error {
            NoFiles::Host(error) => error.into(),
            NoFiles::Folder(_) => failed(&error),
        }
    }
}

fn failed(error: &dyn std::error::Error) -> Problem {
    Problem::from_error(general::FAILED, error)
}
