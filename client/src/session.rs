//! One call of the program: what was asked for, and the host that it is about.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use client::engine::Outcome;
use client::host::{self, Backend, Host};
use client::kept::Limits;
use client::spec::{self, BadSpec};
use client::{Call, Depth, HostState, Places, Plan, Question, Refusal, Spec, Step, Target};
use console::{Report, Spelling, Status, Statuses};
use jiff::Timestamp;
use plugin::{Format, PluginId};
use registry::store::Reader;
use registry::{Record, RecordId};
use serde_json::Value as Json;

use crate::cli::Options;
use crate::command::Reach;
use crate::environment::Environment;
use crate::failure::{Problem, general, machine, refusal};
use crate::screen::{classic, plan};
use crate::settings::{Settings, Sources, Value};

/// How the historical spelling answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Classic {
    /// With tables and sentences.
    Text,
    /// With the server's answer as JSON.
    Json,
    /// With the server's answer as YAML.
    Yaml,
}

/// One call of the program.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    /// How carefully, and where.
    pub(crate) options: Options,
    /// How the historical spelling answers.
    pub(crate) classic: Classic,
    /// What the environment says.
    pub(crate) environment: &'a Environment,
    words: &'a [OsString],
}

impl<'a> Session<'a> {
    /// Returns the call that `words` made.
    pub(crate) fn new(
        options: Options,
        classic: Classic,
        words: &'a [OsString],
        environment: &'a Environment,
    ) -> Self {
        Self { options, classic, environment, words }
    }

    /// Reads the settings.
    pub(crate) fn settings(&self) -> Result<Settings, Problem> {
        let places = Places::new(&self.root()?, plugin::PLUGINS_ROOT);
        let sources = Sources {
            vendor: &places.defaults(),
            administrator: &places.settings(),
            only: self.options.config.as_deref(),
        };
        let mut settings = Settings::read(&sources, |name| self.environment.setting(name))?;
        if let Some(seconds) = self.options.lock_timeout {
            settings.flag("lock-timeout", Value::Number(seconds), "--lock-timeout");
        }
        Ok(settings)
    }

    /// Returns where things are.
    pub(crate) fn places(&self, settings: &Settings) -> Result<Places, Problem> {
        let plugins = settings.text("plugins-root").unwrap_or(plugin::PLUGINS_ROOT);
        Ok(Places::new(&self.root()?, plugins))
    }

    /// Returns the host.
    pub(crate) fn host(&self, settings: &Settings) -> Result<Host, Problem> {
        let options = host::Options {
            backend: backend(settings)?,
            tools: settings.text("tools").map(PathBuf::from),
            arguments: settings.texts("package-manager-options").iter().map(Into::into).collect(),
            time_limit: None,
            patience: Duration::from_secs(settings.number("lock-timeout")),
            environment: self.environment.for_children().to_vec(),
        };
        Ok(Host::new(self.places(settings)?, options)?)
    }

    /// Returns the format that the host takes, where it says so: looking needs no package manager.
    pub(crate) fn format(&self, settings: &Settings) -> Option<Format> {
        let backend = match backend(settings).ok()? {
            Some(chosen) => Some(chosen),
            None => Backend::of(&self.root().ok()?, settings.text("tools").map(Path::new)).ok()?,
        };
        backend.map(Backend::format)
    }

    /// Returns how many packages are kept.
    pub(crate) fn keep(&self, settings: &Settings) -> Limits {
        Limits { versions: settings.number("keep-versions"), bytes: settings.number("keep-size") }
    }

    /// Fails where the host lacks the package that the settings ask for: it is not one of the product's.
    pub(crate) fn require_package(&self, settings: &Settings, host: &Host) -> Result<(), Problem> {
        let Some(package) = settings.text("require-package") else { return Ok(()) };
        if host.has_package(package)? {
            return Ok(());
        }
        let message =
            format!("package `{package}` is not installed here, and the settings ask for it");
        Err(Problem::new(machine::WRONG_HOST, message).help("plugins config show --origin"))
    }

    /// Opens the registry for reading.
    pub(crate) fn reader(&self, places: &Places) -> Result<Reader, Problem> {
        Ok(Reader::open(&places.registry())?)
    }

    /// Returns who asks, when, for what.
    pub(crate) fn call(&self) -> Call {
        let quoted = |word: &OsString| {
            let text = word.to_string_lossy();
            // No argument has a NUL; only such a text cannot be quoted.
            shlex::try_quote(&text).map_or_else(|_| String::new(), Cow::into_owned)
        };
        let command = self.words.iter().map(quoted).collect::<Vec<_>>().join(" ");
        Call { time: Timestamp::now(), actor: self.environment.actor(), command }
    }

    /// Returns what is asked of the machine.
    pub(crate) fn question(&self, settings: &Settings, depth: Depth) -> Question {
        let product = settings.text("product-version").map(str::to_owned);
        Question { call: self.call(), product, depth }
    }

    /// Reads the machine, for commands that change nothing.
    pub(crate) fn observe(
        &self,
        settings: &Settings,
        host: &Host,
        reader: &Reader,
        depth: Depth,
    ) -> Result<HostState, Problem> {
        Ok(client::observe(host, reader, self.question(settings, depth))?)
    }

    /// Whether repositories may be asked.
    pub(crate) fn reach(&self) -> Reach {
        if self.options.offline { Reach::Offline } else { Reach::Online }
    }

    /// Returns the same call for a change that needs no consent; under `only_look` it is not made.
    pub(crate) fn unasked(&self, only_look: bool) -> Self {
        let mut options = self.options.clone();
        options.yes |= !options.assume_no;
        options.dry_run |= only_look;
        Self { options, ..*self }
    }

    /// Returns the command lines of a plan's calls of the package manager.
    pub(crate) fn command_lines(
        &self,
        host: &Host,
        plan: &Plan,
        files: &Path,
    ) -> Result<Vec<Vec<OsString>>, Problem> {
        let mut lines = Vec::new();
        for step in &plan.steps {
            if let Step::Transact(transact) = step {
                lines.extend(host.command_lines(transact, files)?);
            }
        }
        Ok(lines)
    }

    /// Returns what is `given` on the command line, then what stands in the file `list`.
    pub(crate) fn listed(
        &self,
        given: &[OsString],
        list: Option<&Path>,
    ) -> Result<Vec<OsString>, Problem> {
        let mut all = given.to_vec();
        let Some(list) = list else { return Ok(all) };
        let text = fs_err::read_to_string(list).map_err(|error| {
            let code = match error.kind() {
                io::ErrorKind::NotFound => general::NOT_FOUND,
                _ => general::FAILED,
            };
            Problem::from_error(code, &error)
        })?;
        let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
        let before = all.len();
        all.extend(lines.filter(|line| !line.is_empty()).map(OsString::from));
        if all.len() == before {
            let message = format!("`{}` names nothing", list.display());
            return Err(Problem::new(general::SPECIFICATION, message));
        }
        Ok(all)
    }

    /// Reads what administrators name packages and plugins by; in the historical spelling, a file.
    pub(crate) fn package_specs(
        &self,
        texts: &[OsString],
        report: &Report,
    ) -> Result<Vec<Spec>, Problem> {
        let read = |text: &OsString| match (text.to_str(), report.spelling()) {
            (Some(text), Spelling::Subcommand) => {
                Spec::parse(text).map_err(|error| malformed(&error, report))
            }
            _ => Ok(Spec::File(PathBuf::from(text))),
        };
        texts.iter().map(read).collect()
    }

    /// Reads names of plugins, which in the historical spelling are `NAME==VERSION` alone.
    pub(crate) fn targets(
        &self,
        texts: &[OsString],
        report: &Report,
    ) -> Result<Vec<Target>, Problem> {
        read_all(texts, report, |text| match report.spelling() {
            Spelling::Historical => Target::exact(text),
            Spelling::Subcommand => Target::parse(text),
        })
    }

    /// Reads names of plugins on the disk: `NAME==VERSION` or `NAME-LINE`.
    pub(crate) fn registrable(
        &self,
        texts: &[OsString],
        report: &Report,
    ) -> Result<Vec<Target>, Problem> {
        read_all(texts, report, Target::registrable)
    }

    /// Returns the numbers of the plugins that `targets` name, of all where there are none.
    pub(crate) fn records(
        &self,
        records: &[Record],
        targets: &[Target],
    ) -> Result<BTreeSet<RecordId>, Problem> {
        let mut found = BTreeSet::new();
        for target in targets {
            let before = found.len();
            let fitting = records.iter().filter(|record| target.fits(&record.plugin.id));
            found.extend(fitting.map(|record| record.id));
            if found.len() == before && !records.iter().any(|r| target.fits(&r.plugin.id)) {
                let known = records.iter().map(|record| record.plugin.id.name.as_str());
                let near = spec::nearest(target.name().as_str(), known);
                let near = near.and_then(|name| name.parse().ok());
                return Err(Refusal::NotRegistered { target: target.clone(), near }.into());
            }
        }
        Ok(found)
    }

    /// Ends a change as the original did: with a sentence about what was named, or with its server's
    /// answer.
    pub(crate) fn conclude(
        &self,
        report: &mut Report,
        given: &[OsString],
        done: &str,
        answer: &Json,
    ) {
        let given = given.first().map(|text| text.to_string_lossy()).unwrap_or_default();
        let given = console::printable::line(&given);
        self.answer(report, &format!("Plugin {given} was successfully {done}."), answer);
    }

    /// Ends a change as the original did; its server's answer is the plugin.
    pub(crate) fn conclude_with_plugin(
        &self,
        report: &mut Report,
        given: &[OsString],
        done: &str,
        outcome: &Outcome,
    ) -> Result<(), Problem> {
        if report.spelling() == Spelling::Subcommand {
            return Ok(());
        }
        let is_legacy = |plugin: &&PluginId| plugin.generation.is_legacy();
        if let Some(plugin) = outcome.plan.settled.iter().find(is_legacy) {
            let message = format!("nothing to do: {plugin} is registered already");
            return Err(Problem::new(refusal::ALREADY_THERE, message)
                .help("add `--force` to replace its files and its entry"));
        }
        let mut answer = Json::Null;
        if self.classic != Classic::Text {
            let records = self.reader(&self.places(&self.settings()?)?)?.records()?;
            let id = plan::subject(&outcome.plan);
            let record = id.and_then(|id| {
                records.iter().find(|record| {
                    record.plugin.id.name == id.name && record.plugin.id.version == id.version
                })
            });
            answer = record.map_or(Json::Null, classic::plugin);
        }
        self.conclude(report, given, done, &answer);
        Ok(())
    }

    /// Ends a call in the historical spelling.
    pub(crate) fn answer(&self, report: &mut Report, sentence: &str, answer: &Json) {
        if report.spelling() == Spelling::Subcommand || self.options.dry_run {
            return;
        }
        match self.classic {
            Classic::Text => report.success(sentence),
            Classic::Json => report.document(&classic::json(answer, 4)),
            Classic::Yaml => report.document(&classic::yaml(answer)),
        }
    }

    fn root(&self) -> Result<PathBuf, Problem> {
        let root = self.options.root.as_deref().unwrap_or(Path::new("/"));
        std::path::absolute(root).map_err(|error| Problem::from_error(general::FAILED, &error))
    }
}

/// Returns the package manager that the settings name.
fn backend(settings: &Settings) -> Result<Option<Backend>, Problem> {
    match settings.text("package-manager") {
        None | Some("auto") => Ok(None),
        Some(name) => name
            .parse()
            .map(Some)
            .map_err(|error: host::UnknownBackend| Problem::from_error(general::SETTINGS, &error)),
    }
}

fn read_all(
    texts: &[OsString],
    report: &Report,
    read: impl Fn(&str) -> Result<Target, BadSpec>,
) -> Result<Vec<Target>, Problem> {
    let read =
        |text: &OsString| read(&text.to_string_lossy()).map_err(|error| malformed(&error, report));
    texts.iter().map(read).collect()
}

/// Returns that a text names no plugin; scripts of old expect status 1 for it.
fn malformed(error: &dyn std::error::Error, report: &Report) -> Problem {
    let mut problem = Problem::from_error(general::SPECIFICATION, error);
    if report.statuses() == Statuses::Historical {
        problem.0.status = Status::Failed;
    }
    match report.spelling() {
        Spelling::Subcommand => problem,
        Spelling::Historical => problem.help("write NAME==VERSION: demo==1.0.2"),
    }
}
