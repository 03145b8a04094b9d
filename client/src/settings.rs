//! Settings: flag before variable before drop-in before host before vendor (`cli 1`).
//!
//! Files are read in this order, later ones win: `plugins.yaml`, `hosts.d/*.yaml`, `conf.d/*.yaml` of the
//! vendor, then those of the administrator, each folder in the order of its names. `--config` names one file
//! to read instead of the administrator's.

mod file;
mod key;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub(crate) use file::BadFile;
pub(crate) use key::{KEYS, Key, Value, find, nearest};

/// All settings with their origins.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    values: BTreeMap<&'static str, Set>,
}

/// A setting's value and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Set {
    /// The value.
    pub(crate) value: Value,
    /// Who set it.
    pub(crate) origin: Origin,
}

/// Who set a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Nobody: it is the program's own.
    BuiltIn,
    /// A file, at a line.
    File(PathBuf, usize),
    /// An environment variable.
    Variable(String),
    /// An option on the command line.
    Flag(&'static str),
}

/// Settings that cannot be taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadSettings {
    /// A file is wrong.
    #[error(transparent)]
    File(#[from] BadFile),
    /// A variable is.
    #[error("{name}: {problem}")]
    Variable {
        /// The variable.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// Where to look for settings.
#[derive(Debug)]
pub(crate) struct Sources<'a> {
    /// Folder of the vendor's files.
    pub(crate) vendor: &'a Path,
    /// Folder of the administrator's files.
    pub(crate) administrator: &'a Path,
    /// The one file to read instead of the administrator's.
    pub(crate) only: Option<&'a Path>,
}

impl Settings {
    /// Reads the files, then what `variable` gives of the environment.
    pub(crate) fn read(
        sources: &Sources<'_>,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, BadSettings> {
        let mut settings = Self::built_in();
        let mut files = folder(sources.vendor)?;
        match sources.only {
            Some(file) => files.push(file.to_owned()),
            None => files.extend(folder(sources.administrator)?),
        }
        for path in files {
            for given in file::read(&path)? {
                settings.set(given.name, given.value, Origin::File(path.clone(), given.line));
            }
        }
        settings.take_variables(variable)?;
        Ok(settings)
    }

    fn built_in() -> Self {
        let defaults = [
            ("keep-size", Value::Number(2 << 30)),
            ("keep-versions", Value::Number(2)),
            ("lock-timeout", Value::Number(60)),
            ("network-timeout", Value::Number(60)),
            ("package-manager", Value::Text("auto".to_owned())),
            ("package-manager-options", Value::Texts(Vec::new())),
            ("package-manager-timeout", Value::Number(3600)),
            ("plugins-root", Value::Text(plugin::PLUGINS_ROOT.to_owned())),
            ("product-version", Value::Text(String::new())),
            ("require-package", Value::Text(String::new())),
            ("tools", Value::Text(String::new())),
            ("trust-policy", Value::Text("strict".to_owned())),
        ];
        let set = |(name, value)| (name, Set { value, origin: Origin::BuiltIn });
        Self { values: defaults.into_iter().map(set).collect() }
    }

    fn take_variables(
        &mut self,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<(), BadSettings> {
        for key in KEYS {
            let name = key.variable();
            let Some(text) = variable(&name).filter(|text| !text.is_empty()) else { continue };
            let value = match text.to_str() {
                Some(text) => key.parse(text),
                None => Err("is not UTF-8".to_owned()),
            };
            match value {
                Ok(value) => self.set(key.name, value, Origin::Variable(name)),
                Err(problem) => return Err(BadSettings::Variable { name, problem }),
            }
        }
        Ok(())
    }

    /// Sets a setting to what an option says.
    pub(crate) fn flag(&mut self, name: &'static str, value: Value, flag: &'static str) {
        self.set(name, value, Origin::Flag(flag));
    }

    fn set(&mut self, name: &'static str, value: Value, origin: Origin) {
        self.values.insert(name, Set { value, origin });
    }

    /// Returns all settings, by name.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'static str, &Set)> {
        self.values.iter().map(|(name, set)| (*name, set))
    }

    /// Returns the setting named `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&Set> {
        self.values.get(name)
    }

    /// Returns a text; `None` where it is empty.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.value(name) {
            Value::Text(text) => Some(text.as_str()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    /// Returns a number; 0 where the setting is none.
    pub(crate) fn number(&self, name: &str) -> u64 {
        match self.value(name) {
            Value::Number(number) => *number,
            _ => 0,
        }
    }

    /// Returns several texts.
    pub(crate) fn texts(&self, name: &str) -> &[String] {
        match self.value(name) {
            Value::Texts(texts) => texts,
            _ => &[],
        }
    }

    fn value(&self, name: &str) -> &Value {
        &self.values.get(name).expect("every setting has a built-in value").value
    }
}

/// Says where a value comes from.
impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::BuiltIn => f.write_str("built in"),
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Variable(name) => write!(f, "${name}"),
            Self::Flag(flag) => f.write_str(flag),
        }
    }
}

/// Returns the files below `folder` that hold settings, in the order in which they are read.
fn folder(folder: &Path) -> Result<Vec<PathBuf>, BadFile> {
    let mut files = Vec::new();
    let main = folder.join("plugins.yaml");
    if main.try_exists().map_err(BadFile::Io)? {
        files.push(main);
    }
    for part in ["hosts.d", "conf.d"] {
        let mut part = drop_ins(&folder.join(part)).map_err(BadFile::Io)?;
        part.sort();
        files.append(&mut part);
    }
    Ok(files)
}

fn drop_ins(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = match fs_err::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes()[0] == b'.');
        if !hidden && path.extension().is_some_and(|extension| extension == "yaml") {
            files.push(path);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, name: &str, text: &str) {
        let path = folder.join(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }

    fn read(root: &Path, only: Option<&Path>, variables: &[(&str, &str)]) -> Settings {
        let (vendor, administrator) = (root.join("vendor"), root.join("etc"));
        let sources = Sources { vendor: &vendor, administrator: &administrator, only };
        Settings::read(&sources, |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into())
        })
        .unwrap()
    }

    #[test]
    fn the_nearest_to_the_command_wins_and_says_so() {
        let root = tempfile::tempdir().unwrap();
        let at = root.path();
        let shown = |settings: &Settings| {
            let set = settings.get("lock-timeout").unwrap();
            let origin = set.origin.to_string();
            format!("{} {}", set.value, origin.rsplit_once('/').map_or(&*origin, |(_, name)| name))
        };
        assert_eq!(shown(&read(at, None, &[])), "60 built in");
        write(at, "vendor/conf.d/z.yaml", "lock-timeout: 1");
        assert_eq!(shown(&read(at, None, &[])), "1 z.yaml:1");
        write(at, "etc/plugins.yaml", "\nlock-timeout: 2");
        assert_eq!(shown(&read(at, None, &[])), "2 plugins.yaml:2");
        write(at, "etc/hosts.d/h.yaml", "lock-timeout: 3");
        assert_eq!(shown(&read(at, None, &[])), "3 h.yaml:1");
        write(at, "etc/conf.d/20-b.yaml", "lock-timeout: 5");
        write(at, "etc/conf.d/10-a.yaml", "lock-timeout: 4");
        write(at, "etc/conf.d/.30-c.yaml", "lock-timeout: 6");
        write(at, "etc/conf.d/40-d.yaml~", "lock-timeout: 6");
        assert_eq!(shown(&read(at, None, &[])), "5 20-b.yaml:1");
        write(at, "own.yaml", "keep-size: 9");
        let own = at.join("own.yaml");
        assert_eq!(shown(&read(at, Some(&own), &[])), "1 z.yaml:1");
        let variables = [("PLUGINS_LOCK_TIMEOUT", "7")];
        let mut settings = read(at, None, &variables);
        assert_eq!(shown(&settings), "7 $PLUGINS_LOCK_TIMEOUT");
        settings.flag("lock-timeout", Value::Number(8), "--lock-timeout");
        assert_eq!(shown(&settings), "8 --lock-timeout");
    }

    #[test]
    fn every_setting_has_a_value() {
        let settings = Settings::built_in();
        let names: Vec<_> = settings.all().map(|(name, _)| name).collect();
        assert_eq!(names, KEYS.iter().map(|key| key.name).collect::<Vec<_>>());
    }
}
