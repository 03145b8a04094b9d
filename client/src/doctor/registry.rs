//! The registry itself, and what belongs to the running of commands: journal, stamp, clock.

use super::{Check, Cure, Examination, Finding, Severity};

/// D01.
pub(super) fn integrity(seen: &Examination) -> Vec<Finding> {
    let facts = &seen.registry;
    let fail = |sentence| Finding::new(Check::Registry, Severity::Fail, sentence);
    if let Some(reason) = &facts.unusable {
        return vec![fail(reason.clone())];
    }
    if facts.interrupted {
        let sentence = "a change of it was cut off and is to be undone";
        return vec![fail(sentence.to_owned()).cured_by(Cure::Recover)];
    }
    if !facts.damage.is_empty() {
        let damage = facts.damage.join("; ");
        return vec![fail(format!("it is damaged: {damage}")).cured_by(Cure::Rebuild)];
    }
    if let Some(chain) = &facts.chain {
        // Made anew, the chain would hide that somebody had been there.
        return vec![fail(format!("history was altered: {chain}"))];
    }
    let sentence = if facts.exists {
        format!("integrity check passed, {}", plugins(seen.host.records.len()))
    } else {
        "there is none yet; nothing is registered".to_owned()
    };
    vec![Finding::well(Check::Registry, sentence)]
}

fn plugins(count: usize) -> String {
    let noun = if count == 1 { "plugin" } else { "plugins" };
    format!("{count} {noun}")
}

/// D02.
pub(super) fn journal(seen: &Examination) -> Vec<Finding> {
    let finding = match &seen.journal {
        None => Finding::well(Check::Journal, "no command is unfinished"),
        Some(left) => {
            let sentence = match &left.command {
                Some(command) => format!("`{command}` was cut off"),
                None => "a command was cut off, and its journal cannot be read".to_owned(),
            };
            Finding::new(Check::Journal, Severity::Warn, sentence).cured_by(Cure::Recover)
        }
    };
    vec![finding]
}

/// D13.
pub(super) fn stamp(seen: &Examination) -> Vec<Finding> {
    let finding = if seen.stamp {
        let sentence = "packages have changed since, and no sync followed";
        Finding::new(Check::Stamp, Severity::Warn, sentence.to_owned()).cured_by(Cure::Sync)
    } else {
        Finding::well(Check::Stamp, "none is due")
    };
    vec![finding]
}

/// D16. Nothing relies on the clock to order events, so that this is worth a word and no more.
pub(super) fn clock(seen: &Examination) -> Vec<Finding> {
    let now = seen.host.call.time;
    let finding = match seen.newest {
        Some(newest) if newest > now => {
            let sentence =
                format!("it shows {now:.0}, before the newest recorded event at {newest:.0}");
            Finding::new(Check::Clock, Severity::Warn, sentence)
        }
        _ => Finding::well(Check::Clock, "not before any recorded event"),
    };
    vec![finding]
}
