//! Install hooks: files of the plugin that packages carry as scripts (`fuel-formats 6.1`).
//!
//! One reader for the check and for the build, so that both see the same script.

use std::io::{self, Read};

use packaging::{Contents, Kind};

use super::links;

/// The hook that runs before files are installed.
pub(crate) const BEFORE_INSTALL: &str = "pre_install.sh";
/// The hook that runs when files have been installed.
pub(crate) const AFTER_INSTALL: &str = "post_install.sh";
/// The hook that runs before files are removed for good.
pub(crate) const BEFORE_REMOVAL: &str = "uninstall.sh";

/// Bytes that a hook may have: packages carry it in their headers.
const MOST_BYTES: u64 = 1 << 20;

/// A hook as read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Script {
    /// The program that runs it, and its arguments; `None` where the file does not say.
    pub(crate) interpreter: Option<Vec<String>>,
    /// The script; never empty, and with plain line ends.
    pub(crate) text: String,
    /// Whether the file has the line ends of another system.
    pub(crate) had_carriage_returns: bool,
}

/// Why no package can carry a hook.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadScript {
    #[error("not a regular file")]
    NotAFile,
    #[error("the hook is larger than {MOST_BYTES} bytes")]
    TooLarge,
    #[error("the hook is not UTF-8 text")]
    NotText,
    #[error("the hook holds the character NUL")]
    Nul,
    #[error("the interpreter `{}` is not an absolute path", .0.escape_debug())]
    Relative(String),
    #[error("cannot be read: {}", .0.kind())]
    Io(#[from] io::Error),
}

/// Reads the hook at `path`; `None` where there is none, or nothing in it.
pub(crate) fn read(contents: &Contents, path: &str) -> Result<Option<Script>, BadScript> {
    let Ok(real) = links::resolve(contents, path) else { return Ok(None) };
    let Some(Kind::File { content, .. }) = contents.get(&real).map(|entry| &entry.kind) else {
        return Err(BadScript::NotAFile);
    };
    let mut bytes = Vec::new();
    content.open()?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    parse(bytes)
}

fn parse(bytes: Vec<u8>) -> Result<Option<Script>, BadScript> {
    if bytes.len() as u64 > MOST_BYTES {
        return Err(BadScript::TooLarge);
    }
    let mut text = String::from_utf8(bytes).map_err(|_| BadScript::NotText)?;
    if text.contains('\0') {
        return Err(BadScript::Nul);
    }
    if text.is_empty() {
        return Ok(None);
    }
    // Line ends of other systems: no shell takes them, and the kernel does not in the first line.
    let had_carriage_returns = text.split('\n').next().is_some_and(|line| line.ends_with('\r'));
    if had_carriage_returns {
        text = text.replace("\r\n", "\n");
    }
    Ok(Some(Script { interpreter: interpreter(&text)?, text, had_carriage_returns }))
}

/// Returns what a script's first line says runs it: a program and its arguments, apart by blanks.
///
/// Kernels hand all that follows the program over as one argument, which `env -S` splits. Packages
/// carry arguments one by one, so that several work without it and it is left out.
fn interpreter(text: &str) -> Result<Option<Vec<String>>, BadScript> {
    let line = text.lines().next().unwrap_or_default();
    let Some(line) = line.strip_prefix("#!").map(str::trim) else { return Ok(None) };
    let mut words = line.split_ascii_whitespace();
    let program = words.next().unwrap_or_default();
    if !program.starts_with('/') {
        return Err(BadScript::Relative(program.to_owned()));
    }
    let mut arguments: Vec<_> = words.collect();
    if program.ends_with("/env")
        && let Some(rest) = arguments.first().and_then(|first| first.strip_prefix("-S"))
    {
        arguments[0] = rest;
    }
    let parts = [program].into_iter().chain(arguments).filter(|part| !part.is_empty());
    Ok(Some(parts.map(str::to_owned).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(bytes: &[u8]) -> Script {
        parse(bytes.to_vec()).unwrap().unwrap()
    }

    #[test]
    fn the_first_line_names_the_interpreter_and_its_arguments() {
        let cases: [(&str, Option<&[&str]>); 9] = [
            ("#!/bin/bash\n", Some(&["/bin/bash"])),
            ("#!/bin/bash -e\r\necho\r\n", Some(&["/bin/bash", "-e"])),
            ("#! /usr/bin/env python3", Some(&["/usr/bin/env", "python3"])),
            ("#!\t/usr/bin/env \t-S python3 -u \n", Some(&["/usr/bin/env", "python3", "-u"])),
            ("#!/usr/bin/env -Sbash", Some(&["/usr/bin/env", "bash"])),
            ("#!/bin/bash  -e\t-u \n", Some(&["/bin/bash", "-e", "-u"])),
            ("echo\n#!/bin/bash\n", None),
            ("\n", None),
            ("# comment", None),
        ];
        for (text, interpreter) in cases {
            let expected = interpreter.map(|parts| parts.iter().map(|&p| p.to_owned()).collect());
            assert_eq!(script(text.as_bytes()).interpreter, expected, "{text}");
        }
        let windows = script(b"#!/bin/sh\r\nls\r\n");
        assert_eq!((&*windows.text, windows.had_carriage_returns), ("#!/bin/sh\nls\n", true));
    }

    #[test]
    fn what_no_package_can_carry_is_refused() {
        assert_eq!(parse(Vec::new()).unwrap(), None);
        let refused: [(&[u8], &str); 6] = [
            (b"a\xff", "the hook is not UTF-8 text"),
            (b"a\0b", "the hook holds the character NUL"),
            (&b"a".repeat(MOST_BYTES as usize + 1), "the hook is larger than 1048576 bytes"),
            (b"#!python3\n", "the interpreter `python3` is not an absolute path"),
            (b"#!\n", "the interpreter `` is not an absolute path"),
            (b"#! env python", "the interpreter `env` is not an absolute path"),
        ];
        for (bytes, message) in refused {
            assert_eq!(parse(bytes.to_vec()).unwrap_err().to_string(), message);
        }
        let mut contents = Contents::default();
        contents.insert_text("uninstall.sh/file", *b"");
        assert!(matches!(read(&contents, BEFORE_REMOVAL), Err(BadScript::NotAFile)));
        assert!(matches!(read(&contents, AFTER_INSTALL), Ok(None)));
    }
}
