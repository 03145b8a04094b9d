//! The program under the original client's name: `fuel [general flags] plugins [actions]`.

use std::ffi::OsString;

use clap::{ArgAction, Args, Parser, Subcommand};
use console::Globals;

use super::historical::{self, Actions};
use super::options::Options;

/// The command line of the original client.
#[derive(Debug, Parser)]
#[command(
    name = "fuel",
    version,
    disable_version_flag = true,
    disable_help_subcommand = true,
    mut_arg("verbose", |verbose| verbose.short(None))
)]
pub(super) struct Fuel {
    #[command(flatten)]
    pub(super) globals: Globals,
    #[command(flatten)]
    pub(super) options: Options,
    #[command(flatten)]
    pub(super) credentials: Credentials,
    /// Print version
    #[arg(short = 'v', long, action = ArgAction::Version)]
    version: Option<bool>,
    #[command(subcommand)]
    pub(super) namespace: Namespace,
}

/// The part of the original client that is here.
#[derive(Debug, Subcommand)]
pub(super) enum Namespace {
    /// Install, update and remove plugins
    Plugins(Actions),
}

/// How the original reached its server. Here the registry is on the host itself.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Ignored")]
pub(super) struct Credentials {
    /// Accepted and ignored: the registry is on this host
    #[arg(long, global = true, value_name = "URL")]
    os_auth_url: Option<String>,
    /// Accepted and ignored
    #[arg(long, global = true, value_name = "NAME")]
    os_tenant_name: Option<String>,
    /// Accepted and ignored
    #[arg(long, global = true, value_name = "NAME")]
    os_username: Option<String>,
    /// Accepted and ignored
    #[arg(long, global = true, value_name = "PASSWORD")]
    os_password: Option<String>,
}

impl Credentials {
    /// Whether any is given.
    pub(super) fn are_given(&self) -> bool {
        [&self.os_auth_url, &self.os_tenant_name, &self.os_username, &self.os_password]
            .into_iter()
            .any(Option::is_some)
    }
}

/// Turns the bare verb behind `plugins`, where there is one, into its flag.
pub(super) fn with_flag(mut words: Vec<OsString>) -> Vec<OsString> {
    let verb = words.iter().position(|word| word == "plugins").map(|at| at + 1);
    if let Some(word) = verb.and_then(|at| words.get_mut(at))
        && let Some(flag) = historical::flag(word)
    {
        *word = flag;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::FUEL;

    fn shown(line: &str) -> Result<String, i32> {
        let words = with_flag(line.split(' ').map(OsString::from).collect());
        let parsed = FUEL.parse::<Fuel>(&words).map_err(|error| error.exit_code())?;
        let Namespace::Plugins(actions) = parsed.namespace;
        Ok(format!("{:?} {}", actions.command(), parsed.credentials.are_given()))
    }

    #[test]
    fn the_declarations_agree_with_each_other() {
        FUEL.declarations::<Fuel>().debug_assert();
    }

    #[test]
    fn bare_verbs_and_flags_are_the_same() {
        let same = [
            ("fuel plugins", "fuel plugins list"),
            ("fuel plugins --list", "fuel plugins list"),
            ("fuel --json plugins -l", "fuel plugins list --json"),
            ("fuel plugins --install x.fp", "fuel plugins install x.fp"),
            ("fuel plugins remove a==1.0.0", "fuel plugins --remove=a==1.0.0"),
            ("fuel plugins sync --plugin-id 1 2", "fuel plugins --sync --plugin 1,2"),
        ];
        for (one, other) in same {
            assert_eq!(shown(one).unwrap(), shown(other).unwrap());
        }
    }

    #[test]
    fn flags_of_the_server_are_taken_and_told_of() {
        assert!(shown("fuel --os-username a plugins").unwrap().ends_with("true"));
        assert!(shown("fuel plugins --os-password b").unwrap().ends_with("true"));
    }

    #[test]
    fn v_is_the_version_and_other_words_are_wrong_usage() {
        assert_eq!(shown("fuel -v"), Err(0));
        assert_eq!(shown("fuel --version"), Err(0));
        for line in ["fuel", "fuel node", "fuel plugins list --sync", "fuel plugins a"] {
            assert_eq!(shown(line), Err(2), "{line}");
        }
    }
}
