//! What is newer than rpm 4: packages, keys and signatures of version 6. No rpm of today's hosts makes
//! them; the library does.

use std::io::Cursor;

use openpgp::Profile;
use packaging::signature::{Refusal, State};
use rpm::{BuildConfig, PackageBuilder};
use sequoia_openpgp as openpgp;

use crate::files::{judge, sign};
use crate::keys::{builder, key, signer, trust};

/// Writes a package in the form of rpm 6.
fn package(path: &std::path::Path) {
    let config = BuildConfig::v6().source_date(1_700_000_000);
    let package = PackageBuilder::new("demo-1.0", "1.0.2", "Apache-2.0", "noarch", "demo")
        .using_config(config)
        .build()
        .unwrap();
    let mut bytes = Cursor::new(Vec::new());
    package.write(&mut bytes).unwrap();
    fs_err::write(path, bytes.into_inner()).unwrap();
}

#[test]
fn packages_and_keys_of_version_6_are_signed_and_judged_as_others_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.rpm");
    let new = builder().set_profile(Profile::RFC9580).unwrap().generate().unwrap().0;
    for key in [key(), new] {
        package(&path);
        assert_eq!(judge(&path, &trust(&key)), Err(Refusal::Unsigned));
        assert_eq!(sign(&path, &signer(&key)), State::Unsigned);
        let verdict = judge(&path, &trust(&key)).unwrap();
        assert_eq!(verdict.fingerprint.as_str(), key.fingerprint().to_hex());
    }
}
