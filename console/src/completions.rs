//! Completion scripts for shells.

use clap::Command;

pub use clap_complete::Shell;

/// Returns the script by which `shell` completes `command`, which is also called `others`.
pub fn script(command: &mut Command, shell: Shell, others: &[&str]) -> String {
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, command, &name, &mut script);
    let script = String::from_utf8(script).expect("our options have ASCII names");
    others.iter().fold(script, |script, other| for_other_name(script, shell, &name, other))
}

/// Makes a script for `name` serve under the name `other`, too.
fn for_other_name(script: String, shell: Shell, name: &str, other: &str) -> String {
    match shell {
        Shell::Bash => script + &format!("complete -F _{name} -o bashdefault -o default {other}\n"),
        Shell::Zsh => {
            let (names, rest) = script.split_once('\n').expect("the first line has the names");
            format!("{names} {other}\n{rest}")
        }
        Shell::Fish => script + &format!("complete -c {other} -w {name}\n"),
        _ => script,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_serve_under_every_name() {
        let table = [
            (Shell::Bash, "complete -F _new -o bashdefault -o default old\n"),
            (Shell::Zsh, "#compdef new old older\n"),
            (Shell::Fish, "complete -c older -w new\n"),
        ];
        for (shell, expected) in table {
            let text = script(&mut Command::new("new"), shell, &["old", "older"]);
            assert!(text.contains(expected), "{text}");
        }
    }
}
