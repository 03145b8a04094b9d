//! Tests of keys, scopes and who vouches.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use ::tests::Key;
use jiff::Timestamp;

use super::*;

/// A host's folder of keys.
struct Stage(tempfile::TempDir);

impl Stage {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn put(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.0.path().join("etc/plugins").join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, content).unwrap();
        self
    }

    fn set_mode(&self, path: &str, mode: u32) {
        let path = self.0.path().join("etc/plugins").join(path);
        fs_err::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    }

    fn read(&self) -> Trust {
        let places = Places::new(self.0.path(), plugin::PLUGINS_ROOT);
        Trust::read(&places, Policy::Strict, Allowances::default()).unwrap()
    }

    fn reasons(&self) -> Vec<String> {
        self.read().distrusted().iter().map(|one| one.reason.clone()).collect()
    }
}

fn name(text: &str) -> PluginName {
    text.parse().unwrap()
}

fn detached(key: &Key, content: &[u8]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let secret = fs_err::read(key.write_secret(folder.path())).unwrap();
    let now = Timestamp::now();
    let signer = packaging::signature::SecretKey::read(&secret, now).unwrap().signer().unwrap();
    signer.sign_beside(&mut std::io::Cursor::new(content), now).unwrap()
}

fn judged(trust: &Trust, key: &Key, plugin: &str) -> Backing {
    let mut file = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut file, b"content").unwrap();
    let signature = detached(key, b"content");
    match trust.judge(&mut file, Some(&signature), Timestamp::now()).unwrap() {
        Ok(signed) => trust.backing(&name(plugin), trust.signatory(&signed)),
        Err(refusal) => Backing::Nobody(refusal),
    }
}

#[test]
fn a_key_is_trusted_for_the_plugins_of_its_scope_and_no_other() {
    let (stage, key, other) = (Stage::new(), Key::new("a"), Key::new("b"));
    stage
        .put("trust.d/a.asc", key.certificate())
        .put("trust.d/a.yaml", "plugins: [ldap*, 'x-?']\n");
    stage.put("trust/demo/truststore.asc", key.certificate());
    let trust = stage.read();
    for plugin in ["ldap", "ldap_two", "x-1", "demo"] {
        assert!(matches!(judged(&trust, &key, plugin), Backing::Key(_)), "{plugin}");
    }
    for plugin in ["xldap", "x-12", "dem", "demo2"] {
        assert!(matches!(judged(&trust, &key, plugin), Backing::Beyond(_)), "{plugin}");
    }
    let unknown = judged(&trust, &other, "ldap");
    assert!(matches!(unknown, Backing::Nobody(Refusal::UnknownKey { .. })), "{unknown:?}");
    assert_eq!(trust.keys_for(&name("demo")).certificates().count(), 1);
    assert!(trust.keys_for(&name("other")).is_empty());
}

#[test]
fn scripts_are_allowed_where_the_scope_that_has_the_plugin_says_so() {
    let (stage, key) = (Stage::new(), Key::new("a"));
    stage.put("trust.d/a.asc", key.certificate());
    stage.put("trust.d/a.yaml", "plugins: ['*']\n");
    stage.put("trust.d/b.asc", key.certificate());
    stage.put("trust.d/b.yaml", "plugins: [demo]\nscripts: true\n");
    let trust = stage.read();
    let scripts = |plugin| judged(&trust, &key, plugin).signatory().unwrap().scope.scripts;
    assert!(scripts("demo") && !scripts("other"));
}

#[test]
fn a_certificate_that_was_accepted_is_adopted_for_the_plugin_it_vouches_for() {
    let (stage, key) = (Stage::new(), Key::new("a"));
    let mut trust = stage.read();
    let mut offered = TrustStore::default();
    offered.add(&key.certificate()).unwrap();
    trust.accept(&offered).unwrap();
    let backing = judged(&trust, &key, "demo");
    let signatory = backing.signatory().unwrap();
    assert_eq!(signatory.scope.to_string(), "demo");
    stage.put("trust/demo/truststore.asc", signatory.adopted.as_ref().unwrap());
    assert!(matches!(judged(&stage.read(), &key, "demo"), Backing::Key(_)));
    assert!(matches!(judged(&stage.read(), &key, "other"), Backing::Beyond(_)));
}

#[test]
fn what_others_could_have_written_or_nobody_has_limited_trusts_nothing() {
    let (stage, key) = (Stage::new(), Key::new("a"));
    stage.put("trust.d/a.asc", key.certificate());
    assert_eq!(stage.reasons(), ["there is no scope `a.yaml` beside it"]);
    stage.put("trust.d/a.yaml", "plugins: ['*']\n");
    assert!(stage.reasons().is_empty());
    for (path, open, closed) in [
        ("trust.d/a.asc", 0o666, 0o644),
        ("trust.d/a.yaml", 0o646, 0o644),
        ("trust.d", 0o777, 0o755),
    ] {
        stage.set_mode(path, open);
        let trust = stage.read();
        assert!(trust.keys().is_empty(), "{path}");
        assert!(trust.distrusted()[0].reason.contains("others than root may write"), "{path}");
        stage.set_mode(path, closed);
    }
    stage.put("trust.d/a.asc", "garbage");
    assert_eq!(stage.reasons().len(), 1);
    assert!(stage.read().keys().is_empty());
}

#[test]
fn a_scope_says_what_it_means_or_is_none() {
    for (text, shown) in [
        ("plugins: [ldap*, demo]\n", "ldap*, demo"),
        ("plugins: ['*']\nscripts: true\n", "*"),
        ("plugins: ['[a-c]x']\nscripts: no\n", "[a-c]x"),
    ] {
        let scope = Scope::parse(text).unwrap();
        assert_eq!(scope.to_string(), shown);
        assert_eq!(Scope::parse(&scope.text()).unwrap(), scope);
    }
    for text in [
        "",
        "- a\n",
        "plugins: []\n",
        "plugins: a\n",
        "plugins: [a/b]\n",
        "plugins: [A]\n",
        "plugins: [1]\n",
        "plugins: [a]\nplugins: [b]\n",
        "plugins: [a]\nscript: true\n",
        "plugins: [a]\nscripts: maybe\n",
        "plugins: ['[']\n",
    ] {
        assert!(Scope::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_place_names_the_file_it_came_from_and_no_other() {
    for home in [Home::Plugin(name("demo")), Home::named("acme-1").unwrap()] {
        assert_eq!(Home::of_place(&home.place()), Some(home));
    }
    for bad in
        ["", "trust.d/.asc", "trust.d/../x.asc", "trust/../truststore.asc", "trust.d/a/b.asc"]
    {
        assert_eq!(Home::of_place(bad), None, "{bad}");
    }
    assert_eq!(Path::new(&Home::named("a").unwrap().place()), Path::new("trust.d/a.asc"));
}
