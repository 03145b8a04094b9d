//! Commands that are cut off anywhere, and what the next command makes of it.
//!
//! Each scenario runs once undisturbed. Then it dies before and after each of its steps; the next
//! command recovers, the first is given again where nothing of it has happened, and machine and registry
//! must be as if nothing had been. Deaths at system calls are swept with the whole program, in `tests`.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod machine;
mod rehearsal;
mod sample;
mod scenarios;
mod steps;
