//! An inspection as people read it.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use super::{FileEntry, Inspection, Integrity, Script, Totals};
use console::printable::{Size, line, lines};

/// Digits of a digest that tell files apart at a glance.
const SHORT: usize = 12;

impl Display for Inspection {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let package = &self.package;
        if let Some(plugin) = &self.plugin {
            let part = |value: &Option<String>| value.as_deref().unwrap_or("?").to_owned();
            row(f, "plugin", &format!("{} {}", part(&plugin.name), part(&plugin.version)))?;
            row(f, "package version", &part(&plugin.package_version))?;
        }
        let release = package.release.as_ref().map(|r| format!("-{r}")).unwrap_or_default();
        row(f, "package", &format!("{} {}{release}", package.name, package.version))?;
        row(f, "file", &format!("{}, {}, {}", self.format, self.compression, Size(self.size)))?;
        row(f, "sha256", &self.sha256)?;
        row(f, "content", &self.totals.to_string())?;
        let fields = self.fields.iter().flatten().map(|field| (&*field.name, &*field.value));
        table(f, "fields", &fields.collect::<Vec<_>>())?;
        let relations = self.relations.iter().flatten().map(|r| (r.kind, &*r.expression));
        table(f, "relations", &relations.collect::<Vec<_>>())?;
        let integrity: Vec<_> =
            self.integrity.iter().flatten().map(|part| (&*part.name, verdict(part))).collect();
        let rows = integrity.iter().map(|(name, verdict)| (*name, &**verdict));
        table(f, "integrity", &rows.collect::<Vec<_>>())?;
        self.scripts.iter().flatten().try_for_each(|script| show_script(f, script))?;
        show_files(f, self.files.as_deref().unwrap_or_default())?;
        match &*self.damage {
            [] => Ok(()),
            [part] => writeln!(f, "\nDAMAGED: {} does not hold", line(part)),
            parts => writeln!(f, "\nDAMAGED: {} do not hold", line(&parts.join(", "))),
        }
    }
}

/// `files 12, folders 3, links 1, 1.2 MiB`
impl Display for Totals {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { files, folders, links, others, bytes } = self;
        write!(f, "files {files}, folders {folders}, links {links}")?;
        if *others > 0 {
            write!(f, ", OTHERS {others}")?;
        }
        write!(f, ", {}", Size(*bytes))
    }
}

fn row(f: &mut Formatter<'_>, name: &str, value: &str) -> fmt::Result {
    writeln!(f, "{name:<17}{}", line(value))
}

/// Writes names and values under each other; further lines of a value stand below its first.
fn table(f: &mut Formatter<'_>, title: &str, rows: &[(&str, &str)]) -> fmt::Result {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{title}")?;
    let width = rows.iter().map(|(name, _)| line(name).chars().count()).max().unwrap_or(0);
    for (name, value) in rows {
        let mut parts = value.split('\n');
        writeln!(f, "  {:<width$}  {}", line(name), line(parts.next().unwrap_or_default()))?;
        for part in parts {
            writeln!(f, "  {:<width$}  {}", "", line(part))?;
        }
    }
    Ok(())
}

fn verdict(part: &Integrity) -> Cow<'static, str> {
    match (part.holds, &part.issuer) {
        (Some(true), _) => "holds".into(),
        (Some(false), _) => "DOES NOT HOLD".into(),
        (None, Some(issuer)) => format!("by key {issuer}, not judged").into(),
        (None, None) => "not judged".into(),
    }
}

fn show_script(f: &mut Formatter<'_>, script: &Script) -> fmt::Result {
    writeln!(f, "\nscript {} ({})", line(&script.name), line(&script.interpreter.join(" ")))?;
    if script.body.trim().is_empty() {
        return writeln!(f, "  (empty)");
    }
    for text in lines(&script.body).lines() {
        writeln!(f, "  {text}")?;
    }
    Ok(())
}

fn show_files(f: &mut Formatter<'_>, files: &[FileEntry]) -> fmt::Result {
    if files.is_empty() {
        return Ok(());
    }
    writeln!(f, "\nfiles")?;
    let owners = files.iter().map(|file| line(&file.owner).chars().count()).max().unwrap_or(0);
    let sizes = files.iter().map(|file| Size(file.size).to_string().len()).max().unwrap_or(0);
    for file in files {
        let digest = file.sha256.as_deref().unwrap_or_default();
        write!(
            f,
            "  {}  {:<owners$}  {:>sizes$}  {:<SHORT$}  {}",
            file.mode,
            line(&file.owner),
            Size(file.size),
            digest.get(..SHORT).unwrap_or(digest),
            line(&file.path),
        )?;
        match &file.target {
            Some(target) => writeln!(f, " -> {}", line(target))?,
            None => writeln!(f)?,
        }
    }
    Ok(())
}
