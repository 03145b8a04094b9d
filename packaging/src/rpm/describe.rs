//! What a header says about its package, in rpm's own words.

use ::rpm::{Dependency, Error, IndexData, IndexTag, PackageMetadata, Scriptlet, Trigger};
use jiff::Timestamp;

use super::damaged;
use crate::ReadError;
use crate::package::{Relation, Script};

/// Tags for people, in the order in which rpm shows them.
const FIELDS: [(&str, IndexTag); 19] = [
    ("Name", IndexTag::RPMTAG_NAME),
    ("Epoch", IndexTag::RPMTAG_EPOCH),
    ("Version", IndexTag::RPMTAG_VERSION),
    ("Release", IndexTag::RPMTAG_RELEASE),
    ("Architecture", IndexTag::RPMTAG_ARCH),
    ("Group", IndexTag::RPMTAG_GROUP),
    ("License", IndexTag::RPMTAG_LICENSE),
    ("Source RPM", IndexTag::RPMTAG_SOURCERPM),
    ("Build Date", IndexTag::RPMTAG_BUILDTIME),
    ("Build Host", IndexTag::RPMTAG_BUILDHOST),
    ("Packager", IndexTag::RPMTAG_PACKAGER),
    ("Vendor", IndexTag::RPMTAG_VENDOR),
    ("URL", IndexTag::RPMTAG_URL),
    ("Summary", IndexTag::RPMTAG_SUMMARY),
    ("Description", IndexTag::RPMTAG_DESCRIPTION),
    ("Encoding", IndexTag::RPMTAG_ENCODING),
    ("Payload Format", IndexTag::RPMTAG_PAYLOADFORMAT),
    ("Payload Compressor", IndexTag::RPMTAG_PAYLOADCOMPRESSOR),
    ("Payload Flags", IndexTag::RPMTAG_PAYLOADFLAGS),
];

/// Returns the tags for people that the header has.
pub(super) fn fields(metadata: &PackageMetadata) -> Result<Vec<(String, String)>, ReadError> {
    let mut fields = Vec::new();
    for (name, tag) in FIELDS {
        let Some(data) = present(metadata.header.entry(tag))? else { continue };
        let value = match data {
            IndexData::Int32(numbers) if tag == IndexTag::RPMTAG_BUILDTIME => time(&numbers),
            IndexData::Int32(numbers) => numbers.first().map(u32::to_string),
            IndexData::StringTag(text) => Some(text),
            IndexData::I18NString(texts) | IndexData::StringArray(texts) => {
                texts.into_iter().next()
            }
            _ => None,
        };
        let value = value.ok_or_else(|| damaged(format!("its {name} is of another type")))?;
        fields.push((name.to_owned(), value));
    }
    if metadata.header.entry_is_present(IndexTag::RPMTAG_FILECAPS) {
        fields.extend(capabilities(metadata)?);
    }
    Ok(fields)
}

/// Returns which files run with more rights than their modes tell.
fn capabilities(metadata: &PackageMetadata) -> Result<Vec<(String, String)>, ReadError> {
    let mut capabilities = Vec::new();
    let read = metadata.for_each_file_entry(|entry| {
        if let Some(rights) = entry.caps().filter(|rights| !rights.is_empty()) {
            let path = format!("{}{}", entry.dirname(), entry.basename());
            capabilities.push(("Capabilities".to_owned(), format!("{path} {rights}")));
        }
        Ok(())
    });
    read.map_err(damaged)?;
    Ok(capabilities)
}

fn time(numbers: &[u32]) -> Option<String> {
    let time = Timestamp::from_second(i64::from(*numbers.first()?)).ok()?;
    Some(time.to_string())
}

/// Returns what the package provides, requires and so on; each expression once, sorted.
pub(super) fn relations(metadata: &PackageMetadata) -> Result<Vec<(Relation, String)>, ReadError> {
    let mut relations = Vec::new();
    let mut add = |relation, dependencies: Result<Vec<Dependency>, Error>| {
        let dependencies = dependencies.map_err(damaged)?;
        relations.extend(dependencies.iter().map(|it| (relation, it.to_string())));
        Ok::<_, ReadError>(())
    };
    add(Relation::Provides, metadata.get_provides())?;
    add(Relation::Requires, metadata.get_requires())?;
    add(Relation::Recommends, metadata.get_recommends())?;
    add(Relation::Conflicts, metadata.get_conflicts())?;
    add(Relation::Replaces, metadata.get_obsoletes())?;
    relations.sort();
    relations.dedup();
    Ok(relations)
}

/// Returns all that runs on the host: scriptlets in the order in which they run, then triggers.
pub(super) fn scripts(metadata: &PackageMetadata) -> Result<Vec<Script>, ReadError> {
    let scriptlets = [
        ("%pretrans", IndexTag::RPMTAG_PRETRANSPROG, metadata.get_pre_trans_script()),
        ("%pre", IndexTag::RPMTAG_PREINPROG, metadata.get_pre_install_script()),
        ("%post", IndexTag::RPMTAG_POSTINPROG, metadata.get_post_install_script()),
        ("%posttrans", IndexTag::RPMTAG_POSTTRANSPROG, metadata.get_post_trans_script()),
        ("%preuntrans", IndexTag::RPMTAG_PREUNTRANSPROG, metadata.get_pre_untrans_script()),
        ("%preun", IndexTag::RPMTAG_PREUNPROG, metadata.get_pre_uninstall_script()),
        ("%postun", IndexTag::RPMTAG_POSTUNPROG, metadata.get_post_uninstall_script()),
        ("%postuntrans", IndexTag::RPMTAG_POSTUNTRANSPROG, metadata.get_post_untrans_script()),
        ("%verifyscript", IndexTag::RPMTAG_VERIFYSCRIPTPROG, metadata.get_verify_script()),
    ];
    let mut scripts = Vec::new();
    for (name, program, scriptlet) in scriptlets {
        let program = present(metadata.header.get_entry_data_as_string_array(program))?;
        scripts.extend(script(name, program, present(scriptlet)?));
    }
    scripts.extend(triggers("%trigger", metadata.get_triggers())?);
    scripts.extend(triggers("%filetrigger", metadata.get_file_triggers())?);
    scripts.extend(triggers("%transfiletrigger", metadata.get_trans_file_triggers())?);
    Ok(scripts)
}

/// Returns a scriptlet if it has an interpreter, a text or both: an interpreter alone runs, too.
fn script(name: &str, program: Option<Vec<&str>>, scriptlet: Option<Scriptlet>) -> Option<Script> {
    let body = scriptlet.map(|scriptlet| scriptlet.script);
    if program.is_none() && body.is_none() {
        return None;
    }
    // What rpm takes where a text has no interpreter.
    let program = program.unwrap_or_else(|| vec!["/bin/sh"]);
    Some(Script {
        name: name.to_owned(),
        interpreter: program.into_iter().map(str::to_owned).collect(),
        body: body.unwrap_or_default(),
    })
}

fn triggers(name: &str, triggers: Result<Vec<Trigger>, Error>) -> Result<Vec<Script>, ReadError> {
    let script = |trigger: Trigger| {
        let conditions: Vec<_> = trigger.conditions.into_iter().map(|it| it.name).collect();
        Script {
            name: format!("{name} {}", conditions.join(", ")),
            interpreter: trigger.program,
            body: trigger.script,
        }
    };
    Ok(triggers.map_err(damaged)?.into_iter().map(script).collect())
}

/// Tells an absent tag from a broken one.
fn present<T>(entry: Result<T, Error>) -> Result<Option<T>, ReadError> {
    match entry {
        Ok(value) => Ok(Some(value)),
        Err(Error::TagNotFound(_)) => Ok(None),
        Err(failure) => Err(damaged(failure)),
    }
}
