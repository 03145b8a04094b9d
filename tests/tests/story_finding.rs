//! An administrator who does not know a plugin's name looks for it, and one who knows it looks at what it
//! has on the disk.

use serde_json::Value;
use tests::{Host, Manager, Plugin};

fn found(host: &Host, words: &[&str]) -> Vec<String> {
    let answer = host.json(["search"].into_iter().chain(words.iter().copied()));
    let rows = answer["results"].as_array().expect("a list").iter();
    rows.map(|row| {
        let place = row["repository"].as_str().map_or("here", |_| "there");
        let text = |key: &str| row[key].as_str().expect("a text");
        format!("{} {} {place}", text("name"), text("version"))
    })
    .collect()
}

#[test]
fn plugins_are_found_by_words_on_the_host_and_in_repositories() {
    for manager in [Manager::Dnf, Manager::Apt] {
        let Some(host) = Host::of(manager) else { return };
        let plugins = ["ldap", "my_store"].map(|name| Plugin::create(name, "5.0.0"));
        plugins[0].edit("metadata.yaml", "title: ", "title: 'Users of a Directory' # ");
        let packages: Vec<String> = plugins
            .iter()
            .flat_map(|plugin| ["1.0.2", "1.0.3"].map(|version| host.release(plugin, version)))
            .collect();
        host.publish(&packages.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(found(&host, &["ldap"]), ["ldap 1.0.3 there", "ldap 1.0.2 there"]);
        host.plugins(["install", "ldap==1.0.2", "--yes"]).success();
        let both = ["ldap 1.0.3 there", "ldap 1.0.2 here"];
        assert_eq!(found(&host, &["LDAP"]), both, "{host:?}");
        assert_eq!(found(&host, &["directory", "users"]), both);
        assert_eq!(found(&host, &["directory", "--offline"]), both[1..]);
        assert_eq!(found(&host, &["my_store"]).len(), 2);
        assert_eq!(found(&host, &["directory", "my_store"]), [] as [String; 0]);
        let table = host.plugins(["search", "users"]).success();
        assert!(table.contains("Users of a Directory"), "{table}");
        host.plugins(["search"]).status(2);
    }
}

#[test]
fn the_files_of_a_plugin_and_of_its_package_are_the_same() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let package = host.release(&plugin, "1.0.2");
        let legacy = Plugin::create("old", "1.0.0");
        let old = legacy.release("1.0.0", "fp");
        host.plugins(["install", &package, "--yes"]).success();
        host.plugins(["install", &old, "--yes"]).success();
        let files = |spec: &str| {
            let answer = host.json(["files", spec]);
            let one = answer["results"][0].clone();
            let files = one["files"].as_array().expect("a list").clone();
            (one["package"].clone(), files)
        };
        let (owner, listed) = files("demo");
        assert_eq!(owner, Value::from("demo-1.0"), "{host:?}");
        let metadata = Value::from("/var/www/nailgun/plugins/demo-1.0/metadata.yaml");
        assert!(listed.contains(&metadata) && !listed.contains(&Value::from("/usr")));
        assert_eq!((owner, listed), files(&package), "{host:?}");

        let (owner, listed) = files("old==1.0.0");
        assert_eq!(owner, Value::Null);
        let told = host.plugins(["files", "old"]);
        assert_eq!(told.stdout.lines().count(), listed.len());
        assert!(
            told.stdout.contains("/var/www/nailgun/plugins/old-1.0.0/tasks.yaml\n"),
            "{told:?}"
        );
        host.plugins(["files", "nothing"]).status(3);
        host.plugins(["files", "./nothing.rpm"]).status(3);
    }
}
