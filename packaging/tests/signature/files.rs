//! Packages of all formats, signed and judged by us and by the tools of the distributions.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use packaging::signature::{
    Candidate, Refusal, Signer, State, TrustStore, Verdict, beside, verify,
};
use packaging::{Compression, Limits};
use plugin::{Format, Generation};
use sequoia_openpgp::parse::Parse;

use crate::keys::{at, builder, key, of_gpg, public, signer, trust};
use crate::{demo, tools};

/// Puts the package of a format into `folder`.
pub(crate) fn package(folder: &Path, format: Format, compression: Option<Compression>) -> PathBuf {
    let (name, generation) = match format {
        Format::Rpm => ("demo.rpm", Generation::V5),
        Format::Deb => ("demo.deb", Generation::V5),
        Format::Fp => ("demo.fp", Generation::V1),
    };
    let path = folder.join(name);
    let blueprint = demo::blueprint("1.0.2", generation);
    fs_err::write(&path, demo::package(format, &blueprint, compression)).unwrap();
    path
}

pub(crate) fn sign(path: &Path, signer: &Signer) -> State {
    let candidate = Candidate::check(path, signer, at(30), &Limits::default()).unwrap();
    if candidate.state() == State::Unsigned {
        candidate.sign(signer, at(30)).unwrap();
    }
    candidate.state()
}

pub(crate) fn judge(path: &Path, trust: &TrustStore) -> Verdict {
    let signature = fs_err::read(beside(path)).ok();
    let mut file = fs_err::File::open(path).unwrap().into_file();
    verify(&mut file, signature.as_deref(), trust, at(100), &Limits::default()).unwrap().verdict
}

#[test]
fn signing_again_changes_no_byte_and_another_key_replaces_the_signature() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (key(), key());
    for format in [Format::Rpm, Format::Deb, Format::Fp] {
        let path = package(folder.path(), format, None);
        fs_err::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
        let unsigned = fs_err::metadata(&path).unwrap();
        assert_eq!(judge(&path, &trust(&one)), Err(Refusal::Unsigned));

        assert_eq!(sign(&path, &signer(&one)), State::Unsigned);
        let signed = fs_err::metadata(&path).unwrap();
        assert_eq!((signed.mode(), signed.len()), (unsigned.mode(), unsigned.len()), "{format:?}");
        let state = |path: &Path| (fs_err::read(path).unwrap(), fs_err::read(beside(path)).ok());
        let before = state(&path);
        assert_eq!(sign(&path, &signer(&one)), State::Signed);
        assert_eq!(state(&path), before);
        assert_eq!(judge(&path, &trust(&one)).unwrap().fingerprint.as_str().len(), 40);

        assert_eq!(sign(&path, &signer(&two)), State::Unsigned);
        assert_eq!(judge(&path, &trust(&two)).map(|it| it.time), Ok(at(30)));
        assert!(matches!(judge(&path, &trust(&one)), Err(Refusal::UnknownKey { .. })));
        assert_eq!(fs_err::metadata(&path).unwrap().len(), unsigned.len(), "{format:?}");
    }
}

#[test]
fn what_is_damaged_or_no_signature_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let signer = signer(&key());
    let check = |path: &Path| Candidate::check(path, &signer, at(30), &Limits::default());
    let path = package(folder.path(), Format::Rpm, Some(Compression::Uncompressed));
    let mut bytes = fs_err::read(&path).unwrap();
    let position = bytes.windows(14).rposition(|it| it == b"Apache License").unwrap();
    bytes[position] = b'B';
    fs_err::write(&path, &bytes).unwrap();
    assert!(check(&path).is_err());

    let file = folder.path().join("notes");
    fs_err::write(&file, "notes").unwrap();
    fs_err::write(beside(&file), "my secret key").unwrap();
    let taken = check(&file).unwrap_err().to_string();
    assert!(taken.ends_with("notes.asc` is not a signature and would be replaced"), "{taken}");

    fs_err::remove_file(beside(&file)).unwrap();
    sign(&file, &signer);
    assert_eq!(check(&beside(&file)).unwrap().state(), State::Signature);
    let candidate = check(&file).unwrap();
    fs_err::write(&file, "changed").unwrap();
    assert_eq!(
        candidate.sign(&signer, at(30)).unwrap_err().to_string(),
        "it changed while it was being signed"
    );
}

#[test]
fn rpm_takes_each_kind_of_signature_and_gpgv_each_detached_one() {
    if !tools::has(&["rpm", "gpg", "gpgv"]) {
        return;
    }
    for kind in ["rsa2048", "rsa3072", "rsa4096", "ed25519", "nistp256"] {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, secret) = of_gpg(kind);
        let key = packaging::signature::SecretKey::read(&secret, at(30)).unwrap();
        let signer = key.signer().unwrap();
        let rpm = package(folder.path(), Format::Rpm, None);
        let database = folder.path().join("database");
        let armored = folder.path().join("certificate");
        let parsed = sequoia_openpgp::Cert::from_bytes(&certificate).unwrap();
        fs_err::write(&armored, public(&parsed)).unwrap();
        let rpmkeys = |words: &[&str], file: &Path| {
            let mut rpmkeys = tools::command("rpmkeys");
            rpmkeys.arg("--dbpath").arg(&database).args(words).arg(file);
            tools::output(&mut rpmkeys)
        };
        sign(&rpm, &signer);
        // The rpm of Debian 12 knows no ECDSA.
        if kind == "nistp256" {
            assert!(judge(&rpm, &signer.trust()).is_ok());
            continue;
        }
        rpmkeys(&["--import"], &armored);
        let verdict = rpmkeys(&["-K"], &rpm);
        assert!(verdict.ends_with(": digests signatures OK\n"), "{kind}: {verdict}");

        let ring = folder.path().join("ring");
        fs_err::write(&ring, &certificate).unwrap();
        for format in [Format::Deb, Format::Fp] {
            let path = package(folder.path(), format, None);
            sign(&path, &signer);
            let mut gpgv = tools::command("gpgv");
            gpgv.arg("--homedir").arg(folder.path()).arg("--keyring").arg(&ring);
            tools::run(gpgv.arg(beside(&path)).arg(&path));
        }
    }
}

#[test]
fn a_locked_key_signs_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let cert = builder().set_password(Some("geheim".into())).generate().unwrap().0;
    let key = packaging::signature::SecretKey::read(&crate::keys::secret(&cert), at(30)).unwrap();
    let path = package(folder.path(), Format::Rpm, None);
    sign(&path, &key.unlock(&"geheim".to_owned().into()).unwrap());
    assert_eq!(judge(&path, &trust(&cert)).unwrap().warnings, []);
}
