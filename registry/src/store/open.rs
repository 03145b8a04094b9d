//! Opens the registry's file so that nothing in it is trusted, and makes a new one.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::{Audit, Fault, Problem, StoreError, moment, row};
use crate::schema;

/// How long a writer waits for other programs that look into the file; ours take no lock.
const PATIENCE: Duration = Duration::from_secs(5);

/// SQLite's way to files that takes no locks.
const UNLOCKED: &std::ffi::CStr = c"unix-none";

/// How every file is opened.
const FLAGS: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX.union(OpenFlags::SQLITE_OPEN_EXRESCODE);

/// Opens the file for reading; gives an empty registry where there is none.
pub(super) fn for_reading(path: &Path) -> Result<Connection, StoreError> {
    if is_absent(path)? {
        return empty().map_err(|fault| fault.at(path));
    }
    refuse_log(path)?;
    moment::ask(path, || {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | FLAGS;
        let connection = guarded(Connection::open_with_flags_and_vfs(path, flags, UNLOCKED)?)?;
        let version = schema::check(&connection)?;
        for table in row::SHOWN.iter().filter(|table| table.since <= version) {
            sound(&connection, &format!("quick_check({})", table.name))?;
        }
        Ok(connection)
    })
}

/// Opens the file for writing, with the newest tables; makes it where there is none.
pub(super) fn for_writing(path: &Path) -> Result<Connection, StoreError> {
    if is_absent(path)? {
        create(path)?;
    }
    refuse_log(path)?;
    let open = || {
        let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let version = schema::check(&connection)?;
        sound(&connection, "quick_check(1)")?;
        Ok((connection, version))
    };
    let (mut connection, found) = open().map_err(|fault: Fault| fault.at(path))?;
    let known = schema::KNOWN;
    if found > known {
        return Err(StoreError::NewerSchema { path: path.to_owned(), found, known });
    }
    if found < known {
        back_up(path, found)?;
        schema::migrate(&mut connection).map_err(|fault| fault.at(path))?;
    }
    Ok(connection)
}

/// Whether there is no registry, and none was lost. What cannot be one is damage already here.
fn is_absent(path: &Path) -> Result<bool, StoreError> {
    let damaged = |problem: &str| Problem::new(problem).at(path);
    match fs_err::metadata(path) {
        Ok(metadata) if !metadata.is_file() => Err(damaged("it is not a file")),
        Ok(metadata) if metadata.len() == 0 => Err(damaged("it is empty")),
        Ok(_) => Ok(false),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        Err(_) if !Audit::of(path).is_empty()? => {
            Err(damaged("it is missing, though its audit copy is there"))
        }
        Err(_) => Ok(true),
    }
}

impl Problem {
    fn at(self, path: &Path) -> StoreError {
        Fault::from(self).at(path)
    }
}

fn empty() -> Result<Connection, Fault> {
    let mut connection = Connection::open_in_memory()?;
    schema::migrate(&mut connection)?;
    Ok(connection)
}

/// Refuses a file with a write-ahead log, which SQLite would otherwise go and make files for.
fn refuse_log(path: &Path) -> Result<(), StoreError> {
    if beside(path, "-wal").symlink_metadata().is_ok() || moment::has_log(path)? {
        return Err(Problem::new("it has a write-ahead log, which no registry has").at(path));
    }
    Ok(())
}

/// Opens an existing file. Nothing that it declares runs, and a writer is thorough.
pub(crate) fn connect(path: &Path, access: OpenFlags) -> Result<Connection, Fault> {
    let connection = guarded(Connection::open_with_flags(path, access | FLAGS)?)?;
    if access.contains(OpenFlags::SQLITE_OPEN_READ_WRITE) {
        connection.pragma_update(None, "synchronous", "EXTRA")?;
        // Pages that do not fit would go to the file before the commit, which keeps readers out.
        connection.pragma_update(None, "cache_spill", false)?;
    }
    Ok(connection)
}

/// Keeps a connection from running anything that the file declares.
fn guarded(connection: Connection) -> Result<Connection, Fault> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    Ok(connection)
}

/// Has SQLite check the file, or a table of it, by one of its pragmas.
pub(crate) fn sound(connection: &Connection, pragma: &str) -> Result<(), Fault> {
    let mut statement = connection.prepare(&format!("PRAGMA {pragma}"))?;
    let verdict: String = statement.query_row([], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(Problem::new(verdict).into()) }
}

/// Makes a registry without entries. A crash leaves none, or one that is whole.
fn create(path: &Path) -> Result<(), StoreError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.exists()) {
        fs_err::create_dir_all(folder)?;
        fs_err::set_permissions(folder, Permissions::from_mode(0o755))?;
    }
    let (_, staged) = prepare(path)?;
    Ok(place(&staged, path)?)
}

/// Makes a registry without entries beside `path`, to be filled and then [placed](place).
pub(crate) fn prepare(path: &Path) -> Result<(Connection, PathBuf), StoreError> {
    let staged = beside(path, ".new");
    for leftover in [staged.clone(), beside(&staged, "-journal")] {
        remove(&leftover)?;
    }
    let access = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let make = || {
        let mut connection = connect(&staged, access)?;
        schema::migrate(&mut connection)?;
        Ok(connection)
    };
    let connection = make().map_err(|fault: Fault| fault.at(&staged))?;
    fs_err::set_permissions(&staged, Permissions::from_mode(0o644))?;
    Ok((connection, staged))
}

/// Keeps a copy of the registry as it was before its tables changed, as `registry.db.schema-1`.
///
/// Nobody else writes: what is in the file is all of it, now that SQLite has looked at its journal.
pub(super) fn back_up(path: &Path, version: i64) -> io::Result<()> {
    let staged = beside(path, ".copy");
    fs_err::copy(path, &staged)?;
    place(&staged, &beside(path, &format!(".schema-{version}")))
}

/// Gives the finished file `staged` the name `path`: after a crash, what was there or the new file is.
pub(crate) fn place(staged: &Path, path: &Path) -> io::Result<()> {
    fs_err::File::open(staged)?.sync_all()?;
    #[expect(
        clippy::disallowed_methods,
        reason = "the registry knows no packages; it syncs itself"
    )]
    fs_err::rename(staged, path)?;
    sync_folder(path)
}

/// Makes the names beside `path` survive a crash.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    fs_err::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Returns the path of a file whose name is the registry's with something behind it.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Removes a file, if it is there.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs_err::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
