//! What repositories show now: read, held against what the host remembers, and remembered.
//!
//! Whoever only looks reads and judges; whoever changes something remembers too, before anything else,
//! so that what was seen once stays seen even if the change is declined.

use std::collections::BTreeSet;
use std::time::Duration;

use client::engine::{self, News};
use client::repository::{self, Address, Edition, Expiry, Notices, Side, Transport, may_speak};
use client::trust::{Policy, Trust};
use client::{Depth, Host, plan};
use console::{Report, Status};
use jiff::Timestamp;
use packaging::signature::Fingerprint;
use registry::Source;

use super::Reach;
use crate::failure::{self, Problem, source};
use crate::session::Session;
use crate::settings::Settings;

/// Who looks at repositories, and by what they are judged.
pub(super) struct Watch<'a> {
    session: &'a Session<'a>,
    settings: &'a Settings,
    host: &'a Host,
    /// What the host trusts.
    pub(super) trust: Trust,
    /// What it remembers.
    pub(super) sources: BTreeSet<Source>,
    /// The present.
    pub(super) now: Timestamp,
}

/// What repositories show, as far as it is believed.
#[derive(Default)]
pub(super) struct Shown {
    /// Each repository as it is to be remembered, and what it shows.
    pub(super) editions: Vec<(Source, Edition)>,
    /// All notices that the host believes.
    pub(super) notices: Notices,
    /// What the administrator should know: a lower-case clause each.
    pub(super) notes: Vec<String>,
}

impl<'a> Watch<'a> {
    /// Reads what the host trusts and remembers.
    pub(super) fn new(
        session: &'a Session<'a>,
        settings: &'a Settings,
        host: &'a Host,
    ) -> Result<Self, Problem> {
        let trust = session.trust(settings)?;
        let sources = session.reader(host.places())?.sources()?;
        // Nobody asks for more than the second.
        let now = Timestamp::from_second(session.call().time.as_second())
            .expect("a time without its fraction is one");
        Ok(Self { session, settings, host, trust, sources, now })
    }

    /// Returns the notices that were believed last.
    pub(super) fn notices(&self) -> Result<Notices, Problem> {
        Ok(Notices::read(self.host.places(), &self.sources, &may_speak(&self.trust))?)
    }

    /// Returns the repository that the host calls `name`.
    pub(super) fn source(&self, name: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.name == name)
    }

    /// Returns a way to repositories.
    pub(super) fn transport(&self) -> Transport {
        Transport::new(Duration::from_secs(self.settings.number("network-timeout")))
    }

    /// Says what becomes of an edition whose time is over.
    pub(super) fn expiry(&self) -> Expiry {
        if self.trust.policy == Policy::Strict { Expiry::Refuse } else { Expiry::Warn }
    }

    /// Returns who reads repositories on this host.
    pub(super) fn side(&self) -> Result<Side, Problem> {
        self.host.side().ok_or_else(|| {
            let message = "this host has no package manager that reads repositories";
            Problem::new(source::NO_REPOSITORIES, message)
        })
    }

    /// Reads what a repository shows, and says what is to be known of it, or why it is not believed.
    pub(super) fn look(
        &self,
        transport: &Transport,
        source: &Source,
    ) -> Result<(Edition, Vec<String>), Problem> {
        let address: Address = source.url.parse()?;
        let pinned = |key: &Fingerprint| {
            source.certificate.as_ref().is_some_and(|it| it.as_str() == key.as_str())
        };
        let keys = self.trust.keys().only(pinned);
        let edition = repository::read(transport, &address, self.side()?, &keys, self.now)
            .map_err(|error| named(error.into(), &source.name))?;
        let notes =
            repository::judge(&source.name, &edition, Some(source), self.now, self.expiry())?;
        Ok((edition, notes))
    }

    /// Reads what all repositories show. One that cannot be had is told, and what it showed last counts
    /// as long as it is valid; one that is not to be believed ends the command.
    pub(super) fn consult(&self) -> Result<Shown, Problem> {
        let mut shown = Shown { notices: self.notices()?, ..Shown::default() };
        if self.session.reach() == Reach::Offline || self.sources.is_empty() {
            return Ok(shown);
        }
        let transport = self.transport();
        for source in &self.sources {
            match self.look(&transport, source) {
                Ok((edition, notes)) => {
                    shown.notes.extend(notes);
                    shown.notices.renew(source, &edition, &may_speak(&self.trust));
                    let address: Address = source.url.parse()?;
                    shown
                        .editions
                        .push((edition.source(&source.name, &address, self.now), edition));
                }
                Err(problem) if problem.0.status == Status::PackageManager => {
                    shown.notes.push(format!("{problem}; last read on {}", source.checked));
                    shown.notes.extend(self.still_counts(source)?);
                }
                Err(problem) => return Err(problem),
            }
        }
        Ok(shown)
    }

    /// Says what is to be known of what a repository showed last, or why that does not count any more.
    fn still_counts(&self, source: &Source) -> Result<Option<String>, Problem> {
        let Some(until) = source.valid_until.filter(|until| *until < self.now) else {
            return Ok(None);
        };
        let over = repository::Outdated::Expired { name: source.name.clone(), until };
        match self.expiry() {
            Expiry::Refuse => Err(over.into()),
            Expiry::Warn => Ok(Some(over.to_string())),
        }
    }

    /// Has the package manager read what is shown, and remembers it.
    pub(super) fn remember(&self, editions: &[(Source, Edition)]) -> Result<(), Problem> {
        if self.session.options.dry_run || editions.is_empty() {
            return Ok(());
        }
        for (source, _) in editions {
            self.host.refresh(&source.name)?;
        }
        let shown: Vec<_> = editions
            .iter()
            .map(|(source, edition)| (source.clone(), edition.document.clone()))
            .collect();
        quietly(self.session, self.settings, self.host, &shown)
    }

    /// Makes sure that the package manager has read the very editions that were shown to us. Where it
    /// reads when it is told, and was not, that is only told.
    pub(super) fn compare(&self, shown: &mut Shown, told: Told) -> Result<(), Problem> {
        for (source, edition) in &shown.editions {
            let read = self.host.edition(&source.name, &source.url, &edition.suite)?;
            if read.is_some_and(|read| read.as_second() == edition.date.as_second()) {
                continue;
            }
            let name = &source.name;
            let read = read.map_or_else(|| "no edition".to_owned(), |it| format!("that of {it}"));
            let what = format!(
                "the package manager has {read} of repository `{name}`, which shows that of {}",
                edition.date
            );
            if told == Told::No && self.side()? == Side::Apt {
                shown.notes.push(format!("{what}: `plugins repo refresh {name}` has it read anew"));
            } else {
                return Err(Problem::new(source::MIXED, what));
            }
        }
        Ok(())
    }
}

/// Whether the package manager was told to read repositories anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Yes,
    No,
}

/// The notices that a change heeds.
pub(super) struct Heeded(Option<Notices>);

impl Heeded {
    /// Returns them. Those that lie on the host are read now, when what a killed command left is mended.
    pub(super) fn notices(&self, session: &Session<'_>) -> Result<Notices, Problem> {
        match &self.0 {
            Some(notices) => Ok(notices.clone()),
            None => known(session),
        }
    }
}

/// Finds out which notices a change is to heed. One that takes packages from repositories reads first
/// what they show now, and remembers it.
pub(super) fn heed(
    session: &Session<'_>,
    report: &mut Report,
    from_repositories: bool,
) -> Result<Heeded, Problem> {
    if !from_repositories {
        return Ok(Heeded(None));
    }
    let settings = session.settings()?;
    let host = session.host(&settings)?;
    let watch = match Watch::new(session, &settings, &host) {
        Err(problem) if problem.0.code == failure::registry::REGISTRY_INTERRUPTED.code => {
            mend(session, &settings, &host)?;
            Watch::new(session, &settings, &host)?
        }
        watch => watch?,
    };
    let mut shown = watch.consult()?;
    watch.remember(&shown.editions)?;
    let told = if session.options.dry_run { Told::No } else { Told::Yes };
    watch.compare(&mut shown, told)?;
    for note in &shown.notes {
        report.tell(&format!("note: {note}."));
    }
    Ok(Heeded(Some(shown.notices)))
}

/// Makes what a killed writer left readable: taking the lock and opening the registry does it.
fn mend(session: &Session<'_>, settings: &Settings, host: &Host) -> Result<(), Problem> {
    if session.options.dry_run { Ok(()) } else { quietly(session, settings, host, &[]) }
}

/// Remembers what was shown; there is nothing to ask, and nothing to tell.
fn quietly(
    session: &Session<'_>,
    settings: &Settings,
    host: &Host,
    shown: &[(Source, String)],
) -> Result<(), Problem> {
    let request = engine::Request {
        question: session.question(settings, Depth::Registry)?,
        dry_run: false,
        lock_timeout: Duration::from_secs(settings.number("lock-timeout")),
        keep: session.keep(settings),
        interrupted: &|| false,
    };
    engine::change::<Problem>(
        host,
        &request,
        |state, _| Ok(plan::remember(state, shown)),
        |_, _| Ok(true),
        &mut |_: News<'_>| {},
    )?;
    Ok(())
}

/// Returns the notices that were believed last, for whoever asks no repository.
pub(super) fn known(session: &Session<'_>) -> Result<Notices, Problem> {
    let settings = session.settings()?;
    let host = session.host(&settings)?;
    Watch::new(session, &settings, &host)?.notices()
}

/// Says which repository a problem is about.
fn named(mut problem: Problem, name: &str) -> Problem {
    problem.0.message = format!("{name}: {}", problem.0.message);
    problem
}
