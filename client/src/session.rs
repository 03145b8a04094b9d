//! One call of the program: what was asked for, and the host that it is about.

mod conclusion;
mod given;

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use client::host::{self, Host};
use client::kept::Limits;
use client::trust::{Allowances, Policy, UnknownPolicy};
use client::{Call, Depth, HostState, Places, Plan, Question, Step, Trust};
use jiff::Timestamp;
use plugin::Format;
use registry::store::Reader;

use crate::cli::Options;
use crate::command::Reach;
use crate::environment::Environment;
use crate::failure::{Problem, general, machine};
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
        let backend = match settings.text("package-manager") {
            None | Some("auto") => None,
            Some(name) => Some(name.parse().map_err(|error: host::UnknownBackend| {
                Problem::from_error(general::SETTINGS, &error)
            })?),
        };
        let options = host::Options {
            backend,
            tools: settings.text("tools").map(PathBuf::from),
            arguments: settings.texts("package-manager-options").iter().map(Into::into).collect(),
            time_limit: Some(Duration::from_secs(settings.number("package-manager-timeout"))),
            patience: Duration::from_secs(settings.number("lock-timeout")),
            environment: self.environment.for_children().to_vec(),
        };
        Ok(Host::new(self.places(settings)?, options)?)
    }

    /// Returns the format that the host takes, where it says so: looking needs no package manager.
    pub(crate) fn format(&self, settings: &Settings) -> Option<Format> {
        self.host(settings).ok()?.backend().map(host::Backend::format)
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
    pub(crate) fn question(&self, settings: &Settings, depth: Depth) -> Result<Question, Problem> {
        let product = settings.text("product-version").map(str::to_owned);
        let policy = self.policy(settings)?;
        let allowed = Allowances::default();
        Ok(Question { call: self.call(), product, depth, policy, allowed })
    }

    /// Returns how strict the host is about who made packages.
    fn policy(&self, settings: &Settings) -> Result<Policy, Problem> {
        let word = settings.text("trust-policy").unwrap_or("strict");
        word.parse().map_err(|error: UnknownPolicy| Problem::from_error(general::SETTINGS, &error))
    }

    /// Reads whose packages the host takes.
    pub(crate) fn trust(&self, settings: &Settings) -> Result<Trust, Problem> {
        let (places, policy) = (self.places(settings)?, self.policy(settings)?);
        Trust::read(&places, policy, Allowances::default())
            .map_err(|error| Problem::from_error(general::FAILED, &error))
    }

    /// Reads the machine, for commands that change nothing.
    pub(crate) fn observe(
        &self,
        settings: &Settings,
        host: &Host,
        reader: &Reader,
        depth: Depth,
    ) -> Result<HostState, Problem> {
        Ok(client::observe(host, reader, self.question(settings, depth)?)?)
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
            match step {
                Step::Transact(transact) => lines.extend(host.command_lines(transact, files)?),
                Step::Purge { package } => lines.push(host.purge_line(package)?),
                _ => {}
            }
        }
        Ok(lines)
    }

    fn root(&self) -> Result<PathBuf, Problem> {
        let root = self.options.root.as_deref().unwrap_or(Path::new("/"));
        std::path::absolute(root).map_err(|error| Problem::from_error(general::FAILED, &error))
    }
}
