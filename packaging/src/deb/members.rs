//! The outer archive of a deb, read.
//!
//! Not by the crate that writes it: that one takes two dialects with tables of long names, whose
//! announced lengths it believes. A deb has neither.

use std::fmt::Display;
use std::io::{self, BufRead, Read, Take};

use plugin::Format;

use crate::ReadError;
use crate::stream::{self, read_error};

/// Length of the line that introduces a member.
const HEADER: usize = 60;

/// A member that is being read.
pub(super) struct Member<'a> {
    /// Its name, without the slash that some tools put behind it.
    pub(super) name: String,
    /// Its length in bytes.
    pub(super) size: u64,
    /// Its content.
    pub(super) content: Take<&'a mut dyn BufRead>,
}

/// Reads the archive's first bytes.
pub(super) fn start(input: &mut dyn BufRead) -> Result<(), ReadError> {
    let mut magic = [0; 8];
    fill(input, &mut magic)?;
    if &magic == b"!<arch>\n" { Ok(()) } else { Err(damaged("it does not begin as an archive")) }
}

/// Begins to read the next member, which is called as `is_expected` likes it.
pub(super) fn next<'a>(
    input: &'a mut dyn BufRead,
    is_expected: impl Fn(&str) -> bool,
) -> Result<Member<'a>, ReadError> {
    let mut header = [0; HEADER];
    fill(input, &mut header)?;
    let [name, size] = [&header[..16], &header[48..58]].map(|field| field.trim_ascii_end());
    let name = name.strip_suffix(b"/").unwrap_or(name);
    let name = std::str::from_utf8(name).ok().filter(|name| is_expected(name));
    let name = name.ok_or_else(|| {
        damaged(format!("unexpected member `{}`", header[..16].trim_ascii_end().escape_ascii()))
    })?;
    let size = std::str::from_utf8(size).ok().and_then(|digits| digits.parse().ok());
    match size {
        Some(size) if header.ends_with(b"`\n") => {
            Ok(Member { name: name.to_owned(), size, content: input.take(size) })
        }
        _ => Err(damaged(format!("the header of `{name}` is garbled"))),
    }
}

/// Makes sure that a member was there in full and read to its end; reads the byte that fills up.
pub(super) fn end(member: Member<'_>) -> Result<(), ReadError> {
    if member.content.limit() > 0 {
        return Err(damaged(format!("`{}` is cut off", member.name)));
    }
    if member.size % 2 == 1 {
        let mut filler = [0];
        fill(member.content.into_inner(), &mut filler)?;
        if filler != *b"\n" {
            return Err(damaged("something stands between its members"));
        }
    }
    Ok(())
}

/// Reads a member of which nothing is wanted.
pub(super) fn skip(mut member: Member<'_>) -> Result<(), ReadError> {
    let read = io::copy(&mut member.content, &mut io::sink());
    read.map_err(|error| read_error(Format::Deb, error))?;
    end(member)
}

fn fill(input: &mut dyn BufRead, buffer: &mut [u8]) -> Result<(), ReadError> {
    input.read_exact(buffer).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => damaged("it is cut off"),
        _ => read_error(Format::Deb, error),
    })
}

pub(super) fn damaged(problem: impl Display) -> ReadError {
    stream::damaged(Format::Deb, problem)
}
