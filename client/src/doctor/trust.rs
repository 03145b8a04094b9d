//! Whose packages the host takes, and whose it has: keys age, are taken back, and leave plugins behind.

use jiff::{SignedDuration, Timestamp};
use packaging::signature::{Certificate, Standing};
use registry::{Record, Voucher};

use super::packages::or_well;
use super::{Check, Examination, Finding, Severity};

/// A key that expires sooner is told of while there is time to renew it.
const SOON: SignedDuration = SignedDuration::from_hours(30 * 24);

/// D14. Only a person can say whom to trust.
pub(super) fn trust(seen: &Examination) -> Vec<Finding> {
    let trust = &seen.host.trust;
    let now = seen.host.call.time;
    let mut found = Vec::new();
    for one in trust.distrusted() {
        let path = one.path.display().to_string();
        found.push(warn(format!("{path} trusts nothing: {}", one.reason), path));
    }
    let mut nearest: Option<Timestamp> = None;
    for certificate in trust.keys().certificates() {
        let Some(standing) = trust.keys().standing(&certificate.fingerprint, now) else { continue };
        nearest = [nearest, standing.expires].into_iter().flatten().min();
        if let Some(problem) = problem(&standing, now) {
            let sentence = format!("key of {} {problem}", owner(&certificate));
            found.push(warn(sentence, certificate.fingerprint.to_string()));
        }
    }
    found.extend(seen.host.records.iter().filter_map(|record| voucher(seen, record, now)));
    or_well(found, Check::Trust, &well(seen, nearest, now))
}

/// Says what is the matter with a key, if anything is.
fn problem(standing: &Standing, now: Timestamp) -> Option<String> {
    if standing.is_revoked {
        return Some("is revoked".to_owned());
    }
    if let Some(end) = standing.expires.filter(|end| *end < now + SOON) {
        let verb = if end <= now { "expired" } else { "expires" };
        return Some(format!("{verb} on {}", end.strftime("%F")));
    }
    match &standing.weakness {
        Some(kind) => Some(format!("is {kind}, which is short; RSA 3072 and Ed25519 are not")),
        None => (!standing.can_sign).then(|| "cannot sign".to_owned()),
    }
}

/// Says whether nobody vouches for a plugin any more, or ever did.
fn voucher(seen: &Examination, record: &Record, now: Timestamp) -> Option<Finding> {
    let id = &record.plugin.id;
    let Voucher::Key(certificate) = &record.voucher else {
        let unsigned = record.voucher == Voucher::Unsigned;
        return unsigned.then(|| warn(format!("nobody vouches for {id}"), id.to_string()));
    };
    let fingerprint = certificate.as_str().parse().ok()?;
    let trust = &seen.host.trust;
    let why = match trust.keys().standing(&fingerprint, now) {
        None => "is not trusted any more",
        Some(standing) if standing.is_revoked => "is revoked",
        Some(_) if !trust.scope_of(&fingerprint).takes(&id.name) => {
            "is not trusted for it any more"
        }
        Some(_) => return None,
    };
    let key = fingerprint.short();
    Some(warn(format!("{id} came from key {key}, which {why}"), id.to_string()))
}

fn well(seen: &Examination, nearest: Option<Timestamp>, now: Timestamp) -> String {
    let count = seen.host.trust.keys().certificates().count();
    let noun = if count == 1 { "publisher" } else { "publishers" };
    match nearest {
        Some(end) => {
            let days = end.duration_since(now).as_hours() / 24;
            format!("{count} {noun}, nearest expiry in {days} days")
        }
        None => format!("{count} {noun}, none expires"),
    }
}

fn owner(certificate: &Certificate) -> String {
    let short = certificate.fingerprint.short();
    match certificate.user_ids.first() {
        Some(user_id) => format!("{user_id} {short}"),
        None => short,
    }
}

fn warn(sentence: String, subject: String) -> Finding {
    Finding::new(Check::Trust, Severity::Warn, sentence).about([subject])
}
