//! Plugins that people wrote.

use serde_json::Value;

use super::*;

#[test]
fn real_plugins_that_were_accepted_are_read() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let Ok(expected) = fs_err::read(corpus.join("expected.json")) else {
        eprintln!("SKIPPED: there is no corpus of real plugins beside the workspace");
        return;
    };
    let expected: Value = serde_json::from_slice(&expected).unwrap();
    let (mut read_ones, mut refused) = (0, Vec::new());
    for plugin in expected["plugins"].as_array().unwrap() {
        if plugin["verdict"] != "accept" {
            continue;
        }
        read_ones += 1;
        let directory = plugin["dir"].as_str().unwrap();
        if let Err(why) = read_as_installed(&corpus.join(directory)) {
            refused.push(format!("{directory}: {why}"));
        }
    }
    assert!(read_ones > 10, "only {read_ones} plugins");
    assert!(refused.is_empty(), "{refused:#?}");
}

/// Puts a plugin's YAML files and folders where its package puts them, and reads it.
fn read_as_installed(plugin: &Path) -> Result<(), String> {
    let root = TempDir::new().unwrap();
    let text = fs_err::read_to_string(plugin.join("metadata.yaml")).unwrap();
    let metadata = plugin::yaml::parse(&text).unwrap().root.unwrap();
    let folder = plugin::Metadata::from_yaml(&metadata).unwrap().id.package_name().to_string();
    for entry in fs_err::read_dir(plugin).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        write(root.path(), &format!("{folder}/{name}"), fs_err::read(entry.path()).unwrap());
    }
    let tree = fs_err::read_to_string(plugin.join("tree.txt")).unwrap();
    for path in tree.lines().filter_map(|line| line.strip_prefix("dir ")?.split_once(' ')) {
        fs_err::create_dir_all(root.path().join(&folder).join(path.1)).unwrap();
    }
    match read(root.path(), &folder) {
        Content::Plugin(_) => Ok(()),
        other => Err(format!("{other:?}")),
    }
}
