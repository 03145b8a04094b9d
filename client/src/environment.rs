//! The environment variables that `plugins` heeds, read once, and who runs it.

use std::collections::BTreeMap;
use std::ffi::OsString;

use console::Terminal;

use crate::settings::KEYS;

/// What the environment says.
#[derive(Debug)]
pub(crate) struct Environment {
    /// What the reader's terminal can do.
    pub(crate) terminal: Terminal,
    /// Whether flags end with the statuses of subcommands: `PLUGINS_STATUS=detailed`.
    pub(crate) detailed: bool,
    settings: BTreeMap<String, OsString>,
    all: Vec<(OsString, OsString)>,
    behind: Option<u32>,
}

impl Environment {
    /// Reads the process's environment.
    #[expect(clippy::disallowed_methods, reason = "this is the door that the lint names")]
    pub(crate) fn read() -> Self {
        Self { all: std::env::vars_os().collect(), ..Self::of(|name| std::env::var_os(name)) }
    }

    /// Returns the environment in which `variable` gives each variable's value.
    pub(crate) fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let names = KEYS.iter().map(crate::settings::Key::variable);
        Self {
            terminal: Terminal::of(&variable),
            detailed: variable("PLUGINS_STATUS").is_some_and(|value| value == "detailed"),
            settings: names.filter_map(|name| Some((name.clone(), variable(&name)?))).collect(),
            all: Vec::new(),
            behind: variable("SUDO_UID").and_then(|uid| uid.to_str()?.parse().ok()),
        }
    }

    /// Returns the variable that stands for a setting.
    pub(crate) fn setting(&self, name: &str) -> Option<OsString> {
        self.settings.get(name).cloned()
    }

    /// Returns all variables; the host decides which of them the programs that it runs are given.
    pub(crate) fn for_children(&self) -> &[(OsString, OsString)] {
        &self.all
    }

    /// Returns who runs the program, for the history: `root (sudo alice)`.
    pub(crate) fn actor(&self) -> String {
        // Without a list of users, numbers have to do.
        let users = fs_err::read_to_string("/etc/passwd").unwrap_or_default();
        actor(rustix::process::getuid().as_raw(), self.behind, &users)
    }
}

fn actor(user: u32, behind: Option<u32>, users: &str) -> String {
    let name = |wanted: u32| {
        let named = users.lines().find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            (fields.nth(1)?.parse() == Ok(wanted)).then_some(name)
        });
        named.map_or_else(|| wanted.to_string(), str::to_owned)
    };
    match behind {
        Some(behind) if user == 0 && behind != 0 => {
            format!("{} (sudo {})", name(user), name(behind))
        }
        _ => name(user),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_is_named_with_the_one_behind_sudo() {
        let users = "root:x:0:0::/root:/bin/sh\nbad\nalice:x:1000:1000::/home/alice:/bin/sh\n";
        let table = [
            (0, None, "root"),
            (1000, None, "alice"),
            (7, None, "7"),
            (0, Some(1000), "root (sudo alice)"),
            (0, Some(8), "root (sudo 8)"),
            (0, Some(0), "root"),
            (1000, Some(8), "alice"),
        ];
        for (user, behind, shown) in table {
            assert_eq!(actor(user, behind, users), shown);
        }
    }

    #[test]
    fn only_the_variables_of_settings_are_kept() {
        let environment = Environment::of(|name| match name {
            "PLUGINS_LOCK_TIMEOUT" => Some("5".into()),
            "PLUGINS_STATUS" => Some("detailed".into()),
            _ => None,
        });
        assert_eq!(environment.setting("PLUGINS_LOCK_TIMEOUT"), Some("5".into()));
        assert_eq!(environment.setting("PLUGINS_KEEP_SIZE"), None);
        assert!(environment.detailed);
    }
}
