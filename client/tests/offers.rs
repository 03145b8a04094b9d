//! Files that are offered as packages, and what is said of those that are none.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

#[path = "crash/sample.rs"]
mod sample;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use client::trust::{Allowances, Policy};
use client::{Intake, Offer, OfferError, Places, Provenance, Trust};
use plugin::{Format, Generation, PLUGINS_ROOT};

fn read(path: &Path) -> Result<Offer, OfferError> {
    let places = Places::new(path.parent().unwrap(), PLUGINS_ROOT);
    let allowed = Allowances { unsigned: true, scripts: true, ..Allowances::default() };
    let trust = Trust::read(&places, Policy::Legacy, allowed).unwrap();
    let intake = Intake::temporary(&places, &trust).unwrap();
    let offer = intake.read(path, Provenance::File(path.to_owned()))?;
    assert!(offer.file.starts_with(intake.folder()));
    let mode = fs_err::metadata(&offer.file).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "others may read the private copy");
    Ok(offer)
}

#[test]
fn a_package_is_what_it_says_and_is_called_so() {
    let folder = tempfile::tempdir().unwrap();
    for (generation, format) in [(Generation::V1, Format::Fp), (Generation::V5, Format::Rpm)] {
        let path = sample::package(folder.path(), "1.0.2b1", generation);
        let unnamed = folder.path().join("unnamed");
        fs_err::copy(&path, &unnamed).unwrap();
        let refused = read(&unnamed).unwrap_err();
        assert!(matches!(refused, OfferError::Extension { .. }), "{refused}");
        let offer = read(&path).unwrap();
        assert_eq!(offer.plugin.id, sample::id("1.0.2b1", generation));
        assert_eq!(offer.format, format);
        assert_eq!(offer.package, offer.plugin.id.package_name().as_str());
    }
}

#[test]
fn what_is_no_package_is_told_by_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let good = fs_err::read(sample::package(folder, "1.0.2", Generation::V5)).unwrap();
    let put = |name: &str, bytes: &[u8]| {
        fs_err::write(folder.join(name), bytes).unwrap();
        read(&folder.join(name)).unwrap_err()
    };
    assert!(matches!(read(&folder.join("absent.rpm")), Err(OfferError::Missing(_))));
    assert!(matches!(read(Path::new("/dev/null")), Err(OfferError::NotAFile(_))));
    assert!(matches!(read(folder), Err(OfferError::NotAFile(_))));
    assert!(matches!(put("text.rpm", b"no package at all"), OfferError::Unreadable { .. }));
    assert!(matches!(put("cut.rpm", &good[..good.len() - 9]), OfferError::Unreadable { .. }));
    let misnamed = put("misnamed.deb", &good);
    assert!(matches!(misnamed, OfferError::Extension { format: Format::Rpm, .. }), "{misnamed}");
}
