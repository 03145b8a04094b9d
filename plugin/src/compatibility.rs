//! Which environments and product versions a plugin fits (`nailgun-api 4.3`).
//!
//! Versions are compared component by component: what a plugin asks for must be the beginning of what
//! there is, so that `6.1` fits `6.1.1` and not `6.10`. A plugin's release is one that the registry
//! holds: texts as its author wrote them.

/// What an environment is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// The nodes' operating system, in any case: `Ubuntu`.
    pub os: String,
    /// `<platform>-<product>`: `mitaka-9.0`.
    pub release: String,
    /// How it is laid out: `ha_compact`.
    pub mode: String,
}

/// Where a plugin says that it can be deployed: one entry of its `releases`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target<'a> {
    /// The nodes' operating system.
    pub os: &'a str,
    /// `<platform>-<product>`.
    pub version: &'a str,
    /// Beginnings of the modes that it fits; none of them fits none.
    pub modes: Vec<&'a str>,
}

/// Whether a plugin fits an environment; where it does not, at what its best release failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Some release of it does.
    Fits,
    /// It has no release at all.
    NoReleases,
    /// No release is for the environment's operating system, but for these.
    System(Vec<String>),
    /// No release for the operating system is for the environment's version, but for these.
    Version(Vec<String>),
    /// No release for system and version is for the environment's mode, but for these.
    Mode(Vec<String>),
}

/// Whether a plugin fits a version of the product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Support {
    /// It does.
    Supported,
    /// Its `fuel_version` names other products only: these.
    Products(Vec<String>),
    /// Its releases are for other products only: these; none where it has no releases.
    Releases(Vec<String>),
}

impl Environment {
    /// Says whether a plugin with `targets` can be deployed here.
    pub fn judge(&self, targets: &[Target<'_>]) -> Fit {
        let system = |target: &&Target<'_>| target.os.eq_ignore_ascii_case(&self.os);
        let version = |target: &&Target<'_>| covers_release(target.version, &self.release);
        let mode = |target: &&Target<'_>| target.modes.iter().any(|m| self.mode.starts_with(m));
        if targets.is_empty() {
            return Fit::NoReleases;
        }
        let of_system: Vec<_> = targets.iter().filter(system).collect();
        let of_version: Vec<_> = of_system.iter().copied().filter(version).collect();
        if of_system.is_empty() {
            Fit::System(distinct(targets.iter().map(|target| target.os)))
        } else if of_version.is_empty() {
            Fit::Version(distinct(of_system.iter().map(|target| target.version)))
        } else if of_version.iter().any(mode) {
            Fit::Fits
        } else {
            Fit::Mode(distinct(of_version.iter().flat_map(|target| target.modes.iter().copied())))
        }
    }
}

/// Says whether a plugin with this `fuel_version` and these release versions fits `product`.
///
/// An empty `fuel_version` names no product and so excludes none.
pub fn supports(product: &str, products: &[&str], releases: &[&str]) -> Support {
    let named = |known: &&str| covers(known, product);
    let released =
        |release: &&str| halves(release).is_some_and(|(_, known)| covers(known, product));
    if !products.is_empty() && !products.iter().any(named) {
        Support::Products(distinct(products.iter().copied()))
    } else if releases.iter().any(released) {
        Support::Supported
    } else {
        Support::Releases(distinct(releases.iter().copied()))
    }
}

/// Returns what the versions of all products begin with that [`supports`] finds supported, each once:
/// of every product named and every release that agree, the longer.
pub fn supported<'a>(products: &[&'a str], releases: &[&'a str]) -> Vec<&'a str> {
    let released = || releases.iter().filter_map(|release| halves(release)).map(|(_, it)| it);
    let mut supported = Vec::new();
    if products.is_empty() {
        supported.extend(released());
    }
    for product in products {
        let agreed = released().filter_map(|release| match () {
            () if covers(product, release) => Some(release),
            () if covers(release, product) => Some(*product),
            () => None,
        });
        supported.extend(agreed);
    }
    let mut seen = std::collections::HashSet::new();
    supported.retain(|beginning| seen.insert(*beginning));
    supported
}

/// Whether `release` is a version that releases have: platform and product, exactly one dash between.
pub fn is_release_version(release: &str) -> bool {
    halves(release).is_some()
}

/// Whether both parts of `ours` are the beginning of those of `theirs`.
fn covers_release(ours: &str, theirs: &str) -> bool {
    let (Some(ours), Some(theirs)) = (halves(ours), halves(theirs)) else { return false };
    covers(ours.0, theirs.0) && covers(ours.1, theirs.1)
}

/// Whether the components of `ours` are the first of those of `theirs`.
fn covers(ours: &str, theirs: &str) -> bool {
    theirs.strip_prefix(ours).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Returns what stands before and behind the only dash.
fn halves(release: &str) -> Option<(&str, &str)> {
    let (platform, product) = release.split_once('-')?;
    (!platform.is_empty() && !product.is_empty() && !product.contains('-'))
        .then_some((platform, product))
}

/// Returns each text once, in the order of first appearance.
fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    texts.filter(|text| seen.insert(*text)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target<'a>(os: &'a str, version: &'a str, modes: &[&'a str]) -> Target<'a> {
        Target { os, version, modes: modes.to_vec() }
    }

    fn environment(os: &str, release: &str, mode: &str) -> Environment {
        Environment { os: os.to_owned(), release: release.to_owned(), mode: mode.to_owned() }
    }

    #[test]
    fn versions_fit_by_their_first_components() {
        let table = [
            ("2014.2-6.0", "2014.2-6.0", true),
            ("2014.2-6.0", "2014.2-6.0.1", true),
            ("2014.2-6.0", "2014.2.1-6.0", true),
            ("2014.2-6.0", "2014.2.99-6.0.99", true),
            ("2014.2.1-6.0", "2014.2.1-6.0.1", true),
            ("2014.2.1-6.0", "2014.2-6.0", false),
            ("2014.2-6.0", "2014.2-6.1", false),
            ("2014.2-6.1", "2014.2-6.10", false),
            ("2014.2-6.1", "2014.20-6.1", false),
            ("mitaka-9.0", "liberty-9.0", false),
            ("6.1", "2014.2-6.1", false),
            ("a-b-6.1", "a-b-6.1", false),
            ("-6.1", "mitaka-6.1", false),
            ("mitaka-", "mitaka-9.0", false),
        ];
        for (plugin, release, fits) in table {
            let verdict = environment("ubuntu", release, "ha_compact").judge(&[target(
                "ubuntu",
                plugin,
                &["ha"],
            )]);
            assert_eq!(verdict == Fit::Fits, fits, "{plugin} on {release}");
        }
    }

    #[test]
    fn one_release_must_pass_all_tests_and_the_nearest_one_gives_the_reason() {
        let here = environment("Ubuntu", "mitaka-9.0", "ha_compact");
        let ubuntu = |version, modes| target("ubuntu", version, modes);
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let table = [
            (vec![], Fit::NoReleases),
            (vec![ubuntu("mitaka-9.0", &["multinode", "ha"])], Fit::Fits),
            (vec![target("UBUNTU", "mitaka-9.0", &["ha_compact"])], Fit::Fits),
            (vec![target("centos", "mitaka-9.0", &["ha"])], Fit::System(texts(&["centos"]))),
            (
                vec![target("centos", "mitaka-9.0", &["ha"]), ubuntu("mitaka-8.0", &["ha"])],
                Fit::Version(texts(&["mitaka-8.0"])),
            ),
            (
                vec![ubuntu("mitaka-9.0", &["multinode"]), ubuntu("kilo-7.0", &["ha"])],
                Fit::Mode(texts(&["multinode"])),
            ),
            (vec![ubuntu("mitaka-9.0", &["ha_full"])], Fit::Mode(texts(&["ha_full"]))),
            (vec![ubuntu("mitaka-9.0", &[])], Fit::Mode(vec![])),
        ];
        for (targets, verdict) in table {
            assert_eq!(here.judge(&targets), verdict, "{targets:?}");
        }
    }

    #[test]
    fn a_product_must_be_named_and_have_a_release() {
        let supported = |product, products: &[&str], releases: &[&str]| {
            supports(product, products, releases) == Support::Supported
        };
        assert!(supported("9.0", &["8.0", "9.0"], &["mitaka-9.0"]));
        assert!(supported("9.0.1", &["9.0"], &["mitaka-9.0"]));
        assert!(supported("9.0", &[], &["mitaka-9.0"]), "no product is named, none is excluded");
        assert!(!supported("9.0", &["9.0"], &[]));
        assert!(!supported("9.0", &["9.0"], &["9.0"]), "that is no version of a release");
        assert!(!supported("9.0", &["9.0.1"], &["mitaka-9.0"]));
        assert_eq!(
            supports("6.10", &["6.0", "6.1"], &["juno-6.1"]),
            Support::Products(vec!["6.0".to_owned(), "6.1".to_owned()])
        );
        assert_eq!(
            supports("9.0", &["8.0", "9.0"], &["liberty-8.0", "liberty-8.0"]),
            Support::Releases(vec!["liberty-8.0".to_owned()])
        );
    }

    #[test]
    fn supported_versions_are_those_that_begin_with_what_products_and_releases_agree_on() {
        let table: [(&[&str], &[&str], &[&str]); 7] = [
            (&["8.0", "9.0"], &["liberty-8.0", "mitaka-9.0"], &["8.0", "9.0"]),
            (&["9.0"], &["mitaka-9.0.1", "mitaka-9.0.2", "kilo-7.0"], &["9.0.1", "9.0.2"]),
            (&["9.0.1"], &["mitaka-9.0", "newton-9.0"], &["9.0.1"]),
            (&[], &["mitaka-9.0", "mitaka-9.0"], &["9.0"]),
            (&["9.0"], &["mitaka-9.1"], &[]),
            (&["9.0"], &["9.0"], &[]),
            (&["6.1"], &["juno-6.10"], &[]),
        ];
        for (products, releases, expected) in table {
            let found = supported(products, releases);
            assert_eq!(found, expected, "{products:?}, {releases:?}");
            for product in ["6.1", "6.10", "7.0", "8.0", "9.0", "9.0.1", "9.0.1.3", "9.0.3", "9.1"]
            {
                let begins = found.iter().any(|beginning| covers(beginning, product));
                let verdict = supports(product, products, releases) == Support::Supported;
                assert_eq!(begins, verdict, "{product} by {products:?}, {releases:?}");
            }
        }
    }
}
