//! A difference as people read it.

use std::fmt::{self, Display, Formatter};

use super::{Change, Difference, FileChange, Side, Single, TextChange, Upgrade};
use console::printable::{Size, line, lines};

impl Display for Difference {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "old  {}\nnew  {}", self.old, self.new)?;
        for warning in &self.warnings {
            writeln!(f, "warning: {}", line(warning))?;
        }
        if self.identical {
            return writeln!(f, "\nno differences");
        }
        changes(f, "package", &self.package)?;
        changes(f, "metadata.yaml", &self.metadata)?;
        changes(f, "fields", &self.fields)?;
        section(f, "relations", &self.relations.iter().map(relation).collect::<Vec<_>>())?;
        section(f, "packages in repositories", &self.repositories)?;
        let files = &self.files;
        writeln!(
            f,
            "\nfiles: {} added, {} removed, {} changed, {} unchanged",
            files.added.len(),
            files.removed.len(),
            files.changed.len(),
            files.unchanged
        )?;
        files.added.iter().try_for_each(|file| single(f, '+', file))?;
        files.removed.iter().try_for_each(|file| single(f, '-', file))?;
        files.changed.iter().try_for_each(|file| writeln!(f, "  ~ {file}"))?;
        let indexes: Vec<_> = self.indexes.iter().map(|path| line(path)).collect();
        section(f, "indexes that follow", &indexes)?;
        for script in &self.scripts {
            text(f, &format!("script {}", script.name), &script.text)?;
        }
        for file in &files.changed {
            if let Some(change) = &file.text {
                text(f, &file.path, change)?;
            }
        }
        Ok(())
    }
}

impl Display for Side {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let release = self.release.as_ref().map(|r| format!("-{r}")).unwrap_or_default();
        write!(f, "{} {}{}", line(&self.name), line(&self.version), line(&release))?;
        write!(f, "  {}  {}", self.format, Size(self.size))
    }
}

/// `libfoo 1.2-1 -> 1.2-2  amd64, repositories/ubuntu`
impl Display for Upgrade {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let versions = |versions: &[String]| match versions {
            [] => "none".to_owned(),
            some => some.join(", "),
        };
        let (old, new) = (versions(&self.old), versions(&self.new));
        write!(f, "{} {} -> {}", line(&self.name), line(&old), line(&new))?;
        write!(f, "  {}, {}", line(&self.architecture), line(&self.folder))
    }
}

impl Display for FileChange {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", line(&self.path))?;
        for (position, change) in self.changes.iter().enumerate() {
            f.write_str(if position == 0 { " " } else { ", " })?;
            match change.name.as_str() {
                "content" => {
                    write!(f, "content ({} -> {})", Size(self.old_size), Size(self.new_size))?;
                }
                name => write!(f, "{name} {}", Arrow(change))?,
            }
        }
        Ok(())
    }
}

/// `1.0.2 -> 1.0.3`
struct Arrow<'a>(&'a Change);

impl Display for Arrow<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let side = |value: &Option<String>| {
            value.as_deref().map_or_else(|| "none".to_owned(), |value| line(value).into_owned())
        };
        write!(f, "{} -> {}", side(&self.0.old), side(&self.0.new))
    }
}

fn changes(f: &mut Formatter<'_>, title: &str, changes: &[Change]) -> fmt::Result {
    let name = |change: &Change| line(&change.name).into_owned();
    let width = changes.iter().map(|c| name(c).chars().count()).max().unwrap_or(0);
    let rows = changes.iter().map(|c| format!("{:<width$}  {}", name(c), Arrow(c)));
    section(f, title, &rows.collect::<Vec<_>>())
}

/// `+ requires libfoo`
fn relation(change: &Change) -> String {
    let (mark, expression) = match (&change.old, &change.new) {
        (_, Some(new)) => ('+', new),
        (Some(old), None) => ('-', old),
        (None, None) => return String::new(),
    };
    format!("{mark} {} {}", change.name, line(expression))
}

fn section(f: &mut Formatter<'_>, title: &str, rows: &[impl Display]) -> fmt::Result {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{title}")?;
    rows.iter().try_for_each(|row| writeln!(f, "  {row}"))
}

fn single(f: &mut Formatter<'_>, mark: char, file: &Single) -> fmt::Result {
    writeln!(f, "  {mark} {}  {}  {}", line(&file.path), file.mode, Size(file.size))
}

fn text(f: &mut Formatter<'_>, name: &str, change: &TextChange) -> fmt::Result {
    if let Some(diff) = &change.diff {
        write!(f, "\n{}", lines(diff))?;
    }
    match &change.note {
        Some(note) => writeln!(f, "\n{}: {note}", line(name)),
        None => Ok(()),
    }
}
