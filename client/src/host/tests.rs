//! The door to the machine: the real package managers in scratch roots, and stand-ins that lie.

use std::fs::File;
use std::os::unix::fs::PermissionsExt;
use std::process::ExitStatus;

use packaging::{Blueprint, Contents, Hooks, Settings};
use plugin::{Format, Generation, PluginId};
use tempfile::TempDir;

use ::tests::{DebianHost, RedHatHost, have};

use super::*;
use crate::plan::{Item, Verb};
use crate::{Condition, Installed};

/// A scratch root with a shell in it, and package files beside it.
struct Stage {
    folder: TempDir,
    root: Root,
    backend: Backend,
}

/// Who removes the root folder at the end.
enum Root {
    RedHat(RedHatHost),
    Debian(DebianHost),
}

impl Stage {
    fn new(backend: Backend) -> Self {
        let root = match backend.format() {
            Format::Deb => Root::Debian(DebianHost::new()),
            _ => Root::RedHat(RedHatHost::new()),
        };
        let stage = Self { folder: tempfile::tempdir().unwrap(), root, backend };
        for part in ["files", "tools", "into"] {
            fs_err::create_dir(stage.folder.path().join(part)).unwrap();
        }
        stage
    }

    fn root(&self) -> PathBuf {
        match &self.root {
            Root::RedHat(host) => host.root(),
            Root::Debian(host) => host.root(),
        }
    }

    fn files(&self) -> PathBuf {
        self.folder.path().join("files")
    }

    fn host(&self) -> Host {
        self.host_with(Options::default())
    }

    fn host_with(&self, options: Options) -> Host {
        let places = Places::new(&self.root(), plugin::PLUGINS_ROOT);
        let tools = Some(self.folder.path().join("tools"));
        Host::new(places, Options { backend: Some(self.backend), tools, ..options }).unwrap()
    }

    /// Writes the package of a version; the item has no version before.
    fn item(&self, version: &str) -> Item {
        let format = self.backend.format();
        let id = PluginId {
            name: "my_demo".parse().unwrap(),
            version: version.parse().unwrap(),
            generation: Generation::V5,
        };
        let mut contents = Contents::default();
        contents.insert_text("metadata.yaml", format!("version: {version}\n").into_bytes());
        contents.insert_text("deployment_scripts/run", version.as_bytes().repeat(2000));
        let folder = id.package_name().to_string();
        let package = match format {
            Format::Deb => id.package_name().for_debian().unwrap(),
            _ => folder.clone(),
        };
        let after = format!("{}-1", id.version.for_package_managers());
        let plugin_version = Some(id.version.clone());
        let blueprint = Blueprint {
            id,
            release: "1".to_owned(),
            title: "Demo".to_owned(),
            description: "Demo".to_owned(),
            homepage: None,
            licenses: vec!["MIT".to_owned()],
            authors: vec!["A <a@example.org>".to_owned()],
            contents,
            hooks: Hooks::default(),
            time: 1_600_000_000,
        };
        let scratch = self.files();
        let settings =
            Settings { compression: None, level: None, scratch: &scratch, progress: &|_| () };
        let path = scratch.join(version);
        let out = File::create(&path).unwrap();
        let written = packaging::write(format, &blueprint, &settings, &out).unwrap();
        let sha256 = written.sha256;
        let after = Some(after);
        let item = Item {
            package,
            folder,
            format,
            sha256: Some(sha256.clone()),
            before: None,
            after,
            plugin_version,
        };
        fs_err::copy(path, commands::file(&scratch, &sha256, &item)).unwrap();
        item
    }

    /// Puts a shell script in the place of a program.
    fn stand_in(&self, program: &str, script: &str) {
        let path = self.folder.path().join("tools").join(program);
        fs_err::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs_err::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    }
}

fn transact(verb: Verb, item: &Item) -> Transact {
    Transact { verb, items: vec![item.clone()], online: false }
}

fn removal(item: &Item) -> Transact {
    let before = item.after.clone();
    let item = Item { before, after: None, sha256: None, plugin_version: None, ..item.clone() };
    transact(Verb::Remove, &item)
}

fn versions(host: &Host) -> Vec<(String, String, Condition)> {
    let packages = host.packages().unwrap().into_iter();
    packages
        .map(|Installed { folder, version, condition, .. }| (folder, version, condition))
        .collect()
}

fn whole(version: &str) -> Vec<(String, String, Condition)> {
    vec![("my_demo-1.0".to_owned(), version.to_owned(), Condition::Whole)]
}

/// Up, down, again and away, as every package manager has to do it.
fn through_all_verbs(backend: Backend) {
    let stage = Stage::new(backend);
    let host = stage.host();
    let (first, second) = (stage.item("1.0.0b2"), stage.item("1.0.2"));
    assert_eq!(versions(&host), []);
    let steps = [
        (transact(Verb::Install, &first), whole("1.0.0~b2-1")),
        (transact(Verb::Upgrade, &second), whole("1.0.2-1")),
        (transact(Verb::Downgrade, &first), whole("1.0.0~b2-1")),
        (transact(Verb::Reinstall, &first), whole("1.0.0~b2-1")),
        (removal(&first), vec![]),
    ];
    for (transact, expected) in steps {
        let judgement = host.transact(&transact, &stage.files(), &mut |_| ()).unwrap();
        let said = judgement.ran.last.join("\n");
        assert!(judgement.is_done() && !judgement.is_doubtful(), "{transact:?}\n{said}");
        assert_eq!(versions(&host), expected, "{said}");
    }
    let log = fs_err::read_to_string(host.places().log()).unwrap();
    assert_eq!(log.lines().filter(|line| line.starts_with("+ /")).count(), 5);
}

#[test]
fn rpm_goes_through_all_verbs() {
    if have(&["rpm"]) {
        through_all_verbs(Backend::Rpm);
    }
}

#[test]
fn dnf_goes_through_all_verbs() {
    if have(&["rpm", "dnf"]) {
        through_all_verbs(Backend::Dnf);
    }
}

#[test]
fn dpkg_goes_through_all_verbs() {
    if have(&["dpkg"]) {
        through_all_verbs(Backend::Dpkg);
    }
}

#[test]
fn apt_goes_through_all_verbs() {
    if have(&["dpkg", "apt-get"]) {
        through_all_verbs(Backend::Apt);
    }
}

#[test]
fn two_versions_recorded_by_rpm_are_seen_and_mended() {
    if !have(&["rpm"]) {
        return;
    }
    let stage = Stage::new(Backend::Rpm);
    let host = stage.host();
    let (first, second) = (stage.item("1.0.1"), stage.item("1.0.2"));
    host.transact(&transact(Verb::Install, &first), &stage.files(), &mut |_| ()).unwrap();
    let manager = host.manager().unwrap();
    let mut beside = manager.rpm();
    beside.extend(["-i", "--force"].map(OsString::from));
    beside.push(commands::file(&stage.files(), second.sha256.as_ref().unwrap(), &second).into());
    assert!(host.runner.ask(&beside).unwrap().ran.status.success());
    assert_eq!(host.packages().unwrap()[0].condition, Condition::Duplicate);

    for wanted in [&second, &first] {
        let leftover = host.places().plugins().join("my_demo-1.0/metadata.yaml;0123abcd");
        fs_err::write(&leftover, "").unwrap();
        host.mend(wanted, &stage.files(), &mut |_| ()).unwrap();
        assert_eq!(versions(&host), whole(wanted.after.as_ref().unwrap()));
        assert_eq!(host.verify_files(&wanted.package).unwrap(), []);
        assert!(!leftover.exists());
    }
}

#[test]
fn a_package_that_dpkg_did_not_finish_is_seen_and_mended() {
    if !have(&["dpkg"]) {
        return;
    }
    let stage = Stage::new(Backend::Dpkg);
    let host = stage.host();
    let item = stage.item("1.0.1");
    let mut unpack = host.manager().unwrap().dpkg();
    unpack.push("--unpack".into());
    unpack.push(commands::file(&stage.files(), item.sha256.as_ref().unwrap(), &item).into());
    assert!(host.runner.ask(&unpack).unwrap().ran.status.success());
    let condition = Condition::Unfinished("unpacked".to_owned());
    assert_eq!(host.packages().unwrap()[0].condition, condition);

    host.mend(&item, &stage.files(), &mut |_| ()).unwrap();
    assert_eq!(versions(&host), whole("1.0.1-1"));
    let removed = removal(&item).items.remove(0);
    host.mend(&removed, &stage.files(), &mut |_| ()).unwrap();
    assert_eq!(versions(&host), []);
}

/// What is wrong with the files of an installed package, after some were harmed.
fn problems_of(backend: Backend) -> Vec<(String, Fault)> {
    let stage = Stage::new(backend);
    let host = stage.host();
    let item = stage.item("1.0.1");
    host.transact(&transact(Verb::Install, &item), &stage.files(), &mut |_| ()).unwrap();
    assert_eq!(host.verify_files(&item.package).unwrap(), []);
    let folder = host.places().plugins().join("my_demo-1.0");
    fs_err::remove_file(folder.join("metadata.yaml")).unwrap();
    fs_err::write(folder.join("deployment_scripts/run"), "").unwrap();
    let found = host.verify_files(&item.package).unwrap().into_iter();
    found.map(|problem| (problem.path.to_str().unwrap().to_owned(), problem.fault)).collect()
}

#[test]
fn harmed_files_are_found_by_both_databases() {
    let expected = [("deployment_scripts/run", Fault::Empty), ("metadata.yaml", Fault::Missing)];
    let expected = expected
        .map(|(file, fault)| (format!("{}/my_demo-1.0/{file}", plugin::PLUGINS_ROOT), fault));
    for (tool, backend) in [("rpm", Backend::Rpm), ("dpkg", Backend::Dpkg)] {
        if have(&[tool]) {
            assert_eq!(problems_of(backend), expected, "{tool}");
        }
    }
}

#[test]
fn apt_keeps_a_package_that_it_is_told_to_keep() {
    if !have(&["dpkg", "apt-get", "apt-mark"]) {
        return;
    }
    let stage = Stage::new(Backend::Apt);
    let host = stage.host();
    let item = stage.item("1.0.1");
    host.transact(&transact(Verb::Install, &item), &stage.files(), &mut |_| ()).unwrap();
    for held in [true, true, false] {
        assert_eq!(host.guard(&item.package, held).unwrap(), Guarding::Heeded);
        assert_eq!(!host.locks_of(&item.package).unwrap().is_empty(), held);
    }
}

/// dnf 5, as far as its locks go, and rpm with one package.
#[test]
fn a_lock_on_a_version_that_is_gone_is_renewed() {
    let stage = Stage::new(Backend::Dnf5);
    stage.stand_in(
        "dnf5",
        r#"list=$(dirname $0)/locks version=$(cat $(dirname $0)/version)
case "$*" in
*"versionlock list") cat $list 2>/dev/null; exit 0 ;;
*"versionlock add"*) printf 'Package name: my_demo-1.0\nevr = %s-1\n' $version >$list ;;
*"versionlock delete"*) rm $list ;;
esac"#,
    );
    let row = "1\\tmy_demo-1.0\\t%s-1\\t/var/www/nailgun/plugins/my_demo-1.0/\\n";
    stage.stand_in("rpm", &format!("printf '{row}' $(cat $(dirname $0)/version)"));
    let locked = |host: &Host| {
        let locks = host.locks_of("my_demo-1.0").unwrap().into_iter();
        locks.map(|lock| lock.version.unwrap()).collect::<Vec<_>>()
    };
    let host = stage.host();
    for version in ["1.0.2", "1.0.2", "1.0.3"] {
        fs_err::write(stage.folder.path().join("tools/version"), version).unwrap();
        assert_eq!(host.guard("my_demo-1.0", true).unwrap(), Guarding::Heeded);
        assert_eq!(locked(&host), [format!("{version}-1")]);
    }
    host.guard("my_demo-1.0", false).unwrap();
    assert_eq!(locked(&host), [] as [String; 0]);
}

#[test]
fn versions_in_a_repository_are_listed_and_fetched_by_dnf() {
    if !have(&["rpm", "dnf", "createrepo_c"]) {
        return;
    }
    let stage = Stage::new(Backend::Dnf);
    let (first, second) = (stage.item("1.0.1"), stage.item("1.0.2"));
    let host = stage.host();
    let index = run::words(Path::new("/usr/bin/createrepo_c"), [stage.files()]);
    host.runner.ask(&index).unwrap().success().unwrap();
    let files = stage.files();
    fs_err::create_dir_all(stage.root().join("etc/yum.repos.d")).unwrap();
    let repository = format!("[ours]\nname=ours\nbaseurl=file://{}\ngpgcheck=0\n", files.display());
    fs_err::write(stage.root().join("etc/yum.repos.d/ours.repo"), repository).unwrap();

    let found =
        host.available(Search::Packages(&[first.package.clone(), "other-1.0".to_owned()])).unwrap();
    let names: Vec<_> =
        found.iter().map(|one| (&*one.package, &*one.version, &*one.repository)).collect();
    assert_eq!(names, [("my_demo-1.0", "1.0.1-1", "ours"), ("my_demo-1.0", "1.0.2-1", "ours")]);
    let fetched = host.fetch(&found[1], &stage.folder.path().join("into")).unwrap();
    let bytes = |path: &Path| fs_err::read(path).unwrap();
    let original = commands::file(&files, second.sha256.as_ref().unwrap(), &second);
    assert!(bytes(&fetched) == bytes(&original));
}

#[test]
fn versions_in_a_repository_are_listed_and_fetched_by_apt() {
    if !have(&["dpkg", "apt-get", "dpkg-scanpackages"]) {
        return;
    }
    let stage = Stage::new(Backend::Apt);
    let item = stage.item("1.0.1");
    let host = stage.host();
    let files = stage.files();
    let words = ["-m", "."];
    let index = run::words(Path::new("/usr/bin/dpkg-scanpackages"), words);
    let text = host.runner.inside(&files).ask(&index).unwrap().success().unwrap();
    fs_err::write(files.join("Packages"), text).unwrap();
    let list = format!("deb [trusted=yes] file:{} ./\n", files.display());
    fs_err::write(stage.root().join("etc/apt/sources.list"), list).unwrap();
    let mut update = host.manager().unwrap().apt(true);
    update.push("update".into());
    host.runner.ask(&update).unwrap().success().unwrap();

    let found = host.available(Search::Packages(std::slice::from_ref(&item.package))).unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&*found[0].package, &*found[0].version), ("my-demo-1.0", "1.0.1-1"));
    let fetched = host.fetch(&found[0], &stage.folder.path().join("into")).unwrap();
    let original = commands::file(&files, item.sha256.as_ref().unwrap(), &item);
    assert!(fs_err::read(fetched).unwrap() == fs_err::read(original).unwrap());
}

/// What becomes of an update with a stand-in for dnf, on a host whose rpm then knows of `after`.
fn judged(script: &str, after: &str, options: Options) -> Result<Judgement, HostError> {
    let stage = Stage::new(Backend::Dnf);
    stage.stand_in("dnf", script);
    let row = format!("1\\tmy_demo-1.0\\t{after}\\t{}/my_demo-1.0/\\t\\n", plugin::PLUGINS_ROOT);
    stage.stand_in("rpm", &format!("printf '{row}'"));
    let item = stage.item("1.0.2");
    stage.host_with(options).transact(&transact(Verb::Upgrade, &item), &stage.files(), &mut |_| ())
}

#[test]
fn the_database_is_believed_and_not_the_status() {
    let nothing = judged("exit 0", "1.0.1-1", Options::default()).unwrap();
    assert!(!nothing.is_done() && nothing.ran.status.success());
    let script = "seq 30; echo 'warning: %post failed' >&2; exit 1";
    let all = judged(script, "1.0.2-1", Options::default()).unwrap();
    assert!(all.is_done() && all.is_doubtful());
    assert_eq!((&*all.ran.last[0], all.ran.last.len()), ("12", 20));
    assert_eq!(all.ran.last[19], "warning: %post failed");
}

#[test]
fn what_others_need_is_not_removed_with_them() {
    let stage = Stage::new(Backend::Dnf);
    stage.stand_in("dnf", ": >$(dirname $0)/called");
    stage.stand_in("rpm", "echo 'rpm: remark' >&2; echo 'other needs my_demo-1.0' >&2; exit 1");
    let removal = removal(&stage.item("1.0.1"));
    let refused = stage.host().transact(&removal, &stage.files(), &mut |_| ()).unwrap_err();
    let said = "the package manager would refuse: other needs my_demo-1.0";
    assert_eq!(refused.to_string(), said);
    assert!(!stage.folder.path().join("tools/called").exists());
    assert!(!stage.host().places().log().exists(), "nothing was changed, so nothing is logged");
}

#[test]
fn a_locked_database_is_tried_again_until_patience_ends() {
    let locked = "echo 'RPM: error: can'\"'\"'t create transaction lock on x'; exit 1";
    let patience = Duration::from_millis(250);
    let busy = judged(locked, "1.0.1-1", Options { patience, ..Options::default() });
    assert!(matches!(busy, Err(HostError::Busy(_))), "{busy:?}");
    let once = format!(
        "[ -e /proc/self/cwd/tmp ] && f=$(dirname $0)/seen; [ -e $f ] && exit 0; : >$f; {locked}"
    );
    let patience = Duration::from_secs(5);
    let free = judged(&once, "1.0.2-1", Options { patience, ..Options::default() });
    assert!(free.unwrap().is_done());
}

#[test]
fn a_package_manager_that_hangs_is_ended_with_its_children() {
    let time_limit = Some(Duration::from_millis(200));
    let script = "echo begun; sleep 1000 & echo $!; wait";
    let error = judged(script, "1.0.1-1", Options { time_limit, ..Options::default() });
    let Err(HostError::TookTooLong { ran, .. }) = error else { panic!("{error:?}") };
    assert_eq!(ran.last[0], "begun");
    let gone = || match fs_err::read_to_string(format!("/proc/{}/stat", ran.last[1])) {
        Ok(stat) => stat.contains(") Z "),
        Err(_) => true,
    };
    let asked = std::time::Instant::now();
    while !gone() {
        assert!(asked.elapsed() < Duration::from_secs(20), "the child lives on");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn programs_get_nothing_of_ours_but_proxies() {
    let environment =
        ["LD_PRELOAD", "PATH", "https_proxy", "HOME"].map(|name| (name.into(), "x".into()));
    let runner = Runner::new(&environment, PathBuf::from("/nowhere"), None);
    let answer = runner.ask(&run::words(Path::new("/usr/bin/env"), [""; 0])).unwrap();
    let mut lines: Vec<&str> = answer.text.lines().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "APT_LISTCHANGES_FRONTEND=none",
            "DEBIAN_FRONTEND=noninteractive",
            "HOME=/root",
            "LANGUAGE=C",
            "LC_ALL=C",
            "PATH=/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin:/usr/local/sbin",
            "TERM=dumb",
            "https_proxy=x",
        ]
    );
    assert_eq!(answer.ran.status, ExitStatus::default());
}
