//! The files by which dnf, apt and we know a repository: pure, tested as text.
//!
//! Each pins the repository to one key. dnf checks the metadata and every package by it, and asks anew
//! each time whether there is something newer, so that a fix is seen when it is published. apt has the
//! key within its settings, which are then right in whatever root they lie.

use std::collections::BTreeMap;
use std::io;

use registry::Certificate;
use registry::history::Trust;

use super::edition::is_word;
use super::{Address, Side};
use crate::Places;
use crate::trust::Scope;

/// What begins each file that is ours, so that nothing else is ever overwritten or removed.
const HEAD: &str = "# Made by `plugins repo add`; `plugins repo remove` takes it away.\n";

/// A repository that a host is to know.
#[derive(Clone, Debug)]
pub struct Connection {
    /// What the host calls it.
    pub name: String,
    /// Where it is.
    pub address: Address,
    /// Who reads it.
    pub side: Side,
    /// The suite of its face for apt.
    pub suite: String,
    /// The components of that.
    pub components: Vec<String>,
    /// Its certificate, armored.
    pub armored: String,
    /// For which plugins that is trusted.
    pub scope: Scope,
}

/// A name that cannot be a repository's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no name for a repository: letters, digits and `._+-`, a letter or digit first", .0.escape_debug())]
pub struct BadName(String);

/// Reads what a host is to call a repository. It becomes names of files and of sections in them.
pub fn name(text: &str) -> Result<String, BadName> {
    // What dnf keeps for all repositories together.
    let fits = is_word(text) && text.len() <= 64 && text != "main";
    if fits { Ok(text.to_owned()) } else { Err(BadName(text.to_owned())) }
}

/// Returns the files that make the host know a repository: where, below its root, and what is in them.
pub(crate) fn configuration(connection: &Connection) -> Vec<(String, String)> {
    let Connection { name, armored, scope, .. } = connection;
    let settings = match connection.side {
        Side::Yum => (yum_settings(name), yum(connection)),
        Side::Apt => (apt_settings(name), apt(connection)),
    };
    let scope = format!("{HEAD}{}", scope.text());
    let mut files = vec![settings];
    if connection.side == Side::Yum {
        files.push((yum_key(name), armored.clone()));
    }
    files.extend([(certificate_of(name), armored.clone()), (scope_of(name), scope)]);
    files
}

/// Returns all files that a repository may have on a host.
pub(crate) fn owned(name: &str) -> Vec<String> {
    vec![
        yum_settings(name),
        apt_settings(name),
        yum_key(name),
        certificate_of(name),
        scope_of(name),
        copy(name),
    ]
}

/// Returns the files that a repository has on a host: where, below its root, and what is in them. Bytes that
/// are no text do not come back as they were.
pub fn files_of(places: &Places, name: &str) -> io::Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for path in owned(name) {
        match fs_err::read(places.root().join(&path)) {
            Ok(bytes) => {
                found.insert(path, String::from_utf8_lossy(&bytes).into_owned());
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Returns the file, below the root, in which dnf has a repository called `name` that is not ours.
pub fn rival(places: &Places, name: &str) -> io::Result<Option<String>> {
    let mut paths = vec!["etc/dnf/dnf.conf".to_owned(), "etc/yum.conf".to_owned()];
    let entries = match fs_err::read_dir(places.root().join("etc/yum.repos.d")) {
        Ok(entries) => entries.collect::<Result<Vec<_>, _>>()?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    let names = entries.iter().filter_map(|entry| entry.file_name().into_string().ok());
    paths
        .extend(names.filter(|it| it.ends_with(".repo")).map(|it| format!("etc/yum.repos.d/{it}")));
    paths.retain(|path| *path != yum_settings(name));
    paths.sort();
    let section = format!("[{name}]");
    let has = |path: &String| {
        let text = fs_err::read(places.root().join(path)).unwrap_or_default();
        String::from_utf8_lossy(&text).lines().any(|line| line.trim() == section)
    };
    Ok(paths.into_iter().find(has))
}

/// Whether a file that has this text was written by us.
pub(crate) fn is_ours(text: &str) -> bool {
    text.starts_with(HEAD)
}

/// The certificate among those that we trust.
pub(crate) fn certificate_of(name: &str) -> String {
    format!("etc/plugins/trust.d/{name}.asc")
}

fn scope_of(name: &str) -> String {
    format!("etc/plugins/trust.d/{name}.yaml")
}

/// The notices that were believed last.
pub(crate) fn copy(name: &str) -> String {
    format!("var/lib/plugins/advisories/{name}.json")
}

/// Stands as long as rpm has a key that it would not have but for us.
pub(crate) fn brought(fingerprint: &str) -> String {
    format!("var/lib/plugins/rpm-keys/{fingerprint}")
}

/// Whether rpm has the key with this fingerprint from us.
pub fn is_brought(places: &Places, fingerprint: &str) -> bool {
    places.root().join(brought(fingerprint)).is_file()
}

fn yum_settings(name: &str) -> String {
    format!("etc/yum.repos.d/{name}.repo")
}

fn yum_key(name: &str) -> String {
    format!("etc/pki/rpm-gpg/{name}.asc")
}

fn apt_settings(name: &str) -> String {
    format!("etc/apt/sources.list.d/{name}.sources")
}

/// Returns what the history says of a connection's certificate.
pub(crate) fn trusted(connection: &Connection, certificate: Certificate) -> Trust {
    let place = format!("/{}", certificate_of(&connection.name)).into();
    let scope = connection.scope.plugins.iter().map(ToString::to_string).collect();
    Trust { certificate, scope, place }
}

fn yum(connection: &Connection) -> String {
    let Connection { name, address, .. } = connection;
    let key = yum_key(name);
    format!(
        "{HEAD}[{name}]\nname={name}\nbaseurl={address}/yum/\nenabled=1\ngpgcheck=1\n\
         repo_gpgcheck=1\ngpgkey=file:///{key}\nmetadata_expire=1\n"
    )
}

fn apt(connection: &Connection) -> String {
    let Connection { address, suite, components, armored, .. } = connection;
    let line = |line: &str| if line.is_empty() { " .\n".to_owned() } else { format!(" {line}\n") };
    let key: String = armored.lines().map(line).collect();
    format!(
        "{HEAD}Types: deb\nURIs: {address}/apt\nSuites: {suite}\nComponents: {}\nSigned-By:\n{key}",
        components.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(side: Side) -> Connection {
        Connection {
            name: "example".to_owned(),
            address: "https://example.org/plugins".parse().unwrap(),
            side,
            suite: "stable".to_owned(),
            components: vec!["main".to_owned(), "contrib".to_owned()],
            armored:
                "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAbc=\n-----END PGP PUBLIC KEY BLOCK-----\n"
                    .to_owned(),
            scope: Scope::of(vec!["ldap*".parse().unwrap(), "demo".parse().unwrap()]),
        }
    }

    fn text(side: Side) -> String {
        let files = configuration(&connection(side));
        files.iter().map(|(path, text)| format!("== {path}\n{text}")).collect()
    }

    #[test]
    fn a_repository_is_pinned_to_its_key_in_the_words_of_each_family() {
        insta::assert_snapshot!(text(Side::Yum), @r"
        == etc/yum.repos.d/example.repo
        # Made by `plugins repo add`; `plugins repo remove` takes it away.
        [example]
        name=example
        baseurl=https://example.org/plugins/yum/
        enabled=1
        gpgcheck=1
        repo_gpgcheck=1
        gpgkey=file:///etc/pki/rpm-gpg/example.asc
        metadata_expire=1
        == etc/pki/rpm-gpg/example.asc
        -----BEGIN PGP PUBLIC KEY BLOCK-----

        Abc=
        -----END PGP PUBLIC KEY BLOCK-----
        == etc/plugins/trust.d/example.asc
        -----BEGIN PGP PUBLIC KEY BLOCK-----

        Abc=
        -----END PGP PUBLIC KEY BLOCK-----
        == etc/plugins/trust.d/example.yaml
        # Made by `plugins repo add`; `plugins repo remove` takes it away.
        plugins: ['ldap*', 'demo']
        scripts: false
        ");
        let apt = text(Side::Apt);
        let settings = apt.split("== etc/plugins").next().unwrap();
        insta::assert_snapshot!(settings, @r"
        == etc/apt/sources.list.d/example.sources
        # Made by `plugins repo add`; `plugins repo remove` takes it away.
        Types: deb
        URIs: https://example.org/plugins/apt
        Suites: stable
        Components: main contrib
        Signed-By:
         -----BEGIN PGP PUBLIC KEY BLOCK-----
         .
         Abc=
         -----END PGP PUBLIC KEY BLOCK-----
        ");
    }

    #[test]
    fn a_name_is_safe_as_a_file_and_as_a_section() {
        for good in ["example", "a.b_c+d-1", "9"] {
            assert!(name(good).is_ok(), "{good}");
        }
        for bad in ["", "main", "../x", "a b", "-x", ".x", "a]\n[b", &"x".repeat(65)] {
            assert!(name(bad).is_err(), "{bad}");
        }
    }
}
