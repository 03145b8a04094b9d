//! What kind of no each refusal is.

use super::Refusal;

/// What kind of no a refusal is: the exit statuses of `cli 1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// The command asks for something that no host could do.
    Usage,
    /// No such plugin, version or file.
    NotFound,
    /// Policy: version order, formats, product.
    Refused,
    /// Something else on the host is in the way.
    Conflict,
    /// The host is not in a state to plan on.
    Inconsistent,
}

impl Refusal {
    /// Says what kind of no it is.
    pub fn sort(&self) -> Sort {
        match self {
            Self::TwoOffers { .. } | Self::Ambiguous { .. } => Sort::Usage,
            Self::Unknown { .. }
            | Self::NotInstalled { .. }
            | Self::NothingToChoose { .. }
            | Self::NotAvailable { .. }
            | Self::NotRegistered { .. }
            | Self::UnknownRecord(_)
            | Self::NotOnDisk { .. }
            | Self::NotLinked { .. }
            | Self::NothingToLink { .. }
            | Self::NothingToUndo
            | Self::KeyGone { .. }
            | Self::KeptMissing { .. }
            | Self::UnknownSource { .. } => Sort::NotFound,
            Self::OldProduct { .. }
            | Self::Withdrawn { .. }
            | Self::NoPackageManager { .. }
            | Self::WrongFormat { .. }
            | Self::WrongCarrier { .. }
            | Self::Older { .. }
            | Self::Newer { .. }
            | Self::OtherLine { .. }
            | Self::LegacyUpdate { .. }
            | Self::LegacyDowngrade { .. }
            | Self::LegacyOverNew { .. }
            | Self::LinkNotLegacy { .. }
            | Self::LinkOtherLine { .. }
            | Self::LinkNotLower { .. }
            | Self::LinkToLink { .. }
            | Self::Untrusted { .. }
            | Self::OutOfScope { .. }
            | Self::OtherPublisher { .. }
            | Self::OwnScripts { .. }
            | Self::WiderScope { .. }
            | Self::Repair { .. } => Sort::Refused,
            Self::SameVersion { .. }
            | Self::SourceTaken { .. }
            | Self::AlreadyThere { .. }
            | Self::FolderTaken { .. }
            | Self::ThroughLink { .. }
            | Self::PackageNameTaken { .. }
            | Self::Held { .. }
            | Self::HasDependants { .. }
            | Self::OvertakenLinks { .. }
            | Self::Diverged { .. } => Sort::Conflict,
            Self::Unfinished { .. } | Self::Misplaced { .. } | Self::Broken { .. } => {
                Sort::Inconsistent
            }
        }
    }
}
