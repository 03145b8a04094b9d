//! Packages of the fp format before the tools that unpack them, and those that other tools made.

#![expect(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

#[path = "sample/plugin.rs"]
mod sample;
#[path = "sample/tools.rs"]
mod tools;

use std::fs::File;
use std::path::Path;

use packaging::{Compression, Limits, WriteError, inspect};
use plugin::{Format, Generation};
use sample::{blueprint, package, write};
use tools::{command, has, output};

const TOP: &str = "/var/www/nailgun/plugins/demo-1.0.2";

fn read(path: &Path) -> packaging::Package {
    inspect(&mut File::open(path).unwrap(), &Limits::default()).unwrap()
}

#[test]
fn tar_lists_what_was_written_and_it_is_the_same_every_time() {
    let blueprint = blueprint("1.0.2", Generation::V1);
    assert_eq!(packaging::file_name(Format::Fp, &blueprint).unwrap(), "demo-1.0.2.fp");
    let bytes = package(Format::Fp, &blueprint, None);
    assert!(bytes == package(Format::Fp, &blueprint, Some(Compression::Gzip)));
    assert_eq!(bytes[3..8], [0; 5], "the gzip header has a name or a time");
    if !has(&["tar"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.fp");
    fs_err::write(&path, bytes).unwrap();
    let listing = output(command("tar").args(["--utc", "-tzvf", path.to_str().unwrap()]));
    insta::assert_snapshot!(listing, @r"
    drwxr-xr-x root/root         0 2023-11-14 22:13 demo-1.0.2/
    -rw-r--r-- root/root        27 2023-11-14 22:13 demo-1.0.2/LICENSE
    -rw-r--r-- root/root        10 2023-11-14 22:13 demo-1.0.2/README.md
    -rw-r--r-- root/root       430 2023-11-14 22:13 demo-1.0.2/checksums.sha1
    drwxr-xr-x root/root         0 2023-11-14 22:13 demo-1.0.2/deployment_scripts/
    -rwxr-xr-x root/root        34 2023-11-14 22:13 demo-1.0.2/deployment_scripts/deploy.sh
    lrwxrwxrwx root/root         0 2023-11-14 22:13 demo-1.0.2/deployment_scripts/run.sh -> deploy.sh
    -rw-r--r-- root/root        15 2023-11-14 22:13 demo-1.0.2/environment_config.yaml
    -rw-r--r-- root/root        65 2023-11-14 22:13 demo-1.0.2/metadata.yaml
    drwxr-xr-x root/root         0 2023-11-14 22:13 demo-1.0.2/repositories/
    drwxr-xr-x root/root         0 2023-11-14 22:13 demo-1.0.2/repositories/centos/
    drwxr-xr-x root/root         0 2023-11-14 22:13 demo-1.0.2/repositories/ubuntu/
    -rw-r--r-- root/root         0 2023-11-14 22:13 demo-1.0.2/repositories/ubuntu/Packages.gz
    ");
}

#[test]
fn what_was_written_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.fp");
    fs_err::write(&path, package(Format::Fp, &blueprint("1.0.2", Generation::V1), None)).unwrap();
    let package = read(&path);
    assert_eq!((package.name.as_str(), package.version.as_str()), ("demo-1.0.2", "1.0.2"));
    assert_eq!(package.files[&format!("{TOP}/deployment_scripts/deploy.sh")].mode, 0o100_755);
    let link = &package.files[&format!("{TOP}/deployment_scripts/run.sh")];
    assert_eq!(link.target.as_deref(), Some("deploy.sh"));
    assert_eq!(package.integrity.len(), 1);
    assert_eq!(package.integrity[0].holds, Some(true));
    assert_eq!(package.size, fs_err::metadata(&path).unwrap().len());
}

#[test]
fn packages_of_other_tools_are_read_whatever_their_headers() {
    if !has(&["tar", "python3"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.fp");
    fs_err::write(&path, package(Format::Fp, &blueprint("1.0.2", Generation::V1), None)).unwrap();
    let [from, at] = [&path, folder.path()].map(|path| path.to_str().unwrap().to_owned());
    output(command("tar").args(["-xzf", &from, "-C", &at]));
    let long = "ü".repeat(100);
    fs_err::write(folder.path().join("demo-1.0.2").join(&long), "long\n").unwrap();
    let twin = folder.path().join("demo-1.0.2/twin");
    fs_err::hard_link(folder.path().join("demo-1.0.2/README.md"), twin).unwrap();
    let made = format!("{at}/made.fp");
    let python = "import sys, tarfile\nwith tarfile.open(sys.argv[1], 'w:gz', format=int(sys.argv[3])) as t: t.add(sys.argv[2] + '/demo-1.0.2', 'demo-1.0.2')";
    let check = |format: &str| {
        let package = read(Path::new(&made));
        assert_eq!(package.version, "1.0.2", "{format}");
        assert_eq!(package.files[&format!("{TOP}/{long}")].size, 5, "{format}");
        let twins = ["README.md", "twin"].map(|name| &package.files[&format!("{TOP}/{name}")]);
        assert_eq!(twins[0].sha256, twins[1].sha256, "{format}");
        // Two files are not in the list of digests.
        assert_eq!(package.integrity[0].holds, Some(false), "{format}");
    };
    for format in ["gnu", "pax"] {
        let format = format!("--format={format}");
        let top = "./demo-1.0.2";
        output(command("tar").args([
            "-czf",
            &made,
            &format,
            "--owner=builder:1000",
            "-C",
            &at,
            top,
        ]));
        check(&format);
    }
    for (number, format) in [("1", "GNU_FORMAT"), ("2", "PAX_FORMAT")] {
        output(command("python3").args(["-c", python, &made, &at, number]));
        check(format);
    }
}

#[test]
fn only_gzip_is_an_fp() {
    let blueprint = blueprint("1.0.2", Generation::V1);
    for (compression, level) in [(Compression::Xz, None), (Compression::Gzip, Some(10))] {
        let written = write(Format::Fp, &blueprint, Some(compression), level);
        assert!(matches!(written, Err(WriteError::Unrepresentable(_))), "{compression:?}");
    }
}
