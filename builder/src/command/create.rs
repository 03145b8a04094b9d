//! `fpb create`

use std::path::PathBuf;

use builder::create::{CreateError, Created, create};
use clap::{Args, ValueHint};
use console::printable::path;
use console::{Failure, Report};
use plugin::Generation;
use serde_json::json;

use crate::failure::{Kind, invalid};

/// What to create.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb create my_plugin
  fpb create my_plugin --dir plugins --package-version 4.0.0")]
pub(crate) struct Arguments {
    /// The new plugin's folder; its last part is the plugin's name (a-z, 0-9, `_` and `-`)
    name: PathBuf,
    /// Package version of the plugin
    #[arg(
        long,
        value_name = "VERSION",
        default_value_t = Generation::NEWEST,
        value_parser = super::package_version()
    )]
    package_version: Generation,
    /// Folder to create it in
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    dir: Option<PathBuf>,
}

/// Creates a plugin's skeleton.
pub(crate) fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    let place = match &arguments.dir {
        Some(folder) => folder.join(&arguments.name),
        None => arguments.name.clone(),
    };
    let created = create(&place, arguments.package_version).map_err(failure)?;
    report.changed();
    report.answer(&text(&created), &result(&created));
    report.success("Plugin is created");
    Ok(())
}

fn text(created: &Created) -> String {
    format!(" created  {}", path(&created.path))
}

fn result(created: &Created) -> serde_json::Value {
    json!({
        "path": created.path.to_string_lossy(),
        "name": created.name.as_str(),
        "package_version": created.generation.as_str(),
        "files": created.files,
    })
}

fn failure(error: CreateError) -> Failure {
    let failure = Failure::from_error(Kind::Failed, &error);
    match error {
        CreateError::Exists(_) => failure.help("choose another name, or remove what is there"),
        CreateError::Name(_) => {
            invalid(&failure.message).help("the name is the last part of the path")
        }
        CreateError::Io(_) => failure,
    }
}
