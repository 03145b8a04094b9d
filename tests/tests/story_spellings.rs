//! Scripts written against the original clients go on working: the same flags, sentences, tables, data
//! and exit statuses (`fuel-client 2`).

use serde_json::{Value, json};
use tests::{Host, Outcome, Plugin, finish};

const FIELDS: [&str; 13] = [
    "authors",
    "description",
    "fuel_version",
    "groups",
    "homepage",
    "id",
    "is_hotpluggable",
    "licenses",
    "name",
    "package_version",
    "releases",
    "title",
    "version",
];

#[test]
fn every_action_ends_with_its_sentence() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let [low, high] = ["1.0.2", "1.0.3"].map(|version| host.release(&plugin, version));
        let table: [(&[&str], String); 9] = [
            (&["--install", &low], format!("Plugin {low} was successfully installed.\n")),
            (&["--install", &low, "-f"], format!("Plugin {low} was successfully installed.\n")),
            (&["--update", &high], format!("Plugin {high} was successfully updated.\n")),
            (&["--downgrade", &low], format!("Plugin {low} was successfully downgraded.\n")),
            (
                &["--unregister", "demo==1.0.2"],
                "Plugin demo==1.0.2 was successfully unregistered.\n".into(),
            ),
            (
                &["--register", "demo==1.0.2"],
                "Plugin demo==1.0.2 was successfully registered.\n".into(),
            ),
            (&["--sync"], "Plugins were successfully synchronized.\n".into()),
            (&["--sync", "--plugin-id", "2"], "Plugins were successfully synchronized.\n".into()),
            (&["--remove", "demo==1.0.2"], "Plugin demo==1.0.2 was successfully removed.\n".into()),
        ];
        for (arguments, sentence) in table {
            assert_eq!(host.plugins(arguments).success(), sentence, "{arguments:?}");
        }
        let joined = format!("--install={low}");
        host.plugins([&joined]).success();
        assert_eq!(host.registry(), ["3 demo 1.0.2"]);
    }
}

#[test]
fn the_list_is_the_original_table_to_the_byte() {
    for host in Host::quick() {
        let empty = "id | name | version | package_version | releases\n\
                     ---+------+---------+-----------------+---------\n";
        assert_eq!(host.plugins(["--list"]).success(), empty);
        let plugin = Plugin::create("demo", "5.0.0");
        host.plugins(["--install", &host.release(&plugin, "1.0.2")]).success();
        let table = "id | name | version | package_version | releases                        \n\
                     ---+------+---------+-----------------+---------------------------------\n\
                     1  | demo | 1.0.2   | 5.0.0           | ubuntu (mitaka-9.0, newton-10.0)\n";
        let none: &[&str] = &[];
        for arguments in [none, &["--list"], &["-l"]] {
            assert_eq!(host.plugins(arguments).success(), table, "{arguments:?}");
        }
        for arguments in [&["plugins"][..], &["plugins", "list"], &["plugins", "--list"]] {
            let outcome = finish(&mut host.client_called("fuel", arguments));
            assert_eq!(outcome.success(), table, "fuel {arguments:?}");
        }
    }
}

#[test]
fn the_newer_client_answers_to_its_name_too() {
    for host in Host::quick() {
        let fuel2 = |arguments: &[&str]| -> Outcome {
            let words: Vec<&str> = ["plugins"].iter().chain(arguments).copied().collect();
            finish(&mut host.client_called("fuel2", &words))
        };
        assert_eq!(fuel2(&["list"]).success(), "\n");
        let plugin = Plugin::create("demo", "5.0.0");
        let package = host.release(&plugin, "1.0.2");
        fuel2(&["install", &package]).success();
        fuel2(&["install", &package, "--force"]).success();
        let boxed = "\
            +----+------+---------+-----------------+----------------------------------+\n\
            | id | name | version | package_version | releases                         |\n\
            +----+------+---------+-----------------+----------------------------------+\n\
            |  1 | demo | 1.0.2   | 5.0.0           | ubuntu (mitaka-9.0, newton-10.0) |\n\
            +----+------+---------+-----------------+----------------------------------+\n";
        assert_eq!(fuel2(&["list"]).success(), boxed);
        let rows: Value = serde_json::from_str(&fuel2(&["list", "-f", "json"]).success()).unwrap();
        assert_eq!(
            rows,
            json!([{"id": 1, "name": "demo", "version": "1.0.2", "package_version": "5.0.0",
                    "releases": "ubuntu (mitaka-9.0, newton-10.0)"}])
        );
        fuel2(&["sync"]).success();
        fuel2(&["sync", "1"]).success();
        fuel2(&["sync", "7"]).status(1);
        fuel2(&["remove", "demo", "1.0.2"]).success();
        assert!(host.registry().is_empty());
    }
}

#[test]
fn data_is_what_the_original_server_answered() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let [low, high] = ["1.0.2", "1.0.3"].map(|version| host.release(&plugin, version));
        let said = |arguments: &[&str]| host.plugins(arguments).success();
        let data =
            |arguments: &[&str]| -> Value { serde_json::from_str(&said(arguments)).unwrap() };
        for (arguments, version) in [
            (["--install", &low, "--json"], "1.0.2"),
            (["--update", &high, "--json"], "1.0.3"),
            (["--register", "demo==1.0.3", "--json"], "1.0.3"),
            (["--json", "--downgrade", &low], "1.0.2"),
        ] {
            let answer = data(&arguments);
            let keys: Vec<&String> = answer.as_object().unwrap().keys().collect();
            assert_eq!(keys, FIELDS, "{arguments:?}");
            assert_eq!((&answer["id"], &answer["version"]), (&1.into(), &version.into()));
            assert_eq!(answer["releases"][0]["os"], "ubuntu");
        }
        let list = data(&["--list", "--json"]);
        assert_eq!(list[0]["releases"], "ubuntu (mitaka-9.0, newton-10.0)");
        assert!(said(&["--json", "-l"]).starts_with("[\n    {\n        \""), "{list}");
        let yaml = said(&["--list", "--yaml"]);
        assert!(yaml.contains("name: demo") && yaml.contains("ubuntu (mitaka-9.0"), "{yaml}");
        assert_eq!(data(&["--sync", "--json"]), Value::Null);
        assert_eq!(data(&["--unregister", "demo==1.0.2", "--json"]), json!({}));
        data(&["--register", "demo==1.0.2", "--json"]);
        assert_eq!(data(&["--remove", "demo==1.0.2", "--json"]), Value::Null);
        assert_eq!(data(&["--list", "--json"]), json!([]));
    }
}

#[test]
fn statuses_are_0_1_and_2_unless_the_new_ones_are_asked_for() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let [low, present, high] =
            ["1.0.2", "1.0.3", "1.0.4"].map(|version| host.release(&plugin, version));
        host.plugins(["--install", &present]).success();
        let text = host.beside("demo.txt");
        fs_err::write(&text, "text").unwrap();
        let table: [(&[&str], i32, i32); 11] = [
            (&["--install", "no-such-file.rpm"], 1, 3),
            (&["--update", "no-such-file.rpm"], 1, 3),
            (&["--install", text.to_str().unwrap()], 1, 1),
            (&["--update", &low], 1, 4),
            (&["--downgrade", &high], 1, 4),
            (&["--remove", "demo==1.0.9"], 1, 3),
            (&["--remove", "demo"], 1, 2),
            (&["--register", "demo==1==2"], 1, 2),
            (&["--unregister", "other==1.0.0"], 1, 3),
            (&["--sync", "--install", &low], 2, 2),
            (&["--list", "--nonsense"], 2, 2),
        ];
        for (arguments, historical, detailed) in table {
            // What is wrong usage of the old spelling today may be nothing to do: both are told apart.
            let outcome = host.plugins(arguments);
            let old = outcome.status == Some(historical);
            assert!(old && outcome.stdout.is_empty(), "{arguments:?} {outcome:?}");
            let mut client = host.client(arguments);
            let outcome = finish(client.env("PLUGINS_STATUS", "detailed"));
            assert_eq!(outcome.status, Some(detailed), "{arguments:?} {}", outcome.stderr);
        }
        host.refuses(&["--remove", "demo"], 1, "==");
        host.refuses(&["install", "--sync"], 2, "");
        host.refuses(&["--install", &low, "list"], 2, "");
        assert_eq!(host.registry(), ["1 demo 1.0.3"]);
    }
}

#[test]
fn force_belongs_to_install_and_register() {
    for host in Host::quick() {
        let plugin = Plugin::create("demo", "5.0.0");
        let package = host.release(&plugin, "1.0.2");
        // Installs what is new, too, and repairs what is there.
        host.plugins(["--install", &package, "--force"]).success();
        let file = host.plugins_root().join("demo-1.0/metadata.yaml");
        let text = fs_err::read_to_string(&file).unwrap();
        fs_err::remove_file(&file).unwrap();
        host.plugins(["--install", &package, "--force"]).success();
        assert_eq!(fs_err::read_to_string(&file).unwrap(), text);
        assert_eq!(host.registry(), ["1 demo 1.0.2"]);
        for arguments in [["--remove", "demo==1.0.2"], ["--update", &package]] {
            host.refuses(&[arguments[0], arguments[1], "--force"], 2, "--force");
        }
    }
}

#[test]
fn as_fuel_v_is_the_version_and_flags_of_the_server_do_no_harm() {
    for host in Host::quick() {
        let version = finish(&mut host.client_called("fuel", &["-v"])).success();
        assert!(version.contains(env!("CARGO_PKG_VERSION")), "{version}");
        let words = ["--os-username", "admin", "--os-password", "admin", "--debug", "plugins"];
        finish(&mut host.client_called("fuel", &words)).success();
    }
}
