//! Servers and mirrors that lie, lag or never end, against a host that takes plugins from a repository.
//!
//! Each test is a row of the table of attacks. Where the host's own package manager falls for it, the test
//! shows that too.

use std::path::Path;

use tests::{Fault, Host, Key, Manager, Plugin, Publisher, Server};

fn hosts() -> impl Iterator<Item = Host> {
    [Manager::Dnf, Manager::Apt].into_iter().flat_map(Host::of).inspect(|host| {
        host.distrust_all();
    })
}

/// A publisher whose repository has version 1.0.3 of a plugin.
fn publisher(host: &Host) -> (Publisher, Plugin) {
    let (publisher, plugin) = (Publisher::new("example"), Plugin::create("demo", "5.0.0"));
    publisher.add(host, &plugin, "1.0.3");
    publisher.publish();
    (publisher, plugin)
}

/// The same, and the host knows the repository and has the plugin.
fn installed(host: &Host) -> (Publisher, Plugin) {
    let (publisher, plugin) = publisher(host);
    host.add_source(&publisher, &[]).success();
    host.changes(&["install", "demo", "--yes"]);
    (publisher, plugin)
}

fn text(folder: &Path, path: &str) -> String {
    fs_err::read_to_string(folder.join(path)).unwrap()
}

/// Alters the notices, which every host reads.
fn altered(publisher: &Publisher) -> String {
    text(&publisher.public(), "apt/advisories.json").replace("\"stable\"", "\"stable\" ")
}

#[test]
fn a1_what_a_foreign_key_signed_or_nobody_is_refused() {
    for host in hosts() {
        let (publisher, plugin) = installed(&host);
        publisher.add(&host, &plugin, "1.0.4");
        publisher.publish();
        let good = publisher.save("good");

        publisher.put("apt/advisories.json", altered(&publisher));
        host.refuses(&["update", "--yes"], 4, "not to be trusted");
        publisher.serve(&good);
        fs_err::remove_file(publisher.public().join("apt/advisories.json.asc")).unwrap();
        host.refuses(&["update", "--yes"], 4, "it is not signed");

        // All of it, made anew by somebody else.
        let rogue = Publisher::new("example");
        rogue.add(&host, &plugin, "1.0.9");
        rogue.publish();
        publisher.serve(&rogue.public());
        host.refuses(&["update", "--yes"], 4, "which is not trusted");
        host.refuses(&["install", "demo", "--yes"], 4, "which is not trusted");
        assert_eq!(host.registry(), ["1 demo 1.0.3"]);
        publisher.serve(&good);
        host.changes(&["update", "--yes"]);
    }
}

#[test]
fn a1_a_package_that_was_exchanged_is_never_installed() {
    for host in hosts() {
        let (publisher, plugin) = installed(&host);
        publisher.add(&host, &plugin, "1.0.4");
        publisher.publish();
        let end = format!(".{}", host.manager.format());
        let rogue = plugin.release_by(&Key::new("rogue"), "1.0.4", host.manager.format());
        let packages: Vec<_> = tests::tree(&publisher.public())
            .into_keys()
            .filter(|path| path.to_string_lossy().contains("1.0.4"))
            .filter(|path| path.to_string_lossy().ends_with(&end))
            .collect();
        assert!(!packages.is_empty());
        for package in packages {
            let inside = package.strip_prefix(publisher.public()).unwrap().to_str().unwrap();
            publisher.put(inside, fs_err::read(&rogue).unwrap());
        }
        let outcome = host.plugins(["update", "--yes"]);
        assert!(matches!(outcome.status, Some(4 | 6)), "{outcome:?}");
        assert_eq!(host.recorded("demo-1.0").as_deref(), Some("1.0.3-1"));
    }
}

#[test]
fn a4_an_older_edition_is_refused_on_a_host_that_has_seen_a_newer() {
    for host in hosts() {
        let (publisher, plugin) = installed(&host);
        let old = publisher.save("old");
        publisher.add(&host, &plugin, "1.0.4");
        publisher.publish();
        host.plugins(["repo", "refresh"]).success();
        publisher.serve(&old);
        host.refuses(&["check-updates"], 4, "this host has seen that of");
        host.refuses(&["update", "--yes"], 4, "this host has seen that of");
        host.refuses(&["repo", "refresh"], 4, "this host has seen that of");
        host.write_settings(&format!("{}trust-policy: legacy\n", host.settings()));
        host.refuses(&["update", "--yes"], 4, "this host has seen that of");
        if host.manager == Manager::Dnf {
            // dnf takes the older edition and sees no update.
            host.upgrade_security_behind("example");
            assert_eq!(host.recorded("demo-1.0").as_deref(), Some("1.0.3-1"));
        }
        // A host that has seen nothing yet cannot know.
        let fresh = Host::of(host.manager).unwrap();
        fresh.add_source(&publisher, &[]).success();
    }
}

#[test]
fn a5_an_edition_past_its_end_is_refused_warned_of_or_told() {
    for host in hosts() {
        let (publisher, _) = installed(&host);
        publisher.publish_days_ago(-1);
        host.plugins(["repo", "refresh"]).success();
        let fresh = Host::of(host.manager).unwrap();
        publisher.publish_days_ago(20);
        let aging = fresh.add_source(&publisher, &[]).status(0);
        assert!(aging.stderr.contains("counts until"), "{aging:?}");
        let found = fresh.plugins(["doctor", "--check", "D15"]).status(9);
        assert!(found.stdout.contains("WARN"), "{found:?}");

        let late = Host::of(host.manager).unwrap();
        publisher.publish_days_ago(40);
        let refused = late.add_source(&publisher, &[]);
        refused.refusal(4, "counted until");
        late.write_settings(&format!("{}trust-policy: warn\n", late.settings()));
        if late.manager == Manager::Dnf {
            // dnf knows of no end. apt does, and does not read on.
            late.add_source(&publisher, &[]).success();
            late.changes(&["install", "demo", "--yes"]);
            let found = late.plugins(["doctor", "--check", "D15"]).status(9);
            assert!(found.stdout.contains("FAIL"), "{found:?}");
            late.write_settings(&late.settings());
            late.refuses(&["update", "--yes"], 4, "counted until");
        }
    }
}

#[test]
fn a6_an_edition_from_the_future_cannot_make_all_later_ones_old() {
    for host in hosts() {
        let (publisher, plugin) = installed(&host);
        let good = publisher.save("good");
        publisher.publish_days_ago(-400);
        host.refuses(&["update", "--yes"], 4, "to come");
        let fresh = Host::of(host.manager).unwrap();
        fresh.add_source(&publisher, &[]).refusal(4, "to come");
        publisher.serve(&good);
        host.does_nothing(&["update", "--yes"]);
        plugin.version("999999999999.0.0");
        plugin.build(&["--format", host.manager.format()]).status(1);
    }
}

#[test]
fn a7_files_of_different_editions_are_not_taken_together() {
    for host in hosts() {
        let (publisher, plugin) = installed(&host);
        let old = publisher.save("old");
        publisher.add(&host, &plugin, "1.0.4");
        publisher.publish();
        // Each file is signed; they are not of one time.
        let files: &[&str] = match host.manager {
            Manager::Dnf => &["yum/repodata/repomd.xml", "yum/repodata/repomd.xml.asc"],
            _ => &["apt/dists/stable/InRelease"],
        };
        for file in files {
            publisher.put(file, fs_err::read(old.join(file)).unwrap());
        }
        host.refuses(&["update", "--yes"], 4, "are not of one edition");
        let new = ["apt/advisories.json", "apt/advisories.json.asc"];
        publisher.serve(&old);
        let newest = Publisher::new("example");
        drop(newest);
        for file in new {
            publisher.put(file, fs_err::read(old.join(file)).unwrap());
        }
        host.plugins(["update", "--yes"]).success();
    }
}

/// A host that knows a repository by way of a server of ours.
fn served(host: &Host) -> (Publisher, Server) {
    host.write_settings(&format!("{}network-timeout: 2\n", host.settings()));
    let (publisher, _) = publisher(host);
    let server = Server::of(&publisher.public());
    let (address, key) = (server.address(), publisher.key.fingerprint());
    host.plugins(["repo", "add", &address, "--accept-fingerprint", &key, "--yes"]).success();
    (publisher, server)
}

#[test]
fn a8_a9_servers_that_never_end_or_drip_are_given_up() {
    for host in hosts() {
        let (_publisher, server) = served(&host);
        let faults = [
            (Fault::Endless, "more than 67108864 bytes"),
            (Fault::Drip, "comes too slowly"),
            (Fault::Silence, "comes too slowly"),
            (Fault::Truncated, "cannot be had"),
            (Fault::Status("503 Service Unavailable"), "503"),
            (Fault::Redirect("/apt/advisories.json".to_owned()), "cannot be had"),
            (Fault::Redirect("ftp://127.0.0.1/".to_owned()), "cannot be had"),
        ];
        for (fault, words) in faults {
            server.heal();
            server.fail("/apt/advisories.json", fault);
            host.refuses(&["repo", "refresh"], 6, words);
        }
        server.heal();
        host.plugins(["repo", "refresh"]).success();
    }
}

#[test]
fn a10_a_mirror_that_blocks_is_told_and_what_was_seen_last_stays() {
    for host in hosts() {
        let (_publisher, server) = served(&host);
        host.changes(&["install", "demo", "--yes"]);
        let read = |host: &Host| host.json(["repo", "list"])["results"][0]["checked"].clone();
        let before = read(&host);
        for status in ["404 Not Found", "403 Forbidden"] {
            server.fail("/apt/advisories.json", Fault::Status(status));
            let told = host.plugins(["check-updates"]).status(0);
            assert!(told.stderr.contains("last read on"), "{told:?}");
            host.refuses(&["repo", "refresh"], 6, "cannot be had");
        }
        server.fail("/apt/advisories.json", Fault::Bytes(b"<html>please log in</html>".to_vec()));
        host.refuses(&["repo", "refresh"], 4, "not to be trusted");
        assert_eq!(read(&host), before, "what could not be read was not checked");
        let found = host.plugins(["doctor", "--check", "D15"]).success();
        assert!(found.contains("last read on"), "{found}");
    }
}

#[test]
fn a15_an_unknown_key_is_taken_from_those_alone_who_know_it() {
    for host in hosts() {
        let (publisher, _) = publisher(&host);
        let (address, other) = (publisher.address(), Key::new("rogue").fingerprint());
        let add = |words: &[&str]| [&["repo", "add", &address], words].concat().join(" ");
        for words in [&["--yes"][..], &["--yes", "--accept-fingerprint", &other]] {
            let line = add(words);
            let words: Vec<&str> = line.split(' ').collect();
            host.refuses(&words, 4, &publisher.key.fingerprint());
        }
        host.plugins(["repo", "add", &address, "--accept-fingerprint", "ABCD"]).status(2);
    }
}

#[test]
fn a39_a_forged_or_foreign_notice_is_not_believed() {
    for host in hosts() {
        let (publisher, plugin) = publisher(&host);
        host.add_source(&publisher, &["--for", "demo"]).success();
        host.changes(&["install", "demo", "--yes"]);
        publisher.add(&host, &plugin, "1.0.4");
        publisher.publish();
        let forged = text(&publisher.public(), "apt/advisories.json").replace(
            "\"advisories\": []",
            "\"advisories\": [{\"id\": \"X\", \"severity\": \"low\", \"title\": \"x\", \
             \"issued\": \"2026-01-01T00:00:00Z\", \"fixes\": [], \
             \"withdraws\": [{\"plugin\": \"demo\", \"version\": \"1.0.3\"}]}]",
        );
        assert!(forged.contains("withdraws"), "{forged}");
        publisher.put("apt/advisories.json", forged);
        host.refuses(&["check-updates"], 4, "not to be trusted");
        let info = host.plugins(["info", "demo"]).success();
        assert!(!info.contains("advisory"), "{info}");

        // A repository speaks of the plugins alone that its key is trusted for.
        let stranger = Publisher::new("stranger");
        stranger.add(&host, &Plugin::create("strange", "5.0.0"), "1.0.0");
        stranger.advise("S-1", &["--withdraws", "demo==1.0.3", "--fixes", "strange==1.0.0"]);
        stranger.publish();
        host.plugins(["repo", "remove", "example", "--yes"]).success();
        host.add_source(&stranger, &["--for", "strange"]).success();
        host.plugins(["doctor", "--check", "D21"]).success();
    }
}
