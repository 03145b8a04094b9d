//! Somebody sits at a terminal: is asked before a change, thinks better of it, loses patience.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Stdio};

use tests::{Host, Plugin, command, have};

/// The client on a terminal of its own, which `script` makes.
struct Terminal {
    child: Child,
    keys: ChildStdin,
    screen: Box<dyn BufRead>,
    seen: String,
}

impl Terminal {
    fn new(host: &Host, arguments: &[&str]) -> Self {
        let client = host.client(arguments);
        let words = std::iter::once(client.get_program()).chain(client.get_args());
        let words: Vec<_> = words.map(|word| format!("'{}'", word.to_string_lossy())).collect();
        let line = words.join(" ");
        let mut child = command("script", ["--quiet", "--return", "--command", &line, "/dev/null"])
            .env("NO_COLOR", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("script is here");
        let keys = child.stdin.take().expect("it is piped");
        let screen = Box::new(BufReader::new(child.stdout.take().expect("it is piped")));
        Self { child, keys, screen, seen: String::new() }
    }

    /// Waits until `text` is on the screen.
    fn wait_for(&mut self, text: &str) {
        while !self.seen.contains(text) {
            let mut byte = [0];
            let read = self.screen.read(&mut byte).expect("the screen can be read");
            assert_eq!(read, 1, "it ended without `{text}`:\n{}", self.seen);
            self.seen.push(char::from(byte[0]));
        }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("it listens");
    }

    /// Returns the exit status and what was on the screen.
    fn end(mut self) -> (Option<i32>, String) {
        let mut rest = String::new();
        self.screen.read_to_string(&mut rest).expect("the screen can be read");
        (self.child.wait().expect("it ends").code(), self.seen + &rest)
    }
}

const CTRL_C: &str = "\x03";

/// A host with demo 1.0.1, the package of 1.0.2, and the plugin in whose folder that is.
fn hosts() -> impl Iterator<Item = (Host, String, Plugin)> {
    Host::quick().filter(|_| have(&["script"])).map(|host| {
        let plugin = Plugin::create("demo", "5.0.0");
        host.plugins(["install", &host.release(&plugin, "1.0.1"), "--yes"]).success();
        let next = host.release(&plugin, "1.0.2");
        (host, next, plugin)
    })
}

fn version(host: &Host) -> String {
    host.registered().into_iter().map(|(_, _, version)| version).collect()
}

#[test]
fn enter_agrees_to_an_update_and_not_to_a_removal() {
    for (host, next, _plugin) in hosts() {
        let mut terminal = Terminal::new(&host, &["update", &next]);
        terminal.wait_for("Continue? [Y/n] ");
        terminal.press("\n");
        assert_eq!(terminal.end().0, Some(0));
        assert_eq!(version(&host), "1.0.2");

        for command in [["downgrade", "demo"], ["remove", "demo"]] {
            let mut terminal = Terminal::new(&host, &command);
            terminal.wait_for("Continue? [y/N] ");
            terminal.press("\n");
            let (status, screen) = terminal.end();
            assert_eq!(status, Some(1), "{screen}");
            assert_eq!(version(&host), "1.0.2");
        }
    }
}

#[test]
fn ctrl_c_at_the_question_leaves_the_host_as_it_was() {
    for (host, next, _plugin) in hosts() {
        let mut terminal = Terminal::new(&host, &["update", &next]);
        terminal.wait_for("Continue? [Y/n] ");
        terminal.press(CTRL_C);
        let (status, screen) = terminal.end();
        assert_eq!(status, Some(130), "{screen}");
        assert!(screen.contains("interrupted; nothing was changed"), "{screen}");
        assert_eq!(version(&host), "1.0.1");
        assert_eq!(host.recorded("demo-1.0").as_deref(), Some("1.0.1-1"));
    }
}

#[test]
fn ctrl_c_does_not_cut_the_package_manager_off() {
    for (host, next, _plugin) in hosts() {
        let tools = host.root().join("tools");
        let tool = host.manager.name();
        // It begins, says so, and goes on when the key was pressed.
        let script = format!(
            "case \" $* \" in *\" -i \"*|*\" -U \"*) ;; *) exec /usr/bin/{tool} \"$@\";; esac\n\
             case \"$*\" in *--no-act*) exec /usr/bin/{tool} \"$@\";; esac\n\
             : >{0}/begun; while [ ! -e {0}/pressed ]; do sleep 0.05; done\n\
             exec /usr/bin/{tool} \"$@\"",
            tools.display()
        );
        host.stand_in(&tools, tool, &script);
        host.write_settings(&format!("{}tools: {}\n", host.settings(), tools.display()));
        let mut terminal = Terminal::new(&host, &["update", &next]);
        terminal.wait_for("Continue? [Y/n] ");
        terminal.press("y\n");
        while !tools.join("begun").exists() {
            assert!(terminal.child.try_wait().unwrap().is_none(), "it ended early");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        terminal.press(CTRL_C);
        terminal.wait_for("^C");
        fs_err::write(tools.join("pressed"), "").unwrap();
        let (status, screen) = terminal.end();
        assert_eq!(status, Some(130), "{screen}");
        assert!(screen.contains("interrupted; the change had begun and is complete"), "{screen}");
        assert_eq!(version(&host), "1.0.2");
    }
}
