//! A package that an index may take in: read once, for all that is to be known of it.

use std::fs::File;

use plugin::Format;

use super::{apt, yum};
use crate::deb::{self, Paragraph};
use crate::digest::Sums;
use crate::format::format_of;
use crate::rpm::{self, Front};
use crate::{Limits, Package, ReadError, fp};

/// A package, and what an index of its format needs beside.
#[expect(missing_debug_implementations, reason = "holds a whole header")]
pub struct Candidate {
    /// The package.
    pub package: Package,
    facts: Facts,
}

/// What only an index needs.
enum Facts {
    Rpm(Box<Front>),
    Deb(Paragraph, Sums),
    Fp,
}

/// What an index says of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// One of yum.
    Rpm(Box<yum::Record>),
    /// One of apt.
    Deb(Box<apt::Record>),
    /// None: packages of the oldest format are only listed.
    Fp,
}

impl Candidate {
    /// Reads a package of any format, all of it and once.
    pub fn read(file: &mut File, limits: &Limits) -> Result<Self, ReadError> {
        match format_of(file)? {
            Format::Rpm => {
                let (package, front) = rpm::inspect_with_front(file, limits)?;
                Ok(Self { package, facts: Facts::Rpm(Box::new(front)) })
            }
            Format::Deb => {
                let (package, control, sums) = deb::inspect_for_index(file, limits)?;
                Ok(Self { package, facts: Facts::Deb(control, sums) })
            }
            Format::Fp => Ok(Self { package: fp::inspect(file, limits)?, facts: Facts::Fp }),
        }
    }

    /// Returns what an index says of it where it is to be found at `place` in the repository.
    pub fn record(&self, place: &str) -> Result<Record, ReadError> {
        let Package { size, sha256, .. } = &self.package;
        Ok(match &self.facts {
            Facts::Rpm(front) => {
                let file = (*size, sha256.clone());
                Record::Rpm(Box::new(yum::Record::of(front, place, file, None)?))
            }
            Facts::Deb(control, sums) => {
                Record::Deb(Box::new(apt::Record::of(control, place, *size, sums)?))
            }
            Facts::Fp => Record::Fp,
        })
    }
}
