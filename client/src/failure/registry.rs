//! What is wrong with the registry.

use console::Failure;
use registry::store::StoreError;

use super::Problem;
use super::code::codes;

codes! {
    /// The registry is damaged.
    REGISTRY_DAMAGED = "P0401", Inconsistent {
        title: "The registry is damaged.",
        cause: "Its file is not what was written.",
        effect: "Plugins and packages are as they were.",
        cure: "`plugins doctor --repair` makes it anew from its audit copy and the disk.",
    }
    /// A newer program wrote the registry.
    REGISTRY_NEWER = "P0402", Inconsistent {
        title: "The registry was written by a newer program.",
        cause: "Its tables are of a version that this program does not know.",
        effect: "Nothing was changed.",
        cure: "Use the newer program; this one can only read.",
    }
    /// A change of the registry was cut off.
    REGISTRY_INTERRUPTED = "P0403", Inconsistent {
        title: "A change of the registry was cut off.",
        cause: "A writer was killed in the middle of it, and only a writer can undo it.",
        effect: "Nothing is lost.",
        cure: "Run `plugins sync` as root.",
    }
    /// The registry is locked.
    REGISTRY_BUSY = "P0404", Locked {
        title: "The registry is in use by another process.",
        cause: "Something else kept it locked for too long.",
        effect: "Nothing was changed.",
        cure: "Run the command again.",
    }
    /// Two entries for one plugin.
    REGISTRY_CLASH = "P0405", Conflict {
        title: "The registry has this plugin already.",
        cause: "Two entries would be the same plugin and version.",
        effect: "Nothing was changed.",
        cure: "`plugins list` shows what is registered; `plugins sync` makes it true.",
    }
    /// SQLite failed.
    REGISTRY_FAILED = "P0406", Failed {
        title: "The registry cannot be used.",
        cause: "The system or SQLite refused something: a full disk, a permission.",
        effect: "Nothing was changed.",
        cure: "The lines that begin with `cause:` name what was refused.",
    }
    /// The history was altered.
    HISTORY_BROKEN = "P0407", Inconsistent {
        title: "The history is not what was written.",
        cause: "An entry was altered, dropped or moved: the chain of digests does not hold.",
        effect: "Nothing was changed.",
        cure: "Find out who wrote to the state folder; `plugins doctor` tells more.",
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let (code, help) = match &error {
            StoreError::Damaged { .. } => (REGISTRY_DAMAGED, Some("plugins doctor --repair")),
            StoreError::NewerSchema { .. } => (REGISTRY_NEWER, None),
            StoreError::Interrupted { .. } => (REGISTRY_INTERRUPTED, Some("sudo plugins sync")),
            StoreError::Busy { .. } => (REGISTRY_BUSY, None),
            StoreError::Clash { .. } | StoreError::Taken { .. } => {
                (REGISTRY_CLASH, Some("plugins sync"))
            }
            StoreError::Sqlite { .. } | StoreError::File(_) => (REGISTRY_FAILED, None),
        };
        let failure = Failure::from_error(code, &error);
        Self(match help {
            Some(help) => failure.help(help),
            None => failure,
        })
    }
}
