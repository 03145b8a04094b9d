//! What the shared rooms have to know of `plugins`, under each of its names.

use console::Program;

/// The program.
pub(crate) static PLUGINS: Program = named("plugins");

/// The program under the name of the original client.
pub(crate) static FUEL: Program = named("fuel");

/// The program under the name of the original's newer client.
pub(crate) static FUEL2: Program = named("fuel2");

const fn named(name: &'static str) -> Program {
    Program { name, prefix: "PLUGINS", usage: "P0901", failed: "P0906", internal: "P0909" }
}
