//! The power goes the moment after a command has said that it is done: on the disk that comes back all
//! of it is there (`threats-and-faults` F2, I5).
//!
//! The host lies on a disk image with ext4, which is told to stop without writing its log. Whatever was
//! not flushed is gone then, as a file shows that nobody flushed.

#![expect(clippy::print_stderr, reason = "what cannot be done here is said")]
#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use tests::{Host, Manager, Outcome, Plugin, have, run, see, torture};

/// Runs the client on a copy of the host that is on a disk of its own, cuts the power and puts what came
/// back into `after`.
fn cut(host: &Host, words: &[String]) -> Outcome {
    let script = r#"
        set -e
        root=$1 place=$2 client=$3
        shift 3
        mkdir -p "$place/mounted" "$place/after"
        truncate -s 96M "$place/disk"
        mkfs.ext4 -q "$place/disk"
        mount -o loop "$place/disk" "$place/mounted" || { echo "no loop device" >&2; exit 97; }
        cp -a "$root/." "$place/mounted/"
        umount "$place/mounted"
        mount -o loop "$place/disk" "$root"
        "$client" --root "$root" "$@" || exit $?
        echo lost >"$root/unflushed"
        python3 -c 'import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack("I", 2))' "$root"
        umount "$root"
        mount -o loop "$place/disk" "$root"
        if grep -q lost "$root/unflushed"; then echo "the power was not cut" >&2; exit 98; fi
        rm -rf "$root/unflushed" "$root/lost+found"
        cp -a "$root/." "$place/after/"
        umount "$root"
    "#;
    let root = host.root();
    let place = root.with_file_name("power");
    let client = tests::built("plugins");
    let fixed =
        ["--mount", "--propagation", "private", "sh", "-c", script, "sh"].map(str::to_owned);
    let places = [&root, &place, &client].map(|path| path.to_str().unwrap().to_owned());
    let outcome = run("unshare", fixed.iter().chain(&places).chain(words));
    let _ = fs_err::remove_file(place.join("disk"));
    outcome
}

/// Whether `command`, given after those in `before`, is whole after a power cut; `1` and `2` stand for
/// packages.
#[track_caller]
fn survives(
    manager: Manager,
    generation: &str,
    format: &str,
    before: &[&str],
    command: &str,
) -> bool {
    let host = Host::new(manager);
    let plugin = Plugin::create("demo", generation);
    let packages = ["1.0.1", "1.0.2"].map(|version| plugin.release(version, format));
    let words = |command: &str| -> Vec<String> {
        let word = |word: &str| match word {
            "1" | "2" => packages[usize::from(word.as_bytes()[0] - b'1')].clone(),
            word => word.to_owned(),
        };
        command.split(' ').map(word).chain(["--yes".to_owned()]).collect()
    };
    for command in before {
        host.plugins(words(command)).success();
    }
    let outcome = cut(&host, &words(command));
    if outcome.status == Some(97) || outcome.stderr.contains("unshare failed") {
        eprintln!("SKIPPED: no disk image can be mounted here");
        return false;
    }
    outcome.status(0);
    host.plugins(words(command)).success();
    let goal = (see(&host, &["demo-1.0"]), host.plugins(["doctor"]).status);
    fs_err::remove_dir_all(host.root()).unwrap();
    run(
        "cp",
        [
            "-a",
            host.root().with_file_name("power/after").to_str().unwrap(),
            host.root().to_str().unwrap(),
        ],
    )
    .success();
    assert!(!host.root().join("var/lib/plugins/journal").exists(), "{manager:?} {command}");
    let came_back = (see(&host, &["demo-1.0"]), host.plugins(["doctor"]).status);
    assert_eq!(came_back, goal, "{manager:?} {command}");
    true
}

#[test]
fn torture_what_was_said_to_be_done_survives_a_power_cut() {
    if !have(&["rpm", "dpkg", "unshare", "mkfs.ext4", "python3"]) {
        return;
    }
    let hosts = [
        (Manager::Rpm, "5.0.0", "rpm"),
        (Manager::Dpkg, "5.0.0", "deb"),
        (Manager::Rpm, "1.0.0", "fp"),
    ];
    let mut cuts = 0;
    for (manager, generation, format) in hosts {
        let update = if format == "fp" { "install 2" } else { "update 2" };
        let table: [(&[&str], &str); 4] = [
            (&[], "install 1"),
            (&["install 1"], update),
            (&["install 1"], "remove demo"),
            (&["install 1"], "unregister demo"),
        ];
        let few = if torture() { table.len() } else { 2 };
        for (before, command) in &table[..few] {
            if !survives(manager, generation, format, before, command) {
                return;
            }
            cuts += 1;
        }
    }
    eprintln!("the power was cut after {cuts} commands");
}
