//! Signed packages with a few bytes changed: never taken for what was signed with other content.

use std::collections::BTreeMap;
use std::path::Path;

use packaging::package::File;
use packaging::signature::{TrustStore, beside, verify};
use packaging::{Compression, Limits};
use plugin::Format;

use crate::files::{package, sign};
use crate::keys::{at, key, signer, trust};

/// How many changes are tried on each file.
const CHANGES: u64 = 300;

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end
    }

    /// Flips a bit, zeroes a block, cuts the end off, or adds to it.
    fn change(&mut self, bytes: &mut Vec<u8>) {
        let position = self.below(bytes.len());
        match self.below(10) {
            0 => bytes.truncate(position),
            1 => bytes.extend_from_slice(b"more"),
            2 => {
                let end = (position + 64).min(bytes.len());
                bytes[position..end].fill(0);
            }
            _ => bytes[position] ^= 1 << self.below(8),
        }
    }
}

/// What is installed of a package, where it is vouched for.
fn content(bytes: &[u8], signature: Option<&[u8]>, trust: &TrustStore) -> Option<Content> {
    let mut file = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut file, bytes).unwrap();
    let judged = verify(&mut file, signature, trust, at(100), &Limits::default()).unwrap();
    judged.verdict.is_ok().then(|| {
        let package = judged.package.unwrap();
        let scripts = package.scripts.into_iter().map(|it| format!("{it:?}")).collect();
        Content { files: package.files, fields: package.fields, scripts }
    })
}

#[derive(Debug, PartialEq)]
struct Content {
    files: BTreeMap<String, File>,
    fields: Vec<(String, String)>,
    scripts: Vec<String>,
}

fn try_changes(path: &Path, trust: &TrustStore) -> u64 {
    let bytes = fs_err::read(path).unwrap();
    let signature = fs_err::read(beside(path)).ok();
    let whole = content(&bytes, signature.as_deref(), trust).expect("it is signed");
    let mut accepted = 0;
    for seed in 0..CHANGES {
        let mut numbers = Numbers(seed);
        let (mut bytes, mut signature) = (bytes.clone(), signature.clone());
        match &mut signature {
            Some(signature) if numbers.below(4) == 0 => numbers.change(signature),
            _ => numbers.change(&mut bytes),
        }
        if let Some(altered) = content(&bytes, signature.as_deref(), trust) {
            assert_eq!(altered, whole, "change {seed} of {}", path.display());
            accepted += 1;
        }
    }
    accepted
}

#[test]
fn no_change_to_a_signed_package_is_accepted_with_other_content() {
    let folder = tempfile::tempdir().unwrap();
    let cert = key();
    for format in [Format::Rpm, Format::Deb, Format::Fp] {
        let compressions: &[_] = match format {
            Format::Fp => &[None],
            _ => &[None, Some(Compression::Uncompressed)],
        };
        for &compression in compressions {
            let path = package(folder.path(), format, compression);
            sign(&path, &signer(&cert));
            let accepted = try_changes(&path, &trust(&cert));
            // What stands before the header of an RPM, and the frame of an armored text, say nothing.
            assert!(accepted < CHANGES, "{format:?}: nothing was refused");
        }
    }
}
