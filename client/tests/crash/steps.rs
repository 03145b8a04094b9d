//! Death before and after each step.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use client::engine::News;

use crate::machine::Machine;
use crate::scenarios::ALL;

#[test]
fn a_death_before_or_after_any_step_with_folders_and_links_is_recovered() {
    die_everywhere(|name| !name.starts_with("package"));
}

#[test]
fn a_death_before_or_after_any_step_with_packages_is_recovered() {
    die_everywhere(|name| name.starts_with("package"));
}

fn die_everywhere(wanted: fn(&str) -> bool) {
    for scenario in ALL.iter().filter(|scenario| wanted(scenario.name)) {
        let folder = tempfile::tempdir().unwrap();
        let packages = tempfile::tempdir().unwrap();
        let start = Machine::new(folder.path().join("start"));
        (scenario.prepare)(&start, packages.path());
        let plan = |state: &_, intake: &_| (scenario.plan)(state, intake, packages.path());

        let undisturbed = start.copy(&folder.path().join("undisturbed"));
        let mut told = 0;
        let ended = undisturbed.carry_out(&plan, &mut |_| told += 1);
        ended.unwrap_or_else(|error| panic!("{}: {error:?}", scenario.name));
        let expected = undisturbed.snapshot();

        for survived in 0..told {
            let machine = start.copy(&folder.path().join(format!("{survived}")));
            let mut left = survived;
            let mut hear = |_: News<'_>| {
                // Not a panic, which would be told.
                if left == 0 {
                    resume_unwind(Box::new("died"));
                }
                left -= 1;
            };
            let death = catch_unwind(AssertUnwindSafe(|| machine.carry_out(&plan, &mut hear)));
            assert!(death.is_err(), "the command did not die");
            machine.recover(&plan, &start);
            assert_eq!(machine.snapshot(), expected, "{} died at {survived}", scenario.name);
        }
    }
}
