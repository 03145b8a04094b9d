//! Install hooks as packages carry them: with their macros replaced (`fuel-formats 6.1`).

use std::io;

use packaging::{Contents, Hook, Hooks};
use plugin::PluginId;

use crate::tree::scripts::{self, BadScript};

/// What runs a hook that does not say what does.
const SHELL: &str = "/bin/sh";

/// What a hook's macros stand for.
struct Macros<'a> {
    name: &'a str,
    version: &'a str,
    release: &'a str,
}

/// Returns the install hooks of a plugin that has been checked.
pub(super) fn hooks(contents: &Contents, id: &PluginId, release: &str) -> io::Result<Hooks> {
    if !id.generation.has_hooks() {
        return Ok(Hooks::default());
    }
    let name = id.package_name();
    let macros = Macros { name: name.as_str(), version: id.version.as_str(), release };
    let hook = |path| hook(contents, path, &macros);
    Ok(Hooks {
        before_install: hook(scripts::BEFORE_INSTALL)?,
        after_install: hook(scripts::AFTER_INSTALL)?,
        before_removal: hook(scripts::BEFORE_REMOVAL)?,
    })
}

fn hook(contents: &Contents, path: &str, macros: &Macros<'_>) -> io::Result<Option<Hook>> {
    let script = scripts::read(contents, path).map_err(|bad| match bad {
        BadScript::Io(error) => error,
        // It was another when it was checked.
        changed => io::Error::other(format!("`{path}`: {changed}")),
    })?;
    Ok(script.map(|script| Hook {
        interpreter: script.interpreter.unwrap_or_else(|| vec![SHELL.to_owned()]),
        body: expand(&script.text, macros),
    }))
}

/// Replaces the macros that hooks were promised, and no other text that begins with `%`.
fn expand(text: &str, macros: &Macros<'_>) -> String {
    let table = [
        ("%%", "%"),
        ("%{name}", macros.name),
        ("%{version}", macros.version),
        ("%{release}", macros.release),
    ];
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, from) = rest.split_at(at);
        let (name, value) =
            table.into_iter().find(|(name, _)| from.starts_with(name)).unwrap_or(("%", "%"));
        expanded.extend([before, value]);
        rest = &from[name.len()..];
    }
    expanded + rest
}

#[cfg(test)]
mod tests {
    use plugin::Generation;

    use super::*;

    const MACROS: Macros<'_> = Macros { name: "demo-1.0", version: "1.0.2", release: "7" };

    #[test]
    fn four_macros_are_expanded_once_and_nothing_else_is() {
        let cases = [
            ("cd /p/%{name} && date +%%Y", "cd /p/demo-1.0 && date +%Y"),
            ("%{version}-%{release}", "1.0.2-7"),
            ("%%{name} %%%{name}", "%{name} %demo-1.0"),
            ("%{Name} %{name %(id) %{_topdir} 100%", "%{Name} %{name %(id) %{_topdir} 100%"),
            ("é%é", "é%é"),
        ];
        for (text, expanded) in cases {
            assert_eq!(expand(text, &MACROS), expanded);
        }
    }

    #[test]
    fn hooks_take_part_from_generation_3_on() {
        let mut contents = Contents::default();
        contents.insert_text("post_install.sh", *b"echo %{name}");
        for generation in Generation::ALL {
            let (name, version) = ("demo".parse().unwrap(), "1.0.2".parse().unwrap());
            let id = PluginId { name, version, generation };
            let hooks = hooks(&contents, &id, "1").unwrap();
            assert_eq!(hooks.after_install.is_some(), generation >= Generation::V3);
            assert_eq!((hooks.before_install, hooks.before_removal), (None, None));
        }
    }
}
