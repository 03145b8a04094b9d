//! The header of a package: every tag of `fuel-formats 6`, and the lists of files.
//!
//! Written tag by tag, because the `rpm` crate's own builder wants all files' bytes in memory and
//! compares each folder with all others.

use std::collections::HashMap;

use ::rpm::{DependencyFlags, HeaderEntry, IndexData, IndexTag};

use super::manifest::{Body, Item, Manifest};
use super::payload::Payload;
use super::requirements::Requirements;
use super::scriptlets;
use crate::codec::Method;
use crate::{Blueprint, Compression, WriteError};

/// RPM's number for SHA-256 (that of OpenPGP).
const SHA256: u32 = 8;

/// The license of a package without one: rpm wants the tag in every package.
const NO_LICENSE: &str = "unspecified";

/// Says that nothing about the machine that built a package is in it.
const BUILD_HOST: &str = "localhost";

/// Makes the header of a package whose payload has been packed.
pub(super) fn entries(
    blueprint: &Blueprint,
    manifest: &Manifest<'_>,
    payload: &Payload,
    method: Method,
) -> Result<Vec<HeaderEntry>, WriteError> {
    let mut requirements = Requirements::default();
    requirements.basics();
    requirements.payload(method.compression());
    requirements.version(&blueprint.id.version.for_package_managers());
    requirements.version(&blueprint.release);
    if manifest.is_large() {
        requirements.feature("LargeFiles", "4.12.0-1");
    }
    let mut entries = scriptlets::entries(blueprint, &mut requirements);
    entries.extend(requirements.entries());
    entries.extend(identity(blueprint));
    entries.extend(description(blueprint));
    entries.extend(payload_facts(payload, method));
    entries.extend(folders_and_names(manifest));
    entries.extend(sizes(manifest));
    entries.extend(attributes(manifest, blueprint.time));
    entries.push(text_list(IndexTag::RPMTAG_FILEDIGESTS, payload.digests.clone()));
    match entries.iter().find_map(|entry| with_nul(&entry.data)) {
        Some(text) => Err(WriteError::Unrepresentable(format!(
            "an RPM cannot hold the NUL character in `{}`",
            text.escape_debug()
        ))),
        None => Ok(entries),
    }
}

fn identity(blueprint: &Blueprint) -> Vec<HeaderEntry> {
    let name = blueprint.id.package_name();
    let version = blueprint.id.version.for_package_managers();
    let release = &blueprint.release;
    vec![
        text_list(IndexTag::RPMTAG_HEADERI18NTABLE, vec!["C".to_owned()]),
        text(IndexTag::RPMTAG_NAME, name.as_str()),
        text(IndexTag::RPMTAG_VERSION, &version),
        text(IndexTag::RPMTAG_RELEASE, release),
        text(IndexTag::RPMTAG_ARCH, "noarch"),
        text(IndexTag::RPMTAG_OS, "linux"),
        // Tells a binary package from a source package.
        text(IndexTag::RPMTAG_SOURCERPM, &format!("{name}-{version}-{release}.src.rpm")),
        text(IndexTag::RPMTAG_BUILDHOST, BUILD_HOST),
        numbers(IndexTag::RPMTAG_BUILDTIME, vec![blueprint.time]),
        text_list(IndexTag::RPMTAG_PROVIDENAME, vec![name.as_str().to_owned()]),
        numbers(IndexTag::RPMTAG_PROVIDEFLAGS, vec![DependencyFlags::EQUAL.bits()]),
        text_list(IndexTag::RPMTAG_PROVIDEVERSION, vec![format!("{version}-{release}")]),
        text(IndexTag::RPMTAG_ENCODING, "utf-8"),
    ]
}

fn description(blueprint: &Blueprint) -> Vec<HeaderEntry> {
    let license = one_line(&blueprint.licenses.join(" and "));
    let mut entries = vec![
        translated(IndexTag::RPMTAG_SUMMARY, &one_line(&blueprint.title)),
        translated(IndexTag::RPMTAG_DESCRIPTION, &blueprint.description),
        translated(IndexTag::RPMTAG_GROUP, "Development/Libraries"),
        text(IndexTag::RPMTAG_LICENSE, if license.is_empty() { NO_LICENSE } else { &license }),
    ];
    let vendor = one_line(&blueprint.authors.join(", "));
    if !vendor.is_empty() {
        entries.push(text(IndexTag::RPMTAG_VENDOR, &vendor));
    }
    let homepage = one_line(blueprint.homepage.as_deref().unwrap_or_default());
    if !homepage.is_empty() {
        entries.push(text(IndexTag::RPMTAG_URL, &homepage));
    }
    entries
}

fn payload_facts(payload: &Payload, method: Method) -> Vec<HeaderEntry> {
    let mut entries = vec![
        text(IndexTag::RPMTAG_PAYLOADFORMAT, "cpio"),
        text(IndexTag::RPMTAG_PAYLOADFLAGS, &method.level().to_string()),
        text_list(IndexTag::RPMTAG_PAYLOADSHA256, vec![payload.sha256.clone()]),
        numbers(IndexTag::RPMTAG_PAYLOADSHA256ALGO, vec![SHA256]),
        numbers(IndexTag::RPMTAG_FILEDIGESTALGO, vec![SHA256]),
    ];
    if method.compression() != Compression::Uncompressed {
        entries.push(text(IndexTag::RPMTAG_PAYLOADCOMPRESSOR, method.compression().name()));
    }
    entries
}

/// Paths are split into a list of folders and, per file, a position in it and a name.
fn folders_and_names(manifest: &Manifest<'_>) -> [HeaderEntry; 3] {
    let mut folders = Vec::new();
    let mut positions = HashMap::new();
    let (mut indexes, mut names) = (Vec::new(), Vec::new());
    for item in manifest.items() {
        let (folder, name) = split(&item.path);
        let index = *positions.entry(folder).or_insert_with(|| {
            folders.push(folder.to_owned());
            folders.len() as u32 - 1
        });
        indexes.push(index);
        names.push(name.to_owned());
    }
    [
        text_list(IndexTag::RPMTAG_DIRNAMES, folders),
        numbers(IndexTag::RPMTAG_DIRINDEXES, indexes),
        text_list(IndexTag::RPMTAG_BASENAMES, names),
    ]
}

fn split(path: &str) -> (&str, &str) {
    path.split_at(path.rfind('/').expect("an item's path is absolute") + 1)
}

fn sizes(manifest: &Manifest<'_>) -> [HeaderEntry; 2] {
    let sizes = manifest.items().iter().map(|item| item.size);
    if manifest.is_large() {
        return [
            large_numbers(IndexTag::RPMTAG_LONGSIZE, vec![manifest.size()]),
            large_numbers(IndexTag::RPMTAG_LONGFILESIZES, sizes.collect()),
        ];
    }
    [
        numbers(IndexTag::RPMTAG_SIZE, vec![manifest.size() as u32]),
        numbers(IndexTag::RPMTAG_FILESIZES, sizes.map(|size| size as u32).collect()),
    ]
}

/// All else that rpm wants to know per file; most of it is the same for all of ours.
fn attributes(manifest: &Manifest<'_>, time: u32) -> Vec<HeaderEntry> {
    let items = manifest.items();
    let count = items.len();
    let all = |number: u32| vec![number; count];
    let root = || vec!["root".to_owned(); count];
    let target = |item: &Item<'_>| match item.body {
        Body::Link(target) => target.to_owned(),
        Body::Folder | Body::File(_) => String::new(),
    };
    vec![
        short_numbers(IndexTag::RPMTAG_FILEMODES, items.iter().map(|i| i.mode as u16).collect()),
        short_numbers(IndexTag::RPMTAG_FILERDEVS, vec![0; count]),
        numbers(IndexTag::RPMTAG_FILEMTIMES, all(time)),
        text_list(IndexTag::RPMTAG_FILELINKTOS, items.iter().map(target).collect()),
        numbers(IndexTag::RPMTAG_FILEFLAGS, all(0)),
        text_list(IndexTag::RPMTAG_FILEUSERNAME, root()),
        text_list(IndexTag::RPMTAG_FILEGROUPNAME, root()),
        // Verify everything.
        numbers(IndexTag::RPMTAG_FILEVERIFYFLAGS, all(u32::MAX)),
        // One device and no inode twice: no hard links.
        numbers(IndexTag::RPMTAG_FILEDEVICES, all(1)),
        numbers(IndexTag::RPMTAG_FILEINODES, (1..).take(count).collect()),
        text_list(IndexTag::RPMTAG_FILELANGS, vec![String::new(); count]),
    ]
}

/// Folds line breaks, with the blanks around them, to one blank.
fn one_line(text: &str) -> String {
    let is_break = |c| matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let lines = text.split(is_break).map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

/// Returns a text that would end too early: NUL ends a text in a header.
fn with_nul(data: &IndexData) -> Option<&String> {
    let texts = match data {
        IndexData::StringTag(text) => std::slice::from_ref(text),
        IndexData::StringArray(texts) | IndexData::I18NString(texts) => texts,
        _ => &[],
    };
    texts.iter().find(|text| text.contains('\0'))
}

pub(super) fn text(tag: IndexTag, text: &str) -> HeaderEntry {
    HeaderEntry::new(tag.into(), IndexData::StringTag(text.to_owned()))
}

pub(super) fn text_list(tag: IndexTag, texts: Vec<String>) -> HeaderEntry {
    HeaderEntry::new(tag.into(), IndexData::StringArray(texts))
}

pub(super) fn numbers(tag: IndexTag, numbers: Vec<u32>) -> HeaderEntry {
    HeaderEntry::new(tag.into(), IndexData::Int32(numbers))
}

fn translated(tag: IndexTag, text: &str) -> HeaderEntry {
    HeaderEntry::new(tag.into(), IndexData::I18NString(vec![text.to_owned()]))
}

fn short_numbers(tag: IndexTag, numbers: Vec<u16>) -> HeaderEntry {
    HeaderEntry::new(tag.into(), IndexData::Int16(numbers))
}

fn large_numbers(tag: IndexTag, numbers: Vec<u64>) -> HeaderEntry {
    HeaderEntry::new(tag.into(), IndexData::Int64(numbers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_become_one_blank() {
        for (text, folded) in [
            ("plain  text", "plain  text"),
            ("two\nlines", "two lines"),
            ("  two \r\n\r\n  lines\n", "two lines"),
            ("a\u{2028}b\u{85}c\u{b}d", "a b c d"),
            ("\n", ""),
        ] {
            assert_eq!(one_line(text), folded, "{text:?}");
        }
    }
}
