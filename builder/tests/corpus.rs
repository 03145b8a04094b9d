//! Real plugins, and what the original builder says of each.

#![expect(clippy::unwrap_used, reason = "what cannot be set up fails the test")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use builder::{Finding, Severity, Source, check};
use serde_json::Value;

#[test]
fn real_plugins_are_judged_as_by_the_original() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let Ok(expected) = fs_err::read_to_string(corpus.join("expected.json")) else {
        eprintln!("SKIPPED: there is no corpus of real plugins beside the workspace");
        return;
    };
    let expected: Value = serde_json::from_str(&expected).unwrap();
    let mut wrong = Vec::new();
    for plugin in expected["plugins"].as_array().unwrap() {
        let name = plugin["dir"].as_str().unwrap();
        let findings = findings(&corpus.join(name));
        println!("{name}: {}{}", plugin["verdict"], show(&findings));
        if let Err(complaint) = judge(plugin, &findings) {
            wrong.push(format!("{name}: {complaint}{}", show(&findings)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Says where the findings differ from what is expected of a plugin.
fn judge(plugin: &Value, findings: &[Finding]) -> Result<(), String> {
    let mut errors = findings.iter().filter(|finding| finding.severity() == Severity::Error);
    if plugin["verdict"] == "accept" {
        return errors.next().map_or(Ok(()), |_| Err("refused".to_owned()));
    }
    let fits = |finding: &Finding| {
        let path = plugin["value_path"].as_str();
        plugin["file"] == finding.file.as_str()
            && path.is_none_or(|path| path == finding.path.to_string())
    };
    match errors.any(fits) {
        true => Ok(()),
        false => Err(format!("nothing in {} at {}", plugin["file"], plugin["value_path"])),
    }
}

fn findings(directory: &Path) -> Vec<Finding> {
    let folder = tempfile::tempdir().unwrap();
    materialise(directory, folder.path());
    check::check(&Source::read(folder.path()).unwrap())
}

/// Makes a plugin of a corpus folder: empty files as listed in its tree, and the YAML files.
fn materialise(from: &Path, to: &Path) {
    for line in fs_err::read_to_string(from.join("tree.txt")).unwrap().lines() {
        let mut parts = line.splitn(3, ' ');
        let mut part = || parts.next().unwrap();
        let (kind, mode, path) = (part(), part(), to.join(part()));
        match kind {
            "dir" => fs_err::create_dir_all(&path).unwrap(),
            "file" => {
                fs_err::write(&path, "").unwrap();
                let mode = u32::from_str_radix(mode, 8).unwrap();
                fs_err::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
            }
            _ => std::os::unix::fs::symlink(mode, &path).unwrap(),
        }
    }
    for entry in fs_err::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            fs_err::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}

fn show(findings: &[Finding]) -> String {
    let line = |f: &Finding| {
        let line = f.span.map_or(0, |span| span.start.line);
        format!("\n    {} {}:{line} `{}` {}", f.code, f.file, f.path, f.message)
    };
    findings.iter().map(line).collect()
}
