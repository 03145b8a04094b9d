//! `fpb key create`

use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use console::printable::path;
use console::{Failure, Report};
use fs_err::os::unix::fs::OpenOptionsExt as _;
use packaging::signature::{NewKey, NotCreated, Passphrase};
use serde_json::json;

use super::Source;
use crate::environment::Environment;
use crate::failure::Kind;

/// Whose key, and where to.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb key create --name 'Release <release@example.org>'
  fpb key create --name Release -o keys/2026.key --passphrase-fd 3 3</run/credentials/release
  fpb key create --name Demo --no-passphrase")]
pub(crate) struct Arguments {
    /// Whose key it is, as people will read it: `Name <address>`
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Where the secret key goes
    #[arg(
        short,
        long,
        value_name = "FILE",
        default_value = "release.key",
        value_hint = ValueHint::FilePath
    )]
    output: PathBuf,
    #[command(flatten)]
    passphrase: Source,
    /// Lock the secret key with no passphrase: whoever has the file can sign
    #[arg(long, conflicts_with_all = ["passphrase_fd", "passphrase_file"])]
    no_passphrase: bool,
}

/// The three files of a key.
struct Files {
    secret: PathBuf,
    certificate: PathBuf,
    revoked: PathBuf,
}

/// Makes a key.
pub(crate) fn run(
    arguments: &Arguments,
    report: &mut Report,
    environment: &Environment,
) -> Result<(), Failure> {
    let files = Files::of(&arguments.output)?;
    let passphrase = passphrase(arguments, report)?;
    let key = NewKey::create(&arguments.name, passphrase, environment.now).map_err(|error| {
        let kind = if matches!(error, NotCreated::Name(_)) { Kind::Usage } else { Kind::Failed };
        Failure::from_error(kind, &error)
    })?;
    files.write(&key).map_err(|error| Failure::from_error(Kind::Failed, &error))?;
    report.changed();
    warn_of_readers(&files, report);
    tell(&key, &files, report);
    Ok(())
}

/// Returns what the key is to be locked with.
fn passphrase(arguments: &Arguments, report: &mut Report) -> Result<Option<Passphrase>, Failure> {
    if arguments.no_passphrase {
        return Ok(None);
    }
    let passphrase = match arguments.passphrase.read()? {
        None => asked(report)?,
        Some(given) => given,
    };
    if passphrase.is_empty() {
        return Err(Failure::new(Kind::Usage, "the passphrase is empty")
            .help("to have a key without a passphrase, say `--no-passphrase`"));
    }
    Ok(Some(passphrase))
}

/// Asks for a passphrase, twice: nobody sees what is typed.
fn asked(report: &mut Report) -> Result<Passphrase, Failure> {
    let Some(first) = report.ask_secret("Passphrase of the new key")? else {
        return Err(Failure::new(Kind::Usage, "nobody can be asked for the key's passphrase")
            .help(
                "give it with `--passphrase-file` or `--passphrase-fd`, or say `--no-passphrase`",
            ));
    };
    if report.ask_secret("The same again")?.as_ref() != Some(&first) {
        return Err(Failure::new(Kind::Usage, "the two passphrases differ"));
    }
    Ok(Passphrase::from(first))
}

impl Files {
    /// Names the files of the key that goes to `secret`. None of them may be there.
    fn of(secret: &Path) -> Result<Self, Failure> {
        let files = Self {
            secret: secret.to_owned(),
            certificate: secret.with_extension("asc"),
            revoked: secret.with_extension("revoked.asc"),
        };
        if files.secret == files.certificate || secret.file_name().is_none() {
            let message = format!("`{}` is no name for a secret key", path(secret));
            return Err(Failure::new(Kind::Usage, message)
                .help("the certificate's name ends in `.asc`; end the key's in `.key`"));
        }
        if let Some(there) = files.all().into_iter().find(|it| it.symlink_metadata().is_ok()) {
            return Err(occupied(there));
        }
        Ok(files)
    }

    fn all(&self) -> [&Path; 3] {
        [&self.revoked, &self.certificate, &self.secret]
    }

    /// Writes all of them or none; the secret key last, because it is what others look for.
    fn write(&self, key: &NewKey) -> io::Result<()> {
        // Who has the last one can tell the world that the key is stolen.
        let contents =
            [(key.revoked()?, 0o600), (key.certificate()?, 0o644), (key.secret()?, 0o600)];
        for (at, (file, (bytes, mode))) in self.all().into_iter().zip(contents).enumerate() {
            if let Err(error) = write(file, &bytes, mode) {
                // What was there before is not ours to remove.
                let ours = if error.kind() == ErrorKind::AlreadyExists { at } else { at + 1 };
                for file in &self.all()[..ours] {
                    let _ = fs_err::remove_file(file);
                }
                return Err(error);
            }
        }
        Ok(())
    }
}

/// Writes a new file, which nobody else ever sees with another mode.
fn write(file: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut out = fs_err::OpenOptions::new().write(true).create_new(true).mode(mode).open(file)?;
    out.write_all(bytes)?;
    out.sync_all()
}

/// Some disks know no modes: there everybody can read everything.
fn warn_of_readers(files: &Files, report: &mut Report) {
    let mode = fs_err::metadata(&files.secret).map_or(0, |it| it.permissions().mode());
    if mode & 0o077 != 0 {
        let message = format!("others can read `{}`: its disk keeps no modes", path(&files.secret));
        let warning = Failure::new(Kind::Key, message);
        report.warning(
            &warning.help("move it to a disk that does, and make a new key if it was read"),
        );
    }
}

fn occupied(file: &Path) -> Failure {
    Failure::new(Kind::Conflict, format!("`{}` exists already", path(file)))
        .help("a key is never replaced: name another file with `--output`")
}

fn tell(key: &NewKey, files: &Files, report: &mut Report) {
    let fingerprint = key.fingerprint();
    report.answer(
        &format!(
            " created  {}  the secret key: keep it safe\n \
             created  {}  the certificate: give it to those who install\n \
             created  {}  keep it apart: publish it if the secret key is lost or stolen\n \
             key      {fingerprint}",
            path(&files.secret),
            path(&files.certificate),
            path(&files.revoked),
        ),
        &json!({
            "key": fingerprint.as_str(),
            "secret": files.secret.to_string_lossy(),
            "certificate": files.certificate.to_string_lossy(),
            "revoked": files.revoked.to_string_lossy(),
        }),
    );
}
