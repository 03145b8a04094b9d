//! One writer at a time: an advisory lock, which the system takes back when its holder dies.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::Error;

/// The file that is locked; it holds the number of the process that does.
pub(super) const LOCK: &str = ".lock";

/// How long to wait before trying again.
const PAUSE: Duration = Duration::from_millis(20);

/// The right to write; ends when dropped.
#[derive(Debug)]
#[must_use = "a repository is locked as long as this is held"]
pub struct Lock(#[expect(dead_code, reason = "closing the file ends the lock")] File);

impl Lock {
    /// Waits for the lock of the repository in `folder` as long as `patience`.
    pub(super) fn take(folder: &Path, patience: Duration) -> Result<Self, Error> {
        let path = folder.join(LOCK);
        let options = fs_err::OpenOptions::new().read(true).write(true).create(true).open(&path)?;
        let mut file = options.into_file();
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(error.into()),
                Err(TryLockError::WouldBlock) if begun.elapsed() >= patience => {
                    return Err(Error::Locked(holder(&mut file)));
                }
                Err(TryLockError::WouldBlock) => sleep(PAUSE),
            }
        }
        file.set_len(0)?;
        file.rewind()?;
        write!(file, "{}", std::process::id())?;
        Ok(Self(file))
    }
}

/// Names who holds the lock, as far as that can be read.
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    match file.rewind().and_then(|()| file.take(32).read_to_string(&mut text)) {
        Ok(_) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("process {text}")
        }
        _ => "another process".to_owned(),
    }
}
