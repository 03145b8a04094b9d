//! What packages hold and run (`threats-and-faults` A24–A27): damage, a file that is exchanged between
//! the look at it and its use, scripts, and files where no plugin may put any. Each attack is run against
//! the built programs; the answer is status 4, and the host is as it was.

#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use tests::forge::{self, Entry};
use tests::{Host, Key, Manager, Numbers, Plugin, repack, torture};

/// Returns a path beside a package's: its detached signature.
fn beside(package: &str) -> PathBuf {
    PathBuf::from(format!("{package}.asc"))
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
#[expect(clippy::disallowed_methods, reason = "an attacker syncs nothing")]
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
