//! Signatures: whom we believe, beside whom rpm and gpgv believe.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod altered;
#[path = "../sample/plugin.rs"]
mod demo;
mod files;
mod keys;
mod matrix;
mod newer;
#[path = "../sample/tools.rs"]
mod tools;
