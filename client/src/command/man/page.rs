//! What the man pages say beside the command line's declarations.

use clap::Command;
use console::man::{self, Facts, Row};

const VERSION: &str = concat!("plugins ", env!("CARGO_PKG_VERSION"));

const STATUSES: &[Row] = &[
    ("0", "Done, or nothing to do."),
    ("1", "Failed; the host is as it was. Any known error in the historical spelling."),
    ("2", "Wrong usage, or a confirmation that could not be asked for."),
    ("3", "No such plugin, version or file."),
    ("4", "Refused: damage, order of versions, rules of packages, compatibility."),
    ("5", "Conflict: installed differently, held, or needed by another."),
    ("6", "The package manager or a repository failed."),
    ("7", "Another command was at work for longer than --lock-timeout."),
    ("8", "Partly done; each result is listed."),
    ("9", "An inconsistent state was found; run plugins doctor --repair."),
    ("130", "Interrupted."),
    ("141", "The reader of the output went away."),
];

const VARIABLES: &[Row] = &[
    ("PLUGINS_COLOR", "Same as --color."),
    ("PLUGINS_NO_PROGRESS", "Same as --no-progress, where it is true."),
    (
        "PLUGINS_STATUS",
        "Where it is detailed, the historical spelling ends with these statuses too.",
    ),
    ("PLUGINS_*", "Each setting that plugins config show lists, in upper case, _ for -."),
];

/// Returns the page of `command` in the language of man(7).
pub(super) fn text(command: &Command) -> String {
    let facts = Facts {
        manual: "Plugin administration",
        version: VERSION,
        statuses: STATUSES,
        variables: &[VARIABLES, man::VARIABLES],
        see_also: see_also(command),
    };
    man::text(command, &facts)
}

fn see_also(command: &Command) -> &'static str {
    // `list`, and `repo-list` for a command below another.
    let name = command.get_display_name().unwrap_or(command.get_name());
    match name.strip_prefix("plugins-").unwrap_or(name) {
        "plugins" => "fpb(1), rpm(8), dpkg(1)",
        "list" => "plugins(1), plugins-info(1), plugins-search(1), plugins-history(1)",
        "search" => "plugins(1), plugins-list(1), plugins-install(1)",
        "files" => "plugins(1), plugins-info(1), plugins-verify(1)",
        "install" | "update" | "downgrade" | "remove" => {
            "plugins(1), plugins-undo(1), plugins-hold(1), plugins-sync(1)"
        }
        "register" | "unregister" => "plugins(1), plugins-sync(1)",
        "link" => "plugins(1), plugins-unlink(1)",
        "unlink" => "plugins(1), plugins-link(1)",
        "hold" => "plugins(1), plugins-unhold(1)",
        "unhold" => "plugins(1), plugins-hold(1)",
        "undo" | "history" => "plugins(1), plugins-history(1), plugins-undo(1)",
        "verify" | "doctor" => "plugins(1), plugins-verify(1), plugins-doctor(1)",
        _ => "plugins(1)",
    }
}

#[cfg(test)]
mod tests {
    use super::super::program;
    use super::*;

    fn sections(page: &str) -> Vec<&str> {
        let titles = page.lines().filter_map(|line| line.strip_prefix(".SH "));
        titles.map(|title| title.trim_matches('"')).collect()
    }

    #[test]
    fn every_command_has_a_page_with_all_sections() {
        let program = program();
        let common = [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "GLOBAL OPTIONS",
            "EXIT STATUS",
            "ENVIRONMENT",
            "EXAMPLES",
            "SEE ALSO",
        ];
        for command in man::commands(&program) {
            let page = text(command);
            let found = sections(&page);
            assert!(common.iter().all(|title| found.contains(title)), "{found:?}");
            assert!(page.contains("Print the answer as one JSON object"), "{page}");
        }
    }

    #[test]
    fn pages_refer_to_pages_that_are_there() {
        let program = program();
        let names: Vec<_> = man::commands(&program).into_iter().map(man::file_name).collect();
        for command in &man::commands(&program)[1..] {
            let page = text(command);
            let (_, others) = page.rsplit_once("SEE ALSO\"\n").unwrap();
            for other in others.trim_end().replace("\\-", "-").split(", ") {
                let name = other.trim_end_matches("(1)");
                let ours = name.starts_with("plugins-");
                assert!(!ours || names.contains(&format!("{name}.1")), "{other}");
            }
        }
    }
}
