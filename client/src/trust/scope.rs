//! What a key is trusted for: patterns of plugin names, and whether its packages may bring scripts.

use std::fmt;
use std::str::FromStr;

use plugin::PluginName;
use plugin::yaml;
use serde::{Serialize, Serializer};

/// Stands among patterns, of which it is none, where packages may bring scripts.
const SCRIPTS: &str = "+scripts";

/// What a key is trusted for; nothing by default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Scope {
    /// Names of plugins.
    pub plugins: Vec<Pattern>,
    /// Whether packages may bring scripts that are not those `fpb` generates.
    pub scripts: bool,
}

/// A plugin's name in which `*`, `?` and `[a-z]` stand for several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(glob::Pattern);

/// A text that is no pattern of names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no pattern of plugin names: a-z, 0-9, `_`, `-`, `*`, `?` and `[...]` are allowed", .0.escape_debug())]
pub struct BadPattern(pub String);

/// A file that is no scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadScope(String);

impl Scope {
    /// Returns the scope that has these plugins, without scripts.
    pub fn of(plugins: Vec<Pattern>) -> Self {
        Self { plugins, scripts: false }
    }

    /// Whether it has a plugin.
    pub fn takes(&self, name: &PluginName) -> bool {
        self.plugins.iter().any(|pattern| pattern.0.matches(name.as_str()))
    }

    /// Reads the text of a scope file: `plugins: [ldap*, demo]`, `scripts: false`.
    pub fn parse(text: &str) -> Result<Self, BadScope> {
        let document = yaml::parse(text).map_err(|error| BadScope(error.message))?;
        if let Some(twice) = document.duplicates.first() {
            return Err(BadScope(format!("`{}` is set twice", twice.key)));
        }
        let mut scope = Self::default();
        let root = document.root.ok_or_else(|| BadScope("it is empty".to_owned()))?;
        let map = root.as_map().ok_or_else(|| BadScope("it is no mapping".to_owned()))?;
        for entry in map.entries() {
            match entry.key.as_str() {
                Some("plugins") => scope.plugins = patterns(&entry.value)?,
                Some("scripts") => {
                    let given = entry.value.as_bool();
                    scope.scripts =
                        given.ok_or_else(|| BadScope("`scripts` is no boolean".to_owned()))?;
                }
                // What is not understood may have been meant as a limit.
                other => {
                    let name = other.unwrap_or("a key");
                    return Err(BadScope(format!("`{}` is not known", name.escape_debug())));
                }
            }
        }
        if scope.plugins.is_empty() {
            return Err(BadScope("it names no `plugins`".to_owned()));
        }
        Ok(scope)
    }

    /// Returns the text of the file that says this.
    pub fn text(&self) -> String {
        let plugins: Vec<_> = self.plugins.iter().map(|one| format!("'{one}'")).collect();
        format!("plugins: [{}]\nscripts: {}\n", plugins.join(", "), self.scripts)
    }

    /// Returns the words by which history tells it: patterns, and [`SCRIPTS`].
    pub(crate) fn words(&self) -> Vec<String> {
        let scripts = self.scripts.then(|| SCRIPTS.to_owned());
        self.plugins.iter().map(ToString::to_string).chain(scripts).collect()
    }

    /// Returns the scope that history tells by these words.
    pub fn of_words(words: &[String]) -> Self {
        let plugins = words.iter().filter_map(|word| word.parse().ok()).collect();
        Self { plugins, scripts: words.iter().any(|word| word == SCRIPTS) }
    }

    /// Returns another pattern that has all names which this one has.
    pub(crate) fn wider(&self, pattern: &Pattern) -> Option<&Pattern> {
        self.plugins.iter().find(|one| *one != pattern && one.0.matches(pattern.as_str()))
    }

    /// Returns the scope without these patterns.
    pub(crate) fn beyond(&self, known: &[Pattern]) -> Self {
        let plugins = self.plugins.iter().filter(|one| !known.contains(one)).cloned().collect();
        Self { plugins, ..*self }
    }

    /// Returns what this and another scope have together.
    pub fn and(mut self, other: &Self) -> Self {
        for pattern in &other.plugins {
            if !self.plugins.contains(pattern) {
                self.plugins.push(pattern.clone());
            }
        }
        self.scripts |= other.scripts;
        self
    }
}

fn patterns(node: &yaml::Node) -> Result<Vec<Pattern>, BadScope> {
    let items = node.as_list().ok_or_else(|| BadScope("`plugins` is no list".to_owned()))?;
    let pattern = |text: &str| text.parse::<Pattern>().map_err(|bad| BadScope(bad.to_string()));
    let read = items.iter().map(|item| match item.as_str() {
        Some(text) => pattern(text),
        None => Err(BadScope("`plugins` has what is no text".to_owned())),
    });
    read.collect()
}

impl Pattern {
    /// Returns the pattern of one name.
    pub fn exactly(name: &PluginName) -> Self {
        Self(glob::Pattern::new(name.as_str()).expect("names have nothing that stands for others"))
    }

    /// Returns it as it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl FromStr for Pattern {
    type Err = BadPattern;

    fn from_str(text: &str) -> Result<Self, BadPattern> {
        let allowed =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-*?[]!".contains(c);
        if text.is_empty() || !text.chars().all(allowed) {
            return Err(BadPattern(text.to_owned()));
        }
        glob::Pattern::new(text).map(Self).map_err(|_| BadPattern(text.to_owned()))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The names of plugins, as people read them: `ldap*, demo`.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plugins: Vec<_> = self.plugins.iter().map(Pattern::as_str).collect();
        f.write_str(&plugins.join(", "))
    }
}
