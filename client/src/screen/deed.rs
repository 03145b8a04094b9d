//! One thing that a plan does, or a transaction did, in words.

use client::plan::advisory::Mended;
use client::trust::Scope;
use plugin::{PluginId, PluginName, Version};
use registry::history::{Event, Exception, State, Trust};
use registry::{Publisher, RecordId};
use serde_json::{Value, json};

/// What happened to one plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deed {
    /// What is done, in the imperative and as it reads when it is done.
    pub(crate) kind: Kind,
    /// The plugin.
    pub(crate) name: PluginName,
    /// Its version before, or what stands for one; empty where nothing was there.
    pub(crate) from: String,
    /// Its version after, or what stands for one; empty where nothing is there.
    pub(crate) to: String,
    /// Its number after, or before where it has none any more.
    pub(crate) record: Option<RecordId>,
    /// SHA-256 of the package that brings it.
    pub(crate) package: Option<String>,
    /// The notices about security that it mends.
    pub(crate) mended: Vec<String>,
}

/// What can happen to a plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Install,
    Update,
    Downgrade,
    Reinstall,
    Remove,
    Register,
    Unregister,
    Refresh,
    Missing,
    Link,
    Unlink,
    Hold,
    Unhold,
}

impl Kind {
    /// Returns the word for doing it, and the one for having done it.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Install => ("install", "installed"),
            Self::Update => ("update", "updated"),
            Self::Downgrade => ("downgrade", "downgraded"),
            Self::Reinstall => ("reinstall", "reinstalled"),
            Self::Remove => ("remove", "removed"),
            Self::Register => ("register", "registered"),
            Self::Unregister => ("unregister", "unregistered"),
            Self::Refresh => ("refresh", "refreshed"),
            Self::Missing => ("missing", "missing"),
            Self::Link => ("link", "linked"),
            Self::Unlink => ("unlink", "unlinked"),
            Self::Hold => ("hold", "held"),
            Self::Unhold => ("unhold", "unheld"),
        }
    }
}

/// Returns an event of the history in a few words; `None` where it says nothing.
pub(crate) fn past(event: &Event) -> Option<String> {
    match event {
        Event::Repaired { what } => Some(format!("repaired: {what}")),
        Event::Publisher { before, after } => published(before.as_ref(), after.as_ref()),
        Event::Source { after: Some(source), .. } => {
            Some(format!("added repository {}", source.name))
        }
        Event::Source { before, .. } => {
            before.as_ref().map(|source| format!("removed repository {}", source.name))
        }
        Event::Trusted(trust) => Some(format!("trusted {}", entrusted(trust))),
        Event::Distrusted(trust) => Some(format!("distrusted {}", entrusted(trust))),
        Event::Allowed { plugin, what } => Some(format!("allowed {plugin} {}", excepted(what))),
        other => Deed::of(other).map(|deed| format!("{} {}", deed.kind.words().1, deed.line())),
    }
}

fn published(before: Option<&Publisher>, after: Option<&Publisher>) -> Option<String> {
    match (before, after) {
        (_, Some(after)) => Some(format!("bound {} to {}", after.name, after.certificate)),
        (Some(before), None) => Some(format!("freed {} from {}", before.name, before.certificate)),
        (None, None) => None,
    }
}

/// Returns a certificate and what for; of a renewed one, that alone.
fn entrusted(trust: &Trust) -> String {
    let scope = Scope::of_words(&trust.scope);
    let plugins = if scope.plugins.is_empty() { String::new() } else { format!(" for {scope}") };
    let scripts = if scope.scripts { " with scripts of their own" } else { "" };
    format!("{}{plugins}{scripts}", trust.certificate)
}

fn excepted(what: &Exception) -> String {
    match what {
        Exception::Unsigned => "without a signature that is trusted".to_owned(),
        Exception::Scripts => "with scripts of its own".to_owned(),
        Exception::Publisher { to, .. } => format!("from another publisher, {to}"),
        Exception::Withdrawn { advisory } => format!("though {advisory} withdrew it"),
        Exception::Outdated => "from outdated metadata".to_owned(),
    }
}

impl Deed {
    /// Returns what an event says of a plugin; `None` where it is about none.
    pub(crate) fn of(event: &Event) -> Option<Self> {
        match event {
            Event::Plugin { before, after } => changed(before.as_ref(), after.as_ref()),
            Event::Link { before, after } => {
                let link = after.as_ref().or(before.as_ref())?;
                let kind = if after.is_some() { Kind::Link } else { Kind::Unlink };
                Some(Self::plain(kind, &link.name, &link.old, &format!("-> {}", link.target)))
            }
            Event::Held(hold) => Some(Self::plain(Kind::Hold, &hold.name, &hold.line, "")),
            Event::Unheld(hold) => Some(Self::plain(Kind::Unhold, &hold.name, &hold.line, "")),
            Event::Repaired { .. }
            | Event::Publisher { .. }
            | Event::Source { .. }
            | Event::Trusted(_)
            | Event::Distrusted(_)
            | Event::Allowed { .. } => None,
        }
    }

    fn plain(kind: Kind, name: &PluginName, from: &impl ToString, to: &str) -> Self {
        Self {
            kind,
            name: name.clone(),
            from: from.to_string(),
            to: to.to_owned(),
            record: None,
            package: None,
            mended: Vec::new(),
        }
    }

    /// Returns it with the notices about security that it mends.
    pub(crate) fn mending(self, mended: &Mended) -> Self {
        let ids = mended.get(&(self.name.clone(), self.to.clone())).cloned();
        Self { mended: ids.unwrap_or_default(), ..self }
    }

    /// Returns the word that a plan has for it.
    pub(crate) fn word(&self) -> &'static str {
        match self.kind {
            Kind::Update if !self.mended.is_empty() => "security",
            kind => kind.words().0,
        }
    }

    /// Returns the deed in columns: plugin, from, to.
    pub(crate) fn cells(&self) -> [String; 3] {
        let Self { kind, name, from, to, .. } = self;
        match kind {
            // A line has no version to come from.
            Kind::Hold | Kind::Unhold => [format!("{name}-{from}"), String::new(), String::new()],
            Kind::Unlink => [format!("{name}-{from}"), to.clone(), String::new()],
            Kind::Link => [format!("{name}-{from}"), String::new(), to.clone()],
            _ => [name.to_string(), from.clone(), to.clone()],
        }
    }

    /// Returns the deed in one line: `ldap 1.0.3 -> 1.0.4`.
    pub(crate) fn line(&self) -> String {
        let Self { name, from, to, .. } = self;
        match (self.kind, from.as_str(), to.as_str()) {
            (Kind::Link | Kind::Unlink, from, to) => format!("{name} {from} {to}"),
            (Kind::Hold | Kind::Unhold, line, _) => format!("{name}-{line}"),
            (_, "", version) | (_, version, "") => format!("{name} {version}"),
            (_, from, to) if from == to => format!("{name} {to}"),
            (_, from, to) => format!("{name} {from} -> {to}"),
        }
    }

    /// Returns the deed for machines.
    pub(crate) fn object(&self, changed: bool) -> Value {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        json!({
            "name": self.name,
            "action": self.kind.words().0,
            "from": text(&self.from),
            "to": text(self.to.trim_start_matches("-> ")),
            "id": self.record,
            "sha256": self.package,
            "advisories": self.mended,
            "changed": changed,
        })
    }
}

/// Returns that a plugin is as it was asked to be, for machines.
pub(crate) fn settled(plugin: &PluginId) -> Value {
    let version = &plugin.version;
    json!({
        "name": plugin.name, "action": null, "from": version, "to": version,
        "id": null, "sha256": null, "advisories": [], "changed": false,
    })
}

fn changed(before: Option<&State>, after: Option<&State>) -> Option<Deed> {
    let name = &after.or(before)?.plugin.name;
    let version = |state: Option<&State>| state.map(|state| state.plugin.version.clone());
    let (old, new) = (version(before), version(after));
    let shown = |version: Option<Version>| version.map(|it| it.to_string()).unwrap_or_default();
    let kind = kind(before, after);
    Some(Deed {
        kind,
        name: name.clone(),
        // What is registered is not there before, in the registry's eyes, nor after it is unregistered.
        from: if kind == Kind::Register { String::new() } else { shown(old) },
        to: if kind == Kind::Unregister { String::new() } else { shown(new) },
        record: after.and_then(|state| state.record).or(before.and_then(|state| state.record)),
        package: after.and_then(|state| state.package.clone()),
        mended: Vec::new(),
    })
}

fn kind(before: Option<&State>, after: Option<&State>) -> Kind {
    let is_installed = |state: Option<&State>| state.is_some_and(|state| state.installed);
    let is_registered = |state: Option<&State>| state.is_some_and(|s| s.record.is_some());
    match (is_installed(before), is_installed(after)) {
        (false, true) => Kind::Install,
        (true, false) if is_registered(after) => Kind::Missing,
        (true, false) => Kind::Remove,
        (false, false) if is_registered(after) => Kind::Missing,
        (false, false) => Kind::Unregister,
        (true, true) => {
            let version = |state: Option<&State>| state.map(|state| state.plugin.version.clone());
            match (is_registered(before), is_registered(after)) {
                _ if version(before) < version(after) => Kind::Update,
                _ if version(before) > version(after) => Kind::Downgrade,
                (false, true) => Kind::Register,
                (true, false) => Kind::Unregister,
                _ if before.map(|s| &s.package) == after.map(|s| &s.package) => Kind::Refresh,
                _ => Kind::Reinstall,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use plugin::Generation;
    use registry::Voucher;

    use super::*;

    fn state(version: &str, record: Option<i64>, installed: bool) -> State {
        let plugin = PluginId {
            name: "demo".parse().unwrap(),
            version: version.parse().unwrap(),
            generation: Generation::V4,
        };
        State {
            plugin,
            record: record.map(RecordId),
            installed,
            package: None,
            voucher: Voucher::Unknown,
        }
    }

    #[test]
    fn a_change_is_named_by_what_was_there_and_what_is() {
        let there = |version, record| Some(state(version, record, true));
        let gone = |version, record| Some(state(version, record, false));
        let table = [
            (None, there("1.0.1", Some(1)), "installed demo 1.0.1"),
            (there("1.0.1", Some(1)), there("1.0.2", Some(1)), "updated demo 1.0.1 -> 1.0.2"),
            (there("1.0.2", Some(1)), there("1.0.1", Some(1)), "downgraded demo 1.0.2 -> 1.0.1"),
            (there("1.0.1", Some(1)), None, "removed demo 1.0.1"),
            (there("1.0.1", None), there("1.0.1", Some(1)), "registered demo 1.0.1"),
            (there("1.0.1", Some(1)), there("1.0.1", None), "unregistered demo 1.0.1"),
            (there("1.0.1", Some(1)), there("1.0.1", Some(1)), "refreshed demo 1.0.1"),
            (there("1.0.1", Some(1)), gone("1.0.1", Some(1)), "missing demo 1.0.1"),
            (gone("1.0.1", Some(1)), None, "unregistered demo 1.0.1"),
            (gone("1.0.1", Some(1)), there("1.0.1", Some(1)), "installed demo 1.0.1"),
        ];
        for (before, after, expected) in table {
            let deed = Deed::of(&Event::Plugin { before, after }).unwrap();
            assert_eq!(format!("{} {}", deed.kind.words().1, deed.line()), expected);
        }
        assert_eq!(Deed::of(&Event::Plugin { before: None, after: None }), None);
    }

    #[test]
    fn the_registry_alone_gains_and_loses() {
        let (out, with) = (state("1.0.1", None, true), state("1.0.1", Some(1), true));
        let versions = |before: &State, after: &State| {
            let (before, after) = (Some(before.clone()), Some(after.clone()));
            let deed = Deed::of(&Event::Plugin { before, after }).unwrap();
            (deed.from, deed.to)
        };
        assert_eq!(versions(&out, &with), (String::new(), "1.0.1".to_owned()));
        assert_eq!(versions(&with, &out), ("1.0.1".to_owned(), String::new()));
    }
}
