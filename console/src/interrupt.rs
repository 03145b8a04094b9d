//! Ctrl-C during the work.
//!
//! A signal only sets a flag. Work that changes nothing before its last step is then unwound from
//! within its caller's callback, as a panic would but silently, so that every staged file is removed
//! by its owner on the way up; [`guarded`] stops the unwinding. Other work looks at the flag between
//! its steps. More signals change nothing: an exit at once would leave programs that were started
//! running and staged files behind.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// Whether the user wants to stop.
#[derive(Clone, Debug)]
pub struct Interrupt(Arc<AtomicBool>);

/// What unwinding carries.
struct Stop;

impl Interrupt {
    /// Begins to catch signals.
    pub fn watch() -> io::Result<Self> {
        let flag = Arc::new(AtomicBool::new(false));
        for signal in [SIGHUP, SIGINT, SIGTERM] {
            signal_hook::flag::register(signal, flag.clone())?;
        }
        Ok(Self(flag))
    }

    /// Whether a signal came.
    pub fn came(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Leaves the work that calls this, where a signal came.
    pub fn check(&self) {
        if self.came() {
            resume_unwind(Box::new(Stop));
        }
    }
}

/// Runs `work`; `None` where it was left by [`Interrupt::check`].
pub fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(value) => Some(value),
        Err(cause) if cause.is::<Stop>() => None,
        Err(cause) => resume_unwind(cause),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupted_work_is_left_and_its_files_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let interrupt = Interrupt(Arc::new(AtomicBool::new(false)));
        let work = |interrupt: &Interrupt| {
            guarded(|| {
                let _staged = tempfile::NamedTempFile::new_in(folder.path()).unwrap();
                interrupt.check();
                7
            })
        };
        assert_eq!(work(&interrupt), Some(7));
        interrupt.0.store(true, Ordering::Relaxed);
        assert_eq!(work(&interrupt), None);
        assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 0);
    }
}
