//! Hooks as the scripts of package managers.
//!
//! A hook is written for one argument with RPM's meaning and may be in any language. Where a package
//! manager calls a script at more moments, or with other words, a prologue in POSIX shell translates.

use crate::Hook;

/// A script as a package carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Script {
    /// What runs it: an absolute path and its fixed arguments.
    pub(crate) interpreter: Vec<String>,
    /// Its text, first line included.
    pub(crate) body: String,
}

/// Shells that run a POSIX prologue as `/bin/sh` does.
const SHELLS: [&str; 7] = ["ash", "bash", "dash", "ksh", "mksh", "sh", "zsh"];

/// The program that looks for another one in all folders of programs.
const ENV: [&str; 2] = ["/bin/env", "/usr/bin/env"];

/// Returns `hook` as it is: for a moment at which the argument needs no translation.
pub(crate) fn plain(hook: &Hook) -> Script {
    Script { interpreter: hook.interpreter.clone(), body: hook.body.clone() }
}

/// Returns `hook` behind `prologue`: lines of POSIX shell that `exit` where the hook must not run, or
/// set its argument with `set --`.
///
/// A shell's hook follows in the same script. Any other is written to a temporary file for its own
/// interpreter, as is one with several arguments, which a first line cannot hold apart.
pub(crate) fn guarded(hook: &Hook, prologue: &str) -> Script {
    if is_shell(&hook.interpreter) && hook.interpreter.len() <= 2 {
        let body = format!("#!{}\n{prologue}\n{}", hook.interpreter.join(" "), hook.body);
        return Script { interpreter: hook.interpreter.clone(), body };
    }
    let mut end = "END_OF_HOOK".to_owned();
    while hook.body.lines().any(|line| line == end) {
        end.push('_');
    }
    let command: Vec<_> = hook.interpreter.iter().map(|word| quoted(word)).collect();
    let newline = if hook.body.ends_with('\n') { "" } else { "\n" };
    let body = format!(
        "#!/bin/sh\n{prologue}\nhook=$(mktemp) || exit 1\ntrap 'rm -f \"$hook\"' EXIT\n\
         cat >\"$hook\" <<'{end}'\n{}{newline}{end}\n{} \"$hook\" \"$@\"\n",
        hook.body,
        command.join(" ")
    );
    Script { interpreter: vec!["/bin/sh".to_owned()], body }
}

/// Returns `word` as a shell takes it literally.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Returns the program that `env` is to run, a name or a path, where it is `env` that runs a hook;
/// `None` as well where options or variables come first.
pub(crate) fn run_by_env(interpreter: &[String]) -> Option<&str> {
    let [program, name, ..] = interpreter else { return None };
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._+-".contains(c);
    let is_name = !name.starts_with('-') && name.chars().all(plain);
    (ENV.contains(&program.as_str()) && is_name).then_some(name)
}

/// Whether the interpreter, also as the argument of `env`, is one of [`SHELLS`].
fn is_shell(interpreter: &[String]) -> bool {
    let program = run_by_env(interpreter).or(interpreter.first().map(String::as_str));
    let name = program.and_then(|path| path.rsplit('/').next());
    name.is_some_and(|name| SHELLS.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hook(interpreter: &[&str], body: &str) -> Hook {
        let interpreter = interpreter.iter().map(|&part| part.to_owned()).collect();
        Hook { interpreter, body: body.to_owned() }
    }

    #[test]
    fn a_shell_hook_follows_the_prologue_in_its_own_shell() {
        let script = guarded(&hook(&["/bin/bash", "-e"], "#!/bin/bash -e\n[[ a ]]\n"), "set -- 0");
        assert_eq!(script.interpreter, ["/bin/bash", "-e"]);
        assert_eq!(script.body, "#!/bin/bash -e\nset -- 0\n#!/bin/bash -e\n[[ a ]]\n");
    }

    #[test]
    fn another_language_gets_its_own_file_and_its_text_cannot_end_the_here_document() {
        let body = "#!/usr/bin/python3\nEND_OF_HOOK\nprint(1)";
        let script = guarded(&hook(&["/usr/bin/python3"], body), "set -- 0");
        assert_eq!(script.interpreter, ["/bin/sh"]);
        assert!(script.body.contains("<<'END_OF_HOOK_'\n"), "{}", script.body);
        assert!(script.body.contains("print(1)\nEND_OF_HOOK_\n"), "{}", script.body);
    }

    #[test]
    fn several_arguments_are_handed_over_one_by_one_and_mean_nothing_to_the_shell() {
        let script = guarded(&hook(&["/bin/bash", "-e", "-u"], "ls\n"), "set -- 0");
        assert_eq!(script.interpreter, ["/bin/sh"]);
        assert!(
            script.body.ends_with("\n'/bin/bash' '-e' '-u' \"$hook\" \"$@\"\n"),
            "{}",
            script.body
        );
        let script = guarded(&hook(&["/usr/bin/awk", "$(x)", "a'b;"], ""), "");
        assert!(script.body.contains(r"'/usr/bin/awk' '$(x)' 'a'\''b;' "), "{}", script.body);
    }
}
