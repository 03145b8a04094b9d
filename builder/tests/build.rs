//! Builds from sources to packages in place.

#![expect(clippy::unwrap_used, reason = "tests outside of `cfg(test)` are not seen as such")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use builder::Code;
use builder::build::{BuildError, Built, Event, Request, build};
use builder::create::create;
use packaging::{Limits, Package, inspect};
use plugin::{Format, Generation};
use tempfile::TempDir;

/// Held by tests that run programs: a program cannot be executed while any process has it open for
/// writing, as one that another test is just starting would for a moment.
static PROGRAMS: Mutex<()> = Mutex::new(());

/// A plugin in a folder of its own.
struct Author {
    _folder: TempDir,
    plugin: PathBuf,
}

impl Author {
    fn new(name: &str, generation: Generation) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let plugin = create(&folder.path().join(name), generation).unwrap().path;
        fs_err::remove_file(plugin.join("pre_build_hook")).unwrap();
        Self { _folder: folder, plugin }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.plugin.join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs_err::write(self.at(path), text).unwrap();
    }

    fn replace(&self, path: &str, old: &str, new: &str) {
        let text = fs_err::read_to_string(self.at(path)).unwrap();
        assert!(text.contains(old), "{path} has no {old}");
        self.write(path, &text.replace(old, new));
    }

    fn request(&self) -> Request {
        Request {
            directory: self.plugin.clone(),
            formats: Vec::new(),
            output: None,
            release: None,
            compression: None,
            level: None,
            hooks: true,
            strict: false,
            epoch: None,
        }
    }

    /// Returns the names in the plugin's folder, sorted.
    fn names(&self) -> Vec<String> {
        names(&self.plugin)
    }

    fn hook(&self, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        self.write("pre_build_hook", text);
        let mode = PermissionsExt::from_mode(0o755);
        fs_err::set_permissions(self.at("pre_build_hook"), mode).unwrap();
    }
}

fn names(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs_err::DirEntry>| entry.unwrap().file_name();
    let mut names: Vec<_> =
        fs_err::read_dir(folder).unwrap().map(|e| name(e).into_string().unwrap()).collect();
    names.sort();
    names
}

fn run(request: &Request) -> Result<Built, BuildError> {
    build(request, &mut |_| {})
}

fn read(path: &Path) -> Package {
    inspect(&mut File::open(path).unwrap(), &Limits::default()).unwrap()
}

#[test]
fn every_skeleton_is_built_in_its_format_and_as_a_deb_always_the_same() {
    for generation in Generation::ALL {
        let (author, again) = (Author::new("demo", generation), Author::new("demo", generation));
        let own = generation.format();
        let formats = vec![own, Format::Deb];
        let built = run(&Request { formats: formats.clone(), ..author.request() }).unwrap();
        let output = Some(again.at("dist"));
        let copies = run(&Request { formats, output, ..again.request() }).unwrap();

        let names: Vec<_> = built
            .packages
            .iter()
            .map(|package| package.path.file_name().unwrap().to_str().unwrap())
            .collect();
        let expected = match generation {
            Generation::V1 => ["demo-1.0.0.fp", "demo-1.0.0_1.0.0-1_all.deb"],
            _ => ["demo-1.0-1.0.0-1.noarch.rpm", "demo-1.0_1.0.0-1_all.deb"],
        };
        assert_eq!(names, expected);
        for (package, copy) in built.packages.iter().zip(&copies.packages) {
            assert_eq!(package.sha256, copy.sha256, "{}", package.path.display());
            let read = read(&package.path);
            assert_eq!((read.format, read.size), (package.format, package.size));
            assert_eq!(read.sha256, package.sha256);
        }
    }
}

#[test]
fn a_build_with_its_own_packages_around_is_the_same_build() {
    let author = Author::new("demo", Generation::V5);
    for output in [None, Some(author.at("dist"))] {
        let request = Request { output, ..author.request() };
        let first = run(&request).unwrap();
        assert_eq!(run(&request).unwrap(), first);
    }
}

#[test]
fn packages_left_in_the_plugin_are_no_part_of_one_built_elsewhere() {
    let author = Author::new("demo", Generation::V5);
    let out = author.plugin.with_file_name("out");
    let elsewhere = Request { output: Some(out), ..author.request() };
    let alone = run(&elsewhere).unwrap();
    run(&author.request()).unwrap();
    assert_eq!(run(&elsewhere).unwrap(), alone);
}

#[test]
fn earlier_packages_of_the_plugin_and_format_go_and_no_others() {
    let author = Author::new("demo", Generation::V5);
    for name in [
        "demo-1.0-0.9.0-1.noarch.rpm",
        "demo-0.9-0.9.0-1.noarch.rpm",
        "demo-0.9_0.9.0-1_all.deb",
        "demo-extra-0.9-0.9.0-1.noarch.rpm",
        "demo-notes.fp",
    ] {
        author.write(name, "old");
    }
    let built = run(&author.request()).unwrap();
    let names = author.names();
    let left: Vec<_> = names.iter().filter(|name| name.starts_with("demo-")).collect();
    assert_eq!(
        left,
        [
            "demo-0.9_0.9.0-1_all.deb",
            "demo-1.0-0.9.0-1.noarch.rpm",
            "demo-1.0-1.0.0-1.noarch.rpm",
            "demo-extra-0.9-0.9.0-1.noarch.rpm",
            "demo-notes.fp",
        ]
    );
    let files = read(&built.packages[0].path).files;
    let packaged = |name: &str| files.keys().any(|path| path.ends_with(name));
    assert!(packaged("/demo-extra-0.9-0.9.0-1.noarch.rpm") && packaged("/demo-notes.fp"));
    assert!(!packaged("/demo-0.9_0.9.0-1_all.deb"));
}

#[test]
fn a_failed_build_changes_nothing() {
    let _alone = PROGRAMS.lock();
    let author = Author::new("demo", Generation::V5);
    run(&author.request()).unwrap();
    author.replace("metadata.yaml", "version: '1.0.0'\n# What", "version: '1.0.1'\n# What");
    let before = author.names();

    author.hook("#!/bin/sh\necho no luck\nexit 3");
    let failed = run(&author.request()).unwrap_err();
    assert_eq!(failed.to_string(), "`pre_build_hook` failed: exit status: 3");
    fs_err::remove_file(author.at("pre_build_hook")).unwrap();

    fs_err::os::unix::fs::symlink("/etc/hostname", author.at("repositories/host")).unwrap();
    let output = Some(author.at("new/dist"));
    let Err(BuildError::Invalid { findings }) = run(&Request { output, ..author.request() }) else {
        panic!("built a package with a link to the author's machine")
    };
    assert_eq!(findings[0].code, Code::AbsoluteLink);
    fs_err::remove_file(author.at("repositories/host")).unwrap();

    author.write("repositories/ubuntu/bad.deb", "no deb");
    assert!(matches!(run(&author.request()), Err(BuildError::Index(_))));
    assert_eq!(author.names(), before);
}

#[test]
fn a_hook_is_announced_and_what_it_makes_is_packaged() {
    let _alone = PROGRAMS.lock();
    let author = Author::new("demo", Generation::V5);
    author.hook("#!/bin/sh\necho made >made.txt\necho done");
    let mut story = Vec::new();
    let built = build(&author.request(), &mut |event| match event {
        Event::HookStarted { path } => {
            story.push(format!("runs {}", path.file_name().unwrap().display()));
        }
        Event::HookLine { line } => story.push(line),
        Event::HookFinished => story.push("over".to_owned()),
        _ => {}
    })
    .unwrap();
    assert_eq!(story, ["runs pre_build_hook", "done", "over"]);
    let files = read(&built.packages[0].path).files;
    assert!(files.keys().any(|path| path.ends_with("/made.txt")));

    fs_err::remove_file(author.at("made.txt")).unwrap();
    run(&Request { hooks: false, ..author.request() }).unwrap();
    assert!(!author.at("made.txt").exists());
}

#[test]
fn install_hooks_are_carried_with_their_interpreter_and_macros_expanded() {
    let author = Author::new("demo", Generation::V5);
    author.write("post_install.sh", "#!/bin/bash\n[[ %{name} = é ]] || date +%%Y %{release}\n");
    author.write("uninstall.sh", "");
    for format in [Format::Rpm, Format::Deb] {
        let release = Some("7".to_owned());
        let request = Request { formats: vec![format], release, ..author.request() };
        let package = read(&run(&request).unwrap().packages[0].path);
        let body = "[[ demo-1.0 = é ]] || date +%Y 7";
        let script = package.scripts.iter().find(|s| s.body.contains(body)).expect("the hook");
        assert_eq!(script.interpreter, ["/bin/bash"]);
        // Every Debian host has this one; an RPM names it all the same.
        let needed = package.relations.iter().any(|(_, name)| name == "/bin/bash");
        assert!(needed || format == Format::Deb, "{:?}", package.relations);
    }
}

#[test]
fn no_package_is_written_in_a_format_that_the_generation_has_not() {
    for (generation, format) in [(Generation::V1, Format::Rpm), (Generation::V2, Format::Fp)] {
        let author = Author::new("demo", generation);
        let refused = run(&Request { formats: vec![format], ..author.request() });
        assert!(matches!(refused, Err(BuildError::Format { .. })), "{refused:?}");
    }
}

#[test]
fn a_repository_outside_the_plugin_is_refused_and_not_touched() {
    let author = Author::new("demo", Generation::V5);
    let outside = tempfile::tempdir().unwrap();
    let path = outside.path().to_str().unwrap();
    author.replace("metadata.yaml", "repositories/ubuntu", path);
    assert!(matches!(run(&author.request()), Err(BuildError::Invalid { .. })));
    assert_eq!(names(outside.path()), [""; 0]);
}

#[test]
fn a_deb_of_another_plugin_with_the_same_name_is_not_replaced() {
    let (dash, underscore) =
        (Author::new("my-p", Generation::V5), Author::new("my_p", Generation::V5));
    let shared = tempfile::tempdir().unwrap();
    let request = |author: &Author| Request {
        formats: vec![Format::Deb],
        output: Some(shared.path().to_owned()),
        ..author.request()
    };
    let built = run(&request(&dash)).unwrap();
    assert_eq!(run(&request(&dash)).unwrap(), built);
    assert!(matches!(run(&request(&underscore)), Err(BuildError::Taken(_))));
    assert_eq!(read(&built.packages[0].path).sha256, built.packages[0].sha256);
}

#[test]
fn builds_at_the_same_time_in_one_folder_all_succeed_and_leave_one_whole_package() {
    let author = Author::new("demo", Generation::V5);
    let request = author.request();
    let built: Vec<_> = thread::scope(|scope| {
        let builds: Vec<_> = (0..4).map(|_| scope.spawn(|| run(&request).unwrap())).collect();
        builds.into_iter().map(|build| build.join().unwrap()).collect()
    });
    assert!(built.iter().all(|one| *one == built[0]));
    assert_eq!(read(&built[0].packages[0].path).sha256, built[0].packages[0].sha256);
    let hidden = author.names().into_iter().filter(|name| name.starts_with('.'));
    assert_eq!(hidden.count(), 0);
}

#[test]
fn the_list_of_checksums_in_a_package_holds() {
    let _alone = PROGRAMS.lock();
    let author = Author::new("demo", Generation::V1);
    author.write("checksums.sha1", "stale");
    author.write("repositories/ubuntu/é.txt", "é");
    fs_err::os::unix::fs::symlink("é.txt", author.at("repositories/ubuntu/link")).unwrap();
    let package = run(&author.request()).unwrap().packages.remove(0).path;
    let unpack =
        "tar -xzf \"$1\" && cd demo-1.0.0 && sha1sum --check --strict --quiet checksums.sha1";
    let place = tempfile::tempdir().unwrap();
    #[expect(clippy::disallowed_methods, reason = "the list is for this program")]
    let status = std::process::Command::new("sh")
        .args(["-c", unpack, "sh"])
        .arg(&package)
        .current_dir(place.path())
        .status()
        .unwrap();
    assert!(status.success());
    let list = fs_err::read_to_string(place.path().join("demo-1.0.0/checksums.sha1")).unwrap();
    let paths: Vec<_> = list.lines().map(|line| line.split_once(' ').unwrap().1).collect();
    assert!(paths.is_sorted() && paths.contains(&"repositories/ubuntu/link"), "{paths:?}");
    assert!(!paths.contains(&"checksums.sha1"));
}
