//! Which package manager a root folder belongs to, and where programs are.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::HostError;

/// A package manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backend {
    /// dnf 4.
    Dnf,
    /// dnf 5.
    Dnf5,
    /// yum 3.
    Yum,
    /// rpm alone.
    Rpm,
    /// apt.
    Apt,
    /// dpkg alone.
    Dpkg,
}

/// The two package databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// rpm's.
    Rpm,
    /// dpkg's.
    Dpkg,
}

/// Where programs are looked for; never where `PATH` says.
pub(super) const FOLDERS: [&str; 6] =
    ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/local/sbin"];

/// Folders below the root where an rpm database can be; the last is where Debian's rpm has its own.
const RPM_DATABASES: [&str; 4] =
    ["usr/lib/sysimage/rpm", "var/lib/rpm", "usr/share/rpm", "root/.rpmdb"];

/// Files, one of which every rpm database has.
const RPM_FILES: [&str; 3] = ["rpmdb.sqlite", "Packages.db", "Packages"];

/// The words of `ID` and `ID_LIKE` that tell the family.
const RPM_SYSTEMS: [&str; 12] = [
    "rhel",
    "fedora",
    "centos",
    "suse",
    "opensuse",
    "sles",
    "ol",
    "almalinux",
    "rocky",
    "amzn",
    "mageia",
    "openEuler",
];
const DPKG_SYSTEMS: [&str; 2] = ["debian", "ubuntu"];

impl Backend {
    const ALL: [(Self, &str); 6] = [
        (Self::Dnf, "dnf"),
        (Self::Dnf5, "dnf5"),
        (Self::Yum, "yum"),
        (Self::Rpm, "rpm"),
        (Self::Apt, "apt"),
        (Self::Dpkg, "dpkg"),
    ];

    /// Finds the package manager of the system below `root`; `None` where nothing hints at one.
    /// Programs in the folder `tools` come before the system's.
    pub fn of(root: &Path, tools: Option<&Path>) -> Result<Option<Self>, HostError> {
        detect(root, &Tools::new(tools.map(Path::to_owned)))
    }

    /// The format of the packages that it takes.
    pub fn format(self) -> plugin::Format {
        match self.family() {
            Family::Rpm => plugin::Format::Rpm,
            Family::Dpkg => plugin::Format::Deb,
        }
    }

    /// Returns all of them.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().map(|(backend, _)| backend)
    }

    pub(super) fn family(self) -> Family {
        match self {
            Self::Dnf | Self::Dnf5 | Self::Yum | Self::Rpm => Family::Rpm,
            Self::Apt | Self::Dpkg => Family::Dpkg,
        }
    }

    /// The program that makes changes.
    pub(super) fn program(self) -> &'static str {
        match self {
            Self::Apt => "apt-get",
            other => other.name(),
        }
    }

    fn name(self) -> &'static str {
        let named = Self::ALL.into_iter().find(|(backend, _)| *backend == self);
        named.expect("every backend has a name").1
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that names no package manager.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no package manager: expected dnf, dnf5, yum, rpm, apt or dpkg", .0.escape_debug())]
pub struct UnknownBackend(pub String);

impl FromStr for Backend {
    type Err = UnknownBackend;

    fn from_str(text: &str) -> Result<Self, UnknownBackend> {
        let named = Self::ALL.into_iter().find(|(_, name)| *name == text);
        named.map(|(backend, _)| backend).ok_or_else(|| UnknownBackend(text.to_owned()))
    }
}

/// The programs of the machine.
#[derive(Clone, Debug)]
pub(super) struct Tools {
    folders: Vec<PathBuf>,
}

impl Tools {
    /// Programs in `first`, then in the system's folders.
    pub(super) fn new(first: Option<PathBuf>) -> Self {
        Self { folders: first.into_iter().chain(FOLDERS.map(PathBuf::from)).collect() }
    }

    pub(super) fn find(&self, program: &str) -> Option<PathBuf> {
        self.folders.iter().map(|folder| folder.join(program)).find(|path| path.is_file())
    }

    /// Returns where `program` is, which has to be there.
    pub(super) fn need(&self, program: &str) -> Result<PathBuf, HostError> {
        self.find(program).ok_or_else(|| HostError::Missing(program.to_owned()))
    }
}

/// Finds the package manager of the system below `root`; `None` where nothing hints at one.
pub(super) fn detect(root: &Path, tools: &Tools) -> Result<Option<Backend>, HostError> {
    Ok(match family(root)? {
        None => None,
        Some(Family::Dpkg) if tools.find("apt-get").is_some() => Some(Backend::Apt),
        Some(Family::Dpkg) => Some(Backend::Dpkg),
        Some(Family::Rpm) => Some(rpm_backend(tools)),
    })
}

fn family(root: &Path) -> Result<Option<Family>, HostError> {
    let rpm = RPM_DATABASES
        .iter()
        .any(|folder| RPM_FILES.iter().any(|file| root.join(folder).join(file).is_file()));
    let status = fs_err::metadata(root.join("var/lib/dpkg/status")).map(|found| found.len());
    let dpkg = status.as_ref().is_ok_and(|length| *length > 0);
    if rpm != dpkg {
        return Ok(Some(if rpm { Family::Rpm } else { Family::Dpkg }));
    }
    if let Some(family) = named_family(root) {
        return Ok(Some(family));
    }
    match (rpm, status.is_ok()) {
        (true, _) => Err(HostError::Ambiguous {
            root: root.to_owned(),
            why: "has the databases of both rpm and dpkg",
        }),
        // dpkg's database is a file that somebody made; rpm's makes itself.
        (false, true) => Ok(Some(Family::Dpkg)),
        (false, false) => Ok(None),
    }
}

/// What the system says of itself.
fn named_family(root: &Path) -> Option<Family> {
    let words: Vec<String> =
        ["ID", "ID_LIKE"].iter().filter_map(|key| os_release(root, key)).collect();
    let is_one_of = |systems: &[&str]| {
        words.iter().flat_map(|words| words.split_whitespace()).any(|word| {
            systems.iter().any(|system| word == *system || word.starts_with(&format!("{system}-")))
        })
    };
    match (is_one_of(&RPM_SYSTEMS), is_one_of(&DPKG_SYSTEMS)) {
        (true, false) => Some(Family::Rpm),
        (false, true) => Some(Family::Dpkg),
        _ => None,
    }
}

/// Returns a field of the root's `os-release`.
pub(super) fn os_release(root: &Path, key: &str) -> Option<String> {
    let text = ["etc/os-release", "usr/lib/os-release"]
        .iter()
        .find_map(|file| fs_err::read_to_string(root.join(file)).ok())?;
    let value = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='))?;
    Some(value.trim().trim_matches(['"', '\'']).to_owned())
}

fn rpm_backend(tools: &Tools) -> Backend {
    let known = ["dnf5", "dnf", "yum"].iter().find_map(|name| tools.find(name));
    let Some(program) = known else { return Backend::Rpm };
    // `dnf` and `yum` are links to what they are on all systems that have them in two generations.
    let real = fs_err::canonicalize(&program).unwrap_or(program);
    let name = real.file_name().unwrap_or_default().to_string_lossy();
    match &*name {
        "dnf5" => Backend::Dnf5,
        name if name.starts_with("dnf") => Backend::Dnf,
        _ => Backend::Yum,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// The family of a root with `files`, a path and its text each.
    fn family_of(files: &[(&str, &str)]) -> Result<Option<Family>, HostError> {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in files {
            let path = folder.path().join(file);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, text).unwrap();
        }
        family(folder.path())
    }

    #[test]
    fn the_database_tells_the_family_and_then_the_system_itself() {
        let (rpm, dpkg) =
            (("var/lib/rpm/rpmdb.sqlite", "x"), ("var/lib/dpkg/status", "Package: x"));
        let rocky = ("etc/os-release", "NAME=x\nID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n");
        let mint = ("usr/lib/os-release", "ID=linuxmint\nID_LIKE='ubuntu debian'\n");
        let leap = ("etc/os-release", "ID=opensuse-leap\n");
        let table: [(&[_], _); 9] = [
            (&[], None),
            (&[rpm], Some(Family::Rpm)),
            (&[dpkg], Some(Family::Dpkg)),
            (&[dpkg, rocky], Some(Family::Dpkg)),
            (&[rpm, dpkg, rocky], Some(Family::Rpm)),
            (&[rpm, dpkg, mint], Some(Family::Dpkg)),
            (&[mint], Some(Family::Dpkg)),
            (&[leap], Some(Family::Rpm)),
            (&[("var/lib/dpkg/status", "")], Some(Family::Dpkg)),
        ];
        for (files, expected) in table {
            assert_eq!(family_of(files).unwrap(), expected, "{files:?}");
        }
        let error = family_of(&[rpm, dpkg]).unwrap_err().to_string();
        assert!(error.ends_with("with the setting `package-manager`"), "{error}");
    }

    #[test]
    fn links_tell_which_dnf_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let tools = Tools { folders: vec![folder.path().to_owned()] };
        assert_eq!(rpm_backend(&tools), Backend::Rpm);
        for (real, link, expected) in
            [("yum.py", "yum", Backend::Yum), ("dnf-3", "dnf", Backend::Dnf)]
        {
            fs_err::write(folder.path().join(real), "").unwrap();
            fs_err::os::unix::fs::symlink(real, folder.path().join(link)).unwrap();
            assert_eq!(rpm_backend(&tools), expected);
        }
        fs_err::write(folder.path().join("dnf5"), "").unwrap();
        fs_err::set_permissions(folder.path().join("dnf5"), PermissionsExt::from_mode(0o755))
            .unwrap();
        assert_eq!(rpm_backend(&tools), Backend::Dnf5);
    }
}
