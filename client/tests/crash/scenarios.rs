//! What commands are cut off in the middle of.

use std::path::{Path, PathBuf};

use client::plan::{self, Crossing, Registered, RemoveOptions, Strategy};
use client::{HostState, Intake, Provenance, Target};
use plugin::Generation;

use crate::machine::{Failed, Machine};
use crate::sample;

/// A command on a machine.
pub(crate) struct Scenario {
    /// For messages.
    pub(crate) name: &'static str,
    /// Prepares the machine; packages are in the folder.
    pub(crate) prepare: fn(&Machine, &Path),
    /// The command's planner.
    pub(crate) plan: fn(&HostState, &Intake, &Path) -> Result<plan::Plan, Failed>,
}

const OLD: Generation = Generation::V1;
const NEW: Generation = Generation::V5;

/// All of them.
pub(crate) const ALL: &[Scenario] = &[
    Scenario {
        name: "legacy-install",
        prepare: |_, _| {},
        plan: |state, intake, folder| install(state, intake, folder, ("1.0.2", OLD)),
    },
    Scenario {
        name: "legacy-replace",
        prepare: |machine, folder| {
            bring(machine, folder, ("1.0.2", OLD));
            let file = machine.places().plugins().join("demo-1.0.2/content");
            fs_err::write(file, "changed by hand").unwrap();
        },
        plan: |state, intake, folder| install(state, intake, folder, ("1.0.2", OLD)),
    },
    Scenario {
        name: "legacy-remove",
        prepare: |machine, folder| bring(machine, folder, ("1.0.2", OLD)),
        plan: |state, _, _| remove(state, "demo==1.0.2"),
    },
    Scenario { name: "link", prepare: three, plan: |state, _, _| link(state) },
    Scenario {
        name: "link-on",
        prepare: |machine, folder| {
            three(machine, folder);
            machine.does(&|state, _| link(state));
            bring(machine, folder, ("1.0.3", OLD));
            // Bringing it may have led the links on already.
            machine.does(&|state, _| unlink(state, &["1.0.1"]));
        },
        plan: |state, _, _| {
            let (name, to) = ("demo".parse().unwrap(), "1.0.3".parse().unwrap());
            Ok(plan::link(state, &name, &[], &to, Crossing::Refused)?)
        },
    },
    Scenario { name: "unlink", prepare: linked, plan: |state, _, _| unlink(state, &[]) },
    Scenario {
        name: "remove-linked",
        prepare: linked,
        plan: |state, _, _| remove(state, "demo==1.0.0"),
    },
    Scenario {
        name: "register",
        prepare: |machine, folder| {
            bring(machine, folder, ("1.0.2", OLD));
            machine.does(&|state, _| Ok(plan::unregister(state, &[target("demo==1.0.2")])?));
        },
        plan: |state, _, _| {
            Ok(plan::register(state, &[target("demo==1.0.2")], Registered::default())?)
        },
    },
    Scenario {
        name: "package-install",
        prepare: |_, _| {},
        plan: |state, intake, folder| install(state, intake, folder, ("2.0.0", NEW)),
    },
    Scenario {
        name: "package-update",
        prepare: |machine, folder| bring(machine, folder, ("2.0.0", NEW)),
        plan: |state, intake, folder| {
            Ok(plan::update(state, &[offer(intake, folder, ("2.0.1", NEW))?])?)
        },
    },
    Scenario {
        name: "package-downgrade",
        prepare: |machine, folder| bring(machine, folder, ("2.0.1", NEW)),
        plan: |state, intake, folder| {
            Ok(plan::downgrade(state, &[offer(intake, folder, ("2.0.0", NEW))?])?)
        },
    },
    Scenario {
        name: "package-remove",
        prepare: |machine, folder| bring(machine, folder, ("2.0.0", NEW)),
        plan: |state, _, _| remove(state, "demo==2.0.0"),
    },
    Scenario {
        name: "old-to-new-links",
        prepare: |machine, folder| {
            bring(machine, folder, ("2.0.0", OLD));
            bring(machine, folder, ("2.0.1", NEW));
        },
        plan: |state, _, _| {
            let (name, to) = ("demo".parse().unwrap(), "2.0.1".parse().unwrap());
            Ok(plan::link(state, &name, &[], &to, Crossing::Refused)?)
        },
    },
];

fn three(machine: &Machine, folder: &Path) {
    for version in ["1.0.0", "1.0.1", "1.0.2"] {
        bring(machine, folder, (version, OLD));
    }
}

fn linked(machine: &Machine, folder: &Path) {
    three(machine, folder);
    machine.does(&|state, _| link(state));
}

fn bring(machine: &Machine, folder: &Path, what: (&str, Generation)) {
    machine.does(&|state, intake| install(state, intake, folder, what));
}

type Planned = Result<plan::Plan, Failed>;

fn install(state: &HostState, intake: &Intake, folder: &Path, what: (&str, Generation)) -> Planned {
    Ok(plan::install(state, &[offer(intake, folder, what)?], Strategy::Always)?)
}

fn offer(
    intake: &Intake,
    folder: &Path,
    (version, generation): (&str, Generation),
) -> Result<client::Offer, Failed> {
    let path: PathBuf = sample::package(folder, version, generation);
    Ok(intake.read(&path, Provenance::File(path.clone()))?)
}

fn remove(state: &HostState, text: &str) -> Planned {
    Ok(plan::remove(state, &[target(text)], RemoveOptions::default())?)
}

fn link(state: &HostState) -> Planned {
    let (name, to) = ("demo".parse().unwrap(), "1.0.2".parse().unwrap());
    Ok(plan::link(state, &name, &[], &to, Crossing::Refused)?)
}

fn unlink(state: &HostState, olds: &[&str]) -> Planned {
    let olds: Vec<_> = olds.iter().map(|old| old.parse().unwrap()).collect();
    Ok(plan::unlink(state, &"demo".parse().unwrap(), &olds)?)
}

fn target(text: &str) -> Target {
    Target::exact(text).unwrap()
}
