//! What the shared rooms have to know of `fpb`.

use console::Program;

/// The program.
pub(crate) const FPB: Program =
    Program { name: "fpb", prefix: "FPB", usage: "F0901", failed: "F0906", internal: "F0909" };
