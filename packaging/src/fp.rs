//! The fp format: a gzip-compressed tar of one folder, installed by unpacking it (`fuel-formats 5`).

use std::fmt::Display;
use std::io::{BufReader, BufWriter, Seek, Write};

use plugin::{Format, PLUGINS_ROOT};
use sha2::Sha256;

use crate::archive::{Listing, Rules, Writer, walk};
use crate::codec::{Decoder, Encoder, Method, Source};
use crate::digest::{Hashed, Hashing};
use crate::package::Visitor;
use crate::{Blueprint, Compression, Limits, Package, ReadError, Settings, WriteError, stream};

/// Writes the package.
pub(crate) fn write(
    blueprint: &Blueprint,
    settings: &Settings<'_>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let compression = settings.compression.unwrap_or(Compression::Gzip);
    if compression != Compression::Gzip {
        let problem = "a package of the fp format is compressed with gzip and nothing else";
        return Err(WriteError::Unrepresentable(problem.to_owned()));
    }
    let encoder = Encoder::new(BufWriter::new(out), Method::new(compression, settings.level)?)?;
    let mut tar = Writer::new(encoder, "", floor, blueprint.time);
    let top = blueprint.id.package_name();
    tar.folder(top.as_str(), 0o755)?;
    for (path, entry) in blueprint.contents.iter() {
        tar.append(&format!("{top}/{path}"), entry, &mut |bytes| {
            (settings.progress)(bytes.len() as u64);
        })?;
    }
    tar.finish()?.finish()?.flush()?;
    Ok(())
}

/// Returns `N-V.fp`, with the full version.
pub(crate) fn file_name(blueprint: &Blueprint) -> String {
    format!("{}-{}.fp", blueprint.id.name, blueprint.id.version)
}

/// Reads everything but the files' bytes, which are only hashed.
pub(crate) fn inspect(file: &mut std::fs::File, limits: &Limits) -> Result<Package, ReadError> {
    let mut listing = Listing::new(Format::Fp, limits);
    let whole = read(file, limits, &mut |path, file, content| listing.add(path, file, content))?;
    let integrity = listing.checksums().into_iter().collect();
    let (metadata, files) = listing.finish();
    let metadata = metadata.ok_or_else(|| damaged("it has no `metadata.yaml`"))?;
    let (version, fields) = describe(&metadata)?;
    Ok(Package {
        format: Format::Fp,
        name: whole.top,
        version,
        release: None,
        fields,
        relations: Vec::new(),
        scripts: Vec::new(),
        files,
        metadata: Some(metadata),
        compression: "gzip".to_owned(),
        size: whole.size,
        sha256: whole.sha256,
        integrity,
    })
}

/// Shows every entry to `visitor`, by its absolute path on a host.
pub(crate) fn visit(
    file: &mut std::fs::File,
    limits: &Limits,
    visitor: &mut Visitor<'_>,
) -> Result<(), ReadError> {
    read(file, limits, visitor).map(drop)
}

/// Links stay in the one folder at the archive's top.
fn floor(_: &str) -> usize {
    1
}

/// What is known after reading a whole package.
struct Whole {
    top: String,
    size: u64,
    sha256: String,
}

fn read(
    file: &mut std::fs::File,
    limits: &Limits,
    visitor: &mut Visitor<'_>,
) -> Result<Whole, ReadError> {
    file.rewind()?;
    let packed = file.metadata()?.len();
    let mut input = BufReader::new(Hashing::<_, Sha256>::new(file));
    let source = Source { format: Format::Fp, packed, limits };
    let mut decoder = Decoder::new(&mut input, Compression::Gzip, &source)?;
    let rules = Rules { format: Format::Fp, limits, root: PLUGINS_ROOT, floor };
    let mut top = None;
    walk(&mut decoder, &rules, &mut |path, file, content| {
        check_top(&mut top, path, file.mode)?;
        visitor(path, file, content)
    })?;
    decoder.finish()?;
    let top = top.ok_or_else(|| damaged("it is empty"))?;
    let Hashed { length: size, digest: sha256, .. } = input.into_inner().finish();
    Ok(Whole { top, size, sha256 })
}

/// Makes sure that everything is in one folder.
fn check_top(top: &mut Option<String>, path: &str, mode: u32) -> Result<(), ReadError> {
    let below = path.strip_prefix(PLUGINS_ROOT).expect("the walk puts the root before every path");
    let mut parts = below.split('/').skip(1);
    let first = parts.next().unwrap_or_default();
    if parts.next().is_none() && mode & 0o170_000 != 0o040_000 {
        return Err(ReadError::Unsafe(format!("`{}` lies in no folder", first.escape_debug())));
    }
    match top {
        Some(top) if top == first => Ok(()),
        Some(_) => Err(damaged("it has more than one folder at the top")),
        None => {
            *top = Some(first.to_owned());
            Ok(())
        }
    }
}

/// Returns the plugin's version, and what its metadata says for people.
fn describe(metadata: &str) -> Result<(String, Vec<(String, String)>), ReadError> {
    let problem = |problem: &str| damaged(format!("`metadata.yaml`: {problem}"));
    let document = plugin::yaml::parse(metadata).map_err(|error| problem(&error.to_string()))?;
    let root = document.root.ok_or_else(|| problem("it is blank"))?;
    let text = |key: &str| Some((key.to_owned(), root.get(key)?.as_str()?.to_owned()));
    let fields: Vec<_> = FIELDS.iter().filter_map(|key| text(key)).collect();
    match (text("name"), text("version")) {
        (Some(_), Some((_, version))) => Ok((version, fields)),
        _ => Err(problem("it has no name and version")),
    }
}

/// What of the metadata is shown as the package's fields.
const FIELDS: [&str; 6] =
    ["name", "version", "package_version", "title", "description", "homepage"];

fn damaged(problem: impl Display) -> ReadError {
    stream::damaged(Format::Fp, problem)
}
