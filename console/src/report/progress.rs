//! How far a long step is; on a terminal wide enough, and only once the step takes its time.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// Narrower terminals get lines only.
const NARROWEST: u16 = 40;

/// The step under way.
#[derive(Debug)]
pub(crate) struct Progress {
    name: String,
    total: u64,
    done: u64,
    since: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Begins a step of `total` bytes.
    pub(crate) fn begin(name: String, total: u64) -> Self {
        Self { name, total, done: 0, since: Instant::now(), bar: None }
    }

    /// Counts `bytes` as done.
    pub(crate) fn advance(&mut self, bytes: u64) {
        self.done += bytes;
        if self.bar.is_none() && self.since.elapsed() >= PATIENCE {
            self.bar = Some(bar(self.name.clone(), self.total));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.done);
        }
    }
}

/// The bar goes when the step ends, however it ends.
impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Returns the width of the terminal that the story goes to, if it is one.
pub(crate) fn terminal_width() -> Option<u16> {
    if !stderr().is_terminal() {
        return None;
    }
    rustix::termios::tcgetwinsize(stderr()).ok().map(|size| size.ws_col)
}

/// Whether there is room for a bar.
pub(crate) fn has_room() -> bool {
    terminal_width().is_some_and(|width| width >= NARROWEST)
}

fn bar(name: String, total: u64) -> ProgressBar {
    let style = ProgressStyle::with_template(" {wide_msg} [{bar:16}] {percent:>3}%")
        .expect("the template is a constant")
        .progress_chars("=> ");
    ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr())
        .with_style(style)
        .with_message(name)
}
