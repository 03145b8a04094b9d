//! What was found about a plugin, a line per problem.

use client::listing::Drift;
use client::verify::{Problem, Verified};

/// Returns the lines.
pub(crate) fn text(verified: &Verified) -> String {
    let verdict = if verified.is_clean() { "ok  " } else { "FAIL" };
    let mut text = format!("{verdict}  {}", verified.plugin);
    if let Some(sha256) = &verified.package {
        text += &format!("  package sha256 {sha256}");
    }
    for problem in &verified.problems {
        text += &format!("\n      {}", sentence(problem));
    }
    text
}

fn sentence(problem: &Problem) -> String {
    match problem {
        Problem::File(deviation) => {
            let kind = format!("{:?}", deviation.kind).to_lowercase();
            format!("{kind:<10} {}", console::printable::path(&deviation.path))
        }
        Problem::Linked { effective } => format!("linked     its folder leads to {effective}"),
        Problem::Altered { sha256 } => {
            format!("altered    the kept package is no longer the one with sha256 {sha256}")
        }
        Problem::Missing => "missing    it is marked as missing in the registry".to_owned(),
        Problem::Drift(drift) => drifted(drift),
    }
}

fn drifted(drift: &Drift) -> String {
    match drift {
        Drift::Absent { .. } => "absent     its folder is not there".to_owned(),
        Drift::Back { .. } => "back       its folder is there again".to_owned(),
        Drift::Unregistered { plugin } => format!("drift      {plugin} is not registered"),
        Drift::Unreadable { reason, .. } => format!("unreadable {reason}"),
        Drift::Differs { package, metadata, .. } => match package {
            Some(package) => format!("differs    the package is {package}, its folder {metadata}"),
            None => format!("differs    its folder is {metadata}"),
        },
    }
}
