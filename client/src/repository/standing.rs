//! Whether an edition of a repository is to be believed on this host, now: pure.
//!
//! What was signed once is signed for ever, so a mirror can serve an old edition to hide a fix, or the
//! same for ever. The host remembers the newest edition that it has seen, and each has an end.

use jiff::{SignedDuration, Timestamp};
use registry::Source;

use super::Edition;

/// How far a publisher's clock may be ahead of ours.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// What becomes of an edition whose time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// Nothing is taken from it.
    Refuse,
    /// It is told.
    Warn,
}

/// Why an edition is not believed, though its signatures hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Outdated {
    /// Older than what this host has seen (`threats-and-faults` A4).
    #[error(
        "repository `{name}` shows what it published on {offered}; this host has seen that of {seen}"
    )]
    RolledBack {
        /// The repository.
        name: String,
        /// The edition's date.
        offered: Timestamp,
        /// The newest date seen.
        seen: Timestamp,
    },
    /// From a time to come, against which nothing would ever be newer (A6).
    #[error("repository `{name}` shows what it says to have published on {date}, which is to come")]
    Future {
        /// The repository.
        name: String,
        /// The edition's date.
        date: Timestamp,
    },
    /// Its time is over (A5).
    #[error("what repository `{name}` shows counted until {until}")]
    Expired {
        /// The repository.
        name: String,
        /// Until when it counted.
        until: Timestamp,
    },
}

/// Says what is to be known of an edition of the repository `name`, or why it is not believed.
pub fn judge(
    name: &str,
    edition: &Edition,
    seen: Option<&Source>,
    now: Timestamp,
    expiry: Expiry,
) -> Result<Vec<String>, Outdated> {
    let name = name.to_owned();
    if edition.date.duration_since(now) > AHEAD {
        return Err(Outdated::Future { name, date: edition.date });
    }
    if let Some(seen) = seen.filter(|seen| edition.date < seen.date) {
        return Err(Outdated::RolledBack { name, offered: edition.date, seen: seen.date });
    }
    match life(edition.date, edition.valid_until, now) {
        Life::Fresh => Ok(Vec::new()),
        Life::Aging => Ok(vec![format!(
            "repository `{name}` was last published on {}; that counts until {}",
            edition.date, edition.valid_until
        )]),
        Life::Over if expiry == Expiry::Warn => {
            Ok(vec![Outdated::Expired { name, until: edition.valid_until }.to_string()])
        }
        Life::Over => Err(Outdated::Expired { name, until: edition.valid_until }),
    }
}

/// How much of its life an edition has behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Less than half.
    Fresh,
    /// More than half: whoever publishes daily has renewed it by then.
    Aging,
    /// All.
    Over,
}

/// Says how much of its life an edition has behind it.
pub fn life(date: Timestamp, until: Timestamp, now: Timestamp) -> Life {
    if now > until {
        Life::Over
    } else if now.duration_since(date) * 2 > until.duration_since(date) {
        Life::Aging
    } else {
        Life::Fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edition(date: &str, until: &str) -> Edition {
        Edition {
            name: "example".to_owned(),
            certificate: "AB".repeat(20).parse().unwrap(),
            date: date.parse().unwrap(),
            valid_until: until.parse().unwrap(),
            suite: "stable".to_owned(),
            components: Vec::new(),
            advisories: Vec::new(),
            document: String::new(),
        }
    }

    fn seen(date: &str) -> Source {
        Source {
            name: "example".to_owned(),
            url: "https://example.org".to_owned(),
            certificate: None,
            date: date.parse().unwrap(),
            valid_until: None,
            checked: date.parse().unwrap(),
            revision: None,
        }
    }

    #[test]
    fn an_edition_is_believed_within_its_life_and_never_after_a_newer_one() {
        let (begin, end) = ("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z");
        let older = "2026-10-31T23:59:59Z";
        let newer = "2026-11-01T00:00:01Z";
        let table = [
            ("2026-11-10T00:00:00Z", None, Ok(0)),
            ("2026-11-10T00:00:00Z", Some(older), Ok(0)),
            ("2026-11-10T00:00:00Z", Some(begin), Ok(0)),
            ("2026-11-10T00:00:00Z", Some(newer), Err("this host has seen")),
            ("2026-11-20T00:00:00Z", None, Ok(1)),
            ("2026-12-01T00:00:01Z", None, Err("counted until")),
            ("2026-10-31T12:00:00Z", None, Ok(0)),
            ("2026-10-30T12:00:00Z", None, Err("is to come")),
        ];
        for (now, before, expected) in table {
            let now = now.parse().unwrap();
            let before = before.map(seen);
            let judged =
                judge("example", &edition(begin, end), before.as_ref(), now, Expiry::Refuse);
            match (judged, expected) {
                (Ok(notes), Ok(count)) => assert_eq!(notes.len(), count, "{now} {notes:?}"),
                (Err(why), Err(words)) => assert!(why.to_string().contains(words), "{now} {why}"),
                (judged, _) => panic!("{now}: {judged:?}"),
            }
        }
        let late = "2027-01-01T00:00:00Z".parse().unwrap();
        let warned = judge("example", &edition(begin, end), None, late, Expiry::Warn).unwrap();
        assert_eq!(warned.len(), 1);
    }
}
