//! First contact: whether a key is to be trusted that the host has never seen.

use client::repository::Contact;
use client::trust::Scope;
use console::{Answer, Confirmation, Report};
use packaging::signature::Fingerprint;

use crate::command::change::watch;
use crate::failure::{Problem, general, source};
use crate::session::Session;

/// How a key was agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agreement {
    /// Somebody looked at it and said yes.
    Asked,
    /// Its fingerprint was given, or nothing is changed.
    Given,
}

/// Shows a key in full and asks whether it is the right one; `--yes` is no answer to that.
pub(super) fn accept(
    session: &Session<'_>,
    report: &mut Report,
    contact: &Contact,
    scope: &Scope,
    given: Option<&Fingerprint>,
) -> Result<Agreement, Problem> {
    let fingerprint = &contact.certificate.fingerprint;
    if let Some(given) = given {
        if given == fingerprint {
            return Ok(Agreement::Given);
        }
        let message = format!("the key is {fingerprint}, not {given}");
        return Err(Problem::new(source::UNACCEPTED, message));
    }
    report.tell(&format!("key:         {}", spaced(fingerprint.as_str())));
    for user_id in &contact.certificate.user_ids {
        report.tell(&format!("of:          {user_id}"));
    }
    report.tell(&format!("made:        {}", contact.certificate.created));
    report.tell(&format!("trusted for: {scope}"));
    if session.options.dry_run {
        return Ok(Agreement::Given);
    }
    if session.options.assume_no {
        return Err(Problem::new(general::DECLINED, "not done: the answer was no"));
    }
    let question = "Compare the key with what its owner told you. Trust it?";
    match report.confirm(question, Answer::No, &watch()?)? {
        Confirmation::Yes => Ok(Agreement::Asked),
        Confirmation::No => Err(Problem::new(general::DECLINED, "not done: the answer was no")),
        Confirmation::Interrupted => {
            Err(Problem::new(general::INTERRUPTED, "interrupted; nothing was changed"))
        }
        Confirmation::CannotAsk => {
            let message = format!("nobody can be asked whether key {fingerprint} is the right one");
            let help =
                format!("--accept-fingerprint {fingerprint}, if that is what its owner told");
            Err(Problem::new(source::UNACCEPTED, message).help(help))
        }
    }
}

/// Returns a fingerprint in groups of four.
fn spaced(fingerprint: &str) -> String {
    let digits: Vec<char> = fingerprint.chars().collect();
    digits.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
}
