//! A sample plugin on disk.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::Key;
use crate::run::{Outcome, fpb};

/// A plugin made by `fpb create`, in a folder of its own, for a test to alter and build.
#[derive(Debug)]
pub struct Plugin {
    folder: TempDir,
    name: String,
}

/// The hooks that tell, in `/tmp/hooks` of the host, that they ran and with which argument.
const HOOKS: [&str; 3] = ["pre_install", "post_install", "uninstall"];

impl Plugin {
    /// Creates the plugin `name` in the package version `generation`.
    #[track_caller]
    pub fn create(name: &str, generation: &str) -> Self {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        fpb(folder.path(), ["create", name, "--package-version", generation]).success();
        Self { folder, name: name.to_owned() }
    }

    /// Returns the plugin's own folder.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join(&self.name)
    }

    /// Writes a file of the plugin, executable where it begins with `#!`.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join(path);
        fs_err::create_dir_all(path.parent().expect("below the plugin")).expect("ours");
        let mode = if text.as_ref().starts_with(b"#!") { 0o755 } else { 0o644 };
        fs_err::write(&path, text).expect("the folder is ours");
        fs_err::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("ours");
        self
    }

    /// Replaces `from`, which must be there, in a file of the plugin.
    #[track_caller]
    pub fn edit(&self, path: &str, from: &str, to: &str) -> &Self {
        let text = fs_err::read_to_string(self.path().join(path)).expect("the file is there");
        assert!(text.contains(from), "{path} has no `{from}`");
        self.write(path, text.replacen(from, to, 1))
    }

    /// Gives the plugin another version.
    #[track_caller]
    pub fn version(&self, version: &str) -> &Self {
        let metadata = self.path().join("metadata.yaml");
        let text = fs_err::read_to_string(&metadata).expect("the file is there");
        let old = text.lines().find(|line| line.starts_with("version:")).expect("it has a version");
        self.edit("metadata.yaml", old, &format!("version: '{version}'"))
    }

    /// Adds hooks that write their name, argument and the plugin's version to `/tmp/hooks`.
    pub fn with_hooks(&self, interpreter: &str) -> &Self {
        for hook in HOOKS {
            let text = format!("#!{interpreter}\necho {hook} $1 %{{version}} >>/tmp/hooks\n");
            self.write(&format!("{hook}.sh"), text);
        }
        self
    }

    /// Runs `fpb build` with `arguments` in the plugin's folder.
    #[track_caller]
    pub fn build(&self, arguments: &[&str]) -> Outcome {
        fpb(&self.path(), ["build", "."].iter().chain(arguments))
    }

    /// Builds the plugin in `format` and returns the package's path.
    #[track_caller]
    pub fn package(&self, format: &str) -> PathBuf {
        self.built(&["--format", format])
    }

    /// Builds one package with `arguments`, of which the second is its format.
    #[track_caller]
    fn built(&self, arguments: &[&str]) -> PathBuf {
        self.build(arguments).success();
        let ending = format!(".{}", arguments[1]);
        let mut found: Vec<PathBuf> = fs_err::read_dir(self.path())
            .expect("the folder is there")
            .map(|entry| entry.expect("readable").path())
            .filter(|path| path.to_string_lossy().ends_with(&ending))
            .collect();
        assert_eq!(found.len(), 1, "packages in {}: {found:?}", self.path().display());
        found.remove(0)
    }

    /// Raises the plugin to `version`, builds it in `format`, signed with the key that hosts trust, and
    /// keeps the package outside the plugin's folder, where the next build leaves it alone.
    #[track_caller]
    pub fn release(&self, version: &str, format: &str) -> String {
        self.release_by(Key::release(), version, format)
    }

    /// Does what [`Plugin::release`] does with another key.
    #[track_caller]
    pub fn release_by(&self, key: &Key, version: &str, format: &str) -> String {
        self.version(version);
        let secret = key.write_secret(self.folder.path());
        let secret = secret.to_str().expect("a UTF-8 path");
        let kept = self.keep(&self.built(&["--format", format, "--sign", secret]));
        kept.into_os_string().into_string().expect("a UTF-8 path")
    }

    /// Does what [`Plugin::release`] does without a signature.
    #[track_caller]
    pub fn release_unsigned(&self, version: &str, format: &str) -> String {
        self.version(version);
        let kept = self.keep(&self.package(format));
        // One of an earlier release of this name.
        let _ = fs_err::remove_file(format!("{}.asc", kept.display()));
        kept.into_os_string().into_string().expect("a UTF-8 path")
    }

    /// Copies a package, and its signature if that stands beside it, out of the plugin's folder.
    fn keep(&self, built: &Path) -> PathBuf {
        let kept = self.folder.path().join(built.file_name().expect("a file"));
        fs_err::copy(built, &kept).expect("the folder is ours");
        let beside = |path: &Path| PathBuf::from(format!("{}.asc", path.display()));
        if beside(built).exists() {
            fs_err::copy(beside(built), beside(&kept)).expect("the folder is ours");
        }
        kept
    }
}

/// Takes what [`Plugin::with_hooks`] made hooks write below a host's `root`.
pub(crate) fn ran_hooks(root: &Path) -> String {
    let log = root.join("tmp/hooks");
    let text = fs_err::read_to_string(&log).unwrap_or_default();
    // Where no hook ran there is nothing to take away.
    let _ = fs_err::remove_file(&log);
    text
}
