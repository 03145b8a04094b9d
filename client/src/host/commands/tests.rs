//! Tests: what command line each package manager gets, as text.

use super::*;
use crate::host::run::shown;

fn manager(backend: Backend, root: Option<&str>) -> Manager {
    let program = Path::new("/usr/bin").join(backend.program());
    let (reader, lower) = match backend.family() {
        Family::Rpm => ("/usr/bin/rpm", "/usr/bin/rpm"),
        Family::Dpkg => ("/usr/bin/dpkg-query", "/usr/bin/dpkg"),
    };
    Manager {
        backend,
        program,
        reader: reader.into(),
        lower: lower.into(),
        root: root.map(PathBuf::from),
        release: root.map(|_| "9".to_owned()),
        keys: Vec::new(),
        arguments: Vec::new(),
        patience: Duration::from_secs(60),
        repositories: true,
    }
}

fn item(format: Format) -> Item {
    Item {
        package: "demo-1.0".to_owned(),
        folder: "demo-1.0".to_owned(),
        format,
        sha256: Some("5d21".to_owned()),
        before: Some("1.0.1-1".to_owned()),
        after: Some("1.0.2-1".to_owned()),
        plugin_version: None,
    }
}

fn line(manager: &Manager, verb: Verb, online: bool) -> String {
    let items = vec![item(manager.backend.format())];
    let lines = manager.command_lines(&Transact { verb, items, online }, Path::new("/in"));
    lines.iter().map(|line| shown(line)).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_package_manager_is_told_in_its_own_words() {
    let backends =
        [Backend::Dnf, Backend::Dnf5, Backend::Yum, Backend::Rpm, Backend::Apt, Backend::Dpkg];
    let verbs = [Verb::Upgrade, Verb::Downgrade, Verb::Reinstall, Verb::Remove];
    let lines = backends.iter().flat_map(|backend| {
        let manager = manager(*backend, None);
        let apt = shown(&manager.apt(false));
        verbs.map(|verb| line(&manager, verb, false).replace(&apt, "apt-get [OPTIONS]"))
    });
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r"
    /usr/bin/dnf -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' upgrade -- /in/5d21.rpm
    /usr/bin/dnf -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' downgrade -- /in/5d21.rpm
    /usr/bin/dnf -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' reinstall -- /in/5d21.rpm
    /usr/bin/dnf -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' remove -- demo-1.0-1.0.1-1
    /usr/bin/dnf5 -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' upgrade /in/5d21.rpm
    /usr/bin/dnf5 -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' downgrade /in/5d21.rpm
    /usr/bin/dnf5 -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' reinstall /in/5d21.rpm
    /usr/bin/dnf5 -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' remove demo-1.0-1.0.1-1
    /usr/bin/yum -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' upgrade -- /in/5d21.rpm
    /usr/bin/yum -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' downgrade -- /in/5d21.rpm
    /usr/bin/yum -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' reinstall -- /in/5d21.rpm
    /usr/bin/yum -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' remove -- demo-1.0-1.0.1-1
    /usr/bin/rpm --define '_flush_io 1' -U -- /in/5d21.rpm
    /usr/bin/rpm --define '_flush_io 1' --oldpackage -U -- /in/5d21.rpm
    /usr/bin/rpm --define '_flush_io 1' --oldpackage --replacepkgs -U -- /in/5d21.rpm
    /usr/bin/rpm --define '_flush_io 1' -e -- demo-1.0-1.0.1-1
    apt-get [OPTIONS] --no-remove install -- /in/5d21.deb
    apt-get [OPTIONS] --no-remove --allow-downgrades install -- /in/5d21.deb
    apt-get [OPTIONS] --no-remove --allow-downgrades --reinstall install -- /in/5d21.deb
    apt-get [OPTIONS] remove -- demo-1.0
    /usr/bin/dpkg --force-confold -i -- /in/5d21.deb
    /usr/bin/dpkg --force-confold -i -- /in/5d21.deb
    /usr/bin/dpkg --force-confold -i -- /in/5d21.deb
    /usr/bin/dpkg --force-confold -r -- demo-1.0
    ");
}

#[test]
fn another_root_is_cut_off_from_the_machine() {
    let backends = [Backend::Dnf, Backend::Dnf5, Backend::Rpm, Backend::Apt, Backend::Dpkg];
    let lines =
        backends.map(|backend| line(&manager(backend, Some("/image")), Verb::Upgrade, false));
    insta::assert_snapshot!(lines.join("\n"), @r"
    /usr/bin/dnf -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' --installroot=/image --setopt=plugins=0 --setopt=reposdir=/image/etc/yum.repos.d --releasever=9 upgrade -- /in/5d21.rpm
    /usr/bin/dnf5 -y --setopt=clean_requirements_on_remove=0 '--disablerepo=*' --installroot=/image --setopt=plugins=0 --releasever=9 upgrade /in/5d21.rpm
    /usr/bin/rpm --root /image --define '_flush_io 1' -U -- /in/5d21.rpm
    /usr/bin/apt-get -y -q -o Dpkg::Options::=--force-confold -o APT::Cmd::Pattern-Only=true -o DPkg::Lock::Timeout=60 -o Dir=/image -o Dir::State::status=/image/var/lib/dpkg/status -o Dir::Bin::dpkg=/usr/bin/dpkg -o DPkg::Options::=--root=/image -o APT::Sandbox::User=root -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts=/dev/null -o Dir::Cache::srcpkgcache= -o Dir::Cache::pkgcache= --no-remove install -- /in/5d21.deb
    /usr/bin/dpkg --root=/image --force-confold -i -- /in/5d21.deb
    ");
}

#[test]
fn what_a_tool_would_not_ask_itself_is_asked_before() {
    let rehearsed = |backend, verb| {
        let items = vec![item(Backend::format(backend))];
        let transact = Transact { verb, items, online: false };
        let command = manager(backend, None).rehearsal(&transact, Path::new("/in"));
        command.map(|command| shown(&command))
    };
    let flush = "/usr/bin/rpm --define '_flush_io 1'";
    let erase = Some(format!("{flush} --test -e -- demo-1.0-1.0.1-1"));
    assert_eq!(rehearsed(Backend::Dnf, Verb::Remove), erase);
    assert_eq!(rehearsed(Backend::Dnf, Verb::Upgrade), None);
    let dpkg = "/usr/bin/dpkg --force-confold --no-act";
    assert_eq!(rehearsed(Backend::Apt, Verb::Remove), Some(format!("{dpkg} -r -- demo-1.0")));
    assert_eq!(rehearsed(Backend::Dpkg, Verb::Install), Some(format!("{dpkg} -i -- /in/5d21.deb")));
}

#[test]
fn repositories_are_disabled_where_there_are_any() {
    let root = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = root.path().join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    };
    assert!(!has_repositories(root.path()));
    write("etc/dnf/dnf.conf", "[main]\ngpgcheck=1\n");
    write("etc/yum.repos.d/README", "");
    assert!(!has_repositories(root.path()));
    write("usr/share/dnf5/repos.d/main.repo", "");
    assert!(has_repositories(root.path()));
    let mut alone = manager(Backend::Dnf5, None);
    alone.repositories = false;
    assert!(!line(&alone, Verb::Upgrade, false).contains("disablerepo"));
}

#[test]
fn apt_looks_into_the_database_and_not_at_what_it_remembers_of_it() {
    for online in [false, true] {
        let line = line(&manager(Backend::Apt, None), Verb::Upgrade, online);
        assert!(line.contains(" -o Dir::Cache::pkgcache= "), "{line}");
    }
}
