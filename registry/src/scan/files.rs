//! The files that are read for one plugin, and what they looked like before.

use std::collections::BTreeSet;

use plugin::Generation;
use plugin::yaml::{self, Node, Position};
use serde_json::Value;

use super::fingerprint::{Looks, Watch};
use super::json::json;
use super::tree::{Tree, Unreachable};
use super::unfit::{Place, Unfit};
use crate::Fingerprint;

/// Most files that are read for one plugin.
const MOST_FILES: usize = 256;

/// Most bytes that are read for one plugin.
const MOST_BYTES: usize = 16 << 20;

/// Reads a plugin's files, and keeps in mind which.
pub(super) struct Files<'a> {
    tree: &'a Tree,
    /// Taken before a file is read: one that changes meanwhile is read again by the next scan.
    looks: Looks,
    patterns: BTreeSet<String>,
    bytes: usize,
}

impl<'a> Files<'a> {
    pub(super) fn new(tree: &'a Tree) -> Self {
        Self { tree, looks: Looks::new(), patterns: BTreeSet::new(), bytes: 0 }
    }

    /// Returns what a YAML file holds; `None` where it holds nothing or is not there.
    pub(super) fn yaml(&mut self, file: &str) -> Result<Option<Node>, Unfit> {
        let Some(bytes) = self.read(file)? else { return Ok(None) };
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
            Unfit::Encoding { file: file.to_owned(), at: Place(behind(&text)) }
        })?;
        let document = yaml::parse(&text);
        let document = document.map_err(|error| Unfit::Yaml { file: file.to_owned(), error })?;
        Ok(document.root.filter(|root| root.value != yaml::Value::Null))
    }

    /// Returns what a YAML file holds, as JSON.
    pub(super) fn value(&mut self, file: &str) -> Result<Option<Value>, Unfit> {
        self.yaml(file)?.map(|node| as_json(file, &node)).transpose()
    }

    /// Returns what the files hold that a `_path` key stands for: its `pattern` names one or more.
    pub(super) fn referenced(&mut self, pattern: &str) -> Result<Vec<Value>, Unfit> {
        self.patterns.insert(pattern.to_owned());
        let fail = |reason| Unfit::File { file: pattern.escape_debug().to_string(), reason };
        let paths = self.tree.expand(pattern).map_err(fail)?;
        if paths.is_empty() {
            return Err(fail(Unreachable::Absent));
        }
        paths.iter().map(|path| self.data(path)).collect()
    }

    /// Whether a `_path` key names a folder.
    pub(super) fn is_folder(&mut self, path: &str) -> bool {
        let is_folder = self.tree.is_folder(path);
        if is_folder {
            self.patterns.insert(path.to_owned());
            self.looks.insert(path.to_owned(), self.tree.look(path));
        }
        is_folder
    }

    /// Returns the fingerprint of all that was read.
    pub(super) fn fingerprint(self, generation: Generation) -> Fingerprint {
        Watch { generation, patterns: self.patterns }.fingerprint(&self.looks)
    }

    /// Returns what a file holds, by its extension; nothing is null.
    fn data(&mut self, file: &str) -> Result<Value, Unfit> {
        match file.rsplit_once('.').map(|(_, extension)| extension) {
            Some("yaml" | "yml") => Ok(self.value(file)?.unwrap_or(Value::Null)),
            Some("json") => serde_json::from_slice(&self.required(file)?)
                .map_err(|error| Unfit::Json { file: file.to_owned(), error }),
            Some("txt") => match String::from_utf8(self.required(file)?) {
                Ok(text) => Ok(Value::String(text)),
                Err(_) => Err(Unfit::Encoding { file: file.to_owned(), at: Place(behind("")) }),
            },
            _ => Err(Unfit::Kind { file: file.to_owned() }),
        }
    }

    fn required(&mut self, file: &str) -> Result<Vec<u8>, Unfit> {
        let absent = || Unfit::File { file: file.to_owned(), reason: Unreachable::Absent };
        self.read(file)?.ok_or_else(absent)
    }

    fn read(&mut self, file: &str) -> Result<Option<Vec<u8>>, Unfit> {
        self.looks.insert(file.to_owned(), self.tree.look(file));
        let bytes = match self.tree.read(file) {
            Ok(bytes) => bytes,
            Err(Unreachable::Absent) => return Ok(None),
            Err(reason) => return Err(Unfit::File { file: file.to_owned(), reason }),
        };
        self.bytes += bytes.len();
        if self.looks.len() > MOST_FILES || self.bytes > MOST_BYTES {
            let (files, bytes) = (MOST_FILES, MOST_BYTES);
            return Err(Unfit::TooMuch { file: file.to_owned(), files, bytes });
        }
        Ok(Some(bytes))
    }
}

/// Returns a file's content as JSON.
pub(super) fn as_json(file: &str, node: &Node) -> Result<Value, Unfit> {
    json(node).map_err(|error| Unfit::Value {
        file: file.to_owned(),
        at: Place(error.at),
        message: error.message.to_owned(),
    })
}

/// Returns the place behind `text`.
fn behind(text: &str) -> Position {
    let line_start = text.rfind('\n').map_or(0, |at| at + 1);
    Position {
        line: text.matches('\n').count() + 1,
        column: text[line_start..].chars().count() + 1,
        offset: text.len(),
    }
}
