//! `plugins config`

use clap::{Args, Subcommand};
use console::{Column, Report, Table};
use serde_json::json;

use crate::failure::{Problem, general};
use crate::session::Session;
use crate::settings::{Set, find, nearest};

/// What to do with settings.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins config show --origin
  plugins config get plugins-root")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show all settings
    #[command(after_help = "\
Examples:
  plugins config show
  plugins config show --origin --json")]
    Show {
        /// Also show where each value comes from
        #[arg(long)]
        origin: bool,
    },
    /// Print one setting's value
    #[command(after_help = "\
Examples:
  plugins config get plugins-root")]
    Get {
        /// The setting
        name: String,
    },
}

/// Shows settings.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let settings = session.settings()?;
    match &arguments.action {
        Action::Show { origin } => {
            let columns = ["setting", "value", "origin"].map(Column::left);
            let shown = if *origin { 3 } else { 2 };
            let mut table = Table::new(columns.into_iter().take(shown));
            for (name, set) in settings.all() {
                let cells = [name.to_owned(), set.value.to_string(), set.origin.to_string()];
                table.row(cells.into_iter().take(shown));
                report.result(&object(name, set));
            }
            report.table(&table);
            Ok(())
        }
        Action::Get { name } => {
            let set = settings.get(name).ok_or_else(|| unknown(name))?;
            report.answer(&set.value.to_string(), &object(name, set));
            Ok(())
        }
    }
}

fn object(name: &str, set: &Set) -> serde_json::Value {
    let about = find(name).map(|key| key.about);
    let origin = set.origin.to_string();
    json!({ "name": name, "value": set.value, "origin": origin, "about": about })
}

fn unknown(name: &str) -> Problem {
    let failure = Problem::new(general::NOT_FOUND, format!("there is no setting `{name}`"));
    match nearest(name) {
        Some(meant) => failure.help(format!("did you mean `{meant}`?")),
        None => failure.help("`plugins config show` lists all settings"),
    }
}
