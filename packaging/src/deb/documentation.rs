//! What Debian expects beside a package's own files: copyright, changelog, and why lintian is overruled.

use std::io::Write;

use flate2::write::GzEncoder;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Identity;
use super::control::{homepage, maintainer, one_line};
use crate::{Blueprint, Contents, WriteError};

/// Adds the documents to `files`.
pub(super) fn add(
    files: &mut Contents,
    blueprint: &Blueprint,
    identity: &Identity,
) -> Result<(), WriteError> {
    let name = &identity.name;
    let documents = format!("usr/share/doc/{name}");
    files.insert_text(&format!("{documents}/copyright"), copyright(blueprint).into_bytes());
    let mut changelog = GzEncoder::new(Vec::new(), flate2::Compression::best());
    changelog.write_all(changelog_entry(blueprint, identity).as_bytes())?;
    files.insert_text(&format!("{documents}/changelog.Debian.gz"), changelog.finish()?);
    let overrides = format!(
        "# The product looks for plugins there and nowhere else.\n\
         {name}: dir-or-file-in-var-www\n"
    );
    files.insert_text(&format!("usr/share/lintian/overrides/{name}"), overrides.into_bytes());
    Ok(())
}

/// Returns what the metadata says of authors and licenses, and nothing more, as a machine reads it.
fn copyright(blueprint: &Blueprint) -> String {
    let list = |items: &[String], separator: &str| {
        let items: Vec<_> = items.iter().map(|item| one_line(item)).collect();
        if items.is_empty() { "not stated".to_owned() } else { items.join(separator) }
    };
    let id = &blueprint.id;
    let source = homepage(blueprint).map(|address| format!("Source: {address}\n"));
    let pointer = if blueprint.contents.get("LICENSE").is_some() {
        format!("Its text is in {}/LICENSE.", id.folder())
    } else {
        "The plugin comes without its text.".to_owned()
    };
    format!(
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\
         Upstream-Name: {}\n\
         {}\n\
         Files: *\n\
         Copyright: {}\n\
         License: {}\n \
         This is the license that the metadata of the plugin names.\n \
         {pointer}\n",
        id.name,
        source.unwrap_or_default(),
        list(&blueprint.authors, ", "),
        list(&blueprint.licenses, " and "),
    )
}

/// Returns the one entry of the changelog.
fn changelog_entry(blueprint: &Blueprint, identity: &Identity) -> String {
    let Identity { name, version } = identity;
    let time = Timestamp::from_second(blueprint.time.into())
        .expect("the seconds of 32 bits end in 2106")
        .to_zoned(TimeZone::UTC)
        .strftime("%a, %d %b %Y %H:%M:%S +0000");
    format!(
        "{name} ({version}) unstable; urgency=medium\n\n  \
         * Plugin {}, version {}.\n\n \
         -- {}  {time}\n",
        blueprint.id.name,
        blueprint.id.version,
        maintainer(blueprint),
    )
}
