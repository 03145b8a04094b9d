//! What is to be installed stands in a file.

use tests::{Host, Plugin};

#[test]
fn a_list_of_packages_is_one_transaction() {
    for host in Host::quick() {
        let plugins = ["one", "two"].map(|name| Plugin::create(name, "5.0.0"));
        let packages = plugins.each_ref().map(|plugin| host.release(plugin, "1.0.1"));
        let list = host.root().join("list");
        let list_name = list.to_str().expect("a UTF-8 path");
        let text = format!("# both\n{}\n\n{}  # the second\n", packages[0], packages[1]);
        fs_err::write(&list, text).unwrap();
        host.plugins(["install", "--from-file", list_name, "--yes"]).success();
        assert_eq!(host.registered().len(), 2, "{host:?}");
        host.plugins(["undo", "--yes"]).success();
        assert!(host.registered().is_empty());

        fs_err::write(&list, "# nothing\n").unwrap();
        host.plugins(["update", "--from-file", list_name, "--yes"]).refusal(2, "names nothing");
        host.plugins(["install", "--from-file", "/nowhere", "--yes"]).refusal(3, "/nowhere");
    }
}
