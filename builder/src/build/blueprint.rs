//! From metadata to a [`Blueprint`]: what a package says of itself.

use packaging::{Blueprint, Contents, Hooks};
use plugin::{Metadata, PreRelease, Version};

use crate::release::is_release;

/// 2000-01-01 00:00 UTC, in seconds since 1970.
const FIRST_DAY: u32 = 946_684_800;

const HOUR: u32 = 3600;
const DAY: u32 = 24 * HOUR;

/// Days that patch numbers are spread over. With them all times are in the past, which spares
/// hosts the warnings that tar and make have for files from the future.
const DAYS: u64 = 9000;

/// A release that no package manager takes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a package's release: a letter or digit comes first, then letters, digits and `.`, `_`, `+`, `~`", .0.escape_debug())]
pub struct BadRelease(pub String);

/// Returns the packages' release: as asked for, or of the metadata, or 1.
pub(super) fn release(asked: Option<&str>, metadata: &Metadata) -> Result<String, BadRelease> {
    let release = asked.or(metadata.build.as_deref()).unwrap_or("1");
    if !is_release(release) {
        return Err(BadRelease(release.to_owned()));
    }
    Ok(release.to_owned())
}

/// Returns the time that a package carries unless it is told one: a function of version and release
/// alone.
///
/// The same sources then give the same bytes everywhere, while the files of successive releases of a
/// plugin differ in time, so that programs which compare files by size and time notice each update.
/// The patch number is the day after 2000-01-01 (repeating after 9000). On that day alphas come from
/// midnight on, betas from 6 o'clock, releases from noon; the number of a pre-release counts minutes,
/// the digits that a package's release begins with count seconds.
pub(super) fn time(version: &Version, release: &str) -> u32 {
    let day = u32::try_from(version.patch() % DAYS).expect("9000 fits");
    let minute = |number: u64| 60 * u32::try_from(number.min(359)).expect("359 fits");
    let (moment, longest) = match version.pre_release() {
        Some(PreRelease::Alpha(number)) => (minute(number), 59),
        Some(PreRelease::Beta(number)) => (6 * HOUR + minute(number), 59),
        None => (12 * HOUR, 12 * HOUR - 1),
    };
    let digits = release.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    // No number at all is 0, one that is too long for us is a large one.
    let build = if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u32::MAX) };
    FIRST_DAY + day * DAY + moment + build.min(longest)
}

/// Puts a blueprint together.
pub(super) fn assemble(
    metadata: &Metadata,
    release: String,
    contents: Contents,
    hooks: Hooks,
    time: u32,
) -> Blueprint {
    Blueprint {
        id: metadata.id.clone(),
        release,
        title: metadata.title.clone(),
        description: metadata.description.clone(),
        homepage: metadata.homepage.clone(),
        licenses: metadata.licenses.clone(),
        authors: metadata.authors.clone(),
        contents,
        hooks,
        time,
    }
}

#[cfg(test)]
mod tests {
    use plugin::{Generation, PluginId};

    use super::*;

    fn metadata(build: Option<&str>) -> Metadata {
        Metadata {
            id: PluginId {
                name: "demo".parse().unwrap(),
                version: "1.0.2".parse().unwrap(),
                generation: Generation::V5,
            },
            title: String::new(),
            description: String::new(),
            products: Vec::new(),
            licenses: Vec::new(),
            authors: Vec::new(),
            homepage: None,
            build: build.map(str::to_owned),
            releases: Vec::new(),
        }
    }

    #[test]
    fn the_release_is_asked_for_or_the_metadatas_or_1() {
        assert_eq!(release(Some("2~rc+1"), &metadata(Some("7"))).unwrap(), "2~rc+1");
        assert_eq!(release(None, &metadata(Some("7"))).unwrap(), "7");
        assert_eq!(release(None, &metadata(None)).unwrap(), "1");
        for bad in ["", ".", "+1", "~1", "_", "1-2", "1 ", "é", "1\n", "%{x}"] {
            assert_eq!(release(Some(bad), &metadata(None)), Err(BadRelease(bad.to_owned())));
        }
    }

    #[test]
    fn each_release_of_a_line_is_later_than_the_one_before() {
        let releases = [
            ("1.0.0a1", "1"),
            ("1.0.0a1", "2"),
            ("1.0.0a2", "1"),
            ("1.0.0b1", "1"),
            ("1.0.0", "el7"),
            ("1.0.0", "1"),
            ("1.0.0", "2.el7"),
            ("1.0.0", "9999999999999"),
            ("1.0.1a1", "1"),
            ("1.0.1", "1"),
            ("1.0.8999", "1"),
        ];
        let times = releases.map(|(version, release)| time(&version.parse().unwrap(), release));
        assert!(times.is_sorted_by(|a, b| a < b), "{times:?}");
        assert_eq!(time(&"1.0".parse().unwrap(), "1"), FIRST_DAY + 12 * HOUR + 1);
        let dated = |version: &str| time(&version.parse().unwrap(), "1");
        assert_ne!(dated("1.0.20161120"), dated("1.0.20161121"));
        assert!(dated("1.0.9999999999") < 1_750_000_000);
    }
}
