//! Packages that other tools than ours made, valid but for what a test puts into them.

use std::path::{Path, PathBuf};

use crate::run::{command, finish, fpb, run};
use crate::{Key, have};

/// What a plugin's metadata says at least.
const METADATA: &str = "name: t\ntitle: t\nversion: '1.0.0'\npackage_version: '4.0.0'\n\
    fuel_version: ['9.0']\nreleases: []\ndescription: t\nauthors: [t]\nlicenses: [MIT]\n\
    homepage: 'http://t'\ngroups: []\n";

/// Makes an RPM of the plugin `t` in the folder `work` that also has an empty file at each of `paths`
/// and `sections` of its own; `None` where rpmbuild is missing.
pub fn rpm(work: &Path, paths: &[&str], sections: &str) -> Option<PathBuf> {
    if !have(&["rpmbuild"]) {
        return None;
    }
    let folder = "/var/www/nailgun/plugins/t-1.0";
    let own = format!("{folder}/metadata.yaml");
    let mut install =
        format!("mkdir -p %{{buildroot}}{folder}\ncat >%{{buildroot}}{own} <<'END'\n");
    install += &format!("{METADATA}END\n");
    for path in paths {
        install += &format!("install -D /dev/null %{{buildroot}}{path}\n");
    }
    let spec = format!(
        "Name: t-1.0\nVersion: 1.0.0\nRelease: 1\nSummary: t\nLicense: MIT\nBuildArch: noarch\n\
         AutoReqProv: no\n%description\nt\n{sections}%install\n{install}%files\n{folder}\n{}\n",
        paths.join("\n")
    );
    fs_err::create_dir_all(work).expect("the folder is ours");
    let path = work.join("t.spec");
    fs_err::write(&path, spec).expect("the folder is ours");
    let top = format!("_topdir {}", work.join("rpmbuild").display());
    let path = path.to_str().expect("a UTF-8 path");
    run("rpmbuild", ["-bb", "--quiet", "--define", &top, path]).success();
    Some(work.join("rpmbuild/RPMS/noarch/t-1.0-1.0.0-1.noarch.rpm"))
}

/// Makes a deb of the plugin `t` in the folder `work` that also has an empty file at each of `paths`.
pub fn deb(work: &Path, paths: &[&str]) -> PathBuf {
    let tree = work.join("tree");
    // Of an earlier package, if there was one.
    let _ = fs_err::remove_dir_all(&tree);
    let put = |path: &str, text: &str| {
        let path = tree.join(path.trim_start_matches('/'));
        fs_err::create_dir_all(path.parent().expect("below the tree")).expect("ours");
        fs_err::write(path, text).expect("the folder is ours");
    };
    put("var/www/nailgun/plugins/t-1.0/metadata.yaml", METADATA);
    paths.iter().for_each(|path| put(path, ""));
    let control = "Package: t-1.0\nVersion: 1.0.0-1\nArchitecture: all\nMaintainer: t <t@t>\n\
                   Description: t\n";
    put("DEBIAN/control", control);
    let package = work.join("t.deb");
    let mut build = command("dpkg-deb", ["--root-owner-group", "-b"]);
    finish(build.arg(&tree).arg(&package)).success();
    package
}

/// Signs a package with the key that hosts trust, an RPM within and anything else beside it.
pub fn sign(package: &Path) -> String {
    let folder = package.parent().expect("it lies in a folder");
    if package.extension().is_some_and(|ending| ending == "rpm") {
        let secret = Key::release().write_secret(folder);
        let secret = secret.to_str().expect("a UTF-8 path");
        fpb(folder, ["sign", package.to_str().expect("a UTF-8 path"), "--key", secret]).success();
    } else {
        let content = fs_err::read(package).expect("it is there");
        let signature = Key::release().sign_beside(&content);
        fs_err::write(format!("{}.asc", package.display()), signature).expect("ours");
    }
    package.to_str().expect("a UTF-8 path").to_owned()
}
