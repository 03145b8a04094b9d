//! The audit copy of the history: `history.jsonl` beside the registry, one line per transaction.
//!
//! A line is added after its transaction's commit. What a crash kept from being added is added when the
//! registry is next opened for writing, and a line that was cut off was never acknowledged: it is taken
//! away first. The registry is rebuilt from this file with its numbers, so a registry that knows less
//! than its copy is damaged.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::open::sync_folder;
use crate::history::Chained;

/// The audit copy of one registry.
#[derive(Debug)]
pub(crate) struct Audit {
    path: PathBuf,
}

impl Audit {
    /// Returns the copy that belongs to the registry at `registry`.
    pub(crate) fn of(registry: &Path) -> Self {
        Self { path: registry.with_file_name("history.jsonl") }
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> io::Result<bool> {
        match fs_err::metadata(&self.path) {
            Ok(metadata) => Ok(metadata.len() == 0),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Returns the lines that are whole, in order: what each holds, or `None` where it is none of ours.
    pub(crate) fn lines(&self) -> io::Result<Vec<Option<Chained>>> {
        match fs_err::metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            // Reading a pipe would wait for whoever writes to it.
            Ok(found) if !found.is_file() => {
                let problem = format!("`{}` is not a file", self.path.display());
                return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
            }
            found => found?,
        };
        let file = fs_err::File::open(&self.path)?;
        let (mut reader, mut line, mut lines) = (BufReader::new(file), Vec::new(), Vec::new());
        while reader.read_until(b'\n', &mut line)? > 0 {
            if let Some(whole) = line.strip_suffix(b"\n") {
                lines.push(serde_json::from_slice(whole).ok());
            }
            line.clear();
        }
        Ok(lines)
    }

    /// Returns the number of the newest transaction that has a line; 0 where none has.
    pub(super) fn newest(&self) -> io::Result<i64> {
        let lines = self.lines()?;
        let sound = lines.iter().flatten().filter(|line| line.is_sound());
        Ok(sound.map(Chained::number).max().unwrap_or(0))
    }

    /// Adds lines behind the last whole one.
    pub(super) fn append(&self, lines: &[Chained]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o644);
        let file = fs_err::OpenOptions::from_options(options).open(&self.path)?;
        let mut file = file.into_parts().0;
        file.set_permissions(PermissionsExt::from_mode(0o644))?;
        let end = end_of_whole_lines(&mut file)?;
        file.set_len(end)?;
        file.seek(SeekFrom::Start(end))?;
        for line in lines {
            let mut line = serde_json::to_string(line).expect("a chained entry is JSON already");
            line.push('\n');
            file.write_all(line.as_bytes())?;
        }
        file.sync_all()?;
        sync_folder(&self.path)
    }
}

/// Returns the length of the file up to its last line end.
fn end_of_whole_lines(file: &mut File) -> io::Result<u64> {
    let mut end = file.metadata()?.len();
    let mut byte = [0];
    while end > 0 {
        file.seek(SeekFrom::Start(end - 1))?;
        file.read_exact(&mut byte)?;
        if byte == *b"\n" {
            break;
        }
        end -= 1;
    }
    Ok(end)
}
