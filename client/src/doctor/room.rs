//! Whether there is room for the next update.

use super::packages::or_well;
use super::{Check, Examination, Finding, Severity};

/// Bytes below which the next update may not fit: a plugin with its repositories is often as large.
const BYTES: u64 = 256 << 20;

/// Files below which it may not.
const INODES: u64 = 2_000;

/// Below this part of either, not even the registry can be changed with confidence.
const PART: u64 = 16;

/// D18.
pub(super) fn room(seen: &Examination) -> Vec<Finding> {
    let mut found = Vec::new();
    for room in &seen.room {
        let inodes = room.inodes.unwrap_or(u64::MAX);
        if room.bytes >= BYTES && inodes >= INODES {
            continue;
        }
        let short = room.bytes < BYTES / PART || inodes < INODES / PART;
        let severity = if short { Severity::Fail } else { Severity::Warn };
        let path = room.path.display().to_string();
        let left = if room.bytes < BYTES {
            format!("{} MiB", room.bytes >> 20)
        } else {
            format!("{inodes} inodes")
        };
        let sentence = format!("{path} has {left} left");
        found.push(Finding::new(Check::Room, severity, sentence).about([path]));
    }
    or_well(found, Check::Room, "enough for the next update")
}
