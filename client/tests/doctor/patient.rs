//! A host with an rpm database, a plugin that was updated, and legacy plugins of which one is a link.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use client::doctor::{self, Check, Diagnosis, Repaired};
use client::engine::{EngineError, News, Outcome, Request, change};
use client::host::{Backend, Host, Options};
use client::plan::{self, Crossing, Strategy};
use client::trust::{Allowances, Policy};
use client::{
    Call, Depth, HostState, Intake, OfferError, Places, Plan, Provenance, Question, Refusal,
};
use plugin::{Format, Generation, PLUGINS_ROOT};
use registry::store::Reader;
use tempfile::TempDir;
use tests::{DebianHost, RedHatHost};

use crate::sample;

/// Why a plan was not made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    #[error(transparent)]
    Offer(#[from] OfferError),
    #[error(transparent)]
    Refusal(#[from] Refusal),
}

/// A host below a temporary folder.
pub(crate) struct Patient {
    folder: TempDir,
    backend: Backend,
}

impl Patient {
    /// Makes a host with rpm that is well; `None`, aloud, where the right to use it is missing.
    pub(crate) fn new() -> Option<Self> {
        // The root has a shell, which packages need.
        let bare = RedHatHost::new();
        let patient = Self::like(&bare.root(), Backend::Rpm)?;
        patient.install("demo", "1.0.1", Generation::V4);
        patient.install("demo", "1.0.2", Generation::V4);
        for version in ["0.9.0", "1.0.0", "1.0.1"] {
            patient.install("old", version, Generation::V1);
        }
        patient.does(|state, _| {
            let (old, target) = ("1.0.0".parse().unwrap(), "1.0.1".parse().unwrap());
            Ok(plan::link(state, &"old".parse().unwrap(), &[old], &target, Crossing::default())?)
        });
        Some(patient)
    }

    /// Makes a host with dpkg and one plugin.
    pub(crate) fn debian() -> Option<Self> {
        let bare = DebianHost::new();
        let patient = Self::like(&bare.root(), Backend::Dpkg)?;
        patient.install("demo", "1.0.2", Generation::V4);
        Some(patient)
    }

    fn like(root: &Path, backend: Backend) -> Option<Self> {
        if !rustix::process::geteuid().is_root() {
            eprintln!("skipped: only root may use a package database");
            return None;
        }
        let patient = Self { folder: tempfile::tempdir().unwrap(), backend };
        run("cp", &["-a", root.to_str().unwrap(), patient.root().to_str().unwrap()]);
        fs_err::create_dir_all(patient.path("var/www/nailgun/plugins")).unwrap();
        Some(patient)
    }

    fn install(&self, name: &str, version: &str, generation: Generation) {
        let path = self.build(name, version, generation);
        self.does(|state, intake| {
            let offer = intake.read(&path, Provenance::File(path.clone()))?;
            Ok(plan::install(state, &[offer], Strategy::Upgrade)?)
        });
    }

    /// Returns another host that is the same.
    pub(crate) fn copy(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let from = self.folder.path().join(".");
        run("cp", &["-a", from.to_str().unwrap(), folder.path().to_str().unwrap()]);
        Self { folder, backend: self.backend }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    /// Returns where something is on the host.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    fn host(&self) -> Host {
        let options = Options {
            backend: Some(self.backend),
            patience: Duration::from_secs(5),
            ..Options::default()
        };
        Host::new(Places::new(&self.root(), PLUGINS_ROOT), options).unwrap()
    }

    /// Builds a package beside the host.
    pub(crate) fn build(&self, name: &str, version: &str, generation: Generation) -> PathBuf {
        let format = if generation.is_legacy() { Format::Fp } else { self.backend.format() };
        sample::package(self.folder.path(), name, version, (generation, format))
    }

    /// Returns where the RPM of a version was built.
    pub(crate) fn package(&self, version: &str) -> &'static str {
        let path = self.folder.path().join(format!("demo-1.0-{version}-1.noarch.rpm"));
        path.into_os_string().into_string().unwrap().leak()
    }

    /// Carries out a command.
    pub(crate) fn change(
        &self,
        plan: impl FnOnce(&HostState, &Intake) -> Result<Plan, Failed>,
        hear: &mut dyn FnMut(News<'_>),
    ) -> Result<Outcome, EngineError<Failed>> {
        change(&self.host(), &request(), plan, |_, _| Ok(true), hear)
    }

    #[track_caller]
    fn does(&self, plan: impl FnOnce(&HostState, &Intake) -> Result<Plan, Failed>) {
        self.change(plan, &mut |_| {}).unwrap();
    }

    /// Carries out every check but the one of who vouches: nobody does, for packages made here.
    pub(crate) fn diagnose(&self) -> Diagnosis {
        let mut checks = Check::ALL.to_vec();
        checks.retain(|check| *check != Check::Trust);
        let seen = doctor::examine(&self.host(), &request().question, &checks).unwrap();
        doctor::diagnose(&seen, &checks)
    }

    /// Returns what ails the host, a line each.
    pub(crate) fn ills(&self) -> Vec<String> {
        self.diagnose().ills().map(|ill| format!("{}: {}", ill.check, ill.sentence)).collect()
    }

    /// Mends what is wrong.
    pub(crate) fn repair(&self, diagnosis: &Diagnosis) -> Vec<Repaired> {
        doctor::repair(&self.host(), &request(), diagnosis, &mut |_| {})
    }

    /// Returns the registered plugins and their numbers.
    pub(crate) fn numbers(&self) -> Vec<String> {
        let reader = Reader::open(&self.path("var/lib/plugins/registry.db")).unwrap();
        let records = reader.records().unwrap();
        records.iter().map(|record| format!("{} {}", record.id, record.plugin.id)).collect()
    }

    /// Returns every file of plugins and of ours with its length, time and mode.
    pub(crate) fn listing(&self) -> BTreeMap<String, String> {
        let places = ["var/lib/plugins", "var/cache", "var/www"].map(|path| self.path(path));
        let words = places.iter().map(|path| path.to_str().unwrap());
        let words: Vec<&str> = words.chain(["-printf", "%p %y %s %T@ %m %l\\n"]).collect();
        let text = run("find", &words);
        let pair = |line: &str| {
            let (path, rest) = line.split_once(' ').unwrap();
            (path.to_owned(), rest.to_owned())
        };
        text.lines().map(pair).collect()
    }

    pub(crate) fn rpm(&self, words: &[&str]) {
        let root = self.root();
        let root = ["--root", root.to_str().unwrap(), "--nosignature"];
        run("rpm", &[&root[..], words].concat());
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        fs_err::write(self.path(path), text).unwrap();
    }

    pub(crate) fn remove_file(&self, path: &str) {
        fs_err::remove_file(self.path(path)).unwrap();
    }

    /// Removes a plugin's folder.
    pub(crate) fn remove_folder(&self, name: &str) {
        fs_err::remove_dir_all(self.path("var/www/nailgun/plugins").join(name)).unwrap();
    }

    pub(crate) fn chmod(&self, path: &str, mode: u32) {
        fs_err::set_permissions(self.path(path), PermissionsExt::from_mode(mode)).unwrap();
    }

    /// Changes the kept RPM of a version.
    pub(crate) fn spoil_kept(&self, version: &str) {
        let built = fs_err::read(self.package(version)).unwrap();
        for entry in fs_err::read_dir(self.path("var/cache/plugins/packages")).unwrap() {
            let path = entry.unwrap().path();
            if fs_err::read(&path).unwrap() == built {
                return fs_err::write(path, "spoilt").unwrap();
            }
        }
        panic!("version {version} is not kept");
    }
}

fn request() -> Request<'static> {
    let call = Call {
        time: "2026-02-03T04:05:06Z".parse().unwrap(),
        actor: "root".to_owned(),
        command: "plugins doctor --repair".to_owned(),
    };
    Request {
        question: Question {
            call,
            product: Some("9.0".to_owned()),
            depth: Depth::Packages,
            policy: Policy::Legacy,
            allowed: Allowances { unsigned: true, ..Allowances::default() },
        },
        dry_run: false,
        lock_timeout: Duration::from_secs(5),
        keep: client::kept::Limits { versions: 2, bytes: 1 << 30 },
        interrupted: &|| false,
    }
}

/// Runs a program and returns what it printed.
#[track_caller]
fn run(program: &str, words: &[&str]) -> String {
    #[expect(clippy::disallowed_methods, reason = "the test breaks the host behind its back")]
    let output = Command::new(program).args(words).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {words:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}
