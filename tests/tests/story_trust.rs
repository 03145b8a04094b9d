//! An administrator says whose packages the host takes, looks at it, takes it back and undoes that.

#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use sequoia_openpgp::cert::CipherSuite;
use tests::{Host, Key, Manager, Plugin};

/// A host that trusts nobody yet, a key, and where its certificate is.
fn stage(host: &Host) -> (Key, String) {
    host.distrust_all();
    let key = Key::new("Acme <acme@example.org>");
    let file = key.write_certificate(&host.beside(""));
    (key, file.into_os_string().into_string().unwrap())
}

/// The words that add a certificate.
fn add<'a>(file: &'a str, fingerprint: &'a str, words: &[&'a str]) -> Vec<&'a str> {
    [&["trust", "add", file], words, &["--accept-fingerprint", fingerprint]].concat()
}

#[test]
fn a_key_is_added_with_a_scope_shown_removed_and_brought_back() {
    for host in Host::quick() {
        let (key, file) = stage(&host);
        let fingerprint = key.fingerprint();
        let add = ["trust", "add", &file, "--for", "acme_*", "demo"];
        host.refuses(&add, 4, "nobody can be asked");
        let agreed = [&add[..], &["--yes"]].concat();
        host.refuses(&agreed, 4, "nobody can be asked");
        let agreed = [&add[..], &["--accept-fingerprint", &fingerprint]].concat();
        host.changes(&agreed);
        host.does_nothing(&agreed);

        let list = host.json(["trust", "list"]);
        let row = &list["results"][0];
        assert_eq!(row["certificate"], *fingerprint);
        assert_eq!(row["plugins"], serde_json::json!(["acme_*", "demo"]));
        assert_eq!((&row["scripts"], &row["state"]), (&false.into(), &"good".into()));

        let plugin = Plugin::create("demo", "5.0.0");
        let package = plugin.release_by(&key, "1.0.0", host.manager.format());
        host.changes(&["install", "--yes", &package]);
        let shown = host.json(["trust", "show", &fingerprint]);
        assert_eq!(shown["results"][0]["brought"], serde_json::json!(["demo==1.0.0"]));
        let screen = host.plugins(["list"]).success();
        assert!(screen.contains(&fingerprint[36..]), "{screen}");

        host.changes(&["trust", "remove", &fingerprint, "--for", "demo", "--yes"]);
        let next = plugin.release_by(&key, "1.0.1", host.manager.format());
        host.refuses(&["update", "--yes", &next], 4, "who is trusted for acme_* only");
        host.changes(&["trust", "remove", &fingerprint, "--yes"]);
        host.refuses(&["update", "--yes", &next], 4, "which is not trusted");
        assert_eq!(host.json(["trust", "list"])["results"].as_array().unwrap().len(), 0);
        host.changes(&["undo", "--yes"]);
        host.changes(&["undo", "--yes"]);
        host.changes(&["update", "--yes", &next]);
        assert!(host.json(["history"]).to_string().contains("distrusted"));
    }
}

#[test]
fn adding_can_be_undone_and_a_wrong_fingerprint_adds_nothing() {
    let Some(host) = Host::quick().next() else { return };
    let (key, file) = stage(&host);
    let zeros = "0".repeat(40);
    host.refuses(
        &["trust", "add", &file, "--for", "*", "--accept-fingerprint", &zeros],
        4,
        "not 0",
    );
    host.refuses(&["trust", "add", &file, "--for", "../x"], 2, "no pattern");
    host.refuses(&["trust", "remove", "nobody", "--yes"], 3, "no trusted certificate");
    let fingerprint = key.fingerprint();
    let agreed = ["trust", "add", &file, "--for", "*", "--accept-fingerprint", &fingerprint];
    host.changes(&agreed);
    host.changes(&["undo", "--yes"]);
    assert_eq!(host.json(["trust", "list"])["results"].as_array().unwrap().len(), 0);
    let trust = host.root().join("etc/plugins/trust.d");
    assert_eq!(fs_err::read_dir(trust).unwrap().count(), 0);
}

#[test]
fn scripts_that_are_allowed_for_one_plugin_stay_refused_for_another() {
    let Some(host) = Host::quick().next() else { return };
    let (key, file) = stage(&host);
    let fingerprint = key.fingerprint();
    let add = |words| add(&file, &fingerprint, words);
    let plugin = Plugin::create("demo", "5.0.0");
    plugin.with_hooks("/bin/sh");
    let package = plugin.release_by(&key, "1.0.0", host.manager.format());
    let install = ["install", "--yes", &package];

    host.changes(&add(&["--for", "demo"]));
    host.refuses(&install, 4, "scripts of its own");
    host.changes(&add(&["--for", "other", "--allow-scripts"]));
    host.refuses(&install, 4, "scripts of its own");
    assert_eq!(host.hooks(), "");
    assert_eq!(host.json(["trust", "list"])["results"].as_array().unwrap().len(), 1);

    host.changes(&add(&["--for", "demo", "--allow-scripts"]));
    host.changes(&["undo", "--yes"]);
    host.refuses(&install, 4, "scripts of its own");
    host.changes(&["trust", "remove", &fingerprint, "--yes"]);
    host.refuses(&install, 4, "which is not trusted");
    let trust = host.root().join("etc/plugins/trust.d");
    assert_eq!(fs_err::read_dir(trust).unwrap().count(), 0);
    host.changes(&["undo", "--yes"]);
    host.refuses(&install, 4, "scripts of its own");
    host.changes(&add(&["--for", "demo", "--allow-scripts"]));
    host.changes(&install);
}

#[test]
fn an_undo_takes_back_what_an_add_added_and_no_more() {
    let Some(host) = Host::quick().next() else { return };
    let (key, file) = stage(&host);
    let fingerprint = key.fingerprint();
    host.changes(&add(&file, &fingerprint, &["--for", "demo"]));
    host.changes(&add(&file, &fingerprint, &["--for", "demo", "other"]));
    host.changes(&["undo", "--yes"]);
    let list = host.json(["trust", "list"]);
    assert_eq!(list["results"][0]["plugins"], serde_json::json!(["demo"]));
}

#[test]
fn a_name_within_a_wider_pattern_is_not_said_to_be_taken_out() {
    let Some(host) = Host::quick().next() else { return };
    let (key, file) = stage(&host);
    let fingerprint = key.fingerprint();
    let narrow = |name| ["trust", "remove", &fingerprint, "--for", name, "--yes"];
    host.changes(&add(&file, &fingerprint, &["--for", "*", "demo"]));
    host.refuses(&narrow("other"), 4, "`other` is within `*`");
    let told = host.plugins(narrow("demo"));
    assert!(told.stderr.contains("`demo` is within `*`"), "{}", told.stderr);
    host.refuses(&narrow("demo"), 4, "`demo` is within `*`");
    host.changes(&add(&file, &fingerprint, &["--for", "more"]));
    host.changes(&narrow("*"));
    host.does_nothing(&narrow("demo"));
}

#[test]
fn who_owns_the_folder_of_a_package_can_not_make_the_client_wait_or_read_without_an_end() {
    let Some(host) = Host::of(Manager::Dnf) else { return };
    let (key, _) = stage(&host);
    let plugin = Plugin::create("demo", "5.0.0");
    let package = plugin.release_by(&key, "1.0.0", host.manager.format());
    let beside = std::path::Path::new(&package).with_file_name("key.asc");
    let offered = beside.display().to_string();
    for make in [["mkfifo"].as_slice(), &["ln", "-s", "/dev/zero"]] {
        tests::run(make[0], [&make[1..], &[&*offered]].concat()).success();
        let told = "is not a regular file";
        host.refuses(&["install", &package, "--yes"], 1, told);
        host.refuses(&["trust", "add", &offered, "--for", "demo"], 1, told);
        let folder = beside.parent().unwrap().display().to_string();
        host.refuses(&["repo", "add", &folder, "--yes"], 6, told);
        fs_err::remove_file(&beside).unwrap();
    }
}

#[test]
fn a_weak_certificate_is_called_so_and_history_tells_what_for() {
    let Some(host) = Host::quick().next() else { return };
    host.distrust_all();
    let weak = Key::builder("Acme <acme@example.org>").set_cipher_suite(CipherSuite::RSA2k);
    let key = Key::made(weak);
    let file = key.write_certificate(&host.beside("")).into_os_string().into_string().unwrap();
    let fingerprint = key.fingerprint();
    let words = ["--for", "demo", "acme_*", "--allow-scripts"];
    let told = host.plugins(add(&file, &fingerprint, &words)).stderr;
    assert!(told.contains("  state       short"), "{told}");
    let history = host.plugins(["history"]).success();
    let trusted = format!("trusted {fingerprint} for demo, acme_* with scripts of their own");
    assert!(history.contains(&trusted), "{history}");
}
