//! The package managers that the client drives.

use crate::run::have;

/// A package manager that the client drives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the program's name")]
pub enum Manager {
    Dnf,
    Rpm,
    Apt,
    Dpkg,
}

impl Manager {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Dnf, Self::Rpm, Self::Apt, Self::Dpkg];

    /// Returns what settings call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dnf => "dnf",
            Self::Rpm => "rpm",
            Self::Apt => "apt",
            Self::Dpkg => "dpkg",
        }
    }

    /// Returns its program.
    pub(crate) fn tool(self) -> &'static str {
        match self {
            Self::Apt => "apt-get",
            other => other.name(),
        }
    }

    /// Returns the format of its packages.
    pub fn format(self) -> &'static str {
        match self {
            Self::Dnf | Self::Rpm => "rpm",
            Self::Apt | Self::Dpkg => "deb",
        }
    }

    /// Whether its programs are on this machine; says aloud which is not.
    pub fn is_here(self) -> bool {
        have(match self {
            Self::Dnf => &["rpm", "dnf", "createrepo_c"],
            Self::Rpm => &["rpm"],
            Self::Apt => &["dpkg", "apt-get", "apt-ftparchive"],
            Self::Dpkg => &["dpkg"],
        })
    }
}
