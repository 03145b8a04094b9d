//! Nothing outside of a plugin's folder is read (`threats-and-faults` A18, A19).

use super::*;

#[test]
fn links_are_followed_as_long_as_they_stay_inside() {
    let root = root();
    let at = |path: &str| root.path().join(path);
    write(root.path(), "demo-1.0/data/tasks.yaml", "- {id: inside}\n");
    write(root.path(), "other/tasks.yaml", "- {id: outside}\n");
    symlink("data/../data/tasks.yaml", at("demo-1.0/tasks.yaml")).unwrap();
    assert_eq!(found(&root).kept.fields()["tasks"][0]["id"], "inside");

    symlink("../other", at("demo-1.0/up")).unwrap();
    let absolute = at("other/tasks.yaml").to_string_lossy().into_owned();
    let outside = "tasks.yaml: the link leads out of the plugin's folder";
    let table = [
        ("../other/tasks.yaml", outside),
        ("data/../../other/tasks.yaml", outside),
        ("up/tasks.yaml", outside),
        (absolute.as_str(), outside),
        ("..", outside),
        ("tasks.yaml", "tasks.yaml: Too many levels of symbolic links (os error 40)"),
        ("data", "tasks.yaml: it is not a file"),
    ];
    for (target, says) in table {
        fs_err::remove_file(at("demo-1.0/tasks.yaml")).unwrap();
        symlink(target, at("demo-1.0/tasks.yaml")).unwrap();
        assert_eq!(why(&root), says, "{target}");
    }
}

#[test]
fn a_path_key_cannot_lead_outside() {
    let root = root();
    write(root.path(), "other/secret.txt", "secret");
    symlink("../other", root.path().join("demo-1.0/up")).unwrap();
    let absolute = root.path().join("other/secret.txt").to_string_lossy().into_owned();
    let paths = [
        "../other/secret.txt",
        "up/secret.txt",
        "up/*.txt",
        "x/../../other/*",
        "\"a\\0b\"",
        &absolute,
    ];
    for path in paths {
        write(root.path(), "demo-1.0/metadata.yaml", format!("{METADATA}x_path: {path}\n"));
        let why = why(&root);
        assert!(why.contains("does not name a file") || why.contains("leads out"), "{path}: {why}");
    }
}

#[test]
fn a_pipe_in_the_place_of_a_file_does_not_block() {
    let root = root();
    let pipe = root.path().join("demo-1.0/tasks.yaml");
    let kind = rustix::fs::FileType::Fifo;
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, kind, rustix::fs::Mode::RUSR, 0).unwrap();
    assert_eq!(why(&root), "tasks.yaml: it is not a file");
}
