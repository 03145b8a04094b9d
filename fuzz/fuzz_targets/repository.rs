//! Any file beside others in a plugin's repository gets into the indexes or stops the build by name;
//! indexing again changes nothing.
#![no_main]

use packaging::contents::Kind;
use packaging::repository::{apt, yum};
use packaging::{Content, Contents};
use plugin::{Generation, PluginId};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let id = PluginId {
        name: "demo".parse().expect("a name"),
        version: "1.0.2".parse().expect("a version"),
        generation: Generation::V5,
    };
    let mut contents = Contents::default();
    contents.insert_text("apt/pool/a.deb", bytes);
    contents.insert_text("yum/a.rpm", bytes);
    let indexed = apt::index(&mut contents, "apt", &id, 0).is_ok();
    let indexed = yum::index(&mut contents, "yum", 0).is_ok() || indexed;
    if !indexed {
        return;
    }
    let mut again = contents.clone();
    let _ = apt::index(&mut again, "apt", &id, 0);
    let _ = yum::index(&mut again, "yum", 0);
    assert_eq!(listing(&again), listing(&contents));
});

/// Returns what is in the repositories: paths and bytes.
fn listing(contents: &Contents) -> Vec<(&str, &[u8])> {
    contents.iter().map(|(path, entry)| (path, bytes(&entry.kind))).collect()
}

fn bytes(kind: &Kind) -> &[u8] {
    match kind {
        Kind::File { content: Content::InMemory(bytes), .. } => bytes,
        _ => b"",
    }
}
