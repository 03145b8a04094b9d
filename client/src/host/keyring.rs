//! The keys that rpm accepts packages by.
//!
//! rpm keeps them in its database, as packages called `gpg-pubkey` whose version is the key's name: its
//! last eight digits, from rpm 6 on all of them.

use std::ffi::OsString;
use std::io::{self, Write};

use tempfile::NamedTempFile;

use super::backend::Family;
use super::{Host, HostError};

/// How many digits of a fingerprint rpm's shortest names have.
const SHORTEST: usize = 8;

impl Host {
    /// Whether rpm accepts packages by the key with this fingerprint; never where there is no rpm.
    pub fn accepts_key(&self, fingerprint: &str) -> Result<bool, HostError> {
        Ok(!self.rpm_keys(fingerprint)?.is_empty())
    }

    /// Makes rpm accept packages by the key of `certificate`, or no longer.
    pub fn accept_key(
        &self,
        fingerprint: &str,
        certificate: Option<&str>,
    ) -> Result<(), HostError> {
        let mut command = self.manager()?.rpm();
        // Removed when this ends.
        let mut file = NamedTempFile::new()?;
        match certificate {
            Some(certificate) => {
                file.write_all(certificate.as_bytes())?;
                command.extend(["--import".into(), file.path().into()]);
            }
            None => {
                command.extend(["-e", "--allmatches", "--"].map(OsString::from));
                command.extend(self.rpm_keys(fingerprint)?.into_iter().map(OsString::from));
            }
        }
        let ran = self.patiently(&command, &mut |_| {})?;
        if self.accepts_key(fingerprint)? == certificate.is_some() {
            return Ok(());
        }
        Err(if ran.status.success() {
            io::Error::other("rpm did not do what it was told with the key").into()
        } else {
            HostError::Failed(ran)
        })
    }

    /// Returns the packages that stand for a key.
    fn rpm_keys(&self, fingerprint: &str) -> Result<Vec<String>, HostError> {
        let Some(manager) = self.manager.as_ref().filter(|it| it.backend.family() == Family::Rpm)
        else {
            return Ok(Vec::new());
        };
        let mut command = manager.rpm();
        let row = "%{NAME}-%{VERSION}-%{RELEASE}\\t%{VERSION}\\n";
        command.extend(["-q", "--qf", row, "gpg-pubkey"].map(OsString::from));
        let fingerprint = fingerprint.to_ascii_lowercase();
        let is_it = |version: &str| {
            version.len() >= SHORTEST && fingerprint.ends_with(&version.to_ascii_lowercase())
        };
        // It ends with 1 where there is no key.
        let text = self.runner.ask(&command)?.text;
        let rows = text.lines().filter_map(|line| line.split_once('\t'));
        Ok(rows.filter(|(_, version)| is_it(version)).map(|(name, _)| name.to_owned()).collect())
    }
}
