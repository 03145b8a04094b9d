//! Package versions 1.0.0 to 5.0.0 (`fuel-formats 1.3`): they differ in data, not in behaviour.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What the plugin's own package file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A gzip-compressed tar, installed by unpacking it.
    Fp,
    /// An RPM.
    Rpm,
    /// A Debian package.
    Deb,
}

/// The shape of a plugin and of its package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Generation {
    /// `1.0.0`
    V1,
    /// `2.0.0`
    V2,
    /// `3.0.0`
    V3,
    /// `4.0.0`
    V4,
    /// `5.0.0`
    V5,
}

/// A `package_version` that no product knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a package version: expected 1.0.0, 2.0.0, 3.0.0, 4.0.0 or 5.0.0", .0.escape_debug())]
pub struct UnknownGeneration(pub String);

impl Generation {
    /// All generations, oldest first.
    pub const ALL: [Self; 5] = [Self::V1, Self::V2, Self::V3, Self::V4, Self::V5];

    /// The newest generation, which new plugins get.
    pub const NEWEST: Self = Self::V5;

    /// Returns the generation as written in `package_version`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "1.0.0",
            Self::V2 => "2.0.0",
            Self::V3 => "3.0.0",
            Self::V4 => "4.0.0",
            Self::V5 => "5.0.0",
        }
    }

    /// Returns the format in which the original builder delivers this generation.
    pub fn format(self) -> Format {
        if self.is_legacy() { Format::Fp } else { Format::Rpm }
    }

    /// Whether each full version is a folder of its own and none can be updated in place.
    pub fn is_legacy(self) -> bool {
        self == Self::V1
    }

    /// Whether `build_version` and the install hooks of the plugin take part (`fuel-formats 6.1`).
    pub fn has_hooks(self) -> bool {
        self >= Self::V3
    }

    /// Returns the lowest product release that this generation runs on (`fuel-schemas 3`).
    pub fn lowest_product(self) -> &'static str {
        match self {
            Self::V1 => "6.0",
            Self::V2 => "6.1",
            Self::V3 => "7.0",
            Self::V4 => "8.0",
            Self::V5 => "9.0",
        }
    }
}

impl FromStr for Generation {
    type Err = UnknownGeneration;

    fn from_str(text: &str) -> Result<Self, UnknownGeneration> {
        Self::ALL
            .into_iter()
            .find(|generation| generation.as_str() == text)
            .ok_or_else(|| UnknownGeneration(text.to_owned()))
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_version_is_matched_exactly() {
        for generation in Generation::ALL {
            assert_eq!(generation.as_str().parse(), Ok(generation));
        }
        for bad in ["", "5.0", "5", "5.0.1", "6.0.0", "5.0.0 ", "05.0.0"] {
            assert!(bad.parse::<Generation>().is_err(), "{bad:?} passed");
        }
    }
}
