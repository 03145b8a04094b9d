//! Whose packages the host takes, changed: keys come with a scope, and go from all files or from some.
//!
//! A certificate that goes is put by in the state folder, so that an undo can bring it back.

use packaging::signature::{Fingerprint, TrustStore};
use registry::history::{Event, Trust as Entrusted};
use registry::{Certificate, Voucher};

use super::draft::Draft;
use super::{Plan, Refusal, Step};
use crate::HostState;
use crate::trust::{Home, KeyFile, Pattern, Scope};

/// Decides how to trust certificates for the plugins of a scope.
pub fn entrust(state: &HostState, keys: &TrustStore, scope: &Scope) -> Result<Plan, Refusal> {
    let mut draft = Draft::new(state);
    for certificate in keys.certificates() {
        let fingerprint = certificate.fingerprint;
        let own = if scope.scripts { "+scripts" } else { "" };
        let home = home(state, &format!("{fingerprint}{own}"), scope);
        let own = keys.only(|one| *one == fingerprint);
        add(&mut draft, &home, &own, scope);
    }
    draft.finish()
}

/// Decides how to trust certificates no more: for all plugins, or for those of one pattern.
pub fn distrust(
    state: &HostState,
    certificates: &[Fingerprint],
    pattern: Option<&Pattern>,
) -> Result<Plan, Refusal> {
    let mut draft = Draft::new(state);
    for certificate in certificates {
        let files = || state.trust.files().iter().filter(|file| file.has(certificate));
        match pattern {
            None => files().for_each(|file| take(&mut draft, file, certificate)),
            Some(pattern) => {
                let has = |file: &&KeyFile| file.scope.plugins.contains(pattern);
                if let Some(wider) = files().find_map(|file| file.scope.wider(pattern)) {
                    let (pattern, wider) = (pattern.to_string(), wider.to_string());
                    let refusal = Refusal::WiderScope { pattern, wider };
                    if files().find(has).is_none() {
                        return Err(refusal);
                    }
                    draft.note(refusal.to_string());
                }
                files().filter(has).for_each(|file| narrow(&mut draft, file, certificate, pattern));
            }
        }
        tell_what_stays(&mut draft, certificate);
    }
    draft.finish()
}

/// Says what goes on although a certificate is trusted no more.
fn tell_what_stays(draft: &mut Draft<'_>, certificate: &Fingerprint) {
    let key = certificate.short();
    for plugin in brought_by(draft.host, certificate) {
        draft.note(format!("{plugin} came from {key} and stays; `plugins remove` takes it away"));
    }
    let same = |held: &Certificate| held.as_str() == certificate.as_str();
    // The package manager goes on with a key of its own.
    for source in draft.host.sources.iter().filter(|it| it.certificate.as_ref().is_some_and(same)) {
        let name = &source.name;
        draft.note(format!(
            "repository {name} still takes what that key signs; `plugins repo remove {name}` forgets both"
        ));
    }
}

/// Returns the plugins that a certificate has vouched for and that are registered.
pub fn brought_by(state: &HostState, certificate: &Fingerprint) -> Vec<plugin::PluginId> {
    let by = |voucher: &Voucher| matches!(voucher, Voucher::Key(key) if key.as_str() == certificate.as_str());
    let records = state.records.iter().filter(|record| by(&record.voucher));
    records.map(|record| record.plugin.id.clone()).collect()
}

/// Reverses that a certificate was trusted.
pub(super) fn untrust(draft: &mut Draft<'_>, event: &Entrusted) {
    let Some((home, certificate)) = named(event) else { return };
    let files = draft.host.trust.files();
    let Some(file) = files.iter().find(|file| file.home == home && file.has(&certificate)) else {
        return;
    };
    let gone = Scope::of_words(&event.scope).plugins;
    if gone.is_empty() {
        // A renewed certificate stays: it may know of a revocation.
        return;
    }
    let rest = file.scope.beyond(&gone).plugins;
    if rest.is_empty() || matches!(home, Home::Plugin(_)) {
        take(draft, file, &certificate);
    } else {
        rewrite(draft, file, &certificate, rest);
    }
}

/// Reverses that a certificate was trusted no more.
pub(super) fn trust_again(draft: &mut Draft<'_>, event: &Entrusted) -> Result<(), Refusal> {
    let lost = || Refusal::KeyGone { certificate: event.certificate.to_string() };
    let (home, certificate) = named(event).ok_or_else(lost)?;
    let keys = draft.host.trust.put_by().only(|one| *one == certificate);
    if keys.is_empty() {
        return Err(lost());
    }
    let scope = Scope::of_words(&event.scope);
    let home = match home {
        Home::Plugin(_) => home,
        Home::Named(name) => self::home(draft.host, &name, &scope),
    };
    add(draft, &home, &keys, &scope);
    Ok(())
}

/// Returns the file for a scope. A scope allows scripts for all its plugins, so that those of one that
/// does and of one that does not stand in two files, also where somebody has edited one of them.
fn home(state: &HostState, name: &str, scope: &Scope) -> Home {
    let further = (2..).map(|number| Home::Named(format!("{name}+{number}")));
    let fits = |home: &Home| {
        let mut files = state.trust.files().iter();
        files.find(|file| file.home == *home).is_none_or(|it| it.scope.scripts == scope.scripts)
    };
    let mut homes = std::iter::once(Home::Named(name.to_owned())).chain(further);
    homes.find(fits).expect("there are fewer files than numbers")
}

fn named(event: &Entrusted) -> Option<(Home, Fingerprint)> {
    let home = Home::of_place(event.place.to_str()?)?;
    Some((home, event.certificate.as_str().parse().ok()?))
}

/// Adds certificates to a file, and plugins to its scope.
fn add(draft: &mut Draft<'_>, home: &Home, keys: &TrustStore, scope: &Scope) {
    let present = draft.host.trust.files().iter().find(|file| file.home == *home);
    let mut all = present.map(|file| file.keys.clone()).unwrap_or_default();
    // They may know of a revocation that the file does not.
    all.extend(keys).expect("one certificate can be put together with itself");
    let before = present.map(|file| file.scope.clone()).unwrap_or_default();
    let sum = before.and(scope);
    if present.is_some_and(|file| text(&file.keys) == text(&all) && file.scope == sum) {
        return;
    }
    write(draft, home, Some(&all), Some(&sum));
    for certificate in keys.certificates() {
        let had = present.filter(|file| file.has(&certificate.fingerprint));
        let fresh = scope.beyond(had.map_or(&[], |file| &file.scope.plugins));
        draft.event(Event::Trusted(entrusted(home, &certificate.fingerprint, &fresh)));
    }
}

/// Takes a certificate from a file, and the file with its last one.
fn take(draft: &mut Draft<'_>, file: &KeyFile, certificate: &Fingerprint) {
    let rest = file.keys.only(|one| one != certificate);
    put_by(draft, file, certificate);
    if rest.is_empty() {
        write(draft, &file.home, None, None);
    } else {
        write(draft, &file.home, Some(&rest), Some(&file.scope));
    }
    draft.event(Event::Distrusted(entrusted(&file.home, certificate, &file.scope)));
}

/// Takes one pattern from what a certificate is trusted for.
fn narrow(draft: &mut Draft<'_>, file: &KeyFile, certificate: &Fingerprint, pattern: &Pattern) {
    let rest = file.scope.beyond(std::slice::from_ref(pattern)).plugins;
    if rest.is_empty() {
        take(draft, file, certificate);
    } else {
        put_by(draft, file, certificate);
        rewrite(draft, file, certificate, rest);
    }
}

/// Gives a file another scope. The other certificates in it lose the same.
fn rewrite(
    draft: &mut Draft<'_>,
    file: &KeyFile,
    certificate: &Fingerprint,
    plugins: Vec<Pattern>,
) {
    let gone = file.scope.beyond(&plugins);
    let scope = Scope { plugins, scripts: file.scope.scripts };
    write(draft, &file.home, Some(&file.keys), Some(&scope));
    draft.event(Event::Distrusted(entrusted(&file.home, certificate, &gone)));
}

fn put_by(draft: &mut Draft<'_>, file: &KeyFile, certificate: &Fingerprint) {
    let keys = file.keys.only(|one| one == certificate);
    let path = draft.host.trust.put_by_path(certificate);
    draft.place(Step::Place { path, content: Some(text(&keys)) });
}

/// A key without its scope trusts nothing, so that the scope comes last and goes first.
fn write(draft: &mut Draft<'_>, home: &Home, keys: Option<&TrustStore>, scope: Option<&Scope>) {
    let path = draft.host.trust.path(&home.place());
    let keys = Step::Place { path, content: keys.map(text) };
    let scope = home.scope_place().map(|place| Step::Place {
        path: draft.host.trust.path(&place),
        content: scope.map(Scope::text),
    });
    let removes = matches!(keys, Step::Place { content: None, .. });
    let steps = if removes { [scope, Some(keys)] } else { [Some(keys), scope] };
    steps.into_iter().flatten().for_each(|step| draft.place(step));
}

fn entrusted(home: &Home, certificate: &Fingerprint, scope: &Scope) -> Entrusted {
    let certificate: Certificate =
        certificate.as_str().parse().expect("a certificate has a whole fingerprint");
    Entrusted { certificate, scope: scope.words(), place: home.place().into() }
}

fn text(keys: &TrustStore) -> String {
    let bytes = keys.armored().expect("memory takes it");
    String::from_utf8(bytes).expect("armor is ASCII")
}
