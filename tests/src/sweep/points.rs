//! Where a command can be struck: calls that change something, by name and occurrence.

use std::collections::HashMap;
use std::path::Path;

/// Calls that change something, or wait for who does.
pub(super) const CALLS: &str = "openat,write,pwrite64,copy_file_range,sendfile,ftruncate,fallocate,\
    fchmod,fchmodat,chmod,fchown,fchownat,chown,lchown,fsync,fdatasync,sync_file_range,syncfs,flock,\
    fcntl,linkat,link,symlink,symlinkat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,\
    utimensat,clone,clone3,vfork,wait4,waitid";

/// Calls that a disk can fail.
const FAILING: [&str; 22] = [
    "openat",
    "write",
    "pwrite64",
    "copy_file_range",
    "sendfile",
    "ftruncate",
    "fallocate",
    "fchmod",
    "fchown",
    "fsync",
    "fdatasync",
    "syncfs",
    "linkat",
    "symlink",
    "symlinkat",
    "renameat2",
    "rename",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "utimensat",
];

/// A call and which of its occurrences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) call: String,
    pub(super) occurrence: usize,
}

impl Point {
    /// Whether a disk can fail it.
    pub(super) fn can_fail(&self) -> bool {
        FAILING.contains(&&*self.call)
    }
}

/// Reads what `strace` wrote of an undisturbed run: every change from the first that concerns `root`.
pub(super) fn read(trace: &str, root: &Path) -> Vec<Point> {
    points(trace, root, changes)
}

/// Reads what `strace` wrote of an undisturbed run: every call from the first that concerns `root`.
pub(super) fn looks(trace: &str, root: &Path) -> Vec<Point> {
    points(trace, root, |_, _| true)
}

fn points(trace: &str, root: &Path, counts: fn(&str, &str) -> bool) -> Vec<Point> {
    let root = root.to_str().expect("a UTF-8 path");
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let (mut points, mut begun) = (Vec::new(), false);
    for line in trace.lines() {
        let Some((call, arguments)) = line.split_once('(') else { continue };
        let occurrence = seen.entry(call).or_default();
        *occurrence += 1;
        begun |= arguments.contains(root);
        if begun && counts(call, arguments) {
            points.push(Point { call: call.to_owned(), occurrence: *occurrence });
        }
    }
    points
}

/// Whether a call changes anything; what is only read or only asked for cannot be half done.
fn changes(call: &str, arguments: &str) -> bool {
    match call {
        "openat" => ["O_WRONLY", "O_RDWR", "O_CREAT"].iter().any(|flag| arguments.contains(flag)),
        "fcntl" => arguments.contains("F_SETLK") || arguments.contains("F_OFD_SETLK"),
        _ => true,
    }
}

/// Returns `count` of `points`, evenly spread, or all where there are no more.
pub(super) fn sample(points: &[Point], count: usize) -> impl Iterator<Item = &Point> {
    let count = count.min(points.len());
    (0..count).map(move |at| &points[at * points.len() / count])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_changes_of_the_host_counted_by_call() {
        let trace = "openat(AT_FDCWD, \"/lib/libc.so\", O_RDONLY|O_CLOEXEC) = 3\n\
            write(2, \"hello\", 5) = 5\n\
            openat(AT_FDCWD, \"/host/lock\", O_RDWR|O_CREAT, 0644) = 3\n\
            fcntl(3, F_GETFD) = 0\n\
            openat(AT_FDCWD, \"/host/file\", O_RDONLY) = 4\n\
            write(3, \"1\", 1) = 1\n\
            +++ exited with 0 +++\n";
        let points = read(trace, Path::new("/host"));
        let names: Vec<_> = points.iter().map(|p| (&*p.call, p.occurrence)).collect();
        assert_eq!(names, [("openat", 2), ("write", 2)]);
        assert_eq!(sample(&points, 1).count(), 1);
        assert_eq!(sample(&points, 9).count(), 2);
    }
}
