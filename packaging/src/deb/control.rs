//! The control paragraph that we write.
//!
//! Whatever the metadata says, a value cannot leave its field: line breaks and other control
//! characters become blanks, and each line of the one field with several is indented.

use super::{Identity, scripts};
use crate::{Blueprint, Contents, Kind, WriteError};

/// The address of a maintainer who gave none; no mail can go there.
const NO_ADDRESS: &str = "unspecified@packages.invalid";

/// Returns the package's `control`.
pub(super) fn paragraph(
    blueprint: &Blueprint,
    identity: &Identity,
    files: &Contents,
) -> Result<String, WriteError> {
    let needs = scripts::needs(&blueprint.hooks)?;
    let id = &blueprint.id;
    let mut fields = vec![
        ("Package", identity.name.clone()),
        ("Version", identity.version.clone()),
        ("Architecture", "all".to_owned()),
        ("Maintainer", maintainer(blueprint)),
        ("Installed-Size", installed_size(files).to_string()),
    ];
    fields.extend(needs.before_unpacking.map(|package| ("Pre-Depends", package.to_owned())));
    if !needs.while_configured.is_empty() {
        fields.push(("Depends", needs.while_configured.join(", ")));
    }
    fields.extend([("Section", "admin".to_owned()), ("Priority", "optional".to_owned())]);
    fields.extend(homepage(blueprint).map(|address| ("Homepage", address.to_owned())));
    fields.extend([
        ("Plugin-Name", id.name.to_string()),
        ("Plugin-Version", id.version.to_string()),
        ("Plugin-Package-Version", id.generation.to_string()),
        ("Description", description(blueprint)),
    ]);
    Ok(fields.iter().map(|(name, value)| format!("{name}: {value}\n")).collect())
}

/// Returns the first author with an address, or the first author, as `Name <address>`.
pub(super) fn maintainer(blueprint: &Blueprint) -> String {
    let mut people = blueprint.authors.iter().map(|author| person(author));
    let first = people.next().unwrap_or((String::new(), None));
    let (name, address) = if first.1.is_some() {
        first
    } else {
        people.find(|(_, address)| address.is_some()).unwrap_or(first)
    };
    let name = if name.is_empty() { blueprint.id.name.to_string() } else { name };
    format!("{name} <{}>", address.as_deref().unwrap_or(NO_ADDRESS))
}

/// Returns the first one with an address of those that `author` names, or the first one.
fn person(author: &str) -> (String, Option<String>) {
    let author = one_line(author);
    let mut people = author.split_inclusive('>').map(name_and_address);
    let first = people.next().unwrap_or_default();
    match first.1 {
        Some(_) => first,
        None => people.find(|(_, address)| address.is_some()).unwrap_or(first),
    }
}

/// Splits `Name <user@host>` or `user@host`; brackets and the like are no part of a name, nor is what
/// looks like an address.
fn name_and_address(author: &str) -> (String, Option<String>) {
    let trimmed = |word: &'_ str| -> String {
        word.trim_matches(|c: char| "<>(),;\"".contains(c)).to_owned()
    };
    let words: Vec<_> = author.split(' ').map(trimmed).collect();
    let address = words.iter().find(|word| is_address(word)).cloned();
    let name: Vec<_> = words
        .iter()
        .filter(|word| !word.is_empty() && !word.contains('@'))
        .map(String::as_str)
        .collect();
    let name = name.join(" ").replace(['<', '>'], "");
    match &address {
        Some(address) if name.is_empty() => {
            let user = address.split('@').next().unwrap_or_default();
            (user.to_owned(), Some(address.clone()))
        }
        _ => (name, address),
    }
}

/// Whether mail can go to `word`: one user at a host of at least two names.
fn is_address(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".+-_@".contains(c);
    let Some((user, host)) = word.split_once('@') else { return false };
    let names = host.split('.');
    word.chars().all(plain)
        && !user.is_empty()
        && !host.contains('@')
        && names.clone().count() > 1
        && names.into_iter().all(|name| !name.is_empty())
}

/// Returns the homepage where it is an address on the web.
pub(super) fn homepage(blueprint: &Blueprint) -> Option<&str> {
    let address = blueprint.homepage.as_deref()?.trim();
    let on_the_web = address.starts_with("http://") || address.starts_with("https://");
    let plain = |c: char| !c.is_whitespace() && !c.is_control();
    (on_the_web && address.chars().all(plain)).then_some(address)
}

/// Returns the installed size in KiB as `dpkg-gencontrol` counts: files and links rounded up each,
/// 1 for every folder, the root included.
fn installed_size(files: &Contents) -> u64 {
    let size = |kind: &Kind| match kind {
        Kind::File { size, .. } => size.div_ceil(1024),
        Kind::Link { target } => (target.len() as u64).div_ceil(1024),
        Kind::Folder => 1,
    };
    1 + files.iter().map(|(_, entry)| size(&entry.kind)).sum::<u64>()
}

/// Returns the synopsis and, indented, the text below it.
fn description(blueprint: &Blueprint) -> String {
    let title = one_line(&blueprint.title);
    let mut text = if title.is_empty() { blueprint.id.name.to_string() } else { title };
    let description = blueprint.description.trim();
    if description.is_empty() {
        text.push_str(&format!(
            "\n Plugin {}, version {}.",
            blueprint.id.name, blueprint.id.version
        ));
    }
    for line in description.lines() {
        let line = without_controls(line);
        match line.trim_end() {
            "" => text.push_str("\n ."),
            // Debian keeps one blank and a dot for itself.
            line if line.starts_with('.') => text.push_str(&format!("\n  {line}")),
            line => text.push_str(&format!("\n {line}")),
        }
    }
    text
}

/// Returns `text` on one line, words apart by one blank.
pub(super) fn one_line(text: &str) -> String {
    without_controls(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn without_controls(text: &str) -> String {
    text.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use plugin::{Generation, PluginId};

    use super::*;
    use crate::deb::paragraph::Paragraph;

    fn blueprint(title: &str, description: &str, authors: &[&str]) -> Blueprint {
        Blueprint {
            id: PluginId {
                name: "demo".parse().unwrap(),
                version: "1.0.0b2".parse().unwrap(),
                generation: Generation::V5,
            },
            release: "1".to_owned(),
            title: title.to_owned(),
            description: description.to_owned(),
            homepage: None,
            licenses: Vec::new(),
            authors: authors.iter().map(|&author| author.to_owned()).collect(),
            contents: Contents::default(),
            hooks: crate::Hooks::default(),
            time: 0,
        }
    }

    #[test]
    fn no_text_leaves_its_field() {
        let blueprint = blueprint(
            "A\nEssential: yes\r\n",
            "one\n\nPackage: other\n. dot\n  indented\u{1b}[1m\n\n\u{2028}x\n",
            &["Eve\nEssential: yes <eve@example.org>"],
        );
        let identity = Identity { name: "demo-1.0".to_owned(), version: "1.0.0~b2-1".to_owned() };
        let text = paragraph(&blueprint, &identity, &Contents::default()).unwrap();
        insta::assert_snapshot!(text, @r"
        Package: demo-1.0
        Version: 1.0.0~b2-1
        Architecture: all
        Maintainer: Eve Essential: yes <eve@example.org>
        Installed-Size: 1
        Section: admin
        Priority: optional
        Plugin-Name: demo
        Plugin-Version: 1.0.0b2
        Plugin-Package-Version: 5.0.0
        Description: A Essential: yes
         one
         .
         Package: other
          . dot
           indented [1m
         .
          x
        ");
        let fields = Paragraph::parse(text.as_bytes()).unwrap().fields;
        let names: Vec<_> = fields.into_iter().map(|(name, _)| name).collect();
        assert!(!names.contains(&"Essential".to_owned()), "{names:?}");
        assert_eq!(names.last().map(String::as_str), Some("Description"));
    }

    #[test]
    fn a_maintainer_is_an_author_and_never_invented() {
        let table: [(&[&str], &str); 11] = [
            (&["Ann Other <ann@example.org>"], "Ann Other <ann@example.org>"),
            (&["ann@example.org"], "ann <ann@example.org>"),
            (&["Ann (ann@example.org)"], "Ann <ann@example.org>"),
            (&["Acme", "Ann <ann@example.org>"], "Ann <ann@example.org>"),
            (&["Acme, Inc. <@>"], "Acme Inc. <unspecified@packages.invalid>"),
            (&["A <a@b.org>, B <c@d.org>"], "A <a@b.org>"),
            (&["a@b.org, c@d.org"], "a <a@b.org>"),
            (&["A <a@b>, B <c@d.org>"], "B <c@d.org>"),
            (&["X <a@b>"], "X <unspecified@packages.invalid>"),
            (&[], "demo <unspecified@packages.invalid>"),
            (&["Ünal <x"], "Ünal x <unspecified@packages.invalid>"),
        ];
        for (authors, expected) in table {
            assert_eq!(maintainer(&blueprint("", "", authors)), expected);
        }
    }
}
