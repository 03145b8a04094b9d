//! The policy, case by case: our verdict, and beside it whether gpgv takes the same signature.

use std::io::Write;

use packaging::Limits;
use packaging::signature::{KeyError, SecretKey, TrustStore, Verdict, verify};
use sequoia_openpgp as openpgp;

use openpgp::cert::CipherSuite;
use openpgp::parse::Parse;
use openpgp::types::{HashAlgorithm, ReasonForRevocation};

use crate::keys::{
    CONTENT, Made, at, bound_by, key, key_of, of_gpg, on_curve, public, revoked, secret, trust,
    valid_for, with_subkey,
};
use crate::tools;

/// Judges a signature over the usual content on day 100.
fn judge(trust: &TrustStore, signature: &[u8]) -> Verdict {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(CONTENT).unwrap();
    verify(&mut file, Some(signature), trust, at(100), &Limits::default()).unwrap().verdict
}

fn name(verdict: &Verdict) -> String {
    match verdict {
        Ok(signed) => {
            let warnings = signed.warnings.iter().map(|it| format!(", {}", it.name()));
            format!("signed{}", warnings.collect::<String>())
        }
        Err(refusal) => refusal.name().to_owned(),
    }
}

fn gpgv(certificate: &[u8], signature: &[u8]) -> &'static str {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mut trust = TrustStore::default();
    trust.add(certificate).unwrap();
    fs_err::write(at("certificate"), certificate).unwrap();
    fs_err::write(at("content"), CONTENT).unwrap();
    fs_err::write(at("signature"), signature).unwrap();
    let mut dearmor = tools::command("gpg");
    dearmor.args(["--batch", "--homedir"]).arg(folder.path()).args(["--yes", "--output"]);
    dearmor.arg(at("ring")).arg("--dearmor").arg(at("certificate"));
    tools::run(&mut dearmor);
    let mut gpgv = tools::command("gpgv");
    gpgv.arg("--homedir").arg(folder.path()).arg("--keyring").arg(at("ring"));
    let judged = gpgv.arg(at("signature")).arg(at("content")).output().unwrap();
    if judged.status.success() { "accepts" } else { "refuses" }
}

#[test]
fn the_policy_decides_each_case_and_gpgv_is_never_the_stricter() {
    use ReasonForRevocation::{KeyCompromised, KeyRetired};
    if !tools::has(&["gpg", "gpgv"]) {
        return;
    }
    let cases = [
        ("Ed25519", "signed", "accepts", key(), Made::on(30)),
        ("NIST P-256", "signed", "accepts", on_curve(CipherSuite::P256), Made::on(30)),
        ("signing subkey", "signed", "accepts", with_subkey(), Made::on(30)),
        ("SHA-512", "signed", "accepts", key(), Made::on(30).hash(HashAlgorithm::SHA512)),
        ("SHA-1", "weak", "accepts", key(), Made::on(30).hash(HashAlgorithm::SHA1)),
        ("bound by SHA-1", "weak", "accepts", bound_by(HashAlgorithm::SHA1), Made::on(30)),
        ("expired later", "signed, expired_since", "accepts", valid_for(60), Made::on(30)),
        ("expired before", "expired", "accepts", valid_for(10), Made::on(30)),
        ("stolen later", "revoked", "accepts", revoked(key(), KeyCompromised, 60), Made::on(30)),
        (
            "retired later",
            "signed, retired_since",
            "accepts",
            revoked(key(), KeyRetired, 60),
            Made::on(30),
        ),
        ("retired before", "revoked", "accepts", revoked(key(), KeyRetired, 10), Made::on(30)),
        ("older than its key", "premature", "refuses", key_of(50), Made::on(30)),
        ("of the future", "future", "accepts", key(), Made::on(200)),
        ("over by now", "lapsed", "refuses", key(), Made::on(30).valid_for(10)),
        ("with unknown demands", "demanding", "refuses", key(), Made::on(30).demanding()),
    ];
    for (case, ours, theirs, cert, made) in cases {
        let signature = made.by(&cert);
        let verdict = judge(&trust(&cert), &signature);
        assert_eq!(name(&verdict), ours, "{case}: {verdict:?}");
        assert_eq!(gpgv(&public(&cert), &signature), theirs, "{case}");
    }
}

#[test]
fn a_signature_counts_for_its_own_content_and_by_a_key_that_is_trusted() {
    let (cert, other) = (key(), key());
    let signature = Made::on(30).by(&cert);
    assert_eq!(name(&judge(&trust(&other), &signature)), "unknown_key");
    assert_eq!(name(&judge(&TrustStore::default(), &signature)), "unknown_key");
    for garbage in [&b""[..], b"garbage", &signature[..40], &public(&cert)] {
        assert_eq!(name(&judge(&trust(&cert), garbage)), "malformed");
    }
    let signed = judge(&trust(&cert), &signature).unwrap();
    assert_eq!(signed.user_id.as_deref(), Some("Release <release@example.org>"));
    assert_eq!(signed.time, at(30));
    assert_eq!(signed.fingerprint.as_str(), cert.fingerprint().to_hex());

    let both = [Made::on(30).by(&other), signature].concat();
    assert_eq!(name(&judge(&trust(&cert), &both)), "signed", "one of two signatures is enough");

    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"something else").unwrap();
    let judged = verify(&mut file, Some(&both), &trust(&cert), at(100), &Limits::default());
    assert_eq!(name(&judged.unwrap().verdict), "altered");
}

#[test]
fn rsa_is_refused_below_2048_bits_and_warned_of_below_3072() {
    if !tools::has(&["gpg"]) {
        return;
    }
    for (kind, expected) in [
        ("rsa1024", "weak"),
        ("rsa2048", "signed, short_key"),
        ("rsa3072", "signed"),
        ("rsa4096", "signed"),
        ("ed25519", "signed"),
        ("nistp256", "signed"),
    ] {
        let (certificate, secret) = of_gpg(kind);
        let cert = openpgp::Cert::from_bytes(&secret).unwrap();
        let mut trust = TrustStore::default();
        trust.add(&certificate).unwrap();
        let verdict = judge(&trust, &Made::on(30).by(&cert));
        assert_eq!(name(&verdict), expected, "{kind}: {verdict:?}");
        let key = SecretKey::read(&secret, at(30));
        assert_eq!(key.is_ok(), expected != "weak", "what nobody would accept is not signed");
    }
}

#[test]
fn a_key_signs_only_while_it_may_and_a_wrong_passphrase_is_one_line() {
    let read = |cert: &openpgp::Cert, day| SecretKey::read(&secret(cert), at(day));
    let problem = |result: Result<SecretKey, KeyError>| {
        let text = result.unwrap_err().to_string();
        text.split_once(": ").map_or(text.clone(), |(_, problem)| problem.to_owned())
    };
    assert_eq!(problem(read(&valid_for(10), 30)), "it has expired");
    let stolen = revoked(key(), ReasonForRevocation::KeyCompromised, 10);
    assert_eq!(problem(read(&stolen, 30)), "it is revoked");
    assert_eq!(problem(SecretKey::read(&public(&key()), at(30))), "it holds no secret key");
    assert_eq!(problem(SecretKey::read(b"garbage", at(30))), "it holds no OpenPGP key");
    let several = [secret(&key()), secret(&key())].concat();
    let problem = problem(SecretKey::read(&several, at(30)));
    assert_eq!(problem, "it holds 2 secret keys, of which only one can be meant");

    let locked = crate::keys::builder().set_password(Some("geheim".into())).generate().unwrap().0;
    let locked = read(&locked, 30).unwrap();
    assert!(locked.is_locked());
    let wrong = locked.unlock(&"Geheim".to_owned().into()).unwrap_err().to_string();
    assert_eq!(wrong, format!("the passphrase does not unlock key {}", locked.fingerprint()));
    locked.unlock(&"geheim".to_owned().into()).unwrap();
}

#[test]
fn trusted_files_may_hold_several_certificates_and_what_became_known_later() {
    let (one, two) = (key(), with_subkey());
    let mut trust = TrustStore::default();
    trust.add(&[public(&one), public(&two)].concat()).unwrap();
    assert_eq!(trust.certificates().count(), 2);
    let signature = Made::on(30).by(&one);
    assert_eq!(name(&judge(&trust, &signature)), "signed");

    let stolen = revoked(one, ReasonForRevocation::KeyCompromised, 60);
    trust.add(&public(&stolen)).unwrap();
    assert_eq!(trust.certificates().count(), 2);
    assert_eq!(name(&judge(&trust, &signature)), "revoked");
    for bad in [&b""[..], b"garbage", &signature] {
        assert!(TrustStore::default().add(bad).is_err());
    }
}

#[test]
fn a_revocation_as_gpg_keeps_it_is_no_certificate_and_one_put_together_by_gpg_counts() {
    if !tools::has(&["gpg"]) {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let gpg = |words: &[&str]| {
        let mut gpg = tools::command("gpg");
        gpg.args(["--batch", "--quiet", "--passphrase", "", "--pinentry-mode", "loopback"]);
        gpg.args(["--faked-system-time", "20260101T000000!"]);
        gpg.env("GNUPGHOME", home.path()).args(words);
        tools::run(&mut gpg).stdout
    };
    gpg(&["--quick-gen-key", "Release <release@example.org>", "ed25519", "sign", "never"]);
    let cert = openpgp::Cert::from_bytes(&gpg(&["--export-secret-keys"])).unwrap();
    let signature = Made::on(30).by(&cert);
    let mut trust = trust(&cert);
    let kept = home.path().join(format!("openpgp-revocs.d/{}.rev", cert.fingerprint()));
    let guarded = fs_err::read_to_string(kept).unwrap();
    let bare = guarded.replace(":-----BEGIN", "-----BEGIN");
    for file in [&guarded, &bare] {
        let error = trust.add(file.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("revocation"), "{error}");
        assert_eq!(name(&judge(&trust, &signature)), "signed");
    }
    fs_err::write(home.path().join("revocation"), bare).unwrap();
    gpg(&["--import", home.path().join("revocation").to_str().unwrap()]);
    trust.add(&gpg(&["--armor", "--export"])).unwrap();
    tools::run(tools::command("gpgconf").args(["--kill", "all"]).env("GNUPGHOME", home.path()));
    assert_eq!(name(&judge(&trust, &signature)), "revoked");
}
