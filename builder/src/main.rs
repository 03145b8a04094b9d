//! fpb: the command-line program around the library `builder`.
//!
//! A call goes one way: [`cli`] turns words into a [`command`], the command gathers, calls the library
//! and hands what came out to a [`console::Report`], the only printer. What went wrong arrives as one
//! [`console::Failure`], whose [`failure::Kind`] decides the exit status. [`environment`] is read once, here.

mod cli;
mod command;
mod environment;
mod failure;
mod program;
mod report;

use std::process::ExitCode;

fn main() -> ExitCode {
    let environment = environment::Environment::read();
    ExitCode::from(cli::run(std::env::args_os().collect(), &environment))
}
