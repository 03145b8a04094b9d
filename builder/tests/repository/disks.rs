//! Disks that know neither links nor modes nor exchanges, layers, and folders of other users.

use std::os::unix::fs::{PermissionsExt, chown};

use plugin::Format;
use tests::{Outcome, command, finish, have};

use super::Stage;

/// Runs a script of the shell as root, with mounts that end with it; `None` where that cannot be.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn mounting(stage: &Stage, script: &str) -> Option<Outcome> {
    const UNFIT: i32 = 97;
    if !have(&["unshare", "losetup", "mkfs.exfat", "mount.exfat-fuse"]) {
        return None;
    }
    let words = ["--mount", "--propagation", "private", "sh", "-euc"];
    let mut unshare = command("unshare", words);
    unshare.arg(script).env("FPB", env!("CARGO_BIN_EXE_fpb"));
    let outcome = finish(unshare.current_dir(stage.folder.path()));
    // `unshare` itself ends with 1 where it may not.
    if outcome.status == Some(UNFIT) || outcome.stderr.contains("unshare: ") {
        eprintln!("SKIPPED: no disk can be mounted here: {}", outcome.stderr);
        return None;
    }
    Some(outcome)
}

/// Publishes twice on a disk of its own, and makes a key there.
const EXFAT: &str = r#"
truncate -s 64M disk && mkfs.exfat disk >/dev/null
mkdir mounted
loop=$(losetup --find --show disk) || exit 97
mount.exfat-fuse "$loop" mounted >&2 || { losetup -d "$loop"; exit 97; }
losetup -d "$loop"
trap 'umount mounted' EXIT
"$FPB" key create --name Release --no-passphrase
"$FPB" repo init --name example mounted/repo
"$FPB" repo add --repo mounted/repo *.rpm *.deb *.fp
for refresh in '' --refresh; do
    "$FPB" repo publish --repo mounted/repo --key release.key $refresh
    "$FPB" repo verify --trust release.asc mounted/repo
    "$FPB" repo verify --trust release.asc mounted/repo/public
done
"$FPB" repo export --trust release.asc --repo mounted/repo mounted/copy
"$FPB" repo verify --trust release.asc mounted/copy
"$FPB" key create --name Release --no-passphrase -o mounted/release.key
"#;

#[test]
fn where_the_disk_has_no_links_no_exchange_and_no_modes_it_works_too() {
    let stage = Stage::new();
    for format in [Format::Rpm, Format::Deb, Format::Fp] {
        stage.package(format, ("demo", "1.0.0"), "content");
    }
    let Some(outcome) = mounting(&stage, EXFAT) else { return };
    let said = outcome.stderr.clone();
    assert_eq!(outcome.success().matches(" sound ").count(), 5);
    assert!(said.contains("others can read `mounted/release.key`"), "{said}");
}

/// Publishes where the tree of before lies in another layer, as it does in a container that was made
/// from an image with a repository.
const OVERLAY: &str = r#"
mkdir upper work merged
mount -t tmpfs tmpfs work || exit 97
mkdir work/upper work/work
mount -t overlay overlay -o lowerdir=repo,upperdir=work/upper,workdir=work/work merged || exit 97
status=0
"$FPB" repo publish --repo merged --unsigned --refresh || status=$?
"$FPB" repo verify --unsigned merged
cp -a merged/public merged/copy && rm -r merged/public && mv merged/copy merged/public
"$FPB" repo publish --repo merged --unsigned --refresh
"$FPB" repo verify --unsigned merged
exit "$status"
"#;

#[test]
fn a_tree_in_a_lower_layer_is_left_as_it_is_and_the_way_out_is_told() {
    let stage = Stage::new();
    stage.add("demo", "1.0.0");
    stage.publish();
    let Some(outcome) = mounting(&stage, OVERLAY) else { return };
    let told = outcome.refusal(1, "`merged/public` is in a lower layer of an overlay");
    assert_eq!(told.stdout.matches(" sound ").count(), 2, "{told:?}");
}

#[test]
fn a_tree_that_another_user_published_is_refused_before_anything_is_built() {
    let stage = Stage::new();
    stage.add("demo", "1.0.0");
    stage.publish();
    let everybody = PermissionsExt::from_mode(0o777);
    if chown(stage.path("repo"), Some(4321), Some(4321)).is_err() || !have(&["setpriv"]) {
        eprintln!("SKIPPED: only root can be two users");
        return;
    }
    for path in ["repo", "repo/pool", "repo/advisories"] {
        fs_err::set_permissions(stage.path(path), PermissionsExt::from_mode(0o777)).unwrap();
    }
    for path in [".lock", ".cache.json"] {
        fs_err::set_permissions(stage.path("repo").join(path), PermissionsExt::from_mode(0o666))
            .unwrap();
    }
    fs_err::set_permissions(stage.folder.path(), everybody).unwrap();
    let program = stage.path("fpb");
    fs_err::copy(env!("CARGO_BIN_EXE_fpb"), &program).unwrap();
    let user = ["--reuid", "4321", "--regid", "4321", "--clear-groups"];
    let mut publish = command("setpriv", user);
    publish.arg(&program).args(["repo", "publish", "--repo", "repo", "--unsigned", "--refresh"]);
    let before = stage.tree("repo/public");
    finish(publish.current_dir(stage.folder.path()))
        .refusal(1, "`repo/public` belongs to another user");
    assert_eq!(stage.tree("repo/public"), before);
    assert!(!stage.path("repo/.next").exists());
    stage.fpb("repo publish --repo repo --unsigned --refresh").success();
}
