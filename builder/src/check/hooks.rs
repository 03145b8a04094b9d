//! Hooks: scripts at the top of a plugin that run on the way to a package or on a host
//! (`fuel-formats 4, 6.1`).

use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use packaging::{Contents, has_debian_package};

use super::{about_file, words};
use crate::tree::scripts::{self, BadScript, Script};
use crate::{Code, Finding, hook};

/// What some editors put before text in UTF-8, and kernels take for a part of it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Returns what is wrong with the hook that runs before a build; may be a program of any kind.
///
/// What is no executable file is skipped by a build, so only files count here.
pub(super) fn check_build_hook(directory: &Path) -> Vec<Finding> {
    let path = directory.join(hook::NAME);
    let Ok(about) = fs_err::metadata(&path) else { return Vec::new() };
    if !about.is_file() || about.len() == 0 {
        return Vec::new();
    }
    let mut findings = Vec::new();
    if about.permissions().mode() & 0o111 == 0 {
        findings.push(Finding {
            message: "the hook is not executable, so a build skips it".to_owned(),
            help: Some("run `chmod +x pre_build_hook`".to_owned()),
            ..about_file(Code::HookNotExecutable, hook::NAME)
        });
    }
    // One that cannot be read can still be run, and the other way round.
    findings.extend(first_line(&path).ok().and_then(|line| check_first_line(&line)));
    findings
}

/// Returns the first line, or as much of it as the kernel looks at.
fn first_line(path: &Path) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    fs_err::File::open(path)?.take(256).read_to_end(&mut start)?;
    let end = start.iter().position(|&b| b == b'\n').unwrap_or(start.len());
    start.truncate(end);
    Ok(start)
}

fn check_first_line(line: &[u8]) -> Option<Finding> {
    let interpreter = line.strip_prefix(b"#!").map(<[u8]>::trim_ascii_start);
    if line.starts_with(b"\x7fELF") {
        None
    } else if !interpreter.is_some_and(|path| path.starts_with(b"/")) {
        Some(no_interpreter(hook::NAME, line))
    } else {
        line.ends_with(b"\r").then(|| Finding {
            message: "the interpreter's name ends with a carriage return".to_owned(),
            help: Some("save the file with plain line feeds".to_owned()),
            ..about_file(Code::HookCarriageReturn, hook::NAME)
        })
    }
}

/// Returns what is wrong with the hooks that packages of a generation with such carry.
///
/// An empty one is legal and runs nothing.
pub(super) fn check_install_hooks(contents: &Contents) -> Vec<Finding> {
    [scripts::AFTER_INSTALL, scripts::BEFORE_INSTALL, scripts::BEFORE_REMOVAL]
        .into_iter()
        .flat_map(|name| match scripts::read(contents, name) {
            Ok(script) => script.map(|script| doubts(name, &script)).unwrap_or_default(),
            Err(bad) => vec![refusal(name, &bad)],
        })
        .collect()
}

fn doubts(name: &str, script: &Script) -> Vec<Finding> {
    let interpreter = match &script.interpreter {
        None => (!does_nothing(&script.text)).then(|| no_interpreter(name, script.text.as_bytes())),
        Some(words) => (!has_debian_package(words)).then(|| unknown_interpreter(name, words)),
    };
    let line_ends = script.had_carriage_returns.then(|| Finding {
        message: "the lines end with carriage returns, which packages leave out".to_owned(),
        help: Some("save the file with plain line feeds".to_owned()),
        ..about_file(Code::HookCarriageReturn, name)
    });
    interpreter.into_iter().chain(line_ends).collect()
}

fn unknown_interpreter(name: &str, words: &[String]) -> Finding {
    let words = words.join(" ");
    Finding {
        message: format!(
            "no Debian package is known to bring the interpreter {}, so no deb can be built",
            words::quote(&words)
        ),
        help: Some("use a well-known one, such as `/bin/sh` or `/usr/bin/python3`".to_owned()),
        ..about_file(Code::UnknownInterpreter, name)
    }
}

fn refusal(name: &str, bad: &BadScript) -> Finding {
    let (code, help) = match bad {
        BadScript::NotAFile | BadScript::Io(_) => (Code::Unreadable, None),
        BadScript::TooLarge => {
            (Code::TooLarge, Some("let it call a program from the plugin's folder"))
        }
        BadScript::NotText | BadScript::Nul => (
            Code::HookEncoding,
            Some("save the script as UTF-8; let it call a program from the plugin's folder"),
        ),
        BadScript::Relative(_) => (
            Code::RelativeInterpreter,
            Some("write where it is on hosts, as in `#!/bin/bash` or `#!/usr/bin/env python3`"),
        ),
    };
    Finding { message: bad.to_string(), help: help.map(str::to_owned), ..about_file(code, name) }
}

/// Whether there is nothing but blank lines and comments.
fn does_nothing(text: &str) -> bool {
    text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#'))
}

fn no_interpreter(name: &str, start: &[u8]) -> Finding {
    let (message, help) = if start.starts_with(BYTE_ORDER_MARK) {
        (
            "the file begins with a byte order mark (BOM), so its first line names no interpreter",
            "save the file as UTF-8 without BOM",
        )
    } else {
        (
            "the first line does not name an interpreter",
            "begin the file with a line such as `#!/bin/sh`",
        )
    };
    Finding {
        message: message.to_owned(),
        help: Some(help.to_owned()),
        ..about_file(Code::HookInterpreter, name)
    }
}
