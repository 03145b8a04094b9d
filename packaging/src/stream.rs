//! What a package's bytes may go wrong with, and the little texts among them.

use std::fmt::Display;
use std::io::{self, Read};

use plugin::Format;

use crate::ReadError;

/// Names what is wrong with a package.
pub(crate) fn damaged(format: Format, problem: impl Display) -> ReadError {
    ReadError::Damaged { format, problem: problem.to_string() }
}

/// Returns what an error in the middle of a stream means: a bound, a failing disk or damage.
pub(crate) fn read_error(format: Format, error: io::Error) -> ReadError {
    if error.raw_os_error().is_some() {
        return ReadError::Io(error);
    }
    match error.downcast::<ReadError>() {
        Ok(error) => error,
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            damaged(format, "it ends early")
        }
        Err(error) => damaged(format, error.to_string().escape_debug()),
    }
}

/// Returns what made a visitor fail where it only passed on an error of what it read.
pub(crate) fn cause(error: ReadError) -> ReadError {
    match error {
        ReadError::Io(error) => error.downcast().unwrap_or_else(ReadError::Io),
        error => error,
    }
}

/// Reads a small file of a package, at most `limit` bytes of UTF-8.
pub(crate) fn read_text(
    format: Format,
    name: &str,
    content: &mut dyn Read,
    limit: u64,
) -> Result<String, ReadError> {
    let bytes = read_bytes(format, name, content, limit)?;
    String::from_utf8(bytes).map_err(|_| damaged(format, format!("`{name}` is not UTF-8")))
}

/// Reads a small file of a package, at most `limit` bytes.
pub(crate) fn read_bytes(
    format: Format,
    name: &str,
    content: &mut dyn Read,
    limit: u64,
) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    let read = content.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    if read.map_err(|error| read_error(format, error))? as u64 > limit {
        return Err(ReadError::Limit(format!("`{name}` has more than {limit} bytes")));
    }
    Ok(bytes)
}
