//! From what the user named to packages that were taken in and judged: files as they are, names by way
//! of repositories and kept packages.

use std::collections::BTreeSet;
use std::path::Path;

use client::host::{self, Search};
use client::plan::{self, Available, Sought, Wanted, advisory};
use client::repository::Notices;
use client::trust::Allowances;
use client::{Host, Intake, Offer, Plan, Provenance, Spec, Target, Trust};
use plugin::{PluginId, PluginName, ReleaseLine, Version};
use registry::Plugin;

use super::Allow;
use super::change::{Desk, Draft};
use crate::failure::{Problem, general};

/// Where a version can be had.
enum Source {
    Repository(host::Available),
    Kept(client::KeptPackage),
}

/// Takes in a file that came from a repository.
type Take<'a> = dyn Fn(&Path, &Provenance) -> Result<Offer, Problem> + 'a;

/// Versions that can be had, each with its source.
#[derive(Default)]
struct Market {
    available: Vec<Available>,
    sources: Vec<Source>,
}

/// Whether repositories may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// They may.
    Online,
    /// They may not: `--offline`.
    Offline,
}

/// What a choice among versions heeds.
#[derive(Clone, Copy)]
pub(super) struct Choice<'a> {
    /// What is known to be wrong with versions.
    pub(super) notices: &'a Notices,
    /// What the command is allowed.
    pub(super) allowed: Allowances,
    /// Whether only fixes are wanted.
    pub(super) security: bool,
}

impl<'a> Choice<'a> {
    /// Heeds `notices`, unless what they withdraw is allowed.
    pub(super) fn of(notices: &'a Notices, allow: &Allow) -> Self {
        Self { notices, allowed: allow.allowances(), security: false }
    }

    /// Returns a plan with what it mends, unless it brings what is withdrawn.
    pub(super) fn draft(self, plan: Plan, offers: Vec<Offer>) -> Result<Draft, Problem> {
        let mended = advisory::mended(&plan, self.notices);
        Ok(Draft { plan: advisory::heed(plan, self.notices, self.allowed)?, offers, mended })
    }
}

/// Whether any of `specs` is to be had from a repository.
pub(super) fn any_by_name(specs: &[Spec]) -> bool {
    specs.iter().any(|spec| matches!(spec, Spec::Plugin(_)))
}

/// Returns the packages to install, and what to say of how they were chosen.
pub(super) fn to_install(
    desk: &Desk<'_>,
    specs: &[Spec],
    reach: Reach,
    choice: Choice<'_>,
) -> Result<(Vec<Offer>, Vec<String>), Problem> {
    let (mut offers, targets) = files(desk, specs)?;
    let mut notes = Vec::new();
    for target in &targets {
        let market = Market::open(desk.host, Search::Lines(target.name()), reach)?;
        let exactly = matches!(target, Target::Exact(..));
        let open = market.open_to(choice, exactly);
        let chosen = plan::choose_new(target, &open)?;
        if !exactly {
            notes.extend(market.passed_over(choice, &chosen.name, &chosen.version));
        }
        notes.extend(other_lines(target, chosen, &market.available));
        offers.push(market.bring(desk, chosen)?);
    }
    Ok((offers, notes))
}

/// Says which other lines there are of a plugin whose line was not named.
fn other_lines(target: &Target, chosen: &Available, available: &[Available]) -> Option<String> {
    let Target::Name(name) = target else { return None };
    let lines: BTreeSet<ReleaseLine> = available.iter().map(|one| one.version.line()).collect();
    let others = lines.into_iter().filter(|line| *line != chosen.version.line());
    let others: Vec<String> = others.map(|line| format!("{name}-{line}")).collect();
    let (name, line) = (&chosen.name, chosen.version.line());
    (!others.is_empty())
        .then(|| format!("{name}-{line} is the highest line; there is also {}", others.join(", ")))
}

/// Returns what repositories have.
pub(super) fn in_repositories(
    host: &Host,
    search: Search<'_>,
    reach: Reach,
) -> Result<Vec<Available>, Problem> {
    Ok(Market::open(host, search, reach)?.available)
}

/// Returns the packages to update to, and what to say of how they were chosen; without `specs`, for all
/// that is not held.
pub(super) fn to_update(
    desk: &Desk<'_>,
    specs: &[Spec],
    reach: Reach,
    choice: Choice<'_>,
) -> Result<(Vec<Offer>, Vec<String>), Problem> {
    let (mut offers, targets) = files(desk, specs)?;
    let mut notes = Vec::new();
    if !offers.is_empty() && targets.is_empty() {
        return Ok((offers, notes));
    }
    let mut wanted = plan::what_to_update(desk.state, &targets)?;
    if choice.security {
        wanted = advisory::in_need(wanted, choice.notices);
    }
    let market = Market::open(desk.host, Search::Packages(&packages(&wanted)), reach)?;
    for one in &wanted {
        let open = market.open_to(choice, one.exactly.is_some());
        let chosen = plan::choose_higher(one, &open)?;
        let from = chosen.map_or(&one.installed, |chosen| &chosen.version);
        notes.extend(market.passed_over(choice, &one.name, from));
        let mended = |version| choice.notices.mended(&one.name, &one.installed, version);
        match chosen {
            Some(chosen) if !choice.security || !mended(&chosen.version).is_empty() => {
                offers.push(market.bring(desk, chosen)?);
            }
            _ if choice.security => {
                let ids = choice.notices.open(&one.name, &one.installed);
                let ids: Vec<_> = ids.iter().map(|advisory| advisory.id.as_str()).collect();
                let (name, line, ids) = (&one.name, one.line, ids.join(", "));
                notes.push(format!("no repository has what mends {ids} of {name}-{line}"));
            }
            _ => {}
        }
    }
    Ok((offers, notes))
}

/// Returns the packages to go back to.
pub(super) fn to_downgrade(
    desk: &Desk<'_>,
    specs: &[Spec],
    reach: Reach,
) -> Result<Vec<Offer>, Problem> {
    let (mut offers, targets) = files(desk, specs)?;
    if targets.is_empty() {
        return Ok(offers);
    }
    let wanted = plan::what_to_update(desk.state, &targets)?;
    let mut market = Market::kept(desk);
    // What is kept needs no repository, and one that cannot be reached is no hindrance then.
    let lacking = wanted.iter().filter(|one| plan::choose_lower(one, &market.available).is_err());
    let lacking: Vec<_> = lacking.map(|one| one.package.clone()).collect();
    market.extend(Market::open(desk.host, Search::Packages(&lacking), reach)?);
    for one in &wanted {
        let chosen = plan::choose_lower(one, &market.available)?;
        offers.push(market.bring(desk, chosen)?);
    }
    Ok(offers)
}

/// Returns what the metadata says of versions that are higher than `registered` and on their lines.
pub(super) fn higher(
    host: &Host,
    trust: &Trust,
    registered: &[&PluginId],
    reach: Reach,
) -> Result<Vec<Plugin>, Problem> {
    let intake = Intake::temporary(host.places(), trust)
        .map_err(|error| Problem::from_error(general::FAILED, &error))?;
    let mut plugins = Vec::new();
    for id in registered.iter().filter(|id| !id.generation.is_legacy()) {
        let market = Market::open(host, Search::Lines(&id.name), reach)?;
        let above = |one: &&Available| one.version.line() == id.line() && one.version > id.version;
        for one in market.available.iter().filter(above) {
            let take =
                |path: &Path, provenance: &Provenance| Ok(intake.read(path, provenance.clone())?);
            plugins.push(market.fetch(host, &intake, one, &take)?.plugin);
        }
    }
    Ok(plugins)
}

/// Returns those of the packages `sought` that are kept, or can be had from a repository.
pub(super) fn to_restore(
    desk: &Desk<'_>,
    sought: &[Sought],
    reach: Reach,
) -> Result<Vec<Offer>, Problem> {
    let mut offers = Vec::new();
    for one in sought {
        let kept = desk.state.kept.iter().find(|kept| Some(&kept.sha256) == one.sha256.as_ref());
        if let Some(kept) = kept {
            offers.push(desk.intake.kept(kept)?);
            continue;
        }
        if one.plugin.generation.is_legacy() {
            // Repositories have none.
            continue;
        }
        let market = Market::open(desk.host, Search::Lines(&one.plugin.name), reach)?;
        let right = |available: &&Available| available.version == one.plugin.version;
        if let Some(chosen) = market.available.iter().find(right) {
            offers.push(market.bring(desk, chosen)?);
        }
    }
    Ok(offers)
}

/// Takes in the files among `specs`, and returns the rest.
fn files(desk: &Desk<'_>, specs: &[Spec]) -> Result<(Vec<Offer>, Vec<Target>), Problem> {
    let (mut offers, mut targets) = (Vec::new(), Vec::new());
    for spec in specs {
        match spec {
            Spec::File(path) => {
                offers.push(desk.take_in(path, &Provenance::File(path.clone()))?);
            }
            Spec::Plugin(target) => targets.push(target.clone()),
        }
    }
    Ok((offers, targets))
}

fn packages(wanted: &[Wanted]) -> Vec<String> {
    wanted.iter().map(|one| one.package.clone()).collect()
}

impl Market {
    /// Asks repositories for `packages`.
    fn open(host: &Host, search: Search<'_>, reach: Reach) -> Result<Self, Problem> {
        let mut market = Self::default();
        if reach == Reach::Offline {
            return Ok(market);
        }
        for found in host.available(search)? {
            if let Some(available) = read(&found) {
                market.add(available, Source::Repository(found));
            }
        }
        Ok(market)
    }

    /// Returns what is kept on the host.
    fn kept(desk: &Desk<'_>) -> Self {
        let mut market = Self::default();
        for kept in &desk.state.kept {
            let available = Available {
                name: kept.plugin.name.clone(),
                version: kept.plugin.version.clone(),
                package_version: kept.plugin.version.to_string(),
                repository: "kept".to_owned(),
            };
            market.add(available, Source::Kept(kept.clone()));
        }
        market
    }

    /// Returns the versions that may be chosen: withdrawn ones are passed over, unless one was asked for
    /// exactly.
    fn open_to(&self, choice: Choice<'_>, exactly: bool) -> Vec<Available> {
        let may = |one: &&Available| {
            exactly || advisory::may_be_chosen(one, choice.notices, choice.allowed)
        };
        self.available.iter().filter(may).cloned().collect()
    }

    /// Says which versions above `from` were passed over.
    fn passed_over(&self, choice: Choice<'_>, name: &PluginName, from: &Version) -> Vec<String> {
        let better = |one: &&Available| {
            one.name == *name && one.version.line() == from.line() && one.version > *from
        };
        let withdrawn =
            |one: &&Available| !advisory::may_be_chosen(one, choice.notices, choice.allowed);
        let passed = self.available.iter().filter(better).filter(withdrawn);
        passed
            .map(|one| format!("{name} {} is withdrawn and was passed over", one.version))
            .collect()
    }

    fn add(&mut self, available: Available, source: Source) {
        self.available.push(available);
        self.sources.push(source);
    }

    fn extend(&mut self, other: Self) {
        self.available.extend(other.available);
        self.sources.extend(other.sources);
    }

    /// Brings what was chosen here and has it judged.
    fn bring(&self, desk: &Desk<'_>, chosen: &Available) -> Result<Offer, Problem> {
        let take = |path: &Path, provenance: &Provenance| desk.take_in(path, provenance);
        self.fetch(desk.host, desk.intake, chosen, &take)
    }

    /// Brings what was chosen here and has `take` judge what came from a repository.
    fn fetch(
        &self,
        host: &Host,
        intake: &Intake,
        chosen: &Available,
        take: &Take<'_>,
    ) -> Result<Offer, Problem> {
        let at = self.available.iter().position(|one| one == chosen);
        match &self.sources[at.expect("what was chosen is from this market")] {
            Source::Kept(kept) => Ok(intake.kept(kept)?),
            Source::Repository(found) => {
                let file = host.fetch(found, intake.folder())?;
                let provenance = Provenance::Repository(found.repository.clone());
                take(&file, &provenance)
            }
        }
    }
}

/// Reads a repository's package; `None` for a version that is no plugin's.
fn read(found: &host::Available) -> Option<Available> {
    let (version, _release) = found.version.rsplit_once('-')?;
    Some(Available {
        name: found.plugin.clone(),
        version: version.replace('~', "").parse().ok()?,
        package_version: found.version.clone(),
        repository: found.repository.clone(),
    })
}
