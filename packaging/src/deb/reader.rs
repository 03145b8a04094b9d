//! Debian packages read in one pass, whoever made them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Seek};

use plugin::{Format, PLUGINS_ROOT};
use sha2::Sha256;
use sha2::digest::Update;

use super::members::{self, Member, damaged};
use super::paragraph::Paragraph;
use crate::archive::{Listing, Rules, walk};
use crate::codec::{Decoder, Source};
use crate::digest::{Digests, Hashed, Hashing, Sums};
use crate::package::{Relation, Script, Visitor};
use crate::stream::{read_bytes, read_error, read_text};
use crate::{Compression, Limits, Package, ReadError};

/// What the names of the two archives begin with.
const CONTROL: &str = "control.tar";
const DATA: &str = "data.tar";

/// Scripts in the order in which they run.
const SCRIPTS: [&str; 5] = ["config", "preinst", "postinst", "prerm", "postrm"];

/// What the fields that name other packages mean.
const RELATIONS: [(&str, Relation); 7] = [
    ("Provides", Relation::Provides),
    ("Pre-Depends", Relation::Requires),
    ("Depends", Relation::Requires),
    ("Recommends", Relation::Recommends),
    ("Conflicts", Relation::Conflicts),
    ("Breaks", Relation::Conflicts),
    ("Replaces", Relation::Replaces),
];

/// Reads everything but the files' bytes, which are only hashed.
pub(crate) fn inspect(file: &mut File, limits: &Limits) -> Result<Package, ReadError> {
    let mut listing = Listing::new(Format::Deb, limits);
    let mut input = start::<Sha256>(file)?;
    let whole =
        read(&mut input, limits, &mut |path, file, content| listing.add(path, file, content))?;
    let Hashed { length, digest, .. } = input.into_inner().finish();
    package(whole, listing, length, digest).map(|(package, _)| package)
}

/// Reads the same, and returns with it what an index needs beside: all fields and all digests.
pub(crate) fn inspect_for_index(
    file: &mut File,
    limits: &Limits,
) -> Result<(Package, Paragraph, Sums), ReadError> {
    let mut listing = Listing::new(Format::Deb, limits);
    let mut input = start::<Digests>(file)?;
    let whole =
        read(&mut input, limits, &mut |path, file, content| listing.add(path, file, content))?;
    let Hashed { length, digest, .. } = input.into_inner().finish();
    let (package, paragraph) = package(whole, listing, length, hex::encode(digest.sha256))?;
    Ok((package, paragraph, digest))
}

/// Returns what was read, and its control paragraph.
fn package(
    whole: Whole,
    listing: Listing,
    size: u64,
    sha256: String,
) -> Result<(Package, Paragraph), ReadError> {
    let paragraph = paragraph(&whole.control)?;
    let name = paragraph.required("Package")?.to_owned();
    let (version, release) = split_version(paragraph.required("Version")?);
    let conffiles = text(&whole.control, "conffiles")?.unwrap_or_default();
    let md5sums = text(&whole.control, "md5sums")?.map(|text| listing.md5sums(text, conffiles));
    let integrity = md5sums.into_iter().chain(listing.checksums()).collect();
    let (metadata, files) = listing.finish();
    let package = Package {
        format: Format::Deb,
        name,
        version,
        release,
        fields: fields(&paragraph),
        relations: relations(&paragraph),
        scripts: scripts(&whole.control)?,
        files,
        metadata,
        compression: whole.compression.name().to_owned(),
        size,
        sha256,
        integrity,
    };
    Ok((package, paragraph))
}

/// Shows every entry to `visitor`, by its absolute path on a host.
pub(crate) fn visit(
    file: &mut File,
    limits: &Limits,
    visitor: &mut Visitor<'_>,
) -> Result<(), ReadError> {
    read(&mut BufReader::new(rewound(file)?), limits, visitor).map(drop)
}

/// Reads the whole of a package, of whose files nothing but their presence matters, and returns its
/// control paragraph.
pub(crate) fn read_paragraph(
    input: &mut dyn BufRead,
    limits: &Limits,
) -> Result<Paragraph, ReadError> {
    let (files, ()) = members_of(input, limits, members::skip)?;
    paragraph(&files)
}

/// The control archive: files by name.
type ControlFiles = BTreeMap<String, Vec<u8>>;

/// What is known after reading a whole package.
struct Whole {
    control: ControlFiles,
    compression: Compression,
}

/// Begins to read and hash `file`.
fn start<D: Update + Default>(
    file: &mut File,
) -> Result<BufReader<Hashing<&mut File, D>>, ReadError> {
    Ok(BufReader::with_capacity(64 << 10, Hashing::new(rewound(file)?)))
}

fn rewound(file: &mut File) -> Result<&mut File, ReadError> {
    file.rewind()?;
    Ok(file)
}

fn read(
    input: &mut dyn BufRead,
    limits: &Limits,
    visitor: &mut Visitor<'_>,
) -> Result<Whole, ReadError> {
    let rules = Rules { format: Format::Deb, limits, root: "", floor };
    let (control, compression) =
        members_of(input, limits, |data| unpack(data, DATA, &rules, visitor))?;
    Ok(Whole { control, compression })
}

/// Reads the members of a package one after the other; the files are read by `data`.
fn members_of<T>(
    input: &mut dyn BufRead,
    limits: &Limits,
    data: impl FnOnce(Member<'_>) -> Result<T, ReadError>,
) -> Result<(ControlFiles, T), ReadError> {
    members::start(input)?;
    version(members::next(input, |name| name == "debian-binary")?)?;
    let control = members::next(input, |name| compression(name, CONTROL).is_some())?;
    let control = control_files(control, limits)?;
    let data = data(members::next(input, |name| compression(name, DATA).is_some())?)?;
    // Signatures may follow; dpkg, too, looks at no member that is called so.
    while !input.fill_buf().map_err(|error| read_error(Format::Deb, error))?.is_empty() {
        members::skip(members::next(input, |name| name.starts_with('_'))?)?;
    }
    Ok((control, data))
}

/// Reads `debian-binary`.
fn version(mut member: Member<'_>) -> Result<(), ReadError> {
    let text = read_text(Format::Deb, "debian-binary", &mut member.content, 64)?;
    if !text.starts_with("2.") {
        return Err(damaged("it is not of version 2"));
    }
    members::end(member)
}

/// Reads the control archive, all of which is held in memory.
fn control_files(member: Member<'_>, limits: &Limits) -> Result<ControlFiles, ReadError> {
    let mut files = BTreeMap::new();
    let rules = Rules { format: Format::Deb, limits, root: "", floor };
    let mut left = limits.header;
    unpack(member, CONTROL, &rules, &mut |path, file, content| {
        if file.is_regular() {
            let name = &path[1..];
            let bytes = read_bytes(Format::Deb, name, content, left)?;
            left -= bytes.len() as u64;
            files.insert(name.to_owned(), bytes);
        }
        Ok(())
    })?;
    Ok(files)
}

/// Walks the tar in a member; returns how it is compressed.
fn unpack(
    mut member: Member<'_>,
    stem: &str,
    rules: &Rules<'_>,
    visitor: &mut Visitor<'_>,
) -> Result<Compression, ReadError> {
    let compression = compression(&member.name, stem).expect("the member was chosen by its name");
    let source = Source { format: Format::Deb, packed: member.size, limits: rules.limits };
    let mut decoder = Decoder::new(&mut member.content, compression, &source)?;
    walk(&mut decoder, rules, visitor)?;
    decoder.finish()?;
    members::end(member)?;
    Ok(compression)
}

/// Returns how a member is compressed, by its name.
fn compression(name: &str, stem: &str) -> Option<Compression> {
    match name.strip_prefix(stem)? {
        "" => Some(Compression::Uncompressed),
        ".gz" => Some(Compression::Gzip),
        ".xz" => Some(Compression::Xz),
        ".zst" => Some(Compression::Zstd),
        _ => None,
    }
}

/// Links in a plugin's folder stay there; any other stays below `/`.
pub(super) fn floor(path: &str) -> usize {
    match path.strip_prefix(&PLUGINS_ROOT[1..]) {
        Some(below) if below.starts_with('/') => path.matches('/').count().min(5),
        _ => 0,
    }
}

/// Splits `1.0.2-1` into version and revision.
fn split_version(text: &str) -> (String, Option<String>) {
    match text.rsplit_once('-') {
        Some((version, revision)) => (version.to_owned(), Some(revision.to_owned())),
        None => (text.to_owned(), None),
    }
}

fn paragraph(control: &ControlFiles) -> Result<Paragraph, ReadError> {
    Paragraph::parse(control.get("control").ok_or_else(|| damaged("it has no `control`"))?)
}

/// Returns a file of the control archive that has to be text.
fn text<'a>(control: &'a ControlFiles, name: &str) -> Result<Option<&'a str>, ReadError> {
    let text = control.get(name).map(|bytes| str::from_utf8(bytes)).transpose();
    text.map_err(|_| damaged(format!("`{name}` is not UTF-8")))
}

/// Returns all fields for people: lines of a value without what indents them.
fn fields(paragraph: &Paragraph) -> Vec<(String, String)> {
    let value = |value: &[u8]| String::from_utf8_lossy(value).replace("\n ", "\n");
    paragraph.fields.iter().map(|(name, text)| (name.clone(), value(text))).collect()
}

/// Returns what it provides, requires and so on, sorted.
fn relations(paragraph: &Paragraph) -> Vec<(Relation, String)> {
    let one_line = |item: &str| item.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut relations = Vec::new();
    for (name, relation) in RELATIONS {
        let list = String::from_utf8_lossy(paragraph.get(name).unwrap_or_default());
        let items = list.split(',').map(one_line).filter(|item| !item.is_empty());
        relations.extend(items.map(|item| (relation, item)));
    }
    relations.sort();
    relations
}

fn scripts(control: &ControlFiles) -> Result<Vec<Script>, ReadError> {
    let mut scripts = Vec::new();
    for name in SCRIPTS {
        let Some(body) = text(control, name)? else { continue };
        let first = body.lines().next().and_then(|line| line.strip_prefix("#!"));
        let interpreter = first.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        scripts.push(Script { name: name.to_owned(), interpreter, body: body.to_owned() });
    }
    Ok(scripts)
}
