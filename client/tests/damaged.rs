//! Damaged packages are taken for what was signed, or not at all (`threats-and-faults` A24).

use std::path::Path;

use client::trust::{Allowances, Policy};
use client::{Intake, Places, Provenance, Trust};
use tests::{Key, Numbers, Plugin, damage, torture};

/// Returns an intake that trusts the key of releases, below `root`.
fn intake(root: &Path) -> Intake {
    let folder = root.join("etc/plugins/trust.d");
    fs_err::create_dir_all(&folder).unwrap();
    fs_err::write(folder.join("a.asc"), Key::release().certificate()).unwrap();
    fs_err::write(folder.join("a.yaml"), "plugins: ['*']\n").unwrap();
    let places = Places::new(root, plugin::PLUGINS_ROOT);
    let trust = Trust::read(&places, Policy::Strict, Allowances::default()).unwrap();
    Intake::temporary(&places, &trust).unwrap()
}

/// Whether only the lead and the signature header of an RPM differ: neither is content.
fn only_beside_the_header(good: &[u8], bad: &[u8]) -> bool {
    const LEAD: usize = 96;
    let at =
        |offset: usize| u32::from_be_bytes(good[offset..offset + 4].try_into().unwrap()) as usize;
    let (entries, store) = (at(LEAD + 8), at(LEAD + 12));
    let end = (LEAD + 16 + 16 * entries + store).next_multiple_of(8);
    good.len() == bad.len() && good[end..] == bad[end..]
}

fn sweep(format: &str, generation: &str) {
    let root = tempfile::tempdir().unwrap();
    let intake = intake(root.path());
    let plugin = Plugin::create("demo", generation);
    plugin.with_hooks("/bin/sh");
    let path = plugin.release("1.0.0", format);
    let path = Path::new(&path);
    let good = fs_err::read(path).unwrap();
    let provenance = || Provenance::File(path.to_owned());
    let whole = intake.read(path, provenance()).unwrap();
    for seed in 0..if torture() { 10_000 } else { 500 } {
        let mut bad = good.clone();
        damage(&mut bad, &mut Numbers::new(seed));
        fs_err::write(path, &bad).unwrap();
        let Ok(offer) = intake.read(path, provenance()) else { continue };
        let is_same = bad == good || format == "rpm" && only_beside_the_header(&good, &bad);
        assert!(is_same, "{format} seed {seed} was accepted with other content");
        assert_eq!((offer.plugin, offer.scripts), (whole.plugin.clone(), whole.scripts.clone()));
    }
}

#[test]
fn torture_no_damaged_rpm_is_taken_for_what_was_signed() {
    sweep("rpm", "5.0.0");
}

#[test]
fn torture_no_damaged_deb_is_taken_for_what_was_signed() {
    sweep("deb", "5.0.0");
}

#[test]
fn torture_no_damaged_fp_is_taken_for_what_was_signed() {
    sweep("fp", "1.0.0");
}
