//! `plugins.properties`: which versions there are, as somebody else's program reads it.

use plugin::Format;
use serde_json::{Value, json};
use tests::{command, finish};

use super::Stage;

/// Prints a file of properties as JSON, by a reader that is not ours.
const READER: &str = "\
import javaproperties, json, sys
with open(sys.argv[1], 'rb') as file:
    json.dump(javaproperties.load(file), sys.stdout)";

/// Returns what the published file says; `None` where there is no reader for it.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn published(stage: &Stage) -> Option<Value> {
    let probe = command("python3", ["-c", "import javaproperties"]).output();
    if !probe.is_ok_and(|it| it.status.success()) {
        eprintln!("SKIPPED: python3 has no javaproperties");
        return None;
    }
    let file = stage.path("repo/public/plugins.properties");
    let mut reader = command("python3", ["-c", READER]);
    serde_json::from_str(&finish(reader.arg(file)).success()).unwrap()
}

#[test]
fn others_read_which_versions_there_are_for_which_product_and_how_well_each_is_supported() {
    let stage = Stage::new();
    let settings = stage.text("repo/repo.yaml") + "\nurl: https://plugins.example.org/a=b#c/\n";
    fs_err::write(stage.path("repo/repo.yaml"), settings).unwrap();
    for version in ["1.0", "1.0.1", "1.0.2", "1.0.3", "1.0.4b1", "1.1.0", "1.1.12345"] {
        stage.add("demo", version);
    }
    let old = stage.package(Format::Fp, ("old", "2.0.1"), "content");
    stage.fpb(&format!("repo add --repo repo {old}")).success();
    let advisory = "advisory add --repo repo --severity low --title T";
    stage.fpb(&format!("{advisory} --id EX-1 --fixes demo==1.0.1")).success();
    stage.fpb(&format!("{advisory} --id EX-2 --withdraws demo==1.0.3")).success();
    stage.publish();

    let list = stage.json("repo list --repo repo");
    let support = |row: &Value| (row["version"].clone(), row["support"].clone());
    let rows: Vec<_> = list["results"].as_array().unwrap().iter().map(support).collect();
    assert_eq!(
        serde_json::to_value(rows).unwrap(),
        json!([
            ["1.0", "Secadv"],
            ["1.0.1", "OutOfDate"],
            ["1.0.2", "Current"],
            ["1.0.3", "Withdrawn"],
            ["1.0.4b1", null],
            ["1.1.0", "OutOfDate"],
            ["1.1.12345", "Current"],
            ["2.0.1", "Current"],
        ])
    );
    let Some(read) = published(&stage) else { return };
    // Previews and numbers above 9999 cannot be named in such a file.
    assert_eq!(read["demo.versions"], "1.0.0 1.0.1 1.0.2 1.0.3 1.1.0");
    let levels = ["1.0.0", "1.0.2", "1.0.3"].map(|it| &read[format!("demo.supportLevel.{it}")]);
    assert_eq!(levels, ["Secadv", "Current", "Withdrawn"]);
    let of_old = read.as_object().unwrap().iter().filter(|(key, _)| key.starts_with("old."));
    let digest = &list["results"][7]["files"][0]["sha256"];
    assert_eq!(
        Value::Object(of_old.map(|(key, value)| (key.clone(), value.clone())).collect()),
        json!({
            "old.versions": "2.0.1",
            "old.hostVersionMin.2.0.1": "9.0.0",
            "old.hostVersionMax.2.0.1": "9.1.0",
            "old.productVersions.2.0.1": "9.0",
            "old.supportLevel.2.0.1": "Current",
            "old.downloadURL.2.0.1": "https://plugins.example.org/a=b#c/fp/",
            "old.baseName.2.0.1": "old-2.0.1",
            "old.sha256.2.0.1": digest,
        })
    );
}

#[test]
fn what_can_be_fetched_by_the_list_is_judged_with_the_rest() {
    let stage = Stage::new();
    let old = stage.package(Format::Fp, ("old", "2.0.1"), "content");
    stage.fpb(&format!("repo add --repo repo {old}")).success();
    stage.fpb("key create --name Release --no-passphrase").success();
    let publish = |words: &str| {
        stage.fpb(&format!("repo publish --repo repo --key release.key{words}")).success()
    };
    publish("");
    stage.fpb("repo verify --trust release.asc repo").success();
    let signature = stage.text("repo/public/fp/old-2.0.1.tar.gz.asc");
    publish(" --refresh");
    assert_eq!(stage.text("repo/public/fp/old-2.0.1.tar.gz.asc"), signature, "signed once");
    stage.fpb("repo verify --trust release.asc repo").success();

    let list = stage.path("repo/public/plugins.properties");
    let text = fs_err::read_to_string(&list).unwrap();
    let other = text.replace("baseName.2.0.1=old-2.0.1", "baseName.2.0.1=../../old-2.0.1");
    assert_ne!(other, text);
    fs_err::write(&list, other).unwrap();
    let found = stage.fpb("repo verify --trust release.asc repo").status(4).stdout;
    for problem in [
        "`plugins.properties` has ",
        "`plugins.properties`: its content is not what key",
        "`fp/../../old-2.0.1.tar.gz` leads out of the repository",
    ] {
        assert!(found.contains(problem), "{problem}\n{found}");
    }
}
