//! Debian packages before the tools that they are for: dpkg, apt and lintian.

#![expect(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

#[path = "sample/plugin.rs"]
mod sample;
#[path = "sample/tools.rs"]
mod tools;

use std::fs::File;
use std::io::Write;
use std::path::Path;

use packaging::{Blueprint, Compression, Hook, Limits, WriteError, inspect};
use plugin::{Format, Generation};
use sample::{blueprint, package, write};
use tools::{command, has, output};

/// Returns a hook that writes its name and first argument to `/log`.
fn recording(name: &str) -> Option<Hook> {
    let body = format!("#!/bin/sh\necho {name} $1 >>/log\n");
    Some(Hook { interpreter: vec!["/bin/sh".to_owned()], body })
}

/// Writes the package into `folder` under its own name, which is returned with it.
fn package_file(blueprint: &Blueprint, folder: &Path) -> String {
    let name = packaging::file_name(Format::Deb, blueprint).unwrap();
    let path = folder.join(name);
    fs_err::write(&path, package(Format::Deb, blueprint, None)).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn lintian_finds_no_error_in_a_typical_plugin() {
    if !has(&["lintian"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut blueprint = blueprint("1.0.2", Generation::V5);
    blueprint.hooks.before_install = recording("before");
    blueprint.hooks.after_install = recording("after");
    blueprint.hooks.before_removal = recording("removal");
    let deb = package_file(&blueprint, folder.path());
    let arguments = ["--allow-root", "--fail-on", "error", &deb];
    println!("{}", output(command("lintian").args(arguments)));
}

/// A root folder with an empty package database and busybox as its shell.
fn host() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for folder in ["var/lib/dpkg/info", "var/lib/dpkg/updates", "bin"] {
        fs_err::create_dir_all(root.path().join(folder)).unwrap();
    }
    fs_err::write(root.path().join("var/lib/dpkg/status"), "").unwrap();
    fs_err::copy("/bin/busybox", root.path().join("bin/sh")).unwrap();
    root
}

/// Whether hooks can run in a root of their own here.
fn has_host() -> bool {
    has(&["dpkg", "busybox"]) && output(command("id").args(["-u"])).trim() == "0"
}

/// Runs dpkg on the host; returns what the hooks recorded meanwhile.
fn dpkg(root: &Path, arguments: &[&str]) -> Vec<String> {
    let log = root.join("log");
    fs_err::write(&log, "").unwrap();
    let root = format!("--root={}", root.to_str().unwrap());
    output(command("dpkg").args([&[root.as_str()], arguments].concat()));
    fs_err::read_to_string(log).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn hooks_get_the_words_of_rpm_at_each_step_of_dpkg() {
    if !has_host() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let [old, new] = ["1.0.2b1", "1.0.2"].map(|version| {
        let mut blueprint = blueprint(version, Generation::V4);
        blueprint.hooks.before_install = recording("before");
        blueprint.hooks.after_install = recording("after");
        blueprint.hooks.before_removal = recording("removal");
        package_file(&blueprint, folder.path())
    });
    let host = host();
    let root = host.path();
    assert_eq!(dpkg(root, &["--install", &old]), ["before 1", "after 1"]);
    assert_eq!(dpkg(root, &["--refuse-downgrade", "--install", &new]), ["before 2", "after 2"]);
    assert_eq!(dpkg(root, &["--install", &old]), ["before 2", "after 2"]);
    let verify = format!("--root={}", root.to_str().unwrap());
    assert_eq!(output(command("dpkg").args([&verify, "--verify", "demo-1.0"])), "");
    let installed = root.join("var/www/nailgun/plugins/demo-1.0");
    let metadata = fs_err::read_to_string(installed.join("metadata.yaml")).unwrap();
    assert!(metadata.contains("1.0.2b1"), "{metadata}");
    assert_eq!(dpkg(root, &["--remove", "demo-1.0"]), ["removal 0"]);
    assert!(!installed.exists());
}

#[test]
fn a_hook_in_python_runs_with_its_argument() {
    if !has(&["dpkg-deb", "python3"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let body = format!(
        "#!/usr/bin/python3\nimport sys\nopen('{}', 'w').write(sys.argv[1])\n",
        log.display()
    );
    let mut blueprint = blueprint("1.0.2", Generation::V3);
    blueprint.hooks.after_install =
        Some(Hook { interpreter: vec!["/usr/bin/python3".to_owned()], body });
    let deb = package_file(&blueprint, folder.path());
    let control = folder.path().join("control");
    output(command("dpkg-deb").args(["--control", &deb, control.to_str().unwrap()]));
    let postinst = control.join("postinst");
    output(command(postinst.to_str().unwrap()).args(["configure", "1.0.1-1"]));
    assert_eq!(fs_err::read_to_string(&log).unwrap(), "2");
    assert!(!control.join("preinst").exists() && !control.join("prerm").exists());
    assert_eq!(output(command("dpkg-deb").args(["--field", &deb, "Depends"])), "python3\n");
}

#[test]
fn apt_installs_the_file() {
    if !has_host() || !has(&["apt-get"]) {
        return;
    }
    let host = host();
    let root = host.path().to_str().unwrap();
    for folder in [
        "var/lib/apt/lists/partial",
        "var/cache/apt/archives/partial",
        "etc/apt/apt.conf.d",
        "etc/apt/preferences.d",
        "var/log/apt",
        "tmp",
    ] {
        fs_err::create_dir_all(host.path().join(folder)).unwrap();
    }
    let deb = package_file(&blueprint("1.0.2", Generation::V5), host.path());
    let options = [
        format!("Dir={root}"),
        format!("Dir::State::status={root}/var/lib/dpkg/status"),
        "Dir::Bin::dpkg=/usr/bin/dpkg".to_owned(),
        "Dir::Bin::methods=/usr/lib/apt/methods".to_owned(),
        format!("DPkg::Options::=--root={root}"),
        "APT::Sandbox::User=root".to_owned(),
    ];
    let mut arguments: Vec<_> = options.iter().flat_map(|option| ["-o", option]).collect();
    arguments.extend(["--yes", "install", &deb]);
    output(command("apt-get").args(&arguments));
    let state = output(command("dpkg-query").args([
        &format!("--root={root}"),
        "-W",
        "-f",
        "${Status} ${Version}",
        "demo-1.0",
    ]));
    assert_eq!(state, "install ok installed 1.0.2-1");
}

#[test]
fn every_compression_holds_the_same_files_and_is_the_same_every_time() {
    let blueprint = blueprint("1.0.2", Generation::V5);
    let all = [Compression::Gzip, Compression::Xz, Compression::Zstd, Compression::Uncompressed];
    let folder = tempfile::tempdir().unwrap();
    let mut listings = Vec::new();
    for compression in all {
        let bytes = package(Format::Deb, &blueprint, Some(compression));
        assert!(bytes == package(Format::Deb, &blueprint, Some(compression)), "{compression:?}");
        let path = folder.path().join("demo.deb");
        fs_err::write(&path, bytes).unwrap();
        if has(&["dpkg-deb"]) {
            listings.push(output(command("dpkg-deb").args(["--contents", path.to_str().unwrap()])));
        }
        let read = inspect(&mut File::open(&path).unwrap(), &Limits::default()).unwrap();
        assert_eq!(read.files["/var/www/nailgun/plugins/demo-1.0/README.md"].size, 10);
        let holds: Vec<_> =
            read.integrity.iter().map(|sum| (sum.name.as_str(), sum.holds)).collect();
        assert_eq!(holds, [("md5sums", Some(true)), ("checksums.sha1", Some(true))]);
    }
    assert!(listings.windows(2).all(|pair| pair[0] == pair[1]), "{listings:#?}");
}

#[test]
fn what_was_written_is_read() {
    let mut blueprint = blueprint("1.0.0b2", Generation::V3);
    blueprint.release = "2".to_owned();
    blueprint.hooks.before_removal = recording("removal");
    let folder = tempfile::tempdir().unwrap();
    let path = package_file(&blueprint, folder.path());
    assert!(path.ends_with("/demo-1.0_1.0.0~b2-2_all.deb"), "{path}");
    let read = inspect(&mut File::open(&path).unwrap(), &Limits::default()).unwrap();
    assert_eq!((read.name.as_str(), read.version.as_str()), ("demo-1.0", "1.0.0~b2"));
    assert_eq!(read.release.as_deref(), Some("2"));
    assert_eq!(read.sha256, output(command("sha256sum").args([&path])).split(' ').next().unwrap());
    assert_eq!(read.scripts.len(), 1);
    assert_eq!(
        (read.scripts[0].name.as_str(), &read.scripts[0].interpreter[..]),
        ("prerm", &["/bin/sh".to_owned()][..])
    );
    assert!(read.metadata.unwrap().contains("1.0.0b2"));
    let fields: Vec<_> =
        read.fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    insta::assert_snapshot!(fields.join("\n"), @r"
    Package: demo-1.0
    Version: 1.0.0~b2-2
    Architecture: all
    Maintainer: Specify author or company name <unspecified@packages.invalid>
    Installed-Size: 26
    Section: admin
    Priority: optional
    Homepage: https://example.org/demo
    Plugin-Name: demo
    Plugin-Version: 1.0.0b2
    Plugin-Package-Version: 3.0.0
    Description: Title for demo plugin
    Please describe your plugin here
    ");
}

#[test]
fn everything_belongs_to_root_and_parents_are_there() {
    let bytes = package(Format::Deb, &blueprint("1.0.2", Generation::V5), None);
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&bytes).unwrap();
    let read = inspect(&mut file, &Limits::default()).unwrap();
    let listing: Vec<_> = read
        .files
        .iter()
        .map(|(path, file)| {
            let target = file.target.as_ref().map(|target| format!(" -> {target}"));
            format!("{:o} {} {path}{}", file.mode, file.owner, target.unwrap_or_default())
        })
        .collect();
    insta::assert_snapshot!(listing.join("\n"), @r"
    40755 root:root /usr
    40755 root:root /usr/share
    40755 root:root /usr/share/doc
    40755 root:root /usr/share/doc/demo-1.0
    100644 root:root /usr/share/doc/demo-1.0/changelog.Debian.gz
    100644 root:root /usr/share/doc/demo-1.0/copyright
    40755 root:root /usr/share/lintian
    40755 root:root /usr/share/lintian/overrides
    100644 root:root /usr/share/lintian/overrides/demo-1.0
    40755 root:root /var
    40755 root:root /var/www
    40755 root:root /var/www/nailgun
    40755 root:root /var/www/nailgun/plugins
    40755 root:root /var/www/nailgun/plugins/demo-1.0
    100644 root:root /var/www/nailgun/plugins/demo-1.0/LICENSE
    100644 root:root /var/www/nailgun/plugins/demo-1.0/README.md
    100644 root:root /var/www/nailgun/plugins/demo-1.0/checksums.sha1
    40755 root:root /var/www/nailgun/plugins/demo-1.0/deployment_scripts
    100755 root:root /var/www/nailgun/plugins/demo-1.0/deployment_scripts/deploy.sh
    120777 root:root /var/www/nailgun/plugins/demo-1.0/deployment_scripts/run.sh -> deploy.sh
    100644 root:root /var/www/nailgun/plugins/demo-1.0/environment_config.yaml
    100644 root:root /var/www/nailgun/plugins/demo-1.0/metadata.yaml
    40755 root:root /var/www/nailgun/plugins/demo-1.0/repositories
    40755 root:root /var/www/nailgun/plugins/demo-1.0/repositories/centos
    40755 root:root /var/www/nailgun/plugins/demo-1.0/repositories/ubuntu
    100644 root:root /var/www/nailgun/plugins/demo-1.0/repositories/ubuntu/Packages.gz
    ");
}

#[test]
fn the_installed_size_is_what_dpkg_would_say() {
    if !has(&["dpkg-gencontrol"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let deb = package_file(&blueprint("1.0.2", Generation::V5), folder.path());
    let [debian, out] = ["debian", "out"].map(|name| folder.path().join(name));
    fs_err::create_dir_all(&debian).unwrap();
    let changelog = "demo (1) unstable; urgency=low\n\n  * x\n\n -- A <a@example.org>  Thu, 01 Jan 1970 00:00:00 +0000\n";
    let control = "Source: demo\nMaintainer: A <a@example.org>\n\nPackage: demo\nArchitecture: all\nDescription: x\n";
    fs_err::write(debian.join("changelog"), changelog).unwrap();
    fs_err::write(debian.join("control"), control).unwrap();
    output(command("dpkg-deb").args(["--extract", &deb, out.to_str().unwrap()]));
    let script = "cd \"$1\" && dpkg-gencontrol -Pout -Odpkg.control && sed -n 's/^Installed-Size: //p' dpkg.control";
    let expected =
        output(command("sh").args(["-c", script, "sh", folder.path().to_str().unwrap()]));
    assert_eq!(output(command("dpkg-deb").args(["--field", &deb, "Installed-Size"])), expected);
}

#[test]
fn odd_names_come_out_of_dpkg_as_they_went_in() {
    if !has(&["dpkg-deb"]) {
        return;
    }
    let long = "l".repeat(90);
    let names = [
        "-leading dash".to_owned(),
        "it's \"quoted\" \\ $(id)".to_owned(),
        "größe-文件".to_owned(),
        format!("{long}/{long}/{long}/{long}/ü"),
        "x".repeat(255),
        "exactly/".to_owned() + &"y".repeat(54),
        "exactly/".to_owned() + &"z".repeat(55),
    ];
    let mut blueprint = blueprint("1.0.2", Generation::V5);
    for name in &names {
        blueprint.contents.insert_text(name, name.clone().into_bytes());
    }
    let kind = packaging::Kind::Link { target: names[3].clone() };
    blueprint.contents.insert("link", packaging::contents::Entry { mode: 0o777, kind });
    let folder = tempfile::tempdir().unwrap();
    let deb = package_file(&blueprint, folder.path());
    let out = folder.path().join("out");
    output(command("dpkg-deb").args(["--extract", &deb, out.to_str().unwrap()]));
    let read = inspect(&mut File::open(&deb).unwrap(), &Limits::default()).unwrap();
    for name in &names {
        let path = format!("/var/www/nailgun/plugins/demo-1.0/{name}");
        assert_eq!(&fs_err::read_to_string(out.join(&path[1..])).unwrap(), name);
        assert!(read.files.contains_key(&path), "{path}");
    }
    let link = "/var/www/nailgun/plugins/demo-1.0/link";
    assert_eq!(read.files[link].target.as_ref(), Some(&names[3]));
    assert_eq!(fs_err::read_to_string(out.join(&link[1..])).unwrap(), names[3]);
    let md5sums = read.integrity.iter().find(|sum| sum.name == "md5sums").unwrap();
    assert_eq!(md5sums.holds, Some(true));
}

#[test]
fn a_package_made_by_dpkg_itself_is_read() {
    if !has(&["dpkg-deb"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source");
    for path in ["DEBIAN", "etc", "usr/share/other"] {
        fs_err::create_dir_all(source.join(path)).unwrap();
    }
    let control = "Package: other\nVersion: 1:2.0\nArchitecture: all\nMaintainer: A <a@example.org>\nDepends: b (>= 1),\n c | d\nDescription: other\n more\n";
    fs_err::write(source.join("DEBIAN/control"), control).unwrap();
    fs_err::write(source.join("usr/share/other/file"), "content\n").unwrap();
    std::os::unix::fs::symlink("/usr/share/other", source.join("etc/link")).unwrap();
    std::fs::hard_link(source.join("usr/share/other/file"), source.join("usr/share/other/twin"))
        .unwrap();
    for compression in ["-Zgzip", "-Zxz", "-Zzstd", "-Znone"] {
        let deb = folder.path().join("other.deb");
        let [from, to] = [&source, &deb].map(|path| path.to_str().unwrap());
        output(command("dpkg-deb").args(["--build", compression, from, to]));
        let read = inspect(&mut File::open(&deb).unwrap(), &Limits::default()).unwrap();
        assert_eq!((read.version.as_str(), read.release), ("1:2.0", None));
        let relations: Vec<_> = read.relations.iter().map(|(_, item)| item.as_str()).collect();
        assert_eq!(relations, ["b (>= 1)", "c | d"]);
        let [file, twin] =
            ["file", "twin"].map(|name| &read.files[&format!("/usr/share/other/{name}")]);
        assert_eq!((file.size, &file.sha256), (twin.size, &twin.sha256));
        assert_eq!(read.files["/etc/link"].target.as_deref(), Some("/usr/share/other"));
    }
}

#[test]
fn what_debian_cannot_express_is_refused_with_its_reason() {
    let refused = |change: fn(&mut Blueprint)| {
        let mut blueprint = blueprint("1.0.2", Generation::V5);
        change(&mut blueprint);
        let level = (blueprint.time == 0).then_some(23);
        match write(Format::Deb, &blueprint, Some(Compression::Zstd), level) {
            Err(WriteError::Unrepresentable(reason)) => reason,
            other => panic!("{other:?}"),
        }
    };
    let reasons = [
        refused(|blueprint| blueprint.id.name = "_x".parse().unwrap()),
        refused(|blueprint| blueprint.release = "1-2".to_owned()),
        refused(|blueprint| blueprint.contents.insert_text("a\nb", *b"")),
        refused(|blueprint| blueprint.time = 0),
        refused(|blueprint| {
            let kind = packaging::Kind::Link { target: "../other".to_owned() };
            blueprint.contents.insert("link", packaging::contents::Entry { mode: 0o777, kind });
        }),
    ];
    insta::assert_snapshot!(reasons.join("\n"), @r"
    `_x-1.0` cannot be the name of a Debian package, which begins with a letter or digit: rename the plugin or build another format
    `build_version` `1-2` cannot be the revision of a Debian package, which has letters, digits, `+`, `.` and `~` only
    the file name `a\nb` has a line break
    zstd has no level 23: 1 to 19 can be used
    package holds something unsafe: the link `var/www/nailgun/plugins/demo-1.0/link` to `../other` leaves its folder
    ");
}

#[test]
fn a_file_that_changes_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs_err::write(&path, "12345").unwrap();
    for size in [4, 6] {
        let mut blueprint = blueprint("1.0.2", Generation::V5);
        let content = packaging::Content::OnDisk(path.clone());
        let kind = packaging::Kind::File { size, content };
        blueprint.contents.insert("file", packaging::contents::Entry { mode: 0o644, kind });
        let written = write(Format::Deb, &blueprint, None, None);
        assert!(matches!(written, Err(WriteError::Changed(changed)) if changed == path));
    }
}
