//! One man page: what the command line's declarations say, and what they cannot.

use std::io::{self, Write};

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

/// A term and what it means.
type Row = (&'static str, &'static str);

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
    ("130", "Interrupted."),
    ("141", "The reader of the output went away."),
];

const VARIABLES: &[Row] = &[
    ("FPB_COLOR", "Same as --color."),
    ("FPB_NO_PROGRESS", "Same as --no-progress, where it is true."),
    ("NO_COLOR, CLICOLOR_FORCE", "Forbid or force color where --color is auto."),
    ("TERM", "Neither color nor progress bars where it is dumb."),
    ("LC_ALL, LC_CTYPE, LANG", "ASCII is printed where the first that is set names no UTF-8."),
];

const BUILD_VARIABLES: &[Row] = &[
    ("SOURCE_DATE_EPOCH", "The time that packages carry, in seconds since 1970."),
    ("FPB_OUTPUT", "Same as --output of fpb build."),
];

/// Returns the page of `command` in the language of man(7).
pub(super) fn text(command: &Command) -> String {
    let mut page = Vec::new();
    render(command, &mut page).expect("memory takes all that is written");
    String::from_utf8(page).expect("our texts are UTF-8")
}

/// Returns the name of the page's file: `fpb-build.1`.
pub(super) fn file_name(command: &Command) -> String {
    format!("{}.1", display_name(command))
}

fn display_name(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

fn render(command: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    // Short help leaves out the global options; a manual does not.
    let command = command.clone().mut_args(|argument| argument.hide_short_help(false));
    let man = Man::new(command.clone()).manual("Plugin builder").source(VERSION);
    man.render_title(page)?;
    man.render_name_section(page)?;
    synopsis(&command).to_writer(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(page)?;
    }
    terms("EXIT STATUS", &[STATUSES]).to_writer(page)?;
    terms("ENVIRONMENT", variables(&command)).to_writer(page)?;
    epilogue(&command, page)?;
    see_also(&command).to_writer(page)
}

fn synopsis(command: &Command) -> Roff {
    let usage = command.clone().render_usage().to_string();
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]);
    roff.text([bold(usage.trim_start_matches("Usage: "))]);
    roff
}

fn variables(command: &Command) -> &'static [&'static [Row]] {
    match command.get_name() {
        "fpb" | "build" => &[BUILD_VARIABLES, VARIABLES],
        _ => &[VARIABLES],
    }
}

fn terms(title: &str, tables: &[&[Row]]) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", [title]);
    for (term, meaning) in tables.iter().copied().flatten() {
        roff.control("TP", []).text([bold(*term)]).text([roman(*meaning)]);
    }
    roff
}

/// Makes a section of each paragraph that `--help` ends with: its first line is the title.
fn epilogue(command: &Command, page: &mut dyn Write) -> io::Result<()> {
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    for paragraph in help.split("\n\n") {
        let (title, lines) = paragraph.split_once(":\n").unwrap_or(("Notes", paragraph));
        let mut roff = Roff::new();
        roff.control("SH", [title.to_uppercase().as_str()]).control("nf", []);
        for line in lines.lines() {
            roff.text([roman(line.trim_start())]);
        }
        roff.control("fi", []);
        roff.to_writer(page)?;
    }
    Ok(())
}

fn see_also(command: &Command) -> Roff {
    let pages = match command.get_name() {
        "fpb" => "rpm(8), dpkg(1)",
        "create" => "fpb(1), fpb-check(1)",
        "check" => "fpb(1), fpb-build(1), fpb-explain(1)",
        "build" => "fpb(1), fpb-check(1), fpb-inspect(1), rpm(8), dpkg(1)",
        "inspect" => "fpb(1), fpb-diff(1), rpm(8), dpkg-deb(1)",
        "diff" => "fpb(1), fpb-inspect(1), fpb-bump(1)",
        "migrate" => "fpb(1), fpb-check(1), fpb-bump(1)",
        "bump" => "fpb(1), fpb-migrate(1), fpb-diff(1)",
        "explain" => "fpb(1), fpb-check(1)",
        _ => "fpb(1)",
    };
    let mut roff = Roff::new();
    roff.control("SH", ["SEE ALSO"]).text([roman(pages)]);
    roff
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
        for command in std::iter::once(&program).chain(program.get_subcommands()) {
            let page = text(command);
            let found = sections(&page);
            assert!(common.iter().all(|title| found.contains(title)), "{found:?}");
            assert!(page.contains("Print the answer as one JSON object"), "{page}");
        }
    }

    #[test]
    fn pages_refer_to_pages_that_are_there() {
        let program = program();
        let names: Vec<_> = program.get_subcommands().map(file_name).collect();
        for command in program.get_subcommands() {
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
