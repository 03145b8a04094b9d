//! `plugins --version -v`: what the program is made of and what it works with.

use std::ffi::OsString;

use client::host::{self, Options, Program};
use console::{Failure, Report};
use registry::store;

use crate::environment::Environment;
use crate::failure::Problem;

/// Whether more than one line is asked for.
pub(super) fn is_wanted_whole(words: &[OsString]) -> bool {
    let is_verbose = |word: &str| {
        let flags = word.strip_prefix('-').unwrap_or_default();
        word == "--verbose" || (flags.contains('v') && flags.chars().all(|c| "vV".contains(c)))
    };
    words.iter().skip(1).filter_map(|word| word.to_str()).any(is_verbose)
}

/// Tells the versions of the program, of its registry, and of the package managers that are here.
pub(super) fn tell(
    program: &console::Program,
    environment: &Environment,
    report: &mut Report,
) -> Result<(), Failure> {
    let options =
        Options { environment: environment.for_children().to_vec(), ..Options::default() };
    let told = |error| Problem::from(error).0;
    let mut text = format!("{} {}\n", program.name, env!("CARGO_PKG_VERSION"));
    text += &format!("registry schema {}\nSQLite {}\n", store::SCHEMA, store::sqlite_version());
    for Program { backend, path, version } in host::programs(&options).map_err(told)? {
        let version = version.as_deref().unwrap_or("of unknown version");
        text += &format!("{backend} {version} ({})\n", path.display());
    }
    report.document(&text);
    Ok(())
}
