//! What an index says of one package: its control paragraph and where it is to be found.

use std::io::{self, Read};

use debversion::Version;
use plugin::Format;

use crate::deb::{self, Paragraph};
use crate::digest::{Digests, Hashed, Hashing, Sums};
use crate::stream::damaged;
use crate::{Limits, ReadError};

/// What unpacking the highest preset of xz takes, which others' packages may be packed with.
const XZ_BEST: u64 = 80 << 20;

/// The order of fields in an index; others follow, sorted by name.
const ORDER: [&str; 40] = [
    "package",
    "package-type",
    "source",
    "version",
    "kernel-version",
    "built-for-profiles",
    "auto-built-package",
    "architecture",
    "subarchitecture",
    "installer-menu-item",
    "build-essential",
    "essential",
    "protected",
    "origin",
    "bugs",
    "maintainer",
    "installed-size",
    "pre-depends",
    "depends",
    "recommends",
    "suggests",
    "enhances",
    "conflicts",
    "breaks",
    "replaces",
    "provides",
    "built-using",
    "static-built-using",
    "filename",
    "size",
    "md5sum",
    "sha1",
    "sha256",
    "section",
    "priority",
    "multi-arch",
    "homepage",
    "description",
    "tag",
    "task",
];

/// A Debian package as an index describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The package's name.
    pub package: String,
    /// Its version.
    pub version: Version,
    /// Its architecture; `all` is every one.
    pub architecture: String,
    /// The area of the archive that it says to belong to, before the `/` of its section.
    pub component: Option<String>,
    /// Where it is to be found.
    pub filename: String,
    /// The paragraph, with a line end.
    pub paragraph: Vec<u8>,
}

impl Record {
    /// Reads one package, once, which is to be found at `filename`. Returns also how long it is.
    pub fn read(deb: impl Read, filename: &str) -> Result<(Self, u64), ReadError> {
        let mut deb = io::BufReader::with_capacity(1 << 16, Hashing::<_, Digests>::new(deb));
        let limits = Limits { memory: XZ_BEST, ..Limits::default() };
        let control = deb::read_paragraph(&mut deb, &limits)?;
        let Hashed { length, digest, .. } = deb.into_inner().finish();
        Ok((Self::of(&control, filename, length, &digest)?, length))
    }

    /// Describes the package of `control` that is `length` bytes long and to be found at `filename`.
    pub(crate) fn of(
        control: &Paragraph,
        filename: &str,
        length: u64,
        digest: &Sums,
    ) -> Result<Self, ReadError> {
        let version = control.required("Version")?;
        let version = version
            .parse()
            .map_err(|_| damaged(Format::Deb, format!("`{version}` is not a version")))?;
        let own = [
            ("Filename", filename.to_owned()),
            ("Size", length.to_string()),
            ("MD5sum", hex::encode(digest.md5)),
            ("SHA1", hex::encode(digest.sha1)),
            ("SHA256", hex::encode(digest.sha256)),
        ];
        let section = control.required("Section").unwrap_or_default();
        Ok(Self {
            package: control.required("Package")?.to_owned(),
            version,
            architecture: control.required("Architecture")?.to_owned(),
            component: section.split_once('/').map(|(component, _)| component.to_owned()),
            filename: filename.to_owned(),
            paragraph: paragraph(control, &own),
        })
    }
}

/// Writes the fields of `control`, and `own` in place of any of the same name.
fn paragraph(control: &Paragraph, own: &[(&str, String)]) -> Vec<u8> {
    let is_own = |name: &str| own.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
    let theirs = control.fields.iter().filter(|(name, value)| !is_own(name) && !value.is_empty());
    let mut fields: Vec<_> = theirs
        .map(|(name, value)| (name.as_str(), value.as_slice()))
        .chain(own.iter().map(|(name, value)| (*name, value.as_bytes())))
        .collect();
    fields.sort_by_cached_key(|(name, _)| {
        let known = ORDER.iter().position(|known| known.eq_ignore_ascii_case(name));
        (known.unwrap_or(ORDER.len()), name.to_owned())
    });
    let mut text = Vec::new();
    for (name, value) in fields {
        text.extend_from_slice(name.as_bytes());
        text.extend_from_slice(if value.starts_with(b"\n") { b":" } else { b": " });
        text.extend_from_slice(value);
        text.push(b'\n');
    }
    text
}
