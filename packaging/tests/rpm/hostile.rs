//! Broken and hostile packages: never a panic, never a changed file unseen.

use std::io::Write;

use packaging::{Blueprint, Compression, Contents, Limits, Package, ReadError};
use plugin::Generation;

use crate::sample::*;

/// Whether the package can be read although a file's bytes differ, or is said to be whole although
/// anything about a file does.
fn passes_as_something_else(bytes: &[u8], original: &Package) -> bool {
    let Ok(package) = inspect(bytes) else { return false };
    if package.is_intact() {
        return package.files != original.files;
    }
    assert!(visit(bytes).is_err(), "shows files of a package that is not whole");
    let digests = |package: &Package| -> Vec<_> {
        package.files.values().map(|file| file.sha256.clone()).collect()
    };
    digests(&package) != digests(original)
}

#[test]
fn a_truncated_package_is_refused_wherever_it_ends() {
    for compression in [Compression::Zstd, Compression::Uncompressed] {
        let bytes =
            write_with(&blueprint(Generation::V5, "1.0.2"), Some(compression), None).unwrap();
        for end in (0..bytes.len()).step_by(512).chain([bytes.len() - 1]) {
            assert!(inspect(&bytes[..end]).is_err(), "{end} of {}", bytes.len());
        }
        let longer = [&bytes[..], b"\0"].concat();
        assert!(visit(&longer).is_err(), "a byte more");
    }
}

#[test]
fn no_flipped_bit_changes_a_file_unseen() {
    // Xorshift: the same flips in every run.
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    for compression in
        [Compression::Gzip, Compression::Xz, Compression::Zstd, Compression::Uncompressed]
    {
        let bytes =
            write_with(&blueprint(Generation::V5, "1.0.2"), Some(compression), None).unwrap();
        let original = inspect(&bytes).unwrap();
        for _ in 0..500 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let at = random as usize % bytes.len();
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (random >> 61);
            assert!(!passes_as_something_else(&flipped, &original), "byte {at}, {compression:?}");
        }
    }
}

#[test]
fn limits_hold() {
    let mut contents = Contents::default();
    contents.insert_text("zeros", vec![0; 70 << 20]);
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&write(&Blueprint { contents, ..blueprint(Generation::V5, "1.0") })).unwrap();
    let mut refused = |limits: Limits| {
        let failure = packaging::inspect(&mut file, &limits).unwrap_err();
        assert!(matches!(failure, ReadError::Limit(_)), "{failure}");
    };
    refused(Limits::default());
    refused(Limits { unpacked: 1 << 20, ratio: 100_000, ..Limits::default() });
    refused(Limits { header: 100, ..Limits::default() });
    refused(Limits { entries: 1, ..Limits::default() });
    refused(Limits { depth: 3, ..Limits::default() });
    refused(Limits { name: 4, ..Limits::default() });
}

#[test]
fn a_long_folder_with_many_files_takes_no_memory_for_each() {
    let mut contents = Contents::default();
    let folder = vec!["x".repeat(200); 15].join("/");
    for number in 0..2000 {
        contents.insert_text(&format!("{folder}/{number}"), *b"");
    }
    let bytes = write(&Blueprint { contents, ..blueprint(Generation::V5, "1.0") });
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&bytes).unwrap();
    let limits = Limits { header: 4 << 20, ..Limits::default() };
    let failure = packaging::inspect(&mut file, &limits).unwrap_err();
    assert!(failure.to_string().contains("the paths of its files"), "{failure}");
}

#[test]
fn paths_that_lead_elsewhere_are_refused() {
    for path in ["../evil", "a/../../evil", "a\nb", "./a"] {
        let mut contents = Contents::default();
        contents.insert_text(path, *b"evil");
        let failure = inspect(&write(&Blueprint { contents, ..blueprint(Generation::V5, "1.0") }));
        assert!(matches!(failure, Err(ReadError::Unsafe(_))), "{path:?}: {failure:?}");
    }
    let mut contents = Contents::default();
    contents.insert("link", link("/etc"));
    contents.insert_text("link/passwd", *b"evil");
    let failure = inspect(&write(&Blueprint { contents, ..blueprint(Generation::V5, "1.0") }));
    assert!(matches!(failure, Err(ReadError::Unsafe(_))), "{failure:?}");
}
