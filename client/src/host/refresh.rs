//! Which edition of a repository the package manager itself has read.
//!
//! It reads on its own and may be shown another edition than we are, or an older one: its lists say of
//! which time they are.

use std::ffi::OsString;
use std::io;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::backend::{Backend, Family};
use super::{Host, HostError};
use crate::repository::Side;

impl Host {
    /// Who reads repositories here; `None` where nobody does.
    pub fn side(&self) -> Option<Side> {
        match self.backend()? {
            Backend::Dnf | Backend::Dnf5 | Backend::Yum => Some(Side::Yum),
            Backend::Apt => Some(Side::Apt),
            Backend::Rpm | Backend::Dpkg => None,
        }
    }

    /// Has apt read the repository `name` anew, which is set up in a file of that name, and no other. dnf
    /// reads when it is asked.
    pub fn refresh(&self, name: &str) -> Result<(), HostError> {
        let manager = self.manager()?;
        if manager.backend.family() == Family::Rpm {
            return Ok(());
        }
        let file = format!("etc/apt/sources.list.d/{name}.sources");
        let mut command = manager.apt(true);
        command.extend(manager.arguments.iter().cloned());
        let mut only = OsString::from("Dir::Etc::sourcelist=");
        only.push(self.places.root().join(file));
        let others = ["Dir::Etc::sourceparts=/dev/null", "APT::Get::List-Cleanup=0"];
        for option in [only].into_iter().chain(others.map(OsString::from)) {
            command.extend(["-o".into(), option]);
        }
        command.push("update".into());
        let ran = self.patiently(&command, &mut |_| {})?;
        if ran.status.success() { Ok(()) } else { Err(HostError::Failed(ran)) }
    }

    /// Returns the time of the edition that the package manager has of the repository `name`, whose face
    /// for apt is `suite` at `url`; `None` where it has none, or does not say.
    pub fn edition(
        &self,
        name: &str,
        url: &str,
        suite: &str,
    ) -> Result<Option<Timestamp>, HostError> {
        match self.manager()?.backend.family() {
            Family::Rpm => self.revision(name),
            Family::Dpkg => Ok(self.release_date(url, suite)?),
        }
    }

    /// Our repositories have the second of their publication as their revision.
    fn revision(&self, name: &str) -> Result<Option<Timestamp>, HostError> {
        let manager = self.manager()?;
        let mut command = manager.dnf(true);
        command.extend(manager.arguments.iter().cloned());
        // yum has it in its longer list alone. dnf looks anew at most once a second if not told to.
        let words: &[&str] = match manager.backend {
            Backend::Yum => &["-v", "repolist"],
            _ => &["-q", "--refresh", "repoinfo"],
        };
        command.push("--disablerepo=*".into());
        command.push(format!("--enablerepo={name}").into());
        command.extend(words.iter().map(OsString::from));
        command.push(name.into());
        let text = self.runner.ask(&command)?.success()?;
        Ok(text.lines().find_map(revision))
    }

    fn release_date(&self, url: &str, suite: &str) -> io::Result<Option<Timestamp>> {
        let list = list_name(&format!("{url}/apt/dists/{suite}/InRelease"));
        let path = self.places.root().join("var/lib/apt/lists").join(list);
        let text = match fs_err::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(text.lines().find_map(|line| line.strip_prefix("Date: ")).and_then(date))
    }
}

/// Reads `Repo-revision      : 1700000000`.
fn revision(line: &str) -> Option<Timestamp> {
    let (title, value) = line.split_once(':')?;
    let is_it = title.trim().to_ascii_lowercase().ends_with("revision");
    is_it.then(|| Timestamp::from_second(value.trim().parse().ok()?).ok())?
}

/// Reads a date as apt's releases have it.
pub(crate) fn date(text: &str) -> Option<Timestamp> {
    let text = text.trim().replace("UTC", "GMT");
    rfc2822::parse(&text).ok().map(|date| date.timestamp())
}

/// Returns what apt calls the list that it has of `url`.
fn list_name(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let mut name = String::new();
    for c in rest.chars() {
        match c {
            '/' => name.push('_'),
            c if r#"\|{}[]<>"^~_=!@#$%^&*"#.contains(c) || !c.is_ascii_graphic() => {
                name.push_str(&format!("%{:02x}", c as u32));
            }
            c => name.push(c),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use packaging::repository::apt;

    use super::*;

    #[test]
    fn lists_are_found_by_apts_names_and_tell_their_time() {
        assert_eq!(
            list_name("http://127.0.0.1:8080/a_b/apt/dists/stable/InRelease"),
            "127.0.0.1:8080_a%5fb_apt_dists_stable_InRelease"
        );
        assert_eq!(list_name("file:///srv/x/InRelease"), "_srv_x_InRelease");
        let second = Timestamp::from_second(1_700_000_000).unwrap();
        assert_eq!(revision("Repo-revision      : 1700000000"), Some(second));
        assert_eq!(revision("Repo-name : 1700000000"), None);
        assert_eq!(date(&apt::date(1_700_000_000)), Some(second));
        assert_eq!(date("soon"), None);
    }
}
