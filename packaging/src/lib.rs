//! What a package is: bytes out, bytes in. Knows nothing of a host's state.
//!
//! A [`Blueprint`] says all that a writer needs, in no format's terms. [`write()`] turns it into one
//! file; the same blueprint gives the same bytes. [`inspect`] reads a file of any format. Payloads
//! are streamed both ways and never held in memory; every reader has [`Limits`].

mod archive;
mod background;
pub mod blueprint;
mod codec;
pub mod contents;
mod deb;
pub mod digest;
pub mod durable;
mod format;
mod fp;
mod limits;
pub mod package;
pub mod repository;
mod rpm;
mod script;
pub mod signature;
mod stream;

pub use blueprint::{Blueprint, Hook, Hooks};
pub use contents::{Content, Contents, Kind};
pub use deb::has_debian_package;
pub use format::{
    Compression, Settings, WriteError, Written, file_name, inspect, recognise, visit, write,
};
pub use limits::Limits;
pub use package::{Package, ReadError};
