//! Side files and what `_path` keys name.

use serde_json::{Value, json};

use super::*;

/// Reads the plugin with more text in its metadata.
fn with(root: &TempDir, more: &str) -> Content {
    write(root.path(), "demo-1.0/metadata.yaml", format!("{METADATA}{more}"));
    read(root.path(), "demo-1.0")
}

fn title(root: &TempDir, reference: &str) -> String {
    let text = METADATA.replace("title: Demo", reference);
    write(root.path(), "demo-1.0/metadata.yaml", text);
    match read(root.path(), "demo-1.0") {
        Content::Plugin(found) => found.plugin.title.clone(),
        Content::Broken(why) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_generation_keeps_its_own_fields() {
    let table = [
        ("1.0.0", "attributes_metadata tasks"),
        ("2.0.0", "attributes_metadata tasks"),
        (
            "3.0.0",
            "attributes_metadata deployment_tasks network_roles_metadata roles_metadata tasks \
             volumes_metadata",
        ),
        (
            "4.0.0",
            "attributes_metadata components_metadata deployment_tasks network_roles_metadata \
             roles_metadata tasks volumes_metadata",
        ),
        (
            "5.0.0",
            "attributes_metadata bond_attributes_metadata components_metadata deployment_tasks \
             network_roles_metadata nic_attributes_metadata node_attributes_metadata \
             roles_metadata tasks volumes_metadata",
        ),
    ];
    let root = TempDir::new().unwrap();
    for (generation, fields) in table {
        let folder = if generation == "1.0.0" { "demo-1.0.2" } else { "demo-1.0" };
        let metadata = METADATA.replace("5.0.0", generation);
        write(root.path(), &format!("{folder}/metadata.yaml"), metadata);
        let Content::Plugin(found) = read(root.path(), folder) else { panic!("{generation}") };
        assert_eq!(found.kept.fields().keys().cloned().collect::<Vec<_>>().join(" "), fields);
    }
}

#[test]
fn a_side_file_fills_its_field_and_its_absence_empties_it() {
    let root = root();
    let at = |name: &str| format!("demo-1.0/{name}");
    write(root.path(), &at("environment_config.yaml"), "attributes: {a: {value: 1}}\nx: 2\n");
    write(root.path(), &at("tasks.yaml"), "- {role: [controller], parameters: {timeout: 1}}\n");
    write(root.path(), &at("node_roles.yaml"), "r: {name: R}\n");
    write(root.path(), &at("volumes.yaml"), "# nothing\n");
    write(root.path(), &at("components.yaml"), "---\n");
    let kept = found(&root).kept.fields();
    assert_eq!(kept["attributes_metadata"], json!({"a": {"value": 1}}));
    let parameters = json!({"timeout": 1, "cwd": "/etc/fuel/plugins/demo-1.0/"});
    assert_eq!(kept["tasks"], json!([{"role": ["controller"], "parameters": parameters}]));
    assert_eq!(kept["roles_metadata"], json!({"r": {"name": "R", "tags": ["r"]}}));
    assert_eq!((&kept["volumes_metadata"], &kept["components_metadata"]), (&json!({}), &json!([])));

    fs_err::remove_file(root.path().join(at("tasks.yaml"))).unwrap();
    write(root.path(), &at("environment_config.yaml"), "attributes:\n");
    let kept = found(&root).kept.fields();
    assert_eq!((&kept["tasks"], &kept["attributes_metadata"]), (&json!([]), &json!({})));
}

#[test]
fn one_broken_side_file_breaks_the_plugin() {
    let table = [
        ("tasks.yaml", "a: 1\n", "tasks.yaml:1:1: expected a list, found a mapping"),
        ("volumes.yaml", "- a\n", "volumes.yaml:1:1: expected a mapping, found a list"),
        ("node_roles.yaml", "a: [\n", "node_roles.yaml:2:1: "),
        ("nic_config.yaml", "a: .inf\n", "nic_config.yaml:1:4: only finite numbers can be stored"),
        ("environment_config.yaml", "attributes: 1\n", "environment_config.yaml:1:13: expected a"),
        ("environment_config.yaml", "- a\n", "environment_config.yaml:1:1: expected a mapping"),
    ];
    for (file, text, says) in table {
        let root = root();
        write(root.path(), &format!("demo-1.0/{file}"), text);
        assert!(why(&root).starts_with(says), "{}", why(&root));
    }
}

#[test]
fn a_path_key_stands_for_what_the_file_holds() {
    let root = root();
    write(root.path(), "demo-1.0/data/title.txt", "From a file");
    write(root.path(), "demo-1.0/data/title.json", "\"From JSON\"");
    write(root.path(), "demo-1.0/data/title.yaml", "From YAML");
    write(root.path(), "demo-1.0/data/title.ini", "x");
    write(root.path(), "demo-1.0/data/broken.json", "[1,\n");
    let table = [
        ("title_path: data/title.txt", "From a file"),
        ("title_path: ./data//title.json", "From JSON"),
        ("title_path: data/title.yaml", "From YAML"),
        ("title_path: data/t*.y?ml", "From YAML"),
        ("title: Own\ndata_path: data", "Own"),
        ("title: Own\ndata_path: 7", "Own"),
        ("title: Own\nrepository_path: none", "Own"),
        ("title_path: data/none.txt", "data/none.txt: the file is not there"),
        ("title_path: data/n*", "data/n*: the file is not there"),
        (
            "title_path: data/title.ini",
            "data/title.ini: only yaml, json and txt files can be read for a `_path` key",
        ),
        (
            "title_path: data/broken.json",
            "data/broken.json: EOF while parsing a value at line 2 column 0",
        ),
        (
            "title_path: data/title.*",
            "data/title.ini: only yaml, json and txt files can be read for a `_path` key",
        ),
        (
            "title_path: data/title.[jt]*",
            "metadata.yaml: the files of `data/title.[jt]*` are neither all lists nor all mappings",
        ),
        ("title_path: ''", "metadata.yaml: `` does not name a file of the plugin"),
    ];
    for (reference, says) in table {
        assert_eq!(title(&root, reference), says, "{reference}");
    }
}

#[test]
fn files_of_one_pattern_are_joined_in_the_order_of_their_names() {
    let root = root();
    write(root.path(), "demo-1.0/r/b.yaml", "- {os: centos, version: b-2}\n");
    write(root.path(), "demo-1.0/r/a.json", "[{\"os\": \"ubuntu\", \"version\": \"a-1\"}]");
    write(root.path(), "demo-1.0/r/c.yaml", "# nothing\n");
    write(root.path(), "demo-1.0/r/.hidden.yaml", "nothing to read");
    let at = METADATA.find("releases:").unwrap();
    let text = format!("{}releases_path: r/*\n", &METADATA[..at]);
    write(root.path(), "demo-1.0/metadata.yaml", text);
    let releases = found(&root).plugin.releases.clone();
    let versions: Vec<&Value> = releases.iter().map(|release| &release["version"]).collect();
    assert_eq!(versions, ["a-1", "b-2"]);
}

#[test]
fn what_keys_can_name_is_bounded() {
    let root = root();
    for number in 0..300 {
        write(root.path(), &format!("demo-1.0/many/{number}.txt"), "x");
    }
    for number in 0..1100 {
        write(root.path(), &format!("demo-1.0/more/{number}.txt"), "");
    }
    let Content::Broken(why) = with(&root, "x_path: many/*\n") else { panic!("read") };
    assert!(why.contains("more than 256"), "{why}");
    let Content::Broken(why) = with(&root, "x_path: more/*\n") else { panic!("read") };
    assert!(why.contains("more than 1000 matches"), "{why}");
}
