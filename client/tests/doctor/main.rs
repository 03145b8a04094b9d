//! Hosts that are broken in one way each: the doctor names it, mends it, and is then content.

#[cfg(test)]
mod harm;
#[cfg(test)]
mod patient;
#[cfg(test)]
mod sample;

use client::doctor::Check;

use harm::{cut_off, lead, record_twice, unregister, zero_a_page};
use patient::Patient;

/// A way to break a host, and what the doctor is to say of it.
struct Case {
    name: &'static str,
    check: Check,
    harm: fn(&Patient),
}

const CASES: &[Case] = &[
    Case { name: "a page of the registry is zeroed", check: Check::Registry, harm: zero_a_page },
    Case {
        name: "the registry is gone",
        check: Check::Registry,
        harm: |at| at.remove_file("var/lib/plugins/registry.db"),
    },
    Case { name: "an update was cut off", check: Check::Journal, harm: cut_off },
    Case {
        name: "the journal is half written",
        check: Check::Journal,
        harm: |at| at.write("var/lib/plugins/journal", "{\"format\":"),
    },
    Case { name: "two versions are recorded", check: Check::Duplicates, harm: record_twice },
    Case {
        name: "a packaged file is gone",
        check: Check::MissingFiles,
        harm: |at| at.remove_file(DEMO),
    },
    Case {
        name: "a legacy file is gone",
        check: Check::MissingFiles,
        harm: |at| at.remove_file(OLD),
    },
    Case {
        name: "a packaged file has changed",
        check: Check::ChangedFiles,
        harm: |at| at.write(DEMO, "x"),
    },
    Case {
        name: "a legacy file has changed",
        check: Check::ChangedFiles,
        harm: |at| at.write(OLD, "x"),
    },
    Case {
        name: "a packaged file is empty",
        check: Check::EmptyFiles,
        harm: |at| at.write(DEMO, ""),
    },
    Case { name: "a legacy file is empty", check: Check::EmptyFiles, harm: |at| at.write(OLD, "") },
    Case {
        name: "a link leads elsewhere",
        check: Check::Layer,
        harm: |at| lead(at, Some("nowhere")),
    },
    Case { name: "a link is gone", check: Check::Layer, harm: |at| lead(at, None) },
    Case {
        name: "a link leads nowhere",
        check: Check::Layer,
        harm: |at| at.remove_folder("old-1.0.1"),
    },
    Case {
        name: "all may write to a plugin",
        check: Check::Ownership,
        harm: |at| at.chmod(DEMO, 0o666),
    },
    Case {
        name: "all may write to the state",
        check: Check::Ownership,
        harm: |at| at.chmod("var/lib/plugins", 0o777),
    },
    Case {
        name: "a legacy folder is gone",
        check: Check::Absent,
        harm: |at| at.remove_folder("old-0.9.0"),
    },
    Case {
        name: "a packaged folder is gone",
        check: Check::Absent,
        harm: |at| at.remove_folder("demo-1.0"),
    },
    Case { name: "an entry is gone", check: Check::Unregistered, harm: unregister },
    Case {
        name: "rpm was used directly",
        check: Check::Versions,
        harm: |at| at.rpm(&["-U", "--oldpackage", at.package("1.0.1")]),
    },
    Case {
        name: "metadata cannot be read",
        check: Check::Versions,
        harm: |at| at.write(METADATA, "name: ["),
    },
    Case {
        name: "a trigger asked for a sync",
        check: Check::Stamp,
        harm: |at| at.write("var/lib/plugins/sync-needed", ""),
    },
    Case {
        name: "a kept package has changed",
        check: Check::KeptPackages,
        harm: |at| at.spoil_kept("1.0.1"),
    },
];

const DEMO: &str = "var/www/nailgun/plugins/demo-1.0/content";
const OLD: &str = "var/www/nailgun/plugins/old-1.0.1/content";
const METADATA: &str = "var/www/nailgun/plugins/demo-1.0/metadata.yaml";

#[test]
fn each_ill_is_named_and_mended_and_gone() {
    let Some(healthy) = Patient::new() else { return };
    assert_eq!(healthy.ills(), [] as [String; 0], "a host that was left alone");
    for case in CASES {
        let patient = healthy.copy();
        (case.harm)(&patient);
        let diagnosis = patient.diagnose();
        let ills: Vec<_> = diagnosis.ills().collect();
        assert!(ills.iter().any(|ill| ill.check == case.check), "{}: {ills:#?}", case.name);
        assert!(ills.iter().all(|ill| ill.cure.is_some()), "{}: {ills:#?}", case.name);
        let repaired = patient.repair(&diagnosis);
        assert!(repaired.iter().all(|at| at.problem.is_none()), "{}: {repaired:#?}", case.name);
        assert_eq!(patient.ills(), [] as [String; 0], "{}, after {repaired:#?}", case.name);
    }
}

#[test]
fn what_dpkg_left_half_done_is_brought_to_an_end() {
    let Some(patient) = Patient::debian() else { return };
    assert_eq!(patient.ills(), [] as [String; 0]);
    let status = patient.path("var/lib/dpkg/status");
    let text = fs_err::read_to_string(&status).unwrap();
    let half = text.replace("install ok installed", "install ok half-configured");
    assert_ne!(text, half);
    fs_err::write(status, half).unwrap();

    let diagnosis = patient.diagnose();
    let ills: Vec<Check> = diagnosis.ills().map(|ill| ill.check).collect();
    assert_eq!(ills, [Check::HalfInstalled]);
    let repaired = patient.repair(&diagnosis);
    assert_eq!(patient.ills(), [] as [String; 0], "after {repaired:#?}");
}

#[test]
fn looking_writes_nothing() {
    let Some(patient) = Patient::new() else { return };
    patient.write(OLD, "x");
    let before = patient.listing();
    patient.diagnose();
    assert_eq!(patient.listing(), before);
}

#[test]
fn a_rebuilt_registry_has_its_numbers() {
    let Some(patient) = Patient::new() else { return };
    let before = patient.numbers();
    patient.remove_file("var/lib/plugins/registry.db");
    patient.repair(&patient.diagnose());
    assert_eq!(patient.numbers(), before);
}
