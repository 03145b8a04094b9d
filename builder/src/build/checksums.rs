//! The list `checksums.sha1` (`fuel-formats 8`).

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use packaging::contents::Entry;
use packaging::{Content, Contents, Kind};
use sha1::{Digest, Sha1};

use super::Event;
use crate::tree::links;

/// Bytes that are worth a thread.
const SHARE: u64 = 4 << 20;

/// Bytes that are read at once.
const CHUNK: usize = 256 << 10;

/// How often the caller may leave.
const TICK: Duration = Duration::from_millis(50);

/// Files, by path.
type Files<'a> = [(&'a str, &'a Content)];

/// Their digests, by path.
type Digests<'a> = BTreeMap<&'a str, String>;

/// Returns one line for each file of `contents`, and for each link to a file, sorted by path; `on` may
/// unwind while files are read.
pub(super) fn list(contents: &Contents, on: &mut dyn FnMut(Event<'_>)) -> io::Result<String> {
    let files: Vec<_> = contents.iter().filter_map(file).collect();
    let digests = digests(&files, contents.size(), on)?;
    let mut list = String::new();
    for (path, entry) in contents.iter() {
        let digest = match &entry.kind {
            Kind::Folder => None,
            Kind::File { .. } => digests.get(path),
            Kind::Link { .. } => {
                links::resolve(contents, path).ok().and_then(|file| digests.get(file.as_str()))
            }
        };
        if let Some(digest) = digest {
            list.extend([digest, " ", path, "\n"]);
        }
    }
    Ok(list)
}

/// Returns the digests of `files`, by path; reads with a thread for each [`SHARE`] of `size`, up to
/// one a core.
fn digests<'a>(
    files: &Files<'a>,
    size: u64,
    on: &mut dyn FnMut(Event<'_>),
) -> io::Result<Digests<'a>> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get) as u64;
    let next = &AtomicUsize::new(0);
    let (sender, heard) = channel();
    thread::scope(|scope| {
        // Dropped however this ends, which ends the threads.
        let caller = Arc::new(());
        for _ in 0..cores.min(size / SHARE).max(1) {
            let (sender, caller) = (sender.clone(), Arc::downgrade(&caller));
            scope.spawn(move || {
                // Nobody listens where the caller has left.
                let _ = sender.send(read(files, next, &caller));
            });
        }
        drop(sender);
        let mut digests = Digests::new();
        loop {
            match heard.recv_timeout(TICK) {
                Ok(read) => digests.append(&mut read?),
                Err(RecvTimeoutError::Timeout) => on(Event::Working),
                Err(RecvTimeoutError::Disconnected) => return Ok(digests),
            }
        }
    })
}

/// Reads the files that no other thread has taken, until the caller is gone.
fn read<'a>(files: &Files<'a>, next: &AtomicUsize, caller: &Weak<()>) -> io::Result<Digests<'a>> {
    let mut digests = Digests::new();
    let mut buffer = vec![0; CHUNK];
    while let Some(&(path, content)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
        let Some(digest) = sha1(content, &mut buffer, caller)? else { break };
        digests.insert(path, digest);
    }
    Ok(digests)
}

fn file<'a>((path, entry): (&'a str, &'a Entry)) -> Option<(&'a str, &'a Content)> {
    match &entry.kind {
        Kind::File { content, .. } => Some((path, content)),
        Kind::Folder | Kind::Link { .. } => None,
    }
}

/// Returns the digest of `content`; `None` where the caller is gone.
fn sha1(content: &Content, buffer: &mut [u8], caller: &Weak<()>) -> io::Result<Option<String>> {
    let mut source = content.open()?;
    let mut digest = Sha1::new();
    while caller.strong_count() > 0 {
        match source.read(buffer)? {
            0 => return Ok(Some(hex::encode(digest.finalize()))),
            length => digest.update(&buffer[..length]),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
    use std::time::Instant;

    use super::*;

    #[test]
    fn files_and_links_to_files_are_listed_by_code_point() {
        let mut contents = Contents::default();
        contents.insert_text("a/.keep", *b"");
        contents.insert_text("Z", *b"abc");
        contents.insert_text("é", *b"abc");
        for (path, target) in [("a/to-file", "../Z"), ("a/to-folder", "../a")] {
            let kind = Kind::Link { target: target.to_owned() };
            contents.insert(path, Entry { mode: 0o777, kind });
        }
        let abc = "a9993e364706816aba3e25717850c26c9cd0d89d";
        let empty = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
        let expected = format!("{abc} Z\n{empty} a/.keep\n{abc} a/to-file\n{abc} é\n");
        assert_eq!(list(&contents, &mut |_| {}).unwrap(), expected);
    }

    #[test]
    fn a_caller_that_leaves_does_not_wait_for_huge_files() {
        const HUGE: u64 = 64 << 30;
        let mut contents = Contents::default();
        let folder = tempfile::tempdir().unwrap();
        for name in ["a", "b"] {
            let path = folder.path().join(name);
            fs_err::File::create(&path).unwrap().set_len(HUGE).unwrap();
            let kind = Kind::File { size: HUGE, content: Content::OnDisk(path) };
            contents.insert(name, Entry { mode: 0o644, kind });
        }
        let started = Instant::now();
        let left = catch_unwind(AssertUnwindSafe(|| {
            list(&contents, &mut |_| resume_unwind(Box::new("interrupted")))
        }));
        assert!(left.is_err() && started.elapsed() < Duration::from_secs(5));
    }
}
