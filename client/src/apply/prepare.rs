//! What is looked at, and brought in place, before a plan's first effect.

use std::fs::File;
use std::io;
use std::path::Path;

use packaging::digest::Hashing;
use packaging::durable;
use plugin::Format;
use sha2::Sha256;

use super::{Bench, Run, StepFailed};
use crate::host::space;
use crate::offer::make_incoming;
use crate::offer::shelf::{Extent, Label, Shelf};
use crate::{Plan, Step};

impl Bench<'_> {
    /// Makes sure that `plan` can be carried out, as far as that can be known. How much room a plan
    /// still needs that was begun is not known.
    pub(crate) fn prepare(&self, plan: &Plan, run: Run) -> Result<(), StepFailed> {
        let touches_folders = plan.steps.iter().any(|step| {
            matches!(
                step,
                Step::Unpack { .. } | Step::Discard { .. } | Step::Link(_) | Step::Unlink { .. }
            )
        });
        if touches_folders {
            self.layer()?.prepare()?;
        }
        let mut needed = Extent::default();
        for step in &plan.steps {
            match step {
                Step::Unpack { sha256, .. } => needed += self.stage(sha256)?.unpacked,
                Step::Transact(transact) => {
                    for sha256 in transact.items.iter().filter_map(|item| item.sha256.as_ref()) {
                        needed += self.stage(sha256)?.unpacked;
                    }
                }
                Step::Unlink { link, restore: true } => self.layer()?.check_saved(link)?,
                _ => {}
            }
        }
        match run {
            Run::First => check_space(self.host.places().plugins(), needed),
            Run::Again => Ok(()),
        }
    }

    /// Makes sure that a package is among the incoming ones: a kept one is copied there.
    pub(super) fn stage(&self, sha256: &str) -> Result<Label, StepFailed> {
        let (incoming, kept) = (self.incoming(), Shelf::new(self.host.places().kept()));
        let label = match incoming.label(sha256)? {
            Some(label) if incoming.package(sha256, label.format).exists() => return Ok(label),
            // A process was killed that had moved the package to the kept ones, and no more.
            Some(label) if kept.package(sha256, label.format).exists() => Some(label),
            _ => kept.label(sha256)?,
        };
        let label = label.ok_or_else(|| StepFailed::PackageGone(sha256.to_owned()))?;
        make_incoming(self.host.places())?;
        copy(&kept, &incoming, sha256, label.format)?;
        incoming.put_label(sha256, &label)?;
        Ok(label)
    }
}

fn copy(kept: &Shelf, incoming: &Shelf, sha256: &str, format: Format) -> Result<(), StepFailed> {
    let from = kept.package(sha256, format);
    let mut file = Hashing::<_, Sha256>::new(File::from(fs_err::File::open(&from)?));
    durable::replace::<io::Error>(&incoming.package(sha256, format), |copy| {
        io::copy(&mut file, copy).map(drop)
    })?;
    if file.finish().digest != sha256 {
        fs_err::remove_file(incoming.package(sha256, format))?;
        return Err(StepFailed::PackageAltered(from));
    }
    Ok(())
}

/// Refuses to begin what would not fit, with a tenth to spare (`threats-and-faults` F3).
fn check_space(folder: &Path, needed: Extent) -> Result<(), StepFailed> {
    let space = space(folder)?;
    let spare = |count: u64| count + count / 10;
    let short = |what, needed, available| StepFailed::NoSpace {
        folder: folder.to_owned(),
        what,
        needed,
        available,
    };
    if spare(needed.bytes) > space.bytes {
        return Err(short("bytes", spare(needed.bytes), space.bytes));
    }
    match space.inodes {
        Some(inodes) if spare(needed.entries) > inodes => {
            Err(short("files", spare(needed.entries), inodes))
        }
        _ => Ok(()),
    }
}
