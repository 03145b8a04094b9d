//! Whatever is in a plugin's folder, `check` and `build` have one answer.

#![expect(clippy::unwrap_used, reason = "what cannot be set up fails the test")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use builder::build::{BuildError, Request, build};
use builder::create::create;
use builder::{Code, Severity, Source, check};
use fs_err::os::unix::fs::symlink;
use plugin::Generation;

/// Does something to a plugin.
type Change = fn(&Path);

/// What is done to the skeleton of a plugin, and the error that check and build then report.
const CHANGES: [(Change, Option<Code>); 11] = [
    (|_| {}, None),
    (
        |plugin| symlink("/etc/passwd", plugin.join("repositories/x")).unwrap(),
        Some(Code::AbsoluteLink),
    ),
    (|plugin| symlink("nowhere", plugin.join("x")).unwrap(), Some(Code::DanglingLink)),
    (|plugin| symlink("/etc", plugin.join("x")).unwrap(), Some(Code::EscapingLink)),
    (|plugin| write(plugin, "a\nb", ""), Some(Code::FileName)),
    (|plugin| write(plugin, "uninstall.sh", "#!python\n"), Some(Code::RelativeInterpreter)),
    (|plugin| write(plugin, "pre_install.sh", "a".repeat((1 << 20) + 1)), Some(Code::TooLarge)),
    (|plugin| fs_err::create_dir(plugin.join("post_install.sh")).unwrap(), Some(Code::Unreadable)),
    (set_user_id, Some(Code::SpecialMode)),
    (
        |plugin| {
            fs_err::remove_dir_all(plugin.join("repositories/ubuntu")).unwrap();
            write(plugin, "repositories/ubuntu", "");
        },
        None,
    ),
    (
        |plugin| {
            fs_err::create_dir(plugin.join(".hidden")).unwrap();
            let metadata = fs_err::read_to_string(plugin.join("metadata.yaml")).unwrap();
            write(plugin, "metadata.yaml", metadata.replace("repositories/ubuntu", ".hidden"));
        },
        Some(Code::PathMissing),
    ),
];

#[test]
fn check_and_build_agree() {
    for (position, (change, expected)) in CHANGES.into_iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        let plugin = folder.path().join("demo");
        create(&plugin, Generation::V5).unwrap();
        change(&plugin);

        let mut checked = check::check(&Source::read(&plugin).unwrap());
        checked.retain(|finding| finding.severity() == Severity::Error);
        let codes: Vec<_> = checked.iter().map(|finding| finding.code).collect();
        assert!(codes.iter().all(|code| Some(*code) == expected), "{position}: {codes:?}");
        assert_eq!(codes.is_empty(), expected.is_none(), "{position}");
        match build(&request(&plugin), &mut |_| {}) {
            Ok(_) => assert_eq!(expected, None, "{position}"),
            Err(BuildError::Invalid { findings }) => assert_eq!(findings, checked, "{position}"),
            Err(error) => panic!("{position}: {error}"),
        }
    }
}

fn write(plugin: &Path, name: &str, text: impl AsRef<[u8]>) {
    fs_err::write(plugin.join(name), text).unwrap();
}

fn set_user_id(plugin: &Path) {
    let script = plugin.join("deployment_scripts/deploy.sh");
    fs_err::set_permissions(script, PermissionsExt::from_mode(0o4755)).unwrap();
}

fn request(plugin: &Path) -> Request {
    Request {
        directory: plugin.to_owned(),
        formats: Vec::new(),
        output: None,
        release: None,
        compression: None,
        level: None,
        hooks: false,
        strict: false,
        epoch: None,
    }
}
