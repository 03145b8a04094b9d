//! The records of an RPM payload.
//!
//! Two kinds may stand in one archive: `newc` records, which name their file and give its length in
//! 32 bits, and RPM's own stripped records, which give the file's position in the header instead. No
//! kept library knows the second kind, without which no payload above 4 GiB can be written or read.

use std::io::{self, Read, Write};

const NAMED: &[u8; 6] = b"070701";
const NAMED_WITH_SUM: &[u8; 6] = b"070702";
const STRIPPED: &[u8; 6] = b"07070X";
const TRAILER: &str = "TRAILER!!!";

/// The 8-digit numbers of a `newc` record, after its magic.
const FIELDS: usize = 13;
const SIZE: usize = 6;
const NAME_LENGTH: usize = 11;

/// Longest name that a record may announce.
const LONGEST_NAME: usize = 4 * 4096;

/// What a record written by us says about its file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    /// The absolute path; the archive has it with a `.` before.
    pub(super) path: &'a str,
    /// Position in the header, from 0.
    pub(super) index: u32,
    pub(super) mode: u32,
    pub(super) time: u32,
    pub(super) size: u64,
}

/// The start of a record as read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// A file by its name in the archive, with the length of what follows.
    Named { name: String, size: u64 },
    /// A file by its position in the header.
    Stripped { index: usize },
    /// The end of the archive.
    Trailer,
}

/// Returns how many NUL bytes follow `length` bytes of a name or body.
pub(super) fn padding(length: u64) -> usize {
    (length.wrapping_neg() % 4) as usize
}

/// Starts a `newc` record.
pub(super) fn write_named(out: &mut dyn Write, entry: &Entry<'_>) -> io::Result<()> {
    let size = u32::try_from(entry.size).map_err(io::Error::other)?;
    let fields = [entry.index + 1, entry.mode, 0, 0, 1, entry.time, size];
    write_record(out, fields, &format!(".{}", entry.path))
}

/// Starts a stripped record.
pub(super) fn write_stripped(out: &mut dyn Write, index: u32) -> io::Result<()> {
    out.write_all(STRIPPED)?;
    write!(out, "{index:08x}\0\0")
}

/// Ends the archive.
pub(super) fn write_trailer(out: &mut dyn Write) -> io::Result<()> {
    write_record(out, [0, 0, 0, 0, 1, 0, 0], TRAILER)
}

/// Writes inode, mode, user, group, links, time and size, then no devices, the name and no sum.
fn write_record(out: &mut dyn Write, fields: [u32; 7], name: &str) -> io::Result<()> {
    out.write_all(NAMED)?;
    for field in fields.into_iter().chain([0; 4]) {
        write!(out, "{field:08x}")?;
    }
    let length = name.len() + 1;
    write!(out, "{length:08x}{:08x}{name}\0", 0)?;
    write_padding(out, (NAMED.len() + 8 * FIELDS + length) as u64)
}

/// Ends a name or body of `length` bytes.
pub(super) fn write_padding(out: &mut dyn Write, length: u64) -> io::Result<()> {
    out.write_all(&[0; 3][..padding(length)])
}

/// Reads the start of the next record, up to its body.
pub(super) fn read_record(input: &mut dyn Read) -> io::Result<Record> {
    let mut magic = [0; 6];
    input.read_exact(&mut magic)?;
    match &magic {
        NAMED | NAMED_WITH_SUM => read_named(input),
        STRIPPED => {
            let mut rest = [0; 10];
            input.read_exact(&mut rest)?;
            Ok(Record::Stripped { index: number(&rest[..8])? as usize })
        }
        _ => Err(invalid("a payload record begins with an unknown mark")),
    }
}

fn read_named(input: &mut dyn Read) -> io::Result<Record> {
    let mut fields = [0; 8 * FIELDS];
    input.read_exact(&mut fields)?;
    let field = |position: usize| number(&fields[8 * position..][..8]);
    let length = field(NAME_LENGTH)? as usize;
    if length == 0 || length > LONGEST_NAME {
        return Err(invalid("a payload record has a name of impossible length"));
    }
    let mut name = vec![0; length];
    input.read_exact(&mut name)?;
    skip_padding(input, (NAMED.len() + fields.len() + length) as u64)?;
    if name.pop() != Some(0) || name.contains(&0) {
        return Err(invalid("a payload record has a name that does not end where it says"));
    }
    let name = String::from_utf8_lossy(&name).into_owned();
    if name == TRAILER {
        return Ok(Record::Trailer);
    }
    Ok(Record::Named { name, size: field(SIZE)?.into() })
}

/// Reads over the padding after a name or body of `length` bytes.
pub(super) fn skip_padding(input: &mut dyn Read, length: u64) -> io::Result<()> {
    input.read_exact(&mut [0; 3][..padding(length)])
}

fn number(digits: &[u8]) -> io::Result<u32> {
    let text = str::from_utf8(digits).ok().filter(|text| !text.starts_with('+'));
    text.and_then(|text| u32::from_str_radix(text, 16).ok())
        .ok_or_else(|| invalid("a payload record has a number that is not hexadecimal"))
}

fn invalid(problem: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read_as_they_were_written() {
        let mut archive = Vec::new();
        let entry = Entry { path: "/a/é b", index: 6, mode: 0o100_644, time: 1, size: 5 };
        write_named(&mut archive, &entry).unwrap();
        archive.extend(b"hello");
        write_padding(&mut archive, 5).unwrap();
        write_stripped(&mut archive, 0x1_0007).unwrap();
        write_trailer(&mut archive).unwrap();
        assert_eq!(archive.len() % 4, 0);

        let mut input = &archive[..];
        let named = Record::Named { name: "./a/é b".to_owned(), size: 5 };
        assert_eq!(read_record(&mut input).unwrap(), named);
        input.read_exact(&mut [0; 5]).unwrap();
        skip_padding(&mut input, 5).unwrap();
        assert_eq!(read_record(&mut input).unwrap(), Record::Stripped { index: 0x1_0007 });
        assert_eq!(read_record(&mut input).unwrap(), Record::Trailer);
        assert!(input.is_empty());
    }

    #[test]
    fn a_hostile_name_length_reserves_no_memory() {
        let mut archive = Vec::new();
        write_trailer(&mut archive).unwrap();
        archive[94..102].copy_from_slice(b"ffffffff");
        let failure = read_record(&mut &archive[..]).unwrap_err();
        assert_eq!(failure.to_string(), "a payload record has a name of impossible length");
    }
}
