//! What the three streams of metadata say of one package: text, ready to stand beside that of others.

use std::io::{self, Read};

use plugin::Format;
use rpmrepo_metadata::{
    Checksum, FilelistsXml, MetadataError, OtherXml, Package, PackageOptions, PackageSource,
    PrimaryXml, utils::create_xml_writer,
};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::digest::{Hashed, Hashing};
use crate::rpm::Front;
use crate::stream::damaged;
use crate::{Limits, ReadError};

/// An RPM as metadata describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The package's name.
    pub name: String,
    /// Its epoch, 0 where it has none.
    pub epoch: u32,
    /// Its version.
    pub version: String,
    /// Its release.
    pub release: String,
    /// Its architecture.
    pub architecture: String,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// Its part of `primary`.
    pub(super) primary: String,
    /// Its part of `filelists`.
    pub(super) filelists: String,
    /// Its part of `other`.
    pub(super) other: String,
}

impl Record {
    /// Reads one RPM, once, which is to be found at `location` in the repository. Its time is `time`,
    /// or when it was built. Returns also how long it is.
    pub fn read(
        rpm: impl Read,
        location: &str,
        time: Option<u32>,
    ) -> Result<(Self, u64), ReadError> {
        let mut rpm = Hashing::<_, Sha256>::new(rpm);
        let front = Front::read(&mut rpm, &Limits::default())?;
        io::copy(&mut io::BufReader::with_capacity(1 << 16, &mut rpm), &mut io::sink())?;
        let Hashed { length, digest, .. } = rpm.finish();
        if front.length().is_some_and(|said| said > length) {
            return Err(damaged(Format::Rpm, "it is cut short"));
        }
        Ok((Self::of(&front, location, (length, digest), time)?, length))
    }

    /// Describes the package that begins with `front` and has the length and SHA-256 `file`.
    pub(crate) fn of(
        front: &Front,
        location: &str,
        (length, sha256): (u64, String),
        time: Option<u32>,
    ) -> Result<Self, ReadError> {
        let built = || front.metadata.get_build_time().unwrap_or_default();
        let source = PackageSource {
            checksum: Some(Checksum::Sha256(sha256)),
            size_package: Some(length),
            time_file: time.map_or_else(built, u64::from),
            location_href: location.to_owned(),
            location_base: None,
        };
        let bad = |problem: MetadataError| damaged(Format::Rpm, problem);
        let options = PackageOptions::default();
        let package =
            Package::from_package_metadata(&front.metadata, source, options).map_err(bad)?;
        Self::described(&package).map_err(bad)
    }

    fn described(package: &Package) -> Result<Self, MetadataError> {
        Ok(Self {
            name: package.name().to_owned(),
            epoch: package.epoch(),
            version: package.version().to_owned(),
            release: package.release().to_owned(),
            architecture: package.arch().to_owned(),
            sha256: package.pkgid().to_owned(),
            primary: part(
                text!(PrimaryXml, write_header(1)),
                text!(PrimaryXml, write_header(1), write_package(package)),
            ),
            filelists: part(
                text!(FilelistsXml, write_header(1)),
                text!(FilelistsXml, write_header(1), write_package(package)),
            ),
            other: part(
                text!(OtherXml, write_header(1)),
                text!(OtherXml, write_header(1), write_package(package)),
            ),
        })
    }
}

/// Returns what `whole` has behind `head`.
fn part(head: Vec<u8>, mut whole: Vec<u8>) -> String {
    let rest = whole.split_off(head.len());
    String::from_utf8(rest).expect("texts of a header were made UTF-8 when it was read")
}

/// Makes the calls on a writer of the given stream; returns what was written.
macro_rules! text {
    ($xml:ident, $($call:ident($($argument:expr)?)),+) => {{
        let mut writer = $xml::new_writer(create_xml_writer(Vec::new()));
        $(writer.$call($($argument)?)?;)+
        writer.into_inner()
    }};
}
pub(super) use text;
