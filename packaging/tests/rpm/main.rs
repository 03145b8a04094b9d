//! RPMs as rpm itself sees them, and as we read them back.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

#[path = "../sample/plugin.rs"]
mod demo;
mod hostile;
mod installed;
mod read;
mod sample;
#[path = "../sample/tools.rs"]
mod tools;
mod written;
