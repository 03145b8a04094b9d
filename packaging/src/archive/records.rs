//! Records of GNU and pax archives that say something of the entry behind them.

use std::io::Read;

use tar::{EntryType, PaxExtensions};

use super::reader::Rules;
use crate::ReadError;
use crate::stream::{damaged, read_error};

/// What records before an entry say of it.
#[derive(Default)]
pub(super) struct Pending {
    /// Its path.
    pub(super) path: Option<Vec<u8>>,
    /// What it links to.
    pub(super) target: Option<Vec<u8>>,
    size: Option<Vec<u8>>,
}

impl Pending {
    /// Reads a record about the next entry; `false` where this is no record but an entry.
    pub(super) fn take(
        &mut self,
        kind: EntryType,
        record: &mut dyn Read,
        rules: &Rules<'_>,
    ) -> Result<bool, ReadError> {
        let limit = rules.limits.path as u64;
        match kind {
            EntryType::GNULongName => {
                set(&mut self.path, long_name(record, limit, rules)?, rules)?;
            }
            EntryType::GNULongLink => {
                set(&mut self.target, long_name(record, limit, rules)?, rules)?;
            }
            // Two names, and room for times and owners.
            EntryType::XHeader => self.extend(&bounded(record, 2 * limit + 4096, rules)?, rules)?,
            EntryType::XGlobalHeader => {
                let mut global = Self::default();
                global.extend(&bounded(record, 2 * limit + 4096, rules)?, rules)?;
                if global.is_any() {
                    return Err(damaged(rules.format, "a name or size for all entries"));
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn extend(&mut self, records: &[u8], rules: &Rules<'_>) -> Result<(), ReadError> {
        for record in PaxExtensions::new(records) {
            let record = record.map_err(|error| read_error(rules.format, error))?;
            let value = || record.value_bytes().to_vec();
            match record.key_bytes() {
                b"path" => set(&mut self.path, value(), rules)?,
                b"linkpath" => set(&mut self.target, value(), rules)?,
                b"size" => set(&mut self.size, value(), rules)?,
                key if key.starts_with(b"GNU.sparse.") => {
                    return Err(damaged(rules.format, "a sparse file"));
                }
                key if key.ends_with(b"security.capability") => {
                    return Err(ReadError::Unsafe("a file with capabilities".to_owned()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Refuses a size that differs from the header's: readers do not agree on which one holds.
    pub(super) fn check_size(&self, size: u64, rules: &Rules<'_>) -> Result<(), ReadError> {
        match &self.size {
            Some(text) if text != size.to_string().as_bytes() => {
                Err(damaged(rules.format, "an entry with two sizes"))
            }
            _ => Ok(()),
        }
    }

    /// Whether an entry must follow.
    pub(super) fn is_any(&self) -> bool {
        self.path.is_some() || self.target.is_some() || self.size.is_some()
    }
}

/// Keeps what a record says, once: readers do not agree on which of two holds.
fn set(slot: &mut Option<Vec<u8>>, value: Vec<u8>, rules: &Rules<'_>) -> Result<(), ReadError> {
    match slot.replace(value) {
        Some(_) => Err(damaged(rules.format, "two records of one kind for an entry")),
        None => Ok(()),
    }
}

fn long_name(record: &mut dyn Read, limit: u64, rules: &Rules<'_>) -> Result<Vec<u8>, ReadError> {
    let mut name = bounded(record, limit + 1, rules)?;
    if name.last() == Some(&0) {
        name.pop();
    }
    Ok(name)
}

/// Reads a record of at most `limit` bytes.
fn bounded(record: &mut dyn Read, limit: u64, rules: &Rules<'_>) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    let count = record.take(limit + 1).read_to_end(&mut bytes);
    if count.map_err(|error| read_error(rules.format, error))? as u64 > limit {
        return Err(ReadError::Limit(format!("a name of more than {limit} bytes")));
    }
    Ok(bytes)
}
