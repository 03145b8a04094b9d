//! A writer that works on a thread of its own, so that reading, compressing and hashing overlap.
//!
//! Bytes are handed over in pieces of one length: neither the number of cores nor their load can be
//! seen in what is written.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// Length of a piece in bytes.
pub(crate) const PIECE: usize = 256 << 10;

/// Pieces on their way at once; more would only take memory.
const PIECES: usize = 4;

/// Hands what is written to a thread that writes it to `W`; must be finished.
///
/// The thread begins with the second piece: for little to write it would cost more than it brings.
#[derive(Debug)]
pub(crate) struct Background<W> {
    current: Vec<u8>,
    stage: Stage<W>,
}

#[derive(Debug)]
enum Stage<W> {
    /// Nothing has been handed over yet.
    Alone(W),
    Together(Worker<W>),
    /// The thread has failed, and its failure has been told.
    Failed,
}

#[derive(Debug)]
struct Worker<W> {
    full: SyncSender<Vec<u8>>,
    empty: Receiver<Vec<u8>>,
    thread: JoinHandle<io::Result<W>>,
}

impl<W: Write + Send + 'static> Background<W> {
    /// Wraps `out`.
    pub(crate) fn new(out: W) -> Self {
        Self { current: Vec::new(), stage: Stage::Alone(out) }
    }

    /// Waits until all is written, and returns the writer.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        if let Stage::Alone(mut out) = self.stage {
            out.write_all(&self.current)?;
            return Ok(out);
        }
        self.hand_over()?;
        match self.stage {
            Stage::Together(worker) => worker.join(),
            Stage::Alone(_) | Stage::Failed => Err(gone()),
        }
    }

    /// Gives the full piece away and goes on with an empty one.
    fn hand_over(&mut self) -> io::Result<()> {
        let worker = match std::mem::replace(&mut self.stage, Stage::Failed) {
            Stage::Alone(out) => Worker::start(out)?,
            Stage::Together(worker) => worker,
            Stage::Failed => return Err(gone()),
        };
        let Ok(next) = worker.empty.recv() else { return worker.failure() };
        if worker.full.send(std::mem::replace(&mut self.current, next)).is_err() {
            return worker.failure();
        }
        self.stage = Stage::Together(worker);
        Ok(())
    }
}

impl<W: Write + Send + 'static> Worker<W> {
    fn start(out: W) -> io::Result<Self> {
        let (full, work) = sync_channel::<Vec<u8>>(PIECES);
        let (done, empty) = sync_channel(PIECES);
        for _ in 1..PIECES {
            done.send(Vec::with_capacity(PIECE)).expect("the receiver is at hand");
        }
        let thread = thread::Builder::new().spawn(move || drain(out, &work, &done))?;
        Ok(Self { full, empty, thread })
    }

    fn join(self) -> io::Result<W> {
        // The thread ends when nothing more can come.
        drop(self.full);
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }

    /// Returns why the thread has ended before its time.
    fn failure(self) -> io::Result<()> {
        self.join().and_then(|_| Err(gone()))
    }
}

impl<W: Write + Send + 'static> Write for Background<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.current.len() == PIECE {
            self.hand_over()?;
        }
        let count = bytes.len().min(PIECE - self.current.len());
        self.current.extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    /// Does nothing: only [`Background::finish`] tells that bytes have arrived.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes all that comes, and gives the pieces back.
fn drain<W: Write>(
    mut out: W,
    work: &Receiver<Vec<u8>>,
    done: &SyncSender<Vec<u8>>,
) -> io::Result<W> {
    while let Ok(mut piece) = work.recv() {
        out.write_all(&piece)?;
        piece.clear();
        // Nobody wants it back where the writer has been given up.
        let _ = done.send(piece);
    }
    Ok(out)
}

fn gone() -> io::Error {
    io::Error::other("a writer was used after it had failed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_arrives_in_order_whatever_its_length() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 10 * PIECE + 7] {
            let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let mut out = Background::new(Vec::new());
            for part in bytes.chunks(65_537) {
                out.write_all(part).unwrap();
            }
            assert!(out.finish().unwrap() == bytes, "{length} bytes");
        }
    }

    #[test]
    fn the_reason_of_a_failure_comes_back_to_the_writer() {
        /// A disk with room for one piece.
        struct Full(usize);
        impl Write for Full {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0 += bytes.len();
                if self.0 > PIECE { Err(io::Error::other("no room")) } else { Ok(bytes.len()) }
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut out = Background::new(Full(0));
        let all = (0..20).try_for_each(|_| out.write_all(&vec![0; PIECE]));
        let failure = all.and_then(|()| out.finish().map(drop)).unwrap_err();
        assert_eq!(failure.to_string(), "no room");
    }
}
