//! A fix for a hole in a plugin travels from the release engineer to a host, through `plugins` or through
//! the host's own package manager.

use tests::{Host, Key, Manager, Plugin, Publisher};

fn hosts() -> impl Iterator<Item = Host> {
    [Manager::Dnf, Manager::Apt].into_iter().flat_map(Host::of).inspect(|host| {
        // Only the publisher's key is to vouch for anything.
        host.distrust_all();
    })
}

/// A host with version 1.0.3 of two plugins from a repository.
fn installed(host: &Host) -> (Publisher, Plugin, Plugin) {
    let publisher = Publisher::new("example");
    let [ldap, other] = ["ldap", "other"].map(|name| Plugin::create(name, "5.0.0"));
    publisher.add(host, &ldap, "1.0.3");
    publisher.add(host, &other, "1.0.3");
    publisher.publish();
    host.add_source(&publisher, &[]).success();
    host.changes(&["install", "ldap", "other", "--yes"]);
    assert_eq!(host.registry(), ["1 ldap 1.0.3", "2 other 1.0.3"]);
    (publisher, ldap, other)
}

#[test]
fn a_fix_is_announced_shown_and_taken_alone() {
    for host in hosts() {
        let (publisher, ldap, other) = installed(&host);
        host.plugins(["check-updates", "--security"]).success();
        publisher.add(&host, &ldap, "1.0.4");
        publisher.add(&host, &ldap, "1.0.5");
        publisher.add(&host, &other, "1.0.4");
        publisher.advise("EX-1", &["--fixes", "ldap==1.0.4", "--withdraws", "ldap==1.0.3"]);
        publisher.publish();

        let ours = || tests::tree(&host.root().join("var/lib/plugins"));
        let before = ours();
        let told = host.plugins(["check-updates", "--security"]).status(100);
        assert!(
            told.stdout.contains("1 update (1 security) - plugins update --security"),
            "{told:?}"
        );
        let answer = host.json(["list", "--updates"]);
        assert_eq!(answer["results"][0]["advisories"][0], "EX-1", "{answer}");
        assert_eq!(ours(), before, "whoever looks writes nothing");

        host.changes(&["repo", "refresh"]);
        let before = ours();
        let planned = host.plugins(["update", "--security", "--dry-run"]).status(0);
        assert!(planned.stdout.contains("security"), "{planned:?}");
        assert_eq!(ours(), before, "nor does a rehearsal");
        host.changes(&["update", "--security", "--yes"]);
        assert_eq!(host.registry(), ["1 ldap 1.0.5", "2 other 1.0.3"], "the highest with the fix");
        host.plugins(["check-updates", "--security"]).success();
        assert_eq!(host.json(["update", "--security", "--yes"])["changed"], false);
        host.plugins(["check-updates"]).status(100);
    }
}

#[test]
fn what_a_notice_speaks_of_is_told_without_a_network() {
    for host in hosts() {
        let (publisher, ldap, _) = installed(&host);
        publisher.add(&host, &ldap, "1.0.4");
        publisher.advise("EX-1", &["--fixes", "ldap==1.0.4", "--withdraws", "ldap==1.0.3"]);
        publisher.publish();
        host.plugins(["repo", "refresh"]).success();
        fs_err::remove_dir_all(publisher.public()).unwrap();

        let listed = host.plugins(["list"]).status(0);
        assert!(
            listed.stderr.contains("1 security update - plugins update --security"),
            "{listed:?}"
        );
        let info = host.plugins(["info", "ldap"]).success();
        assert!(info.contains("EX-1 (important): Leak; this version is withdrawn; fixed in 1.0.4"));
        let found = host.plugins(["doctor", "--check", "D21"]).status(9);
        assert!(found.stdout.contains("ldap==1.0.3 is withdrawn by EX-1"), "{found:?}");
        let row = host.json(["repo", "list"]);
        assert_eq!(row["results"][0]["state"], "fresh", "{row}");
    }
}

#[test]
fn the_package_manager_brings_the_fix_as_well_and_a_sync_registers_it() {
    for host in hosts() {
        let (publisher, ldap, _) = installed(&host);
        publisher.add(&host, &ldap, "1.0.4");
        publisher.advise("EX-1", &["--fixes", "ldap==1.0.4"]);
        publisher.publish();
        host.upgrade_security_behind("example");
        assert_eq!(host.recorded("ldap-1.0").as_deref(), Some("1.0.4-1"), "{host:?}");
        assert_eq!(host.recorded("other-1.0").as_deref(), Some("1.0.3-1"));
        host.changes(&["sync"]);
        assert_eq!(host.registry(), ["1 ldap 1.0.4", "2 other 1.0.3"]);
        host.plugins(["check-updates", "--security"]).success();
    }
}

#[test]
fn a_withdrawn_version_is_passed_over_refused_and_brought_on_demand() {
    for host in hosts() {
        let (publisher, ldap, _) = installed(&host);
        let withdrawn = publisher.add(&host, &ldap, "1.0.4");
        publisher.advise("EX-2", &["--fixes", "ldap==1.0.3", "--withdraws", "ldap==1.0.4"]);
        publisher.publish();
        host.plugins(["update", "--yes"]).status(0);
        assert_eq!(host.registry()[0], "1 ldap 1.0.3", "the withdrawn one is passed over");
        let words = "is withdrawn by EX-2";
        host.plugins(["update", "ldap==1.0.4", "--yes"]).refusal(4, words);
        host.refuses(&["install", &withdrawn, "--yes"], 4, words);
        assert_eq!(host.recorded("ldap-1.0").as_deref(), Some("1.0.3-1"));
        host.changes(&["install", &withdrawn, "--allow-vulnerable", "--yes"]);
        assert_eq!(host.registry()[0], "1 ldap 1.0.4");
        let history = host.plugins(["history"]).success();
        assert!(history.contains("allowed ldap==1.0.4"), "{history}");
    }
}

#[test]
fn a_repository_is_added_once_shown_and_forgotten_without_a_trace() {
    for host in hosts() {
        let publisher = Publisher::new("example");
        publisher.publish();
        let before = host.everything();
        host.add_source(&publisher, &["--for", "ldap*"]).success();
        let again = host.does_nothing(&["repo", "add", &publisher.address(), "--yes"]);
        assert_eq!(again["results"].as_array().unwrap().len(), 0);
        let shown = host.plugins(["repo", "show", "example"]).success();
        assert!(shown.contains("ldap*") && shown.contains(&publisher.key.fingerprint()), "{shown}");
        host.plugins(["repo", "refresh", "nothing"]).status(3);
        host.plugins(["repo", "remove", "nothing", "--yes"]).status(3);
        host.changes(&["undo", "--yes"]);
        host.add_source(&publisher, &[]).success();
        host.changes(&["repo", "remove", "example", "--yes"]);
        host.plugins(["undo", "--yes"]).status(4);
        let left: Vec<_> = host
            .everything()
            .into_keys()
            .filter(|path| path.is_file() && !before.contains_key(path))
            .filter(|path| path.starts_with(host.root().join("etc")))
            .collect();
        assert_eq!(left, Vec::<std::path::PathBuf>::new());
        assert_eq!(host.json(["repo", "list"])["results"].as_array().unwrap().len(), 0);
    }
}

#[test]
fn a_key_that_the_host_knows_to_be_taken_back_brings_no_repository() {
    for host in hosts() {
        let publisher = Publisher::new("example");
        publisher.publish();
        let revoked = publisher.key.revoked();
        host.trust("zzz", &revoked, "plugins: [zzz]\n");
        let (address, fingerprint) = (publisher.address(), publisher.key.fingerprint());
        let add = ["repo", "add", &address, "--accept-fingerprint", &fingerprint, "--yes"];
        host.refuses(&add, 4, "revoked");
    }
}

#[test]
fn a_repository_that_is_added_again_keeps_the_scope_that_its_own_file_says() {
    for host in hosts() {
        let publisher = Publisher::new("example");
        publisher.publish();
        host.add_source(&publisher, &["--for", "demo"]).success();
        host.trust("zzz", &publisher.key, "plugins: [other]\nscripts: true\n");
        host.does_nothing(&["repo", "add", &publisher.address(), "--yes"]);
    }
}

/// Returns the keys that rpm accepts packages by.
fn rpm_keys(host: &Host) -> String {
    let root = host.root().into_os_string().into_string().expect("a UTF-8 path");
    tests::run("rpm", ["--root", &root, "-q", "gpg-pubkey"]).stdout.to_ascii_uppercase()
}

fn short(key: &Key) -> String {
    key.fingerprint()[32..].to_owned()
}

#[test]
fn a_key_that_is_replaced_leaves_rpm_with_what_it_had_before() {
    if let Some(host) = Host::of(Manager::Dnf) {
        host.distrust_all();
        let (old, new) = (Publisher::new("example"), Publisher::new("example"));
        old.publish();
        new.publish();
        host.add_source(&old, &["--for", "demo"]).success();
        let told = host.add_source(&new, &["--name", "example"]).status(0);
        assert!(told.stderr.contains("in the place of"), "{told:?}");
        let shown = host.plugins(["repo", "show", "example"]).success();
        assert!(shown.contains("demo"), "what it is trusted for stays: {shown}");
        let keys = rpm_keys(&host);
        assert!(keys.contains(&short(&new.key)) && !keys.contains(&short(&old.key)), "{keys}");
        assert!(host.json(["history"]).to_string().contains("distrusted"));
        host.changes(&["repo", "remove", "example", "--yes"]);
        assert!(!rpm_keys(&host).contains(&short(&new.key)));
    }
}

#[test]
fn a_repository_does_not_take_the_name_of_another_that_dnf_knows() {
    if let Some(host) = Host::of(Manager::Dnf) {
        host.distrust_all();
        let publisher = Publisher::new("example");
        publisher.publish();
        let folder = host.root().join("etc/yum.repos.d");
        fs_err::create_dir_all(&folder).unwrap();
        fs_err::write(folder.join("vendor.repo"), "[example]\nbaseurl=file:///none\n").unwrap();
        let (address, fingerprint) = (publisher.address(), publisher.key.fingerprint());
        let add = ["repo", "add", &address, "--accept-fingerprint", &fingerprint, "--yes"];
        host.refuses(&add, 5, "vendor.repo");
    }
}

#[test]
fn a_key_that_rpm_had_before_the_repository_stays_with_it() {
    if let Some(host) = Host::of(Manager::Dnf) {
        host.distrust_all();
        let publisher = Publisher::new("example");
        publisher.publish();
        let root = host.root().into_os_string().into_string().unwrap();
        let file = publisher.key.write_certificate(&host.beside(""));
        tests::run("rpm", ["--root", &root, "--import", &file.display().to_string()]).success();
        let before = rpm_keys(&host);
        host.add_source(&publisher, &[]).success();
        host.changes(&["repo", "remove", "example", "--yes"]);
        assert_eq!(rpm_keys(&host), before);
    }
}
