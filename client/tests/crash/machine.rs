//! A root folder with its own package database, plugins and registry.

use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use client::engine::{EngineError, News, Outcome, Request, change};
use client::host::{Backend, Host, Options};
use client::trust::{Allowances, Policy};
use client::{
    Call, Depth, HostState, Intake, Journal, OfferError, Places, Plan, Question, Refusal,
};
use plugin::PLUGINS_ROOT;
use registry::history::{Filter, Transaction};
use registry::store::Reader;

/// rpm, for a machine without a shell: scripts of packages have nothing to run them.
const RPM: &str = "\
#!/bin/sh
case \" $* \" in
*' -U '* | *' -e '*) exec /usr/bin/rpm --nodeps --noscripts \"$@\" ;;
*) exec /usr/bin/rpm \"$@\" ;;
esac
";

/// Why a sample command makes no plan.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    #[error(transparent)]
    Offer(#[from] OfferError),
    #[error(transparent)]
    Refusal(#[from] Refusal),
}

/// A command's planner.
pub(crate) type Planner<'a> = dyn Fn(&HostState, &Intake) -> Result<Plan, Failed> + 'a;

/// A machine below a folder.
#[derive(Debug)]
pub(crate) struct Machine {
    root: PathBuf,
}

impl Machine {
    /// Makes an empty machine below `root`.
    pub(crate) fn new(root: PathBuf) -> Self {
        fs_err::create_dir_all(root.join("var/www/nailgun/plugins")).unwrap();
        let rpm = root.join("tools/rpm");
        fs_err::create_dir_all(root.join("tools")).unwrap();
        fs_err::write(&rpm, RPM).unwrap();
        fs_err::set_permissions(&rpm, PermissionsExt::from_mode(0o755)).unwrap();
        Self { root }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn places(&self) -> Places {
        Places::new(&self.root, PLUGINS_ROOT)
    }

    pub(crate) fn host(&self) -> Host {
        let options = Options {
            backend: Some(Backend::Rpm),
            tools: Some(self.root.join("tools")),
            patience: Duration::from_secs(5),
            ..Options::default()
        };
        Host::new(self.places(), options).unwrap()
    }

    /// Copies the machine to `root`, times and all.
    pub(crate) fn copy(&self, root: &Path) -> Self {
        let mut command = command("cp");
        let status = command.arg("-a").arg(&self.root).arg(root).status().unwrap();
        assert!(status.success());
        Self { root: root.to_owned() }
    }

    /// Carries out a command; `hear` may cut it off.
    pub(crate) fn carry_out(
        &self,
        plan: &Planner<'_>,
        hear: &mut dyn FnMut(News<'_>),
    ) -> Result<Outcome, EngineError<Failed>> {
        change(&self.host(), &request(), plan, |_, _| Ok(true), hear)
    }

    /// Makes a command's plan and no more.
    pub(crate) fn rehearse(&self, plan: &Planner<'_>) -> Result<Outcome, EngineError<Failed>> {
        let request = Request { dry_run: true, ..request() };
        change(&self.host(), &request, plan, |_, _| Ok(true), &mut |_| {})
    }

    /// Carries out a command that succeeds.
    #[track_caller]
    pub(crate) fn does(&self, plan: &Planner<'_>) -> Outcome {
        match self.carry_out(plan, &mut |_| {}) {
            Ok(outcome) => outcome,
            Err(error) => panic!("{error:?}"),
        }
    }

    /// Recovers from a command that was cut off, and gives it again unless it has been finished since
    /// `start`.
    pub(crate) fn recover(&self, plan: &Planner<'_>, start: &Self) {
        let pending = Journal::of(&self.places()).pending().unwrap();
        let nothing = |state: &HostState, _: &Intake| Ok(client::plan::hold(state, &[])?);
        let outcome = self.does(&nothing);
        assert_eq!(outcome.recovered.is_some(), pending.is_some());
        if self.next_transaction() == start.next_transaction() {
            self.does(plan);
        }
    }

    fn next_transaction(&self) -> Transaction {
        Reader::open(&self.places().registry()).unwrap().next_transaction().unwrap()
    }

    /// Describes all that counts, and makes sure that nothing else is left.
    pub(crate) fn snapshot(&self) -> BTreeMap<String, String> {
        let places = self.places();
        let mut found = BTreeMap::new();
        for folder in [places.plugins().to_owned(), places.state().join("attic"), places.kept()] {
            self.list(&folder, &mut found);
        }
        assert!(!places.journal().exists(), "a journal is left");
        let incoming = fs_err::read_dir(places.incoming()).map_or(0, Iterator::count);
        assert_eq!(incoming, 0, "packages are left");
        let left = |path: &String| path.contains("attic/staged/") || path.contains("attic/trash/");
        assert!(!found.keys().any(left), "{found:?}");
        let reader = Reader::open(&places.registry()).unwrap();
        for mut record in reader.records().unwrap() {
            let fingerprint = record.fingerprint.take().is_some();
            found.insert(format!("record {}", record.id), format!("{fingerprint} {record:?}"));
        }
        found.insert("links".into(), format!("{:?}", reader.links().unwrap()));
        found.insert("holds".into(), format!("{:?}", reader.holds().unwrap()));
        found
            .insert("history".into(), format!("{:?}", reader.history(&Filter::default()).unwrap()));
        assert!(reader.verify_history().unwrap().is_empty());
        found.insert("packages".into(), format!("{:?}", self.host().packages().unwrap()));
        found
    }

    fn list(&self, path: &Path, found: &mut BTreeMap<String, String>) {
        let Ok(metadata) = fs_err::symlink_metadata(path) else { return };
        let (mode, time) = (metadata.mode(), metadata.mtime());
        let text = if metadata.is_dir() {
            let mut entries: Vec<_> = fs_err::read_dir(path).unwrap().collect();
            entries.drain(..).for_each(|entry| self.list(&entry.unwrap().path(), found));
            format!("{mode:o}")
        } else if metadata.is_symlink() {
            format!("-> {}", fs_err::read_link(path).unwrap().display())
        } else if path.starts_with(self.places().plugins()) {
            format!("{mode:o} {time} {}", fs_err::read_to_string(path).unwrap())
        } else {
            format!("{mode:o} {}", metadata.len())
        };
        let name = path.strip_prefix(&self.root).unwrap().to_str().unwrap().to_owned();
        found.insert(name, text);
    }
}

/// A program of the tests' machine.
pub(crate) fn command(program: &str) -> std::process::Command {
    #[expect(clippy::disallowed_methods, reason = "the tests' own tools")]
    std::process::Command::new(program)
}

fn request() -> Request<'static> {
    let call = Call {
        time: "2026-11-21T12:00:00Z".parse().unwrap(),
        actor: "root".to_owned(),
        command: "plugins sample".to_owned(),
    };
    Request {
        question: Question {
            call,
            product: None,
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
