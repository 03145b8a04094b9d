//! Packages by whom nobody trusts (`threats-and-faults` A1, A2, A12–A17, A24–A27): each attack is run
//! against the built programs on every package manager. The answer is status 4, the host is as it was,
//! and where dnf or apt alone would have taken the package that is shown, too.

#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use tests::forge::{self, Entry};
use tests::odd::{self, Odd};
use tests::{Host, Key, Manager, Numbers, Plugin, have, repack, torture};

/// The formats that a host takes: its package manager's, and fp.
fn formats(host: &Host) -> [(&'static str, &'static str); 2] {
    [("5.0.0", host.manager.format()), ("1.0.0", "fp")]
}

/// Returns a path beside a package's: its detached signature.
fn beside(package: &str) -> PathBuf {
    PathBuf::from(format!("{package}.asc"))
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs_err::read(path).unwrap();
    bytes[at] ^= 1;
    fs_err::write(path, bytes).unwrap();
}

#[test]
fn a1_a_package_that_was_altered_or_signed_by_a_stranger_is_refused() {
    for host in Host::all() {
        for (generation, format) in formats(&host) {
            let plugin = Plugin::create("demo", generation);
            let stranger = Key::new("Stranger <stranger@example.org>");
            let foreign = plugin.release_by(&stranger, "1.0.1", format);
            host.refuses(&["install", "--yes", &foreign], 4, "which is not trusted");

            let good = plugin.release("1.0.2", format);
            let length = fs_err::read(&good).unwrap().len();
            for at in [length - 20, length / 2] {
                flip(Path::new(&good), at);
                let refused = host.plugins(["install", "--yes", &good]);
                assert_eq!(refused.status, Some(4), "{format} {at}: {}", refused.stderr);
                flip(Path::new(&good), at);
            }
            host.plugins(["install", "--yes", &good]).success();
            host.plugins(["remove", "--yes", "--purge", "demo"]).success();
        }
    }
}

#[test]
fn a1_a_repository_that_serves_a_strangers_package_installs_nothing_by_name() {
    for host in [Manager::Dnf, Manager::Apt].into_iter().filter_map(Host::of) {
        let plugin = Plugin::create("demo", "5.0.0");
        let stranger = Key::new("Stranger <stranger@example.org>");
        let package = plugin.release_by(&stranger, "1.0.1", host.manager.format());
        host.publish(&[&package]);
        if host.manager == Manager::Apt {
            let folder = host.beside("repository");
            host.sign_lists(&folder, &stranger);
            host.refresh();
        }
        let refused = host.plugins(["install", "--yes", "demo"]);
        refused.refusal(4, "which is not trusted");
        assert!(host.registered().is_empty() && host.recorded("demo-1.0").is_none());
        // The package manager by itself takes it.
        host.install_behind("demo-1.0");
        assert_eq!(host.recorded("demo-1.0").as_deref(), Some("1.0.1-1"));
    }
}

#[test]
fn a2_an_unsigned_file_is_refused_and_dnf_and_apt_alone_take_it() {
    for host in Host::all() {
        for (generation, format) in formats(&host) {
            let plugin = Plugin::create("demo", generation);
            let package = plugin.release_unsigned("1.0.1", format);
            for policy in ["strict", "warn"] {
                host.set_policy(policy);
                for flags in [&[][..], &["--allow-unsigned"]] {
                    let words = [&["install", "--yes", &package], flags].concat();
                    let refused = host.refuses(&words, 4, "it is not signed");
                    assert!(refused.stderr.contains("trust-policy"), "{}", refused.stderr);
                }
            }
            host.set_policy("legacy");
            host.refuses(&["install", "--yes", &package], 4, "--allow-unsigned");
            host.changes(&["install", "--yes", &package, "--allow-unsigned"]);
            assert_eq!(host.row("demo==1.0.1")["signed"], "unsigned");
            let history = host.json(["history"]);
            assert!(history.to_string().contains("\"unsigned\""), "{history}");
            let ill = host.plugins(["doctor", "--check", "D14"]).status(9);
            assert!(ill.stdout.contains("nobody vouches for demo"), "{}", ill.stdout);

            // It is never remembered.
            host.refuses(&["install", "--strategy", "always", "--yes", &package], 4, "not signed");
            host.plugins(["remove", "--yes", "--purge", "demo"]).success();
            host.set_policy("strict");
            if format != "fp" {
                host.install_behind(&package);
                host.remove_behind("demo-1.0");
            }
        }
    }
}

#[test]
fn a12_the_right_key_on_the_wrong_plugin_is_refused() {
    for host in Host::quick() {
        let key = Key::new("Acme <acme@example.org>");
        host.trust("acme", &key, "plugins: ['acme_*']\n");
        for (generation, format) in formats(&host) {
            let plugin = Plugin::create("demo", generation);
            let package = plugin.release_by(&key, "1.0.0", format);
            host.refuses(&["install", "--yes", &package], 4, "who is trusted for acme_* only");
        }
        let plugin = Plugin::create("acme_a", "5.0.0");
        let package = plugin.release_by(&key, "1.0.0", host.manager.format());
        host.plugins(["install", "--yes", &package]).success();
    }
}

#[test]
fn a13_a_stolen_key_is_removed_and_what_it_brought_is_named() {
    for host in Host::quick() {
        let key = Key::new("Acme <acme@example.org>");
        host.trust("acme", &key, "plugins: [demo]\n");
        let plugin = Plugin::create("demo", "5.0.0");
        let [old, new] = ["1.0.1", "1.0.2"]
            .map(|version| plugin.release_by(&key, version, host.manager.format()));
        host.plugins(["install", "--yes", &old]).success();
        host.plugins(["update", "--yes", &new]).success();

        let removed = host.plugins(["trust", "remove", "acme", "--yes"]).status(0);
        assert!(removed.stderr.contains("demo==1.0.2 came from"), "{}", removed.stderr);
        let ill = host.plugins(["doctor", "--check", "D14"]).status(9);
        assert!(ill.stdout.contains("which is not trusted any more"), "{}", ill.stdout);
        // What was kept of it does not come back either.
        host.refuses(&["downgrade", "--yes", "demo"], 4, "which is not trusted");
        host.plugins(["undo", "--yes"]).success();
        host.plugins(["doctor", "--check", "D14"]).success();

        // A revocation counts wherever it stands, and against old signatures.
        let revoked = key.revoked();
        host.trust("news", &revoked, "plugins: [other]\n");
        host.refuses(&["downgrade", "--yes", "demo"], 4, "revoked");
        host.refuses(&["install", "--strategy", "always", "--yes", &new], 4, "revoked");
        let ill = host.plugins(["doctor", "--check", "D14"]).status(9);
        assert!(ill.stdout.contains("is revoked"), "{}", ill.stdout);
    }
}

#[test]
fn a14_weak_old_and_odd_keys_are_refused_in_every_policy() {
    let Some(host) = Host::of(Manager::Dpkg) else { return };
    let plugin = Plugin::create("demo", "1.0.0");
    let package = plugin.release_unsigned("1.0.1", "fp");
    let content = fs_err::read(&package).unwrap();
    if !have(&["gpg"]) {
        return;
    }
    for Odd { case, key, signature, status, told } in odd::signatures(&content) {
        host.trust("case", &key, "plugins: ['*']\n");
        fs_err::write(beside(&package), &signature).unwrap();
        for policy in ["strict", "warn", "legacy"] {
            host.set_policy(policy);
            let words = ["install", "--yes", &package, "--allow-unsigned", "--dry-run"];
            let outcome = host.plugins(words);
            assert_eq!(outcome.status, Some(status), "{case} {policy}: {}", outcome.stderr);
            let said = format!("{}{}", outcome.stdout, outcome.stderr);
            assert!(said.contains(told), "{case} {policy}: {said}");
        }
    }
}

#[test]
fn a15_a_key_that_is_met_first_is_trusted_only_by_its_whole_fingerprint() {
    for host in Host::quick() {
        for (generation, format) in formats(&host) {
            let key = Key::new("Acme <acme@example.org>");
            let plugin = Plugin::create("acme", generation);
            let package = plugin.release_by(&key, "1.0.0", format);
            let certificate = key.write_certificate(&host.beside(""));
            let certificate = certificate.to_str().unwrap();
            let install = ["install", "--yes", &package, "--key", certificate];
            host.refuses(&install, 4, "nobody can be asked");
            let agreeing = |to: &'_ str| {
                install
                    .iter()
                    .copied()
                    .chain(["--accept-fingerprint"])
                    .map(str::to_owned)
                    .chain([to.to_owned()])
                    .collect::<Vec<String>>()
            };
            let fingerprint = key.fingerprint();
            let before = host.everything();
            host.plugins(agreeing(&"0".repeat(40))).refusal(4, "not 0000");
            host.plugins(agreeing(&fingerprint[24..])).refusal(2, "not a fingerprint");
            host.is_as(&before);
            host.plugins(agreeing(&fingerprint)).success();
            let store = host.root().join("etc/plugins/trust/acme/truststore.asc");
            assert!(store.exists());
            assert_eq!(host.row("acme==1.0.0")["signed"], *fingerprint);
            // For this plugin it is known from now on, for others it is not.
            host.does_nothing(&["install", "--yes", &package]);
            let other = Plugin::create("demo", generation);
            let other_package = other.release_by(&key, "1.0.0", format);
            host.refuses(&["install", "--yes", &other_package], 4, "trusted for acme only");
            host.plugins(["undo", "--yes"]).success();
            assert!(!store.exists());
            host.refuses(&["install", "--yes", &package], 4, "which is not trusted");
        }
    }
}

#[test]
fn a16_a_plugin_stays_with_its_publisher() {
    for host in Host::quick() {
        let rival = Key::new("Rival <rival@example.org>");
        host.trust("rival", &rival, "plugins: ['*']\n");
        let plugin = Plugin::create("demo", "5.0.0");
        let format = host.manager.format();
        let own = plugin.release("1.0.1", format);
        let shadow = plugin.release_by(&rival, "1.0.2", format);
        host.plugins(["install", "--yes", &own]).success();
        for verb in ["install", "update"] {
            host.refuses(&[verb, "--yes", &shadow], 4, "--accept-publisher");
        }
        // Not even when nothing of it is there any more.
        host.plugins(["remove", "--yes", "demo"]).success();
        host.refuses(&["install", "--yes", &shadow], 4, "has been published by");
        host.changes(&["install", "--yes", &shadow, "--accept-publisher"]);
        let history = host.json(["history"]).to_string();
        assert!(history.contains(&rival.fingerprint()), "{history}");
        let next = plugin.release_by(&rival, "1.0.3", format);
        host.changes(&["update", "--yes", &next]);
    }
}

#[test]
fn a17_a_name_that_looks_like_another_is_pointed_out() {
    let Some(host) = Host::of(Manager::Dpkg) else { return };
    let install = |name: &str, words: &[&str]| {
        let plugin = Plugin::create(name, "1.0.0");
        let package = plugin.release("1.0.0", "fp");
        host.plugins([&["install", "--yes", &package], words].concat()).success();
    };
    install("ldap", &[]);
    for name in ["1dap", "ldap_", "lda", "dlap"] {
        let plugin = Plugin::create(name, "1.0.0");
        let package = plugin.release("1.0.0", "fp");
        let shown = host.plugins(["install", "--dry-run", &package]).success();
        assert!(shown.contains(&format!("`{name}` looks like `ldap`")), "{shown}");
    }
    install("other", &[]);
}

#[test]
fn torture_a24_no_damaged_package_is_accepted_with_other_content() {
    // The library's own test tries more in less time.
    let rounds = if torture() { 10_000 } else { 25 };
    for (manager, generation, format) in [
        (Manager::Rpm, "5.0.0", "rpm"),
        (Manager::Dpkg, "5.0.0", "deb"),
        (Manager::Dpkg, "1.0.0", "fp"),
    ] {
        let Some(host) = Host::of(manager) else { continue };
        let plugin = Plugin::create("demo", generation);
        let package = plugin.release("1.0.0", format);
        let good = fs_err::read(&package).unwrap();
        for seed in 0..rounds {
            let mut bad = good.clone();
            tests::damage(&mut bad, &mut Numbers::new(seed));
            fs_err::write(&package, &bad).unwrap();
            let outcome = host.plugins(["install", "--dry-run", "--json", &package]);
            let accepted = outcome.status == Some(0);
            // rpm's format has bytes that say nothing, which a signature over the header leaves out.
            let harmless = format == "rpm" && only_beside_the_header(&good, &bad);
            assert!(!accepted || bad == good || harmless, "{format} seed {seed}");
        }
    }
}

/// Whether only the lead and the signature header of an RPM differ: neither is content.
fn only_beside_the_header(good: &[u8], bad: &[u8]) -> bool {
    const LEAD: usize = 96;
    let at = |bytes: &[u8], offset: usize| {
        u32::from_be_bytes(bytes[offset..offset + 4].try_into().unwrap()) as usize
    };
    let entries = at(good, LEAD + 8);
    let store = at(good, LEAD + 12);
    let end = (LEAD + 16 + 16 * entries + store).next_multiple_of(8);
    good.len() == bad.len() && good[end..] == bad[end..]
}

#[test]
fn a25_a_file_that_is_exchanged_meanwhile_is_installed_as_it_was_judged_or_not_at_all() {
    let rounds = if torture() { 300 } else { 12 };
    let Some(host) = Host::of(Manager::Dpkg) else { return };
    let plugin = Plugin::create("demo", "1.0.0");
    let good = plugin.release("1.0.0", "fp");
    let evil = host.beside("evil.fp");
    fs_err::write(&evil, forge::fp("evil", &[Entry::file("TOP/evil")])).unwrap();
    let raced = host.beside("raced.fp");
    fs_err::copy(beside(&good), beside(raced.to_str().unwrap())).unwrap();
    fs_err::copy(&good, &raced).unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let staged = host.beside("staged.fp");
            while !stop.load(Ordering::Relaxed) {
                for source in [&evil, Path::new(&good)] {
                    fs_err::copy(source, &staged).unwrap();
                    fs_err::rename(&staged, &raced).unwrap();
                }
            }
        });
        for _ in 0..rounds {
            let outcome = host.plugins(["install", "--yes", raced.to_str().unwrap()]);
            assert!(matches!(outcome.status, Some(0 | 4)), "{outcome:?}");
            assert!(!host.plugins_root().join("t-1.0").exists());
            assert!(!host.plugins_root().join("t-1.0.0").exists());
            if outcome.status == Some(0) {
                host.plugins(["remove", "--yes", "--purge", "demo"]).success();
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn a26_scripts_that_are_not_the_builders_run_by_consent_only() {
    for host in Host::all() {
        let key = Key::new("Acme <acme@example.org>");
        host.trust("acme", &key, "plugins: [demo, plain]\nscripts: false\n");
        let format = host.manager.format();
        let plain = Plugin::create("plain", "5.0.0");
        let package = plain.release_by(&key, "1.0.0", format);
        host.plugins(["install", "--yes", &package]).success();

        let plugin = Plugin::create("demo", "5.0.0");
        plugin.with_hooks("/bin/sh");
        let package = plugin.release_by(&key, "1.0.0", format);
        let refused = host.refuses(&["install", "--yes", &package], 4, "scripts of its own");
        assert!(refused.stderr.contains("--allow-scripts"), "{}", refused.stderr);
        assert_eq!(host.hooks(), "");

        host.set_policy("warn");
        let shown = host.plugins(["install", "--dry-run", &package]).success();
        assert!(shown.contains("runs scripts of its own as root"), "{shown}");
        host.set_policy("strict");
        host.changes(&["install", "--yes", &package, "--allow-scripts"]);
        assert!(host.json(["history"]).to_string().contains("scripts"));
        assert!(host.hooks().contains("post_install"));

        host.trust("acme", &key, "plugins: [demo, plain]\nscripts: true\n");
        let package = plugin.release_by(&key, "1.0.1", format);
        host.changes(&["update", "--yes", &package]);
    }
}

#[test]
fn a26_interpreters_lua_and_triggers_are_scripts_too() {
    let Some(host) = Host::of(Manager::Rpm) else { return };
    for (case, script) in [
        ("-p", "%post -p /sbin/ldconfig\n"),
        ("lua", "%post -p <lua>\nprint('x')\n"),
        ("trigger", "%triggerin -- bash\ntrue\n"),
        ("file trigger", "%transfiletriggerin -- /usr\ntrue\n"),
        ("verify", "%verifyscript\ntrue\n"),
        ("pretrans", "%pretrans\ntrue\n"),
    ] {
        let Some(package) = repack::rpm(&host.beside("forge"), &[], script) else { return };
        let package = repack::sign(&package);
        host.trust("tests", Key::release(), "plugins: ['*']\n");
        let refused = host.plugins(["install", "--yes", &package]);
        assert_eq!(refused.status, Some(4), "{case}: {}", refused.stderr);
        assert!(refused.stderr.contains("scripts of its own"), "{case}: {}", refused.stderr);
    }
}

#[test]
fn a27_a_signed_package_puts_no_file_where_no_plugin_may() {
    for host in Host::quick() {
        let work = host.beside("forge");
        for path in ["/etc/cron.d/x", "/etc/sudoers.d/x", "/usr/lib/systemd/system/x.service"] {
            let rpm = || repack::rpm(&work, &[path], "");
            let deb = || {
                fs_err::create_dir_all(&work).unwrap();
                Some(repack::deb(&work, &[path]))
            };
            let Some(package) = (if host.manager.format() == "rpm" { rpm() } else { deb() }) else {
                return;
            };
            let package = repack::sign(&package);
            host.refuses(&["install", "--yes", &package], 4, "outside its plugin's folder");
        }
        let beside = work.join("t.fp");
        let entries = [Entry::file("/etc/cron.d/x")];
        fs_err::write(&beside, forge::fp("t", &entries)).unwrap();
        let refused = host.plugins(["install", "--yes", &repack::sign(&beside)]);
        assert_eq!(refused.status, Some(4), "{}", refused.stderr);
        assert!(!refused.stderr.contains("signed"), "{}", refused.stderr);
    }
}
