//! Hooks as maintainer scripts: dpkg calls them at more moments, and with words instead of counts.

use crate::script::{self, Script};
use crate::{Hook, Hooks, WriteError};

/// `preinst`: before the files are there.
const BEFORE_INSTALL: &str = "\
case \"$1\" in
install) set -- 1 ;;
upgrade) set -- 2 ;;
*) exit 0 ;;
esac";

/// `postinst`: `configure` names the version that was configured last, if there was one.
const AFTER_INSTALL: &str = "\
[ \"$1\" = configure ] || exit 0
if [ -z \"$2\" ]; then set -- 1; else set -- 2; fi";

/// `prerm`: all words but one mean that the package stays in some version.
const BEFORE_REMOVAL: &str = "\
[ \"$1\" = remove ] || exit 0
set -- 0";

/// Programs of the essential packages, which are there before any other.
const ESSENTIAL: [&str; 5] = ["awk", "bash", "dash", "perl", "sh"];

/// Which package brings an interpreter.
const PACKAGES: [(&str, &str); 13] = [
    ("expect", "expect"),
    ("ksh", "ksh"),
    ("lua", "lua5.1 | lua5.3 | lua5.4"),
    ("mksh", "mksh"),
    ("node", "nodejs"),
    ("php", "php-cli"),
    ("puppet", "puppet-agent | puppet"),
    ("python", "python | python-is-python3 | python-is-python2"),
    ("python2", "python2 | python"),
    ("python3", "python3"),
    ("ruby", "ruby"),
    ("tclsh", "tcl"),
    ("zsh", "zsh"),
];

/// Interpreters that come in one package for each version, which bears the program's name.
const VERSIONED: [&str; 3] = ["lua", "python", "ruby"];

/// Folders that packages put interpreters in.
const FOLDERS: [&str; 4] = ["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/"];

/// Returns the scripts by their names; one exists only where its hook does.
pub(super) fn maintainer_scripts(hooks: &Hooks) -> Vec<(&'static str, Script)> {
    let table = [
        ("preinst", &hooks.before_install, BEFORE_INSTALL),
        ("postinst", &hooks.after_install, AFTER_INSTALL),
        ("prerm", &hooks.before_removal, BEFORE_REMOVAL),
    ];
    table
        .into_iter()
        .filter_map(|(name, hook, words)| Some((name, script::guarded(hook.as_ref()?, words))))
        .collect()
}

/// What must be on the host for the hooks to run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Needs<'a> {
    /// Before the package is unpacked: its dependencies need not be there yet.
    pub(super) before_unpacking: Option<&'a str>,
    /// As long as the package is configured.
    pub(super) while_configured: Vec<&'a str>,
}

/// Finds the packages that bring the hooks' interpreters.
pub(super) fn needs(hooks: &Hooks) -> Result<Needs<'_>, WriteError> {
    let before_unpacking = package_of("pre_install.sh", hooks.before_install.as_ref())?;
    let after_install = package_of("post_install.sh", hooks.after_install.as_ref())?;
    let before_removal = package_of("uninstall.sh", hooks.before_removal.as_ref())?;
    let mut while_configured: Vec<_> = after_install.into_iter().chain(before_removal).collect();
    while_configured.sort_unstable();
    while_configured.dedup();
    Ok(Needs { before_unpacking, while_configured })
}

/// Whether a Debian package is known to bring the interpreter of a hook: the words of its first line.
pub fn has_debian_package(interpreter: &[String]) -> bool {
    origin(interpreter).is_some()
}

/// How a Debian host comes by an interpreter.
enum Origin<'a> {
    /// It is always there.
    Essential,
    /// A package, or one of several.
    Package(&'a str),
}

/// Returns the package that brings the interpreter of `hook`, a file of the plugin; `None` where it is
/// always there.
///
/// Debian's packages depend on packages, never on files, so an interpreter that is not known cannot
/// be asked for: that is an error, because the hook would fail on the host.
fn package_of<'a>(file: &str, hook: Option<&'a Hook>) -> Result<Option<&'a str>, WriteError> {
    let Some(hook) = hook else { return Ok(None) };
    match origin(&hook.interpreter) {
        Some(Origin::Essential) => Ok(None),
        Some(Origin::Package(package)) => Ok(Some(package)),
        None => Err(unknown(file, &hook.interpreter)),
    }
}

fn origin(interpreter: &[String]) -> Option<Origin<'_>> {
    let path = script::run_by_env(interpreter).or(interpreter.first().map(String::as_str))?;
    let in_folder = FOLDERS.iter().find_map(|folder| path.strip_prefix(folder));
    let name = in_folder.unwrap_or(path);
    if ESSENTIAL.contains(&name) {
        return Some(Origin::Essential);
    }
    let known = PACKAGES.iter().find(|(program, _)| name == *program).map(|(_, package)| *package);
    known.or(is_versioned(name).then_some(name)).map(Origin::Package)
}

/// Whether `name` is one of [`VERSIONED`] with two numbers, as in `python3.11`.
fn is_versioned(name: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let version = VERSIONED.iter().find_map(|program| name.strip_prefix(program));
    let numbers = version.and_then(|version| version.split_once('.'));
    numbers.is_some_and(|(major, minor)| is_number(major) && is_number(minor))
}

fn unknown(file: &str, interpreter: &[String]) -> WriteError {
    let names: Vec<_> = ESSENTIAL.into_iter().chain(PACKAGES.map(|(program, _)| program)).collect();
    WriteError::Unrepresentable(format!(
        "no Debian package is known to bring the interpreter `{}` of `{file}`: use one of {}",
        interpreter.join(" ").escape_debug(),
        names.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hook(interpreter: &str) -> Option<Hook> {
        let interpreter = interpreter.split(' ').map(str::to_owned).collect();
        Some(Hook { interpreter, body: String::new() })
    }

    #[test]
    fn an_interpreter_is_asked_for_when_its_hook_runs() {
        let hooks = Hooks {
            before_install: hook("/usr/bin/env python3"),
            after_install: hook("/usr/bin/ruby -w"),
            before_removal: hook("/usr/bin/python3.11"),
        };
        let while_configured = vec!["python3.11", "ruby"];
        let expected = Needs { before_unpacking: Some("python3"), while_configured };
        assert_eq!(needs(&hooks).unwrap(), expected);
        let bash = Hooks { after_install: hook("/bin/bash -e"), ..Hooks::default() };
        assert_eq!(needs(&bash).unwrap(), Needs::default());
        assert_eq!(needs(&Hooks::default()).unwrap(), Needs::default());
    }

    #[test]
    fn an_interpreter_that_no_package_brings_is_an_error_that_names_it() {
        for unknown in [
            "/opt/x/python3",
            "/usr/bin/python3.x",
            "/usr/bin/env -i ruby",
            "/usr/bin/unheard-of",
            "/usr/bin/env",
        ] {
            let hooks = Hooks { after_install: hook(unknown), ..Hooks::default() };
            let message = needs(&hooks).unwrap_err().to_string();
            assert!(message.contains(&format!("`{unknown}` of `post_install.sh`")), "{message}");
        }
    }
}
