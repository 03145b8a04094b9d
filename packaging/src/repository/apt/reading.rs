//! Indexes read back, as a client does: for those who judge a finished repository.

use plugin::Format;

use crate::ReadError;
use crate::deb::Paragraph;
use crate::stream::damaged;

/// A list of digests in `Release`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its title: `SHA256`.
    pub title: String,
    /// Digest, length and path of each index.
    pub indexes: Vec<(String, u64, String)>,
}

/// A package that an index names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its path in the repository.
    pub path: String,
    /// Its length.
    pub size: u64,
    /// Its MD5, hexadecimal.
    pub md5: String,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
}

/// What `Release` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Its one-line fields.
    pub fields: Vec<(String, String)>,
    /// Its lists.
    pub sections: Vec<Section>,
}

impl Contents {
    /// Returns the value of the field `name`.
    pub fn field(&self, name: &str) -> Option<&str> {
        let (_, value) = self.fields.iter().find(|(known, _)| known == name)?;
        Some(value)
    }
}

/// Reads `Release`.
pub fn contents(text: &str) -> Result<Contents, ReadError> {
    let paragraph = Paragraph::parse(text.as_bytes())?;
    let mut contents = Contents::default();
    for (name, value) in paragraph.fields {
        let value = String::from_utf8_lossy(&value).into_owned();
        match value.strip_prefix('\n') {
            Some(lines) => {
                let indexes = lines.lines().map(index).collect::<Result<_, _>>()?;
                contents.sections.push(Section { title: name, indexes });
            }
            None => contents.fields.push((name, value)),
        }
    }
    Ok(contents)
}

fn index(line: &str) -> Result<(String, u64, String), ReadError> {
    let parts: Vec<_> = line.split_ascii_whitespace().collect();
    let [digest, size, path] = parts[..] else { return Err(bad(line)) };
    Ok((digest.to_owned(), size.parse().map_err(|_| bad(line))?, path.to_owned()))
}

fn bad(line: &str) -> ReadError {
    damaged(Format::Deb, format!("`{}` in `Release` names no index", line.escape_debug()))
}

/// Reads the packages that an index has.
pub fn packages(index: &str) -> Result<Vec<Listed>, ReadError> {
    let paragraphs = index.split("\n\n").filter(|text| !text.trim().is_empty());
    paragraphs.map(|text| listed(&Paragraph::parse(text.as_bytes())?)).collect()
}

fn listed(paragraph: &Paragraph) -> Result<Listed, ReadError> {
    let size = paragraph.required("Size")?;
    let size = size.parse().map_err(|_| damaged(Format::Deb, format!("`{size}` is no size")))?;
    let text = |name| Ok::<_, ReadError>(paragraph.required(name)?.to_owned());
    Ok(Listed { path: text("Filename")?, size, md5: text("MD5sum")?, sha256: text("SHA256")? })
}
