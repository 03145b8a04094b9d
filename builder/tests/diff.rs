//! Packages that were really written, inspected and compared.
#![expect(clippy::unwrap_used, reason = "a sample that cannot be written fails the test")]

use std::path::{Path, PathBuf};

use builder::diff::diff;
use builder::inspect::{Sections, inspect};
use packaging::{Blueprint, Contents, Hook, Hooks, Kind, Limits, Settings, contents};
use plugin::{Format, Generation, PluginId};

const FORMATS: [Format; 3] = [Format::Rpm, Format::Deb, Format::Fp];

fn blueprint(version: &str) -> Blueprint {
    let id = PluginId {
        name: "my_demo".parse().unwrap(),
        version: version.parse().unwrap(),
        generation: Generation::V5,
    };
    let mut contents = Contents::default();
    let metadata = format!(
        "name: my_demo\nversion: {version}\npackage_version: 5.0.0\ntitle: Demo\nreleases:\n  - \
         repository_path: repositories/ubuntu\n"
    );
    contents.insert_text("metadata.yaml", metadata.into_bytes());
    contents.insert_text("tasks.yaml", *b"[]\n");
    contents.insert_text("deployment_scripts/run.sh", format!("a\nfix {version}\n").into_bytes());
    let deb = format!("repositories/ubuntu/libfoo_{version}-1_amd64.deb");
    contents.insert_text(&deb, *b"not looked into");
    contents.insert_text("repositories/ubuntu/Packages", version.as_bytes());
    let kind = Kind::Link { target: "tasks.yaml".to_owned() };
    contents.insert("link", contents::Entry { mode: 0o777, kind });
    let hook = Hook { interpreter: vec!["/bin/sh".to_owned()], body: format!("v={version}\n") };
    Blueprint {
        id,
        release: "1".to_owned(),
        title: "Demo".to_owned(),
        description: "A demo".to_owned(),
        homepage: Some("https://example.com/".to_owned()),
        licenses: vec!["Apache-2.0".to_owned()],
        authors: vec!["Somebody".to_owned()],
        contents,
        hooks: Hooks { after_install: Some(hook), ..Hooks::default() },
        time: 1_700_000_000,
    }
}

fn write(folder: &Path, format: Format, version: &str) -> PathBuf {
    let blueprint = blueprint(version);
    let path = folder.join(packaging::file_name(format, &blueprint).unwrap());
    let settings = Settings { compression: None, level: None, scratch: folder, progress: &|_| {} };
    let file = fs_err::File::create(&path).unwrap();
    packaging::write(format, &blueprint, &settings, file.file()).unwrap();
    path
}

#[test]
fn a_fix_shows_the_same_files_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    for format in FORMATS {
        let old = write(folder.path(), format, "1.0.0");
        let new = write(folder.path(), format, "1.0.1");
        let difference = diff(&old, &new, &Limits::default()).unwrap();
        assert_eq!(difference.warnings, Vec::<String>::new(), "{format:?}");
        let of_plugin = difference.files.changed.iter().filter(|file| !file.path.starts_with('/'));
        let changed: Vec<_> = of_plugin.clone().map(|file| &*file.path).collect();
        assert_eq!(changed, ["deployment_scripts/run.sh", "metadata.yaml"], "{format:?}");
        let text = of_plugin.clone().next().unwrap().text.as_ref().unwrap();
        let expected = "--- a/deployment_scripts/run.sh\n+++ b/deployment_scripts/run.sh\n\
                        @@ -1,2 +1,2 @@\n a\n-fix 1.0.0\n+fix 1.0.1\n";
        assert_eq!(text.diff.as_deref(), Some(expected), "{format:?}");
        assert!(difference.indexes.iter().any(|path| path == "repositories/ubuntu/Packages"));
        let upgrade = &difference.repositories[0];
        assert_eq!((&*upgrade.old[0], &*upgrade.new[0]), ("1.0.0-1", "1.0.1-1"));
        let scripts = if format == Format::Fp { 0 } else { 1 };
        assert_eq!(difference.scripts.len(), scripts, "{format:?}");
        assert!(difference.to_string().contains("libfoo 1.0.0-1 -> 1.0.1-1"));

        let same = diff(&old, &old, &Limits::default()).unwrap();
        assert!(same.identical && same.same_content, "{format:?}: {same}");
    }
}

#[test]
fn one_build_in_two_formats_has_the_same_content() {
    let folder = tempfile::tempdir().unwrap();
    let [rpm, deb, fp] = FORMATS.map(|format| write(folder.path(), format, "1.0.0"));
    for (old, new) in [(&rpm, &deb), (&rpm, &fp)] {
        let difference = diff(old, new, &Limits::default()).unwrap();
        assert!(difference.same_content && !difference.identical, "{difference}");
    }
}

#[test]
fn every_format_is_inspected_alike() {
    let folder = tempfile::tempdir().unwrap();
    for format in FORMATS {
        let path = write(folder.path(), format, "1.0.0");
        let all = inspect(&path, &Limits::default(), Sections::default()).unwrap();
        assert_eq!(all.plugin.as_ref().unwrap().version.as_deref(), Some("1.0.0"), "{format:?}");
        assert_eq!(all.size, fs_err::metadata(&path).unwrap().len());
        assert_eq!((all.totals.files >= 5, all.totals.links), (true, 1), "{format:?}");
        let files = all.files.as_ref().unwrap();
        let link = files.iter().find(|file| file.path.ends_with("my_demo-1.0/link")).unwrap();
        assert_eq!(link.target.as_deref(), Some("tasks.yaml"));
        let metadata = files.iter().find(|file| file.path.ends_with("/metadata.yaml")).unwrap();
        assert_eq!((&*metadata.mode, &*metadata.owner), ("-rw-r--r--", "root:root"));
        assert_eq!(metadata.time.as_deref(), Some("2023-11-14T22:13:20Z"));
        let integrity = all.integrity.iter().flatten();
        assert!(integrity.clone().all(|part| part.holds != Some(false)), "{format:?}");

        let none = Sections {
            fields: false,
            relations: false,
            scripts: false,
            files: false,
            integrity: false,
        };
        let short = inspect(&path, &Limits::default(), none).unwrap();
        assert_eq!(short.to_string().lines().count(), 6, "{format:?}: {short}");
        let json = serde_json::to_value(&short).unwrap();
        assert_eq!(json["totals"]["files"], all.totals.files);
        assert!(json.get("files").is_none());
    }
}
