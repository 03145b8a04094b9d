//! What must be on a host for a package to be installed: interpreters and features of rpm itself.

use std::collections::BTreeSet;

use ::rpm::{DependencyFlags, HeaderEntry, IndexTag};

use super::header::{numbers, text_list};
use crate::{Compression, script};

/// Requirements in the order in which rpm sorts them: by name, then version, then sense.
#[derive(Debug, Default)]
pub(super) struct Requirements(BTreeSet<(String, String, u32)>);

impl Requirements {
    /// Requires `program` for the scriptlet that `moment` stands for.
    pub(super) fn interpreter(&mut self, program: &str, moment: DependencyFlags) {
        let sense = moment | DependencyFlags::INTERP;
        self.0.insert((program.to_owned(), String::new(), sense.bits()));
    }

    /// Requires what a hook's first line names: the program, and what `env` is to run.
    pub(super) fn interpreters(&mut self, line: &[String], moment: DependencyFlags) {
        if let Some(program) = line.first() {
            self.interpreter(program, moment);
        }
        match script::run_by_env(line) {
            Some(path) if path.contains('/') => self.interpreter(path, moment),
            // Where packages of all distributions have them.
            Some(shell @ ("sh" | "bash")) => self.interpreter(&format!("/bin/{shell}"), moment),
            Some(name) => self.interpreter(&format!("/usr/bin/{name}"), moment),
            None => {}
        }
    }

    /// Requires that rpm knows `feature`, which it does since `version`.
    pub(super) fn feature(&mut self, feature: &str, version: &str) {
        let sense = DependencyFlags::RPMLIB | DependencyFlags::LE;
        self.0.insert((format!("rpmlib({feature})"), version.to_owned(), sense.bits()));
    }

    /// Requires the features that every package of ours uses.
    pub(super) fn basics(&mut self) {
        self.feature("CompressedFileNames", "3.0.4-1");
        self.feature("FileDigests", "4.6.0-1");
        self.feature("PayloadFilesHavePrefix", "4.0-1");
    }

    /// Requires what a payload compressed like this needs beyond gzip.
    pub(super) fn payload(&mut self, compression: Compression) {
        match compression {
            Compression::Gzip | Compression::Uncompressed => {}
            Compression::Xz => self.feature("PayloadIsXz", "5.2-1"),
            Compression::Zstd => self.feature("PayloadIsZstd", "5.4.18-1"),
        }
    }

    /// Requires what the characters of a version or release need.
    pub(super) fn version(&mut self, text: &str) {
        if text.contains('~') {
            self.feature("TildeInVersions", "4.10.0-1");
        }
        if text.contains('^') {
            self.feature("CaretInVersions", "4.15.0-1");
        }
    }

    /// Returns the requirements as header entries.
    pub(super) fn entries(self) -> [HeaderEntry; 3] {
        let (mut names, mut versions, mut senses) = (Vec::new(), Vec::new(), Vec::new());
        for (name, version, sense) in self.0 {
            names.push(name);
            versions.push(version);
            senses.push(sense);
        }
        [
            text_list(IndexTag::RPMTAG_REQUIRENAME, names),
            text_list(IndexTag::RPMTAG_REQUIREVERSION, versions),
            numbers(IndexTag::RPMTAG_REQUIREFLAGS, senses),
        ]
    }
}
