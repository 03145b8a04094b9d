//! Deterministic tar archives, read and written, with limits and path safety.
//!
//! The writer gives the same bytes for the same entries: owner root, one time, no names longer than
//! a header has room for without a GNU long-name record. The reader takes ustar, GNU and pax headers,
//! bounds every record before it is held in memory, and hands on only what cannot leave the archive's
//! own tree: a path is normal, relative and unique, nothing lies below a link, and links stay inside.

mod listing;
mod path;
mod reader;
mod records;
mod writer;

pub(crate) use listing::{Listing, is_metadata, read_metadata};
pub(crate) use reader::{Rules, walk};
pub(crate) use writer::Writer;
