//! A package that brings `/bin/sh` and a few commands to a scratch host, so that real scriptlets run.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Where the distribution keeps its static busybox.
const BUSYBOX: &str = "/bin/busybox";

/// Names under which busybox is put on a host.
const COMMANDS: [&str; 8] = ["sh", "cat", "echo", "ls", "mkdir", "mktemp", "rm", "true"];

/// Stands in for the real `/bin/bash`, and says so to hooks that ask.
const BASH: &str = "#!/bin/sh\nBASH_VERSION=stand-in exec /bin/sh \"$@\"\n";

/// Writes the package `scratch-shell` into `folder`.
pub(crate) fn package(folder: &Path) -> PathBuf {
    let mut builder = rpm::PackageBuilder::new("scratch-shell", "1", "MIT", "noarch", "A shell");
    builder.using_config(rpm::BuildConfig::default().compression(rpm::CompressionType::None));
    builder
        .with_file(BUSYBOX, rpm::FileOptions::new("/bin/busybox").permissions(0o755))
        .expect("busybox-static is installed");
    for command in COMMANDS {
        builder
            .with_symlink(rpm::FileOptions::symlink(format!("/bin/{command}"), "busybox"))
            .expect("a link needs no file");
    }
    builder
        .with_file_contents(BASH, rpm::FileOptions::new("/bin/bash").permissions(0o755))
        .expect("a script needs no file");
    let path = folder.join("scratch-shell-1-1.noarch.rpm");
    let package = builder.build().expect("the package is well-formed");
    package.write_file(&path).expect("the folder is writable");
    path
}

/// Puts the same files straight into `root`.
pub(crate) fn place(root: &Path) {
    let bin = root.join("bin");
    fs_err::create_dir_all(&bin).expect("the root is writable");
    fs_err::copy(BUSYBOX, bin.join("busybox")).expect("busybox-static is installed");
    fs_err::write(bin.join("bash"), BASH).expect("the root is writable");
    for file in ["busybox", "bash"] {
        fs_err::set_permissions(bin.join(file), std::fs::Permissions::from_mode(0o755))
            .expect("the file is ours");
    }
    for command in COMMANDS {
        fs_err::os::unix::fs::symlink("busybox", bin.join(command)).expect("the name is free");
    }
}
