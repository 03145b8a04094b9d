//! What administrators name plugins by: `demo`, `demo-1.0`, `demo==1.0.2`, `./demo-1.0-1.0.2-1.noarch.rpm`.
//!
//! Only the words are looked at: whether a file exists or a plugin is installed is asked later. A name
//! has no dots and a release line has one, so `my-demo-1.0` is read in one way only.

use std::fmt;
use std::path::{Path, PathBuf};

use plugin::{BadName, BadVersion, PluginName, ReleaseLine, Version};

/// What an argument names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Spec {
    /// A package file, as given.
    File(PathBuf),
    /// A plugin that the host or a repository has.
    Plugin(Target),
}

/// A plugin, as exactly as the administrator cared to say.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// `demo`
    Name(PluginName),
    /// `demo-1.0`
    Line(PluginName, ReleaseLine),
    /// `demo==1.0.2`; the version is matched as text, so `1.0` does not find `1.0.0`.
    Exact(PluginName, Version),
}

/// A text that names no plugin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSpec {
    /// Not one name and one version, where just that is asked for.
    #[error("`{}` is not of the form NAME==VERSION", .0.escape_debug())]
    NotExact(String),
    /// A folder's name as legacy plugins have it.
    #[error("`{name}-{version}` names a folder; a version is named `{name}=={version}`")]
    FolderName {
        /// The plugin.
        name: PluginName,
        /// Its version.
        version: Version,
    },
    /// Not a name.
    #[error(transparent)]
    Name(#[from] BadName),
    /// Not a version.
    #[error(transparent)]
    Version(#[from] BadVersion),
}

/// Endings that tell a package file's name from a plugin's.
const ENDINGS: [&str; 3] = [".rpm", ".deb", ".fp"];

impl Spec {
    /// Reads an argument. What has a `/` or ends as package files do is a path.
    pub fn parse(text: &str) -> Result<Self, BadSpec> {
        if text.contains('/') || ENDINGS.iter().any(|ending| text.ends_with(ending)) {
            return Ok(Self::File(PathBuf::from(text)));
        }
        Target::parse(text).map(Self::Plugin)
    }
}

impl Target {
    /// Reads `NAME`, `NAME-LINE` or `NAME==VERSION`.
    pub fn parse(text: &str) -> Result<Self, BadSpec> {
        if text.contains("==") {
            return Self::exact(text);
        }
        match text.rsplit_once('-') {
            Some((name, line)) if line.contains('.') => Self::on_line(name, line),
            _ => Ok(Self::Name(text.parse()?)),
        }
    }

    /// Reads `NAME==VERSION` and nothing else: two parts, as the historical spelling asks.
    pub fn exact(text: &str) -> Result<Self, BadSpec> {
        let parts: Vec<_> = text.split("==").collect();
        let [name, version] = parts[..] else {
            return Err(BadSpec::NotExact(text.to_owned()));
        };
        Ok(Self::Exact(name.parse()?, version.parse()?))
    }

    /// Reads `NAME==VERSION` or `NAME-LINE`, as the historical spelling of `register` asks.
    pub fn registrable(text: &str) -> Result<Self, BadSpec> {
        match Self::parse(text) {
            Ok(Self::Name(_)) => Err(BadSpec::NotExact(text.to_owned())),
            other => other,
        }
    }

    fn on_line(name: &str, line: &str) -> Result<Self, BadSpec> {
        let name: PluginName = name.parse()?;
        match (line.parse(), line.parse()) {
            (Ok(line), _) => Ok(Self::Line(name, line)),
            (Err(_), Ok(version)) => Err(BadSpec::FolderName { name, version }),
            (Err(bad), Err(_)) => Err(bad.into()),
        }
    }

    /// The plugin's name.
    pub fn name(&self) -> &PluginName {
        match self {
            Self::Name(name) | Self::Line(name, _) | Self::Exact(name, _) => name,
        }
    }

    /// Whether a version of a plugin is meant.
    pub fn fits(&self, id: &plugin::PluginId) -> bool {
        *self.name() == id.name
            && match self {
                Self::Name(_) => true,
                Self::Line(_, line) => *line == id.line(),
                Self::Exact(_, version) => version.as_str() == id.version.as_str(),
            }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "{name}"),
            Self::Line(name, line) => write!(f, "{name}-{line}"),
            Self::Exact(name, version) => write!(f, "{name}=={version}"),
        }
    }
}

/// Returns the word of `known` that was probably meant: two letters away at most.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| (1..=2).contains(distance) && *distance < candidate.len())
        .min()
        .map(|(_, candidate)| candidate)
}

/// Returns a path as it is pasted into a POSIX shell, never read as an option.
pub fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if text.starts_with('-') { format!("./{text}").into() } else { text };
    match shlex::try_quote(&text) {
        Ok(quoted) => quoted.into_owned(),
        // No path has a NUL; only such a text cannot be quoted.
        Err(_) => text.replace('\0', ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match Spec::parse(text) {
            Ok(Spec::File(path)) => format!("file {}", path.display()),
            Ok(Spec::Plugin(Target::Name(name))) => format!("name {name}"),
            Ok(Spec::Plugin(Target::Line(name, line))) => format!("line {line} of {name}"),
            Ok(Spec::Plugin(Target::Exact(name, version))) => format!("{version} of {name}"),
            Err(bad) => format!("error: {bad}"),
        }
    }

    #[test]
    fn an_argument_is_read_in_one_way() {
        for (text, meaning) in [
            ("demo", "name demo"),
            ("my-demo", "name my-demo"),
            ("demo-1", "name demo-1"),
            ("demo-1.0", "line 1.0 of demo"),
            ("my-demo-2-1.0", "line 1.0 of my-demo-2"),
            ("demo==1.0.2", "1.0.2 of demo"),
            ("my-demo==1.0.2b1", "1.0.2b1 of my-demo"),
            ("./demo", "file ./demo"),
            ("demo-1.0-1.0.2-1.noarch.rpm", "file demo-1.0-1.0.2-1.noarch.rpm"),
            ("demo-1.0.2.fp", "file demo-1.0.2.fp"),
            ("demo_1_all.deb", "file demo_1_all.deb"),
            ("demo-1.0.2", "error: `demo-1.0.2` names a folder; a version is named `demo==1.0.2`"),
            ("demo==1.0==2", "error: `demo==1.0==2` is not of the form NAME==VERSION"),
            ("Demo", "error: `Demo` is not a plugin name: only a-z, 0-9, `_` and `-` are allowed"),
        ] {
            assert_eq!(read(text), meaning, "{text}");
        }
    }

    #[test]
    fn the_historical_spelling_wants_exactly_two_parts() {
        assert!(Target::exact("demo==1.0.2").is_ok());
        for text in ["demo", "demo-1.0", "demo=1.0.2", "demo==1.0.2==3"] {
            assert_eq!(Target::exact(text), Err(BadSpec::NotExact(text.to_owned())));
        }
        assert!(Target::registrable("demo-1.0").is_ok());
        assert_eq!(Target::registrable("demo"), Err(BadSpec::NotExact("demo".to_owned())));
    }

    #[test]
    fn a_mistyped_name_is_recognised_two_letters_away() {
        let known = ["ldap", "ceph-multi", "nfs"];
        assert_eq!(nearest("lpad", known), Some("ldap"));
        assert_eq!(nearest("ceph-mutli", known), Some("ceph-multi"));
        assert_eq!(nearest("zzz", known), None);
        assert_eq!(nearest("ldap", known), None);
    }

    #[test]
    fn a_path_can_be_pasted() {
        for (path, text) in [
            ("./demo.rpm", "./demo.rpm"),
            ("my plugins/demo.rpm", "'my plugins/demo.rpm'"),
            ("-f.rpm", "./-f.rpm"),
        ] {
            assert_eq!(quoted(Path::new(path)), text);
        }
    }
}
