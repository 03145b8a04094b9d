//! What `metadata.yaml` must say.

use super::*;

#[test]
fn all_visible_fields_are_read_and_the_rest_has_its_default() {
    let root = root();
    let more = "description: d\nhomepage: h\ngroups: [network]\nauthors: [A]\nlicenses: [L]\n\
        is_hotpluggable: yes\nbuild_version: 7\n";
    write(root.path(), "demo-1.0/metadata.yaml", format!("{METADATA}{more}"));
    let plugin = found(&root).plugin;
    insta::assert_snapshot!(serde_json::to_string(&plugin).unwrap(), @r#"{"id":{"name":"demo","version":"1.0.2","generation":"5.0.0"},"title":"Demo","description":"d","releases":[{"mode":["ha"],"os":"ubuntu","repository_path":"repositories/ubuntu","version":"mitaka-9.0"}],"groups":["network"],"authors":["A"],"licenses":["L"],"homepage":"h","products":["9.0"],"is_hotpluggable":true}"#);

    write(root.path(), "demo-1.0/metadata.yaml", METADATA);
    let plugin = found(&root).plugin;
    assert_eq!((&plugin.description, &plugin.homepage), (&None, &None));
    assert!(!plugin.is_hotpluggable);
    assert!(plugin.groups.is_empty() && plugin.authors.is_empty() && plugin.licenses.is_empty());
}

#[test]
fn what_breaks_a_rule_is_told_with_its_place() {
    let changes = [
        ("name: demo", "name: Demo"),
        ("name: demo", "name: other"),
        ("title: Demo\n", ""),
        ("title: Demo", "title: 7"),
        ("title: Demo", "title: null"),
        ("title: Demo", "title: demo\ndescription:"),
        ("title: Demo", "title: demo\ngroups: network"),
        ("1.0.2", "1.0"),
        ("1.0.2", "1.0.2.3"),
        ("1.0.2", "1.1.0"),
        ("'5.0.0'", "'1.0.0'"),
        ("'5.0.0'", "'6.0.0'"),
        ("['9.0']", "[9.0]"),
        ("os: ubuntu", "operating_system: ubuntu"),
        ("mitaka-9.0", "9.0.0"),
        ("mitaka-9.0", "mitaka-9.0-1"),
        ("mode: [ha]", "mode: ha"),
        ("repositories/ubuntu", "/repositories/ubuntu"),
        ("repositories/ubuntu", "http://elsewhere"),
        ("repositories/ubuntu", "../other-1.0"),
        ("mode: [ha]", "mode: [ha"),
        ("title: Demo", "title: .nan"),
    ];
    let root = root();
    let mut shown = Vec::new();
    for (from, to) in changes {
        write(root.path(), "demo-1.0/metadata.yaml", METADATA.replacen(from, to, 1));
        shown.push(format!("{to:?} -> {}", why(&root)));
    }
    insta::assert_snapshot!(shown.join("\n"), @r#"
    "name: Demo" -> metadata.yaml:1:7: `name` cannot be read: `Demo` is not a plugin name: only a-z, 0-9, `_` and `-` are allowed
    "name: other" -> metadata.yaml: the plugin is other==1.0.2, whose folder is `other-1.0`, not `demo-1.0`
    "" -> metadata.yaml:1:1: `title` is missing
    "title: 7" -> metadata.yaml:2:8: `title` must be text
    "title: null" -> metadata.yaml:2:8: `title` must be text
    "title: demo\ndescription:" -> metadata.yaml:3:13: `description` must be text
    "title: demo\ngroups: network" -> metadata.yaml:3:9: `groups` must be a list of texts
    "1.0" -> metadata.yaml:3:10: `version` must be text
    "1.0.2.3" -> metadata.yaml:3:10: `version` cannot be read: `1.0.2.3` is not a version: expected two or three numbers such as `1.0.2`, with `a1` or `b1` for pre-releases
    "1.1.0" -> metadata.yaml: the plugin is demo==1.1.0, whose folder is `demo-1.1`, not `demo-1.0`
    "'1.0.0'" -> metadata.yaml: the plugin is demo==1.0.2, whose folder is `demo-1.0.2`, not `demo-1.0`
    "'6.0.0'" -> metadata.yaml:4:18: `package_version` cannot be read: `6.0.0` is not a package version: expected 1.0.0, 2.0.0, 3.0.0, 4.0.0 or 5.0.0
    "[9.0]" -> metadata.yaml:5:15: `fuel_version` must be a list of texts
    "operating_system: ubuntu" -> metadata.yaml:7:3: `releases.0.os` is missing
    "9.0.0" -> metadata.yaml:8:12: `releases.0.version` must be a platform and a product version with one dash between, as `mitaka-9.0`
    "mitaka-9.0-1" -> metadata.yaml:8:12: `releases.0.version` must be a platform and a product version with one dash between, as `mitaka-9.0`
    "mode: ha" -> metadata.yaml:9:9: `releases.0.mode` must be a list of texts
    "/repositories/ubuntu" -> metadata.yaml:10:20: `releases.0.repository_path` must be a path inside the plugin
    "http://elsewhere" -> metadata.yaml:10:20: `releases.0.repository_path` must be a path inside the plugin
    "../other-1.0" -> metadata.yaml:10:20: `releases.0.repository_path` must be a path inside the plugin
    "mode: [ha" -> metadata.yaml:10:18: expected `,` or `]`, found `:`
    "title: .nan" -> metadata.yaml:2:8: only finite numbers can be stored
    "#);
}

#[test]
fn bytes_that_are_no_metadata_are_broken() {
    let root = root();
    let table: [(&[u8], &str); 5] = [
        (b"", "metadata.yaml: the file is not there, or empty"),
        (b"[1]", "metadata.yaml:1:1: expected a mapping, found a list"),
        (b"a: 1\nb: \xff", "metadata.yaml:2:4: the file is not UTF-8"),
        (b"\xff\xfea\0", "metadata.yaml:1:1: the file is not UTF-8"),
        (&[b'#'; (1 << 20) + 1], "metadata.yaml: the file is larger than 1 MiB"),
    ];
    for (bytes, says) in table {
        write(root.path(), "demo-1.0/metadata.yaml", bytes);
        assert_eq!(why(&root), says);
    }
}

#[test]
fn definitions_of_releases_are_left_out_unread() {
    let root = root();
    let definition = "- is_release: true\n  version: x\n  networks_path: none.yaml\n";
    let broken = "- os: ubuntu\n  version: x\n";
    let text = METADATA.replace("releases:\n", &format!("releases:\n{definition}"));
    write(root.path(), "demo-1.0/metadata.yaml", &text);
    assert_eq!(found(&root).plugin.releases.len(), 1);

    write(root.path(), "demo-1.0/metadata.yaml", format!("{text}{broken}"));
    assert!(
        why(&root).starts_with("metadata.yaml:15:12: `releases.2.version` must"),
        "{}",
        why(&root)
    );
}
