//! Any file is a package, of whichever format, or a clear error; never a panic, and never more memory
//! than the limits allow. No path that is shown leaves the package's folder.
#![no_main]

use std::fs::File;
use std::io::{Read, Write, copy, sink};

use packaging::Limits;
use rustix::fs::{MemfdFlags, memfd_create};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let memory = memfd_create("package", MemfdFlags::CLOEXEC).expect("memory for a file");
    let mut file = File::from(memory);
    file.write_all(bytes).expect("memory takes the bytes");
    let limits = Limits { unpacked: 8 << 20, header: 1 << 20, entries: 1000, ..Limits::default() };
    if let Ok(package) = packaging::inspect(&mut file, &limits) {
        assert!(package.files.len() <= limits.entries);
        assert!(package.files.keys().all(|path| is_plain(path)), "{:?}", package.files.keys());
    }
    let mut whole = true;
    let visited = packaging::visit(&mut file, &limits, &mut |path, file, content| {
        assert!(is_plain(path), "{path:?}");
        let length = copy(&mut content.take(limits.unpacked + 1), &mut sink())?;
        whole &= length == file.size;
        Ok(())
    });
    assert!(whole || visited.is_err(), "a file is shorter than it should be");
});

/// Whether `path` is absolute and says where it leads.
fn is_plain(path: &str) -> bool {
    path.starts_with('/')
        && path.split('/').skip(1).all(|part| !matches!(part, "" | "." | ".."))
        && !path.contains(char::is_control)
}
