//! What `fpb check` finds: each rule in a table, and the check as a whole under damage.

#![expect(clippy::unwrap_used, reason = "what cannot be set up fails the test")]

mod robustness;
mod rules;
mod sample;
mod verdicts;
