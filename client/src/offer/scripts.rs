//! What runs as root when a package is installed or removed (`threats-and-faults` A26).
//!
//! What our own builder writes for a plugin without hooks is no script to speak of: in RPMs a shell that
//! is given nothing. A plugin's hooks are its author's, and so is all else.

use packaging::Package;
use packaging::package::Script as Read;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Something that runs as root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Script {
    /// The format's name for it: `%post`, `postinst`.
    pub name: String,
    /// What runs it, with its arguments.
    pub interpreter: String,
    /// How many lines it has.
    pub lines: usize,
    /// SHA-256 of its text, hexadecimal.
    pub sha256: String,
}

/// The scriptlets that `fpb` puts into every RPM of generation 3 and later: `/bin/sh` without a text.
const GENERATED: [&str; 3] = ["%pre", "%post", "%preun"];

/// Returns the scripts of a package that are its own.
pub(super) fn own(package: &Package) -> Vec<Script> {
    package.scripts.iter().filter(|script| !is_generated(script)).map(Script::of).collect()
}

fn is_generated(script: &Read) -> bool {
    GENERATED.contains(&script.name.as_str())
        && script.interpreter == ["/bin/sh"]
        && script.body.is_empty()
}

impl Script {
    fn of(script: &Read) -> Self {
        Self {
            name: script.name.clone(),
            interpreter: script.interpreter.join(" "),
            lines: script.body.lines().count(),
            sha256: hex::encode(Sha256::digest(&script.body)),
        }
    }
}
