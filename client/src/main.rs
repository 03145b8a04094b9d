//! plugins: the command-line program around the library `client`.
//!
//! A call goes one way: [`cli`] turns words, in whichever spelling, into a [`command`]; the command
//! gathers what it needs from its [`session`], calls the library and hands what came out to a
//! [`console::Report`], the only printer, as made by [`screen`]. What went wrong arrives as one
//! [`console::Failure`] with a code of [`failure`]. [`environment`] is read once, here.

mod cli;
mod command;
mod environment;
mod failure;
mod program;
mod screen;
mod session;
mod settings;

use std::process::ExitCode;

use rustix::fs::Mode;

fn main() -> ExitCode {
    // What commands make is its owner's to change and everyone's to read, whatever the caller's mask.
    rustix::process::umask(Mode::from_raw_mode(0o022));
    let environment = environment::Environment::read();
    ExitCode::from(cli::run(std::env::args_os().collect(), &environment))
}
