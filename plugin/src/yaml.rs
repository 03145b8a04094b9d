//! YAML as the original's reader takes it (YAML 1.1), as a tree in which every node knows its place.
//!
//! Safe by construction: no tag constructs anything but data, and depth, size and the nodes that
//! aliases stand for are bounded, so that time and memory are too. Aliases share their node.

mod block;
mod composer;
mod construct;
mod cursor;
mod mapping;
mod node;
mod plain;
mod properties;
mod quoted;
mod reader;
mod scalar;
mod scanner;
mod timestamp;
mod token;

pub use node::{Entry, Kind, Map, Node, Position, Span, Value};
pub use reader::{Document, Duplicate, Error, parse};

use reader::MAX_DEPTH;

#[cfg(test)]
mod tests;
