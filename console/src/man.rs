//! One man page: what the command line's declarations say, and what they cannot.

use std::io::{self, Write};

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

/// A term and what it means.
pub type Row = (&'static str, &'static str);

/// What a page says beside the declarations.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The book that the page belongs to.
    pub manual: &'a str,
    /// The program and its version: `fpb 0.1.0`.
    pub version: &'a str,
    /// Exit statuses.
    pub statuses: &'a [Row],
    /// Environment variables that this program heeds, and [`VARIABLES`] where those belong.
    pub variables: &'a [&'a [Row]],
    /// Other pages: `rpm(8), dpkg(1)`.
    pub see_also: &'a str,
}

/// Environment variables that every program heeds.
pub const VARIABLES: &[Row] = &[
    ("NO_COLOR, CLICOLOR_FORCE", "Forbid or force color where --color is auto."),
    ("TERM", "Neither color nor progress bars where it is dumb."),
    ("LC_ALL, LC_CTYPE, LANG", "ASCII is printed where the first that is set names no UTF-8."),
];

/// A page and the name of its file: `fpb-build.1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The file's name.
    pub file: String,
    /// The page in the language of man(7).
    pub text: String,
}

/// Makes the declarations of a program those that its pages tell: what `help` does is said on every page.
pub fn told(program: Command) -> Command {
    let mut program = program.disable_help_subcommand(true);
    program.build();
    program
}

/// Returns `command` and all below it.
pub fn commands(command: &Command) -> Vec<&Command> {
    let below = command.get_subcommands().flat_map(commands);
    std::iter::once(command).chain(below).collect()
}

/// Returns the pages of `program` and of all its commands, each as `text` has it.
pub fn pages(program: &Command, text: impl Fn(&Command) -> String) -> Vec<Page> {
    let page = |command: &Command| Page { file: file_name(command), text: text(command) };
    commands(program).into_iter().map(page).collect()
}

/// Returns the page of `command` in the language of man(7).
pub fn text(command: &Command, facts: &Facts<'_>) -> String {
    let mut page = Vec::new();
    render(command, facts, &mut page).expect("memory takes all that is written");
    String::from_utf8(page).expect("our texts are UTF-8")
}

/// Returns the name of the page's file: `fpb-build.1`.
pub fn file_name(command: &Command) -> String {
    format!("{}.1", display_name(command))
}

fn display_name(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

fn render(command: &Command, facts: &Facts<'_>, page: &mut Vec<u8>) -> io::Result<()> {
    // Short help leaves out the global options; a manual does not.
    let command = command.clone().mut_args(|argument| argument.hide_short_help(false));
    let man = Man::new(command.clone()).manual(facts.manual).source(facts.version);
    man.render_title(page)?;
    man.render_name_section(page)?;
    synopsis(&command).to_writer(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(page)?;
    }
    terms("EXIT STATUS", &[facts.statuses]).to_writer(page)?;
    terms("ENVIRONMENT", facts.variables).to_writer(page)?;
    epilogue(&command, page)?;
    see_also(facts.see_also).to_writer(page)
}

fn synopsis(command: &Command) -> Roff {
    let usage = command.clone().render_usage().to_string();
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]);
    roff.text([bold(usage.trim_start_matches("Usage: "))]);
    roff
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

fn see_also(pages: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["SEE ALSO"]).text([roman(pages)]);
    roff
}
