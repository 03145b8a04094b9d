//! Ways to break a host that take more than a word.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use client::engine::News;
use client::plan::{self, Strategy};
use client::{Event, Provenance, Step};
use fs_err::os::unix::fs::symlink;
use plugin::Generation;
use registry::store::Store;
use registry::{Change, RecordId};

use crate::patient::Patient;

/// Overwrites a part of the registry.
pub(crate) fn zero_a_page(patient: &Patient) {
    let path = patient.path("var/lib/plugins/registry.db");
    let mut bytes = fs_err::read(&path).unwrap();
    bytes[4096..8192].fill(0);
    fs_err::write(path, bytes).unwrap();
}

/// Begins to install a legacy version and dies before the registry learns of it.
pub(crate) fn cut_off(patient: &Patient) {
    let path = patient.build("old", "1.0.2", Generation::V1);
    let died = catch_unwind(AssertUnwindSafe(|| {
        patient.change(
            |state, intake| {
                let offer = intake.read(&path, Provenance::File(path.clone())).unwrap();
                Ok(plan::install(state, &[offer], Strategy::Always).unwrap())
            },
            &mut |news| {
                if let News::Progress(Event::Begin(Step::Register { .. })) = news {
                    panic!("cut off");
                }
            },
        )
    }));
    assert!(died.is_err());
}

/// Has rpm record a second version.
pub(crate) fn record_twice(patient: &Patient) {
    patient.rpm(&["-i", "--force", "--nodeps", patient.package("1.0.1")]);
}

/// Has the link of the layer lead somewhere else, or nowhere.
pub(crate) fn lead(patient: &Patient, target: Option<&str>) {
    let path = patient.path("var/www/nailgun/plugins/old-1.0.0");
    fs_err::remove_file(&path).unwrap();
    if let Some(target) = target {
        symlink(Path::new(target), path).unwrap();
    }
}

/// Takes the entry of the packaged plugin away.
pub(crate) fn unregister(patient: &Patient) {
    let mut store = Store::open(&patient.path("var/lib/plugins/registry.db")).unwrap();
    store.apply(&[Change::Remove { id: RecordId(1) }], None).unwrap();
}
