//! When a folder is read again, and when not.

use super::*;

const FOLDER: &str = "demo-1.0";

/// Whether the folder is taken for unchanged since `known`.
fn unchanged(root: &TempDir, known: &Fingerprint) -> bool {
    let known = BTreeMap::from([(FOLDER.to_owned(), known.clone())]);
    let scanned = scan(root.path(), &known).unwrap();
    scanned.iter().any(|f| f.name == FOLDER && f.content == Content::Unchanged)
}

#[test]
fn files_that_change_come_or_go_are_noticed() {
    let at = |path: &str| format!("{FOLDER}/{path}");
    let root = root();
    let reference = format!("{METADATA}x_path: data/*.yaml\ny_path: y.txt\nz_path: data\n");
    write(root.path(), &at("metadata.yaml"), &reference);
    write(root.path(), &at("data/a.yaml"), "[]");
    write(root.path(), &at("y.txt"), "y");
    write(root.path(), &at("scripts/deploy.pp"), "x");
    let mut known = found(&root).fingerprint;
    assert!(unchanged(&root, &known));
    write(root.path(), &at("scripts/deploy.pp"), "changed, but nothing is read of it");
    write(root.path(), &at("data/a.txt"), "of no pattern");
    assert!(unchanged(&root, &known));

    for changed in ["tasks.yaml", "tasks.yaml", "metadata.yaml", "data/b.yaml", "y.txt"] {
        let content = match changed {
            "metadata.yaml" => format!("{reference}# longer\n"),
            "y.txt" => "longer".to_owned(),
            _ if root.path().join(at(changed)).exists() => "[ ]".to_owned(),
            _ => "[]".to_owned(),
        };
        write(root.path(), &at(changed), content);
        assert!(!unchanged(&root, &known), "{changed}");
        known = found(&root).fingerprint;
        assert!(unchanged(&root, &known), "{changed}");
    }
    for removed in ["tasks.yaml", "data/b.yaml"] {
        fs_err::remove_file(root.path().join(at(removed))).unwrap();
        assert!(!unchanged(&root, &known), "{removed}");
        known = found(&root).fingerprint;
    }
}

#[test]
fn what_a_link_inside_leads_to_is_looked_at() {
    let root = root();
    write(root.path(), "demo-1.0/data/tasks.yaml", "[]");
    symlink("data/tasks.yaml", root.path().join("demo-1.0/tasks.yaml")).unwrap();
    let known = found(&root).fingerprint;
    assert!(unchanged(&root, &known));
    write(root.path(), "demo-1.0/data/tasks.yaml", "[ ]");
    assert!(!unchanged(&root, &known));
}

#[test]
fn a_fingerprint_of_another_kind_is_none() {
    let root = root();
    for text in ["", "x", "5.0.0", "9.0.0 00", "5.0.0 00", "5.0.0 00\n[", "5.0.0 00\n../x"] {
        assert!(!unchanged(&root, &Fingerprint(text.to_owned())), "{text:?}");
    }
}

#[test]
fn a_plugin_that_broke_is_read_again() {
    let root = root();
    let known = found(&root).fingerprint;
    write(root.path(), "demo-1.0/tasks.yaml", "a: [");
    assert!(!unchanged(&root, &known));
    fs_err::remove_file(root.path().join("demo-1.0/tasks.yaml")).unwrap();
    assert!(unchanged(&root, &known));
}
