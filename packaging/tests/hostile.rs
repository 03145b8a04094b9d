//! Packages that are damaged, or made to do harm: none is taken for another, none makes the reader
//! panic, leave its folder or fill the memory.

#![expect(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

#[path = "sample/plugin.rs"]
mod sample;

use std::fs::File;
use std::io::{Cursor, Read, Write};

use packaging::{Compression, Limits, Package, ReadError, inspect, visit};
use plugin::{Format, Generation};
use sample::{blueprint, package};
use tar::{EntryType, Header};

const ROOT: &str = "/var/www/nailgun/plugins/";

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn read(bytes: &[u8]) -> Result<Package, ReadError> {
    inspect(&mut file(bytes), &Limits::default())
}

/// A repeatable series of numbers.
fn numbers(mut state: u64) -> impl FnMut(usize) -> usize {
    move |below| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    }
}

#[test]
fn flipped_bits_are_found_or_change_nothing() {
    let cases = [
        (Format::Fp, Generation::V1, Compression::Gzip),
        (Format::Deb, Generation::V5, Compression::Gzip),
        (Format::Deb, Generation::V5, Compression::Xz),
        (Format::Deb, Generation::V5, Compression::Zstd),
        (Format::Deb, Generation::V5, Compression::Uncompressed),
    ];
    for (format, generation, compression) in cases {
        let good = package(format, &blueprint("1.0.2", generation), Some(compression));
        let original = read(&good).unwrap();
        let mut number = numbers(good.len() as u64);
        for seed in 0..500 {
            let mut bad = good.clone();
            bad[number(good.len())] ^= 1 << number(8);
            let Ok(read) = read(&bad) else { continue };
            let noticed = read.integrity.iter().any(|sum| sum.holds == Some(false));
            let same = read.files == original.files
                && read.fields == original.fields
                && read.scripts == original.scripts;
            assert!(noticed || same, "{format:?} {compression:?} {seed}");
            assert_ne!(read.sha256, original.sha256);
        }
    }
}

#[test]
fn a_package_that_was_cut_off_or_added_to_is_damaged() {
    for (format, generation) in [(Format::Fp, Generation::V1), (Format::Deb, Generation::V5)] {
        let good = package(format, &blueprint("1.0.2", generation), None);
        for length in (0..good.len()).step_by(7) {
            assert!(read(&good[..length]).is_err(), "{format:?} of {length} bytes");
        }
        for more in [&b"\0"[..], b"\n", &good, &[0; 512]] {
            let read = read(&[&good, more].concat());
            assert!(matches!(read, Err(ReadError::Damaged { .. })), "{format:?} {read:?}");
        }
    }
}

/// An entry's type, its name and what it links to; `TOP` stands for the plugin's folder.
type Added<'a> = (EntryType, &'a str, &'a str);

/// Adds to an archive, given the path of the plugin's folder.
type Change<'a> = &'a dyn Fn(&mut Tar, &str);

/// A tar being made, without any check.
struct Tar(tar::Builder<Vec<u8>>);

impl Tar {
    /// Begins with the folder of a plugin.
    fn new(top: &str) -> Self {
        let mut tar = Self(tar::Builder::new(Vec::new()));
        tar.add(EntryType::Directory, &format!("{top}/"), "");
        tar
    }

    fn add(&mut self, kind: EntryType, name: &str, target: &str) {
        if name.len() > 100 {
            let data = [name.as_bytes(), &[0]].concat();
            let record = header(EntryType::GNULongName, "././@LongLink", data.len());
            self.0.append(&record, &data[..]).unwrap();
        }
        let mut header = header(kind, name, 0);
        header.as_old_mut().linkname[..target.len()].copy_from_slice(target.as_bytes());
        header.set_cksum();
        self.0.append(&header, std::io::empty()).unwrap();
    }

    fn pax(&mut self, key: &str, value: &[u8]) {
        self.0.append_pax_extensions([(key, value)]).unwrap();
    }

    fn finish(self) -> Vec<u8> {
        self.0.into_inner().unwrap()
    }
}

/// Returns the header of a file, with as much of its name as there is room for.
fn header(kind: EntryType, name: &str, size: usize) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(size as u64);
    header.set_mode(0o644);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    let room = name.len().min(100);
    header.as_old_mut().name[..room].copy_from_slice(&name.as_bytes()[..room]);
    header.set_cksum();
    header
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::read::GzEncoder::new(bytes, flate2::Compression::fast());
    let mut packed = Vec::new();
    gzip.read_to_end(&mut packed).unwrap();
    packed
}

/// Puts a compressed tar of files into a Debian package.
fn deb(data: &[u8], suffix: &str) -> Vec<u8> {
    let mut control = Tar(tar::Builder::new(Vec::new()));
    let text = b"Package: t\nVersion: 1\n";
    control.0.append(&header(EntryType::Regular, "./control", text.len()), &text[..]).unwrap();
    let mut ar = ar::Builder::new(Vec::new());
    let mut member = |name: &str, content: &[u8]| {
        let mut header = ar::Header::new(name.into(), content.len() as u64);
        header.set_mode(0o100_644);
        ar.append(&header, content).unwrap();
    };
    member("debian-binary", b"2.0\n");
    member("control.tar.gz", &gzip(&control.finish()));
    member(&format!("data.tar{suffix}"), data);
    ar.into_inner().unwrap()
}

/// Reads a tar as both formats; `change` gets the path of the plugin's folder.
fn both(limits: &Limits, change: Change<'_>) -> [Result<(), ReadError>; 2] {
    let tar = |top: &str| {
        let mut tar = Tar::new(top);
        change(&mut tar, top);
        gzip(&tar.finish())
    };
    [tar("t"), deb(&tar("./var/www/nailgun/plugins/t"), ".gz")].map(|bytes| {
        visit(&mut file(&bytes), limits, &mut |path, _, content| {
            assert!(path.starts_with(ROOT), "{path}");
            assert!(!path.split('/').skip(1).any(|part| matches!(part, "" | "." | "..")), "{path}");
            std::io::copy(content, &mut std::io::sink())?;
            Ok(())
        })
    })
}

/// Makes sure that both formats refuse what `change` adds.
fn refused(name: &str, change: Change<'_>) {
    for read in both(&Limits::default(), change) {
        let refused = matches!(read, Err(ReadError::Unsafe(_) | ReadError::Damaged { .. }));
        assert!(refused, "{name}: {read:?}");
    }
}

#[test]
fn no_path_link_or_device_gets_past_the_reader() {
    use EntryType::{Block, Char, Directory, Fifo, GNULongName, GNUSparse, Link, Regular, Symlink};
    let cases: [(&str, &[Added<'_>]); 27] = [
        ("parent", &[(Regular, "TOP/../x", "")]),
        ("parent only", &[(Directory, "..", "")]),
        ("absolute", &[(Regular, "/etc/x", "")]),
        ("absolute link", &[(Symlink, "TOP/a", "/etc/passwd")]),
        ("climbing link", &[(Symlink, "TOP/a", "../x")]),
        ("winding link", &[(Symlink, "TOP/a", "b/../../..")]),
        ("empty link", &[(Symlink, "TOP/a", "")]),
        ("chain", &[(Symlink, "TOP/p", "."), (Symlink, "TOP/q", "p/../..")]),
        ("write through a link", &[(Symlink, "TOP/l", "d"), (Regular, "TOP/l/x", "")]),
        ("link over a folder", &[(Regular, "TOP/l/x", ""), (Symlink, "TOP/l", "d")]),
        ("file below a file", &[(Regular, "TOP/f", ""), (Regular, "TOP/f/x", "")]),
        ("hard link outside", &[(Link, "TOP/a", "/etc/passwd")]),
        ("hard link nowhere", &[(Link, "TOP/a", "b")]),
        ("hard link to a link", &[(Symlink, "TOP/l", "d"), (Link, "TOP/a", "TOP/l")]),
        ("duplicate", &[(Regular, "TOP/a", ""), (Regular, "TOP/a", "")]),
        ("other form", &[(Regular, "TOP/a", ""), (Regular, "TOP/./a", "")]),
        ("folder twice", &[(Directory, "TOP/a/", ""), (Directory, "TOP/a", "")]),
        ("character device", &[(Char, "TOP/a", "")]),
        ("block device", &[(Block, "TOP/a", "")]),
        ("pipe", &[(Fifo, "TOP/a", "")]),
        ("sparse", &[(GNUSparse, "TOP/a", "")]),
        ("unknown type", &[(EntryType::new(b'V'), "TOP/a", "")]),
        ("control character", &[(Regular, "TOP/\u{1b}[2J", "")]),
        ("line break", &[(Regular, "TOP/a\nb", "")]),
        ("name without entry", &[(GNULongName, "TOP/a", "")]),
        ("two names", &[(GNULongName, "TOP/a", ""), (GNULongName, "", ""), (Regular, "TOP/a", "")]),
        ("root as a link", &[(Symlink, ".", "TOP")]),
    ];
    for (name, entries) in cases {
        refused(name, &|tar, top| {
            for (kind, name, target) in entries {
                tar.add(*kind, &name.replace("TOP", top), &target.replace("TOP", top));
            }
        });
    }
}

#[test]
fn no_extended_header_or_mode_gets_past_the_reader() {
    let cases: [(&str, &[u8]); 5] = [
        ("path", b"../../x"),
        ("path", b"t/\xff"),
        ("size", b"7"),
        ("GNU.sparse.name", b"x"),
        ("SCHILY.xattr.security.capability", b"x"),
    ];
    for (key, value) in cases {
        refused(key, &|tar, top| {
            tar.pax(key, value);
            tar.add(EntryType::Regular, &format!("{top}/a"), "");
        });
    }
    refused("set-uid", &|tar, top| {
        let mut header = header(EntryType::Regular, &format!("{top}/a"), 0);
        header.set_mode(0o4755);
        header.set_cksum();
        tar.0.append(&header, std::io::empty()).unwrap();
    });
    let mut outside = Tar::new("t");
    outside.add(EntryType::Regular, "other/a", "");
    let outside = gzip(&outside.finish());
    assert!(visit(&mut file(&outside), &Limits::default(), &mut |_, _, _| Ok(())).is_err());
}

#[test]
fn bounds_hold_before_memory_is_taken() {
    let limits = Limits { entries: 1000, header: 60_000, ..Limits::default() };
    let cases: [(&str, Change<'_>); 7] = [
        ("long path", &|tar: &mut Tar, top| {
            tar.add(EntryType::Regular, &format!("{top}/{}", "x/".repeat(50_000) + "x"), "");
        }),
        ("long pax path", &|tar: &mut Tar, top| {
            tar.pax("path", "x/".repeat(50_000).as_bytes());
            tar.add(EntryType::Regular, &format!("{top}/a"), "");
        }),
        ("long name", &|tar: &mut Tar, top| {
            tar.add(EntryType::Regular, &format!("{top}/{}", "x".repeat(256)), "");
        }),
        ("deep", &|tar: &mut Tar, top| {
            tar.add(EntryType::Regular, &format!("{top}/{}", "x/".repeat(1000) + "x"), "");
        }),
        ("many", &|tar: &mut Tar, top| {
            (0..1200).for_each(|n| tar.add(EntryType::Regular, &format!("{top}/{n}"), ""));
        }),
        ("many implied", &|tar: &mut Tar, top| {
            let deep = "y/".repeat(30);
            (0..60).for_each(|n| {
                tar.add(EntryType::Regular, &format!("{top}/{n}/{deep}z"), "");
            });
        }),
        ("much text", &|tar: &mut Tar, top| {
            let name = "x".repeat(250);
            (100..500).for_each(|n| tar.add(EntryType::Regular, &format!("{top}/{n}{name}"), ""));
        }),
    ];
    for (name, case) in cases {
        for read in both(&limits, case) {
            assert!(matches!(read, Err(ReadError::Limit(_))), "{name}: {read:?}");
        }
    }
}

#[test]
fn bombs_are_stopped_by_size_and_by_ratio() {
    /// A tar whose one file is so many zeros.
    fn bomb(top: &str, size: u64) -> impl Read {
        let header = header(EntryType::Regular, top, usize::try_from(size).unwrap());
        Cursor::new(header.as_bytes().to_vec()).chain(std::io::repeat(0).take(size + 1024))
    }
    fn packed(mut packer: impl Read) -> Vec<u8> {
        let mut bytes = Vec::new();
        packer.read_to_end(&mut bytes).unwrap();
        bytes
    }
    let name = "./var/www/nailgun/plugins/t/a";
    let level = flate2::Compression::fast();
    let size = 200 << 20;
    let files = [
        packed(flate2::read::GzEncoder::new(bomb("t/a", 2 * size), flate2::Compression::best())),
        deb(
            &packed(flate2::read::GzEncoder::new(
                bomb(name, 2 * size),
                flate2::Compression::best(),
            )),
            ".gz",
        ),
        deb(&packed(liblzma::read::XzEncoder::new(bomb(name, size), 1)), ".xz"),
        deb(&packed(zstd::stream::read::Encoder::new(bomb(name, size), 1).unwrap()), ".zst"),
    ];
    for bytes in files {
        let read = read(&bytes);
        assert!(matches!(read, Err(ReadError::Limit(_))), "{read:?}");
    }
    let small = Limits { unpacked: 1 << 20, ..Limits::default() };
    let bytes = packed(flate2::read::GzEncoder::new(bomb("t/a", 2 << 20), level));
    let read = inspect(&mut file(&bytes), &small);
    assert!(matches!(read, Err(ReadError::Limit(_))), "{read:?}");
}

#[test]
fn the_outer_archive_of_a_deb_has_three_members_and_no_others() {
    let good = package(Format::Deb, &blueprint("1.0.2", Generation::V5), None);
    let header = |name: &str, size: &str| {
        format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{size:<10}`\n", 0, 0, 0, "100644").into_bytes()
    };
    let (magic, first) = (&good[..8], &good[8..72]);
    let rest = &good[72..];
    let cases = [
        [magic, first, &header("//", "9999999999"), rest].concat(),
        [magic, &header("#1/9999999999999", "9999999999"), rest].concat(),
        [magic, first, &header("/99999999999999", "0"), rest].concat(),
        [magic, first, &header("_extra", "0"), rest].concat(),
        [magic, first, first, rest].concat(),
        [magic, rest].concat(),
        [magic, first, &header("control.tar.gz", "9999999999"), &rest[60..]].concat(),
        [magic, first, &header("control.tar.gz", "-1"), &rest[60..]].concat(),
        [magic, first, &header("control.tar.bz2", "10"), &rest[60..]].concat(),
        [&good[..], &header("data.tar", "0")].concat(),
    ];
    for (number, bad) in cases.iter().enumerate() {
        let read = read(bad);
        assert!(matches!(read, Err(ReadError::Damaged { .. })), "{number}: {read:?}");
    }
}
