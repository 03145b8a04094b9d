//! A plugin's folder, read once.
//!
//! A side file that cannot be read is a finding of the check, not a failure: the others still count.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use plugin::Metadata;
use plugin::yaml::{self, Position};

/// Names of the side files, in the order in which they are checked (`fuel-schemas 1.3`).
pub const SIDE_FILES: [&str; 11] = [
    "metadata.yaml",
    "tasks.yaml",
    "environment_config.yaml",
    "deployment_tasks.yaml",
    "network_roles.yaml",
    "node_roles.yaml",
    "volumes.yaml",
    "components.yaml",
    "node_config.yaml",
    "bond_config.yaml",
    "nic_config.yaml",
];

/// Most bytes a side file may have.
pub const MOST_BYTES: u64 = 1 << 20;

/// A plugin's folder and the YAML files at its top.
#[derive(Debug)]
pub struct Source {
    /// The folder, as the user named it.
    pub directory: PathBuf,
    /// The side files that are there, in the order of [`SIDE_FILES`].
    pub files: Vec<SideFile>,
}

/// One of the YAML files that the checker knows.
#[derive(Debug)]
pub struct SideFile {
    /// Its name: `metadata.yaml`.
    pub name: &'static str,
    /// Its text; what is not UTF-8 in it is replaced, and what cannot be read is empty.
    pub text: String,
    /// Its content, or why it has none.
    pub document: Result<yaml::Document, Unreadable>,
}

/// Why a side file has no content.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Not the YAML that we read.
    #[error(transparent)]
    Yaml(#[from] yaml::Error),
    /// Bytes that are no text.
    #[error("{}:{}: not UTF-8", .0.line, .0.column)]
    Encoding(Position),
    /// A folder, device, pipe or socket.
    #[error("not a regular file")]
    NotAFile,
    /// Above [`MOST_BYTES`].
    #[error("larger than {MOST_BYTES} bytes")]
    TooLarge,
    /// What the operating system says.
    #[error("cannot be read")]
    Io(#[from] io::Error),
}

impl Source {
    /// Reads the side files below `directory`.
    ///
    /// # Errors
    ///
    /// Where `directory` is not a folder that can be listed.
    pub fn read(directory: &Path) -> io::Result<Self> {
        fs_err::read_dir(directory)?;
        let files = SIDE_FILES.iter().filter_map(|name| SideFile::read(directory, name)).collect();
        Ok(Self { directory: directory.to_owned(), files })
    }

    /// Returns the side file called `name`, where it is there.
    pub fn file(&self, name: &str) -> Option<&SideFile> {
        self.files.iter().find(|file| file.name == name)
    }

    /// Returns the content of the side file called `name`, where it has any.
    pub fn root(&self, name: &str) -> Option<&yaml::Node> {
        self.file(name)?.root()
    }

    /// Returns what `metadata.yaml` says, where it breaks no rule.
    pub fn metadata(&self) -> Option<Metadata> {
        Metadata::from_yaml(self.root("metadata.yaml")?)
    }
}

impl SideFile {
    /// Returns the side file called `name` that has these bytes.
    pub fn new(name: &'static str, bytes: Vec<u8>) -> Self {
        let (text, document) = decode(bytes);
        Self { name, text, document }
    }

    /// `None` where there is no such file.
    fn read(directory: &Path, name: &'static str) -> Option<Self> {
        let path = directory.join(name);
        match fs_err::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            _ => {}
        }
        Some(match read_regular(&path) {
            Ok(bytes) => Self::new(name, bytes),
            Err(unreadable) => Self { name, text: String::new(), document: Err(unreadable) },
        })
    }

    /// Returns the content; `None` for a file that is empty or cannot be read.
    pub fn root(&self) -> Option<&yaml::Node> {
        self.document.as_ref().ok()?.root.as_ref().filter(|root| root.kind() != yaml::Kind::Null)
    }
}

fn read_regular(path: &Path) -> Result<Vec<u8>, Unreadable> {
    // Looked at before it is opened: opening a pipe would wait for its other end.
    if !fs_err::metadata(path)?.is_file() {
        return Err(Unreadable::NotAFile);
    }
    let mut bytes = Vec::new();
    fs_err::File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Unreadable::TooLarge);
    }
    Ok(bytes)
}

fn decode(bytes: Vec<u8>) -> (String, Result<yaml::Document, Unreadable>) {
    match String::from_utf8(bytes) {
        Ok(text) => {
            let document = yaml::parse(&text).map_err(Unreadable::from);
            (text, document)
        }
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let position = position_behind(&text[..valid]);
            (text, Err(Unreadable::Encoding(position)))
        }
    }
}

fn position_behind(text: &str) -> Position {
    let line_start = text.rfind('\n').map_or(0, |at| at + 1);
    Position {
        line: text.matches('\n').count() + 1,
        column: text[line_start..].chars().count() + 1,
        offset: text.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_place_of_a_side_file_never_stops_the_reading() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs_err::create_dir(at("tasks.yaml")).unwrap();
        fs_err::write(at("environment_config.yaml"), b"a: 1\nb: \xc3\xa9\xff").unwrap();
        fs_err::write(at("volumes.yaml"), vec![b' '; MOST_BYTES as usize + 1]).unwrap();
        std::os::unix::fs::symlink("nowhere", at("components.yaml")).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, at("node_roles.yaml"), 0o600.into()).unwrap();

        let source = Source::read(folder.path()).unwrap();
        let names: Vec<_> = source.files.iter().map(|file| file.name).collect();
        let expected = [
            "tasks.yaml",
            "environment_config.yaml",
            "node_roles.yaml",
            "volumes.yaml",
            "components.yaml",
        ];
        assert_eq!(names, expected);
        let why = |name| source.file(name).unwrap().document.as_ref().unwrap_err();
        assert!(matches!(why("tasks.yaml"), Unreadable::NotAFile));
        assert!(matches!(why("node_roles.yaml"), Unreadable::NotAFile));
        assert!(matches!(why("volumes.yaml"), Unreadable::TooLarge));
        assert!(matches!(why("components.yaml"), Unreadable::Io(_)));
        let Unreadable::Encoding(position) = why("environment_config.yaml") else { panic!() };
        assert_eq!((position.line, position.column, position.offset), (2, 5, 10));
    }

    #[test]
    fn a_missing_folder_is_the_callers_matter() {
        let folder = tempfile::tempdir().unwrap();
        let error = Source::read(&folder.path().join("missing")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}
