//! A fix reaches environments that use older versions of an old-format plugin: the old names are made to
//! lead to the fixed version, and can be given back (`fuel 4.5`, rule by rule).

use std::path::PathBuf;

use tests::{Host, Plugin, tree};

/// Packages of the old-format plugin `old`.
struct Old {
    plugin: Plugin,
}

impl Old {
    fn new() -> Self {
        Self { plugin: Plugin::create("old", "1.0.0") }
    }

    #[track_caller]
    fn install(&self, host: &Host, version: &str) -> String {
        let package = self.plugin.release(version, "fp");
        host.plugins(["install", &package, "--yes"]).success();
        package
    }
}

/// Links 2.0.0 and 2.0.1, which are installed, to 2.0.2.
#[track_caller]
fn link_all(host: &Host) {
    host.changes(&["link", "old", "2.0.0", "2.0.1", "--to", "2.0.2", "--yes"]);
}

fn leads_to(host: &Host, name: &str) -> Option<PathBuf> {
    fs_err::read_link(host.plugins_root().join(name)).ok()
}

/// A host on which 2.0.0 and 2.0.1 are links to 2.0.2.
fn linked(host: &Host, old: &Old) {
    for version in ["2.0.0", "2.0.1", "2.0.2"] {
        old.install(host, version);
    }
    link_all(host);
}

#[test]
fn the_instructions_of_a_refused_update_bring_the_fix_when_they_are_followed() {
    for host in Host::quick() {
        let old = Old::new();
        for version in ["2.0.0", "2.0.1"] {
            old.install(&host, version);
        }
        let fix = old.plugin.release("2.0.2", "fp");
        let refused = host.plugins(["update", &fix, "--yes"]).status(4);
        let commands: Vec<Vec<&str>> = refused
            .stderr
            .lines()
            .filter_map(|line| line.split_once("plugins ").filter(|(_, c)| !c.contains('`')))
            .map(|(_, command)| command.split_whitespace().collect::<Vec<_>>())
            .filter(|words| matches!(words[0], "install" | "link"))
            .collect();
        assert!(commands.len() >= 2, "{}", refused.stderr);
        for command in commands {
            host.plugins(command.into_iter().chain(["--yes"])).success();
        }
        for name in ["old-2.0.0", "old-2.0.1", "old-2.0.2"] {
            assert_eq!(host.version_in(name).as_deref(), Some("2.0.2"), "{name}");
        }
    }
}

#[test]
fn old_names_lead_to_the_fix_and_the_registry_tells_both_versions() {
    for host in Host::quick() {
        linked(&host, &Old::new());
        for name in ["old-2.0.0", "old-2.0.1"] {
            // Relative, and one hop.
            assert_eq!(leads_to(&host, name), Some("old-2.0.2".into()));
        }
        assert_eq!(host.registry(), ["1 old 2.0.0", "2 old 2.0.1", "3 old 2.0.2"]);
        assert_eq!(host.state("old==2.0.0"), "linked");
        assert_eq!(host.row("old==2.0.0")["effective_version"], "2.0.2");
        assert_eq!(host.state("old==2.0.2"), "registered");
        // Nothing else in the plugins root: what was there is saved elsewhere.
        let names = fs_err::read_dir(host.plugins_root()).unwrap().count();
        assert_eq!(names, 3);
        host.does_nothing(&["link", "old", "2.0.0", "--to", "2.0.2", "--yes"]);
    }
}

#[test]
fn a_target_may_be_in_the_new_format() {
    for host in Host::quick() {
        let old = Old::new();
        old.install(&host, "2.0.0");
        let plugin = Plugin::create("old", "5.0.0");
        host.plugins(["install", &host.release(&plugin, "2.0.2"), "--yes"]).success();
        host.changes(&["link", "old", "2.0.0", "--to", "2.0.2", "--yes"]);
        assert_eq!(leads_to(&host, "old-2.0.0"), Some("old-2.0".into()));
        assert_eq!(host.version_in("old-2.0.0").as_deref(), Some("2.0.2"));
        // An update of the target is seen through the old name, too.
        host.plugins(["update", &host.release(&plugin, "2.0.3"), "--yes"]).success();
        assert_eq!(host.version_in("old-2.0.0").as_deref(), Some("2.0.3"));
        assert_eq!(host.row("old==2.0.0")["effective_version"], "2.0.3");
    }
}

#[test]
fn only_lower_old_format_versions_of_the_same_line_are_linked_to_what_is_there() {
    for host in Host::quick() {
        let old = Old::new();
        for version in ["2.0.0", "2.0.1", "2.1.0"] {
            old.install(&host, version);
        }
        let plugin = Plugin::create("new", "4.0.0");
        for version in ["1.0.0", "1.1.0"] {
            host.plugins(["install", &host.release(&plugin, version), "--yes"]).success();
        }
        for (from, to, status) in [
            ("old 2.0.1", "2.0.0", 4),
            ("old 2.0.0", "2.0.0", 4),
            ("old 2.0.0", "2.1.0", 4),
            ("old 2.0.0", "2.0.9", 3),
            ("old 2.0.7", "2.0.1", 3),
            ("new 1.0.0", "1.1.0", 4),
        ] {
            let (name, old) = from.split_once(' ').unwrap();
            host.refuses(&["link", name, old, "--to", to, "--yes"], status, "");
        }
        host.changes(&["link", "old", "2.0.0", "--to", "2.1.0", "--force", "--yes"]);
    }
}

#[test]
fn unlinking_gives_the_old_versions_back_as_they_were() {
    for host in Host::quick() {
        let old = Old::new();
        for version in ["2.0.0", "2.0.1", "2.0.2"] {
            old.install(&host, version);
        }
        let before = tree(&host.plugins_root());
        link_all(&host);
        host.changes(&["unlink", "old", "2.0.0", "--yes"]);
        assert_eq!(host.version_in("old-2.0.0").as_deref(), Some("2.0.0"));
        assert_eq!(host.version_in("old-2.0.1").as_deref(), Some("2.0.2"));
        host.changes(&["unlink", "old", "2.0.1", "--yes"]);
        assert_eq!(before, tree(&host.plugins_root()));
        host.refuses(&["unlink", "old", "2.0.1", "--yes"], 3, "");
    }
}

#[test]
fn the_next_fix_takes_all_links_over() {
    for host in Host::quick() {
        let old = Old::new();
        linked(&host, &old);
        old.install(&host, "2.0.3");
        for name in ["old-2.0.0", "old-2.0.1"] {
            assert_eq!(leads_to(&host, name), Some("old-2.0.3".into()), "never a chain");
        }
        assert_eq!(host.version_in("old-2.0.2").as_deref(), Some("2.0.2"));
        assert_eq!(host.row("old==2.0.1")["effective_version"], "2.0.3");
        host.plugins(["undo", "--yes"]).success();
        assert_eq!(leads_to(&host, "old-2.0.0"), Some("old-2.0.2".into()));
    }
}

#[test]
fn an_installation_never_writes_through_a_link() {
    for host in Host::quick() {
        let old = Old::new();
        linked(&host, &old);
        let target = tree(&host.plugins_root().join("old-2.0.2"));
        let again = old.plugin.release("2.0.1", "fp");
        for arguments in [["--install", &again, "--force"], ["install", &again, "--yes"]] {
            host.plugins(arguments);
            assert_eq!(target, tree(&host.plugins_root().join("old-2.0.2")));
            assert_eq!(leads_to(&host, "old-2.0.1"), Some("old-2.0.2".into()));
        }
    }
}

#[test]
fn a_linked_version_goes_with_its_saved_files_and_a_target_stays_while_it_is_needed() {
    for host in Host::quick() {
        let old = Old::new();
        linked(&host, &old);
        host.refuses(&["remove", "old==2.0.2", "--yes"], 5, "plugins unlink");
        host.changes(&["remove", "old==2.0.0", "--yes"]);
        assert!(host.plugins_root().join("old-2.0.0").symlink_metadata().is_err());
        assert_eq!(host.registry(), ["2 old 2.0.1", "3 old 2.0.2"]);
        assert_eq!(host.version_in("old-2.0.2").as_deref(), Some("2.0.2"));
        let saved = tree(&host.root());
        let saved = saved.keys().filter(|path| path.to_string_lossy().contains("old-2.0.0"));
        assert_eq!(saved.count(), 0, "nothing of it is left");
        host.changes(&["unlink", "old", "2.0.1", "--yes"]);
        host.changes(&["remove", "old==2.0.2", "--yes"]);
        assert_eq!(host.version_in("old-2.0.1").as_deref(), Some("2.0.1"));
        assert_eq!(host.registry(), ["2 old 2.0.1"]);
    }
}

#[test]
fn register_and_sync_do_not_look_through_links() {
    for host in Host::quick() {
        linked(&host, &Old::new());
        let registered = host.registry();
        host.does_nothing(&["sync", "--yes"]);
        host.does_nothing(&["sync", "--prune", "--yes"]);
        host.plugins(["register", "old==2.0.1", "--force", "--yes"]);
        assert_eq!(host.registry(), registered);
        assert_eq!(host.state("old==2.0.1"), "linked");
    }
}

#[test]
fn links_that_the_package_manager_left_dangling_are_told_of_and_can_be_undone() {
    for host in Host::quick() {
        let old = Old::new();
        old.install(&host, "2.0.0");
        let plugin = Plugin::create("old", "5.0.0");
        host.plugins(["install", &host.release(&plugin, "2.0.2"), "--yes"]).success();
        host.changes(&["link", "old", "2.0.0", "--to", "2.0.2", "--yes"]);
        host.remove_behind("old-2.0");
        let synced = host.plugins(["sync", "--yes"]);
        assert!(synced.stderr.contains("plugins unlink old==2.0.0"), "{}", synced.stderr);
        let told = host.plugins(["doctor"]).status(9);
        assert!(told.stdout.contains("D08"), "{}", told.stdout);
        host.changes(&["unlink", "old", "2.0.0", "--yes"]);
        assert_eq!(host.version_in("old-2.0.0").as_deref(), Some("2.0.0"));
        assert_eq!(host.state("old==2.0.0"), "registered");
    }
}
