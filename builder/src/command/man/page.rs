//! What the man pages say beside the command line's declarations.

use clap::Command;
use console::man::{self, Facts, Row};

const VERSION: &str = concat!("fpb ", env!("CARGO_PKG_VERSION"));

const STATUSES: &[Row] = &[
    ("0", "Done, or nothing to do."),
    (
        "1",
        "Failed; the plugin breaks rules, or the work could not be done. Files that existed are as they were.",
    ),
    ("2", "Wrong usage."),
    ("3", "No such file, folder or code. In the historical spelling this is 1."),
    ("4", "Refused: the version asked for is not higher, or the package is damaged."),
    ("5", "Conflict: a repository has something else under that name, or has to keep it."),
    ("7", "A repository was locked for longer than --lock-timeout."),
    ("130", "Interrupted."),
    ("141", "The reader of the output went away."),
];

const VARIABLES: &[Row] = &[
    ("FPB_COLOR", "Same as --color."),
    ("FPB_NO_PROGRESS", "Same as --no-progress, where it is true."),
];

const REPOSITORY_VARIABLES: &[Row] = &[
    ("FPB_REPO", "Same as --repo."),
    ("FPB_SIGN_KEY", "Same as --key of fpb repo publish."),
    ("SOURCE_DATE_EPOCH", "The time that fpb repo publish and fpb advisory add say it is."),
];

const BUILD_VARIABLES: &[Row] = &[
    ("SOURCE_DATE_EPOCH", "The time that packages carry, in seconds since 1970."),
    ("FPB_OUTPUT", "Same as --output of fpb build."),
];

/// Returns the page of `command` in the language of man(7).
pub(super) fn text(command: &Command) -> String {
    let facts = Facts {
        manual: "Plugin builder",
        version: VERSION,
        statuses: STATUSES,
        variables: variables(command),
        see_also: see_also(command),
    };
    man::text(command, &facts)
}

fn variables(command: &Command) -> &'static [&'static [Row]] {
    match display_name(command) {
        "fpb" | "fpb-build" => &[BUILD_VARIABLES, VARIABLES, man::VARIABLES],
        _ if is_about_repositories(command) => &[REPOSITORY_VARIABLES, VARIABLES, man::VARIABLES],
        _ => &[VARIABLES, man::VARIABLES],
    }
}

fn display_name(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

fn is_about_repositories(command: &Command) -> bool {
    let name = display_name(command);
    ["fpb-repo", "fpb-advisory"].iter().any(|prefix| name.starts_with(prefix))
}

fn see_also(command: &Command) -> &'static str {
    match display_name(command) {
        "fpb" => "rpm(8), dpkg(1)",
        "fpb-create" => "fpb(1), fpb-check(1)",
        "fpb-check" => "fpb(1), fpb-build(1), fpb-explain(1)",
        "fpb-build" => "fpb(1), fpb-check(1), fpb-inspect(1), rpm(8), dpkg(1)",
        "fpb-inspect" => "fpb(1), fpb-diff(1), rpm(8), dpkg-deb(1)",
        "fpb-diff" => "fpb(1), fpb-inspect(1), fpb-bump(1)",
        "fpb-migrate" => "fpb(1), fpb-check(1), fpb-bump(1)",
        "fpb-bump" => "fpb(1), fpb-migrate(1), fpb-diff(1)",
        "fpb-explain" => "fpb(1), fpb-check(1)",
        "fpb-repo" => "fpb(1), fpb-advisory(1), dnf(8), apt(8)",
        "fpb-advisory" => "fpb(1), fpb-repo(1), dnf(8)",
        _ if is_about_repositories(command) => "fpb(1), fpb-repo(1), fpb-advisory(1)",
        _ => "fpb(1)",
    }
}

#[cfg(test)]
mod tests {
    use console::man::commands;

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
        for command in commands(&program) {
            let page = text(command);
            let found = sections(&page);
            assert!(common.iter().all(|title| found.contains(title)), "{found:?}");
            assert!(page.contains("Print the answer as one JSON object"), "{page}");
        }
    }

    #[test]
    fn pages_refer_to_pages_that_are_there() {
        let program = program();
        let commands = commands(&program);
        let names: Vec<_> = commands.iter().map(|command| man::file_name(command)).collect();
        for command in &commands[1..] {
            let page = text(command);
            let (_, others) = page.rsplit_once("SEE ALSO\"\n").unwrap();
            for other in others.trim_end().replace("\\-", "-").split(", ") {
                let name = other.trim_end_matches("(1)");
                let ours = name.starts_with("fpb-");
                assert!(!ours || names.contains(&format!("{name}.1")), "{other}");
            }
        }
    }
}
